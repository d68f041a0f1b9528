"""Builds the bytes of a message to send (RFC 5322, 2045-2049, 3676). CRLF, 7-bit, lines under 998.

Header fields are made in `fields`; which files a letter has and who gets it is the draft's word.
"""

from __future__ import annotations

import io
import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from html import escape

from martlet.mail.message import Address
from martlet.mail.outgoing import Draft, OutgoingPart
from martlet.mime.addresses import parse_addresses
from martlet.mime.headers import parse_headers
from martlet.mime.html_text import text_and_lines
from martlet.mime.writing.dating import written
from martlet.mime.writing.fields import (
    address_field,
    encode_address,
    id_domain,
    ids_field,
    text_field,
)
from martlet.mime.writing.file_part import Opened, file_part
from martlet.mime.writing.option_fields import option_fields
from martlet.mime.writing.text_part import html_part, plain_part
from martlet.mime.writing.unfetched import without_unfetched

__all__ = [
    "build",
    "encode_address",
    "new_message_id",
    "pieces",
    "recipients",
    "strip_bcc",
]

_CID = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.@-]{1,200}\Z")
# A field with the lines that go on with it. Lines may end in a bare CR: a server makes them lines.
_FIELD = re.compile(
    rb"(?<![^\r\n])([^\r\n:]*):[^\r\n]*(?:(?:\r\n|\r|\n)[\0-\x09\x0b\x0c\x0e-\x20][^\r\n]*)*"
    rb"(?:\r\n|\r|\n|\Z)"
)
_NO_NAME = re.compile(rb"[^!-9;-~]+")  # RFC 5322, 3.6.8
_OURS = re.compile(rb"(?:resent-)?bcc|x-martlet-.+", re.IGNORECASE)
_HEAD_END = re.compile(rb"\n\r?\n|\A\r?\n")


def build(
    draft: Draft,
    sender: Address,
    message_id: str,
    date: float,
    read: Callable[[OutgoingPart], bytes],
    include_bcc: bool,
    reply_to: str = "",
) -> bytes:
    """The same in one, for letters that are small. read: gives a part's bytes."""
    return b"".join(
        pieces(
            draft,
            sender,
            message_id,
            date,
            lambda part: io.BytesIO(read(part)),
            include_bcc,
            reply_to,
        )
    )


def pieces(
    draft: Draft,
    sender: Address,
    message_id: str,
    date: float,
    opened: Opened,
    include_bcc: bool,
    reply_to: str = "",
    *,
    unfetched: bool = False,
) -> Iterator[bytes]:
    """The message as it goes out, its files read as they are written.

    reply_to: one address, or several with commas, where answers are to go if not to the sender and
    the draft names nobody for them.
    date: Unix seconds. opened: gives a part's bytes to be read; its
    errors pass through. include_bcc: True for the copy that is kept, never for the one that goes.
    unfetched: where pictures lie that were not fetched may stand in it, for a draft only.
    """
    if draft.html is not None and not unfetched:
        draft = replace(draft, html=without_unfetched(draft.html))
    fields = [
        f"Date: {written(date, utc=draft.options.utc)}\r\n",
        address_field("From", [sender]),
    ]
    answers = draft.reply_to or parse_addresses(reply_to.encode("utf-8", "replace"))
    if answers:
        fields.append(address_field("Reply-To", answers))
    if draft.to:
        fields.append(address_field("To", draft.to))
    if draft.cc:
        fields.append(address_field("Cc", draft.cc))
    if not draft.to and not draft.cc:
        fields.append("To: undisclosed-recipients:;\r\n")
    if include_bcc and draft.bcc:
        fields.append(address_field("Bcc", draft.bcc))
    fields += [
        text_field("Subject", draft.subject),
        ids_field("Message-ID", [message_id]),
        ids_field("In-Reply-To", [draft.in_reply_to]),
        ids_field("References", draft.references),
        "MIME-Version: 1.0\r\n",
        *(["User-Agent: Martlet\r\n"] if draft.options.agent else []),
        *option_fields(draft.options, sender),
    ]
    yield "".join(fields).encode("utf-8")  # beyond ASCII only in addresses for SMTPUTF8
    yield from _content(draft, opened)


def _content(draft: Draft, opened: Opened) -> Iterable[bytes]:
    """Fields and body of the content: mixed(alternative(text, related(html, pictures)), files)."""
    body: Iterable[bytes]
    if draft.html is None:
        body = plain_part(draft.text)
        files = draft.parts
    else:
        # What is passed on stands below, as it was
        markup = f"{draft.html}\n<div>{draft.original}</div>" if draft.original else draft.html
        shown = [p for p in draft.parts if _CID.match(p.content_id) and _uses(markup, p)]
        files = tuple(p for p in draft.parts if p not in shown)
        rich: Iterable[bytes] = html_part(markup)
        if shown:
            pictures = [file_part(part, opened, inline=True) for part in shown]
            rich = _multipart("related", [rich, *pictures], '; type="text/html"')
        names = {part.content_id: part.name for part in shown}
        body = _multipart("alternative", [plain_part(*text_and_lines(markup, names)), rich])
    if files:
        body = _multipart("mixed", [body, *(file_part(part, opened) for part in files)])
    return body


def _uses(html: str, part: OutgoingPart) -> bool:
    """Whether the markup names it, and not only one whose name begins like its name."""
    names = {part.content_id, part.content_id.replace("@", "%40"), escape(part.content_id)}
    return any(re.search(rf"(?i:cid:){re.escape(name)}(?![^\"'\s<>)&])", html) for name in names)


def _multipart(
    kind: str, parts: Iterable[Iterable[bytes]], parameters: str = ""
) -> Iterator[bytes]:
    # "=_" occurs neither in base64 nor in quoted-printable (RFC 2045, 6.7)
    boundary = f"=_{secrets.token_hex(16)}"
    yield f'Content-Type: multipart/{kind}{parameters};\r\n boundary="{boundary}"\r\n\r\n'.encode(
        "ascii"
    )
    for part in parts:
        yield f"--{boundary}\r\n".encode("ascii")
        yield from part
        yield b"\r\n"
    yield f"--{boundary}--\r\n".encode("ascii")


def new_message_id(address: str) -> str:
    """A new Message-ID on the address's domain: random, saying nothing about this computer."""
    return f"<{secrets.token_hex(16)}@{id_domain(address)}>"


def strip_bcc(raw: bytes) -> bytes:
    """The message without Bcc, and without what only this program is told; no other change."""
    match = _HEAD_END.search(raw)
    end = match.start() + 1 if match else len(raw)
    return _FIELD.sub(_of_others, raw[:end]) + raw[end:]


def _of_others(field: re.Match[bytes]) -> bytes:
    """The field, if others may see it. Its name is read as the most careless reader would, who
    overlooks a NUL or a byte order mark in it."""
    return b"" if _OURS.fullmatch(_NO_NAME.sub(b"", field[1])) else field[0]


def recipients(raw: bytes) -> list[str]:
    """All addresses in To, Cc and Bcc of a message, each once, in order."""
    headers = parse_headers(raw)
    found: dict[str, None] = {}
    for name in ("to", "cc", "bcc"):
        for value in headers.get_all(name):
            for address in parse_addresses(value):
                if "@" in address.address:
                    found.setdefault(address.address)
    return list(found)
