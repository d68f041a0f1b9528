"""A draft as a message in a folder of drafts, and back.

What has a standard field stands in it, so that any program can go on with the letter; the rest is
in two fields that others leave alone or drop:

    X-Martlet-Draft-Id    the draft's key
    X-Martlet-Draft-Info  what it answers, when it is to go, its options: base64 of JSON
"""

from __future__ import annotations

import base64
import binascii
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace

import msgspec

from martlet.mail.message import Address
from martlet.mail.outgoing import Draft, DraftKind, Priority, SendOptions
from martlet.mail.own_headers import MOST, refusal
from martlet.mime.addresses import parse_addresses
from martlet.mime.headers import Headers
from martlet.mime.writing.compose import pieces
from martlet.mime.writing.fields import id_domain
from martlet.mime.writing.file_part import Opened

ID = "X-Martlet-Draft-Id"
INFO = "X-Martlet-Draft-Info"
_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}\Z")
# Where the words of a forwarded message begin, which nobody edits.
_SEALED = '<a name="martlet-original"></a><div>'
_NOBODY = b"To: undisclosed-recipients:;\r\n"
# Of a field somebody else may have written: so much is looked at.
_MOST_INFO = 64 * 1024
# A letter is not written today to go out later than so.
_LONGEST_WAIT_S = 10 * 366 * 86_400.0
_BROUGHT = ("received", "return-path", "delivered-to")
_URGENCY = {"1": "highest", "2": "high", "4": "low", "5": "lowest"}

PLAIN = SendOptions()


@dataclass(frozen=True, slots=True)
class Info:
    """What no standard field of a draft says. source: the Message-ID of what it forwards."""

    kind: DraftKind = DraftKind.NEW
    source: str = ""
    send_at: float = 0.0
    options: SendOptions = PLAIN


_info = msgspec.json.Decoder(Info)


def draft_message_id(key: str, address: str) -> str:
    """A Message-ID for one copy of a draft: never twice the same, and it shows whose copy it is."""
    return f"<{key}.{secrets.token_hex(8)}@{id_domain(address)}>"


def draft_pieces(
    draft: Draft,
    sender: Address,
    message_id: str,
    opened: Opened,
    reply_to: str = "",
    source: str = "",
) -> Iterator[bytes]:
    """The message that is put into a folder of drafts; its date is the draft's `updated`.

    See `compose.pieces`. source: Message-ID of the message a forwarding draft is about.
    """
    info = msgspec.json.encode(Info(draft.kind, source, draft.send_at, draft.options))
    packed = base64.b64encode(info).decode("ascii")
    lines = "\r\n ".join(packed[i : i + 72] for i in range(0, len(packed), 72))
    key = draft.key if _KEY.match(draft.key) else ""
    yield f"{ID}: {key}\r\n{INFO}:\r\n {lines}\r\n".encode("ascii")
    if draft.original and draft.html is not None:
        sealed = f"{draft.html}\n{_SEALED}{draft.original}</div>"
        draft = replace(draft, html=sealed, original="")
    made = pieces(draft, sender, message_id, draft.updated, opened, True, reply_to, unfetched=True)
    head = next(made, b"")
    yield head if draft.to or draft.cc else head.replace(_NOBODY, b"", 1)
    yield from made


def with_fields(draft: Draft, headers: Headers, now: float) -> tuple[Draft, str]:
    """A draft read from a message, its html cleaned, with what its fields say beside its text;
    and the Message-ID of what it forwards, or "". What cannot be read is left out.

    Thunderbird's own fields are understood too. now: Unix seconds. What was brought by mail, and
    put among the drafts by somebody, has no say in how it is to go out, nor to whom besides those
    who are shown: its fields are a stranger's.
    """
    if any(headers.get(name) for name in _BROUGHT):
        return replace(draft, key="", bcc=(), reply_to=(), options=PLAIN, send_at=0.0), ""
    key = headers.get(ID).decode("ascii", "replace").strip()
    found = _read_info(headers.get(INFO), now)
    forwarded = headers.get("x-forwarded-message-id").decode("ascii", "replace").strip()
    info = found or Info(_kind(draft, forwarded), forwarded, 0.0, _foreign_options(headers))
    html, original = _unsealed(draft.html) if found else (draft.html, "")
    read = replace(
        draft,
        key=key if _KEY.match(key) else "",
        html=html,
        original=original,
        kind=info.kind,
        send_at=info.send_at,
        options=info.options,
        reply_to=tuple(parse_addresses(headers.get("reply-to"))),
    )
    return read, info.source


def _read_info(value: bytes, now: float) -> Info | None:
    packed = b"".join(value[:_MOST_INFO].split())
    if not packed:
        return None
    try:
        info = _info.decode(base64.b64decode(packed, validate=True))
    except (binascii.Error, msgspec.MsgspecError, UnicodeDecodeError):
        return None
    own = tuple(one for one in info.options.headers if not refusal(*one))[:MOST]
    send_at = info.send_at if 0 < info.send_at < now + _LONGEST_WAIT_S else 0.0
    return replace(info, send_at=send_at, options=replace(info.options, headers=own))


def _unsealed(html: str | None) -> tuple[str | None, str]:
    """The letter's own words, and what is forwarded below them."""
    own, mark, rest = (html or "").partition(_SEALED)
    rest = rest.rstrip()
    if not mark or not rest.endswith("</div>"):
        return html, ""
    return own.rstrip("\n"), rest.removesuffix("</div>")


def _kind(draft: Draft, forwarded: str) -> DraftKind:
    if forwarded:
        return DraftKind.FORWARD
    return DraftKind.REPLY if draft.in_reply_to else DraftKind.NEW


def _foreign_options(headers: Headers) -> SendOptions:
    """What other programs write into drafts: X-Mozilla-Draft-Info: internal/draft; receipt=1..."""
    said = headers.get("x-mozilla-draft-info")[:1000].decode("ascii", "replace").casefold()
    words = {word.strip() for word in said.split(";")}
    priority = headers.get("x-priority").decode("ascii", "replace").strip()[:1]
    return SendOptions(
        dsn="dsn=1" in words,
        receipt=any(f"receipt={n}" in words for n in "1234")
        or bool(headers.get("disposition-notification-to")),
        priority=Priority(_URGENCY.get(priority, "normal")),
    )
