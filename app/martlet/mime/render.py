"""Puts a message together for the pane: cleaned markup, readable text, files, headers, problems."""

from __future__ import annotations

from collections.abc import Mapping

from martlet.mail.message import MessageId
from martlet.mail.reading import AS_SENT, NOTHING_REMOTE, Link, Paper, View
from martlet.mail.rendered import Rendered
from martlet.mime.body import TOO_LONG, body_of
from martlet.mime.cards import cards
from martlet.mime.content import Apart, attachments_of
from martlet.mime.headers import envelope
from martlet.mime.html import sanitise
from martlet.mime.layout import layout, names
from martlet.mime.parse import parse
from martlet.mime.part import Message, Part

PART_URL = "martlet-part:/"
# What a pane can take; whoever needs more saves the message
_MAX_TEXT = 5_000_000
_MAX_ATTACHED = 50


def render(
    message_id: MessageId,
    raw: bytes,
    apart: Mapping[str, Apart] | None = None,
    view: View = AS_SENT,
) -> Rendered:
    """A stored message as the window shows it. Its own pictures are `martlet-part:/PART` URLs.

    apart: the parts that `raw` does not hold, by section (see `skeleton`).
    """
    return render_message(message_id, parse(raw, view.charset), apart, view)


def render_message(
    message_id: MessageId,
    message: Message,
    apart: Mapping[str, Apart] | None = None,
    view: View = AS_SENT,
) -> Rendered:
    """The same for a message parsed already (with the charset of the view).

    Of an attached message (view.part) all that is told is its own, but for the sections: they are
    those of the whole. A part that is none leaves an empty message that says so.
    """
    if view.part:
        inner = attached(message, view.part)
        if inner is None:
            missing = ("This attached message cannot be found.",)
            return Rendered(message_id, envelope(message.headers), problems=missing, view=view)
        message = inner
    found = layout(message)
    read = body_of(message, found)
    cut = read.cut
    named: dict[str, Part] = {}
    for part in found.files:
        for name in names(part):
            named.setdefault(name, part)

    def part_url(name: str) -> str | None:
        part = named.get(name)
        return f"{PART_URL}{part.path}" if part is not None else None

    html, blocked = None, 0
    paper, remote = Paper.THEME, NOTHING_REMOTE
    links: tuple[Link, ...] = ()
    if read.html is not None:
        cleaned = sanitise(
            read.html, part_url, pictures=view.pictures, simple=view.simple, fold=True
        )
        html, blocked, links = cleaned.html, cleaned.blocked, cleaned.links
        paper, remote = cleaned.paper, cleaned.remote
        cut = cut or cleaned.cut
    text = read.text
    if len(text) > _MAX_TEXT:
        cut = cut or html is None
        text = text[:_MAX_TEXT]
    return Rendered(
        message_id,
        envelope(message.headers),
        html=html,
        text=text,
        attachments=attachments_of(found, apart),
        blocked=blocked,
        problems=read.problems,
        raw_size=len(message.raw),
        headers=message.headers.decoded(),
        view=view,
        charset=read.charset,
        paper=paper,
        remote=remote,
        links=links,
        cards=cards(message, found),
        notes=(TOO_LONG,) if cut else (),
    )


def attached(message: Message, section: str) -> Message | None:
    """The message that is attached there, None if that is no message."""
    part = message.part(section)
    return part.embedded if part is not None else None


def all_attached(message: Message) -> list[Message]:
    """The messages attached to it and to those, the first of them."""
    found: list[Message] = []
    waiting = [message]
    while waiting and len(found) < _MAX_ATTACHED:
        for part in waiting.pop().walk():
            if part.embedded is not None and len(found) < _MAX_ATTACHED:
                found.append(part.embedded)
                waiting.append(part.embedded)
    return found
