"""The line that shows what a letter asks for and when it goes, each as a chip that takes it out."""

from __future__ import annotations

import time as clocks
from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from martlet.mail.outgoing import Priority
from martlet.ui import later, theme
from martlet.ui.compose.going.options import LetterOptions, priority_name
from martlet.ui.flow import FlowLayout, grows_down
from martlet.ui.shown_text import tip

_LONGEST = 40
_HIGH, _PAD = 26, 3


class _Words(QToolButton):
    """No wider than what it says; Qt would put blanks around that."""

    def sizeHint(self) -> QSize:
        self.ensurePolished()
        # What stands for "&" on a button
        words = self.text().replace("&&", "&")
        return QSize(
            self.fontMetrics().horizontalAdvance(words) + 2 * _PAD, super().sizeHint().height()
        )

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class OptionChip(QWidget):
    """A symbol, words, and a cross. removed: the cross was pressed. pressed: the rest of it was."""

    removed = Signal()
    pressed = Signal()

    def __init__(self, symbol: str, words: str, hint: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.words = words
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setToolTip(tip(hint))
        self._symbol = QLabel(self)
        self._symbol.setPixmap(theme.icon(symbol, "accent").pixmap(QSize(14, 14)))
        self.open = _Words(self)
        self.open.setText(words.replace("&", "&&"))
        self.open.setProperty("kind", "bare")
        self.open.setAccessibleName(words)
        self.open.setAccessibleDescription(hint)
        self.open.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.open.setStyleSheet("QToolButton { padding: 0 2px; border-radius: 4px; }")
        self.open.clicked.connect(self.pressed)
        self.cross = QToolButton(self)
        self.cross.setIcon(theme.icon("close", "text"))
        self.cross.setIconSize(QSize(14, 14))
        self.cross.setProperty("kind", "bare")
        self.cross.setFixedSize(24, 24)
        self.cross.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.cross.setToolTip(self.tr("Remove"))
        self.cross.setAccessibleName(self.tr("Remove {name}").format(name=words))
        self.cross.clicked.connect(self.removed)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 1, 0)
        row.setSpacing(0)
        self.setFixedHeight(_HIGH)
        row.addWidget(self._symbol)
        row.addSpacing(3)
        row.addWidget(self.open)
        row.addWidget(self.cross)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(tokens.handle if tokens.dark else tokens.line), 1))
        painter.setBrush(QColor(tokens.soft_quiet))
        inner = self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(inner, inner.height() / 2, inner.height() / 2)
        painter.end()


class OptionLine(QWidget):
    """Follows the options; out of sight while there is nothing to say.

    headers_wanted, time_wanted: these were pressed, to be changed.
    """

    headers_wanted = Signal()
    time_wanted = Signal()

    def __init__(
        self, options: LetterOptions, parent: QWidget, now: Callable[[], float] = clocks.time
    ) -> None:
        super().__init__(parent)
        self._options = options
        self._now = now
        self.chips: list[OptionChip] = []
        self._inside = QWidget(self)
        self._flow = FlowLayout(self._inside, gap=6)
        grows_down(self._inside)
        column = QHBoxLayout(self)
        column.setContentsMargins(20, 6, 20, 6)
        column.addWidget(self._inside, 1)
        self.setAccessibleName(self.tr("Options of this letter"))
        options.changed.connect(self.show_options)
        theme.notifier().changed.connect(self.show_options)
        self.show_options()

    @property
    def text(self) -> str:
        """All of it in a line."""
        return " · ".join(chip.words for chip in self.chips)

    def show_options(self) -> None:
        """As they are now."""
        for chip in self.chips:
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self.chips = []
        options, given = self._options, self._options.given
        if options.send_at:
            self._show_time()
        if given.priority is not Priority.NORMAL:
            symbol = (
                "priority"
                if given.priority in (Priority.HIGH, Priority.HIGHEST)
                else "chevron-down"
            )
            chip = self._chip(
                symbol, priority_name(given.priority), self.tr("Seen by most readers")
            )
            chip.removed.connect(lambda: options.set_priority(Priority.NORMAL))
        if given.receipt:
            chip = self._chip(
                "eye",
                self.tr("Read receipt"),
                self.tr("The reader is asked to say that it was read"),
            )
            chip.removed.connect(lambda: options.set_receipt(False))
        if given.dsn:
            chip = self._chip(
                "send", self.tr("Told when delivered"), self.tr("Servers are asked for reports")
            )
            chip.removed.connect(lambda: options.set_dsn(False))
        if given.require_tls:
            chip = self._chip(
                "lock",
                self.tr("Only encrypted"),
                self.tr("If any server on the way cannot promise that, the letter comes back"),
            )
            chip.removed.connect(lambda: options.set_require_tls(False))
        for place, (name, value) in enumerate(given.headers):
            words = f"{name}: {value}"
            short = words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"
            chip = self._chip(
                "source", short, self.tr("An extra header: {header}").format(header=words)
            )
            chip.removed.connect(lambda place=place: self._without(place))
            chip.pressed.connect(self.headers_wanted)
        self.setVisible(bool(self.chips))
        self.updateGeometry()

    def _show_time(self) -> None:
        now, when = self._now(), self._options.send_at
        words = self.tr("Goes out {when}").format(when=later.said(when, now))
        if when <= now:
            words = self.tr("Was to go out before; goes out at once")
        hint = self.tr("If this computer is on and Martlet running; else at the next start")
        chip = self._chip("clock", words, hint)
        chip.removed.connect(lambda: self._options.set_send_at(0.0))
        chip.pressed.connect(self.time_wanted)

    def _without(self, place: int) -> None:
        headers = self._options.given.headers
        self._options.set_headers((*headers[:place], *headers[place + 1 :]))

    def _chip(self, symbol: str, words: str, hint: str) -> OptionChip:
        chip = OptionChip(symbol, words, hint, self._inside)
        self._flow.addWidget(chip)
        chip.show()
        self.chips.append(chip)
        return chip

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(0, self.height() - 1, self.width(), 1, QColor(theme.current().line))
        painter.end()
