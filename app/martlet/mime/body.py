"""The readable body of a message: alternatives picked, texts joined, format=flowed undone."""

from __future__ import annotations

import html as markup
import re
from dataclasses import dataclass

from martlet.mime.charset import decode
from martlet.mime.flowed import unflow
from martlet.mime.html_text import to_text
from martlet.mime.layout import Block, Layout, layout
from martlet.mime.parse import Message, Part
from martlet.mime.unpack import without_files

_ENRICHED = re.compile(r"<(?!<)/?[A-Za-z0-9-]{1,60}>")


@dataclass(frozen=True, slots=True)
class Body:
    """html: as sent, not sanitised, None if there is none; text: always readable."""

    html: str | None
    text: str
    problems: tuple[str, ...] = ()


def body(message: Message) -> Body:
    """The body in both forms; where one was not sent it is made from the other."""
    return body_of(message, layout(message))


def body_of(message: Message, found: Layout) -> Body:
    """The same for a layout already made."""
    rich: list[str] = []
    plain: list[str] = []
    has_html = any(block.html is not None for block in found.blocks)
    for block in found.blocks:
        html = block.html.text() if block.html is not None else None
        text = plain_text(block.text) if block.text is not None else None
        if text is None or (html is not None and not text.strip()):
            text = to_text(html or "")
        plain.append(text.strip("\n"))
        if has_html:
            rich.append(html if html is not None else as_html(text))
    text = "\n\n".join(piece for piece in plain if piece.strip())
    joined = "<hr>".join(rich) if has_html else None
    return Body(joined, text, message.problems + found.problems)


def plain_text(part: Part, limit: int = 0) -> str:
    """A text part as one reads it: flowed lines joined, files in them taken out."""
    text = part.text(limit)
    if part.content_type in ("text/enriched", "text/richtext"):
        return _ENRICHED.sub("", text).replace("<<", "<")
    if not limit and part.unpacked:
        text = _text_of(without_files(part.data()), part)
    if part.parameters.get("format", "").lower() == "flowed":
        text = unflow(text, part.parameters.get("delsp", "").lower() == "yes")
    return text


def _text_of(raw: bytes, part: Part) -> str:
    return decode(raw, part.charset).replace("\r\n", "\n").replace("\r", "\n")


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
