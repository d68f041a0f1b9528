"""What stands above a message: who, to whom, what is known of the sender, what is broken, cards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from martlet.link.messages import CheckSignature
from martlet.mail.cards import Cards, Elsewhere, Invitation, Method, Person
from martlet.mail.errors import Offline
from martlet.mail.message import Address, Attachment, Envelope
from martlet.mail.piece import Piece
from martlet.mail.reading import Link, LinkRisk, View
from martlet.mail.report import Action, Fate, Report
from martlet.mail.sender_facts import FactKind, SenderFact, Weight
from martlet.ui import theme
from martlet.ui.cards.elsewhere_card import ElsewhereCard
from martlet.ui.cards.invitation_card import InvitationCard
from martlet.ui.message_top import MessageTop
from ui.compose_fakes import FakeLink
from ui.support.heads import ADA, LETTER, MIRA, NOW, rendered, top_of
from ui.support.sample import HEADLESS

pytestmark = pytest.mark.qt_log_ignore(*HEADLESS)
MANY = tuple(Address(f"Person {n}", f"p{n}@example.org") for n in range(200))
PASSED = SenderFact(FactKind.PASSED, Weight.NOTE, ("mx.example.org", "example.com", "DKIM"))
FIRST = SenderFact(FactKind.FIRST_MAIL, Weight.NOTE, ("mira.rossi@example.com",))
ELSEWHERE = SenderFact(FactKind.REPLY_ELSEWHERE, Weight.CAUTION, ("c@other.example", "example.com"))
FALSE_NAME = SenderFact(
    FactKind.NAME_IS_ADDRESS, Weight.WARNING, ("service@bank.example", "x@evil.example")
)
OTHER = LinkRisk.OTHER_SITE
EVENT = Invitation("2", Method.REQUEST, "Review", NOW, NOW + 3600, organizer=MIRA)


def popped(act: Callable[[], None], qtbot: QtBot) -> QMenu:
    """The menu that this pops up."""
    act()
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def entry(menu: QMenu, words: str) -> None:
    next(action for action in menu.actions() if action.text() == words).trigger()
    menu.close()


@pytest.mark.parametrize("width", [420, 700])
def test_the_address_stands_beside_the_name_however_narrow(qtbot: QtBot, width: int) -> None:
    long = Address(
        "A name that is long " * 9, "somebody" * 10 + "@" + "department." * 14 + "example"
    )
    top = top_of(qtbot, rendered(replace(LETTER, sender=long)), width)
    top.set_narrow(width < 560)
    author = top.head.author
    assert long.address in author.text().replace("\u200b", "")
    # All of it is in sight: it needs no more room than it has.
    assert author.heightForWidth(author.width()) <= author.height()
    assert author.width() <= width


def test_markup_in_names_is_text(qtbot: QtBot) -> None:
    sender = Address("<b>Bank</b> <a href='x'>", "<img src=x>@example.org")
    top = top_of(qtbot, rendered(replace(LETTER, subject="<i>a</i>", sender=sender)))
    assert "&lt;b&gt;Bank&lt;/b&gt;" in top.head.author.text()
    assert "<img" not in top.head.author.text()
    assert top.head.subject.textFormat() is Qt.TextFormat.PlainText


def test_no_tool_tip_takes_what_a_sender_wrote_for_markup(qtbot: QtBot) -> None:
    picture = "<img src='file:///etc/x'>"
    headers = (("Date", picture),)
    subject = f"{picture} " * 30
    top = top_of(
        qtbot, rendered(replace(LETTER, subject=subject), headers=headers, problems=(picture,))
    )
    top.show_tags({"<b>tag</b>"})
    told = [each.toolTip() for each in top.findChildren(QWidget) if each.toolTip()]
    assert len(told) >= 4
    assert not any("<img" in words or "<b>" in words for words in told)


def test_many_recipients_unfold_and_fold_again(qtbot: QtBot) -> None:
    top = top_of(qtbot, rendered(replace(LETTER, to=MANY)))
    line = top.head.lines[1]
    assert "and 196 more" in line.text()
    assert "p150@" not in line.text()
    before = top.height()
    line.linkActivated.emit("all")
    assert "p150@example.org" in line.text()
    qtbot.waitUntil(lambda: top.height() > before)
    line.linkActivated.emit("few")
    qtbot.waitUntil(lambda: top.height() == before)
    # Another message is folded again.
    line.linkActivated.emit("all")
    top.show_message(rendered(number=2).message_id, replace(LETTER, to=MANY[:150]))
    assert not line.unfolded


def test_five_are_shown_whole_rather_than_four_and_one_more(qtbot: QtBot) -> None:
    top = top_of(qtbot, rendered(replace(LETTER, to=MANY[:5])))
    assert "more" not in top.head.lines[1].text()


def test_who_sent_it_for_another_and_where_answers_go(qtbot: QtBot) -> None:
    envelope = replace(LETTER, reply_to=(Address("", "list@example.net"),))
    headers = (
        ("Sender", '"The Office" <office@example.com>'),
        ("Date", "Tue, 22 Sep 2026 04:13:20 +0800"),
    )
    top = top_of(qtbot, rendered(envelope, headers=headers))
    by, answers = top.head.lines[0], top.head.lines[4]
    assert not by.isHidden()
    assert "Office" in by.text()
    assert "list@example.net" in answers.text()
    assert "+0800" in top.head.date.toolTip()
    top.show_rendered(rendered(replace(LETTER, reply_to=(MIRA,)), number=2))
    assert by.isHidden()
    assert answers.isHidden()


def test_a_name_from_right_to_left_does_not_turn_the_address_round(qtbot: QtBot) -> None:
    top = top_of(qtbot, rendered(replace(LETTER, sender=Address("דנה כהן", "dana@example.il"))))
    words = top.head.author.text()
    assert words.startswith("<p dir='ltr'>")
    assert "\u2068דנה כהן\u2069" in words


def test_an_address_can_be_copied_written_to_and_searched(qtbot: QtBot) -> None:
    top = top_of(qtbot, rendered())
    author = top.head.author
    said: list[str] = []
    top.said.connect(said.append)
    menu = popped(lambda: author.linkActivated.emit("0"), qtbot)
    entry(menu, "Copy address")
    assert QApplication.clipboard().text() == MIRA.address
    assert said == [f"Copied {MIRA.address}"]
    with qtbot.waitSignal(top.write_wanted) as wanted:
        entry(popped(lambda: author.linkActivated.emit("0"), qtbot), "Write to this address")
    assert wanted.args == [MIRA]
    with qtbot.waitSignal(top.search_wanted) as wanted:
        entry(popped(lambda: author.linkActivated.emit("0"), qtbot), "Search mail from it")
    assert wanted.args == [MIRA]


def test_a_name_is_reached_and_opened_by_keys(qtbot: QtBot) -> None:
    top = top_of(qtbot, rendered())
    with qtbot.waitActive(top.window()):
        top.window().activateWindow()
    top.head.author.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(top.head.author, Qt.Key.Key_Tab)
    menu = popped(lambda: QTest.keyClick(top.head.author, Qt.Key.Key_Return), qtbot)
    assert menu.actions()[0].text() == MIRA.address
    menu.close()


def test_a_known_sender_is_left_in_peace(qtbot: QtBot) -> None:
    top = top_of(qtbot, rendered())
    assert top.sender_card.isHidden()


def test_one_quiet_line_says_who_confirms_the_sender(qtbot: QtBot) -> None:
    top = top_of(qtbot, rendered(facts=(FIRST, PASSED)))
    card = top.sender_card
    assert card.line == "Confirmed by mx.example.org to be from example.com"
    assert card.more.accessibleDescription() == "folded"
    QTest.mouseClick(card.more, Qt.MouseButton.LeftButton)
    assert card.line == "mx.example.org confirms that it is from example.com (DKIM)."
    assert card.told == ["This is the first mail from mira.rossi@example.com."]
    assert card.more.accessibleDescription() == "unfolded"
    QTest.mouseClick(card.more, Qt.MouseButton.LeftButton)
    assert card.more.accessibleDescription() == "folded"


def test_a_caution_outweighs_a_confirmation(qtbot: QtBot) -> None:
    top = top_of(qtbot, rendered(facts=(ELSEWHERE, PASSED, FIRST)))
    assert top.sender_card.line == "Answers go to c@other.example, not to example.com"
    # Anywhere on the line it unfolds.
    QTest.mouseClick(top.sender_card._box, Qt.MouseButton.LeftButton, pos=QPoint(20, 10))
    assert top.sender_card.unfolded


def test_a_caution_stands_out_and_a_note_does_not(qtbot: QtBot) -> None:
    top = top_of(qtbot, rendered(facts=(FIRST,)))
    box = top.sender_card._box
    around = QPoint(-10, 2)
    assert colour(box) == colour(box, around)
    assert top.sender_card._line.label.property("tone") == "second"
    top.show_rendered(rendered(number=2, facts=(FIRST, ELSEWHERE)))
    assert top.sender_card.line.startswith("Answers go to")
    qtbot.waitUntil(lambda: colour(box) == QColor(theme.current().warn_ground))
    top.show_rendered(rendered(number=3, facts=(FIRST,)))
    qtbot.waitUntil(lambda: colour(box) == colour(box, around))


def colour(widget: QWidget, at: QPoint | None = None) -> QColor:
    """On screen, at a point of the widget."""
    place = widget.mapTo(widget.window(), at or QPoint(100, 2))
    return widget.window().grab().toImage().pixelColor(place)


def test_risky_links_are_listed_behind_the_fact_that_tells_of_them(qtbot: QtBot) -> None:
    many = tuple(
        Link(f"https://evil{n}.example/x", f"bank{n}.example", f"evil{n}.example", OTHER)
        for n in range(30)
    )
    told = SenderFact(FactKind.LINKS, Weight.CAUTION, ("30",))
    top = top_of(qtbot, rendered(facts=(told,), links=many, view=View(part="2")))
    card = top.sender_card
    assert card.more.isVisible()
    card.turn()
    assert card.told == [f"bank{n}.example → evil{n}.example" for n in range(10)]
    # A warning about them needs a line to unfold them by.
    odd = SenderFact(FactKind.ODD_LINKS, Weight.WARNING, ("evil0.example",))
    top.show_rendered(rendered(number=2, facts=(odd,), links=many[:1], view=View(part="2")))
    assert card.line == "Where the links lead"
    card.turn()
    assert card.told == ["bank0.example → evil0.example"]
    # Nobody spoke of links.
    top.show_rendered(rendered(number=3, facts=(FIRST,), links=many))
    card.turn()
    assert card.told == []


def test_what_has_nothing_behind_it_offers_nothing(qtbot: QtBot) -> None:
    within = View(part="2")
    top = top_of(qtbot, rendered(facts=(FIRST,), view=within))
    card = top.sender_card
    assert card.line
    assert not card.more.isVisible()
    QTest.mouseClick(card._box, Qt.MouseButton.LeftButton, pos=QPoint(20, 10))
    assert not card.unfolded
    # Of one's own mail the signature can be checked; more may be known; a sentence may say more.
    for shown in (
        rendered(number=2, facts=(FIRST,)),
        rendered(number=3, facts=(FIRST, ELSEWHERE), view=within),
        rendered(number=4, facts=(PASSED,), view=within),
    ):
        top.show_rendered(shown)
        assert card.more.isVisible()
        QTest.mouseClick(card.more, Qt.MouseButton.LeftButton)
        assert card.unfolded
    # Asked for by key, it says so even then.
    top.show_rendered(rendered(number=5, view=within))
    assert card.isHidden()
    card.turn()
    assert card.line == "Nothing about the sender stands out"
    assert not card.more.isVisible()
    card.turn()
    assert card.isHidden()


def test_a_warning_is_never_folded_away(qtbot: QtBot) -> None:
    top = top_of(qtbot, rendered(facts=(FALSE_NAME, PASSED)))
    card = top.sender_card
    told = ["The name says service@bank.example, but the mail is from x@evil.example."]
    assert card.warnings == told
    assert card._warnings.isVisible()
    card.turn()
    card.turn()
    assert card._warnings.isVisible()
    top.show_rendered(rendered(number=2))
    assert card.isHidden()
    assert card.warnings == []


def test_the_signature_is_checked_when_asked_for(qtbot: QtBot) -> None:
    link = FakeLink()
    top = top_of(qtbot, rendered(), link=link)
    assert not link.of(CheckSignature)
    top.check_sender()
    card = top.sender_card
    assert card.isVisible()
    assert "Checking…" in card.told
    assert not card.check_button.isEnabled()
    top.check_sender()
    assert len(link.of(CheckSignature)) == 1
    link.last(CheckSignature).answer([SenderFact(FactKind.SIGNED, Weight.NOTE, ("example.com",))])
    assert card.told == ["The signature of example.com is good (DKIM, checked here)."]
    assert card.check_button.isEnabled()
    # The same message shown again keeps the answer; another one has none.
    top.show_rendered(rendered(facts=(FIRST,)))
    assert "The signature of example.com is good (DKIM, checked here)." in card.told
    top.show_rendered(rendered(number=2, facts=(FIRST,)))
    assert "The signature of example.com is good (DKIM, checked here)." not in card.told


def test_a_late_or_failed_answer_about_a_signature(qtbot: QtBot) -> None:
    link = FakeLink()
    top = top_of(qtbot, rendered(facts=(FIRST,)), link=link)
    top.check_sender()
    link.last(CheckSignature).refuse(Offline("DNS gave no answer."))
    assert "DNS gave no answer." in top.sender_card.told
    top.check_sender()
    late = link.last(CheckSignature)
    top.show_rendered(rendered(number=2, facts=(FIRST,)))
    late.answer([SenderFact(FactKind.UNSIGNED, Weight.NOTE)])
    assert top.sender_card.told == []
    top.check_sender()
    assert len(link.of(CheckSignature)) == 3


def test_the_signature_says_nothing_of_a_message_within(qtbot: QtBot) -> None:
    link = FakeLink()
    top = top_of(qtbot, rendered(facts=(FIRST,), view=View(part="2")), link=link)
    top.check_sender()
    assert top.sender_card.check_button.isHidden()
    assert not link.asked


def test_what_is_broken_is_told_with_a_way_to_the_source(qtbot: QtBot) -> None:
    problems = ("A part is not base64.", "No end of a part.", "x", "y", "z")
    top = top_of(qtbot, rendered(problems=problems))
    assert top.problems.told == [
        "This message is broken: A part is not base64.",
        "No end of a part.",
        "x (and 2 more)",
    ]
    with qtbot.waitSignal(top.source_wanted):
        (button,) = top.problems.findChildren(QPushButton)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    top.show_rendered(rendered(number=2))
    assert top.problems.isHidden()


def test_what_is_no_mail_and_what_is_only_long_is_not_called_broken(qtbot: QtBot) -> None:
    top = top_of(qtbot, rendered(problems=("No end.", "This does not look like a mail message.")))
    assert top.problems.told == ["This does not look like a mail message.", "No end."]
    notes = ("The text is too long; only its beginning is here.",)
    top.show_rendered(rendered(number=2, problems=("No end.",), notes=notes))
    assert top.problems.told == [
        "This message is broken: No end.",
        "The text is too long; only its beginning is here.",
    ]
    top.problems.show_problems((), ("Long.",))
    assert top.problems.told == ["Long."]
    button = top.problems.findChildren(QPushButton)[-1]
    assert button.text() == "Show source"
    top.problems.show_problems(())
    assert top.problems.isHidden()


def test_tags_stand_in_the_head_under_their_names(qtbot: QtBot) -> None:
    top = top_of(qtbot, rendered())
    assert top.head.tags.isHidden()
    top.show_tags({"$label1", "holiday", "$Forwarded", "NonJunk", "$Label4"})
    assert top.head.tags.names == ["Important", "To do", "holiday"]
    assert top.head.tags.isVisible()
    top.show_tags(())
    assert top.head.tags.isHidden()


def test_it_takes_no_more_room_than_it_is_given(qtbot: QtBot) -> None:
    cards = Cards(people=tuple(Person("2", f"Person {n}", "x") for n in range(30)))
    top = top_of(qtbot, rendered(cards=cards))
    qtbot.waitUntil(lambda: top.height() > 400)
    top.set_room(300)
    qtbot.waitUntil(lambda: top.height() <= 300)
    bar = top._area.verticalScrollBar()
    assert bar.maximum() > 0
    top.set_room(0)
    qtbot.waitUntil(lambda: bar.maximum() == 0)


def test_two_of_them_stand_one_below_the_other(qtbot: QtBot) -> None:
    """As in a conversation: each by itself, each as tall as its message wants."""
    one = top_of(qtbot, rendered(facts=(FIRST,)))
    other = MessageTop(FakeLink())
    column = one.window().layout()
    assert isinstance(column, QVBoxLayout)
    column.insertWidget(1, other)
    other.show_message(rendered(number=2).message_id, replace(LETTER, subject="Other", to=MANY))
    other.show()
    other.head.lines[1].linkActivated.emit("all")
    qtbot.waitUntil(lambda: other.height() > 3 * one.height())
    assert one.head.subject.text() == "Harbour walk"
    assert not one.head.lines[1].unfolded


def test_cards_are_told_apart_and_bounded(qtbot: QtBot) -> None:
    cards = Cards(
        reports=(Report("", "", (Fate("b@example.com", Action.FAILED, "5.1.1", "550 No"),)),),
        invitations=(EVENT,) * 9,
        piece=Piece("x", 2, 3, (2,)),
    )
    top = top_of(qtbot, rendered(cards=cards))
    kinds = [type(card).__name__ for card in top.cards.cards]
    assert kinds == ["ReportCard", *["InvitationCard"] * 6, "PieceCard"]
    report = top.cards.cards[0]
    assert "Your message could not be delivered" in report.text
    assert "It did not reach b@example.com: there is no such address." in report.text
    assert "550 No" not in report.text
    top.show_rendered(rendered(number=2))
    assert top.cards.isHidden()


def test_an_invitation_is_opened_as_the_part_that_it_is(qtbot: QtBot) -> None:
    attached = Attachment("2", "invite.ics", "text/calendar", 300)
    top = top_of(qtbot, rendered(cards=Cards(invitations=(EVENT,)), attachments=(attached,)))
    card = top.cards.cards[0]
    assert isinstance(card, InvitationCard)
    with qtbot.waitSignal(top.open_wanted) as wanted:
        card.open_wanted.emit("2")
    assert wanted.args == [attached]
    top.show_rendered(rendered(cards=Cards(invitations=(EVENT,)), number=2))
    with qtbot.waitSignal(top.save_wanted) as wanted:
        card = top.cards.cards[0]
        assert isinstance(card, InvitationCard)
        card.save_wanted.emit("2")
    assert wanted.args is not None
    assert wanted.args[0].filename == "invitation.ics"


@pytest.mark.parametrize(
    ("url", "offered"),
    [
        ("https://files.example.com/a.ps", True),
        ("mailto:server@example.com?subject=send", True),
        ("file:///etc/passwd", False),
        ("ftp://files.example.com/a", False),
        ("javascript:alert(1)", False),
        ("", False),
    ],
)
def test_a_body_elsewhere_is_opened_by_hand_only(qtbot: QtBot, url: str, offered: bool) -> None:
    body = Elsewhere("2", "url", "on files.example.com", url, "a.ps", "application/postscript", 9)
    link = FakeLink()
    top = top_of(qtbot, rendered(cards=Cards(elsewhere=(body,))), link=link)
    card = top.cards.cards[0]
    assert isinstance(card, ElsewhereCard)
    assert link.asked == []
    buttons = {button.text(): button for button in card.findChildren(QPushButton)}
    words = "Ask for it by mail…" if url.startswith("mailto") else "Open in browser…"
    assert (words in buttons) is offered
    if offered:
        with qtbot.waitSignal(top.link_clicked) as wanted:
            buttons[words].click()
        assert wanted.args is not None
        assert wanted.args[0].toString() == url


def test_everything_in_it_has_a_name(qtbot: QtBot) -> None:
    facts = (FALSE_NAME, ELSEWHERE, PASSED)
    cards = Cards(invitations=(EVENT,), people=(Person("3", "Kofi", addresses=("k@example.org",)),))
    top = top_of(qtbot, rendered(facts=facts, cards=cards, problems=("Broken.",)))
    for button in top.findChildren(QPushButton):
        assert button.accessibleName() or button.text(), button
    assert "Mira Rossi" in top.head.author.accessibleName()
    assert ADA.address in top.head.lines[1].accessibleName()


@pytest.mark.parametrize("date", [1e18, -1e18, 253_402_300_800.0, float("nan"), float("inf")])
def test_a_date_in_no_year_of_people_is_none(qtbot: QtBot, date: float) -> None:
    top = top_of(qtbot, rendered(replace(LETTER, date=date), headers=(("Date", "in 99999"),)))
    assert top.head.date.text() == "no date"
    assert "in 99999" in top.head.date.toolTip()


def test_amounts_that_only_a_liar_names_are_bounded(qtbot: QtBot) -> None:
    crowd = tuple(Address("N" * 5000, f"{n}@" + "d" * 5000) for n in range(1000)) * 40
    body = Elsewhere("2", "url", "w" * 9000, "", "n" * 9000, "t" * 9000, 10**30, "e" * 9000)
    people = Person("3", "N" * 9000, "O" * 9000, ("a@b.example",) * 900, ("1" * 900,) * 900)
    fates = tuple(
        Fate("r" * 900, Action.FAILED, f"5.{n % 7}.{n % 9}", "s" * 9000) for n in range(900)
    )
    cards = Cards((Report("", "", fates),), (), (people,), (body,))
    top = top_of(qtbot, rendered(replace(LETTER, to=crowd), cards=cards))
    line = top.head.lines[1]
    assert "and 39996 more" in line.text().replace(",", "")
    line.linkActivated.emit("all")
    assert len(line.text()) < 60_000
    assert max(len(label.text()) for label in top.cards.findChildren(QLabel)) < 10_000


def test_a_date_that_is_none_and_a_subject_that_is_empty(qtbot: QtBot) -> None:
    top = top_of(qtbot, rendered(Envelope()))
    assert top.head.subject.text() == "(no subject)"
    assert top.head.date.text() == "no date"
    assert "(unknown sender)" in top.head.author.text()
