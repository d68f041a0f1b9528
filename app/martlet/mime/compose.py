"""Builds the bytes of a message to send (RFC 5322, 2045-2049, 3676). CRLF, 7-bit, lines under 998.

Header fields are made in `fields`; which files a letter has and who gets it is the draft's word.
"""

from __future__ import annotations

import binascii
import io
import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from email.utils import formatdate

from martlet.mail.message import Address
from martlet.mail.outgoing import Draft, OutgoingPart
from martlet.mime.addresses import parse_addresses
from martlet.mime.fields import (
    address_field,
    ascii_domain,
    encode_address,
    ids_field,
    one_line,
    text_field,
)
from martlet.mime.file_part import Opened, file_part
from martlet.mime.flowed import flow
from martlet.mime.headers import parse_headers
from martlet.mime.html_text import to_text
from martlet.mime.option_fields import option_fields

__all__ = [
    "build",
    "encode_address",
    "new_message_id",
    "pieces",
    "recipients",
    "strip_bcc",
]

_CID = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.@-]{1,200}\Z")
_BCC = re.compile(rb"(?im)^(?:resent-)?bcc[ \t]*:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*(?:\r?\n|\Z)")
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
) -> Iterator[bytes]:
    """The message as it goes out, its files read as they are written.

    reply_to: one address, or several with commas, where answers are to go if not to the sender.
    date: Unix seconds, written in the local zone. opened: gives a part's bytes to be read; its
    errors pass through. include_bcc: True for the copy that is kept, never for the one that goes.
    """
    fields = [
        f"Date: {formatdate(date, localtime=True)}\r\n",
        address_field("From", [sender]),
    ]
    answers = parse_addresses(reply_to.encode("utf-8", "replace"))
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
        "User-Agent: Martlet\r\n",
        *option_fields(draft.options, sender),
    ]
    yield "".join(fields).encode("ascii")
    yield from _content(draft, opened)


def _content(draft: Draft, opened: Opened) -> Iterable[bytes]:
    """Fields and body of the content: mixed(alternative(text, related(html, pictures)), files)."""
    body: Iterable[bytes]
    if draft.html is None:
        body = _text("plain", draft.text)
        files = draft.parts
    else:
        shown = [p for p in draft.parts if _CID.match(p.content_id) and _uses(draft.html, p)]
        files = tuple(p for p in draft.parts if p not in shown)
        rich: Iterable[bytes] = _text("html", _page(draft.html))
        if shown:
            pictures = [file_part(part, opened, inline=True) for part in shown]
            rich = _multipart("related", [rich, *pictures], '; type="text/html"')
        body = _multipart("alternative", [_text("plain", to_text(draft.html)), rich])
    if files:
        body = _multipart("mixed", [body, *(file_part(part, opened) for part in files)])
    return body


def _uses(html: str, part: OutgoingPart) -> bool:
    return f"cid:{part.content_id}" in html or f"cid:{part.content_id.replace('@', '%40')}" in html


def _page(html: str) -> str:
    if re.search(r"<html[\s>]", html[:2000], re.IGNORECASE):
        return html
    return (
        '<!DOCTYPE html>\n<html><head><meta charset="utf-8"></head><body>\n'
        f"{html}\n</body></html>\n"
    )


def _text(kind: str, text: str) -> list[bytes]:
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    parameters = ""
    if kind == "plain":
        text = flow(text)
        parameters = "; format=flowed"
    if text and not text.endswith("\n"):
        text += "\n"
    raw = binascii.b2a_qp(text.encode("utf-8", "replace"), quotetabs=False, istext=True)
    head = (
        f"Content-Type: text/{kind}; charset=utf-8{parameters}\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    )
    return [head.encode("ascii"), raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")]


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
    domain = ascii_domain(one_line(address).rpartition("@")[2]).strip("[]. ").lower()
    if not re.fullmatch(r"[a-z0-9.:-]{1,250}", domain):
        domain = "martlet.invalid"
    return f"<{secrets.token_hex(16)}@{domain}>"


def strip_bcc(raw: bytes) -> bytes:
    """The message without its Bcc fields; nothing else changes."""
    match = _HEAD_END.search(raw)
    end = match.start() + 1 if match else len(raw)
    return _BCC.sub(b"", raw[:end]) + raw[end:]


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
