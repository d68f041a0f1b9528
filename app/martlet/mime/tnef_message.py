"""A message inside a winmail.dat, written as mail: what it says of itself, its text, its files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from martlet.mail.message import Address
from martlet.mime.inner_file import File
from martlet.mime.mapi import Properties
from martlet.mime.writing.fields import address_field, ids_field, text_field
from martlet.mime.writing.file_name import file_fields, media_type

_NAME, _ADDRESS, _SMTP, _KIND = 0x3001, 0x3003, 0x39FE, 0x0C15
_FROM = ((0x0042, 0x5D02), (0x0042, 0x0065), (0x0C1A, 0x5D01), (0x0C1A, 0x0C1F))
_SENT, _CAME, _MESSAGE_ID = 0x0039, 0x0E06, 0x1035
_START = datetime(1601, 1, 1, tzinfo=UTC)
_FIELDS = {1: "To", 2: "Cc"}


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody it went to. kind: 1 To, 2 Cc."""

    who: Address
    kind: int

    @staticmethod
    def of(row: Properties) -> Recipient:
        name, address, kind = row.get(_NAME), row.get(_SMTP) or row.get(_ADDRESS), row.get(_KIND)
        named = name if isinstance(name, str) else ""
        at = address if isinstance(address, str) and "@" in address else ""
        return Recipient(Address(named, at), kind if isinstance(kind, int) else 1)


def as_message(
    held: Properties, subject: str, recipients: Sequence[Recipient], files: Sequence[File]
) -> bytes:
    """The MIME message; its parts go as they are, so that it is hardly larger than they are."""
    from_ = sender(held)
    head = text_field("Subject", subject) + _date(held)
    head += address_field("From", [from_]) if from_ != Address("", "") else ""
    for kind, name in _FIELDS.items():
        people = [one.who for one in recipients if one.kind == kind]
        head += address_field(name, people) if people else ""
    identity = held.get(_MESSAGE_ID)
    head += ids_field("Message-ID", [identity] if isinstance(identity, str) else [])
    boundary = _boundary(files)
    bodies = [_entity(one) for one in files if one.body]
    parts: list[bytes] = []
    if len(bodies) > 1:
        inner = _multipart("alternative", f"{boundary}_a", bodies)
        parts.append(inner)
    else:
        parts += bodies
    parts += [_entity(one) for one in files if not one.body]
    return f"{head}MIME-Version: 1.0\r\n".encode() + _multipart("mixed", boundary, parts)


def _multipart(kind: str, boundary: str, parts: Sequence[bytes]) -> bytes:
    line = f"--{boundary}".encode()
    pieces = [f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'.encode()]
    for part in parts:
        pieces += [line, b"\r\n", part, b"\r\n"]
    return b"".join([*pieces, line, b"--\r\n"])


def _entity(file: File) -> bytes:
    kind = media_type(file.content_type)
    if file.body:
        head = f"Content-Type: {kind}; charset={file.charset or 'us-ascii'}\r\n"
    else:
        head = file_fields(kind, "attachment", file.name)
        if file.content_id.isascii() and file.content_id.isprintable() and file.content_id:
            head += f"Content-ID: <{file.content_id[:200]}>\r\n"
    return f"{head}Content-Transfer-Encoding: binary\r\n\r\n".encode() + file.data


def _boundary(files: Sequence[File]) -> str:
    """One that none of them holds."""
    number = 0
    while any(f"=_tnef_{number}".encode() in file.data for file in files) and number < 1_000:
        number += 1
    return f"=_tnef_{number}"


def sender(held: Properties) -> Address:
    """Who it is from; empty where it does not say. A name without an address where that is all."""
    best = Address("", "")
    for name, address in _FROM:
        called, at = held.get(name), held.get(address)
        named = called if isinstance(called, str) else ""
        if isinstance(at, str) and "@" in at:
            return Address(named, at)
        best = best if best.name else Address(named, "")
    return best


def _date(held: Properties) -> str:
    ticks = held.get(_SENT) or held.get(_CAME)
    if not isinstance(ticks, int) or ticks <= 0:
        return ""
    try:
        when = _START + timedelta(microseconds=ticks // 10)
    except OverflowError:
        return ""
    return f"Date: {format_datetime(when)}\r\n"
