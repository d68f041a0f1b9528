"""The window of one mail file: no account, no list, only the message."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QMenu, QVBoxLayout

from martlet.mail.errors import MailError
from martlet.mail.message import Envelope, MessageId
from martlet.ui import links, theme
from martlet.ui.bars import NoticeBar, Toast
from martlet.ui.files import Files
from martlet.ui.link import EngineLink
from martlet.ui.message_pane import MessagePane

# What the client of `martlet open` answers Render, PartBytes and their like for.
FILE_MESSAGE = MessageId(0)


class FileWindow(QFrame):
    """Asks its link for message 0 and shows it."""

    def __init__(self, link: EngineLink, file: Path) -> None:
        super().__init__()
        self.setObjectName("messagePane")
        self.setWindowTitle(file.name)
        self.setWindowIcon(theme.application_icon())
        more = QMenu(self)
        plain = more.addAction(theme.icon("text"), self.tr("HTML or plain text"))
        self.pane = MessagePane(link, [], more)
        plain.triggered.connect(self.pane.toggle_plain)
        self._notice = NoticeBar()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._notice)
        column.addWidget(self.pane)
        toast = Toast(self, self.pane.attachments)
        files = Files(link, self, toast.say)
        bar = self.pane.attachments
        bar.open_wanted.connect(lambda each: files.open(FILE_MESSAGE, each))
        bar.save_wanted.connect(lambda each: files.save(FILE_MESSAGE, each))
        bar.drag_wanted.connect(lambda each: files.for_drag(FILE_MESSAGE, each, bar.start_drag))
        QShortcut(QKeySequence.StandardKey.Find, self).activated.connect(self.pane.begin_finding)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self).activated.connect(self.pane.stop_finding)
        self.pane.link_clicked.connect(lambda url: links.follow(self, url, lambda _to: None))
        link.notice.connect(self._show_error)
        QShortcut(QKeySequence.StandardKey.Close, self).activated.connect(self.close)
        self.resize(900, 760)
        self.pane.show_message(FILE_MESSAGE, Envelope(subject=file.name))
        self.pane.shown.connect(lambda _rendered: self.pane.body().setFocus())

    def _show_error(self, error: MailError) -> None:
        self._notice.say(error.summary, error.detail)
