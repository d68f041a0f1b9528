"""A letter that waits for something before it goes or closes, and the engine's answers."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from martlet.link.messages import (
    SaveDraft,
)
from martlet.mail.outgoing import DraftId
from martlet.ui.compose import ComposeWindow
from ui import hands_desk
from ui.compose_fakes import FakeLink, FakeReader, account

LINES = 6000


class Desk:
    """A letter that something is said in, and the engine's answers."""

    def __init__(self, qtbot: QtBot, html: str | None = "<p>Hello Anna</p>") -> None:
        self.qtbot = qtbot
        self.link = FakeLink()
        reader = FakeReader([account(1, "home", "tom@example.org")]).reader
        draft = replace(hands_desk.LETTER, html=html)
        self.window = ComposeWindow(self.link, reader, draft)
        self.window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(self.window, before_close_func=lambda w: w.finish())
        with qtbot.waitActive(self.window):
            self.window.show()
            self.window.activateWindow()
        self.window.editor.setFocus()
        self.window.editor.moveCursor(QTextCursor.MoveOperation.End)

    def type(self, words: str) -> None:
        """As from a keyboard: to whoever has the focus."""
        for letter in words:
            QTest.keyClick(self.window.windowHandle(), ord(letter))

    def paste_long(self) -> None:
        data = QMimeData()
        data.setHtml("".join(f"<p>line {n} of it</p>" for n in range(LINES)))
        self.window.editor.insertFromMimeData(data)
        assert self.window.editor.pasted.busy

    def until_pasted(self) -> None:
        pasted = self.window.editor.pasted
        self.qtbot.waitUntil(lambda: not pasted.busy)

    def saved(self) -> None:
        self.link.last(SaveDraft).answer(DraftId(7))

    def choose(self, label: str) -> None:
        box = self.window.waiting.question
        assert box is not None
        button = next(each for each in box.buttons() if each.text() == label)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def under_way(self) -> bool:
        """Whether the letter is being sent."""
        return self.window.sending.under_way
