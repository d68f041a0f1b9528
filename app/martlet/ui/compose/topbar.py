"""The row of things one does with a letter: send, attach, plain or rich; and whether it is kept."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QWidget,
)

from martlet.ui import theme


class TopBar(QWidget):
    rich_wanted = Signal(bool)
    close_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.send = QPushButton(theme.icon("send", "on_accent"), self.tr("Send"), self)
        self.send.setProperty("kind", "primary")
        self.send.setDefault(True)
        self.send.setToolTip(self.tr("Send (Ctrl+Enter)"))
        self.attach = QPushButton(theme.icon("attachment"), self.tr("Attach"), self)
        self.attach.setToolTip(self.tr("Attach files (Ctrl+Shift+A)"))
        for button in (self.send, self.attach):
            button.setIconSize(QSize(18, 18))
        self._status = QLabel(self)
        self._status.setProperty("tone", "third")
        self._plain = self._kind(self.tr("Plain"), self.tr("Plain text, without formatting"))
        self._rich = self._kind(self.tr("Rich"), self.tr("With bold, lists, links and pictures"))
        group = QButtonGroup(self)
        group.addButton(self._plain)
        group.addButton(self._rich)
        self._plain.clicked.connect(lambda: self.rich_wanted.emit(False))
        self._rich.clicked.connect(lambda: self.rich_wanted.emit(True))
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 10, 14, 10)
        row.setSpacing(8)
        row.addWidget(self.send)
        row.addWidget(self.attach)
        row.addStretch()
        row.addWidget(self._status)
        row.addSpacing(8)
        row.addWidget(self._plain)
        row.addWidget(self._rich)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), parent, self.send.click)
        QShortcut(QKeySequence("Ctrl+Shift+A"), parent, self.attach.click)
        QShortcut(QKeySequence("Esc"), parent, self.close_wanted.emit)

    def _kind(self, text: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setCheckable(True)
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def show_rich(self, rich: bool) -> None:
        (self._rich if rich else self._plain).setChecked(True)

    def show_saved(self, saved: bool) -> None:
        self._status.setText(self.tr("Saved in Drafts") if saved else "")

    def show_busy(self, taking_in: bool, sending: bool) -> None:
        """Send waits for attachments that are being taken in, and for a sending under way."""
        self.send.setEnabled(not (taking_in or sending))
        if taking_in:
            self._status.setText(self.tr("Taking in attachments…"))
        elif sending:
            self._status.setText(self.tr("Sending…"))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(0, self.height() - 1, self.width(), 1, QColor(theme.current().line))
        painter.end()
