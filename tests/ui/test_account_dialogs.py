"""The list of accounts; new passwords; certificates that are decided on."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from martlet.link.messages import (
    AccountAdd,
    AccountEdit,
    AccountRemove,
    SetPassword,
    SignInBegin,
    SignInWait,
    TrustCertificate,
)
from martlet.mail.account import (
    Account,
    AccountId,
    AccountState,
    Pin,
    Protocol,
    SecretSource,
    WorkerState,
)
from martlet.mail.changes import AccountsChanged
from martlet.mail.errors import AuthFailed, Refused, StoreError
from martlet.mail.sign_in import SMTP, OAuthPending
from martlet.ui.accounts import AccountsDialog, CertificateDialog, PasswordDialog
from ui.compose_fakes import FakeLink, FakeReader, account
from ui.support.setting_up import OAUTH, PRINT

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def link() -> FakeLink:
    return FakeLink()


@pytest.fixture
def store() -> FakeReader:
    return FakeReader([account(1, "home", "tom@example.org")])


def state_of(problem: str = "") -> AccountState:
    return AccountState(
        AccountId(1),
        WorkerState.NEEDS_DECISION,
        problem,
        fingerprint=PRINT,
        host="imap.home",
        certificate="For: imap.home\nIssued by: nobody\nSHA-256: " + PRINT,
    )


def test_the_list_follows_and_removes(qtbot: QtBot, link: FakeLink, store: FakeReader) -> None:
    dialog = AccountsDialog(link, store.reader)
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.list.count() == 1
    store.stored.append(account(2, "work", "tom@work.example", Protocol.POP3))
    link.changed.emit(AccountsChanged())
    assert dialog.list.count() == 2
    dialog.list.setCurrentRow(1)
    dialog.remove.click()
    assert dialog.question is not None
    assert "lost for good" in dialog.question.informativeText()
    next(b for b in dialog.question.buttons() if b.text().endswith("Remove")).click()
    assert link.of(AccountRemove)[0].account_id == 2
    link.last(AccountRemove).refuse(Refused("It is being sent from."))
    assert dialog.notice.text == "It is being sent from."
    store.stored.clear()
    dialog.fill()
    assert dialog.empty.isVisible()
    assert not dialog.remove.isEnabled()


def test_removing_says_whose_mail_comes_into_its_inbox(
    qtbot: QtBot, link: FakeLink, store: FakeReader
) -> None:
    shared = account(2, "work", "tom@work.example", Protocol.POP3)
    guest = replace(account(3, "old", "tom@old.example", Protocol.POP3), into=AccountId(2))
    store.stored += [shared, guest]
    dialog = AccountsDialog(link, store.reader)
    qtbot.addWidget(dialog)
    dialog.show()
    for row, named in ((1, True), (2, False)):
        dialog.list.setCurrentRow(row)
        dialog.remove.click()
        assert dialog.question is not None
        said = "New mail of old comes into its inbox" in dialog.question.informativeText()
        assert said is named
        dialog.question.reject()


def test_add_opens_the_wizard_and_change_the_settings(
    qtbot: QtBot, link: FakeLink, store: FakeReader
) -> None:
    dialog = AccountsDialog(link, store.reader)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.edit.click()
    assert dialog.settings is not None
    assert dialog.settings.account_section.name.text() == "home"
    dialog.settings.cancel.click()
    dialog.add.click()
    assert dialog.wizard is not None
    assert dialog.wizard.person.address.text() == ""
    with qtbot.waitSignal(dialog.added) as told:
        dialog.wizard.added.emit(7)
    assert told.args == [7]
    assert not dialog.isVisible()
    assert not link.of(AccountAdd)


def test_a_new_password_is_given(qtbot: QtBot, link: FakeLink) -> None:
    dialog = PasswordDialog(link, account(1, "qq", "tom@qq.com"), "The server refused it.")
    qtbot.addWidget(dialog)
    dialog.show()
    assert "授权码" in dialog.hint.text
    assert dialog.problem.text == "The server refused it."
    assert not dialog.go.isEnabled()
    QTest.keyClicks(dialog.password, "secret")
    QTest.keyClick(dialog.password, Qt.Key.Key_Return)
    assert link.of(SetPassword) == [SetPassword(AccountId(1), "secret")]
    link.last(SetPassword).refuse(StoreError("There is no keyring."))
    assert dialog.problem.text == "There is no keyring."
    dialog.go.click()
    link.last(SetPassword).answer()
    assert not dialog.isVisible()


def test_the_password_for_sending_is_another(qtbot: QtBot, link: FakeLink) -> None:
    dialog = PasswordDialog(link, account(1, "home", "tom@home.example"), "", part=SMTP)
    qtbot.addWidget(dialog)
    dialog.show()
    assert "sending" in dialog.heading.text()
    QTest.keyClicks(dialog.password, "other")
    dialog.go.click()
    assert link.of(SetPassword) == [SetPassword(AccountId(1), "other", SMTP)]


def by_browser() -> Account:
    made = account(1, "home", "tom@home.example")
    return replace(made, secret=SecretSource.OAUTH, oauth=replace(OAUTH, client_id="id"))


def test_an_account_by_browser_signs_in_there_again(qtbot: QtBot, link: FakeLink) -> None:
    opened: list[str] = []
    owner = by_browser()
    dialog = PasswordDialog(link, owner, "The token has run out.", opener=opened.append)
    qtbot.addWidget(dialog)
    dialog.show()
    assert not dialog.password.isVisible()
    dialog.go.click()
    assert link.of(SignInBegin)[0].oauth == owner.oauth
    link.last(SignInBegin).answer(OAuthPending("t1", "https://login.example/authorize?x"))
    assert opened == ["https://login.example/authorize?x"]
    dialog.go.click()  # the browser was closed
    assert len(opened) == 2
    link.last(SignInWait).answer()
    assert link.of(AccountEdit) == [AccountEdit(owner, grant="t1")]
    link.last(AccountEdit).answer()
    assert not dialog.isVisible()


def test_a_refused_sign_in_can_be_tried_again(qtbot: QtBot, link: FakeLink) -> None:
    dialog = PasswordDialog(link, by_browser(), "", opener=lambda _url: True)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.go.click()
    link.last(SignInBegin).answer(OAuthPending("t1", "https://login.example/authorize"))
    link.last(SignInWait).refuse(AuthFailed("The provider refused the client."))
    assert "refused the client" in dialog.problem.words.text()
    assert dialog.go.isEnabled()


def test_an_account_of_the_desktop_is_tried_again(qtbot: QtBot, link: FakeLink) -> None:
    owner = replace(account(1, "home", "tom@home.example"), secret=SecretSource.DESKTOP)
    dialog = PasswordDialog(link, owner, "The desktop gives no token.")
    qtbot.addWidget(dialog)
    dialog.show()
    assert not dialog.password.isVisible()
    assert "desktop" in dialog.waiting.text()
    dialog.go.click()
    assert link.of(AccountEdit) == [AccountEdit(owner)]
    link.last(AccountEdit).answer()
    assert not dialog.isVisible()


@pytest.mark.parametrize("pinned", [False, True])
def test_a_certificate_is_decided_on(qtbot: QtBot, link: FakeLink, pinned: bool) -> None:
    pins = (Pin("imap.home", "cc" * 32),) if pinned else ()
    owner = replace(account(1, "home", "tom@home.example"), pins=pins)
    dialog = CertificateDialog(link, owner, state_of("It is self-signed."))
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.loud.isVisible() is pinned
    assert dialog.cancel.isDefault()
    dialog.trust.click()
    assert link.of(TrustCertificate) == [TrustCertificate(AccountId(1), "imap.home", PRINT)]
    link.last(TrustCertificate).refuse(StoreError("The disk is full."))
    assert dialog.notice.text == "The disk is full."
    dialog.trust.click()
    link.last(TrustCertificate).answer()
    assert not dialog.isVisible()


def test_enter_and_escape_trust_nothing(qtbot: QtBot, link: FakeLink) -> None:
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Escape):
        dialog = CertificateDialog(link, account(1, "home", "tom@home.example"), state_of())
        qtbot.addWidget(dialog)
        dialog.show()
        QTest.keyClick(dialog, key)
        assert not dialog.isVisible()
    assert not link.of(TrustCertificate)
