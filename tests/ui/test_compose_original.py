"""The card of a message that is passed on: shown, edited, attached instead, taken out, sent."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from martlet.link.messages import AttachMessage
from martlet.mail.account import AccountId
from martlet.mail.errors import Offline
from martlet.mail.message import Address, Envelope, MessageId
from martlet.mail.outgoing import Draft, DraftId, DraftKind, OutgoingPart
from martlet.ui.compose import ComposeWindow
from ui.compose_fakes import FakeLink, FakeReader, account

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
PICTURE = OutgoingPart("chart.png", "image/png", 8, "p", "pic@x")
REPORT = OutgoingPart("report.pdf", "application/pdf", 9, "r")
ORIGINAL = (
    "<p>-------- Forwarded message --------<br><b>Subject:</b> Plan &amp; <i>b</i><br>"
    "<b>Date:</b> 21 Nov 1997 at 09:55<br><b>From:</b> Anna &lt;anna@x.org&gt;<br>"
    '<b>To:</b> me@example.org</p><h1>Numbers</h1><p>They <b>grow</b>.</p><img src="cid:pic@x">'
    '<img src="https://x.example/logo.png">'
)
DRAFT = Draft(
    DraftId(0),
    AccountId(1),
    subject="Fwd: Plan",
    html="<p><br></p>",
    parts=(REPORT, PICTURE),
    kind=DraftKind.FORWARD,
    source=MessageId(7),
    original=ORIGINAL,
)
HEAD = Envelope("Plan", Address("Anna", "anna@x.org"), (), (), (), (), 1.0, "<m@x>")
Open = Callable[..., ComposeWindow]


@pytest.fixture
def link() -> FakeLink:
    return FakeLink()


@pytest.fixture
def opened(qtbot: QtBot, link: FakeLink) -> Open:
    def open_(draft: Draft = DRAFT, *, there: bool = True) -> ComposeWindow:
        reader = FakeReader(stored=[account(1, "Work", "tom@example.org")])
        if there:
            reader.heads[MessageId(7)] = HEAD
        window = ComposeWindow(link, reader.reader, draft, fresh=True)
        window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(window, before_close_func=lambda w: w.finish())
        window.show()
        return window

    return open_


def words(window: ComposeWindow) -> list[str]:
    labels = window.original.findChildren(QLabel)
    texts = (label.text().replace("\u200b", "") for label in labels if label.isVisible())
    return [text for text in texts if text]


def press(button: QPushButton) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_what_is_shown_and_what_goes_along(opened: Open) -> None:
    window = opened()
    shown = words(window)
    assert shown[0] == "Plan & b"
    assert shown[1] == "From: Anna <anna@x.org> · Date: 21 Nov 1997 at 09:55"
    assert "Numbers They grow." in shown[2]
    assert "not loaded here" in shown[3]
    draft = window.draft()
    assert draft.original == ORIGINAL
    assert draft.parts == (REPORT, PICTURE)
    assert [card.name for card in window.attachments.cards] == ["report.pdf"]


def test_it_is_taken_out_and_put_back(opened: Open) -> None:
    window = opened()
    press(window.original.remove)
    assert (window.draft().original, window.draft().parts) == ("", (REPORT,))
    assert words(window) == ["Plan & b"]
    assert window.touched
    press(window.original.back)
    assert (window.draft().original, window.draft().parts) == (ORIGINAL, (REPORT, PICTURE))


def test_it_becomes_lines_of_the_letter(opened: Open) -> None:
    window = opened()
    QTest.keyClicks(window.editor, "Look:")
    press(window.original.edit)
    draft = window.draft()
    assert draft.original == ""
    assert draft.html is not None
    assert draft.html.index("Look:") < draft.html.index("Forwarded message")
    assert "<b>grow</b>" in draft.html
    assert "cid:pic@x" in draft.html
    assert "x.example" not in draft.html
    assert set(draft.parts) == {REPORT, PICTURE}
    assert not window.original.isVisible()


def test_it_goes_as_a_file_instead(opened: Open, link: FakeLink) -> None:
    window = opened()
    press(window.original.attach)
    assert [one.message_id for one in link.of(AttachMessage)] == [MessageId(7)]
    link.last(AttachMessage).answer(OutgoingPart("Plan.eml", "message/rfc822", 1, "m"))
    draft = window.draft()
    # What it holds does not go a second time.
    assert [part.name for part in draft.parts] == ["Plan.eml"]
    assert draft.original == ""


def test_it_is_shown_in_a_window_of_its_own(opened: Open, qtbot: QtBot) -> None:
    window = opened()
    with qtbot.waitSignal(window.original.message_wanted) as asked:
        press(window.original.show_it)
    assert asked.args == [MessageId(7)]
    gone = opened(there=False)
    assert not gone.original.show_it.isVisible()
    assert not gone.original.attach.isVisible()
    assert gone.draft().original == ORIGINAL


def test_plain_text_takes_its_words(opened: Open) -> None:
    window = opened()
    window.set_rich(False)
    assert window.question is not None
    button = next(
        b for b in window.question.findChildren(QPushButton) if "plain" in b.text().lower()
    )
    press(button)
    draft = window.draft()
    assert (draft.html, draft.original) == (None, "")
    assert "From: Anna <anna@x.org>" in draft.text
    assert "They grow." in draft.text


@pytest.mark.parametrize(
    "markup",
    [
        "x",
        "<p>-------- F --------<br><b>Subject:</b> " + "W" * 5000 + "</p>" + "<div>" * 3000,
        "<script>x</script><img src=x onerror=y><p>\u202eevil</p>" + "<td>" * 500,
        "<p>" + "字" * 100_000,
    ],
)
def test_strange_originals_stay_small(opened: Open, markup: str) -> None:
    window = opened(
        Draft(DraftId(0), AccountId(1), html="<p><br></p>", original=markup, source=MessageId(7))
    )
    assert window.original.isVisible()
    assert window.original.height() < 260
    assert window.draft().original == markup


def test_letters_without_one_have_no_card(opened: Open) -> None:
    window = opened(Draft(DraftId(0), AccountId(1), html="<p>Hi</p>"))
    assert not window.original.isVisible()
    assert window.draft().original == ""


def test_undo_brings_it_back_and_redo_makes_it_lines_again(opened: Open) -> None:
    window = opened()
    QTest.keyClicks(window.editor, "Look:")
    press(window.original.edit)
    assert window.draft().original == ""
    window.editor.undo()
    draft = window.draft()
    assert "Look:" in (draft.html or "")
    assert "grow" not in (draft.html or "")
    assert (draft.original, set(draft.parts)) == (ORIGINAL, {REPORT, PICTURE})
    assert window.original.isVisible()
    window.editor.redo()
    draft = window.draft()
    assert "<b>grow</b>" in (draft.html or "")
    assert (draft.original, set(draft.parts)) == ("", {REPORT, PICTURE})
    window.editor.undo()
    QTest.keyClicks(window.editor, " and more")
    assert window.draft().original == ORIGINAL
    window.set_rich(False)
    window.original.into_letter()


def test_what_was_edited_there_by_hand_does_not_bring_it_back(opened: Open) -> None:
    window = opened()
    press(window.original.edit)
    window.editor.selectAll()
    QTest.keyClick(window.editor, Qt.Key.Key_Delete)
    QTest.keyClicks(window.editor, "mine")
    assert window.draft().original == ""
    while window.editor.document().isUndoAvailable():
        window.editor.undo()
    assert window.draft().original == ORIGINAL


def test_as_a_file_it_goes_only_when_that_has_arrived(opened: Open, link: FakeLink) -> None:
    window = opened()
    press(window.original.attach)
    assert window.draft().original == ORIGINAL
    link.last(AttachMessage).refuse(Offline("The message could not be fetched."))
    draft = window.draft()
    assert (draft.original, draft.parts) == (ORIGINAL, (REPORT, PICTURE))
    press(window.original.attach)
    link.last(AttachMessage).answer(OutgoingPart("Plan.eml", "message/rfc822", 1, "m"))
    assert window.draft().original == ""
    window.attachments.remove(window.attachments.cards[0])
    press(window.original.back)
    draft = window.draft()
    assert (draft.original, draft.parts) == (ORIGINAL, (REPORT, PICTURE))
