"""Drafts made from messages: an answer, and the same letter to edit again.

Whom an answer goes to is said in `answered`, what of a text is quoted in `quoting` and
`quoted_html`, the words of its person in `chosen`; passing mail on is in `forward`.
"""

from __future__ import annotations

import html as markup
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from martlet.mail.account import AccountId
from martlet.mail.attribution import attribution
from martlet.mail.message import Address, Attachment, Envelope, MessageId
from martlet.mail.outgoing import Draft, DraftId, DraftKind
from martlet.mail.variables import broken_up
from martlet.mail.writing import AnswerTo, Place
from martlet.mime.body import Body, body_of
from martlet.mime.content import attachments_of
from martlet.mime.dates import parse_moment
from martlet.mime.headers import envelope
from martlet.mime.layout import layout
from martlet.mime.part import Message
from martlet.mime.subjects import reply_subject
from martlet.mime.writing import chosen
from martlet.mime.writing.answered import is_list_mail, list_addresses, recipients
from martlet.mime.writing.inlined import inlined
from martlet.mime.writing.options import options_of
from martlet.mime.writing.quoted_html import prepared
from martlet.mime.writing.quoting import quote, without_signature

_KEPT_REFERENCES = 20
_EMPTY = "<p><br></p>"
# Of what nobody reads again: a letter with more of it is slow to write in.
_MOST_TEXT = 200_000
_MOST_MARKUP = 400_000


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
    """An answer in the format received, the original quoted without its writer's signature.

    With it the pictures that stand in what is quoted; other files do not go back.

    me: all own addresses; they are left out of the recipients unless nobody else would remain.
    selection: the words that alone are quoted, as a view shows them. language: of the line that
    announces the quotation.
    """
    head = envelope(message.headers)
    found = layout(message)
    read = body_of(message, found)
    who = recipients(message.headers, me, to)
    below = place is Place.BELOW or (
        place is Place.SMART and read.html is None and is_list_mail(message.headers)
    )
    said = attribution(language, head.sender.name or head.sender.address or "?", when(message))
    quoted = f"{said}\n{quote(_text(read, selection))}"
    html, pictures = None, tuple[Attachment, ...]()
    if read.html is not None:
        files = attachments_of(found)
        inside = _markup(read, files, selection)
        pictures = tuple(f for f in files if f.inline and f.content_id and _shows(inside, f))
        html = f'<p>{markup.escape(said)}</p><blockquote type="cite">{inside}</blockquote>'
        html = f"{html}{_EMPTY}{_EMPTY}" if below else f"{_EMPTY}{_EMPTY}{html}"
    draft = Draft(
        DraftId(0),
        account_id,
        to=who.to,
        cc=who.cc,
        subject=reply_subject(head.subject),
        text=f"{quoted}\n\n" if below else f"\n\n{quoted}\n",
        html=html,
        in_reply_to=head.message_id,
        references=references(head),
        kind=DraftKind.REPLY,
        source=source,
        below=below,
        lists=tuple(one.address for one in list_addresses(message.headers)),
    )
    return draft, pictures


def edit(
    message: Message, account_id: AccountId, *, own: bool
) -> tuple[Draft, tuple[Attachment, ...]]:
    """The same letter once more, as a new draft, and its files.

    own: it was written here. Of a stranger's only what it says is taken over: not who else is to
    get it unseen, where answers go, what is asked of servers, nor words to be filled in.
    """
    head = envelope(message.headers)
    found = layout(message)
    read = body_of(message, found)
    files = attachments_of(found)
    html = None
    if read.html is not None:
        # A letter of ours has no style sheets; of others' the looks are kept as far as they go
        html = inlined(read.html, ids_of(files), signature=own)
    draft = Draft(
        DraftId(0),
        account_id,
        to=head.to,
        cc=head.cc,
        subject=head.subject,
        text=read.text,
        html=html,
        in_reply_to=head.in_reply_to,
        references=head.references,
    )
    if own:
        options = options_of(message.headers)
        return replace(draft, bcc=head.bcc, options=options, reply_to=head.reply_to), files
    return _plain_words(draft), files


def _plain_words(draft: Draft) -> Draft:
    """Without variables: a stranger's are nothing that the writer wants filled in."""
    return replace(
        draft,
        subject=broken_up(draft.subject),
        text=broken_up(draft.text),
        html=None if draft.html is None else broken_up(draft.html),
    )


def references(head: Envelope) -> tuple[str, ...]:
    """Of an answer (RFC 5322, 3.6.4): the first of the conversation, and the last twenty."""
    earlier = head.references or ((head.in_reply_to,) if head.in_reply_to else ())
    chain = [mid for mid in dict.fromkeys((*earlier, head.message_id)) if mid]
    if len(chain) > _KEPT_REFERENCES + 1:
        chain = chain[:1] + chain[-_KEPT_REFERENCES:]
    return tuple(chain)


def when(message: Message) -> datetime | None:
    """The date of a message by its writer's own clock."""
    moment = parse_moment(message.headers.get("date"))
    if moment is None:
        return None
    seconds, offset = moment
    zone = UTC if offset is None else timezone(timedelta(minutes=offset))
    try:
        return datetime.fromtimestamp(seconds, zone)
    except (ValueError, OverflowError, OSError):
        return None


def ids_of(files: Iterable[Attachment]) -> frozenset[str]:
    """The names by which a letter's markup shows pictures that go along with it."""
    return frozenset(file.content_id for file in files if file.content_id and file.inline)


def _text(read: Body, selection: str) -> str:
    if selection.strip():
        return chosen.of_text(read.text, selection)
    return _bounded(without_signature(read.text))


def _bounded(text: str) -> str:
    if len(text) <= _MOST_TEXT:
        return text
    end = text.rfind("\n", 0, _MOST_TEXT)
    return text[: end if end > 0 else _MOST_TEXT] + "\n…"


def _markup(read: Body, files: Iterable[Attachment], selection: str) -> str:
    """What is quoted of a rich body, cleaned; no picture of the internet is in it."""
    html = read.html or ""
    picked = bool(selection.strip())
    cleaned = inlined(prepared(html, signature=picked), ids_of(files))
    if picked:
        found = chosen.of_html(cleaned, selection)
        return found if found is not None else _lines(chosen.words_alone(selection))
    if len(cleaned) > _MOST_MARKUP:
        return _lines(_bounded(without_signature(read.text)))
    return cleaned


def _lines(text: str) -> str:
    return "<p>" + "<br>".join(map(markup.escape, text.splitlines())) + "</p>"


def _shows(html: str, file: Attachment) -> bool:
    return f"cid:{markup.escape(file.content_id)}" in html
