"""What the page of an HTML message can reach: itself, and pictures the engine gives for it.

`martlet-mail:/N/page` is the message shown as number N, `martlet-mail:/N/PART` a picture it holds,
`martlet-mail:/N/remote/M` the picture from the internet that stands at M in its `Remote`, once a
person has allowed these. N is another with each message shown, so that nothing of one is ever
asked for by the page of another. Whatever else is asked for is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from PySide6.QtCore import QBuffer, QByteArray, QObject, Signal
from PySide6.QtWebEngineCore import (
    QWebEngineUrlRequestInfo,
    QWebEngineUrlRequestInterceptor,
    QWebEngineUrlRequestJob,
    QWebEngineUrlScheme,
    QWebEngineUrlSchemeHandler,
)

from martlet.link.messages import PartBytes, RemotePicture
from martlet.mail.errors import MailError
from martlet.mail.reading import Picture
from martlet.mail.rendered import Rendered
from martlet.ui.html_page import SCHEME
from martlet.ui.link import EngineLink

PAGE = "page"
_REMOTE = "remote"
_PICTURE = re.compile(r"image/(?!svg)[a-z0-9.+-]{1,40}", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]{1,6}")


def register() -> None:
    """Makes the scheme known; must happen before the first profile, and only once."""
    name = SCHEME.encode()
    if not QWebEngineUrlScheme.schemeByName(name).name().isEmpty():
        return
    scheme = QWebEngineUrlScheme(name)
    scheme.setSyntax(QWebEngineUrlScheme.Syntax.Path)
    scheme.setFlags(QWebEngineUrlScheme.Flag.SecureScheme)
    QWebEngineUrlScheme.registerScheme(scheme)


class Gate(QWebEngineUrlRequestInterceptor):
    """Lets nothing out: only our own scheme passes, and data inside the page."""

    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:
        if info.requestUrl().scheme() not in (SCHEME, "data"):
            info.block(True)


class Parts(QWebEngineUrlSchemeHandler):
    """Answers for the one message shown. settled: all it was asked for has been answered.
    fell_short: so many pictures of the internet could not be had, and why the first could not.
    """

    settled = Signal()
    fell_short = Signal(int, str)

    def __init__(self, link: EngineLink, parent: QObject) -> None:
        super().__init__(parent)
        self._link = link
        self._rendered: Rendered | None = None
        self._page = b""
        self._types: dict[str, str] = {}
        self._pending = 0
        self._open: list[Callable[[], None]] = []
        self._hurried = False
        self._field: Callable[[str], bytes] = lambda _what: b""
        self._missed: list[str] = []
        self.number = 0

    @property
    def waiting(self) -> bool:
        """Whether pictures are still on their way."""
        return self._pending > 0

    def show(
        self, rendered: Rendered, page: Callable[[int], bytes], field: Callable[[str], bytes]
    ) -> int:
        """Serves this one from now on; answers its number, with which the page was made.

        field: as SVG, what stands in place of a picture that cannot be had.
        """
        self.number += 1
        self._field = field
        self._missed.clear()
        self._rendered = rendered
        self._types = {part.part: part.content_type for part in rendered.attachments}
        self._pending = 0
        self._open.clear()
        self._hurried = False
        self._page = page(self.number)
        return self.number

    def hurry(self) -> None:
        """Nobody wants the page shown any more: its pictures fail, so that it is soon loaded."""
        self._hurried = True
        refusals, self._open = self._open, []
        for refuse in refusals:
            refuse()

    def requestStarted(self, job: QWebEngineUrlRequestJob) -> None:
        shown = self._rendered
        number, _, what = job.requestUrl().path().strip("/").partition("/")
        if shown is None or number != str(self.number):
            if what == PAGE:
                # A load that fails may take the next one with it, an empty page does not.
                _reply(job, b"text/html", b"")
            else:
                job.fail(QWebEngineUrlRequestJob.Error.RequestDenied)
        elif what == PAGE:
            _reply(job, b"text/html", self._page)
        elif self._hurried:
            job.fail(QWebEngineUrlRequestJob.Error.RequestDenied)
        elif what.startswith(f"{_REMOTE}/"):
            self._give_remote(job, shown, what.partition("/")[2])
        elif _PICTURE.fullmatch(kind := self._types.get(what, "")):
            self._give_part(job, shown, what, kind)
        else:
            job.fail(QWebEngineUrlRequestJob.Error.UrlNotFound)

    def _give_part(
        self, job: QWebEngineUrlRequestJob, shown: Rendered, part: str, kind: str
    ) -> None:
        answer, failed = self._answers(job, part)
        request = PartBytes(shown.message_id, part)
        self._link.ask(request, lambda data: answer(kind, data), failed, self)

    def _give_remote(self, job: QWebEngineUrlRequestJob, shown: Rendered, at: str) -> None:
        pictures = shown.remote.pictures if shown.remote.shown else ()
        if not _NUMBER.fullmatch(at) or int(at) >= len(pictures):
            job.fail(QWebEngineUrlRequestJob.Error.UrlNotFound)
            return
        answer, fail = self._answers(job, f"{_REMOTE}/{at}")
        number = self.number

        def failed(error: MailError) -> None:
            if number == self.number and not self._hurried:
                self._missed.append(error.summary)
            fail(error)

        def came(picture: Picture) -> None:
            answer(picture.content_type, picture.data)

        self._link.ask(RemotePicture(shown.message_id, pictures[int(at)]), came, failed, self)

    def _answers(
        self, job: QWebEngineUrlRequestJob, what: str
    ) -> tuple[Callable[[str, bytes], None], Callable[[MailError], None]]:
        """What to do with an answer: the page may be gone by then, and another shown."""
        alive = [True]
        job.destroyed.connect(lambda: alive.clear())
        number = self.number
        self._pending += 1

        def refuse() -> None:
            if alive:
                alive.clear()
                job.fail(QWebEngineUrlRequestJob.Error.RequestDenied)

        self._open.append(refuse)

        def answer(kind: str, data: bytes) -> None:
            if alive and _PICTURE.fullmatch(kind):
                _reply(job, kind.encode(), data)
            elif alive and number == self.number:
                _reply(job, b"image/svg+xml", self._field(what))
            elif alive:
                job.fail(QWebEngineUrlRequestJob.Error.RequestFailed)
            self._settle(number)

        def failed(_error: MailError) -> None:
            answer("", b"")

        return answer, failed

    def _settle(self, number: int) -> None:
        if number == self.number:
            self._pending -= 1
            if not self._pending:
                self.settled.emit()
                if self._missed and not self._hurried:
                    self.fell_short.emit(len(self._missed), self._missed[0])


def _reply(job: QWebEngineUrlRequestJob, kind: bytes, data: bytes) -> None:
    buffer = QBuffer(job)
    buffer.setData(QByteArray(data))
    job.reply(QByteArray(kind), buffer)
