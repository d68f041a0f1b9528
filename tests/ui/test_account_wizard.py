"""The wizard as a whole: what follows what, and what is asked of the engine and when."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from martlet.link.messages import (
    AccountAdd,
    AccountTest,
    DesktopAccounts,
    Discover,
    HasKeyring,
    SignInBegin,
    SignInCancel,
    SignInWait,
)
from martlet.mail.account import AccountId, Keep, Pin, Protocol, SecretSource, Security
from martlet.mail.discovery import FoundBy
from martlet.mail.errors import ErrorKind, Offline, Refused, StoreError
from martlet.mail.providers import SignIn
from martlet.mail.route import Stage
from martlet.mail.sign_in import DesktopAccount, OAuthPending
from martlet.ui.accounts import AccountWizard
from martlet.ui.accounts.plan import Method
from ui.compose_fakes import account
from ui.support.setting_up import (
    ADDRESS,
    OAUTH,
    PRINT,
    WELL,
    Guided,
    found,
    guided,
    offer,
    server,
    steps,
    tab_walk,
    unnamed,
)

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def at(wizard: AccountWizard, page: str) -> bool:
    """Whether this page of the wizard is shown."""
    return wizard.page is getattr(wizard, page)


@pytest.fixture
def guide(qtbot: QtBot) -> Guided:
    return guided(qtbot)


def test_from_an_address_to_an_account(qtbot: QtBot, guide: Guided) -> None:
    wizard, link = guide.wizard, guide.link
    guide.person()
    # Nothing has gone anywhere yet: only what is asked of this computer.
    assert {type(one.request) for one in link.asked} == {DesktopAccounts, HasKeyring}
    wizard.next.click()
    assert link.of(Discover) == [Discover(ADDRESS, True)]
    assert not wizard.next.isEnabled()
    link.last(Discover).answer(found())
    assert at(wizard, "found")
    assert not link.of(AccountTest)
    wizard.next.click()
    assert (guide.tested.password, guide.tested.account.address) == ("secret", ADDRESS)
    assert not wizard.next.isEnabled()
    link.last(AccountTest).answer(WELL)
    wizard.next.click()
    assert at(wizard, "keep")
    wizard.next.click()
    added = link.of(AccountAdd)[0]
    assert added.password == "secret"
    made = added.account
    assert (made.name, made.address, made.full_name) == (ADDRESS, ADDRESS, "Tom")
    assert (made.incoming, made.outgoing) == (server(Protocol.IMAP), server(Protocol.SMTP))
    assert (made.secret, made.keep, made.keep_days) == (SecretSource.KEYRING, Keep.RECENT, 365)
    with qtbot.waitSignal(wizard.added) as told:
        link.last(AccountAdd).answer(AccountId(5))
    assert told.args == [5]
    assert not wizard.isVisible()


def test_enter_goes_on_and_alt_left_goes_back(qtbot: QtBot, guide: Guided) -> None:
    guide.person()
    QTest.keyClick(guide.wizard.person.password, Qt.Key.Key_Return)
    assert at(guide.wizard, "found")
    guide.wizard.back.click()
    assert at(guide.wizard, "person")
    assert guide.wizard.person.password.text() == "secret"
    assert guide.wizard.back.shortcut().toString() == "Alt+Left"
    assert guide.wizard.by_hand.shortcut().toString() == "Alt+H"


def test_an_address_is_asked_about_once(guide: Guided) -> None:
    guide.to_found()
    guide.wizard.back.click()
    guide.wizard.next.click()
    assert len(guide.link.of(Discover)) == 1
    assert guide.wizard.next.isEnabled()
    guide.wizard.back.click()
    QTest.keyClicks(guide.wizard.person.address, ".org")
    guide.wizard.next.click()
    assert guide.link.of(Discover)[-1].address == ADDRESS + ".org"


def test_a_late_answer_about_another_address_is_dropped(guide: Guided) -> None:
    guide.person()
    guide.wizard.next.click()
    first = guide.link.last(Discover)
    guide.wizard.back.click()
    QTest.keyClicks(guide.wizard.person.address, ".org")
    guide.wizard.next.click()
    first.answer(found())
    assert not guide.wizard.next.isEnabled()
    guide.link.last(Discover).answer(found(offer(ADDRESS + ".org")))
    assert guide.wizard.found.account.address == ADDRESS + ".org"


def test_by_hand_is_one_click_away_while_it_looks(guide: Guided) -> None:
    guide.person()
    guide.wizard.next.click()
    guide.wizard.by_hand.click()
    assert guide.wizard.found.grid.isVisible()
    assert guide.wizard.found.grid.incoming.host.text() == "imap.home.example"
    guide.link.last(Discover).answer(found())  # nobody waits for it any more
    assert guide.wizard.found.grid.incoming.host.text() == "imap.home.example"
    assert guide.wizard.next.isEnabled()


def test_by_hand_asks_nobody(guide: Guided) -> None:
    guide.person()
    guide.wizard.by_hand.click()
    assert not guide.link.of(Discover)
    assert guide.wizard.found.grid.isVisible()
    guide.wizard.next.click()
    made = guide.tested.account
    assert made.incoming is not None
    assert (made.incoming.host, made.incoming.security) == ("imap.home.example", Security.TLS)


def test_without_an_engine_to_ask_there_is_the_guess(guide: Guided) -> None:
    guide.person()
    guide.wizard.next.click()
    guide.link.last(Discover).refuse(Refused("That is no address."))
    assert guide.wizard.notice.text == "That is no address."
    assert guide.wizard.found.account.incoming is not None


def test_a_wrong_password_is_corrected(guide: Guided) -> None:
    wizard = guide.wizard
    wrong = steps(Protocol.IMAP, Stage.SIGN_IN, "The server refused it.", ErrorKind.AUTH)
    guide.to_check(wrong)
    assert "Check the password" in wizard.check.panel.trouble.text
    wizard.check.panel.fix.click()
    assert at(wizard, "found")
    assert wizard.found.sign_in.password.selectedText() != ""
    QTest.keyClicks(wizard.found.sign_in.password, "better")
    wizard.next.click()
    assert guide.tested.password == "better"
    guide.link.last(AccountTest).answer(WELL)
    assert wizard.next.isEnabled()


def test_a_certificate_is_pinned_on_the_way(guide: Guided) -> None:
    wizard = guide.wizard
    stopped = steps(
        Protocol.IMAP, Stage.CERTIFICATE, "Nobody vouches for it.", ErrorKind.TLS, PRINT
    )
    guide.to_check(stopped)
    wizard.check.panel.fix.click()
    assert wizard.check.panel.sheet is not None
    wizard.check.panel.sheet.trust.click()
    pins = (Pin("mail.home.example", PRINT),)
    assert guide.tested.account.pins == pins
    guide.link.last(AccountTest).answer(WELL)
    wizard.next.click()
    wizard.next.click()
    assert guide.link.of(AccountAdd)[0].account.pins == pins


def test_settings_can_be_kept_though_a_server_is_away(guide: Guided) -> None:
    guide.to_check(steps(Protocol.IMAP, Stage.CONNECTION, "Away.", ErrorKind.OFFLINE))
    assert not guide.wizard.next.isEnabled()
    guide.wizard.check.anyway.click()
    guide.wizard.next.click()
    assert guide.link.of(AccountAdd)[0].account.incoming == server(Protocol.IMAP)


def test_without_a_keyring_asking_is_offered(qtbot: QtBot) -> None:
    guide = guided(qtbot, keyring=False)
    guide.to_keep()
    secret = guide.wizard.keep.secret
    assert "no keyring" in secret.missing.text
    assert not secret.source.offers(SecretSource.KEYRING)
    guide.wizard.next.click()
    added = guide.link.of(AccountAdd)[0]
    assert (added.account.secret, added.password) == (SecretSource.ASK, "secret")


def test_a_keyring_that_refuses_leads_to_asking(guide: Guided) -> None:
    guide.to_keep()
    guide.wizard.next.click()
    guide.link.last(AccountAdd).refuse(StoreError("The keyring refused to keep the password."))
    assert "keyring" in guide.wizard.keep.trouble.text
    assert guide.wizard.keep.secret.value is SecretSource.ASK
    guide.wizard.next.click()
    assert guide.link.of(AccountAdd)[-1].account.secret is SecretSource.ASK


def test_what_a_command_prints_is_not_kept(guide: Guided) -> None:
    guide.to_keep()
    secret = guide.wizard.keep.secret
    secret.source.radio(SecretSource.COMMAND).click()
    guide.wizard.next.click()
    assert "command" in guide.wizard.keep.problem_line.text()
    QTest.keyClicks(secret.command, "pass show mail")
    guide.wizard.next.click()
    added = guide.link.of(AccountAdd)[0]
    assert (added.account.secret, added.password) == (SecretSource.COMMAND, "")
    assert added.account.password_command == "pass show mail"


def test_a_name_that_is_taken_gets_a_number(qtbot: QtBot) -> None:
    guide = guided(qtbot, [account(1, ADDRESS.upper(), "x@y.example")])
    guide.to_keep()
    assert guide.wizard.keep.name.text() == f"{ADDRESS} 2"
    guide.wizard.keep.name.clear()
    QTest.keyClicks(guide.wizard.keep.name, ADDRESS)
    guide.wizard.next.click()
    assert "Another account" in guide.wizard.keep.problem_line.text()
    assert not guide.link.of(AccountAdd)


def test_the_browser_signs_in(guide: Guided) -> None:
    wizard, link = guide.wizard, guide.link
    guide.person(password="")
    wizard.next.click()
    known = replace(OAUTH, client_id="ours")
    link.last(Discover).answer(found(offer(sign_in=SignIn.BROWSER, oauth=known)))
    wizard.next.click()
    assert at(wizard, "browser")
    begun = link.of(SignInBegin)[0]
    assert (begun.oauth, begun.user) == (known, ADDRESS)
    link.last(SignInBegin).answer(OAuthPending("t1", "https://login.example/authorize?a=b"))
    assert guide.opened == ["https://login.example/authorize?a=b"]
    wizard.browser.closed.click()
    assert len(guide.opened) == 2
    link.last(SignInWait).answer()
    assert at(wizard, "check")
    assert (guide.tested.grant, guide.tested.password) == ("t1", "")
    assert guide.tested.account.secret is SecretSource.OAUTH
    link.last(AccountTest).answer(WELL)
    wizard.next.click()
    assert not wizard.keep.secret.isVisible()
    wizard.next.click()
    added = link.of(AccountAdd)[0]
    assert (added.grant, added.account.oauth) == ("t1", known)


def test_a_sign_in_is_given_up_by_back_and_tried_again(guide: Guided) -> None:
    wizard, link = guide.wizard, guide.link
    guide.person(password="")
    wizard.next.click()
    known = replace(OAUTH, client_id="ours")
    link.last(Discover).answer(found(offer(sign_in=SignIn.BROWSER, oauth=known)))
    wizard.next.click()
    link.last(SignInBegin).answer(OAuthPending("t1", "https://login.example/authorize"))
    wizard.back.click()
    assert link.of(SignInCancel) == [SignInCancel("t1")]
    wizard.next.click()
    link.last(SignInBegin).answer(OAuthPending("t2", "https://login.example/authorize"))
    link.last(SignInWait).refuse(Offline("Nobody came."))
    assert wizard.browser.trouble.text == "Nobody came."
    wizard.browser.again.click()
    link.last(SignInBegin).answer(OAuthPending("t3", "https://login.example/authorize"))
    wizard.cancel.click()
    assert link.of(SignInCancel)[-1] == SignInCancel("t3")


def test_an_account_of_the_desktop_is_one_click(guide: Guided) -> None:
    desktop = DesktopAccount(
        "goa:17",
        "GNOME Online Accounts",
        "Example",
        ADDRESS,
        "Tom L",
        incoming=server(Protocol.IMAP),
        outgoing=server(Protocol.SMTP),
    )
    guide.link.last(DesktopAccounts).answer([desktop])
    (button,) = guide.wizard.person.offer_buttons
    button.click()
    assert not guide.link.of(Discover)
    guide.wizard.next.click()
    made = guide.tested.account
    assert (made.secret, made.desktop) == (SecretSource.DESKTOP, "goa:17")
    assert (made.full_name, made.incoming) == ("Tom L", server(Protocol.IMAP))


def test_pop3_is_asked_what_becomes_of_its_copies(guide: Guided) -> None:
    wizard = guide.wizard
    guide.to_found()
    wizard.found.protocol.radio(Protocol.POP3).click()
    wizard.next.click()
    assert guide.tested.account.incoming == server(Protocol.POP3)
    guide.link.last(AccountTest).answer([*steps(Protocol.POP3), *steps(Protocol.SMTP)])
    wizard.next.click()
    assert wizard.keep.pop3.isVisible()
    assert not wizard.keep.imap.isVisible()
    wizard.next.click()
    made = guide.link.of(AccountAdd)[0].account
    assert (made.leave_on_server, made.leave_days, made.delete_there) == (True, 0, True)


def test_closing_it_drops_what_comes_late(guide: Guided) -> None:
    guide.person()
    guide.wizard.next.click()
    guide.wizard.reject()
    guide.link.last(Discover).answer(found(offer(found_by=FoundBy.SRV)))
    assert not guide.wizard.isVisible()


def test_every_control_of_every_page_has_a_name(guide: Guided) -> None:
    wizard = guide.wizard
    guide.to_found(found(offer(oauth=OAUTH), offer(found_by=FoundBy.GUESS)))
    assert unnamed(wizard) == []
    wizard.by_hand.click()
    wizard.found.grid.advanced.click()
    wizard.found.grid.own_password.click()
    assert unnamed(wizard) == []
    wizard.next.click()
    guide.link.last(AccountTest).answer(steps(Protocol.IMAP, Stage.NAME, "No."))
    assert unnamed(wizard) == []
    wizard.check.anyway.click()
    wizard.keep.secret.source.radio(SecretSource.COMMAND).click()
    assert unnamed(wizard) == []


def test_tab_goes_from_a_choice_to_what_belongs_to_it(guide: Guided) -> None:
    guide.to_found(found(offer(oauth=OAUTH, sign_in=SignIn.BROWSER)))
    box = guide.wizard.found.sign_in
    box.method.radio(Method.BROWSER).click()
    walked = tab_walk(guide.wizard, box.method.radio(Method.BROWSER), 4)
    client = box.client
    assert walked[:3] == [client.link, client.client_id, client.secret]


def test_the_browser_chosen_at_once_is_kept_to(guide: Guided) -> None:
    QTest.keyClicks(guide.wizard.person.address, "tom@gmail.com")
    guide.wizard.person.browser.click()
    guide.link.last(Discover).answer(
        found(offer("tom@gmail.com", sign_in=SignIn.APP_PASSWORD, oauth=OAUTH))
    )
    assert guide.wizard.found.sign_in.method.value is Method.BROWSER
    assert guide.wizard.focusWidget() is guide.wizard.found.sign_in.client.client_id


def test_by_hand_needs_an_address_too(guide: Guided) -> None:
    wizard = guide.wizard
    wizard.by_hand.click()
    assert at(wizard, "person")
    assert wizard.person.problem_line.text() == "First enter your mail address."
    assert wizard.focusWidget() is wizard.person.address
    QTest.keyClicks(wizard.person.address, "tom@")
    wizard.by_hand.click()
    assert "cannot be a mail address" in wizard.person.problem_line.text()
    QTest.keyClicks(wizard.person.address, "home.example")
    assert not wizard.person.problem_line.isVisible()
    wizard.by_hand.click()
    assert at(wizard, "found")


def test_another_client_id_needs_another_grant(guide: Guided) -> None:
    wizard, link = guide.wizard, guide.link
    guide.person(password="")
    wizard.next.click()
    link.last(Discover).answer(found(offer(sign_in=SignIn.BROWSER, oauth=OAUTH)))
    QTest.keyClicks(wizard.found.sign_in.client.client_id, "one")
    wizard.next.click()
    link.last(SignInBegin).answer(OAuthPending("t1", "https://login.example/authorize"))
    link.last(SignInWait).answer()
    wizard.back.click()
    wizard.next.click()
    assert at(wizard, "check")
    assert len(link.of(SignInBegin)) == 1
    wizard.back.click()
    QTest.keyClicks(wizard.found.sign_in.client.client_id, "two")
    wizard.next.click()
    assert at(wizard, "browser")
    assert link.of(SignInBegin)[1].oauth.client_id == "onetwo"
