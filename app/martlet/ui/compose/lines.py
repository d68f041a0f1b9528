"""A letter as lines of runs: the neutral form between the editor, small clean HTML and plain text.

No Qt here. Whatever HTML brings beyond paragraphs, emphasis, lists, quotes, links and the
letter's own pictures is dropped, so nothing a stranger wrote can reach the editor.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

BREAK = "\u2028"
"""A line break inside a line (within a list item)."""

MAX_DEPTH = 9
LINK_SCHEMES = ("http:", "https:", "mailto:", "tel:", "ftp:")


@dataclass(frozen=True, slots=True)
class Run:
    """Text of one look. picture: the Content-ID of an inline picture that stands here instead."""

    text: str
    bold: bool = False
    italic: bool = False
    underline: bool = False
    strike: bool = False
    href: str = ""
    picture: str = ""
    width: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One line. quote: levels of quotation. depth: list levels, 0 for none. list_id: which list."""

    runs: tuple[Run, ...] = ()
    quote: int = 0
    depth: int = 0
    ordered: bool = False
    list_id: int = 0

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)

    @property
    def blank(self) -> bool:
        return not any(run.picture or run.text.strip() for run in self.runs)


def is_link(href: str) -> bool:
    """Whether a letter may link there: no scripts, no local files."""
    return href.strip().casefold().startswith(LINK_SCHEMES)


@dataclass(slots=True)
class _List:
    tag: str
    depth: int
    list_id: int


@dataclass(slots=True)
class _Writer:
    """Writes lines as nested HTML. lists: those open in the present quotation, outermost first."""

    out: list[str] = field(default_factory=list)
    quote: int = 0
    lists: list[_List] = field(default_factory=list)

    def close_list(self) -> None:
        self.out.append(f"</li></{self.lists.pop().tag}>")

    def to_quote(self, level: int) -> None:
        if level != self.quote:
            while self.lists:
                self.close_list()
        while self.quote > level:
            self.out.append("</blockquote>\n")
            self.quote -= 1
        while self.quote < level:
            self.out.append('<blockquote type="cite">')
            self.quote += 1

    def line(self, line: Line) -> None:
        self.to_quote(line.quote)
        inner = "".join(_run_html(run) for run in line.runs)
        while self.lists and self.lists[-1].depth > line.depth:
            self.close_list()
        if not line.depth:
            self.out.append(f"<div>{inner or '<br>'}</div>\n")
            return
        if self.lists and self.lists[-1].depth == line.depth:
            if self.lists[-1].list_id == line.list_id:
                self.out.append(f"</li>\n<li>{inner}")
                return
            self.close_list()
        tag = "ol" if line.ordered else "ul"
        self.lists.append(_List(tag, line.depth, line.list_id))
        self.out.append(f"<{tag}>\n<li>{inner}")


def write_html(lines: Iterable[Line]) -> str:
    """The inner markup of a body: div, ul, ol, li, blockquote, b, i, u, s, a, img (cid:), br."""
    writer = _Writer()
    for line in lines:
        writer.line(line)
    while writer.lists:
        writer.close_list()
    writer.to_quote(0)
    return "".join(writer.out).strip()


def _run_html(run: Run) -> str:
    if run.picture:
        width = f' width="{run.width}"' if run.width else ""
        alt = html.escape(run.text.replace("\ufffc", ""))
        inner = f'<img src="cid:{html.escape(run.picture)}" alt="{alt}"{width}>'
    else:
        text = run.text.replace("\t", "    ").replace("\xa0", " ")
        if "  " in text or text == "-- ":  # the mark of a signature ends in its space
            text = re.sub(r"^ | (?= )| $", "\xa0", text)
        inner = html.escape(text, quote=False).replace("\xa0", "&nbsp;").replace(BREAK, "<br>")
    if run.strike:
        inner = f"<s>{inner}</s>"
    if run.underline and not run.href:
        inner = f"<u>{inner}</u>"
    if run.italic:
        inner = f"<i>{inner}</i>"
    if run.bold:
        inner = f"<b>{inner}</b>"
    if run.href and is_link(run.href):
        inner = f'<a href="{html.escape(run.href)}">{inner}</a>'
    return inner


def write_text(lines: Sequence[Line]) -> str:
    """The same as plain text: "> " for quotes, "- " and "1. " for lists, addresses behind links."""
    out: list[str] = []
    counters: dict[int, int] = {}
    for line in lines:
        prefix = "> " * line.quote
        mark = ""
        if line.depth:
            counters[line.list_id] = counters.get(line.list_id, 0) + 1
            mark = f"{counters[line.list_id]}. " if line.ordered else "- "
            prefix += "  " * (line.depth - 1)
        body = "".join(_run_text(run) for run in line.runs)
        rest = prefix + " " * len(mark)
        joined = f"\n{rest}".join(body.split(BREAK))
        out.append(f"{prefix}{mark}{joined}".rstrip() if not body else f"{prefix}{mark}{joined}")
    return "\n".join(out)


def _run_text(run: Run) -> str:
    text = run.text.replace("\ufffc", "").replace("\xa0", " ")
    if run.picture:
        return f"[{text or run.picture}]"
    if run.href and run.href not in (text, f"mailto:{text}"):
        return f"{text} <{run.href.removeprefix('mailto:')}>"
    return text


def read_text(text: str) -> list[Line]:
    """Plain text as lines; leading "> " marks become levels of quotation."""
    found: list[Line] = []
    for raw in text.splitlines() or [""]:
        match = re.match(r"(?:> ?)+", raw)
        level = match[0].count(">") if match else 0
        rest = raw[match.end() :] if match else raw
        found.append(Line((Run(rest),) if rest else (), quote=min(level, MAX_DEPTH)))
    return found
