"""What holds inside an open element of foreign HTML while it is read."""

from __future__ import annotations

from dataclasses import dataclass

from martlet.ui.compose.markup.lines import Align, Run
from martlet.ui.compose.markup.settle import direction_of


@dataclass(slots=True)
class Item:
    """An item of a list. used: its first line was written."""

    used: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """What holds inside an open element.

    look: of its text. lists: those it stands in, outermost first: (ordered, number, start). keeps:
    white space is kept. indent: points. marker: it is the mark that Word draws in front of an item.
    word: depth and name of the list that Word says it is of. gap: it wants room around it. head:
    its cells are headings.
    """

    tag: str
    look: Run
    quote: int = 0
    lists: tuple[tuple[bool, int, int], ...] = ()
    item: Item | None = None
    heading: int = 0
    code: bool = False
    keeps: bool = False
    align: str = ""
    direction: str = ""
    indent: float = 0.0
    hidden: bool = False
    marker: bool = False
    word: tuple[int, str] | None = None
    gap: bool = False
    head: bool = False

    @property
    def in_item(self) -> bool:
        """Whether the first line of an item is being read, in which breaks stay inside."""
        return self.item is not None and not self.item.used

    def side(self, text: str) -> Align:
        """Where a line with this text stands in it."""
        match self.align:
            case "center":
                return Align.CENTER
            case "justify":
                return Align.JUSTIFY
            case "left" | "right":
                told = self.direction in ("ltr", "rtl")
                way = self.direction if told else direction_of(text)
                return Align.END if (self.align == "right") == (way == "ltr") else Align.START
            case "end":
                return Align.END
            case _:
                return Align.START
