"""Tags, the inside of messages, encodings and windows of their own, by keys in the main window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from martlet.link import messages as link
from martlet.mail.cards import Cards, Invitation, Method
from martlet.mail.errors import MailError, Refused
from martlet.mail.folder import Role
from martlet.mail.message import FLAGGED, Address, MessageId
from martlet.mail.reading import AS_SENT, PartNode, View
from martlet.mail.rendered import Rendered
from martlet.store.database import Database
from martlet.ui.compose import ComposeWindow
from martlet.ui.inside.headers_window import HeadersWindow
from martlet.ui.inside.source_window import SourceWindow
from martlet.ui.inside.structure_window import StructureWindow
from martlet.ui.message_window import MessageWindow
from martlet.ui.window import MainWindow
from ui.support.journey import activate, opened
from ui.support.sample import HEADLESS, SampleClient, fill
from ui.support.shown import asked, main_window, said

R = TypeVar("R")
pytestmark = pytest.mark.qt_log_ignore(*HEADLESS)
NOW = 1_790_000_000.0
NONE = Qt.KeyboardModifier.NoModifier
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
INNER = PartNode("2", "message/rfc822", "letter.eml", 90, children=(PartNode("2.1", "text/plain"),))
TREE = PartNode("", "multipart/mixed", children=(PartNode("1", "text/plain", size=9), INNER))
EVENT = Invitation("1.2", Method.REQUEST, "Review", NOW, NOW + 3600)


class Letters(SampleClient):
    """Every message is plain text, with headers, a structure and an attached message."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.holds = False
        self.held: list[Callable[[], None]] = []

    def submit(self, request: link.Request[R], done: Callable[[R | MailError], None]) -> None:
        if self.holds and isinstance(request, link.Render | link.Archive):
            answer: Callable[[Any], None] = done
            self.held.append(lambda: answer(self._answer(request)))
        else:
            super().submit(request, done)

    def render(self, message_id: MessageId, view: View = AS_SENT) -> Rendered:
        shown = super().render(message_id, view)
        headers = (("Subject", shown.envelope.subject), ("X-Test", "yes"))
        shown = replace(
            shown,
            html=None,
            headers=headers,
            charset=view.charset or "utf-8",
            cards=Cards(invitations=(EVENT,)),
            problems=(),
        )
        if view.part:
            inner = replace(shown.envelope, subject="The letter inside")
            return replace(shown, envelope=inner, text="Inner text", cards=Cards())
        return shown

    def _answer(self, request: link.Request[Any]) -> object:
        if isinstance(request, link.Structure):
            return TREE
        if isinstance(request, link.CheckSignature):
            return []
        if isinstance(request, link.OpenPart):
            raise Refused("There is no calendar here.")
        return super()._answer(request)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = fill(tmp_path, NOW)
    yield database
    database.close()


@pytest.fixture
def client(database: Database) -> Letters:
    return Letters(database)


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, client: Letters) -> Iterator[MainWindow]:
    with main_window(qtbot, tmp_path, client) as window:
        yield window
        window.windows.close_all()
        window.inside.close_all()


def press(qtbot: QtBot, window: QWidget, key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
    activate(qtbot, window)
    QTest.keyClick(window, key, held)


def read(qtbot: QtBot, window: MainWindow, row: int = 0) -> Rendered:
    window.list.choose(row)
    wanted = window.list.selected_rows()[0].id
    qtbot.waitUntil(
        lambda: window.pane.rendered is not None and window.pane.rendered.message_id == wanted
    )
    assert window.pane.rendered is not None
    return window.pane.rendered


def menu(qtbot: QtBot, act: Callable[[], None]) -> QMenu:
    act()
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    found = QApplication.activePopupWidget()
    assert isinstance(found, QMenu)
    return found


def choose(found: QMenu, words: str) -> None:
    next(action for action in found.actions() if action.text().startswith(words)).trigger()
    found.close()


def own_windows() -> list[QWidget]:
    return [w for w in QApplication.topLevelWidgets() if isinstance(w, MessageWindow)]


def worn(window: MainWindow) -> list[set[str]]:
    return [set(row.tags) for row in window.list.selected_rows()]


def test_number_keys_put_tags_on_and_take_them_off(qtbot: QtBot, window: MainWindow) -> None:
    read(qtbot, window)
    QTest.keyClick(window.list, Qt.Key.Key_Down, SHIFT)
    press(qtbot, window, Qt.Key.Key_1)
    qtbot.waitUntil(lambda: worn(window) == [{"$label1"}, {"$label1"}])
    qtbot.waitUntil(lambda: "Tagged 2 messages “Important”" in said(window))
    read(qtbot, window)
    assert len(window.list.selected_rows()) == 1  # though Shift was held a moment ago
    qtbot.waitUntil(lambda: window.pane.head.tags.names == ["Important"])
    press(qtbot, window, Qt.Key.Key_4)
    qtbot.waitUntil(lambda: worn(window) == [{"$label1", "$label4"}])
    qtbot.waitUntil(lambda: window.pane.head.tags.names == ["Important", "To do"])
    press(qtbot, window, Qt.Key.Key_1)
    qtbot.waitUntil(lambda: worn(window) == [{"$label4"}])
    # One of two has it: the other gets it too.
    QTest.keyClick(window.list, Qt.Key.Key_Down, SHIFT)
    press(qtbot, window, Qt.Key.Key_4)
    qtbot.waitUntil(lambda: worn(window) == [{"$label4"}, {"$label1", "$label4"}])
    press(qtbot, window, Qt.Key.Key_0)
    qtbot.waitUntil(lambda: worn(window) == [set(), set()])
    press(qtbot, window, Qt.Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: worn(window) == [{"$label4"}, {"$label1", "$label4"}])


def test_a_tag_of_ones_own_gets_a_name_a_number_and_a_keyword(
    qtbot: QtBot, window: MainWindow, client: Letters
) -> None:
    read(qtbot, window)
    window.tagging.put("  summer 旅行 ")
    qtbot.waitUntil(lambda: window.pane.head.tags.names == ["summer_旅行"])
    sent = asked(client, link.SetFlags)[-1]
    assert all(word.isascii() for word in sent.add)
    read(qtbot, window, 3)
    press(qtbot, window, Qt.Key.Key_6)
    qtbot.waitUntil(lambda: window.pane.head.tags.names == ["summer_旅行"])
    press(qtbot, window, Qt.Key.Key_9)
    assert "No tag has the number 9 yet. Ctrl+T, “New tag…” makes one." in said(window)
    assert not undo(window).isVisible()  # nothing was done
    read(qtbot, window, 4)
    assert not window.toast.isVisible()
    window.tagging.number(1)
    qtbot.waitUntil(lambda: undo(window).isVisible())
    read(qtbot, window, 5)
    assert undo(window).isVisible()
    for name in ("a(b", "$Junk", "\\Seen", ""):
        before = len(asked(client, link.SetFlags))
        window.tagging.put(name)
        assert len(asked(client, link.SetFlags)) == before


def undo(window: MainWindow) -> QPushButton:
    """The button of the toast."""
    button = window.toast.findChild(QPushButton)
    assert button is not None
    return button


def test_the_tag_menu_shows_what_a_message_wears(qtbot: QtBot, window: MainWindow) -> None:
    read(qtbot, window)
    press(qtbot, window, Qt.Key.Key_2)
    qtbot.waitUntil(lambda: worn(window) == [{"$label2"}])
    found = menu(qtbot, lambda: press(qtbot, window, Qt.Key.Key_T, CTRL))
    checked = [action.text() for action in found.actions() if action.isChecked()]
    assert checked == ["Work\t2"]
    choose(found, "Later")
    qtbot.waitUntil(lambda: worn(window) == [{"$label2", "$label5"}])


def test_the_list_says_tags_aloud_and_in_the_tool_tip(qtbot: QtBot, window: MainWindow) -> None:
    read(qtbot, window)
    press(qtbot, window, Qt.Key.Key_1)
    qtbot.waitUntil(lambda: worn(window) == [{"$label1"}])
    index: QModelIndex = window.list_model.index(0)
    assert "Important" in str(index.data(Qt.ItemDataRole.DisplayRole))
    assert "Important" in str(index.data(Qt.ItemDataRole.ToolTipRole))


def test_tags_can_be_told_apart_in_the_list(qtbot: QtBot, window: MainWindow) -> None:
    def colours() -> set[str]:
        rect = window.list.visualRect(window.list_model.index(1))
        picture = window.list.viewport().grab(rect).toImage()
        return {
            picture.pixelColor(x, y).name()
            for x in range(picture.width() // 2, picture.width())
            for y in range(picture.height())
        }

    assert "#b3261e" not in colours()
    window.list.choose(1)
    press(qtbot, window, Qt.Key.Key_1)
    press(qtbot, window, Qt.Key.Key_3)
    qtbot.waitUntil(lambda: worn(window) == [{"$label1", "$label3"}])
    assert {"#b3261e", "#1d6b37"} <= colours()


def test_source_headers_and_structure_open_by_keys(
    qtbot: QtBot, window: MainWindow, client: Letters
) -> None:
    read(qtbot, window)
    press(qtbot, window, Qt.Key.Key_U, CTRL)
    assert "Hello Ada" in opened(qtbot, SourceWindow).text.toPlainText()
    press(qtbot, window, Qt.Key.Key_U, CTRL | SHIFT)
    assert "X-Test: yes" in opened(qtbot, HeadersWindow).text.toPlainText()
    press(qtbot, window, Qt.Key.Key_M, CTRL | ALT)
    structure = opened(qtbot, StructureWindow)
    assert structure.choose("2")
    activate(qtbot, structure)
    QTest.keyClick(structure.tree, Qt.Key.Key_Return)
    inner = opened(qtbot, MessageWindow)
    qtbot.waitUntil(lambda: inner.windowTitle() == "The letter inside")
    assert asked(client, link.Render)[-1].view == View(part="2")
    # What belongs to the message it lies in is not offered for it.
    assert not {"reply", "archive", "tags"} & set(inner.actions_by_id)


def test_headers_of_a_message_that_is_not_shown_are_asked_for(
    qtbot: QtBot, window: MainWindow
) -> None:
    press(qtbot, window, Qt.Key.Key_F8)
    window.list.choose(2)
    press(qtbot, window, Qt.Key.Key_U, CTRL | SHIFT)
    assert "X-Test: yes" in opened(qtbot, HeadersWindow).text.toPlainText()


def test_a_message_is_saved_under_its_subject(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    read(qtbot, window)
    press(qtbot, window, Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: bool(window.findChildren(QFileDialog)))
    dialog = window.findChildren(QFileDialog)[0]
    assert dialog.selectedFiles()[0].endswith("Harbour walk on Saturday_.eml")
    target = tmp_path / "saved.eml"
    dialog.fileSelected.emit(str(target))
    qtbot.waitUntil(target.exists)
    assert b"Hello Ada" in target.read_bytes()
    dialog.close()


def test_another_encoding_is_for_this_message_alone(
    qtbot: QtBot, window: MainWindow, client: Letters
) -> None:
    first = read(qtbot, window)
    found = menu(qtbot, lambda: press(qtbot, window, Qt.Key.Key_E, CTRL | ALT))
    (checked,) = [action.text() for action in found.actions() if action.isChecked()]
    assert checked == "Automatic: UTF-8, Unicode"
    choose(found, "Big5")
    qtbot.waitUntil(
        lambda: window.pane.rendered is not None and window.pane.rendered.charset == "big5"
    )
    assert asked(client, link.Render)[-1] == link.Render(
        first.message_id, view=View(charset="big5")
    )
    read(qtbot, window, 1)
    assert asked(client, link.Render)[-1].view.charset == ""
    again = read(qtbot, window, 0)
    assert again.charset == "big5"
    found = menu(qtbot, lambda: press(qtbot, window, Qt.Key.Key_E, CTRL | ALT))
    choose(found, "Automatic")
    qtbot.waitUntil(
        lambda: window.pane.rendered is not None and window.pane.rendered.charset == "utf-8"
    )


def test_enter_and_double_click_open_a_window_once(qtbot: QtBot, window: MainWindow) -> None:
    read(qtbot, window)
    QTest.keyClick(window.list, Qt.Key.Key_Return)
    first = opened(qtbot, MessageWindow)
    qtbot.waitUntil(lambda: first.pane.rendered is not None)
    assert first.windowTitle() == "Harbour walk on Saturday?"
    press(qtbot, window, Qt.Key.Key_O, CTRL)
    assert own_windows() == [first]
    place = window.list.visualRect(window.list_model.index(1)).center()
    QTest.mouseDClick(window.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(lambda: len(own_windows()) == 2)
    press(qtbot, first, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not isValid(first))


def test_in_its_own_window_a_message_is_tagged_starred_and_archived(
    qtbot: QtBot, window: MainWindow
) -> None:
    shown = read(qtbot, window)
    press(qtbot, window, Qt.Key.Key_O, CTRL)
    own = opened(qtbot, MessageWindow)
    qtbot.waitUntil(lambda: own.pane.rendered is not None)
    choose(menu(qtbot, lambda: press(qtbot, own, Qt.Key.Key_T, CTRL)), "Work")
    qtbot.waitUntil(lambda: own.pane.head.tags.names == ["Work"])
    press(qtbot, own, Qt.Key.Key_S)
    row = window.reader.row
    qtbot.waitUntil(lambda: FLAGGED in getattr(row(shown.message_id), "flags", ()))
    press(qtbot, own, Qt.Key.Key_A)
    qtbot.waitUntil(lambda: not isValid(own))
    qtbot.waitUntil(lambda: window.list_model.row_count() == 59)
    assert "Archived 1 message" in said(window)
    press(qtbot, window, Qt.Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: window.list_model.row_count() == 60)


def test_nothing_is_deleted_for_good_in_its_own_window(
    qtbot: QtBot, window: MainWindow, client: Letters
) -> None:
    read(qtbot, window)
    press(qtbot, window, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: window.list_model.row_count() == 59)
    trash = next(f for f in window.reader.folders() if f.role is Role.TRASH)
    window.folders.choose(trash.id)
    qtbot.waitUntil(lambda: window.list_model.row_count() == 1)
    read(qtbot, window)
    before = len(asked(client, link.Delete))
    press(qtbot, window, Qt.Key.Key_O, CTRL)
    own = opened(qtbot, MessageWindow)
    press(qtbot, own, Qt.Key.Key_Delete)
    assert own.notice.words == "It is in Trash already."
    assert len(asked(client, link.Delete)) == before


def test_an_address_leads_to_a_letter_and_to_a_search(qtbot: QtBot, window: MainWindow) -> None:
    shown = read(qtbot, window)
    who = shown.envelope.sender
    choose(
        menu(qtbot, lambda: window.pane.head.author.linkActivated.emit("0")), "Search mail from it"
    )
    qtbot.waitUntil(lambda: window.list_model.row_count() == 6)
    assert window.search.text() == f'from:"{who.address}"'
    assert {row.sender for row in window.list_model._rows.values()} == {who}
    read(qtbot, window)
    choose(
        menu(qtbot, lambda: window.pane.head.author.linkActivated.emit("0")),
        "Write to this address",
    )
    letter = opened(qtbot, ComposeWindow)
    assert letter.keeper is not None
    letter.close()


def test_a_hostile_address_searches_for_nothing_else(window: MainWindow) -> None:
    window.verbs.search_from(Address("", 'a" OR (from:"b'))
    assert window.search.text() == 'from:"a OR (from:b"'


def test_checking_the_sender_shows_the_card(
    qtbot: QtBot, window: MainWindow, client: Letters
) -> None:
    shown = read(qtbot, window)
    press(qtbot, window, Qt.Key.Key_E, CTRL | SHIFT)
    qtbot.waitUntil(lambda: bool(asked(client, link.CheckSignature)))
    assert asked(client, link.CheckSignature)[0].message_id == shown.message_id
    assert window.pane.top.sender_card.isVisible()


def test_an_invitation_opens_through_the_files(
    qtbot: QtBot, window: MainWindow, client: Letters
) -> None:
    shown = read(qtbot, window)
    (card,) = window.pane.top.cards.cards
    button = next(b for b in card.findChildren(QWidget) if "Open in calendar" in b.accessibleName())
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(asked(client, link.OpenPart)))
    assert asked(client, link.OpenPart) == [link.OpenPart(shown.message_id, "1.2")]


def test_a_window_closed_before_the_answer_hears_nothing(
    qtbot: QtBot, window: MainWindow, client: Letters
) -> None:
    """The message is archived all the same, and that can be taken back."""
    shown = read(qtbot, window)
    client.holds = True
    window.windows.message(shown.message_id)
    inner = opened(qtbot, MessageWindow)
    qtbot.waitUntil(lambda: len(client.held) == 1)
    inner.actions_by_id["archive"].trigger()
    qtbot.waitUntil(lambda: len(client.held) == 2)
    inner.close()
    qtbot.waitUntil(lambda: not isValid(inner))
    for answer in client.held:
        answer()
    qtbot.waitUntil(lambda: "Archived 1 message" in said(window))


def test_a_download_in_its_own_window_can_be_stopped(
    qtbot: QtBot, window: MainWindow, client: Letters
) -> None:
    read(qtbot, window)
    press(qtbot, window, Qt.Key.Key_O, CTRL)
    own = opened(qtbot, MessageWindow)
    own.pane.attachments.stop_wanted.emit()
    qtbot.waitUntil(lambda: len(asked(client, link.StopDownloads)) == 1)
