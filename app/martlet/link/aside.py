"""Where requests run that wait for strangers' servers, which may keep silent: each kind in a few
threads of its own, of which one message gets two at most."""

from __future__ import annotations

import threading
from typing import Any

from martlet.link.request import Request
from martlet.pool import Pool

_THREADS = 8
_EACH = 2


class Aside:
    """Pools by the kind of request. Any thread may use it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pools: dict[type[Request[Any]], Pool] = {}

    def of(self, request: Request[Any]) -> Pool:
        """The pool for requests like this one."""
        kind = type(request)
        with self._lock:
            if kind not in self._pools:
                self._pools[kind] = Pool(_THREADS, f"link:{kind.__name__}", each=_EACH)
            return self._pools[kind]
