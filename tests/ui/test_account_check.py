"""The live list of a test, what comes of it, and the certificate that stops it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from martlet.link.messages import AccountTest
from martlet.mail.account import Pin, Protocol, Security, TestStep
from martlet.mail.changes import Tested
from martlet.mail.errors import ErrorKind, Refused
from martlet.mail.identity import Identity
from martlet.mail.providers import SignIn
from martlet.mail.route import Stage
from martlet.ui.accounts.advice import Custom
from martlet.ui.accounts.certificate_sheet import CertificateSheet
from martlet.ui.accounts.check_panel import CheckPanel, Trying
from martlet.ui.accounts.checks import CheckList, stages
from martlet.ui.accounts.found import Place
from martlet.ui.accounts.words import certificate_facts
from ui.compose_fakes import FakeLink, account
from ui.support.setting_up import PRINT, WELL, server, steps

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

HOME = replace(
    account(1, "home", "tom@home.example"),
    incoming=server(Protocol.IMAP),
    outgoing=server(Protocol.SMTP),
)


@pytest.fixture
def link() -> FakeLink:
    return FakeLink()


@pytest.fixture
def opened() -> list[str]:
    return []


@pytest.fixture
def panel(qtbot: QtBot, link: FakeLink, opened: list[str]) -> CheckPanel:
    made = CheckPanel(link, opened.append)
    qtbot.addWidget(made)
    made.show()
    return made


def tell(link: FakeLink, told: list[TestStep], ticket: str = "") -> None:
    ticket = ticket or link.of(AccountTest)[-1].ticket
    for step in told:
        link.changed.emit(Tested(ticket, step))


def test_steps_are_shown_as_they_come(link: FakeLink, panel: CheckPanel) -> None:
    panel.start(Trying(HOME, "secret"), Custom())
    assert panel.list.texts == [
        "now: Name found",
        "not yet: Connected",
        "not yet: Certificate good",
        "not yet: Signed in",
        "not yet: Folders listed",
        "not yet: Name found",
        "not yet: Connected",
        "not yet: Certificate good",
        "not yet: Signed in",
        "not yet: Can send",
    ]
    tell(link, WELL[:2])
    assert panel.list.texts[:3] == [
        "worked: Name found",
        "worked: Connected",
        "now: Certificate good",
    ]
    # Those of another test are none of ours.
    tell(link, WELL, "another")
    assert panel.list.texts[3] == "not yet: Signed in"
    tell(link, WELL[2:5])
    assert panel.list.texts[4:6] == ["worked: Folders listed", "now: Name found"]


def test_the_answer_may_overtake_the_steps(qtbot: QtBot, link: FakeLink, panel: CheckPanel) -> None:
    panel.start(Trying(HOME, "secret"), Custom())
    tell(link, WELL[:3])
    ticket = link.of(AccountTest)[-1].ticket
    with qtbot.waitSignal(panel.ended) as ended:
        link.last(AccountTest).answer(WELL)
    assert ended.args == [True]
    assert all(text.startswith("worked") for text in panel.list.texts)
    assert panel.well.text == "Everything works."
    tell(link, steps(Protocol.IMAP, Stage.NAME, "Late."), ticket)
    assert all(text.startswith("worked") for text in panel.list.texts)


def test_a_stop_says_what_was_said_and_leaves_the_rest(link: FakeLink, panel: CheckPanel) -> None:
    panel.start(Trying(HOME, "secret"), Custom())
    refused = steps(Protocol.IMAP, Stage.SIGN_IN, "The server refused it.", ErrorKind.AUTH)
    link.last(AccountTest).answer([*refused, *steps(Protocol.SMTP)])
    assert panel.list.texts[3:5] == [
        "failed: Signed in The server refused it.",
        "not yet: Folders listed",
    ]
    assert panel.list.texts[-1] == "worked: Can send"
    assert "Check the password" in panel.trouble.text


def test_the_button_leads_to_what_is_to_be_changed(
    qtbot: QtBot, link: FakeLink, panel: CheckPanel
) -> None:
    panel.start(Trying(HOME, "secret"), Custom())
    link.last(AccountTest).answer(steps(Protocol.SMTP, Stage.NAME, "No.", ErrorKind.OFFLINE))
    with qtbot.waitSignal(panel.change_wanted) as wanted:
        panel.fix.click()
    assert wanted.args == [Place.HOST, Protocol.SMTP]
    panel.again.click()
    assert len(link.of(AccountTest)) == 2


def test_the_providers_page_is_opened(link: FakeLink, panel: CheckPanel, opened: list[str]) -> None:
    custom = Custom("Example", SignIn.APP_PASSWORD, "https://example.org/app")
    panel.start(Trying(HOME, "secret"), custom)
    link.last(AccountTest).answer(steps(Protocol.IMAP, Stage.SIGN_IN, "No.", ErrorKind.AUTH))
    panel.page.click()
    assert opened == ["https://example.org/app"]


def test_settings_that_are_refused_are_said(link: FakeLink, panel: CheckPanel) -> None:
    panel.start(Trying(HOME, "secret"), Custom())
    link.last(AccountTest).refuse(Refused("The account needs a name."))
    assert panel.trouble.text == "The account needs a name."
    assert not panel.fix.isVisible()
    assert not panel.running


def test_a_step_about_no_server_is_shown_too(link: FakeLink, panel: CheckPanel) -> None:
    panel.start(Trying(HOME), Custom())
    link.last(AccountTest).answer([TestStep("password", False, "The password is needed.")])
    assert panel.list.texts[-1] == "failed: password The password is needed."


def test_a_report_is_copied_without_the_password(link: FakeLink, panel: CheckPanel) -> None:
    panel.start(Trying(HOME, "hunter2"), Custom())
    said = "hunter2 is wrong"
    link.last(AccountTest).answer(steps(Protocol.IMAP, Stage.SIGN_IN, said, ErrorKind.AUTH))
    panel.copy.click()
    text = QGuiApplication.clipboard().text()
    assert "sign_in [auth]" in text
    assert "hunter2" not in text
    assert "hunter2" not in repr(Trying(HOME, "hunter2"))


def test_a_certificate_is_pinned_and_tried_again(
    qtbot: QtBot, link: FakeLink, panel: CheckPanel
) -> None:
    panel.start(Trying(HOME, "secret"), Custom())
    stop = steps(Protocol.IMAP, Stage.CERTIFICATE, "Self-signed.", ErrorKind.TLS, PRINT)
    link.last(AccountTest).answer(stop)
    panel.fix.click()
    assert panel.sheet is not None
    assert not panel.sheet.loud.isVisible()
    with qtbot.waitSignal(panel.pinned) as pinned:
        panel.sheet.trust.click()
    assert pinned.args == ["mail.home.example", PRINT]
    assert link.of(AccountTest)[-1].account.pins == (Pin("mail.home.example", PRINT),)
    link.last(AccountTest).answer(WELL)
    assert panel.list.texts[2] == "worked: Certificate trusted by you"


def test_a_changed_certificate_is_loud(link: FakeLink, panel: CheckPanel) -> None:
    owner = replace(HOME, pins=(Pin("mail.home.example", "cc" * 32),))
    panel.start(Trying(owner, "secret"), Custom())
    why = "WARNING: it is another one. The certificate of mail.home.example has expired."
    stop = steps(Protocol.IMAP, Stage.CERTIFICATE, why, ErrorKind.TLS, PRINT)
    link.last(AccountTest).answer(stop)
    panel.fix.click()
    assert panel.sheet is not None
    assert panel.sheet.loud.isVisible()
    # Its own fault is said, and that it is another one only once.
    assert panel.sheet.loud.more.text() == "The certificate of mail.home.example has expired."
    told = [label.text() for label in panel.sheet.findChildren(QLabel)]
    assert sum("another" in words for words in told) == 1
    assert panel.sheet.cancel.isDefault()
    panel.sheet.cancel.click()
    assert len(link.of(AccountTest)) == 1


def test_a_sheet_without_a_certificate_trusts_none(qtbot: QtBot) -> None:
    sheet = CertificateSheet("h", "", "", "It showed none.", changed=False)
    qtbot.addWidget(sheet)
    assert not sheet.trust.isEnabled()


def test_facts_are_told_apart() -> None:
    words = "For: a, b\nBelongs to: O=A\nIssued by: CN=x\nValid: 2026-01-01 to 2027-01-01\n"
    words += "SHA-256: ab\nodd line"
    assert certificate_facts(words) == [
        ("Issued to", "a, b"),
        ("Belongs to", "O=A"),
        ("Issued by", "CN=x"),
        ("Valid", "2026-01-01 to 2027-01-01"),
        ("", "odd line"),
    ]


def test_a_line_without_tls_has_no_certificate() -> None:
    bare = replace(server(Protocol.IMAP), security=Security.NONE)
    assert Stage.CERTIFICATE not in stages(bare)
    assert stages(server(Protocol.SMTP))[-1] is Stage.SEND


def test_a_step_that_was_left_out_counts_as_passed(qtbot: QtBot) -> None:
    checks = CheckList()
    qtbot.addWidget(checks)
    checks.begin(HOME)
    checks.show_step(TestStep("IMAP mail.home.example:993", True, stage=Stage.SIGN_IN))
    assert checks.texts[:4] == [
        "worked: Name found",
        "worked: Connected",
        "worked: Certificate good",
        "worked: Signed in",
    ]


def test_servers_of_identities_are_listed_too(qtbot: QtBot) -> None:
    other = replace(server(Protocol.SMTP), host="smtp.work.example")
    checks = CheckList()
    qtbot.addWidget(checks)
    own = (Identity(1, "a@work.example", outgoing=other), Identity(2, "b@c.example"))
    checks.begin(replace(HOME, identities=own))
    assert len(checks.texts) == 15
    checks.show_steps(steps(Protocol.SMTP, what="SMTP smtp.work.example:465"))
    assert [text.split(":")[0] for text in checks.texts[5:]] == ["not yet"] * 5 + ["worked"] * 5
