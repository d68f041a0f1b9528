"""Adding, changing and removing accounts; passwords and certificates."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from martlet.link.messages import (
    AccountAdd,
    AccountEdit,
    AccountRemove,
    AccountTest,
    SetPassword,
    TrustCertificate,
)
from martlet.mail.account import (
    AccountId,
    AccountState,
    Pin,
    Protocol,
    SecretSource,
    Security,
    Server,
    TestStep,
    WorkerState,
)
from martlet.mail.changes import AccountsChanged
from martlet.mail.errors import Refused, StoreError
from martlet.ui.accounts import (
    AccountsDialog,
    AddAccountDialog,
    CertificateDialog,
    PasswordDialog,
)
from ui.compose_fakes import FakeLink, FakeReader, account

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

PRINT = "ab12" * 16


@pytest.fixture
def link() -> FakeLink:
    return FakeLink()


@pytest.fixture
def store() -> FakeReader:
    return FakeReader([account(1, "home", "tom@example.org")])


@pytest.fixture
def dialog(qtbot: QtBot, link: FakeLink, store: FakeReader) -> AddAccountDialog:
    made = AddAccountDialog(link, store.reader)
    qtbot.addWidget(made)
    made.show()
    return made


def fill(qtbot: QtBot, dialog: AddAccountDialog, address: str) -> None:
    QTest.keyClicks(dialog.form.full_name, "Tom")
    QTest.keyClicks(dialog.form.address, address)
    QTest.keyClicks(dialog.form.password, "secret")


def choose(row_combo: QComboBox, value: Security) -> None:
    index = row_combo.findData(value.value)
    row_combo.setCurrentIndex(index)
    row_combo.activated.emit(index)


def test_an_account_is_added_from_its_address(
    qtbot: QtBot, link: FakeLink, dialog: AddAccountDialog
) -> None:
    fill(qtbot, dialog, "tom@163.com")
    assert "授权码" in dialog.form.hint.text()
    QTest.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    asked = link.of(AccountAdd)[0]
    assert asked.password == "secret"
    made = asked.account
    assert (made.name, made.full_name, made.secret) == ("tom@163.com", "Tom", SecretSource.KEYRING)
    assert made.incoming == Server(Protocol.IMAP, "imap.163.com", 993, Security.TLS, "tom@163.com")
    assert made.outgoing == Server(Protocol.SMTP, "smtp.163.com", 465, Security.TLS, "tom@163.com")
    with qtbot.waitSignal(dialog.added):
        link.last(AccountAdd).answer(AccountId(2))
    assert not dialog.isVisible()


def test_pop3_leaves_mail_on_the_server_unless_told(
    qtbot: QtBot, link: FakeLink, dialog: AddAccountDialog
) -> None:
    fill(qtbot, dialog, "tom@gmx.de")
    dialog.form.pop3.click()
    assert dialog.form.leave.isVisible()
    made = dialog.form.account()
    assert made.incoming is not None
    assert (made.incoming.host, made.incoming.port) == ("pop.gmx.net", 995)
    assert (made.leave_on_server, made.leave_days) == (True, 0)
    dialog.form.leave.setCurrentIndex(2)
    assert dialog.form.account().leave_days == 30


def test_the_port_follows_security_until_it_is_typed(
    qtbot: QtBot, dialog: AddAccountDialog
) -> None:
    fill(qtbot, dialog, "tom@home.example")
    row = dialog.form.incoming
    choose(row.security, Security.STARTTLS)
    assert row.port.text() == "143"
    row.port.clear()
    QTest.keyClicks(row.port, "1143")
    choose(row.security, Security.NONE)
    assert row.port.text() == "1143"
    assert dialog.form.danger_line.isVisible()
    QTest.keyClicks(dialog.form.address, "s")
    assert row.host.text() == "imap.home.example"  # touched rows are left alone


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
    qtbot: QtBot, link: FakeLink, dialog: AddAccountDialog, host: str, port: str, words: str
) -> None:
    fill(qtbot, dialog, "tom@home.example")
    row = dialog.form.incoming
    row.host.clear()
    QTest.keyClicks(row.host, host)
    row.port.clear()
    QTest.keyClicks(row.port, port)
    assert words in dialog.form.problem_line.text()
    dialog.save.click()
    assert not link.of(AccountAdd)


def test_a_wrong_address_is_said_when_left(qtbot: QtBot, dialog: AddAccountDialog) -> None:
    QTest.keyClicks(dialog.form.address, "tom@")
    assert not dialog.form.problem_line.isVisible()
    dialog.form.address.editingFinished.emit()
    assert "cannot be a mail address" in dialog.form.problem_line.text()
    QTest.keyClicks(dialog.form.address, "example.org")
    assert not dialog.form.problem_line.isVisible()


def test_what_is_missing_is_said_on_saving(
    qtbot: QtBot, link: FakeLink, dialog: AddAccountDialog
) -> None:
    dialog.save.click()
    assert dialog.form.problem_line.text() == "Enter your mail address."
    QTest.keyClicks(dialog.form.address, "tom@home.example")
    dialog.save.click()
    assert dialog.form.problem_line.text() == "Enter the password."
    dialog.form.label.clear()
    QTest.keyClicks(dialog.form.label, "HOME")
    dialog.save.click()
    assert "Another account" in dialog.form.problem_line.text()
    assert not link.asked


def test_a_test_shows_its_steps_and_one_suggestion(
    qtbot: QtBot, link: FakeLink, dialog: AddAccountDialog
) -> None:
    fill(qtbot, dialog, "tom@gmail.com")
    dialog.test.click()
    assert not dialog.test.isEnabled()
    assert dialog.steps.texts == ["Asking imap.gmail.com, smtp.gmail.com…"]
    link.last(AccountTest).answer(
        [TestStep("Connected", True), TestStep("Sign in", False, "Invalid credentials")]
    )
    assert dialog.test.isEnabled()
    assert dialog.steps.texts == [
        "worked: Connected",
        "failed: Sign in Invalid credentials",
        "Gmail wants an app password here, not your usual one.",
    ]
    QTest.keyClicks(dialog.form.password, "x")
    assert dialog.steps.texts == []


def test_an_answer_about_older_settings_is_dropped(
    qtbot: QtBot, link: FakeLink, dialog: AddAccountDialog
) -> None:
    fill(qtbot, dialog, "tom@gmail.com")
    dialog.test.click()
    QTest.keyClicks(dialog.form.password, "x")
    link.last(AccountTest).answer([TestStep("Connected", True)])
    assert dialog.steps.texts == []


def test_a_certificate_can_be_trusted(
    qtbot: QtBot, link: FakeLink, dialog: AddAccountDialog
) -> None:
    fill(qtbot, dialog, "tom@home.example")
    dialog.test.click()
    link.last(AccountTest).answer(
        [TestStep("Certificate", False, "By itself", PRINT, "imap.home.example", "To: me")]
    )
    assert dialog.certificate.isVisible()
    dialog.certificate.trust.click()
    assert link.of(AccountTest)[-1].account.pins == (Pin("imap.home.example", PRINT),)
    assert len(link.of(AccountTest)) == 2


def test_without_a_keyring_asking_is_offered(
    qtbot: QtBot, link: FakeLink, dialog: AddAccountDialog
) -> None:
    fill(qtbot, dialog, "tom@home.example")
    dialog.save.click()
    link.last(AccountAdd).refuse(StoreError("There is no keyring to keep the password in."))
    assert "no keyring" in dialog.notice.text
    dialog.ask_each_time.click()
    assert link.of(AccountAdd)[-1].account.secret is SecretSource.ASK
    link.last(AccountAdd).answer(AccountId(2))
    assert not dialog.isVisible()


def test_an_account_is_changed(qtbot: QtBot, link: FakeLink, store: FakeReader) -> None:
    stored = replace(store.stored[0], ca_file="/etc/ca.pem", pins=(Pin("h", PRINT),))
    dialog = AddAccountDialog(link, store.reader, None, stored)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.form.label.clear()
    QTest.keyClicks(dialog.form.label, "mine")
    dialog.save.click()
    asked = link.of(AccountEdit)[0]
    assert asked.account == replace(stored, name="mine")
    assert asked.password == ""
    link.last(AccountEdit).answer()
    assert not dialog.isVisible()


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


def test_add_and_change_open_the_form(qtbot: QtBot, link: FakeLink, store: FakeReader) -> None:
    dialog = AccountsDialog(link, store.reader)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.edit.click()
    assert dialog.dialog is not None
    assert dialog.dialog.form.label.text() == "home"
    dialog.dialog.cancel.click()
    dialog.add.click()
    assert dialog.dialog.form.label.text() == ""
    dialog.dialog.cancel.click()


def test_a_new_password_is_given(qtbot: QtBot, link: FakeLink) -> None:
    dialog = PasswordDialog(link, account(1, "qq", "tom@qq.com"), "The server refused it.")
    qtbot.addWidget(dialog)
    dialog.show()
    assert not dialog.accept_button.isEnabled()
    QTest.keyClicks(dialog.password, "secret")
    QTest.keyClick(dialog.password, Qt.Key.Key_Return)
    assert link.of(SetPassword) == [SetPassword(AccountId(1), "secret")]
    link.last(SetPassword).refuse(StoreError("There is no keyring."))
    assert dialog.problem.text() == "There is no keyring."
    dialog.accept_button.click()
    link.last(SetPassword).answer()
    assert not dialog.isVisible()


@pytest.mark.parametrize("pinned", [False, True])
def test_a_certificate_is_decided_on(qtbot: QtBot, link: FakeLink, pinned: bool) -> None:
    pins = (Pin("imap.home", "cc" * 32),) if pinned else ()
    owner = replace(account(1, "home", "tom@home.example"), pins=pins)
    state = AccountState(
        AccountId(1),
        WorkerState.NEEDS_DECISION,
        fingerprint=PRINT,
        host="imap.home",
        certificate="Issued to imap.home",
    )
    dialog = CertificateDialog(link, owner, state)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.card.trust.click()
    assert link.of(TrustCertificate) == [TrustCertificate(AccountId(1), "imap.home", PRINT)]
    link.last(TrustCertificate).answer()
    assert not dialog.isVisible()
