"""Signatures are edited from the letter that lacks one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from martlet.link.messages import AccountEdit
from martlet.mail.account import AccountId
from martlet.mail.errors import Refused
from martlet.mail.identity import Identity
from martlet.mail.outgoing import Draft, DraftId
from martlet.ui.compose import ComposeWindow
from ui.compose_fakes import FakeLink, FakeReader, account

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

SHOP = Identity(1, "shop@example.org")
ME = replace(account(1, "home", "tom@example.org"), identities=(SHOP,))


@pytest.mark.parametrize("address", [ME.address, SHOP.address])
def test_the_first_signature_is_written_from_the_letter(qtbot: QtBot, address: str) -> None:
    link = FakeLink()
    window = ComposeWindow(
        link, FakeReader([ME]).reader, Draft(DraftId(0), AccountId(1)), fresh=True
    )
    window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(window, before_close_func=lambda w: w.finish())
    window.show()
    window.header.writer.choose(address)
    window.kept.choose_signature()
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    next(a for a in menu.actions() if a.text() == "Edit signatures…").trigger()
    menu.close()
    sheet = window.kept.signatures
    assert sheet is not None
    QTest.keyClicks(sheet.words.editor, "Tom from the shop")
    sheet.go.click()
    asked = link.last(AccountEdit)
    assert isinstance(asked.request, AccountEdit)
    texts = [each.signature for each in asked.request.account.every_identity()]
    assert texts == (["Tom from the shop", ""] if address == ME.address else ["", texts[1]])
    assert "Tom from the shop" in texts
    asked.refuse(Refused("The store is full."))
    assert window.notice.text == "The store is full."
    asked.answer()
    assert window.draft().text.rstrip().endswith("-- \nTom from the shop")
