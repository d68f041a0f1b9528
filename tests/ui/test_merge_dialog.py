"""Mail merge in its dialog: the table read, letters looked at, sent once asked, taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from martlet.link.messages import Merge, Send, StopMerge, TakeBackMerge
from martlet.mail.account import AccountId
from martlet.mail.changes import Merging, OutboxChanged
from martlet.mail.errors import Refused
from martlet.mail.message import Address
from martlet.mail.outgoing import (
    Draft,
    DraftId,
    OutboxEntry,
    OutboxId,
    OutboxState,
    OutgoingPart,
)
from martlet.mail.writing import TakenBack
from martlet.ui.compose import ComposeWindow
from martlet.ui.compose.merge.merge_dialog import MergeDialog
from ui.compose_fakes import FakeLink, FakeReader, account

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
TABLE = (
    "name,邮箱,sum\r\nAnna,anna@example.org,5\r\n王小明,wang@example.cn,\r\n"
    "Bob,nobody,7\r\nEve,eve@example.org,8\r\n"
)
Open = Callable[[], MergeDialog]


def queued(number: int, state: OutboxState) -> OutboxEntry:
    return OutboxEntry(
        OutboxId(number), AccountId(1), "<m@x>", "For Anna", "tom@example.org",
        ("anna@example.org",), state, 100, 990.0,
    )  # fmt: skip


@pytest.fixture
def link() -> FakeLink:
    return FakeLink()


@pytest.fixture
def reader() -> FakeReader:
    return FakeReader([account(1, "home", "tom@example.org")])


@pytest.fixture
def window(qtbot: QtBot, link: FakeLink, reader: FakeReader) -> ComposeWindow:
    html = "<div>Dear {{to.first}}, <b>{{sum}}</b></div>"
    draft = Draft(DraftId(0), AccountId(1), subject="For {{name}}", html=html)
    made = ComposeWindow(link, reader.reader, draft)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def dialog(qtbot: QtBot, window: ComposeWindow, tmp_path: Path) -> MergeDialog:
    file = tmp_path / "rows.csv"
    file.write_bytes(TABLE.encode("gb18030"))
    window.commands["merge"].trigger()
    made = window.kept.merging
    assert made is not None
    with qtbot.waitSignal(made.work.found):
        made.take_file(file)
    return made


def test_the_table_is_read_and_each_letter_can_be_seen(dialog: MergeDialog) -> None:
    assert dialog.encoding.currentData() == "gb18030"
    assert dialog.to.currentText() == "邮箱"
    assert dialog.headed.isChecked()
    assert dialog.preview.to.text() == "To: Anna <anna@example.org>"
    assert dialog.preview.subject.text() == "For Anna"
    assert dialog.preview.body.toPlainText() == "Dear Anna, 5"
    assert not dialog.back.isEnabled()
    QTest.mouseClick(dialog.on, Qt.MouseButton.LeftButton)
    assert dialog.preview.body.toPlainText() == "Dear 王小明, {{sum}}"
    assert dialog.place.text() == "Row 2 of 4"
    QTest.mouseClick(dialog.back, Qt.MouseButton.LeftButton)
    assert dialog.place.text() == "Row 1 of 4"


def test_it_opens_with_its_explanation_whole(qtbot: QtBot, window: ComposeWindow) -> None:
    window.commands["merge"].trigger()
    made = window.kept.merging
    assert made is not None
    with qtbot.waitExposed(made):
        made.show()
    assert made.intro.height() >= made.intro.heightForWidth(made.intro.width())
    assert not made.go.isVisible(), "there is nothing to send yet"
    assert made.choose.property("kind") == "primary"


def test_problems_are_listed_and_lead_to_their_row(dialog: MergeDialog) -> None:
    said = [dialog.problems.item(at).text() for at in range(dialog.problems.count())]
    assert said == ["Row 2: says nothing for sum", "Row 3: “nobody” is not one address"]
    dialog.problems.itemClicked.emit(dialog.problems.item(1))
    assert dialog.place.text() == "Row 3 of 4"
    assert dialog.preview.to.text().endswith("this row has no address")
    assert len(dialog.sendable()) == 2
    dialog.leave_out.click()
    assert [row["name"] for row in dialog.sendable()] == ["Anna", "王小明", "Eve"]
    assert dialog.go.text() == "Send 3 letters…"


def test_another_column_of_addresses_is_looked_at_anew(qtbot: QtBot, dialog: MergeDialog) -> None:
    with qtbot.waitSignal(dialog.work.found):
        dialog.to.setCurrentText("name")
        dialog.to.activated.emit(0)
    assert dialog.sendable() == []
    assert not dialog.go.isEnabled()


def test_a_row_is_sent_to_oneself(dialog: MergeDialog, link: FakeLink) -> None:
    dialog.on.click()
    dialog.to_me.click()
    (sent,) = link.of(Send)
    assert [one.address for one in sent.draft.to] == ["tom@example.org"]
    assert sent.draft.subject == "For 王小明"
    assert (sent.draft.id, sent.delay_s) == (0, 0.0)


def test_all_are_sent_once_asked_and_taken_back(
    qtbot: QtBot, dialog: MergeDialog, link: FakeLink, window: ComposeWindow, reader: FakeReader
) -> None:
    dialog.pace.setValue(2.0)
    dialog.go.click()
    assert link.of(Merge) == []
    press(dialog.question, "Send")
    asked = link.last(Merge)
    assert isinstance(asked.request, Merge)
    merge = asked.request
    assert ([row["name"] for row in merge.rows], merge.to) == (["Anna", "Eve"], "邮箱")
    assert (merge.delay_s, merge.pace_s) == (float(window.habits.undo_s), 2.0)
    assert "weekday" in merge.common
    assert merge.draft.subject == "For {{name}}"
    link.changed.emit(Merging(merge.ticket, 1, 2))
    assert dialog.bar.value() == 1
    asked.answer([OutboxId(5), OutboxId(6)])
    assert dialog.state.text() == "2 letters are in the outbox."
    assert dialog.bar.isHidden()  # nothing is sent yet
    dialog.keep.click()
    naming = window.kept.dialog
    assert naming is not None
    assert naming.textValue() == "For {{name}}"
    naming.close()
    for state, words in (
        (OutboxState.FILED, "1 of 2 are sent. 1 could not be: it is in the outbox."),
        (OutboxState.QUEUED, "0 of 2 are sent. 1 could not be: it is in the outbox."),
    ):
        reader.entries = [queued(5, state), queued(6, OutboxState.FAILED)]
        with qtbot.waitSignal(dialog.run.going):
            link.changed.emit(OutboxChanged())
        assert dialog.state.text() == words
        assert dialog.take_back.isEnabled() == (state is OutboxState.QUEUED)
    assert not dialog.bar.isHidden()
    dialog.take_back.click()
    back = link.last(TakeBackMerge)
    assert isinstance(back.request, TakeBackMerge)
    assert back.request.outbox_ids == [5, 6]
    back.answer(TakenBack(DraftId(1), 1, 1))
    assert dialog.state.text() == "1 letter is taken back. 1 had gone already."
    assert dialog.go.isEnabled()
    dialog.reject()
    assert window.isVisible()


def test_the_letter_closes_once_it_went(
    dialog: MergeDialog, link: FakeLink, window: ComposeWindow
) -> None:
    dialog.start()
    link.last(Merge).answer([OutboxId(5)])
    assert window.isVisible()
    dialog.reject()
    assert not window.isVisible()


def test_building_can_be_stopped_and_a_refusal_is_said(
    dialog: MergeDialog, link: FakeLink, window: ComposeWindow
) -> None:
    dialog.start()
    dialog.reject()
    (stop,) = link.of(StopMerge)
    asked = link.last(Merge)
    assert isinstance(asked.request, Merge)
    assert stop.ticket == asked.request.ticket
    assert dialog.isVisible()
    asked.refuse(Refused("Nothing was sent: the merge was stopped."))
    assert dialog.notice.text.startswith("Nothing was sent")
    assert dialog.go.isEnabled()
    dialog.reject()
    assert not dialog.isVisible()
    assert window.isVisible()


def test_a_file_that_is_no_table_is_refused_in_a_sentence(
    qtbot: QtBot, dialog: MergeDialog, tmp_path: Path
) -> None:
    book = tmp_path / "book.xlsx"
    book.write_bytes(b"PK\x03\x04x")
    with qtbot.waitSignal(dialog.work.refused):
        dialog.take_file(book)
    assert "CSV" in dialog.notice.text
    assert not dialog.go.isEnabled()
    with qtbot.waitSignal(dialog.work.refused):
        dialog.take_file(tmp_path / "gone.csv")


def test_to_of_the_letter_is_not_used_and_that_is_said(
    qtbot: QtBot, window: ComposeWindow, dialog: MergeDialog
) -> None:
    dialog.ask_send()
    assert dialog.question is not None
    assert "Cc" not in dialog.question.informativeText()
    dialog.question.close()
    window.header.cc.set_addresses([Address("", "boss@example.org")])
    window.kept.merge()
    again = window.kept.merging
    assert again is not None
    file = dialog._path
    assert file is not None
    with qtbot.waitSignal(again.work.found):
        again.take_file(file)
    again.ask_send()
    assert again.question is not None
    assert "Cc" in again.question.informativeText()
    assert "to be kept" not in again.question.informativeText()
    again.question.close()


def test_what_large_files_cost_is_said(
    qtbot: QtBot, dialog: MergeDialog, window: ComposeWindow
) -> None:
    """Each letter holds them, and each copy in Sent."""
    large = OutgoingPart("film.mp4", "video/mp4", 40_000_000, "b" * 64)
    dialog._draft = replace(dialog._draft, parts=(large,))
    dialog.ask_send()
    assert dialog.question is not None
    words = dialog.question.informativeText()
    assert "Each carries its own copy of the files: 109.5 MB to be kept and sent." in words
    dialog.question.close()


def press(box: QMessageBox | None, words: str) -> None:
    assert box is not None
    next(button for button in box.buttons() if button.text() == words).click()


def test_who_has_the_letter_gets_it_once(
    qtbot: QtBot, dialog: MergeDialog, link: FakeLink, window: ComposeWindow, tmp_path: Path
) -> None:
    def asked(one: MergeDialog) -> list[str]:
        return [row["name"] for row in one.sendable()]

    assert not dialog.skip.isVisible()
    dialog.start()
    link.last(Merge).answer([OutboxId(5), OutboxId(6)])
    dialog.take_back.click()
    link.last(TakeBackMerge).answer(TakenBack(DraftId(1), 1, 1, (OutboxId(5),)))
    assert dialog.skip.isVisible()
    assert dialog.skip.text() == "Leave out 1 who has this letter already"
    assert asked(dialog) == ["Eve"]
    assert dialog.go.text() == "Send 1 letter…"
    dialog.skip.click()
    assert asked(dialog) == ["Anna", "Eve"]
    dialog.reject()
    # The same table once more, with a row that is for Anna, too.
    window.commands["merge"].trigger()
    again = window.kept.merging
    assert again is not None
    file = tmp_path / "again.csv"
    file.write_text(TABLE + "Anna B,Anna@example.org,9\r\n", encoding="utf-8")
    with qtbot.waitSignal(again.work.found):
        again.take_file(file)
    again.leave_out.setChecked(False)
    assert asked(again) == ["王小明", "Eve", "Anna B"]
