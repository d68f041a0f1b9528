"""Pictures from the internet for messages that name them: fetched once, kept in memory only.

Whether they are to be shown is the reader's business; here is seen to it that a message gets what
it names itself and nothing else. When the first is asked for all of them are fetched: which of them
a style sheet picks, by the width of the window or its colours, is nobody's business.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from martlet.mail.errors import MailError, Offline, Refused
from martlet.mail.message import MessageId
from martlet.mail.reading import Picture
from martlet.mail.route import Route

KEPT_BYTES = 32 << 20
_KEPT_FAILURES = 2_000
_KEPT_MESSAGES = 64
# Fetched beside those that somebody waits for, and as much of one message.
_AHEAD_THREADS = 3
_AHEAD_BYTES = 16 << 20
_AHEAD_PICTURES = 300
# What is unreachable now may be reachable soon; what was refused stays so while we run.
_OFFLINE_S = 30.0


@dataclass(slots=True)
class _Named:
    """What a message names. shown: what it was last shown with. begun: for these, all are being
    fetched."""

    urls: set[str] = field(default_factory=set)
    shown: tuple[str, ...] = ()
    begun: tuple[str, ...] = ()


@dataclass(slots=True)
class _Asked:
    """A picture on its way; those who want it too wait."""

    done: threading.Event = field(default_factory=threading.Event)
    picture: Picture | None = None
    error: MailError | None = None


class RemotePictures:
    """fetch(url, route): net.pictures. names(id): the pictures that a message names, wherever in
    it. route(id): how the servers of its account are reached. Any thread may use it.
    """

    def __init__(
        self,
        fetch: Callable[[str, Route], Picture],
        names: Callable[[MessageId], Iterable[str]],
        route: Callable[[MessageId], Route],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._fetch = fetch
        self._names = names
        self._route = route
        self._clock = clock
        self._lock = threading.Lock()
        self._named: OrderedDict[MessageId, _Named] = OrderedDict()
        self._kept: OrderedDict[str, Picture] = OrderedDict()
        self._kept_bytes = 0
        self._failed: OrderedDict[str, tuple[MailError, float]] = OrderedDict()
        self._asked: dict[str, _Asked] = {}

    def seen(self, message_id: MessageId, urls: Sequence[str]) -> None:
        """The message was made ready, and names these."""
        with self._lock:
            named = self._known(message_id)
            named.urls.update(urls)
            named.shown = tuple(urls)

    def get(self, message_id: MessageId, url: str) -> Picture:
        """Raises Refused when the message names no such picture, and what fetching it raises: a
        failure is remembered, so that each message from there does not wait for it again.
        """
        self._check(message_id, url)
        route = self._route(message_id)
        self._begin_others(message_id, url, route)
        return self._one(url, route)

    def _one(self, url: str, route: Route) -> Picture:
        with self._lock:
            picture = self._kept.get(url)
            if picture is not None:
                self._kept.move_to_end(url)
                return picture
            self._recall(url)
            other = self._asked.get(url)
            mine = _Asked()
            if other is None:
                self._asked[url] = mine
        if other is None:
            self._ask(url, route, mine)
        else:
            mine = other
            mine.done.wait()
        if mine.picture is None:
            raise mine.error or Refused("This picture could not be fetched.")
        return mine.picture

    def _begin_others(self, message_id: MessageId, url: str, route: Route) -> None:
        with self._lock:
            named = self._known(message_id)
            if url not in named.shown or named.begun == named.shown:
                return
            named.begun = named.shown
        waiting = deque(one for one in dict.fromkeys(named.begun[:_AHEAD_PICTURES]) if one != url)
        left = [_AHEAD_BYTES]

        def fetch() -> None:
            while waiting and left[0] > 0:
                with suppress(MailError, IndexError):  # another thread took the last
                    left[0] -= len(self._one(waiting.popleft(), route).data)

        for _ in range(min(_AHEAD_THREADS, len(waiting))):
            threading.Thread(target=fetch, name="pictures", daemon=True).start()

    def _check(self, message_id: MessageId, url: str) -> None:
        with self._lock:
            known = url in self._known(message_id).urls
        if not known:
            named = set(self._names(message_id))
            with self._lock:
                self._known(message_id).urls.update(named)
            if url not in named:
                raise Refused("The message names no such picture.")

    def _known(self, message_id: MessageId) -> _Named:
        found = self._named.setdefault(message_id, _Named())
        self._named.move_to_end(message_id)
        while len(self._named) > _KEPT_MESSAGES:
            self._named.popitem(last=False)
        return found

    def _recall(self, url: str) -> None:
        failed = self._failed.get(url)
        if failed is None:
            return
        error, until = failed
        if self._clock() < until:
            raise error
        del self._failed[url]

    def _ask(self, url: str, route: Route, mine: _Asked) -> None:
        try:
            mine.picture = self._fetch(url, route)
        except MailError as error:
            mine.error = error
        finally:
            with self._lock:
                del self._asked[url]
                self._keep(url, mine)
            mine.done.set()

    def _keep(self, url: str, asked: _Asked) -> None:
        if asked.error is not None:
            passing = isinstance(asked.error, Offline)
            until = self._clock() + _OFFLINE_S if passing else float("inf")
            self._failed[url] = (asked.error, until)
            while len(self._failed) > _KEPT_FAILURES:
                self._failed.popitem(last=False)
        if asked.picture is None:
            return
        self._kept[url] = asked.picture
        self._kept_bytes += len(asked.picture.data)
        while self._kept_bytes > KEPT_BYTES:
            _, gone = self._kept.popitem(last=False)
            self._kept_bytes -= len(gone.data)
