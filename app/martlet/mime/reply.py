"""Drafts made from messages: an answer, a forwarded copy, the same letter to edit again."""

from __future__ import annotations

import html as markup
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone

from martlet.mail.account import AccountId
from martlet.mail.message import Address, Attachment, Envelope, MessageId
from martlet.mail.outgoing import Draft, DraftId, DraftKind
from martlet.mail.writing import AnswerTo, Place
from martlet.mime.addresses import parse_addresses
from martlet.mime.body import Body, body_of
from martlet.mime.content import attachments_of
from martlet.mime.dates import parse_moment
from martlet.mime.headers import Headers, envelope
from martlet.mime.html import sanitise
from martlet.mime.layout import layout
from martlet.mime.part import Message
from martlet.mime.subjects import forward_subject, reply_subject

_MAX_QUOTES = 9
_KEPT_REFERENCES = 20
_MAILTO = re.compile(rb"<mailto:([^>?]+)", re.IGNORECASE)


def reply(
    message: Message,
    me: tuple[Address, ...],
    account_id: AccountId,
    source: MessageId | None,
    *,
    to: AnswerTo = AnswerTo.SENDER,
    place: Place = Place.SMART,
    selection: str = "",
    language: str = "",
) -> tuple[Draft, tuple[Attachment, ...]]:
    """An answer in the format received, the original quoted without its signature.

    With it the pictures that stand in what is quoted; other files do not go back.

    me: all own addresses; they are left out of the recipients unless nobody else would remain.
    """
    head = envelope(message.headers)
    found = layout(message)
    read = body_of(message, found)
    pictures = tuple(each for each in attachments_of(found) if each.inline and each.content_id)
    direct, cc = _answered(message.headers, head, me, to is AnswerTo.ALL)
    said = _attribution(message.headers, head)
    quoted = f"{said}\n{quote(without_signature(read.text))}"
    html = None
    # To a list the answer goes below what it answers, else above
    text = f"{quoted}\n\n" if message.headers.get("list-post") else f"\n\n{quoted}\n"
    if read.html is not None:
        html = (
            f"<p><br></p><p>{markup.escape(said)}</p>"
            f'<blockquote type="cite">{_markup(read, pictures)}</blockquote>'
        )
    draft = Draft(
        DraftId(0),
        account_id,
        to=direct,
        cc=cc,
        subject=reply_subject(head.subject),
        text=text,
        html=html,
        in_reply_to=head.message_id,
        references=_references(head),
        kind=DraftKind.REPLY,
        source=source,
    )
    return draft, pictures if html is not None else ()


def forward(
    message: Message, account_id: AccountId, source: MessageId | None
) -> tuple[Draft, tuple[Attachment, ...]]:
    """The message inside a new letter, and the files of it that go along."""
    head = envelope(message.headers)
    found = layout(message)
    read = body_of(message, found)
    files = attachments_of(found)
    lines = _summary(message.headers, head)
    text = "\n\n-------- Forwarded message --------\n"
    text += "".join(f"{name}: {value}\n" for name, value in lines) + f"\n{read.text}\n"
    html = None
    if read.html is not None:
        rows = "".join(f"<b>{n}:</b> {markup.escape(v)}<br>" for n, v in lines)
        html = (
            f"<p><br></p><p>-------- Forwarded message --------<br>{rows}</p>{_markup(read, files)}"
        )
    draft = Draft(
        DraftId(0),
        account_id,
        subject=forward_subject(head.subject),
        text=text,
        html=html,
        references=_references(head),
        kind=DraftKind.FORWARD,
        source=source,
    )
    return draft, files


def edit(message: Message, account_id: AccountId) -> tuple[Draft, tuple[Attachment, ...]]:
    """The same letter once more, as a new draft, and its files."""
    head = envelope(message.headers)
    found = layout(message)
    read = body_of(message, found)
    files = attachments_of(found)
    draft = Draft(
        DraftId(0),
        account_id,
        to=head.to,
        cc=head.cc,
        bcc=head.bcc,
        subject=head.subject,
        text=read.text,
        html=_markup(read, files) if read.html is not None else None,
        in_reply_to=head.in_reply_to,
        references=head.references,
    )
    return draft, files


def quote(text: str) -> str:
    """Every line behind `> `, deeper quotes without more spaces, at most nine levels."""
    out: list[str] = []
    for line in text.rstrip("\n").split("\n"):
        depth = len(line) - len(line.lstrip("> ")) if line.startswith(">") else 0
        level = line[:depth].count(">")
        rest = line[depth:] if level else line
        marks = ">" * min(level + 1, _MAX_QUOTES)
        out.append(f"{marks} {rest}".rstrip())
    return "\n".join(out)


def without_signature(text: str) -> str:
    """The text above the last signature mark (`-- ` on a line of its own)."""
    lines = text.split("\n")
    for number in range(len(lines) - 1, -1, -1):
        if lines[number] == "-- ":
            return "\n".join(lines[:number]).rstrip()
    return text.rstrip()


def _markup(read: Body, files: Iterable[Attachment]) -> str:
    """The cleaned body; only pictures among `files` are kept, by their Content-ID."""
    known = {file.content_id for file in files if file.content_id and file.inline}
    # A style sheet of theirs would dress our words too
    cleaned = sanitise(
        read.html or "", lambda name: f"cid:{name}" if name in known else None, sheets=False
    )
    return cleaned.html


def _answered(
    headers: Headers, head: Envelope, me: tuple[Address, ...], to_all: bool
) -> tuple[tuple[Address, ...], tuple[Address, ...]]:
    own = {a.address.casefold() for a in me}
    lists = {
        match.decode("ascii", "replace").casefold()
        for match in _MAILTO.findall(headers.get("list-post"))
    }
    sender = (head.sender,) if head.sender.address else ()
    mine = head.sender.address.casefold() in own
    answer_to = head.to if mine and head.to else head.reply_to or sender
    munged = bool(lists) and all(a.address.casefold() in lists for a in head.reply_to)
    if munged and head.reply_to and not to_all:
        answer_to = sender  # the list's Reply-To, not the writer's (RFC 5322, 3.6.2)
    if not to_all:
        return _once(answer_to, set()), ()
    followup = parse_addresses(headers.get("mail-followup-to"))
    if followup:
        return _once(followup, own) or _once(followup, set()), ()
    if munged:
        answer_to = (*sender, *answer_to)
    to = _once((*answer_to, *(() if mine else head.to)), own)
    cc = _once(head.cc, own | {a.address.casefold() for a in to})
    if not to:
        to, cc = (cc, ()) if cc else (_once(answer_to, set()), ())
    return to, cc


def _once(addresses: Iterable[Address], without: set[str]) -> tuple[Address, ...]:
    found: dict[str, Address] = {}
    for address in addresses:
        key = address.address.casefold()
        if key and key not in without:
            found.setdefault(key, address)
    return tuple(found.values())


def _references(head: Envelope) -> tuple[str, ...]:
    earlier = head.references or ((head.in_reply_to,) if head.in_reply_to else ())
    chain = list(dict.fromkeys((*earlier, head.message_id)))
    chain = [mid for mid in chain if mid]
    if len(chain) > _KEPT_REFERENCES + 1:
        chain = chain[:1] + chain[-_KEPT_REFERENCES:]
    return tuple(chain)


def _attribution(headers: Headers, head: Envelope) -> str:
    who = head.sender.name or head.sender.address or "somebody"
    when = _when(headers)
    return f"On {when}, {who} wrote:" if when else f"{who} wrote:"


def _summary(headers: Headers, head: Envelope) -> list[tuple[str, str]]:
    lines = [
        ("Subject", head.subject),
        ("Date", _when(headers)),
        ("From", str(head.sender)),
        ("To", ", ".join(map(str, head.to))),
        ("Cc", ", ".join(map(str, head.cc))),
    ]
    return [(name, value) for name, value in lines if value]


def _when(headers: Headers) -> str:
    """The date in the writer's own zone, as ISO writes it: the same in every language."""
    moment = parse_moment(headers.get("date"))
    if moment is None:
        return ""
    seconds, offset = moment
    zone = UTC if offset is None else timezone(timedelta(minutes=offset))
    try:
        return datetime.fromtimestamp(seconds, zone).strftime("%Y-%m-%d %H:%M")
    except (ValueError, OverflowError, OSError):
        return ""
