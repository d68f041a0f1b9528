"""A client without a line: for a one-shot command that hosts the engine itself."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, TypeVar, cast

from martlet.link.aside import Aside
from martlet.link.dispatch import Verbs, perform
from martlet.link.messages import Hello, Request, Shutdown, Stay
from martlet.mail.changes import Change
from martlet.mail.errors import MailError

R = TypeVar("R")


class LocalClient:
    """Has the methods of `link.client.Client`. `ended` is called by `close`."""

    def __init__(self, engine: Verbs, ended: Callable[[], None] | None = None) -> None:
        self.on_change: Callable[[Change], None] | None = None
        self.on_lost: Callable[[], None] | None = None
        self._engine = engine
        self._ended = ended
        self._aside = Aside()
        engine.listen(self._announce)

    def call(self, request: Request[R], timeout_s: float | None = None) -> R:
        """Performs the request in this thread; a timeout is not heeded. Raises MailError."""
        if isinstance(request, (Hello, Stay, Shutdown)):
            return cast("R", None)
        return cast("R", perform(self._engine, request))

    def submit(self, request: Request[R], done: Callable[[R | MailError], None]) -> None:
        """Performs the request in a thread of its own (those aside in a few threads, in turn);
        `done` is called from there."""

        def run() -> None:
            answer: Any
            try:
                answer = self.call(request)
            except MailError as error:
                answer = error
            done(answer)

        if request.aside:
            self._aside.of(request).submit(run, request.whose)
        else:
            threading.Thread(target=run, name="link:local", daemon=True).start()

    def close(self) -> None:
        if self._ended is not None:
            self._ended()

    def _announce(self, change: Change) -> None:
        if self.on_change is not None:
            self.on_change(change)
