"""The settings of an account: every field of it can be seen and changed, and nothing else does."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from martlet.link.messages import (
    AccountEdit,
    AccountTest,
    HasKeyring,
    SignInBegin,
    SignInCancel,
    SignInWait,
)
from martlet.mail.account import (
    Account,
    AccountId,
    Pin,
    Protocol,
    SecretSource,
    Security,
    SentCopies,
    Server,
)
from martlet.mail.errors import ErrorKind, Refused, StoreError
from martlet.mail.folder import Folder, FolderId, Role
from martlet.mail.identity import Identity
from martlet.mail.route import Proxy, ProxyKind, Stage
from martlet.mail.sign_in import CERTIFICATE, PROXY, SMTP, OAuthPending, part_of_identity
from martlet.ui.accounts import AccountSettings
from martlet.ui.accounts.identity_sheet import IdentitySheet
from ui.compose_fakes import FakeLink, FakeReader, account
from ui.support.setting_up import OAUTH, PRINT, WELL, steps, tab_walk, unnamed

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

WORK = Server(Protocol.SMTP, "smtp.work.example", 587, Security.STARTTLS, "tom", "PLAIN")
FULL = replace(
    account(1, "home", "tom@example.org"),
    pins=(Pin("h", PRINT), Pin("i", "cd" * 32)),
    ca_file="/etc/ca.pem",
    certificate="/etc/me.pem",
    proxy=Proxy(ProxyKind.SOCKS5, "127.0.0.1", 9050, "me"),
    smtp_secret=True,
    reply_to="answers@example.org",
    signature="Tom\nLindqvist",
    identities=(
        Identity(3, "tom@work.example", "Tom", "", "T.", WORK, "Sent/Work"),
        Identity(5, "info@example.org"),
    ),
    catch_all=True,
    sent_copies=SentCopies.ALWAYS,
    keep_days=12,
)
POP = replace(
    account(1, "old", "tom@pop.example", Protocol.POP3),
    leave_days=45,
    leave_count=9,
    summary_first=True,
    into=AccountId(8),
)


@pytest.fixture
def link() -> FakeLink:
    return FakeLink()


def shown(qtbot: QtBot, link: FakeLink, stored: Account, *others: Account) -> AccountSettings:
    reader = FakeReader([stored, *others]).reader
    opened: list[str] = []
    dialog = AccountSettings(link, reader, stored, None, opened.append)
    qtbot.addWidget(dialog)
    dialog.show()
    link.last(HasKeyring).answer(True)
    return dialog


@pytest.mark.parametrize(
    "stored",
    [
        FULL,
        POP,
        replace(FULL, incoming=None),
        replace(FULL, secret=SecretSource.COMMAND, password_command="pass x"),
        replace(FULL, secret=SecretSource.ASK),
        replace(FULL, secret=SecretSource.OAUTH, oauth=replace(OAUTH, client_id="id")),
        replace(FULL, secret=SecretSource.DESKTOP, desktop="goa:1"),
    ],
    ids=["imap", "pop3", "sends", "command", "ask", "browser", "desktop"],
)
def test_a_look_changes_nothing(qtbot: QtBot, link: FakeLink, stored: Account) -> None:
    dialog = shown(qtbot, link, stored, account(8, "other", "x@y.example", Protocol.POP3))
    for tab in range(dialog.tabs.count()):
        dialog.tabs.setCurrentIndex(tab)
    dialog.save.click()
    assert link.of(AccountEdit) == [AccountEdit(stored)]
    link.last(AccountEdit).answer()
    assert not dialog.isVisible()


def test_it_is_renamed_and_a_refusal_is_shown(qtbot: QtBot, link: FakeLink) -> None:
    dialog = shown(qtbot, link, FULL)
    dialog.account_section.name.clear()
    QTest.keyClicks(dialog.account_section.name, "mine")
    dialog.save.click()
    assert link.of(AccountEdit)[0].account == replace(FULL, name="mine")
    link.last(AccountEdit).refuse(Refused("It is being sent from."))
    assert dialog.notice.text == "It is being sent from."
    assert dialog.save.isEnabled()


def test_a_name_that_is_taken_is_said(qtbot: QtBot, link: FakeLink) -> None:
    dialog = shown(qtbot, link, FULL, account(2, "mine", "x@y.example"))
    dialog.account_section.name.clear()
    QTest.keyClicks(dialog.account_section.name, "MINE")
    dialog.save.click()
    assert "Another account" in dialog.problem_line.text()
    assert not link.of(AccountEdit)


def test_secrets_go_by_their_parts(qtbot: QtBot, link: FakeLink) -> None:
    dialog = shown(qtbot, link, FULL)
    QTest.keyClicks(dialog.account_section.password, "one")
    QTest.keyClicks(dialog.grid.smtp_password, "two")
    QTest.keyClicks(dialog.route.secret, "three")
    QTest.keyClicks(dialog.route.certificate_secret, "four")
    dialog.save.click()
    asked = link.of(AccountEdit)[0]
    assert asked.password == "one"
    assert dict(asked.secrets) == {SMTP: "two", PROXY: "three", CERTIFICATE: "four"}


def test_a_trusted_certificate_is_forgotten(qtbot: QtBot, link: FakeLink) -> None:
    dialog = shown(qtbot, link, FULL)
    dialog.route.pins.setCurrentRow(0)
    dialog.route.forget.click()
    assert dialog.account.pins == FULL.pins[1:]
    dialog.route.forget.click()
    assert not dialog.account.pins
    assert dialog.route.no_pins.isVisibleTo(dialog.route)


def test_a_proxy_is_set_and_checked(qtbot: QtBot, link: FakeLink) -> None:
    dialog = shown(qtbot, link, replace(FULL, proxy=None))
    route = dialog.route
    route.kind.setCurrentIndex(2)
    route.kind.activated.emit(2)
    assert route.port.text() == "8080"
    dialog.save.click()
    assert dialog.problem_line.text() == "Enter the proxy's name."
    QTest.keyClicks(route.host, "proxy.example")
    dialog.save.click()
    saved = link.of(AccountEdit)[0].account
    assert saved.proxy == Proxy(ProxyKind.HTTP, "proxy.example", 8080)


def test_identities_are_added_changed_and_removed(qtbot: QtBot, link: FakeLink) -> None:
    dialog = shown(qtbot, link, FULL)
    section = dialog.identities
    section.add.click()
    sheet = section.sheet
    assert sheet is not None
    sheet.go.click()
    assert sheet.problem_line.isVisible()
    QTest.keyClicks(sheet.address, "shop@example.org")
    sheet.own_server.click()
    assert sheet.row.host.text() == "smtp.example.org"
    QTest.keyClicks(sheet.secret, "hush")
    sheet.go.click()
    made = dialog.account.identities[2]
    # 6: a number is not given twice, for its secret's sake.
    assert (made.id, made.address, made.full_name) == (6, "shop@example.org", "Tom Lindqvist")
    assert made.outgoing is not None
    assert dialog.secrets()[part_of_identity(6)] == "hush"
    section.list.setCurrentRow(1)
    section.change.click()
    again = section.sheet
    assert again is not None
    QTest.keyClicks(again.reply_to, "boss@example.org")
    again.signature.setPlainText("Info\n")
    again.go.click()
    assert dialog.account.identities[1] == Identity(
        5, "info@example.org", "", "boss@example.org", "Info"
    )
    section.list.setCurrentRow(0)
    section.remove.click()
    assert [each.id for each in dialog.account.identities] == [5, 6]


def test_an_identity_asks_in_the_order_seen_and_forgives(qtbot: QtBot) -> None:
    places = [
        Folder(FolderId(at), AccountId(1), name, "/", Role.NONE, selectable=name != "Shops")
        for at, name in enumerate(("INBOX", "Sent", "Shops", "Shops/Sent"), 1)
    ]
    sheet = IdentitySheet(Identity(7, "", sent="Gone"), places, new=True)
    qtbot.addWidget(sheet)
    sheet.show()
    walked = tab_walk(sheet, sheet.full_name, 5)
    assert walked == [
        sheet.address, sheet.reply_to, sheet.signature, sheet.sent, sheet.own_server
    ]  # fmt: skip
    sheet.go.click()
    assert "cannot be a mail address" in sheet.problem_line.text()
    QTest.keyClicks(sheet.address, "shop@example.org")
    assert not sheet.problem_line.isVisible()
    # Copies go to a folder of the account, or where its others go.
    sheet.go.click()
    assert sheet.problem_line.text() == "There is no folder “Gone” in this account."
    names = [sheet.sent.itemText(at) for at in range(sheet.sent.count())]
    assert names[1:] == ["INBOX", "Sent", "Shops/Sent", "Gone (not there)"]
    sheet.sent.setCurrentIndex(3)
    sheet.sent.activated.emit(3)
    assert not sheet.problem_line.isVisible()
    sheet.go.click()
    assert sheet.identity.sent == "Shops/Sent"
    assert not sheet.isVisible()


def test_it_is_as_large_as_it_needs_whatever_opened_it(qtbot: QtBot, link: FakeLink) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.resize(580, 400)
    dialog = AccountSettings(link, FakeReader([FULL]).reader, FULL, parent)
    assert dialog.height() == min(660, dialog.screen().availableSize().height() - 56)


def test_a_test_runs_with_what_is_typed(qtbot: QtBot, link: FakeLink) -> None:
    dialog = shown(qtbot, link, FULL)
    QTest.keyClicks(dialog.account_section.password, "new")
    dialog.test.click()
    asked = link.of(AccountTest)[0]
    assert (asked.account, asked.password) == (FULL, "new")
    assert dialog.panel.isVisible()
    assert not dialog.test.isEnabled()
    stop = steps(Protocol.IMAP, Stage.CERTIFICATE, "Self-signed.", ErrorKind.TLS, PRINT)
    link.last(AccountTest).answer(stop)
    dialog.panel.fix.click()
    assert dialog.panel.sheet is not None
    dialog.panel.sheet.trust.click()
    link.last(AccountTest).answer(WELL)
    assert Pin("mail.home.example", PRINT) in dialog.account.pins
    assert dialog.test.isEnabled()


def test_advice_opens_the_part_it_is_about(qtbot: QtBot, link: FakeLink) -> None:
    dialog = shown(qtbot, link, FULL)
    dialog.test.click()
    out = "SMTP out.example.org:465"
    stop = steps(Protocol.SMTP, Stage.NAME, "No.", ErrorKind.OFFLINE, what=out)
    link.last(AccountTest).answer(stop)
    dialog.panel.fix.click()
    assert dialog.focusWidget() is dialog.grid.outgoing.host
    dialog.test.click()
    link.last(AccountTest).answer(steps(Protocol.IMAP, Stage.SIGN_IN, "No.", ErrorKind.AUTH))
    dialog.panel.fix.click()
    assert dialog.focusWidget() is dialog.account_section.password
    dialog.test.click()
    work = "SMTP smtp.work.example:587"
    stop = steps(Protocol.SMTP, Stage.NAME, "No.", ErrorKind.OFFLINE, what=work)
    link.last(AccountTest).answer(stop)
    dialog.panel.fix.click()
    assert dialog.focusWidget() is dialog.identities.list


def test_an_account_may_change_to_the_browser(qtbot: QtBot, link: FakeLink) -> None:
    known = replace(OAUTH, client_id="id")
    dialog = shown(qtbot, link, replace(FULL, oauth=known))
    section = dialog.account_section
    section.secret.source.radio(SecretSource.OAUTH).click()
    assert not section.password.isVisible()
    dialog.save.click()
    assert dialog.problem_line.text() == "First sign in with the browser."
    section.again.click()
    link.last(SignInBegin).answer(OAuthPending("t1", "https://login.example/a"))
    assert "Waiting" in section.told.text()
    link.last(SignInWait).answer()
    dialog.save.click()
    asked = link.of(AccountEdit)[0]
    assert (asked.grant, asked.account.secret) == ("t1", SecretSource.OAUTH)


def test_a_sign_in_ends_with_the_dialog(qtbot: QtBot, link: FakeLink) -> None:
    known = replace(OAUTH, client_id="id")
    dialog = shown(qtbot, link, replace(FULL, secret=SecretSource.OAUTH, oauth=known))
    dialog.account_section.again.click()
    link.last(SignInBegin).answer(OAuthPending("t1", "https://login.example/a"))
    dialog.cancel.click()
    assert link.of(SignInCancel) == [SignInCancel("t1")]


def test_a_keyring_that_does_not_answer_takes_nothing_away(qtbot: QtBot, link: FakeLink) -> None:
    dialog = shown(qtbot, link, FULL)
    link.last(HasKeyring).answer(False)
    assert dialog.account_section.secret.missing.text
    assert dialog.account.secret is SecretSource.KEYRING


def test_sent_copies_and_catch_all(qtbot: QtBot, link: FakeLink) -> None:
    dialog = shown(qtbot, link, FULL)
    dialog.sent.copies.radio(SentCopies.NEVER).click()
    dialog.identities.catch_all.click()
    made = dialog.account
    assert (made.sent_copies, made.catch_all) == (SentCopies.NEVER, False)


def test_a_file_that_the_store_refuses_is_said(qtbot: QtBot, link: FakeLink) -> None:
    dialog = shown(qtbot, link, FULL)
    dialog.route.ca_file.text.clear()
    QTest.keyClicks(dialog.route.ca_file.text, "/no/such.pem")
    dialog.save.click()
    assert link.of(AccountEdit)[0].account.ca_file == "/no/such.pem"
    link.last(AccountEdit).refuse(StoreError("It cannot be read."))
    assert dialog.notice.text == "It cannot be read."


@pytest.mark.parametrize("stored", [FULL, POP])
def test_every_control_of_every_part_has_a_name(
    qtbot: QtBot, link: FakeLink, stored: Account
) -> None:
    dialog = shown(qtbot, link, stored, account(8, "other", "x@y.example"))
    for tab in range(dialog.tabs.count()):
        dialog.tabs.setCurrentIndex(tab)
        assert unnamed(dialog) == [], dialog.tabs.tabText(tab)
    dialog.identities.add.click()
    assert dialog.identities.sheet is not None
    dialog.identities.sheet.own_server.click()
    assert unnamed(dialog.identities.sheet) == []
