"""The wizard's second page: settings that were found, and typed by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from martlet.mail.account import Protocol, SecretSource, Security
from martlet.mail.discovery import FoundBy, Offer
from martlet.mail.providers import SignIn
from martlet.mail.sign_in import SMTP
from martlet.ui.accounts.found import FoundPage, Place
from martlet.ui.accounts.plan import Method, Person, guessed_offer, is_local
from ui.support.setting_up import ADDRESS, OAUTH, found, offer, server

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

TOM = Person(ADDRESS, "Tom", "secret")


@pytest.fixture
def page(qtbot: QtBot) -> FoundPage:
    made = FoundPage(None, lambda _url: True)
    qtbot.addWidget(made)
    made.show()
    return made


def choose(row_combo: QComboBox, value: Security) -> None:
    index = row_combo.findData(value.value)
    row_combo.setCurrentIndex(index)
    row_combo.activated.emit(index)


def test_what_was_found_is_shown_with_its_source(page: FoundPage) -> None:
    page.show_searching(TOM, ["autoconfig.home.example"])
    assert page.busy_words.text() == "Asking autoconfig.home.example…"
    assert not page.ready
    page.show_found(TOM, found())
    assert "home.example publishes" in page.lead.text()
    assert page.summary.texts == [
        "IMAP · mail.home.example · 993 · TLS",
        "SMTP · mail.home.example · 465 · TLS",
    ]
    page.asked.fold.click()
    assert "autoconfig.home.example: It has settings." in page.asked.words.text()
    assert page.account.incoming == server(Protocol.IMAP)


def test_what_stands_above_the_servers_stays_true(page: FoundPage) -> None:
    page.show_found(TOM, found(guessed_offer(ADDRESS)))
    assert page.lead.text().startswith("These are a guess")
    assert page.lead.text().endswith("Your password has not been sent yet.")
    page.begin_by_hand()
    assert page.lead.text().startswith("These are a guess")
    page.grid.incoming.host.clear()
    QTest.keyClicks(page.grid.incoming.host, "imap.other.example")
    assert page.lead.text() == (
        "These are as you have typed them. Your password has not been sent yet."
    )
    page.password_sent()
    assert page.lead.text() == "These are as you have typed them."
    page.show_found(replace(TOM, address="eve@other.example"), found(guessed_offer("e@o.example")))
    assert "has not been sent" in page.lead.text()


def test_what_is_advanced_unfolds_below_its_box(qtbot: QtBot, page: FoundPage) -> None:
    page.resize(700, 800)
    page.show_found(TOM, found())
    page.begin_by_hand()
    box, grid = page.grid.advanced, page.grid
    qtbot.waitUntil(lambda: grid.height() == grid.sizeHint().height())
    at, folded = box.mapTo(page, box.rect().center()), grid.height()
    box.click()
    qtbot.waitUntil(lambda: grid.height() == grid.sizeHint().height() > folded)
    assert box.mapTo(page, box.rect().center()) == at
    for field in (grid.incoming.auth, grid.outgoing.auth, grid.own_password):
        assert field.isVisible()
        assert field.mapTo(page, field.rect().topLeft()).y() > at.y()
    box.click()
    qtbot.waitUntil(lambda: grid.height() == folded)
    assert box.mapTo(page, box.rect().center()) == at


def test_where_passwords_are_mostly_refused_the_browser_comes_first(page: FoundPage) -> None:
    browser = offer(sign_in=SignIn.BROWSER, oauth=replace(OAUTH, client_id="id"), who="Outlook")
    page.show_found(TOM, found(browser))
    box = page.sign_in
    assert box.method.radio(Method.BROWSER).isChecked()
    assert box.value.password == "secret"
    assert box.kept.isVisible()
    assert "Outlook mostly refuses" in box.kept.text()
    box.method.radio(Method.PASSWORD).click()
    assert not box.kept.isVisible()
    page.show_found(TOM, found(browser))
    assert box.method.radio(Method.PASSWORD).isChecked()


def test_an_authorisation_code_is_not_called_a_password(page: FoundPage) -> None:
    page.show_found(replace(TOM, password=""), found(offer(sign_in=SignIn.AUTH_CODE, who="QQ")))
    name = "Authorisation code (授权码)"
    assert page.sign_in.heading.text() == name
    assert page.sign_in.password.accessibleName() == name
    assert page.problem() == "Enter the authorisation code."


def test_what_must_be_looked_at_is_a_warning(page: FoundPage) -> None:
    page.show_found(TOM, found(offer(found_by=FoundBy.SRV, confirm="Look at these hosts.")))
    assert page.confirm.text == "Look at these hosts."
    other = replace(TOM, address="eve@other.example")
    page.show_searching(other, [])
    assert page.confirm.text == ""


def test_one_of_several_offers_is_chosen(page: FoundPage) -> None:
    page.show_found(TOM, found(offer(), guessed_offer(ADDRESS)))
    assert page.offer_row.isVisible()
    page.offers.setCurrentIndex(1)
    page.offers.activated.emit(1)
    assert page.account.incoming is not None
    assert page.account.incoming.host == "imap.home.example"
    assert "guess" in page.lead.text()


def test_pop3_is_one_click(page: FoundPage) -> None:
    page.show_found(TOM, found())
    page.protocol.radio(Protocol.POP3).click()
    assert page.account.incoming == server(Protocol.POP3)
    assert page.summary.texts[0].startswith("POP3 · mail.home.example · 995")


def test_a_provider_without_pop3_gets_a_guess_by_hand(page: FoundPage) -> None:
    only_imap = Offer(FoundBy.AUTOCONFIG, (server(Protocol.IMAP),), ())
    page.show_found(TOM, found(only_imap))
    page.protocol.radio(Protocol.POP3).click()
    made = page.account.incoming
    assert made is not None
    assert (made.protocol, made.host) == (Protocol.POP3, "pop.home.example")


def test_a_provider_with_pop3_alone_shows_that(page: FoundPage) -> None:
    only = Offer(FoundBy.AUTOCONFIG, (server(Protocol.POP3),), (server(Protocol.SMTP),))
    page.show_found(TOM, found(only))
    assert page.protocol.value is Protocol.POP3
    assert page.account.incoming == server(Protocol.POP3)


def test_by_hand_is_filled_in_and_stays_as_typed(page: FoundPage) -> None:
    page.show_found(TOM, found())
    page.typed.click()
    row = page.grid.incoming
    assert row.host.text() == "mail.home.example"
    row.host.clear()
    QTest.keyClicks(row.host, "other.example")
    page.show_person(replace(TOM, full_name="Thomas"))
    assert row.host.text() == "other.example"
    page.show_found(replace(TOM, address="eve@third.example"), found(offer("eve@third.example")))
    assert row.host.text() == "mail.third.example"


def test_the_port_follows_security_until_it_is_typed(page: FoundPage) -> None:
    page.show_found(TOM, found())
    page.typed.click()
    page.grid.advanced.click()
    row = page.grid.incoming
    choose(row.security, Security.STARTTLS)
    assert row.port.text() == "143"
    row.port.clear()
    QTest.keyClicks(row.port, "1143")
    choose(row.security, Security.NONE)
    assert row.port.text() == "1143"
    assert page.grid.danger_line.isVisible()


def test_no_security_hides_behind_advanced_but_for_this_computer(page: FoundPage) -> None:
    page.show_found(TOM, found())
    page.typed.click()
    row = page.grid.incoming
    assert row.security.findData(Security.NONE.value) < 0
    row.host.clear()
    QTest.keyClicks(row.host, "127.0.0.1")
    choose(row.security, Security.NONE)
    assert not page.grid.danger_line.isVisible()
    row.host.clear()
    QTest.keyClicks(row.host, "mail.home.example")
    # What is chosen stays to be seen, in red.
    assert page.grid.danger_line.isVisible()
    assert row.chosen_security is Security.NONE


@pytest.mark.parametrize(
    ("host", "port", "words"),
    [
        ("imap example", "993", "cannot be the name of a server"),
        ("https://imap.example.org", "993", "more than a server's name"),
        ("imap.example.org", "0", "from 1 to 65535"),
        ("imap.example.org", "70000", "from 1 to 65535"),
    ],
)
def test_hosts_and_ports_are_checked_as_typed(
    page: FoundPage, host: str, port: str, words: str
) -> None:
    page.show_found(TOM, found())
    page.typed.click()
    row = page.grid.incoming
    row.host.clear()
    QTest.keyClicks(row.host, host)
    row.port.clear()
    QTest.keyClicks(row.port, port)
    assert words in page.grid.problem_line.text()
    assert words in page.problem()


def test_an_account_may_only_send_but_not_do_nothing(page: FoundPage) -> None:
    page.show_found(TOM, found())
    page.typed.click()
    page.grid.incoming.host.clear()
    assert page.problem() == ""
    assert page.account.incoming is None
    page.grid.outgoing.host.clear()
    assert "Enter a server" in page.problem()


def test_a_way_to_sign_in_and_another_password_for_sending(page: FoundPage) -> None:
    page.show_found(TOM, found())
    page.typed.click()
    page.grid.advanced.click()
    auth = page.grid.incoming.auth
    auth.setCurrentIndex(auth.findData("SCRAM-SHA-256"))
    page.grid.own_password.click()
    QTest.keyClicks(page.grid.smtp_password, "other")
    made = page.account
    assert made.incoming is not None
    assert made.incoming.auth == "SCRAM-SHA-256"
    assert made.smtp_secret
    assert page.grid.secrets() == {SMTP: "other"}


def test_a_missing_password_is_asked_for(page: FoundPage) -> None:
    page.show_found(replace(TOM, password=""), found())
    assert page.problem() == "Enter the password."
    assert page.focusWidget() is page.sign_in.password
    QTest.keyClicks(page.sign_in.password, "x")
    assert not page.problem_line.isVisible()
    assert page.problem() == ""


def test_a_command_is_there_by_hand(page: FoundPage) -> None:
    page.show_found(replace(TOM, password=""), found())
    assert not page.sign_in.method.offers(Method.COMMAND)
    page.typed.click()
    page.sign_in.method.radio(Method.COMMAND).click()
    assert "command" in page.problem()
    QTest.keyClicks(page.sign_in.command, "pass show mail")
    made = page.account
    assert (made.secret, made.password_command) == (SecretSource.COMMAND, "pass show mail")
    # Back at what was found it is still there, since it is chosen.
    page.as_found.click()
    assert page.sign_in.method.offers(Method.COMMAND)


def test_a_provider_without_our_client_id_says_why(page: FoundPage) -> None:
    page.show_found(
        replace(TOM, password=""), found(offer(sign_in=SignIn.BROWSER, oauth=OAUTH, who="Example"))
    )
    assert page.sign_in.method.value is Method.BROWSER
    client = page.sign_in.client
    assert client.isVisible()
    assert "registered" in client.why.text()
    assert "client id" in page.problem()
    QTest.keyClicks(client.client_id, "mine")
    QTest.keyClicks(client.secret, "hush")
    made = page.account
    assert made.oauth == replace(OAUTH, client_id="mine")
    assert page.signing_in.client_secret == "hush"
    assert "hush" not in repr(page.signing_in)


def test_a_typed_password_beats_the_browser(page: FoundPage) -> None:
    known = replace(OAUTH, client_id="ours")
    page.show_found(TOM, found(offer(sign_in=SignIn.APP_PASSWORD, oauth=known, who="Example")))
    assert page.sign_in.method.value is Method.PASSWORD
    assert page.account.oauth is None
    page.sign_in.method.radio(Method.BROWSER).click()
    assert page.account.oauth == known


@pytest.mark.parametrize("place", [Place.HOST, Place.PORT, Place.USER, Place.SECURITY])
def test_advice_leads_to_its_field(page: FoundPage, place: Place) -> None:
    page.show_found(TOM, found())
    page.point_at(place, Protocol.SMTP)
    row = page.grid.outgoing
    fields = {
        Place.HOST: row.host,
        Place.PORT: row.port,
        Place.USER: row.user,
        Place.SECURITY: row.security,
    }
    assert page.grid.isVisible()
    assert page.focusWidget() is fields[place]


def test_local_servers_are_known_by_name_and_number() -> None:
    assert all(is_local(host) for host in ("localhost", "LOCALHOST.", "127.0.0.2", "[::1]", "::1"))
    assert not any(is_local(host) for host in ("", "localhost.example", "10.0.0.1", "128.0.0.1"))


def test_pop3_has_ways_to_sign_in_of_its_own(page: FoundPage) -> None:
    page.show_found(TOM, found())
    auth = page.grid.incoming.auth
    assert auth.findData("APOP") < 0
    page.protocol.radio(Protocol.POP3).click()
    auth.setCurrentIndex(auth.findData("APOP"))
    made = page.account.incoming
    assert made is not None
    assert made.auth == "APOP"
    page.protocol.radio(Protocol.IMAP).click()
    assert auth.currentData() == ""
