"""How large a new table shall be: a field of squares to point at or to walk over by arrows."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from martlet.ui import theme
from martlet.ui.compose.tools.popup import Popup

_ROWS, _COLUMNS = 8, 8
_CELL = 22


class GridChooser(Popup):
    """chosen: rows and columns."""

    chosen = Signal(int, int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Table"))
        self.field = _Field(self)
        self._words = QLabel()
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._words.setProperty("tone", "second")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 8)
        column.setSpacing(6)
        column.addWidget(self.field)
        column.addWidget(self._words)
        self.field.changed.connect(self._tell)
        self.field.taken.connect(self._take)
        self._tell()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def _tell(self) -> None:
        words = self.tr("{columns} × {rows}").format(
            columns=self.field.columns, rows=self.field.rows
        )
        self._words.setText(words)
        told = self.tr("%n column(s)", "", self.field.columns)
        self.field.setAccessibleName(f"{self.tr('%n row(s)', '', self.field.rows)}, {told}")

    def _take(self) -> None:
        self.close()
        self.chosen.emit(self.field.rows, self.field.columns)


class _Field(QWidget):
    changed = Signal()
    taken = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows, self.columns = 3, 3
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedSize(QSize(_COLUMNS * _CELL + 1, _ROWS * _CELL + 1))

    def _set(self, rows: int, columns: int) -> None:
        self.rows = max(1, min(rows, _ROWS))
        self.columns = max(1, min(columns, _COLUMNS))
        self.update()
        self.changed.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = event.position().toPoint()
        x = self.width() - place.x() if self.isRightToLeft() else place.x()
        self._set(place.y() // _CELL + 1, x // _CELL + 1)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.mouseMoveEvent(event)
        if self.rect().contains(event.position().toPoint()):
            self.taken.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ahead = -1 if self.isRightToLeft() else 1
        match event.key():
            case Qt.Key.Key_Left:
                self._set(self.rows, self.columns - ahead)
            case Qt.Key.Key_Right:
                self._set(self.rows, self.columns + ahead)
            case Qt.Key.Key_Up:
                self._set(self.rows - 1, self.columns)
            case Qt.Key.Key_Down:
                self._set(self.rows + 1, self.columns)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Space:
                self.taken.emit()
            case _:
                super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for row in range(_ROWS):
            for column in range(_COLUMNS):
                inside = row < self.rows and column < self.columns
                painter.setBrush(QColor(tokens.soft if inside else tokens.raised))
                painter.setPen(QPen(QColor(tokens.accent if inside else tokens.handle), 1))
                at = _COLUMNS - 1 - column if self.isRightToLeft() else column
                square = QRectF(at * _CELL + 1.5, row * _CELL + 1.5, _CELL - 4, _CELL - 4)
                painter.drawRoundedRect(square, 3, 3)
        painter.end()
