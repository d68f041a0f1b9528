"""Snippets, templates and their fields in a letter's window, by keys and clicks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QTextCursor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from martlet.link.messages import RemoveTemplate, SaveTemplate
from martlet.mail.account import Account, AccountId
from martlet.mail.identity import (
    Identity,
    Signature,
    SignatureChoice,
    SignaturePlace,
    SignatureUse,
    Signing,
)
from martlet.mail.message import Address
from martlet.mail.outgoing import Draft, DraftId, DraftKind, OutgoingPart
from martlet.mail.writing import Template, TemplateId, TemplateKind
from martlet.ui.compose import ComposeWindow
from martlet.ui.compose.going.checks import unfilled
from martlet.ui.compose.templates.as_template import as_template
from martlet.ui.compose.templates.picker import matching
from martlet.ui.compose.templates.snippet_sheet import SnippetSheet
from martlet.ui.compose.templates.templates_dialog import TemplatesDialog
from ui.compose_fakes import FakeLink, FakeReader, account

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
ANNA = Address("Anna Berg", "anna@example.org")
SNIPPET, TEMPLATE = TemplateKind.SNIPPET, TemplateKind.TEMPLATE
THANKS = Template(TemplateId(1), SNIPPET, "Thanks", "tnx", text="Dear {{to.first}}, {{cursor}}bye")
BOLD = Template(
    TemplateId(2), SNIPPET, "Loud", "loud", text="Hello you",
    html="<div><b>Hello</b> {{to.name}}</div><div>two</div>",
)  # fmt: skip
PLAN = OutgoingPart("plan.pdf", "application/pdf", 9, "plan")
REPORT = Template(
    TemplateId(3), TEMPLATE, "Report", subject="For {{to.name}}", text="Numbers of {{month}}.",
    parts=(PLAN,), to=(ANNA,), cc=(Address("", "boss@example.org"),),
)  # fmt: skip

Open = Callable[..., ComposeWindow]


@pytest.fixture
def link() -> FakeLink:
    return FakeLink()


@pytest.fixture
def opened(qtbot: QtBot, link: FakeLink) -> Open:
    def open_one(
        text: str = "", *, html: str | None = None, to: tuple[Address, ...] = (ANNA,),
        mine: Account | None = None, fresh: bool = False, kind: DraftKind = DraftKind.NEW,
        below: bool = False, kept: tuple[Template, ...] = (THANKS, BOLD, REPORT),
    ) -> ComposeWindow:  # fmt: skip
        reader = FakeReader()
        reader.stored = [mine or account(1, "home", "tom@example.org")]
        reader.templates_kept = list(kept)
        draft = Draft(DraftId(0), AccountId(1), to, text=text, html=html, kind=kind, below=below)
        window = ComposeWindow(link, reader.reader, draft, fresh=fresh)
        qtbot.addWidget(window)
        window.show()
        window.editor.setFocus()
        return window

    return open_one


def test_tab_behind_a_shortcut_puts_the_snippet_there(qtbot: QtBot, opened: Open) -> None:
    window = opened()
    editor = window.editor
    QTest.keyClicks(editor, "Hi tnx")
    QTest.keyClick(editor, Qt.Key.Key_Tab)
    assert editor.toPlainText() == "Hi Dear Anna, bye"
    QTest.keyClicks(editor, "so ")
    assert editor.toPlainText() == "Hi Dear Anna, so bye"
    editor.undo()
    editor.undo()
    assert editor.toPlainText() == "Hi tnx"


SMILE = "\U0001f600"


def test_an_emoji_before_a_field_moves_nothing(opened: Open) -> None:
    window = opened(html=f"<p>{SMILE} On {{{{date}}}} we meet</p>")
    before = window.editor.html()
    window.kept.fill()
    text = window.editor.text()
    assert text.startswith(f"{SMILE} On ")
    assert text.rstrip().endswith(" we meet")
    assert "{" not in text
    assert "}" not in text
    window.editor.undo()
    assert window.editor.html() == before


def test_the_cursor_goes_behind_emoji_where_a_snippet_says_so(qtbot: QtBot, opened: Open) -> None:
    window = opened(html="<p><br></p>")
    text = f"{SMILE}{SMILE} Hello {{{{cursor}}}}, bye"
    window.kept.insert(Template(TemplateId(9), SNIPPET, "x", text=text))
    QTest.keyClicks(window.editor, "you")
    assert window.editor.text().strip() == f"{SMILE}{SMILE} Hello you, bye"


def test_a_shortcut_behind_an_emoji_gives_way_to_its_snippet(qtbot: QtBot, opened: Open) -> None:
    window = opened(f"{SMILE} tnx end", kept=(replace(THANKS, text="Thanks", shortcut="tnx"),))
    cursor = window.editor.textCursor()
    cursor.setPosition(len(f"{SMILE} tnx") + 1)
    window.editor.setTextCursor(cursor)
    QTest.keyClick(window.editor, Qt.Key.Key_Tab)
    assert window.editor.text() == f"{SMILE} Thanks end"


def test_tab_behind_another_word_is_a_tab(qtbot: QtBot, opened: Open) -> None:
    window = opened()
    QTest.keyClicks(window.editor, "Hi tnxx")
    assert not window.kept.eventFilter(window.editor, _tab())
    assert window.editor.toPlainText() == "Hi tnxx"


def test_a_rich_snippet_keeps_its_looks_in_a_rich_letter(opened: Open) -> None:
    rich = opened(html="<div>x </div>")
    rich.editor.moveCursor(QTextCursor.MoveOperation.End)
    rich.kept.insert(BOLD)
    assert "<b>Hello</b> Anna Berg" in rich.editor.html()
    rich.editor.undo()
    assert "Hello" not in rich.editor.html()
    plain = opened()
    plain.kept.insert(BOLD)
    assert plain.editor.toPlainText() == "Hello you"


def test_values_are_words_and_are_not_read_again(opened: Open) -> None:
    nasty = Address("<b>{{me.address}}</b>", "x@example.org")
    window = opened(html="<div></div>", to=(nasty,))
    window.kept.insert(BOLD)
    assert "&lt;b&gt;{{me.address}}&lt;/b&gt;" in window.editor.html()


def test_the_clipboard_goes_in_where_a_snippet_says_so(opened: Open) -> None:
    QGuiApplication.clipboard().setText("copied {{me.name}}")
    window = opened()
    window.kept.insert(Template(TemplateId(9), SNIPPET, "c", text="[{{clipboard}}]"))
    assert window.editor.toPlainText() == "[copied {{me.name}}]"


def test_the_picker_finds_by_typing(qtbot: QtBot, opened: Open) -> None:
    window = opened()
    window.commands["snippet"].trigger()
    picker = window.kept.picker
    assert picker is not None
    assert picker.list.count() == 2
    row = picker.list.item(0)
    assert "⇥" not in row.text()
    place = picker.list.visualItemRect(row)
    assert place.height() == 52
    assert place.width() <= picker.list.viewport().width()  # long names end in an ellipsis
    QTest.keyClicks(picker.search, "lou")
    assert picker.list.count() == 1
    QTest.keyClick(picker.search, Qt.Key.Key_Return)
    assert window.editor.toPlainText() == "Hello you"


def test_what_is_looked_for_comes_by_shortcut_then_name_then_words() -> None:
    kept = [REPORT, THANKS, BOLD, Template(TemplateId(4), SNIPPET, "tnx letter")]
    assert [one.id for one in matching(kept, "TNX")] == [1, 4]
    assert [one.id for one in matching(kept, "numbers")] == [3]
    assert matching(kept, "nothing") == []
    assert len(matching(kept, "")) == 4


def test_without_snippets_an_example_is_offered(opened: Open) -> None:
    window = opened(kept=())
    window.kept.choose_snippet()
    picker = window.kept.picker
    assert picker is not None
    assert picker.list.isHidden()
    assert not picker.offer.isHidden()
    picker.offer.click()
    dialog = window.kept.dialogs
    assert dialog is not None
    assert dialog.sheet is not None
    assert dialog.sheet.shortcut.text() == "tnx"


def test_a_template_brings_everything(opened: Open) -> None:
    window = opened("", to=())
    window.kept.take(REPORT)
    made = window.draft()
    assert made.to == (ANNA,)
    assert [one.address for one in made.cc] == ["boss@example.org"]
    assert made.subject == "For Anna Berg"
    assert made.text == "Numbers of {{month}}."
    assert made.parts == (PLAN,)


def test_a_template_to_be_changed_is_shown_as_it_is_and_kept_in_its_place(
    opened: Open, link: FakeLink
) -> None:
    window = opened("", to=())
    window.kept.take(REPORT, itself=True)
    assert window.draft().subject == "For {{to.name}}"
    window.kept.keep("Report")
    saved = link.last(SaveTemplate).request
    assert isinstance(saved, SaveTemplate)
    assert (saved.template.id, saved.template.subject) == (3, "For {{to.name}}")
    window.kept.keep("Another")
    again = link.last(SaveTemplate).request
    assert isinstance(again, SaveTemplate)
    assert again.template.id == 0


def test_a_template_is_kept_without_the_signature(opened: Open) -> None:
    mine = account(1, "home", "tom@example.org")
    window = opened("Hello", mine=_signed(mine, "Tom"), fresh=True)
    assert "-- \nTom" in window.draft().text
    assert as_template(window, "x", None).text == "Hello"


def test_fields_that_are_left_are_asked_about_and_filled_in(opened: Open) -> None:
    window = opened("Dear {{to.first}}, {{company}}\n> {{to.name}}")
    window.header.subject.setText("{{me.address}}")
    question = unfilled(window, window.draft())
    assert question is not None
    assert "{{company}}" in question.more
    assert question.mend is not None
    question.mend()
    made = window.draft()
    assert made.text == "Dear Anna, {{company}}\n> {{to.name}}"
    assert made.subject == "tom@example.org"
    window.editor.undo()
    assert window.draft().text == "Dear {{to.first}}, {{company}}\n> {{to.name}}"
    left = unfilled(window, window.draft())
    assert left is not None
    plain = opened("> {{to.name}}")
    assert unfilled(plain, plain.draft()) is None


def test_a_snippet_is_made_in_its_sheet(qtbot: QtBot, link: FakeLink) -> None:
    sheet = SnippetSheet(Template(TemplateId(0), SNIPPET, ""), link, FakeReader().reader)
    qtbot.addWidget(sheet)
    sheet.go.click()
    assert sheet.notice.text
    sheet.name.setText("Loud")
    sheet.shortcut.setText("ld")
    sheet.words.editor.insertPlainText("Hello")
    assert sheet.snippet.html is None
    sheet.words.editor.selectAll()
    sheet.words.bold.click()
    sheet.go.click()
    saved = link.last(SaveTemplate)
    assert isinstance(saved.request, SaveTemplate)
    kept = saved.request.template
    assert (kept.name, kept.shortcut, kept.text) == ("Loud", "ld", "Hello")
    assert kept.html is not None
    assert "<b>Hello</b>" in kept.html
    with qtbot.waitSignal(sheet.accepted):
        saved.answer(TemplateId(4))


def test_the_dialog_copies_deletes_and_brings_back(qtbot: QtBot, link: FakeLink) -> None:
    reader = FakeReader()
    reader.templates_kept = [THANKS, REPORT]
    dialog = TemplatesDialog(link, reader.reader)
    qtbot.addWidget(dialog)
    dialog.list.setCurrentRow(0)
    dialog.copy.click()
    copied = link.last(SaveTemplate).request
    assert isinstance(copied, SaveTemplate)
    assert (copied.template.id, copied.template.shortcut) == (0, "")
    dialog.remove.click()
    reader.templates_kept = [REPORT]
    link.last(RemoveTemplate).answer()
    assert dialog.list.count() == 1
    assert not dialog.undo.isHidden()
    dialog.undo.click()
    again = link.last(SaveTemplate).request
    assert isinstance(again, SaveTemplate)
    assert again.template == THANKS
    assert dialog.undo.isHidden()


def test_each_kind_of_letter_has_its_signature(opened: Open) -> None:
    more = (Signature("Short", "T."),)
    signing = Signing(
        more=more,
        reply=SignatureChoice(SignatureUse.OTHER, "Short"),
        forward=SignatureChoice(SignatureUse.NONE),
        place=SignaturePlace.BELOW,
    )
    mine = _signed(account(1, "home", "tom@example.org"), "Tom", signing)
    assert opened(mine=mine, fresh=True).draft().text.endswith("-- \nTom")
    reply = "\n\nAnna wrote:\n> a"
    answer = opened(reply, mine=mine, fresh=True, kind=DraftKind.REPLY).draft().text
    assert answer.endswith("> a\n\n-- \nT.")
    assert "-- " not in opened("x", mine=mine, fresh=True, kind=DraftKind.FORWARD).draft().text


def test_what_is_written_below_a_quotation_is_signed_there_once(opened: Open) -> None:
    signing = Signing(place=SignaturePlace.BELOW)
    mine = _signed(account(1, "home", "tom@example.org"), "Tom", signing)
    window = opened("Anna wrote:\n> a\n\n", mine=mine, fresh=True, kind=DraftKind.REPLY, below=True)
    QTest.keyClicks(window.editor, "Yes.")
    assert window.draft().text == "Anna wrote:\n> a\n\nYes.\n\n-- \nTom"


def test_another_signature_is_chosen_and_the_mark_can_be_left_out(opened: Open) -> None:
    signing = Signing(more=(Signature("Short", "T."),), mark=False)
    mine = _signed(account(1, "home", "tom@example.org"), "Tom", signing)
    window = opened("Hello", mine=mine, fresh=True)
    assert window.draft().text == "Hello\n\nTom"
    assert window.signer.choose(window.signer.choices()[1])
    assert window.draft().text == "Hello\n\nT."
    window.editor.undo()
    assert window.draft().text == "Hello\n\nTom"


def test_a_draft_opened_again_is_not_signed_twice(opened: Open) -> None:
    mine = _signed(account(1, "home", "tom@example.org"), "Tom")
    window = opened("Hello\n\n-- \nTom", mine=mine)
    assert window.draft().text == "Hello\n\n-- \nTom"


def test_a_rich_signature_is_its_words_in_a_plain_letter_and_comes_back(opened: Open) -> None:
    signing = Signing(html="<div><b>Tom</b></div><div>shop</div>")
    mine = _signed(account(1, "home", "tom@example.org"), "Tom\nshop", signing)
    window = opened(html="<div>Hello</div>", mine=mine, fresh=True)
    made = window.draft().html or ""
    assert '<div class="moz-signature">' in made
    assert "<b>Tom</b>" in made
    window._switch(False)
    assert window.draft().text == "Hello\n\n-- \nTom\nshop"
    window._switch(True)
    assert "<b>Tom</b>" in (window.draft().html or "")


def test_a_signature_alone_is_no_reason_to_ask_before_a_letter_becomes_plain(opened: Open) -> None:
    signing = Signing(html="<div><b>Tom</b></div>")
    mine = _signed(account(1, "home", "tom@example.org"), "Tom", signing)
    window = opened(html="<div>Hello</div>", mine=mine, fresh=True)
    window.set_rich(False)
    assert window.question is None
    assert window.draft().html is None


def test_the_picture_of_a_signature_goes_with_the_letter_while_it_stands_there(
    opened: Open,
) -> None:
    logo = OutgoingPart("logo.png", "image/png", 9, "logo", "logo@martlet")
    signing = Signing(
        html='<div>Tom <img src="cid:logo@martlet" alt="Logo" width="40"></div>', parts=(logo,)
    )
    mine = _signed(account(1, "home", "tom@example.org"), "Tom", signing)
    shop = Identity(1, "shop@example.org", signature="Shop")
    window = opened(html="<div>Hello</div>", mine=replace(mine, identities=(shop,)), fresh=True)
    made = window.draft()
    assert made.parts == (logo,)
    assert 'src="cid:logo@martlet" alt="Logo" width="40"' in (made.html or "")
    assert window.signer.choose(Signature())
    assert window.draft().parts == ()
    window.editor.undo()
    assert window.draft().parts == (logo,)


def _signed(mine: Account, text: str, signing: Signing | None = None) -> Account:
    return replace(mine, signature=text, signing=signing or Signing())


def _tab() -> QKeyEvent:
    return QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Tab, Qt.KeyboardModifier.NoModifier)
