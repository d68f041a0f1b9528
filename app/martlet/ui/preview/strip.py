"""The strip above a preview: back, what it is, pages and zoom, open and save, to the next one."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from martlet.mail.file_risk import FileFacts
from martlet.mail.message import Attachment
from martlet.ui import file_words, theme
from martlet.ui.shown_text import tip

_NARROW = 520


class PreviewStrip(QFrame):
    """Says what is wanted; is told what is shown."""

    back_wanted = Signal()
    open_wanted = Signal()
    save_wanted = Signal()
    zoom_wanted = Signal(int)
    step_wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("previewStrip")
        back = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        left, right = "chevron-left", "chevron-right"
        if back:
            left, right = right, left
        arrows = ("→", "←") if back else ("←", "→")
        self.back = self._button(left, self.tr("Back to the message (Esc)"))
        self.back.setText(self.tr("Message"))
        self.back.clicked.connect(self.back_wanted)
        self._name = QLabel()
        self._name.setTextFormat(Qt.TextFormat.PlainText)
        self._name.setFont(theme.font(13, bold=True))
        self._name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._size = _quiet()
        self._place = _quiet()
        self._count = _quiet()
        self.smaller = self._button("zoom-out", self.tr("Smaller (−)"))
        self.smaller.clicked.connect(lambda: self.zoom_wanted.emit(-1))
        self.larger = self._button("zoom-in", self.tr("Larger (+)"))
        self.larger.clicked.connect(lambda: self.zoom_wanted.emit(1))
        self.open = self._button("open", self.tr("Open (Enter)"))
        self.open.setText(self.tr("Open"))
        self.open.clicked.connect(self.open_wanted)
        self.save = self._button("save", self.tr("Save (Ctrl+S)"))
        self.save.setText(self.tr("Save…"))
        self.save.clicked.connect(self.save_wanted)
        words = self.tr("Attachment before ({key})").format(key=arrows[0])
        self.before = self._button(left, words)
        self.before.clicked.connect(lambda: self.step_wanted.emit(-1))
        words = self.tr("Next attachment ({key})").format(key=arrows[1])
        self.after = self._button(right, words)
        self.after.clicked.connect(lambda: self.step_wanted.emit(1))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 5, 10, 5)
        row.setSpacing(4)
        row.addWidget(self.back)
        row.addSpacing(8)
        row.addWidget(self._name, 1)
        for label in (self._size, self._place):
            row.addWidget(label)
            row.addSpacing(6)
        for button in (self.smaller, self.larger, self.open, self.save):
            row.addWidget(button)
        row.addSpacing(6)
        row.addWidget(self.before)
        row.addWidget(self._count)
        row.addWidget(self.after)
        self._full = ""

    def _button(self, symbol: str, words: str) -> QToolButton:
        made = QToolButton()
        made.setIcon(theme.icon(symbol))
        made.setToolTip(words)
        made.setAccessibleName(words)
        return made

    def show_file(self, attachment: Attachment, facts: FileFacts, at: int, count: int) -> None:
        """The attachment, which of how many it is (from 0)."""
        self._full = attachment.filename
        self._name.setToolTip(tip(attachment.filename))
        self._size.setText(file_words.measure(attachment))
        self.open.setEnabled(not facts.never_opened)
        several = count > 1
        self.before.setVisible(several)
        self.after.setVisible(several)
        self._count.setVisible(several)
        self.before.setEnabled(at > 0)
        self.after.setEnabled(at < count - 1)
        self._count.setText(self.tr("{at} of {count}").format(at=at + 1, count=count))
        self.show_place("", zoom=False)
        self._fit()

    def show_place(self, words: str, *, zoom: bool) -> None:
        """The page in sight, and whether what is shown can be zoomed."""
        self._place.setText(words)
        self._place.setVisible(bool(words))
        self.smaller.setVisible(zoom)
        self.larger.setVisible(zoom)
        self._fit()

    @property
    def place(self) -> str:
        return self._place.text()

    def _fit(self) -> None:
        narrow = self.width() < _NARROW
        beside = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        style = Qt.ToolButtonStyle.ToolButtonIconOnly if narrow else beside
        for button in (self.back, self.open, self.save):
            button.setToolButtonStyle(style)
        self._size.setVisible(not narrow)
        self._count.setVisible(not narrow and not self.before.isHidden())
        self._elide()

    def _elide(self) -> None:
        layout = self.layout()
        if layout is not None:
            layout.activate()
        room = max(20, self._name.width())
        self._name.setText(
            self._name.fontMetrics().elidedText(self._full, Qt.TextElideMode.ElideMiddle, room)
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() is QEvent.Type.LayoutRequest:
            self._elide()
        return done


def _quiet() -> QLabel:
    made = QLabel()
    made.setProperty("tone", "second")
    made.setTextFormat(Qt.TextFormat.PlainText)
    return made


def under(widget: QWidget | None, ancestor: QWidget) -> bool:
    """Whether a widget is another, or lies in it."""
    return widget is ancestor or (widget is not None and ancestor.isAncestorOf(widget))
