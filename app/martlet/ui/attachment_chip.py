"""One attachment as a chip: its kind, name and size; how far it has come while it is fetched."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolButton, QWidget

from martlet.mail.message import Attachment
from martlet.ui import dates, theme

_SYMBOLS = (
    ("image/", "image"),
    ("text/", "file-text"),
    ("message/", "mail"),
    ("application/zip", "file-archive"),
    ("application/gzip", "file-archive"),
    ("application/pdf", "file-text"),
)
_WIDEST = 220
_MARK = 14


class AttachmentChip(QToolButton):
    """here --> ; not here (an arrow) --fetch--> fetching (a bar and a cross) --> here or not.

    While downloading is paused one that is fetched waits; one that was stopped says what is kept.
    """

    def __init__(self, attachment: Attachment, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.attachment = attachment
        self.fetching = False
        self._paused = False
        self._done = 0.0
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setIcon(theme.icon(_symbol(attachment.content_type)))
        if not attachment.here:
            # Room for the mark on the right, whatever it is.
            self.setStyleSheet(f"padding-right: {_MARK + 4}px;")
        self._say()

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
        self.fetching = False
        self._done = self._share(done)
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
        name = self.fontMetrics().elidedText(each.filename, Qt.TextElideMode.ElideMiddle, _WIDEST)
        shown = size = dates.size(each.size)
        done = dates.size(round(each.size * self._done)) if self._done and not each.here else ""
        if done and self.fetching:
            shown = self.tr("{done} of {size}").format(done=done, size=size)
        elif done:
            shown = self.tr("{size}, {done} here already").format(done=done, size=size)
        if self.fetching and self._paused:
            shown = self.tr("{size}, paused").format(size=shown)
        self.setText(f"{name}   {shown}".replace("&", "&&"))
        state = ""
        if self.fetching and self._paused:
            state = self.tr("Waits until downloading goes on; click to stop")
        elif self.fetching:
            state = self.tr("Is being downloaded; click to stop")
        elif done:
            state = self.tr("Partly here; click to go on downloading and open it")
        elif not each.here:
            state = self.tr("On the server; click to download and open it")
        self.setToolTip(f"{each.filename}\n{each.content_type}, {size}\n{state}".rstrip())
        self.setAccessibleName(f"{each.filename}, {shown}")
        self.setAccessibleDescription(state)
        self.updateGeometry()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.attachment.here:
            return
        tokens = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        place = QRectF(self.width() - _MARK - 9, (self.height() - _MARK) / 2, _MARK, _MARK)
        symbol, colour = ("close", tokens.text2) if self.fetching else ("download", tokens.accent)
        theme.draw(painter, symbol, place, colour)
        if self.fetching and not self._paused:
            painter.setPen(Qt.PenStyle.NoPen)
            ground = QRectF(8, self.height() - 5, self.width() - 16, 3)
            painter.setBrush(QColor(tokens.line))
            painter.drawRoundedRect(ground, 1.5, 1.5)
            painter.setBrush(QColor(tokens.accent))
            ground.setWidth(max(3.0, ground.width() * self._done))
            painter.drawRoundedRect(ground, 1.5, 1.5)
        painter.end()


def _symbol(content_type: str) -> str:
    return next((name for start, name in _SYMBOLS if content_type.startswith(start)), "file")
