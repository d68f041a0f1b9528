"""Small pictures for the chips of an attachment bar: only of what is in sight and here, one after
the other, when nothing else is to do. Decoded in the preview process."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from martlet.link.messages import PartBytes
from martlet.mail.errors import MailError
from martlet.mail.file_types import Kind
from martlet.mail.message import Attachment, MessageId
from martlet.ui.attachment_bar import AttachmentBar
from martlet.ui.attachment_chip import THUMB
from martlet.ui.link import EngineLink
from martlet.ui.preview.process import Job, PreviewProcess, Source, image_of
from martlet.ui.preview.wire import Answer, Trouble, What

_QUIET_MS = 250
_LARGEST = 12_000_000
_SHOWN = (Kind.PICTURE, Kind.PDF)


class Thumbnails(QObject):
    """For one bar. A message that is left before its turn costs nothing."""

    def __init__(self, link: EngineLink, process: PreviewProcess, bar: AttachmentBar) -> None:
        super().__init__(bar)
        self._link = link
        self._process = process
        self._bar = bar
        self._tried: set[str] = set()
        self._message: MessageId | None = None
        self._busy = False
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.setInterval(_QUIET_MS)
        self._quiet.timeout.connect(self._next)
        bar.changed.connect(self._changed)
        bar.moved.connect(self._wait)

    def _changed(self) -> None:
        if self._bar.message != self._message:
            self._message = self._bar.message
            self._tried = set()
        self._wait()

    def _wait(self) -> None:
        if self._bar.shown() and not self._quiet.isActive():
            self._quiet.start()

    def _next(self) -> None:
        message = self._message
        if self._busy or message is None:
            return
        for chip in self._bar.in_sight():
            each = chip.attachment
            if each.part not in self._tried and _worth(each, chip.facts.kind):
                self._tried.add(each.part)
                self._make(message, each, pdf=chip.facts.kind is Kind.PDF)
                return

    def _make(self, message: MessageId, attachment: Attachment, *, pdf: bool) -> None:
        self._busy = True

        def over() -> None:
            self._busy = False
            self._next()

        def drawn(answer: Answer, body: bytes) -> None:
            chip = self._bar.chip(attachment.part)
            if self._bar.message == message and chip is not None and answer.width:
                chip.set_thumbnail(image_of(answer, body))
            over()

        def undrawn(_trouble: Trouble) -> None:
            over()  # its kind is shown instead

        def came(data: bytes) -> None:
            if self._bar.message != message:
                over()
                return
            side = round(THUMB * self._bar.devicePixelRatioF() * (2 if pdf else 3))
            job = Job(Source(data, pdf), What.DRAW, drawn, undrawn, 0, side, side)
            self._process.ask(job, urgent=False)

        self._link.ask(PartBytes(message, attachment.part), came, _quietly(over))


def _quietly(over: Callable[[], None]) -> Callable[[MailError], None]:
    """Nobody asked for a thumbnail, so nobody is told that there is none."""
    return lambda _error: over()


def _worth(attachment: Attachment, kind: Kind) -> bool:
    return kind in _SHOWN and attachment.here and 0 < attachment.size <= _LARGEST
