"""A letter as lines of runs: the neutral form between the editor, small clean HTML and plain text.

No Qt here. Whatever HTML brings beyond what these nouns say is dropped, so nothing a stranger wrote
can reach the editor. `settle` brings them into the one form that comes back from HTML and from the
editor as it went; `write_html` and `write_text` write them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

BREAK = "\u2028"
"""A line break inside a line: in a list item, a heading or code."""

MAX_DEPTH = 9
MAX_COLUMNS = 60
MAX_CELLS = 6000
HEADINGS = 3
LARGEST_SIZE = 96
WIDEST = 4000
LINK_SCHEMES = ("http:", "https:", "mailto:", "tel:", "ftp:")
SIZES = {"small": 9, "normal": 0, "large": 14, "huge": 22}
"""The sizes a person chooses from by name (points)."""


class Align(Enum):
    """Where a line stands. START and END go by the direction of its text."""

    START = ""
    CENTER = "center"
    END = "end"
    JUSTIFY = "justify"


@dataclass(frozen=True, slots=True)
class Run:
    """Text of one look.

    picture: the Content-ID of an inline picture that stands here instead; its text is then what
    stands for it, width how wide it is shown (CSS pixels, 0: as it is). remote: the address of a
    picture on the internet that was not fetched, which stands here just so.
    family: of the font, "" the usual. size: points, 0 the usual. colour, background: "#rrggbb", ""
    the usual. code: of fixed width. raised: 1 above the line, -1 below it.
    """

    text: str
    bold: bool = False
    italic: bool = False
    underline: bool = False
    strike: bool = False
    href: str = ""
    picture: str = ""
    width: int = 0
    family: str = ""
    size: int = 0
    colour: str = ""
    background: str = ""
    code: bool = False
    raised: int = 0
    remote: str = ""

    def saying(self, text: str) -> Run:
        """Other words in the same look."""
        return Run(
            text, self.bold, self.italic, self.underline, self.strike, self.href, self.picture,
            self.width, self.family, self.size, self.colour, self.background, self.code,
            self.raised, self.remote,
        )  # fmt: skip

    def looks_like(self, other: Run) -> bool:
        """Whether both are words of one look."""
        return (
            self.bold is other.bold
            and self.italic is other.italic
            and self.underline is other.underline
            and self.strike is other.strike
            and self.code is other.code
            and self.href == other.href
            and self.size == other.size
            and self.raised == other.raised
            and self.colour == other.colour
            and self.background == other.background
            and self.family == other.family
            and not (self.picture or other.picture or self.remote or other.remote)
        )


@dataclass(frozen=True, slots=True)
class Table:
    """A table of lines: what all its cells know of it.

    id: which of the letter's tables. quote: levels of quotation it stands in. widths: of the
    columns in per cent, () as their content wants. border: whether lines are drawn. header: how
    many rows at its top are headings.
    """

    id: int
    rows: int
    columns: int
    quote: int = 0
    widths: tuple[int, ...] = ()
    border: bool = True
    header: int = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """Where in which table a line stands. Cells come row by row, each with one line at least.

    background: of the whole cell, "#rrggbb" or "". across, down: how many columns and rows it
    takes; there are no lines in the places it covers.
    """

    table: Table
    row: int
    column: int
    background: str = ""
    across: int = 1
    down: int = 1


@dataclass(frozen=True, slots=True)
class Line:
    """One line, which is a paragraph.

    quote: levels of quotation, those around its table too. depth: list levels, 0 for none.
    list_id: which list. start: the number its list begins with. heading: 1 to 3, 0 for none; what
    a heading has of size and weight is not said again in its runs. indent: levels. direction:
    "ltr" or "rtl" where it is not the one its text has by itself. code: one of the lines of a
    block of code. rule: a line drawn across; it has no text.
    """

    runs: tuple[Run, ...] = ()
    quote: int = 0
    depth: int = 0
    ordered: bool = False
    list_id: int = 0
    start: int = 1
    heading: int = 0
    align: Align = Align.START
    indent: int = 0
    direction: str = ""
    code: bool = False
    rule: bool = False
    cell: Cell | None = None

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)

    @property
    def blank(self) -> bool:
        return not self.rule and not any(
            run.picture or run.remote or run.text.strip() for run in self.runs
        )


def is_link(href: str) -> bool:
    """Whether a letter may link there: no scripts, no local files."""
    return href.strip().casefold().startswith(LINK_SCHEMES)


def read_text(text: str) -> list[Line]:
    """Plain text as lines; leading "> " marks become levels of quotation."""
    found: list[Line] = []
    for raw in text.splitlines() or [""]:
        match = re.match(r"(?:> ?)+", raw)
        level = match[0].count(">") if match else 0
        rest = raw[match.end() :] if match else raw
        found.append(Line((Run(rest),) if rest else (), quote=min(level, MAX_DEPTH)))
    return found
