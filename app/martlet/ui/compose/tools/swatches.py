"""A small sheet of colours to choose from: of the words, and behind them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QLabel, QToolButton, QWidget

from martlet.ui import theme
from martlet.ui.compose.text import colours
from martlet.ui.compose.text.colours import Named
from martlet.ui.compose.tools.popup import Popup, grid_keys

_ACROSS = 5


class Swatches(Popup):
    """text, behind: what is done with the colour chosen ("" for none). now: those in use."""

    def __init__(
        self,
        parent: QWidget,
        text: Callable[[str], None],
        behind: Callable[[str], None],
        now: tuple[str, str],
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Colour"))
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 10, 12, 12)
        grid.setSpacing(4)
        self.buttons: list[QToolButton] = []
        row = self._section(grid, 0, self.tr("Text"), colours.TEXT, text, now[0], ring=False)
        self._section(grid, row, self.tr("Highlight"), colours.HIGHLIGHT, behind, now[1], ring=True)
        grid_keys(self, self.buttons)
        self._name = QLabel(" ")
        self._name.setProperty("tone", "second")
        self._name.setFont(theme.font(12))
        self._name.setContentsMargins(2, 4, 0, 0)
        grid.addWidget(self._name, grid.rowCount(), 0, 1, _ACROSS)
        for button in self.buttons:
            button.installEventFilter(self)

    def open_at(self, place: QPoint, above: int = 0) -> None:
        super().open_at(place, above)
        self.buttons[0].setFocus(Qt.FocusReason.PopupFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The colour pointed at, or that Enter would take, is named below."""
        if isinstance(watched, _Swatch) and event.type() in (
            QEvent.Type.Enter,
            QEvent.Type.FocusIn,
        ):
            self._name.setText(watched.accessibleName())
        return False

    def _section(
        self,
        grid: QGridLayout,
        row: int,
        title: str,
        named: Sequence[Named],
        what: Callable[[str], None],
        now: str,
        *,
        ring: bool,
    ) -> int:
        label = QLabel(title)
        label.setProperty("tone", "second")
        label.setFont(theme.font(12))
        label.setContentsMargins(2, 2 if not row else 8, 0, 0)
        grid.addWidget(label, row, 0, 1, _ACROSS)
        for number, each in enumerate(named):
            button = _Swatch(each, each.value == now, ring)
            button.clicked.connect(self._choosing(what, each.value))
            self.buttons.append(button)
            grid.addWidget(button, row + 1 + number // _ACROSS, number % _ACROSS)
        return row + 1 + (len(named) + _ACROSS - 1) // _ACROSS

    def _choosing(self, what: Callable[[str], None], value: str) -> Callable[[], None]:
        def chosen() -> None:
            self.close()
            what(value)

        return chosen


class _Swatch(QToolButton):
    """A colour; the one in use has a mark in it. behind: one for the ground of words."""

    def __init__(self, named: Named, chosen: bool, behind: bool) -> None:
        super().__init__()
        self._named = named
        self._chosen = chosen
        self._behind = behind
        self.setFixedSize(QSize(34, 30))
        self.setToolTip(named.shown)
        self.setAccessibleName(named.shown)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        tokens = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect()).adjusted(7, 5, -7, -5)
        value = self._named.value
        if self._behind or not value:
            painter.setPen(QPen(QColor(tokens.handle if value else tokens.text3), 1))
        else:
            painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(value) if value else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect, 5, 5)
        if not value and not self._chosen:
            painter.setPen(QPen(QColor(tokens.text2), 1.4))
            painter.drawLine(rect.bottomLeft() + QPoint(3, -3), rect.topRight() + QPoint(-3, 3))
        if self._chosen:
            ink = colours.INK if self._behind else "#ffffff"
            square = QRectF(0, 0, 14, 14)
            square.moveCenter(rect.center())
            theme.draw(painter, "check", square, ink if value else tokens.text)
        painter.end()
