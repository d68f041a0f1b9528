"""From a request to the engine's method of that name, and from any end of it to an answer.

`Move(message_ids, folder_id)` becomes `engine.move(message_ids=..., folder_id=...)`.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from functools import cache
from typing import Any, Protocol

from martlet.link.messages import Request
from martlet.mail.changes import Change
from martlet.mail.errors import MailError, Refused

_log = logging.getLogger("martlet.link")

BUG = "Something went wrong inside Martlet; the log has the details."


class Verbs(Protocol):
    """What a host needs of an engine, besides a method for each request."""

    def listen(self, callback: Callable[[Change], None]) -> object: ...
    def start(self) -> None: ...
    def close(self) -> None: ...


@cache
def method_name(request: type[Request[Any]]) -> str:
    """`SetFlags` -> "set_flags"."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", request.__name__).lower()


def perform(engine: Verbs, request: Request[Any]) -> object:
    """What the engine answers. Raises MailError, and nothing else: a bug becomes a log
    entry with its stack and a sentence."""
    try:
        method = getattr(engine, method_name(type(request)))
        return method(**{name: getattr(request, name) for name in request.__struct_fields__})
    except MailError:
        raise
    except Exception as error:
        _log.exception("%s failed", type(request).__name__)
        raise Refused(BUG, type(error).__name__) from error
