"""One attachment fetched, recognised and decoded for being looked at; shown by others.

    begin --here or fetched--> its bytes --a way--> the preview process --> text, pages
      ├── an attached message: rendered by the engine
      └── no way, no luck: ended (why)      not from the server: missed (why), may begin again

What is begun for another one drops what was on its way.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QSize, Signal

from martlet.link.messages import PartBytes, Render
from martlet.mail.file_risk import FileFacts
from martlet.mail.message import Attachment, MessageId
from martlet.mail.reading import View
from martlet.ui import file_words
from martlet.ui.link import EngineLink
from martlet.ui.preview import wire
from martlet.ui.preview.process import Job, PreviewProcess, Source, image_of
from martlet.ui.preview.ways import Way, way_of
from martlet.ui.preview.wire import MAX_FILE, Answer, Trouble, What

Fetch = Callable[[Attachment, Callable[[bytes], None], Callable[[str], None]], None]


class Looking(QObject):
    """waits, ended (words): instead of it. known (FileFacts): what its bytes tell. text (str, cut),
    pages (sizes, pdf, cut), drawn (page, image, size asked for), message (Rendered): what it is.
    """

    waits = Signal(str)
    ended = Signal(str)
    known = Signal(object)
    text = Signal(str, bool)
    pages = Signal(object, bool, bool)
    drawn = Signal(int, object, object)
    message = Signal(object)

    def __init__(self, link: EngineLink, process: PreviewProcess, parent: QObject) -> None:
        super().__init__(parent)
        self._link = link
        self._process = process
        self._source: Source | None = None
        self._turn = 0
        self.missed = False

    def begin(
        self, message: MessageId, attachment: Attachment, facts: FileFacts, fetch: Fetch
    ) -> None:
        """facts: as far as its name and type tell. fetch: gets the bytes of what is not here."""
        self.leave()
        turn = self._turn
        way = way_of(attachment, facts)
        if way is Way.MESSAGE:
            self.waits.emit(self.tr("Reading the attached message…"))
            self._link.ask(
                Render(message, view=View(part=attachment.part)),
                lambda rendered: self.message.emit(rendered) if turn == self._turn else None,
                lambda error: self._end(turn, error.summary),
            )
        elif way is Way.NONE:
            self._end(turn, "")
        elif attachment.size > MAX_FILE:
            self._fail(turn, Trouble.TOO_LARGE)
        elif attachment.here:
            self.waits.emit("")
            self._link.ask(
                PartBytes(message, attachment.part),
                lambda data: self._came(turn, attachment, data),
                lambda error: self._end(turn, error.summary),
            )
        else:
            self.waits.emit(self.tr("It is being downloaded…"))
            fetch(
                attachment,
                lambda data: self._came(turn, attachment, data),
                lambda words: self._miss(turn, words),
            )

    def leave(self) -> None:
        """Nothing more of it is wanted."""
        self._turn += 1
        self.missed = False
        if self._source is not None:
            self._process.forget(self._source)
            self._source = None

    def draw(self, page: int, width: int, height: int) -> None:
        """A page, in device pixels."""
        source, turn = self._source, self._turn
        if source is None:
            return

        def done(answer: Answer, body: bytes) -> None:
            if turn == self._turn and answer.width:
                self.drawn.emit(page, image_of(answer, body), QSize(width, height))

        def failed(trouble: Trouble) -> None:
            self._fail(turn, trouble)

        self._process.ask(Job(source, What.DRAW, done, failed, page, width, height))

    def _came(self, turn: int, attachment: Attachment, data: bytes) -> None:
        if turn != self._turn:
            return
        facts = file_words.facts_of(attachment, data)
        self.known.emit(facts)
        way = way_of(attachment, facts, data)
        if way in (Way.NONE, Way.MESSAGE, Way.SNIFF):
            self._end(turn, "")
            return
        self._source = source = Source(data, way is Way.PAGES, attachment.charset)

        def done(answer: Answer, body: bytes) -> None:
            if turn != self._turn:
                return
            sizes = wire.sizes_from_bytes(body) if way is not Way.TEXT else None
            if way is Way.TEXT:
                self.text.emit(body.decode("utf-8", "replace"), answer.cut)
            elif sizes is None:
                self._fail(turn, Trouble.BROKEN)
            else:
                self.pages.emit(sizes, source.pdf, answer.cut)

        what = What.READ if way is Way.TEXT else What.LOOK
        self._process.ask(Job(source, what, done, lambda trouble: self._fail(turn, trouble)))

    def _miss(self, turn: int, words: str) -> None:
        """It does not come from the server, now."""
        if turn == self._turn:
            self.missed = True
            self.ended.emit(words)

    def _fail(self, turn: int, trouble: Trouble) -> None:
        self._end(turn, file_words.trouble(trouble))

    def _end(self, turn: int, words: str) -> None:
        if turn == self._turn:
            self.ended.emit(words)
