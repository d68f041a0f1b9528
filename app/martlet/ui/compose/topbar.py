"""The row of things one does with a letter: send, attach, plain or rich; and whether it is kept."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QToolButton,
    QWidget,
)

from martlet.mail.outgoing import SendOptions
from martlet.ui import theme


class TopBar(QWidget):
    """options_changed: what is asked of the servers on the way is something else now."""

    rich_wanted = Signal(bool)
    options_changed = Signal()

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
        self.more = QToolButton(self)
        self.more.setIconSize(QSize(17, 17))
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        options = QMenu(self.more)
        options.setToolTipsVisible(True)
        self.dsn = options.addAction(self.tr("Tell me when it is delivered"))
        self.dsn.setToolTip(
            self.tr("Asks the servers on the way for reports; not all of them know how.")
        )
        self.require_tls = options.addAction(
            self.tr("Only over encrypted connections (REQUIRETLS)")
        )
        self.require_tls.setToolTip(
            self.tr("If any server on the way cannot promise that, the letter comes back.")
        )
        for action in (self.dsn, self.require_tls):
            action.setCheckable(True)
            action.toggled.connect(self._show_options)
            action.triggered.connect(self.options_changed)
        self.more.setMenu(options)
        self._show_options()
        self.menu = QToolButton(self)
        self.menu.setIcon(theme.icon("menu"))
        self.menu.setIconSize(QSize(17, 17))
        self.menu.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.menu.setToolTip(self.tr("Menu (F10)"))
        self.menu.setAccessibleName(self.tr("Menu"))
        QShortcut(QKeySequence("F10"), parent, self.menu.showMenu)
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
        row.addWidget(self.more)
        row.addStretch()
        row.addWidget(self._status)
        row.addSpacing(8)
        row.addWidget(self._plain)
        row.addWidget(self._rich)
        row.addWidget(self.menu)
        QShortcut(QKeySequence("Ctrl+Shift+O"), parent, self.more.showMenu)

    def show_menu(self, menu: QMenu) -> None:
        """Everything one can do with the letter, behind a button of its own."""
        self.menu.setMenu(menu)

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

    @property
    def options(self) -> SendOptions:
        """What is asked of the servers on the way."""
        return SendOptions(dsn=self.dsn.isChecked(), require_tls=self.require_tls.isChecked())

    def load_options(self, options: SendOptions) -> None:
        self.dsn.setChecked(options.dsn)
        self.require_tls.setChecked(options.require_tls)

    def _show_options(self) -> None:
        """What is switched on is seen without opening the menu."""
        on = [a.text() for a in (self.dsn, self.require_tls) if a.isChecked()]
        name = self.tr("Options of sending")
        self.more.setIcon(theme.icon("settings", "accent" if on else ""))
        self.more.setToolTip("\n".join([*on, f"{name} (Ctrl+Shift+O)"]))
        self.more.setAccessibleName(name)
        self.more.setAccessibleDescription(", ".join(on))

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
