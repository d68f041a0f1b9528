"""Asks the engine for the one message that is wanted, in the way it is looked at.

    idle --ask--> asked --answer--> idle, and `came`
                  asked --another wanted, another way, changed, allowed--> outdated
                  outdated --answer, which is of before--> asked anew

One is on its way at most, so that arrow keys do not pile up a queue. What was shown, and what may
be opened next, is kept for a while (`ahead.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from martlet.link.messages import AllowPictures, Render
from martlet.mail.errors import MailError
from martlet.mail.message import MessageId
from martlet.mail.rendered import Rendered
from martlet.ui.ahead import Ahead
from martlet.ui.link import EngineLink
from martlet.ui.ways import Way, Ways


class Asking(QObject):
    """came: a Rendered of what is wanted now. failed: there is none, a MailError. html_near: one
    that may be opened next is HTML.
    """

    came = Signal(object)
    failed = Signal(object)
    html_near = Signal()

    def __init__(self, link: EngineLink, parent: QObject) -> None:
        super().__init__(parent)
        self._link = link
        self._message: MessageId | None = None
        self._ways = Ways()
        self._asking = self._awaited = False
        self._generation = 0
        self._ahead = Ahead(link, self)
        self._ahead.html_near.connect(self.html_near)

    @property
    def message(self) -> MessageId | None:
        """What is wanted."""
        return self._message

    @property
    def way(self) -> Way:
        """How that is looked at."""
        return self._ways.of(self._message)

    def way_of(self, message: MessageId) -> Way:
        """How this one was looked at last."""
        return self._ways.of(message)

    def put_way(self, message: MessageId, way: Way) -> None:
        """From now on; nothing is asked for yet."""
        self._ways.put(message, way)
        if message == self._message:
            self._awaited = False
            self._generation += 1

    def choose(self, message: MessageId | None) -> None:
        """This is wanted from now on; nothing is asked for yet."""
        self._message = message
        self._awaited = False
        self._generation += 1

    def begin(self) -> None:
        """`came` is told of what is wanted: at once if it is ready, or once it is."""
        ready = None
        if self._message is not None:
            ready = self._ahead.take(self._message, self.way.view)
        if ready is not None:
            self._awaited = False
            self._generation += 1
            self.came.emit(ready)
        else:
            self.ask()

    def ask(self) -> None:
        """Anew: what is on its way already is of before."""
        self._awaited = True
        self._generation += 1
        self._ask()

    def keep(self, rendered: Rendered) -> None:
        """It was shown; it may be gone back to."""
        self._ahead.keep(rendered)

    def expect(self, messages: Sequence[MessageId]) -> None:
        """These may be opened next, the likeliest first."""
        self._ahead.expect((each, self._ways.of(each).view) for each in messages)

    def forget(self, messages: Sequence[MessageId] | None = None) -> None:
        """These have changed (None: anything may have): no answer of before is shown."""
        self._ahead.forget(messages)
        if messages is None or self._message in messages:
            self._generation += 1

    def allow(self, who: str, allowed: bool) -> None:
        """Pictures from the internet, from now on; what is wanted then shows what that means."""

        asked = self._message

        def done(_none: None) -> None:
            if asked is not None:
                way = self._ways.of(asked)
                self._ways.put(asked, replace(way, view=replace(way.view, pictures=False)))
            self.forget()
            self.ask()

        self._link.ask(AllowPictures(who, allowed), done, owner=self)

    def _ask(self) -> None:
        if self._asking or not self._awaited or self._message is None:
            return
        self._asking = True
        asked = self._generation

        def ended(tell: Callable[[], None]) -> None:
            self._asking = False
            if asked == self._generation:
                self._awaited = False
                tell()
            else:
                self._ask()

        def done(rendered: Rendered) -> None:
            ended(lambda: self.came.emit(rendered))

        def failed(error: MailError) -> None:
            ended(lambda: self.failed.emit(error))

        self._link.ask(Render(self._message, view=self.way.view), done, failed, self)
