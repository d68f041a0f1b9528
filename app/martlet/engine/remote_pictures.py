"""Pictures from the internet, for messages that name them.

Whether they are to be shown is the reader's business; here is seen to it that a message gets what
it names itself and nothing else. When the first is asked for all of them are fetched: which of them
a style sheet picks, by the width of the window or its colours, is nobody's business. Hosts that
keep silent cost a message's other pictures their turn; those of other messages have their own.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

from martlet.engine.picture_cache import PictureCache
from martlet.mail.errors import MailError, Offline, Refused
from martlet.mail.message import MessageId
from martlet.mail.reading import Picture
from martlet.mail.route import Route
from martlet.pool import Pool

_KEPT_MESSAGES = 64
# Fetched beside those that somebody waits for: of all messages, of each, and how much of one
_AHEAD_THREADS = 6
_AHEAD_EACH = 2
_AHEAD_BYTES = 16 << 20
_AHEAD_PICTURES = 300
# One picture may take so long; what all of a message's take beyond that is waited for no longer.
_PATIENT_S = 5.0
_LOST_S = 60.0


@dataclass(slots=True)
class _Named:
    """What a message names. shown: what it was last shown with. begun: for these, all are being
    fetched. lost_s: time that its pictures took beyond what is usual, since it was shown."""

    urls: set[str] = field(default_factory=set)
    shown: tuple[str, ...] = ()
    begun: tuple[str, ...] = ()
    lost_s: float = 0.0


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
        self._cache = PictureCache(clock)
        self._ahead = Pool(_AHEAD_THREADS, "pictures", each=_AHEAD_EACH)
        self._lock = threading.Lock()
        self._named: OrderedDict[MessageId, _Named] = OrderedDict()

    def seen(self, message_id: MessageId, urls: Sequence[str]) -> None:
        """The message was made ready, and names these."""
        with self._lock:
            named = self._known(message_id)
            named.urls.update(urls)
            named.shown = tuple(urls)
            named.lost_s = 0.0

    def get(self, message_id: MessageId, url: str) -> Picture:
        """Raises Refused when the message names no such picture, and what fetching it raises: a
        failure is remembered, so that each message from there does not wait for it again.
        """
        named = self._checked(message_id, url)
        route = self._route(message_id)
        self._begin_others(message_id, named, url, route)
        return self._one(named, url, route)

    def _one(self, named: _Named, url: str, route: Route) -> Picture:
        kept = self._cache.kept(url)
        if kept is not None:
            return kept
        if named.lost_s > _LOST_S:
            raise Offline("The pictures of this message take too long.")
        return self._cache.get(url, lambda: self._timed(named, url, route))

    def _timed(self, named: _Named, url: str, route: Route) -> Picture:
        began = self._clock()
        try:
            return self._fetch(url, route)
        finally:
            with self._lock:
                named.lost_s += max(0.0, self._clock() - began - _PATIENT_S)

    def _begin_others(self, message_id: MessageId, named: _Named, url: str, route: Route) -> None:
        with self._lock:
            if url not in named.shown or named.begun == named.shown:
                return
            named.begun = named.shown
        left = [_AHEAD_BYTES]

        def fetch(one: str) -> None:
            if left[0] > 0 and named.lost_s <= _LOST_S:
                with suppress(MailError):
                    left[0] -= len(self._one(named, one, route).data)

        for one in dict.fromkeys(named.begun[:_AHEAD_PICTURES]):
            if one != url:
                self._ahead.submit(partial(fetch, one), message_id)

    def _checked(self, message_id: MessageId, url: str) -> _Named:
        with self._lock:
            named = self._known(message_id)
            if url in named.urls:
                return named
        found = set(self._names(message_id))
        if url not in found:
            raise Refused("The message names no such picture.")
        with self._lock:
            named.urls.update(found)
        return named

    def _known(self, message_id: MessageId) -> _Named:
        found = self._named.setdefault(message_id, _Named())
        self._named.move_to_end(message_id)
        while len(self._named) > _KEPT_MESSAGES:
            self._named.popitem(last=False)
        return found
