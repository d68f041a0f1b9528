"""The readable body of a message: alternatives picked, texts joined, format=flowed undone."""

from __future__ import annotations

import html as markup
from dataclasses import dataclass

from martlet.mime import enriched
from martlet.mime.addresses import MAX_PEOPLE
from martlet.mime.dates import parse_date
from martlet.mime.digest import listing
from martlet.mime.flowed import unflow
from martlet.mime.headers import Headers
from martlet.mime.html_text import to_text
from martlet.mime.layout import Block, Layout, layout
from martlet.mime.part import Message, Part
from martlet.mime.unpack import without_files

# Bytes of it as transferred; what is longer nobody reads, and no pane takes.
MAX_TEXT = 8 << 20
MAX_MARKUP = 16 << 20
TOO_LONG = "The text is too long; only its beginning is shown."


@dataclass(frozen=True, slots=True)
class Body:
    """html: as sent, not sanitised, None if there is none; text: always readable.

    charset: what its first text was read as, "" for ASCII. cut: it is the beginning only.
    """

    html: str | None
    text: str
    problems: tuple[str, ...] = ()
    charset: str = ""
    cut: bool = False


def body(message: Message) -> Body:
    """The body in both forms; where one was not sent it is made from the other."""
    return body_of(message, layout(message))


def body_of(message: Message, found: Layout) -> Body:
    """The same for a layout already made. Of what is very long, the beginning."""
    rich: list[str] = []
    plain: list[str] = []
    cut = False
    has_html = any(_is_rich(block) for block in found.blocks)
    room, room_html = MAX_TEXT, MAX_MARKUP
    for block in found.blocks:
        if room <= 0 or room_html <= 0:
            cut = True
            break
        html = _rich(block, room_html)
        text = plain_text(block.text, room) if block.text is not None else None
        for part, limit in ((block.html, room_html), (block.text, room)):
            if part is not None and part.body_end - part.body_start > limit and not part.unpacked:
                cut = True
        if text is None or (html is not None and not text.strip()):
            text = to_text(html or "")
        plain.append(text.strip("\n"))
        if has_html and (text if html is None else html).strip():
            rich.append(html if html is not None else as_html(text))
            room_html -= len(rich[-1])
        room -= len(text)
    text = "\n\n".join(piece for piece in plain if piece.strip())
    joined = "<hr>".join(rich) if has_html else None
    if not text and not has_html:
        text = listing(message)
    problems = [*message.problems, *_of_texts(found), *found.problems]
    problems += _of_the_head(message.headers)
    return Body(joined, text, tuple(dict.fromkeys(problems)), _charset(found), cut)


def _is_rich(block: Block) -> bool:
    return block.html is not None or (
        block.text is not None and block.text.content_type in enriched.KINDS
    )


def _rich(block: Block, limit: int) -> str | None:
    """The block as markup, where it is more than words."""
    part = block.html or block.text
    if part is not None and part.content_type in enriched.KINDS:
        return enriched.to_html(part.text(limit), part.content_type)
    return block.html.text(limit) if block.html is not None else None


def _of_the_head(headers: Headers) -> list[str]:
    """What an envelope leaves out without a word."""
    found: list[str] = []
    date = headers.get("date")
    if date and parse_date(date) is None:
        found.append("The date of the message cannot be read.")
    for name in ("From", "To", "Cc", "Bcc", "Reply-To"):
        values = headers.get_all(name)
        if sum(value.count(b",") + value.count(b";") + 1 for value in values) > MAX_PEOPLE:
            found.append(f"The field {name} has too many addresses; the last ones are not read.")
    return found


def _of_texts(found: Layout) -> list[str]:
    parts = (part for block in found.blocks for part in (block.text, block.html))
    return [part.text_problem for part in parts if part is not None and part.text_problem]


def _charset(found: Layout) -> str:
    for block in found.blocks:
        part = block.html or block.text
        if part is not None:
            return part.read_as
    return ""


def plain_text(part: Part, limit: int = 0) -> str:
    """A text part as one reads it: flowed lines joined, files in them taken out.

    limit: about so many bytes of it, 0 for all.
    """
    if part.content_type in enriched.KINDS:
        return enriched.to_text(part.text(limit), part.content_type)
    if part.unpacked:
        raw = without_files(part.data())
        text = part.text_of(raw[:limit] if limit else raw)
    else:
        text = part.text(limit)
    if part.parameters.get("format", "").lower() == "flowed":
        text = unflow(text, part.parameters.get("delsp", "").lower() == "yes")
    return text


def as_html(text: str) -> str:
    """Plain text as markup that keeps its line ends."""
    return f'<div style="white-space:pre-wrap">{markup.escape(text)}</div>'


def first_text(block: Block, limit: int) -> str:
    """The plain form of a block, for previews and the index, cut at about limit bytes."""
    if block.text is not None:
        text = plain_text(block.text, limit)
        if text.strip() or block.html is None:
            return text
    return ""
