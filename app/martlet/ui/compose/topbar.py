"""The row of things one does with a letter: send now or later, attach, options, plain or rich; and
whether it is kept. In a narrow window what has another way to it gives way."""

from __future__ import annotations

from PySide6.QtCore import QDateTime, QLocale, QSize, Qt, QTime, Signal
from PySide6.QtGui import (
    QAction,
    QActionGroup,
    QColor,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QToolButton,
    QWidget,
)

from martlet.mail.outgoing import Priority, SendOptions
from martlet.ui import theme
from martlet.ui.compose.busy import Reason, status
from martlet.ui.compose.going.option_line import OptionLine
from martlet.ui.compose.going.options import LetterOptions, priority_name
from martlet.ui.compose.going.own_headers import OwnHeadersSheet
from martlet.ui.compose.status_words import StatusWords
from martlet.ui.later_menu import LaterMenu

# Below these widths: the words of Attach, the choice of Plain and Rich (both are in the menu) go.
_WORDS, _KINDS = 640, 540
_LEAST = 340
_HIGH = 32


class TopBar(QWidget):
    """options_changed: what is asked of servers and readers, or the time to go, is another now."""

    rich_wanted = Signal(bool)
    options_changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.asked = LetterOptions(self)
        self.headers_sheet: OwnHeadersSheet | None = None
        self.send = QPushButton(theme.icon("send", "on_accent"), self.tr("Send"), self)
        self.send.setProperty("kind", "primary")
        self.send.setDefault(True)
        self.send.setObjectName("sendNow")
        self.send.setIconSize(QSize(18, 18))
        self.later = QPushButton(theme.icon("chevron-down", "on_accent"), "", self)
        self.later.setProperty("kind", "primary")
        self.later.setIconSize(QSize(14, 14))
        self.later.setAutoDefault(False)
        self.later.setToolTip(self.tr("Send later (Ctrl+Shift+Enter)"))
        self.later.setAccessibleName(self.tr("Send later"))
        self.later.setObjectName("sendLater")
        for half in (self.send, self.later):
            half.setProperty("mirrored", self.isRightToLeft())
            half.setFixedHeight(_HIGH)
        self.later_menu = LaterMenu(self.later, given=lambda: self.asked.send_at)
        self.later_menu.chosen.connect(self.asked.set_send_at)
        self.later.setMenu(self.later_menu)
        self.attach = QPushButton(theme.icon("attachment"), self.tr("Attach"), self)
        self.attach.setToolTip(self.tr("Attach files (Ctrl+Shift+A)"))
        self.attach.setAccessibleName(self.tr("Attach"))
        self.attach.setIconSize(QSize(18, 18))
        self.attach.setAutoDefault(False)
        self.attach.setFixedHeight(_HIGH)
        self.more = QToolButton(self)
        self.more.setIconSize(QSize(17, 17))
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.more.setMenu(self._options_menu())
        self.menu = QToolButton(self)
        self.menu.setIcon(theme.icon("menu"))
        self.menu.setIconSize(QSize(17, 17))
        self.menu.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.menu.setToolTip(self.tr("Menu (F10)"))
        self.menu.setAccessibleName(self.tr("Menu"))
        QShortcut(QKeySequence("F10"), parent, lambda: self._drop(self.menu))
        self._status = StatusWords(self)
        self._busy_words = ""
        self._plain = self._kind(self.tr("Plain"), self.tr("Plain text, without formatting"))
        self._rich = self._kind(self.tr("Rich"), self.tr("With bold, lists, links and pictures"))
        group = QButtonGroup(self)
        group.addButton(self._plain)
        group.addButton(self._rich)
        self._plain.clicked.connect(lambda: self.rich_wanted.emit(False))
        self._rich.clicked.connect(lambda: self.rich_wanted.emit(True))
        self._lay_out()
        QShortcut(QKeySequence("Ctrl+Shift+O"), parent, lambda: self._drop(self.more))
        self.line = OptionLine(self.asked, parent)
        self.line.headers_wanted.connect(self.ask_headers)
        self.line.time_wanted.connect(self.later_menu.ask)
        self.asked.changed.connect(self._show_options)
        self._show_options()
        self.asked.changed.connect(self.options_changed)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 10, 14, 10)
        row.setSpacing(8)
        halves = QHBoxLayout()
        halves.setSpacing(0)
        halves.addWidget(self.send)
        halves.addWidget(self.later)
        row.addLayout(halves)
        row.addWidget(self.attach)
        row.addWidget(self.more)
        row.addWidget(self._status, 1)
        row.addSpacing(2)
        row.addWidget(self._plain)
        row.addWidget(self._rich)
        row.addWidget(self.menu)

    def _options_menu(self) -> QMenu:
        menu = QMenu(self.more)
        menu.setToolTipsVisible(True)
        priorities = menu.addMenu(theme.icon("priority"), self.tr("Priority"))
        group = QActionGroup(priorities)
        self.priorities: dict[Priority, QAction] = {}
        for each in Priority:
            action = priorities.addAction(priority_name(each))
            action.setCheckable(True)
            group.addAction(action)
            action.triggered.connect(lambda _on=False, each=each: self.asked.set_priority(each))
            self.priorities[each] = action
        menu.addSeparator()
        self.receipt = menu.addAction(self.tr("Ask for a read receipt"))
        self.receipt.setToolTip(
            self.tr("Asks the reader to say that it was read; many never answer.")
        )
        self.dsn = menu.addAction(self.tr("Tell me when it is delivered"))
        self.dsn.setToolTip(
            self.tr("Asks the servers on the way for reports; not all of them know how.")
        )
        self.require_tls = menu.addAction(self.tr("Only over encrypted connections"))
        self.require_tls.setToolTip(
            self.tr(
                "If any server on the way cannot promise that (REQUIRETLS), the letter comes back."
            )
        )
        for action, take in (
            (self.receipt, self.asked.set_receipt),
            (self.dsn, self.asked.set_dsn),
            (self.require_tls, self.asked.set_require_tls),
        ):
            action.setCheckable(True)
            action.triggered.connect(take)
        menu.addSeparator()
        self.headers = menu.addAction(theme.icon("source"), self.tr("Extra headers…"))
        self.headers.triggered.connect(lambda _on=False: self.ask_headers())
        return menu

    def _drop(self, button: QToolButton) -> None:
        if button.isEnabled():
            button.showMenu()

    def show_menu(self, menu: QMenu) -> None:
        """Everything one can do with the letter, behind a button of its own."""
        self.menu.setMenu(menu)

    def ask_headers(self) -> None:
        """Lets the writer set header fields."""
        self.headers_sheet = OwnHeadersSheet(self.options.headers, self.window())
        self.headers_sheet.taken.connect(self.asked.set_headers)
        self.headers_sheet.open()

    def _kind(self, text: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setCheckable(True)
        button.setAutoRaise(True)
        button.setFixedHeight(_HIGH)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def show_rich(self, rich: bool) -> None:
        (self._rich if rich else self._plain).setChecked(True)

    @property
    def options(self) -> SendOptions:
        """What is asked of servers and readers."""
        return self.asked.given

    @property
    def send_at(self) -> float:
        """When the letter is to go, Unix seconds; 0 for at once."""
        return self.asked.send_at

    def load_options(self, options: SendOptions, send_at: float = 0.0) -> None:
        self.asked.load(options, send_at)

    def _show_options(self) -> None:
        """What is switched on is seen without opening the menu."""
        given = self.options
        self.receipt.setChecked(given.receipt)
        self.dsn.setChecked(given.dsn)
        self.require_tls.setChecked(given.require_tls)
        self.priorities[given.priority].setChecked(True)
        on = [a.text() for a in (self.receipt, self.dsn, self.require_tls) if a.isChecked()]
        if given.priority is not Priority.NORMAL:
            on.insert(0, priority_name(given.priority))
        on += [name for name, _value in given.headers]
        name = self.tr("Options of sending")
        self.more.setIcon(theme.icon("settings", "accent" if on else ""))
        self.more.setToolTip("\n".join([*on, f"{name} (Ctrl+Shift+O)"]))
        self.more.setAccessibleName(name)
        self.more.setAccessibleDescription(", ".join(on))
        self.send.setText(self.tr("Send later") if self.send_at else self.tr("Send"))
        self.send.setToolTip(f"{self.send.text()} (Ctrl+Enter)")

    def show_saved(self, saved: bool) -> None:
        if not saved:
            self._say("")
            return
        now = QLocale().toString(QTime.currentTime(), QLocale.FormatType.ShortFormat)
        self._say(self.tr("Saved {time}").format(time=now))
        self._status.short = self.tr("Saved")
        self._status.setToolTip(
            self.tr("Saved in Drafts: {time}").format(
                time=QLocale().toString(QDateTime.currentDateTime(), QLocale.FormatType.LongFormat)
            )
        )

    def show_busy(self, reason: Reason | None) -> None:
        """Send waits for what is still under way."""
        for button in (self.send, self.later):
            button.setEnabled(reason is None)
        words = status(reason) if reason is not None else ""
        if words or self._status.text() == self._busy_words:
            self._say(words)
        self._busy_words = words

    def _say(self, words: str) -> None:
        self._status.setText(words)
        self._status.short = ""
        self._status.setToolTip("")

    def minimumSizeHint(self) -> QSize:
        # What gives way in a narrow window is not asked for.
        return QSize(_LEAST, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width()
        self.attach.setText(self.tr("Attach") if wide >= _WORDS else "")
        for button in (self._plain, self._rich):
            button.setVisible(wide >= _KINDS)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(0, self.height() - 1, self.width(), 1, QColor(theme.current().line))
        painter.end()
