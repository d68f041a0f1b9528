"""Small pictures on the cards of a letter's files: of those in sight, one after the other, when
nothing else is to do. Decoded in the preview process, since a picture may be a stranger's."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakSet

from PySide6.QtCore import QObject, QTimer

from martlet.mail.errors import MailError
from martlet.mail.file_types import Kind
from martlet.ui.compose.files.attachment_card import AttachmentCard
from martlet.ui.compose.files.attachments import AttachmentBar
from martlet.ui.file_paint import SIGHT
from martlet.ui.preview.process import Job, PreviewProcess, Source, image_of
from martlet.ui.preview.wire import Answer, Trouble, What

if TYPE_CHECKING:
    from martlet.store.reader import Reader

_QUIET_MS = 250
_LARGEST = 8_000_000
_SHOWN = (Kind.PICTURE, Kind.PDF)


class CardSights(QObject):
    """For one bar. process: None until the first picture; then one of the letter's own."""

    def __init__(
        self, reader: Reader, bar: AttachmentBar, process: PreviewProcess | None = None
    ) -> None:
        super().__init__(bar)
        self._reader = reader
        self._bar = bar
        self.process = process
        self._tried: WeakSet[AttachmentCard] = WeakSet()
        self._busy = False
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.setInterval(_QUIET_MS)
        self._quiet.timeout.connect(self._next)
        bar.changed.connect(self.look)
        bar.scrolled.connect(self.look)

    def rest(self) -> None:
        """No process, as long as nobody sees the cards."""
        self._quiet.stop()
        self._busy = False
        if self.process is not None:
            self.process.forget()
            self.process.end()

    def look(self) -> None:
        """Goes on, once nothing else is to do."""
        if self._bar.cards and not self._busy:
            self._quiet.start()

    def _next(self) -> None:
        if self._busy or not self._bar.isVisible():
            return
        for card in self._bar.in_sight():
            part = card.part
            if part is None or card in self._tried or card.facts.kind not in _SHOWN:
                continue
            self._tried.add(card)
            if not 0 < part.size <= _LARGEST:
                continue
            try:
                data = self._reader.part_bytes(part)
            except MailError:
                continue  # sending it will say so
            if data:
                self._make(card, data, pdf=card.facts.kind is Kind.PDF)
                return

    def _make(self, card: AttachmentCard, data: bytes, *, pdf: bool) -> None:
        self._busy = True
        if self.process is None:
            self.process = PreviewProcess(self)

        def drawn(answer: Answer, body: bytes) -> None:
            if self._bar.holds(card) and answer.width:
                card.set_thumbnail(image_of(answer, body))
            over()

        def undrawn(_trouble: Trouble) -> None:
            over()  # its kind is shown instead

        def over() -> None:
            self._busy = False
            self._next()

        side = round(SIGHT * self._bar.devicePixelRatioF() * (2 if pdf else 3))
        job = Job(Source(data, pdf), What.DRAW, drawn, undrawn, 0, side, side)
        self.process.ask(job, urgent=False)
