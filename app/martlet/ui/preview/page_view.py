"""Pages one below the other, or one picture: placed, scrolled, zoomed. What they look like it is
told; it asks for the pages in sight and keeps those near by."""

from __future__ import annotations

from bisect import bisect_right
from enum import Enum

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from martlet.ui import theme

_MARGIN = 18
_GAP = 12
_WAIT_MS = 30
_KEPT = 3
_STEP = 1.25
# A page of text is read at this width, however wide the window is; in points times this.
_WIDEST = 1.6


class Fit(Enum):
    """WHOLE: all of it in sight, never larger than it is. WIDTH: as wide as there is room."""

    WHOLE = "whole"
    WIDTH = "width"


class PageView(QAbstractScrollArea):
    """wanted(page, width, height): its pixels, in device pixels. paged(page): the one in sight."""

    wanted = Signal(int, int, int)
    paged = Signal(int)
    zoomed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setObjectName("pageView")
        self._sizes: list[tuple[float, float]] = []
        self._tops: list[float] = []
        self._scale = 1.0
        self._zoom = 1.0
        self._fit = Fit.WHOLE
        self._frames: dict[int, tuple[QImage, QSize]] = {}
        self._asked: dict[int, QSize] = {}
        self._page = -1
        self._short_by = 0.0
        self._grabbed: QPoint | None = None
        self._ask = QTimer(self)
        self._ask.setSingleShot(True)
        self._ask.setInterval(_WAIT_MS)
        self._ask.timeout.connect(self._ask_for)
        for bar in (self.verticalScrollBar(), self.horizontalScrollBar()):
            bar.valueChanged.connect(lambda _value: self._moved())
            bar.setSingleStep(40)

    def set_pages(self, sizes: list[tuple[float, float]], fit: Fit) -> None:
        """Other pages, of these sizes; in pixels for Fit.WHOLE, else in points."""
        self._sizes, self._fit, self._zoom, self._page = sizes, fit, 1.0, -1
        self._frames.clear()
        self._asked.clear()
        self._place()
        self.verticalScrollBar().setValue(0)
        self._moved()

    def set_frame(self, page: int, image: QImage, size: QSize) -> None:
        """What a page looks like, in the size it was asked for; one for an older size is shown
        until the other comes."""
        known = self._frames.get(page)
        if page in self._asked and (known is None or known[1] != self._asked[page]):
            self._frames[page] = image, size
            self.viewport().update()

    @property
    def page_count(self) -> int:
        return len(self._sizes)

    @property
    def complete(self) -> bool:
        """Whether what is in sight is there in its size."""
        return bool(self._sizes) and all(
            page in self._frames and self._frames[page][1] == self._pixels(page)
            for page in self._in_sight()
        )

    @property
    def percent(self) -> int:
        """How large it is shown, beside its own size."""
        whole = self.devicePixelRatioF() if self._fit is Fit.WHOLE else 4 / 3
        return round(100 * self._scale * (whole if self._fit is Fit.WHOLE else 1 / whole))

    def zoom(self, steps: int) -> None:
        """Larger (1), smaller (-1) or fitted again (0)."""
        bar = self.verticalScrollBar()
        share = bar.value() / max(1, bar.maximum())
        self._zoom = 1.0 if not steps else min(12.0, max(0.25, self._zoom * _STEP**steps))
        self._place()
        bar.setValue(round(share * bar.maximum()))
        self._moved()
        self.zoomed.emit()

    # Where everything is

    def _place(self) -> None:
        if not self._sizes:
            return
        room = self.viewport().size()
        widest = max(width for width, _height in self._sizes)
        scale = (room.width() - 2 * _MARGIN) / widest
        if self._fit is Fit.WHOLE:
            tall = (room.height() - 2 * _MARGIN) / self._sizes[0][1]
            scale = min(scale, tall, 1 / self.devicePixelRatioF())
        else:
            scale = min(scale, _WIDEST)
        self._scale = max(0.001, scale) * self._zoom
        self._tops = []
        y = float(_MARGIN)
        for _width, height in self._sizes:
            self._tops.append(y)
            y += height * self._scale + _GAP
        total = y - _GAP + _MARGIN
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, round(total - room.height())))
        bar.setPageStep(room.height())
        across = self.horizontalScrollBar()
        across.setRange(0, max(0, round(widest * self._scale + 2 * _MARGIN - room.width())))
        across.setPageStep(room.width())
        self._short_by = max(0.0, (room.height() - total) / 2) if len(self._sizes) == 1 else 0.0

    def _rect(self, page: int) -> QRectF:
        """Of a page on the viewport."""
        width, height = self._sizes[page]
        width, height = width * self._scale, height * self._scale
        room = self.viewport().width()
        x = max(float(_MARGIN), (room - width) / 2) - self.horizontalScrollBar().value()
        y = self._tops[page] + self._short_by - self.verticalScrollBar().value()
        return QRectF(round(x), round(y), width, height)

    def _in_sight(self) -> range:
        if not self._tops:
            return range(0)
        top = self.verticalScrollBar().value()
        first = max(0, bisect_right(self._tops, top) - 1)
        last = bisect_right(self._tops, top + self.viewport().height())
        return range(first, max(first + 1, last))

    def _pixels(self, page: int) -> QSize:
        ratio = self.devicePixelRatioF()
        width, height = self._sizes[page]
        return QSize(
            max(1, round(width * self._scale * ratio)), max(1, round(height * self._scale * ratio))
        )

    def _moved(self) -> None:
        self.viewport().update()
        if not self._sizes:
            return
        self._ask.start()
        middle = self.verticalScrollBar().value() + self.viewport().height() // 2
        page = max(0, bisect_right(self._tops, middle) - 1)
        if page != self._page:
            self._page = page
            self.paged.emit(page)

    def _ask_for(self) -> None:
        """The pages in sight, each once in each size; those far off are forgotten."""
        seen = self._in_sight()
        if not seen:
            return
        for page in [p for p in self._frames if not seen[0] - _KEPT <= p <= seen[-1] + _KEPT]:
            del self._frames[page]
            self._asked.pop(page, None)
        for page in seen:
            size = self._pixels(page)
            if self._asked.get(page) != size:
                self._asked[page] = size
                self.wanted.emit(page, size.width(), size.height())

    # Painting and hands

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = theme.current()
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.viewport().rect(), QColor(tokens.ground))
        for page in self._in_sight():
            place = self._rect(page)
            found = self._frames.get(page)
            if self._fit is Fit.WIDTH:
                painter.fillRect(place, QColor("#ffffff"))
            elif found is not None and found[0].hasAlphaChannel():
                painter.fillRect(place, QColor(tokens.page))
            if found is not None:
                image = found[0]
                ratio = self.devicePixelRatioF()
                exact = QSize(round(place.width() * ratio), round(place.height() * ratio))
                if image.size() == exact:
                    image.setDevicePixelRatio(ratio)
                    painter.drawImage(place.topLeft(), image)
                else:
                    painter.drawImage(place, image, QRectF(image.rect()))
            if self._fit is Fit.WIDTH:
                painter.setPen(QPen(QColor(tokens.line), 1))
                painter.drawRect(place.adjusted(-0.5, -0.5, 0.5, 0.5))
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()
        self._moved()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._grabbed = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """What is larger than the room for it is drawn along."""
        if self._grabbed is not None:
            now = event.position().toPoint()
            by, self._grabbed = now - self._grabbed, now
            self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() - by.x())
            self.verticalScrollBar().setValue(self.verticalScrollBar().value() - by.y())

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self._grabbed = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        across = self.horizontalScrollBar()
        sideways = event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right)
        if event.key() == Qt.Key.Key_Space:
            back = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            step = bar.pageStep() - 30
            bar.setValue(bar.value() + (-step if back else step))
        elif event.key() == Qt.Key.Key_Home:
            bar.setValue(0)
        elif event.key() == Qt.Key.Key_End:
            bar.setValue(bar.maximum())
        elif sideways and not across.maximum():
            event.ignore()  # to the attachment beside this one
        else:
            super().keyPressEvent(event)
