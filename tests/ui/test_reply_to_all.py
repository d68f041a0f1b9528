"""An answer to all, from the stored message to the lines of the composer: everybody but oneself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from martlet.engine.engine import Engine
from martlet.mail.account import Protocol, Security, Server
from martlet.mail.identity import Identity
from martlet.mail.writing import AnswerTo
from martlet.paths import Profile
from martlet.store import accounts
from martlet.store.blobs import Blobs
from martlet.store.reader import Reader
from martlet.ui.compose import ComposeWindow
from support.stores import Store
from ui.compose_fakes import FakeLink

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

SMTP = Server(Protocol.SMTP, "smtp.example.org", 465, Security.TLS, "x")
RAW = """\
From: Anna Berg <anna@x.example>
To: Old <OLD@example.org>, Bo <bo@x.example>, =?utf-8?b?546L5bCP5piO?= <wang@xn--fsqu00a.example>
Cc: old+shop@example.org, home@example.org, sales@straße.example, carl@x.example,
 "Bo again" <Bo@X.example>
Subject: Figures
Message-ID: <1@x.example>

Dear all
"""


def test_everybody_but_oneself_stands_in_the_lines(tmp_path: Path, qtbot: QtBot) -> None:
    store = Store(tmp_path)
    shop = Identity(1, "sales@xn--strae-oqa.example", "Sales")
    with store.db.write() as tx:
        for account in accounts.all_accounts(store.db):
            mine = (shop,) if account.id == store.work else ()
            accounts.edit(tx, replace(account, outgoing=SMTP, identities=mine))
    blobs = Blobs(tmp_path)
    message = store.put(store.local, blob=blobs.put(RAW.replace("\n", "\r\n").encode()))
    blobs.close()
    store.db.close()
    engine = Engine(Profile(tmp_path))
    reader = Reader(tmp_path)
    try:
        draft = engine.reply_draft(message, AnswerTo.ALL)
        window = ComposeWindow(FakeLink(), reader, draft, fresh=True)
        window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(window, before_close_func=lambda w: w.finish())
        window.show()
        to = [str(each) for each in window.header.to.addresses()]
        cc = [str(each) for each in window.header.cc.addresses()]
        assert to == [
            "Anna Berg <anna@x.example>",
            "Bo <bo@x.example>",
            "王小明 <wang@xn--fsqu00a.example>",
        ]
        assert cc == ["carl@x.example"]
        assert window.header.cc.isVisible()
        assert window.header.wrong() == []
        assert window.draft().sender == draft.sender
        engine_draft = engine.reply_draft(message)
        assert [str(each) for each in engine_draft.to] == ["Anna Berg <anna@x.example>"]
    finally:
        reader.close()
        engine.close()
