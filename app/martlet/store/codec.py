"""How nouns lie in columns: JSON for lists, text for flags, dates and sort keys for order."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from martlet.mail.message import Address

_addresses = msgspec.json.Decoder(list[tuple[str, str]])

# Seconds are kept above 20 bits of tie-breaker (see message.sort_key); later than this is a lie.
_TIE_BITS = 20
_LATEST = 1 << 42


def clean(text: str) -> str:
    """Text SQLite can hold: lone surrogates replaced."""
    if text.isascii():
        return text
    return text.encode("utf-8", "replace").decode("utf-8")


def addresses_json(addresses: Sequence[Address]) -> str:
    if not addresses:
        return "[]"
    pairs = [(clean(a.name), clean(a.address)) for a in addresses]
    return msgspec.json.encode(pairs).decode()


def addresses(text: str) -> tuple[Address, ...]:
    return () if text == "[]" else tuple(Address(n, a) for n, a in _addresses.decode(text))


def ids_json(ids: Iterable[int] | Iterable[str]) -> str:
    """For `IN (SELECT value FROM json_each(?))`."""
    return json.dumps(list(ids))


def to_json(value: Any) -> str:
    try:
        return msgspec.json.encode(value).decode()
    except UnicodeEncodeError:
        return msgspec.json.encode(_cleaned(msgspec.to_builtins(value))).decode()


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {clean(key): _cleaned(one) for key, one in value.items()}
    return [_cleaned(one) for one in value] if isinstance(value, list | tuple) else value


def from_json(text: str) -> Any:
    return msgspec.json.decode(text)


def sort_key(date: float, message_id: int) -> int:
    """Newer is larger; within one second, later come is larger."""
    seconds = min(max(int(date), 0), _LATEST)
    return seconds << _TIE_BITS | message_id & ((1 << _TIE_BITS) - 1)


def first_key_at(date: float) -> int:
    """The lowest sort key a message of that second can have."""
    return min(max(int(date), 0), _LATEST) << _TIE_BITS
