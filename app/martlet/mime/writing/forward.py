"""Drafts that pass mail on: in the letter, just as it was, or as files of it.

A rich message is sealed into `Draft.original`, below the letter's own words; nobody edits it by
accident, and it keeps its look. Its pictures of the internet stay addresses, for whoever gets it
to load or not: neither the engine nor the composer fetches them. Those that only tell that mail is
read are left out.
"""

from __future__ import annotations

import html as markup
from dataclasses import replace

from martlet.mail.account import AccountId
from martlet.mail.attribution import date_text, forward_line, words_of
from martlet.mail.message import Address, Attachment, MessageId
from martlet.mail.outgoing import Draft, DraftId, DraftKind
from martlet.mime.body import body_of
from martlet.mime.content import attachments_of
from martlet.mime.headers import envelope
from martlet.mime.layout import layout
from martlet.mime.nesting import too_deep
from martlet.mime.part import Message
from martlet.mime.subjects import forward_subject
from martlet.mime.writing.inlined import inlined
from martlet.mime.writing.reply import ids_of, references, when

_MOST_PEOPLE = 100
# What is more, cleaning cuts
_MOST_MARKUP = 3_000_000
_MOST_TAGS = 90_000
EMPTY = "<p><br></p>"


def fits(message: Message) -> bool:
    """Whether it can stand in a letter whole and with its looks; else it goes as a file better."""
    html = body_of(message, layout(message)).html
    if html is None:
        return True
    return len(html) < _MOST_MARKUP and html.count("<") < _MOST_TAGS and not too_deep(html)


def inline(
    message: Message, account_id: AccountId, source: MessageId | None, language: str = ""
) -> tuple[Draft, tuple[Attachment, ...]]:
    """The message inside a new letter, and the files of it that go along.

    language: of the lines that say what it is.
    """
    found = layout(message)
    read = body_of(message, found)
    files = attachments_of(found)
    head = _head(message, language)
    title = forward_line(language)
    draft = Draft(
        DraftId(0),
        account_id,
        subject=forward_subject(envelope(message.headers).subject),
        references=references(envelope(message.headers)),
        kind=DraftKind.FORWARD,
        source=source,
    )
    plain = "".join(f"{name}: {value}\n" for name, value in head)
    text = f"\n\n{title}\n{plain}\n{read.text}\n"
    if read.html is None:
        return replace(draft, text=text), files
    rows = "".join(f"<br><b>{n}:</b> {markup.escape(v)}" for n, v in head)
    body = inlined(read.html, ids_of(files), pictures=True)
    original = f"<p>{markup.escape(title)}{rows}</p>{body}"
    return replace(draft, text=text, html=EMPTY, original=original), files


def attached(
    message: Message, account_id: AccountId, source: MessageId | None, count: int = 1
) -> Draft:
    """A letter that messages go along with as files (message/rfc822), this the first of `count`.

    source stands for them all where it is one of several.
    """
    head = envelope(message.headers)
    return Draft(
        DraftId(0),
        account_id,
        subject=forward_subject(head.subject) if count == 1 else "",
        html=EMPTY,
        references=references(head) if count == 1 else (),
        kind=DraftKind.FORWARD,
        source=source,
    )


def _head(message: Message, language: str) -> list[tuple[str, str]]:
    """What its reader is told of it, in that language."""
    head = envelope(message.headers)
    words = words_of(language)
    date = when(message)
    lines = [
        (words.subject, head.subject),
        (words.sent, date_text(language, date) if date is not None else ""),
        (words.sender, str(head.sender)),
        (words.to, _people(head.to)),
        (words.cc, _people(head.cc)),
    ]
    return [(name, value) for name, value in lines if value]


def _people(people: tuple[Address, ...]) -> str:
    more = ", …" if len(people) > _MOST_PEOPLE else ""
    return ", ".join(map(str, people[:_MOST_PEOPLE])) + more
