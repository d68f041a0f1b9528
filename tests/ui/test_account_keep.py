"""How much is kept here, what becomes of a POP3 server's copies, and where the password is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from martlet.mail.account import AccountId, Keep, Protocol, SecretSource
from martlet.ui.accounts.keep_page import KeepPage
from martlet.ui.accounts.pop3_box import Copies, Pop3Box
from martlet.ui.accounts.secret_box import SecretBox
from ui.compose_fakes import account

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

POP = account(0, "pop", "tom@pop.example", Protocol.POP3)
IMAP = account(0, "home", "tom@home.example")


@pytest.mark.parametrize(
    ("copies", "said"),
    [
        (Copies(True), (True, 0, True)),
        (Copies(True, 0, False), (True, 0, False)),
        (Copies(True, 14), (True, 14, True)),
        (Copies(True, 30), (True, 30, True)),
        (Copies(True, 90), (True, 90, True)),
        (Copies(False), (False, 0, True)),
    ],
)
def test_copies_on_the_server_in_words(
    qtbot: QtBot, copies: Copies, said: tuple[bool, int, bool]
) -> None:
    box = Pop3Box(POP)
    qtbot.addWidget(box)
    box.show()
    assert box.promise.isVisible()
    box.copies.radio(copies).click()
    made = box.into_account(POP)
    assert (made.leave_on_server, made.leave_days, made.delete_there) == said


def test_mail_is_left_on_the_server_unless_told(qtbot: QtBot) -> None:
    box = Pop3Box(POP)
    qtbot.addWidget(box)
    assert box.into_account(POP) == POP


def test_summaries_limits_and_another_inbox(qtbot: QtBot) -> None:
    others = [
        account(3, "on its server", "tom@home.example"),
        account(4, "home", "tom@home.example", Protocol.POP3),
    ]
    box = Pop3Box(POP, others)
    qtbot.addWidget(box)
    box.summaries.click()
    box.limit.setCurrentIndex(2)
    # Of those whose inbox is on their server none can be chosen.
    assert [box.into.itemText(at) for at in range(box.into.count())] == [
        "An inbox of its own", "The inbox of home"
    ]  # fmt: skip
    box.into.setCurrentIndex(1)
    made = box.into_account(POP)
    assert (made.summary_first, made.limit_kb, made.into) == (True, 500, AccountId(4))


def test_unusual_settings_of_pop3_survive_a_look(qtbot: QtBot) -> None:
    odd = replace(POP, leave_days=45, delete_there=False, leave_count=77, leave_mb=3, limit_kb=12)
    box = Pop3Box(odd, full=True)
    qtbot.addWidget(box)
    assert box.into_account(odd) == odd
    assert box.into_account(IMAP) == IMAP


def test_taking_away_forgets_how_many_were_left(qtbot: QtBot) -> None:
    box = Pop3Box(replace(POP, leave_count=100), full=True)
    qtbot.addWidget(box)
    box.copies.radio(Copies(False)).click()
    assert box.into_account(POP).leave_count == 0


@pytest.mark.parametrize(
    ("amount", "kept"),
    [
        ((Keep.RECENT, 30), (Keep.RECENT, 30)),
        ((Keep.RECENT, 365), (Keep.RECENT, 365)),
        ((Keep.ALL, 0), (Keep.ALL, 365)),
    ],
)
def test_how_much_of_imap_is_kept(
    qtbot: QtBot, amount: tuple[Keep, int], kept: tuple[Keep, int]
) -> None:
    page = KeepPage([])
    qtbot.addWidget(page)
    page.show_account(IMAP)
    assert page.go == "Open the inbox"
    page.amount.radio(amount).click()
    assert (page.account.keep, page.account.keep_days) == kept


def test_an_account_that_only_sends_is_asked_less(qtbot: QtBot) -> None:
    page = KeepPage([])
    qtbot.addWidget(page)
    page.show()
    page.show_account(replace(IMAP, incoming=None))
    assert page.go == "Finish"
    assert not page.imap.isVisible()
    assert not page.pop3.isVisible()


def test_an_empty_name_is_the_address(qtbot: QtBot) -> None:
    page = KeepPage([])
    qtbot.addWidget(page)
    page.show_account(IMAP)
    page.name.clear()
    assert page.account.name == "tom@home.example"


def test_the_keyring_comes_and_goes(qtbot: QtBot) -> None:
    box = SecretBox()
    qtbot.addWidget(box)
    kept = [box.value]
    box.show_keyring(False)
    kept.append(box.value)
    assert "never writes a password" in box.missing.text
    box.show_keyring(True)
    kept.append(box.value)
    assert kept == [SecretSource.KEYRING, SecretSource.ASK, SecretSource.KEYRING]
    assert box.missing.text == ""
    box.source.radio(SecretSource.COMMAND).click()
    assert "command" in box.problem()
    QTest.keyClicks(box.command, "pass x")
    assert (box.problem(), box.command_text) == ("", "pass x")
