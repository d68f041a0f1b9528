"""One attachment as a chip: what it looks like or its kind, name and size, and what is the matter.

Paints itself: a style sheet would cost forty chips more than a frame. What is decoded for its
picture is decoded elsewhere (`preview.thumbnails`).
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QWidget

from martlet.mail.message import Attachment
from martlet.ui import dates, file_words, theme
from martlet.ui.file_paint import SIGHT, place, write
from martlet.ui.file_tile import FileTile
from martlet.ui.shown_text import tip

THUMB = SIGHT
_WIDEST = 190
_NARROWEST = 84
_PAD = 5
_GAP = 9
_MARK = 14


class AttachmentChip(FileTile):
    """here --> ; not here (an arrow) --fetch--> fetching (a bar and a cross) --> here or not.

    While downloading is paused one that is fetched waits; one that was stopped says what is kept.
    opened: Enter, or a double click. toggled_by_hand: chosen beside others, or no more.
    """

    opened = Signal()
    toggled_by_hand = Signal()

    def __init__(self, attachment: Attachment, parent: QWidget | None = None) -> None:
        super().__init__(file_words.facts_of(attachment), parent)
        self.attachment = attachment
        self.fetching = False
        self.current = False
        self._paused = False
        self._done = 0.0
        self._hint = QSize()
        # The bar's, asked first; an event filter would see every event of every chip.
        self.on_key: Callable[[AttachmentChip, QKeyEvent], bool] | None = None
        self.on_mouse: Callable[[AttachmentChip, QMouseEvent], bool] | None = None
        self._say()

    def set_attachment(self, attachment: Attachment) -> None:
        """The same file, known anew: it is here now, or not any more."""
        if attachment != self.attachment:
            self.attachment = attachment
            self.facts = file_words.facts_of(attachment)
            self._say()

    def set_current(self, current: bool) -> None:
        """Whether it is the one that the preview shows."""
        if current != self.current:
            self.current = current
            self.update()

    def fetch(self, done: int = 0) -> None:
        """It is asked for now, and so many of its bytes are here."""
        self.fetching = not self.attachment.here
        self._done = self._share(done)
        self._say()

    def show_progress(self, done: int, total: int) -> None:
        """So much has come, counted with its encoding or without."""
        if not self.fetching or not total:
            return  # given up, whatever still comes
        self._done = min(1.0, done / total)
        self._say()

    def stop(self, done: int = 0) -> None:
        """It is not asked for any more; so many bytes of it are kept."""
        share = self._share(done)
        if self.fetching or share != self._done:
            self.fetching = False
            self._done = share
            self._say()

    def set_paused(self, paused: bool) -> None:
        """Whether what is fetched waits."""
        if paused != self._paused:
            self._paused = paused
            self._say()

    def _share(self, done: int) -> float:
        return min(1.0, done / self.attachment.size) if self.attachment.size else 0.0

    def _say(self) -> None:
        each = self.attachment
        shown, size = file_words.measure(each), dates.size(each.size)
        done = dates.size(round(each.size * self._done)) if self._done and not each.here else ""
        if done and self.fetching:
            shown = self.tr("{done} of {size}").format(done=done, size=size)
        elif done:
            shown = self.tr("{size}, {done} here already").format(done=done, size=size)
        if self.fetching and self._paused:
            shown = self.tr("{size}, paused").format(size=shown)
        self._small = shown
        name = QFontMetrics(self.name_font).elidedText(
            each.filename, Qt.TextElideMode.ElideMiddle, _WIDEST
        )
        self._name = name
        self.setText(f"{name}   {shown}")
        state = ""
        if self.fetching and self._paused:
            state = self.tr("Waits until downloading goes on; click to stop")
        elif self.fetching:
            state = self.tr("Is being downloaded; click to stop")
        elif done:
            state = self.tr("Partly here; click to go on downloading")
        elif not each.here:
            state = self.tr("On the server; click to download and look at it")
        kind = file_words.kind(self.facts.kind)
        risks = "\n".join(file_words.risk(each) for each in self.facts.risks)
        about = f"{each.filename}\n{kind} ({each.content_type}), {file_words.measure(each)}"
        self.setToolTip(tip("\n".join(filter(None, (about, state, risks)))))
        self.setAccessibleName(f"{each.filename}, {kind}, {shown}")
        self.setAccessibleDescription(" ".join(filter(None, (state, risks.replace("\n", " ")))))
        hint = self._measured()
        if hint != self._hint:
            self._hint = hint
            self.updateGeometry()
        self.update()

    def _measured(self) -> QSize:
        name, small, _top = self.metrics()
        words = max(
            name.horizontalAdvance(self._name),
            small.horizontalAdvance(self._small) + self._mark_room(),
        )
        width = _PAD + THUMB + _GAP + max(words, _NARROWEST) + 12
        if not self.attachment.here:
            width += _MARK + 8
        return QSize(width, max(THUMB, name.height() + small.height()) + 2 * _PAD)

    def _mark_room(self) -> int:
        return _MARK + 5 if self.facts.warned else 0

    def sizeHint(self) -> QSize:
        return self._hint

    def minimumSizeHint(self) -> QSize:
        return QSize(_PAD + THUMB + _GAP + _NARROWEST, self._hint.height())

    @property
    def held(self) -> bool:
        """Whether there is something that Escape would end."""
        return self.chosen or self.current

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.on_key is not None and self.on_key(self, event):
            return
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
        elif event.key() == Qt.Key.Key_Space and control:
            self._toggle()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            event.accept()  # it is no message, and nothing is taken out of one
        else:
            super().keyPressEvent(event)

    def _toggle(self) -> None:
        self.set_chosen(not self.chosen)
        self.toggled_by_hand.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.on_mouse is None or not self.on_mouse(self, event):
            super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.on_mouse is None or not self.on_mouse(self, event):
            super().mouseReleaseEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.on_mouse is not None:
            self.on_mouse(self, event)
        if (
            event.button() is Qt.MouseButton.LeftButton
            and event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self._toggle()
            return
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and not self.fetching:
            self.opened.emit()

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = theme.current()
        painter = QPainter(self)
        self.paint_ground(painter, 7, _PAD)
        left = _PAD + THUMB + _GAP
        right = 10 + (0 if self.attachment.here else _MARK + 8)
        name, small, top = self.metrics()
        room = self.width() - left - right
        painter.setFont(self.name_font)
        painter.setPen(QColor(tokens.text))
        shown = self._name
        if name.horizontalAdvance(shown) > room:
            shown = name.elidedText(self.attachment.filename, Qt.TextElideMode.ElideMiddle, room)
        write(painter, self, left, top, room, shown)
        top += name.height()
        if self.facts.warned:
            colour = tokens.danger if self.facts.never_opened else tokens.warn_text
            mark = place(self, left - 1, top + (small.height() - _MARK) / 2, _MARK, _MARK)
            theme.draw(painter, "warning", mark, colour)
            left += self._mark_room()
            room -= self._mark_room()
        painter.setFont(self.small_font)
        painter.setPen(QColor(tokens.text2))
        words = small.elidedText(self._small, Qt.TextElideMode.ElideRight, room)
        write(painter, self, left, top, room, words)
        if not self.attachment.here:
            self._paint_transfer(painter)
        painter.end()

    def _paint_transfer(self, painter: QPainter) -> None:
        tokens = theme.current()
        top = (self.height() - _MARK) / 2
        at = place(self, self.width() - _MARK - 9, top, _MARK, _MARK)
        mark, colour = ("close", tokens.text2) if self.fetching else ("download", tokens.accent)
        theme.draw(painter, mark, at, colour)
        if self.fetching and not self._paused:
            painter.setPen(Qt.PenStyle.NoPen)
            whole, top = self.width() - 16, self.height() - 5
            painter.setBrush(QColor(tokens.line))
            painter.drawRoundedRect(place(self, 8, top, whole, 3), 1.5, 1.5)
            painter.setBrush(QColor(tokens.accent))
            here = max(3.0, whole * self._done)
            painter.drawRoundedRect(place(self, 8, top, here, 3), 1.5, 1.5)
