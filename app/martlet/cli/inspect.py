"""`martlet inspect FILE...`: what a mail file holds, one JSON object a line, without an account."""

from __future__ import annotations

import json
import sys
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta, timezone
from enum import Enum
from pathlib import Path
from typing import TextIO

from martlet.cli import output
from martlet.mail.cards import Cards
from martlet.mail.message import Address, Envelope
from martlet.mime.addresses import parse_addresses
from martlet.mime.body import TOO_LONG, body_of
from martlet.mime.cards import cards
from martlet.mime.content import attachments_of
from martlet.mime.dates import parse_moment
from martlet.mime.external import elsewhere
from martlet.mime.headers import envelope
from martlet.mime.html import sanitise
from martlet.mime.layout import layout, names
from martlet.mime.parse import parse
from martlet.mime.part import Message, Part

Json = dict[str, object]
_MAX_STRUCTURE = 100


def inspect(files: list[str], out: TextIO) -> int:
    """Writes one line of JSON for every readable file; 1 if one could not be read, else 0."""
    code = 0
    for file in files:
        try:
            raw = Path(file).read_bytes()
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            print(f"martlet: {file} cannot be read: {reason}", file=sys.stderr)
            code = 1
            continue
        line = json.dumps(describe(file, raw), ensure_ascii=False)
        # A file name may hold bytes that are no text
        line = line.encode("utf-8", "backslashreplace").decode("utf-8")
        out.write(output.json_line(line))
    return code


def describe(file: str, raw: bytes) -> Json:
    """All that can be said of one message, as JSON takes it."""
    message = parse(raw)
    head = envelope(message.headers)
    found = layout(message)
    read = body_of(message, found)
    known = {name for part in found.files for name in names(part)}
    html = None
    if read.html is not None:
        html = sanitise(read.html, lambda name: f"cid:{name}" if name in known else None).html
    return {
        "file": file,
        "subject": head.subject,
        "from": _people(_senders(message, head)),
        "to": _people(head.to),
        "cc": _people(head.cc),
        "reply_to": _people(head.reply_to),
        "date": _date(message.headers.get("date")),
        "message_id": head.message_id,
        "text": read.text,
        "html": html,
        "charset": read.charset,
        "attachments": [
            {
                "filename": a.filename,
                "type": a.content_type,
                "size": a.size,
                "content_id": a.content_id,
                "disposition": a.disposition,
            }
            for a in attachments_of(found)
        ]
        + [_elsewhere(part) for part in found.elsewhere],
        "structure": _structure(message.root, 0),
        "cards": _cards(cards(message, found)),
        "problems": [*read.problems, TOO_LONG] if read.cut else list(read.problems),
    }


def _cards(found: Cards) -> Json:
    """The kinds of which there are any."""
    kinds = {kind.name: _plain(getattr(found, kind.name)) for kind in fields(found)}
    return {name: value for name, value in kinds.items() if value}


def _plain(value: object) -> object:
    """Nouns as JSON takes them."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    return value


def _senders(message: Message, head: Envelope) -> tuple[Address, ...]:
    listed = parse_addresses(message.headers.get("from"))
    return listed or ((head.sender,) if head.sender != Address("", "") else ())


def _people(addresses: tuple[Address, ...]) -> list[Json]:
    return [{"name": a.name, "address": a.address} for a in addresses]


def _date(raw: bytes) -> str | None:
    moment = parse_moment(raw)
    if moment is None:
        return None
    seconds, offset = moment
    zone = UTC if offset is None else timezone(timedelta(minutes=offset))
    try:
        return datetime.fromtimestamp(seconds, zone).isoformat()
    except (ValueError, OverflowError, OSError):
        return None


def _elsewhere(part: Part) -> Json:
    """An attachment whose body is not in the message: what it says of it."""
    told = elsewhere(part)
    return {
        "filename": told.name if told is not None else "",
        "type": part.content_type,
        "size": 0,
        "content_id": part.content_id,
        "disposition": part.disposition,
    }


def _structure(part: Part, depth: int) -> Json:
    found: Json = {"type": part.content_type}
    if depth < _MAX_STRUCTURE:
        children = list(part.children)
        if part.embedded is not None:
            children = [part.embedded.root]
        if children:
            found["children"] = [_structure(child, depth + 1) for child in children]
    return found
