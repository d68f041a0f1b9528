"""Puts a message together for the pane: cleaned markup, readable text, files, headers, problems."""

from __future__ import annotations

from collections.abc import Mapping

from martlet.mail.message import MessageId
from martlet.mail.reading import AS_SENT, View
from martlet.mail.rendered import Rendered
from martlet.mime.body import body_of
from martlet.mime.content import Apart, attachments_of
from martlet.mime.headers import decode_text, envelope
from martlet.mime.html import sanitise
from martlet.mime.layout import layout, names
from martlet.mime.parse import Part, parse

PART_URL = "martlet-part:/"
# What a pane can take; whoever needs more saves the message
_MAX_TEXT = 5_000_000
_MAX_HTML = 10_000_000


def render(
    message_id: MessageId,
    raw: bytes,
    apart: Mapping[str, Apart] | None = None,
    view: View = AS_SENT,
) -> Rendered:
    """A stored message as the window shows it. Its own pictures are `martlet-part:/PART` URLs.

    apart: the parts that `raw` does not hold, by section (see `skeleton`).
    """
    message = parse(raw)
    found = layout(message)
    read = body_of(message, found)
    problems = list(read.problems)
    named: dict[str, Part] = {}
    for part in found.files:
        for name in names(part):
            named.setdefault(name, part)

    def part_url(name: str) -> str | None:
        part = named.get(name)
        return f"{PART_URL}{part.path}" if part is not None else None

    html, blocked = None, 0
    if read.html is not None and len(read.html) > _MAX_HTML:
        problems.append("The formatted text is too long to be shown; this is its plain form.")
    elif read.html is not None:
        cleaned = sanitise(read.html, part_url)
        html, blocked = cleaned.html, cleaned.blocked
    text = read.text
    if len(text) > _MAX_TEXT:
        problems.append("The text is too long to be shown whole.")
        text = text[:_MAX_TEXT]
    return Rendered(
        message_id,
        envelope(message.headers),
        html=html,
        text=text,
        attachments=attachments_of(found, apart),
        blocked=blocked,
        problems=tuple(problems),
        raw_size=len(raw),
        headers=tuple((name, decode_text(value)) for name, value in message.headers.items()),
        view=view,
    )
