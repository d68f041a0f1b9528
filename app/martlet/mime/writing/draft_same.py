"""Whether two messages are the same draft, though a server has stored one of them its own way."""

from __future__ import annotations

from martlet.mime.content import summarise
from martlet.mime.headers import parse_headers
from martlet.mime.writing.draft_form import ID, INFO

_SAID = ("from", "to", "cc", "bcc", "bcc", "reply-to", "subject", ID, INFO)


def same_letter(one: bytes, other: bytes) -> bool:
    """Compares what people write; servers add fields of their own.

    Where a server makes another message of each it is given, words, people and files count, if
    the fields that only this program writes are there as they were.
    """
    if one == other:
        return True
    heads = parse_headers(one), parse_headers(other)
    if any(_folded(heads[0].get(name)) != _folded(heads[1].get(name)) for name in (ID, INFO)):
        return False
    texts = [_folded_lines(raw) for raw in (one, other)]
    if texts[0] == texts[1]:
        return all(_folded(heads[0].get(name)) == _folded(heads[1].get(name)) for name in _SAID)
    return bool(heads[0].get(INFO)) and _told(one) == _told(other)


def _folded(value: bytes) -> bytes:
    return b" ".join(value.split())


def _folded_lines(raw: bytes) -> bytes:
    """The text below the header, with line ends of one kind."""
    return raw.replace(b"\r\n", b"\n").partition(b"\n\n")[2].rstrip()


def _told(raw: bytes) -> tuple[object, ...]:
    head, content = summarise(raw)
    return (
        head.subject, head.to, head.cc, head.bcc, content.index_text.split(),
        content.attachments,
    )  # fmt: skip
