"""Pictures by address: each is fetched once however many want it, kept in memory within a bound;
failures are remembered too. For whom, and whether they may be had, is `remote_pictures`'."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from martlet.mail.errors import BY_KIND, ErrorKind, MailError, Refused
from martlet.mail.reading import Picture

KEPT_BYTES = 32 << 20
_KEPT_FAILURES = 2_000
# What is unreachable now may be reachable soon; what was refused stays so while we run.
_OFFLINE_S = 30.0
_NO_PICTURE = "This picture could not be fetched."


@dataclass(frozen=True, slots=True)
class _Failure:
    """What was raised, to be raised anew: an error that is raised again and again holds on to
    everybody who ever raised it."""

    kind: ErrorKind
    summary: str
    detail: str

    def error(self) -> MailError:
        return BY_KIND[self.kind](self.summary, self.detail)


@dataclass(slots=True)
class _Asked:
    """A picture on its way; those who want it too wait."""

    done: threading.Event = field(default_factory=threading.Event)
    picture: Picture | None = None
    error: _Failure | None = None


class PictureCache:
    """Any thread may use it."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Picture] = OrderedDict()
        self._kept_bytes = 0
        self._failed: OrderedDict[str, tuple[_Failure, float]] = OrderedDict()
        self._asked: dict[str, _Asked] = {}

    def kept(self, url: str) -> Picture | None:
        """The picture of this address, None if it would have to be fetched."""
        with self._lock:
            return self._found(url)

    def get(self, url: str, fetch: Callable[[], Picture]) -> Picture:
        """The picture of this address. fetch: not called when it is kept, on its way to somebody
        else, or has failed before; what it raises is raised to all of them."""
        with self._lock:
            picture = self._found(url)
            if picture is not None:
                return picture
            self._recall(url)
            other = self._asked.get(url)
            mine = other or _Asked()
            if other is None:
                self._asked[url] = mine
        if other is None:
            self._ask(url, fetch, mine)
        else:
            mine.done.wait()
        if mine.picture is None:
            raise mine.error.error() if mine.error else Refused(_NO_PICTURE)
        return mine.picture

    def _found(self, url: str) -> Picture | None:
        picture = self._kept.get(url)
        if picture is not None:
            self._kept.move_to_end(url)
        return picture

    def _recall(self, url: str) -> None:
        failed = self._failed.get(url)
        if failed is None:
            return
        failure, until = failed
        if self._clock() < until:
            raise failure.error()
        del self._failed[url]

    def _ask(self, url: str, fetch: Callable[[], Picture], mine: _Asked) -> None:
        try:
            mine.picture = fetch()
        except MailError as error:
            mine.error = _Failure(error.kind, error.summary, error.detail)
        finally:
            with self._lock:
                del self._asked[url]
                self._keep(url, mine)
            mine.done.set()

    def _keep(self, url: str, asked: _Asked) -> None:
        if asked.error is not None:
            passing = asked.error.kind is ErrorKind.OFFLINE
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
