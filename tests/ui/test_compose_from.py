"""Who a letter is from, and the signature that comes with it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from martlet.link.messages import SaveDraft, Send
from martlet.mail.account import Account, AccountId
from martlet.mail.identity import Identity
from martlet.mail.message import Address, Envelope, MessageId
from martlet.mail.outgoing import Draft, DraftId, DraftKind, SendOptions
from martlet.ui.compose import ComposeWindow
from ui.compose_fakes import FakeLink, FakeReader, account

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

ANNA = Address("Anna Berg", "anna@example.org")
NEW = Draft(DraftId(0), AccountId(1))
LETTER = replace(NEW, to=(ANNA,), subject="Figures", text="Dear Anna,")
REPLY = replace(
    LETTER,
    text="\n\nOn Monday, Anna Berg wrote:\n> Hello\n>\n> there\n",
    kind=DraftKind.REPLY,
    source=MessageId(5),
    sender=Address("Tom Lindqvist", "tom@example.org"),
)
SHOP = Identity(1, "shop@example.org", "汤姆的小店", "orders@example.org", "The shop\n小店")


def tom() -> Account:
    return replace(account(1, "home", "tom@example.org"), signature="Tom", identities=(SHOP,))


class Desk:
    def __init__(self, qtbot: QtBot, *accounts: Account) -> None:
        self.qtbot = qtbot
        self.link = FakeLink()
        work = replace(account(2, "work", "tom@work.example"), catch_all=True)
        self.store = FakeReader(list(accounts or (tom(), work)), [ANNA])
        self.store.heads[MessageId(5)] = Envelope(
            to=(Address("", "TOM@example.org"),), cc=(ANNA,), sender=ANNA
        )

    def open(self, draft: Draft, *, fresh: bool = False) -> ComposeWindow:
        window = ComposeWindow(self.link, self.store.reader, draft, fresh=fresh)
        window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        self.qtbot.addWidget(window, before_close_func=lambda w: w.finish())
        with self.qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        return window

    def choose(self, window: ComposeWindow, text: str) -> None:
        box = window.header.from_choice
        at = next(i for i in range(box.count()) if text in box.itemText(i))
        box.setCurrentIndex(at)


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk(qtbot)


def listed(window: ComposeWindow) -> list[str]:
    box = window.header.from_choice
    return [box.itemText(i) for i in range(box.count()) if box.itemText(i)]


def test_all_identities_of_all_accounts_are_offered(desk: Desk) -> None:
    window = desk.open(LETTER)
    assert listed(window) == [
        "Tom Lindqvist <tom@example.org>",
        "汤姆的小店 <shop@example.org>",
        "Tom Lindqvist <tom@work.example>",
        "Edit address…",
    ]
    assert window.header.from_choice.isVisible()
    desk.choose(window, "work")
    assert window.draft().account_id == 2
    assert window.draft().sender == Address("Tom Lindqvist", "tom@work.example")


def test_from_is_seen_with_one_account_too(qtbot: QtBot) -> None:
    desk = Desk(qtbot, account(1, "home", "tom@example.org"))
    window = desk.open(LETTER)
    assert window.header.from_choice.isVisible()
    assert window.header.from_choice.currentText() == "Tom Lindqvist <tom@example.org>"


def test_the_same_address_in_two_accounts_is_told_apart(qtbot: QtBot) -> None:
    desk = Desk(
        qtbot, account(1, "home", "tom@example.org"), account(2, "backup", "tom@example.org")
    )
    window = desk.open(replace(LETTER, account_id=AccountId(2)))
    assert listed(window)[1] == "Tom Lindqvist <tom@example.org>  –  backup"
    assert window.draft().account_id == 2


def test_the_drafts_sender_is_chosen_and_kept(desk: Desk) -> None:
    window = desk.open(replace(LETTER, sender=Address("", "SHOP@example.org")))
    assert window.header.from_choice.currentText() == "汤姆的小店 <shop@example.org>"
    QTest.keyClicks(window.header.subject, "!")
    window.keeper.save()
    assert desk.link.of(SaveDraft)[0].draft.sender == Address("汤姆的小店", "shop@example.org")


def test_another_name_for_an_identity_is_kept(desk: Desk) -> None:
    other = Address("Uncle Tom", "tom@example.org")
    window = desk.open(replace(LETTER, sender=other))
    assert window.draft().sender == other


def test_an_identity_that_is_gone_gives_way_to_the_main_one(desk: Desk) -> None:
    window = desk.open(replace(LETTER, sender=Address("", "old@gone.example")))
    assert window.draft().sender == Address("Tom Lindqvist", "tom@example.org")


def test_an_address_is_typed(desk: Desk) -> None:
    window = desk.open(LETTER)
    desk.choose(window, "Edit address…")
    edit = window.header.writer.edit
    assert edit.hasFocus()
    assert edit.text() == "Tom Lindqvist <tom@example.org>"
    edit.selectAll()
    QTest.keyClicks(edit, "tom+ebay@example.org")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert window.draft().sender == Address("Tom Lindqvist", "tom+ebay@example.org")
    assert "tom+ebay@example.org" in window.header.from_choice.currentText()
    desk.choose(window, "Edit address…")
    edit.selectAll()
    QTest.keyClicks(edit, "Any One <any@work.example>")
    window.header.subject.setFocus()
    assert window.draft().sender == Address("Any One", "any@work.example")
    assert window.draft().account_id == 2


def test_a_foreign_address_is_not_sent_from(desk: Desk) -> None:
    window = desk.open(LETTER)
    desk.choose(window, "Edit address…")
    edit = window.header.writer.edit
    edit.selectAll()
    QTest.keyClicks(edit, "king@palace.example")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert "none of your addresses" in window.header.hint.words
    window.top.send.click()
    assert not desk.link.of(Send)
    assert "king@palace.example" in window.notice.text
    edit.setFocus()
    QTest.keyClick(edit, Qt.Key.Key_Escape)
    assert window.isVisible()
    assert window.header.hint.words == ""
    assert window.draft().sender == Address("Tom Lindqvist", "tom@example.org")


def test_reply_to_is_shown_where_an_identity_has_one(desk: Desk) -> None:
    window = desk.open(LETTER)
    assert not window.header.reply_to.isVisible()
    desk.choose(window, "shop@")
    assert window.header.reply_to.isVisible()
    assert window.header.reply_to.edit.placeholderText() == "orders@example.org"


def test_another_identity_than_the_one_written_to_is_remarked(desk: Desk) -> None:
    window = desk.open(REPLY, fresh=True)
    assert window.header.hint.words == ""
    desk.choose(window, "shop@")
    assert window.header.hint.words == "What you answer was written to TOM@example.org."
    window.header.hint.action.click()
    assert window.header.hint.words == ""
    assert window.draft().sender == Address("Tom Lindqvist", "tom@example.org")


def test_options_are_part_of_the_letter(desk: Desk) -> None:
    window = desk.open(replace(LETTER, options=SendOptions(require_tls=True)))
    assert window.top.require_tls.isChecked()
    assert window.top.more.accessibleDescription() == window.top.require_tls.text()
    window.top.dsn.trigger()
    window.keeper.save()
    assert desk.link.of(SaveDraft)[0].draft.options == SendOptions(dsn=True, require_tls=True)


def test_a_new_letter_is_signed_and_still_counts_as_empty(desk: Desk) -> None:
    window = desk.open(NEW, fresh=True)
    assert window.editor.toPlainText() == "\n\n-- \nTom"
    QTest.keyClicks(window.editor, "Hello")
    assert window.draft().text == "Hello\n\n-- \nTom"
    for _ in "Hello":
        QTest.keyClick(window.editor, Qt.Key.Key_Backspace)
    window.close()
    assert window.question is None
    assert not window.isVisible()


def test_another_identity_brings_its_signature(desk: Desk) -> None:
    window = desk.open(NEW, fresh=True)
    QTest.keyClicks(window.editor, "Hello")
    desk.choose(window, "shop@")
    assert window.draft().text == "Hello\n\n-- \nThe shop\n小店"
    desk.choose(window, "work")
    assert window.draft().text == "Hello"
    desk.choose(window, "tom@example.org")
    assert window.draft().text == "Hello\n\n-- \nTom"


def test_a_draft_opened_again_is_not_signed_again(desk: Desk) -> None:
    window = desk.open(replace(LETTER, id=DraftId(4), text="Hello\n\n-- \nTom"))
    assert window.draft().text == "Hello\n\n-- \nTom"
    desk.choose(window, "shop@")
    assert window.draft().text == "Hello\n\n-- \nThe shop\n小店"


def test_a_signature_changed_or_taken_out_by_hand_is_left_alone(desk: Desk) -> None:
    for text in ("Hello\n\n-- \nTom, your neighbour", "Hello"):
        window = desk.open(replace(LETTER, id=DraftId(4), text=text))
        desk.choose(window, "shop@")
        assert window.draft().text == text


def test_accounts_with_one_address_are_told_apart(qtbot: QtBot) -> None:
    twin = replace(account(2, "by POP3", "TOM@example.org"), full_name="Tom")
    desk = Desk(qtbot, tom(), twin)
    box = desk.open(NEW).header.from_choice
    assert [box.itemText(at) for at in range(3)] == [
        "Tom Lindqvist <tom@example.org>  –  home",
        "汤姆的小店 <shop@example.org>",
        "Tom <TOM@example.org>  –  by POP3",
    ]


def test_an_answer_is_signed_above_what_it_quotes(desk: Desk) -> None:
    window = desk.open(REPLY, fresh=True)
    QTest.keyClicks(window.editor, "Yes.")
    assert window.draft().text == "Yes.\n\nTom\n\n" + REPLY.text.lstrip("\n")
    desk.choose(window, "work")
    assert "Tom" not in window.draft().text.splitlines()
    desk.choose(window, "shop@")
    assert window.draft().text.startswith("Yes.\n\nThe shop\n小店\n\nOn Monday")


def test_an_answer_to_a_list_is_signed_below_and_written_above_that(desk: Desk) -> None:
    below = replace(REPLY, text="On Monday, Anna wrote:\n> Hello\n\n", below=True)
    window = desk.open(below, fresh=True)
    QTest.keyClicks(window.editor, "Yes.")
    assert window.draft().text == "On Monday, Anna wrote:\n> Hello\n\nYes.\n\n-- \nTom"


def test_a_forwarded_letter_is_signed_above(desk: Desk) -> None:
    text = "\n\n-------- Forwarded message --------\nFrom: Anna\n\nHello\n> old\n"
    window = desk.open(replace(LETTER, kind=DraftKind.FORWARD, text=text), fresh=True)
    assert window.editor.toPlainText().startswith("\n\nTom\n\n-------- Forwarded")


def test_a_rich_answer_is_signed_in_its_own_block(desk: Desk) -> None:
    html = "<p><br></p><p>Anna wrote:</p><blockquote type='cite'><p>Hello</p></blockquote>"
    window = desk.open(replace(REPLY, html=html), fresh=True)
    QTest.keyClicks(window.editor, "Yes.")
    written = window.draft().html or ""
    assert written.startswith(
        '<div>Yes.</div>\n<div><br></div>\n<div class="moz-signature">'
        "<div>Tom</div></div>\n<div><br></div>\n"
    )
    assert '<blockquote type="cite"' in written
    assert written.endswith("<div>Hello</div>\n</blockquote>")
    again = desk.open(replace(REPLY, id=DraftId(9), html=written))
    desk.choose(again, "shop@")
    assert "\n<div>The shop</div>\n<div>小店</div>" in (again.draft().html or "").replace(
        '<div class="moz-signature">', ""
    )
    assert "--" not in (again.draft().html or "")
