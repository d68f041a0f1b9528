"""What a written message says of how it is to be sent: the counterpart of `option_fields`."""

from __future__ import annotations

from martlet.mail.outgoing import Priority, SendOptions
from martlet.mime.headers import Headers

_NUMBERS = {
    "1": Priority.HIGHEST,
    "2": Priority.HIGH,
    "4": Priority.LOW,
    "5": Priority.LOWEST,
}
_WORDS = {
    "high": Priority.HIGH,
    "urgent": Priority.HIGH,
    "low": Priority.LOW,
    "non-urgent": Priority.LOW,
}


def options_of(headers: Headers) -> SendOptions:
    """Its priority, by whichever field says it; whether a receipt was asked for."""
    return SendOptions(
        priority=_priority(headers), receipt=bool(headers.get("disposition-notification-to"))
    )


def _priority(headers: Headers) -> Priority:
    number = headers.get("x-priority").decode("ascii", "replace").strip()[:1]
    if number in _NUMBERS:
        return _NUMBERS[number]
    for name in ("importance", "x-msmail-priority", "priority"):
        word = headers.get(name).decode("ascii", "replace").strip().casefold()
        if word in _WORDS:
            return _WORDS[word]
    return Priority.NORMAL
