"""The quiet bars of the window: notices with their details, and the toast that offers undo."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from martlet.ui import theme

_TOAST_MS = 8000
# The toast stands so far above the window's foot, or above what it must not cover.
_FOOT, _GAP = 48, 10
# Beside a toast, and what its words have at least.
_EDGE, _SHORTEST = 12, 120
_NO_LIMIT = 16_777_215
_MOVES = (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show, QEvent.Type.Hide)


class NoticeBar(QFrame):
    """One sentence about what went wrong, its details behind a disclosure, perhaps an action.

    closed: the person has put it away, or done what it offers.
    """

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 6, 9, 6)
        column.setSpacing(4)
        row = QHBoxLayout()
        row.setSpacing(8)
        self._mark = QLabel()
        self._words = QLabel()
        self._words.setWordWrap(True)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self.action = QPushButton()
        self.action.setProperty("kind", "link")
        self._more = QPushButton(self.tr("Details"))
        self._more.setProperty("kind", "link")
        self._more.setCheckable(True)
        close = self.close_button = QToolButton()
        close.setProperty("kind", "bare")
        close.setIcon(theme.icon("close"))
        close.setIconSize(QSize(12, 12))
        close.setToolTip(self.tr("Close"))
        close.setAccessibleName(self.tr("Close this notice"))
        close.clicked.connect(self._close)
        row.addWidget(self._mark)
        row.addSpacing(2)
        row.addWidget(self._words, 1)
        row.addWidget(self.action)
        row.addWidget(self._more)
        row.addWidget(close)
        column.addLayout(row)
        self._detail = QLabel()
        self._detail.setWordWrap(True)
        self._detail.setTextFormat(Qt.TextFormat.PlainText)
        self._detail.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._detail.setContentsMargins(28, 0, 0, 0)
        self._detail.hide()
        column.addWidget(self._detail)
        self._more.toggled.connect(self._detail.setVisible)
        self._run: Callable[[], None] | None = None
        self.action.clicked.connect(self._act)
        theme.notifier().changed.connect(self._paint_mark)
        self._paint_mark()
        self.hide()

    @property
    def words(self) -> str:
        """The sentence shown, "" while hidden."""
        return "" if self.isHidden() else self._words.text()

    def say(
        self,
        words: str,
        detail: str = "",
        action: str = "",
        run: Callable[[], None] | None = None,
    ) -> None:
        """Shows a notice; with `action` a button that calls `run`."""
        self._words.setText(words)
        self._words.setAccessibleName(words)
        self._detail.setText(detail)
        self._more.setChecked(False)
        self._more.setVisible(bool(detail))
        self.action.setText(action)
        self.action.setVisible(bool(action))
        self._run = run
        self.show()

    def _paint_mark(self) -> None:
        self._mark.setPixmap(theme.icon("warning", "warn_text").pixmap(QSize(18, 18)))

    def _close(self) -> None:
        self.hide()
        self.closed.emit()

    def _act(self) -> None:
        self._close()
        if self._run is not None:
            self._run()


class Toast(QFrame):
    """Says what was just done and offers to take it back; goes by itself.

    clear_of: what stands at the foot and is never covered while it is in sight.
    """

    def __init__(self, parent: QWidget, clear_of: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("toast")
        row = self._row = QHBoxLayout(self)
        row.setSpacing(10)
        self._words = QLabel()
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._button = QPushButton(self.tr("Undo"))
        row.addWidget(self._words)
        row.addWidget(self._button)
        self._run: Callable[[], None] | None = None
        self._button.clicked.connect(self._act)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_TOAST_MS)
        self._timer.timeout.connect(self.hide)
        self._passing = False
        self._over = parent
        self._clear_of = clear_of
        parent.installEventFilter(self)
        clear_of.installEventFilter(self)
        self.hide()

    def say(
        self,
        words: str,
        undo: Callable[[], None] | None = None,
        *,
        passing: bool = False,
        label: str = "",
    ) -> None:
        """undo: takes back what was done. passing: it is about what is shown now, and goes with
        that (`turn`). label: of the button, where it is not "Undo".
        """
        self._button.setText(label or self.tr("Undo"))
        self._passing = passing
        self._words.setText(words)
        self._run = undo
        self._button.setVisible(undo is not None)
        self._row.setContentsMargins(16, 8, 8 if undo else 16, 8)
        self._timer.start()
        self._place()
        self.show()
        self.raise_()

    def turn(self) -> None:
        """Something else is shown: what was about the one before is over."""
        if self._passing:
            self.hide()

    def _act(self) -> None:
        self.hide()
        if self._run is not None:
            self._run()

    def _place(self) -> None:
        # In a narrow window long words take a second line; cut at both ends nobody could read them.
        words = self._words
        words.setWordWrap(False)
        words.setMinimumSize(0, 0)
        words.setMaximumSize(_NO_LIMIT, _NO_LIMIT)
        self._row.invalidate()
        over = self._row.sizeHint().width() - (self._over.width() - 2 * _EDGE)
        if over > 0:
            room = max(_SHORTEST, words.sizeHint().width() - over)
            words.setWordWrap(True)
            words.setFixedSize(room, words.heightForWidth(room))
        self._row.activate()
        self.adjustSize()
        parent = self._over
        foot = parent.height() - _FOOT
        if self._clear_of.isVisible():
            top = self._clear_of.mapTo(parent, QPoint(0, 0)).y()
            foot = min(foot, top - _GAP)
        self.move((parent.width() - self.width()) // 2, foot - self.height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _MOVES and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)
