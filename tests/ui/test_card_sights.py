"""Small pictures on the cards of a letter's files: decoded elsewhere, whatever the bytes are."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from martlet.mail.account import AccountId
from martlet.mail.outgoing import Draft, DraftId, OutgoingPart
from martlet.ui.compose import ComposeWindow
from martlet.ui.compose.files.attachments import AttachmentBar
from martlet.ui.compose.files.card_sights import CardSights
from martlet.ui.list_model import MIME_TYPE
from martlet.ui.preview.process import PreviewProcess
from ui.compose_fakes import FakeLink, FakeReader, account
from ui.support.sample import png

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_pictures_are_seen_and_others_are_not(qtbot: QtBot) -> None:
    good = png()
    store = FakeReader(blobs={"a": b"\x89PNG no picture", "b": b"", "c": good, "d": good})
    bar = AttachmentBar()
    qtbot.addWidget(bar)
    sights = CardSights(store.reader, bar, PreviewProcess(bar, patience_ms=240_000))
    bar.resize(780, 200)
    bar.show()
    for key, kind in (("a", "png"), ("b", "png"), ("d", "txt"), ("gone", "png"), ("c", "png")):
        part = OutgoingPart(f"{key}.{kind}", f"image/{kind}", 500, key)
        bar.add(part.name, part.size).arrived(part)
    last = bar.cards[-1]
    bar.changed.emit()
    qtbot.waitUntil(lambda: last.thumbnail is not None)
    assert [card.thumbnail is not None for card in bar.cards] == [False] * 4 + [True]
    assert sights.process is not None
    assert sights.process.pid
    sights.rest()
    assert not sights.process.pid


def test_messages_may_be_dropped_anywhere(qtbot: QtBot) -> None:
    store = FakeReader([account(1, "home", "tom@example.org")])
    window = ComposeWindow(FakeLink(), store.reader, Draft(DraftId(0), AccountId(1), html="<p>x"))
    window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(window, before_close_func=lambda w: w.finish())
    window.show()
    data = QMimeData()
    data.setData(MIME_TYPE, b"5")
    for target in (window.editor.viewport(), window.header.subject, window.top, window):
        for kind in (QDragEnterEvent, QDragMoveEvent):
            event = kind(
                QPoint(9, 9),
                Qt.DropAction.MoveAction | Qt.DropAction.CopyAction,
                data,
                Qt.MouseButton.LeftButton,
                Qt.KeyboardModifier.NoModifier,
            )
            QApplication.sendEvent(target, event)
            assert event.isAccepted()
            assert event.dropAction() is Qt.DropAction.CopyAction
