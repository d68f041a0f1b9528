"""Reads HTML of any origin as lines for the editor: loads nothing, and is bounded in all it does.

Looks come from tags, from style attributes and from style sheets (`html_styles`); what Word says of
its lists is understood. Pictures are kept if they are the letter's own, noted if they come along in
the markup (data:), and stay marked places if they are on the internet and that is wanted.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from martlet.ui.compose.markup.html_colours import colour_of
from martlet.ui.compose.markup.html_names import BLOCKS, BREAKS_ITEM, ENDS_P, IMPLIED, SKIPPED, VOID
from martlet.ui.compose.markup.html_styles import Properties, Rules, paper_of, points
from martlet.ui.compose.markup.html_tokens import Sheet, Tag, attributes_of, tokens
from martlet.ui.compose.markup.lines import BREAK, MAX_DEPTH, Align, Line, Run
from martlet.ui.compose.markup.read_looks import (
    has_border,
    has_gap,
    is_hidden,
    keeps_space,
    look_in,
    plainer,
    readable,
    span_of,
)
from martlet.ui.compose.markup.read_pictures import PicturesRead
from martlet.ui.compose.markup.read_table import TableRead
from martlet.ui.compose.markup.settle import direction_of, settled

_SPACE = re.compile(r"[ \t\n\r\f]+")
_MSO_LIST = re.compile(r"(l\d{1,6})\s+level(\d)\s*(lfo\d{1,6})?")
_NUMBERED = re.compile(r"\(?(\d{1,5}|[a-z]{1,4})[.)]", re.IGNORECASE)
_INDENT_POINTS = 30.0
_DEEPEST = 400
_BACK = 64


@dataclass(frozen=True, slots=True)
class Foreign:
    """Markup of a stranger. remote: where pictures of it are on the internet. data: those that came
    along, by what stands in their runs as `picture`.
    """

    lines: list[Line]
    remote: tuple[str, ...] = ()
    data: dict[str, bytes] = field(default_factory=dict)


def read_html(markup: str, has_picture: Callable[[str], bool] = lambda _cid: False) -> list[Line]:
    """The lines of an HTML body. Only pictures whose Content-ID `has_picture` knows are kept."""
    return settled(_Reader(PicturesRead(has_picture, foreign=False)).read(markup))


def read_foreign(markup: str, has_picture: Callable[[str], bool] = lambda _cid: False) -> Foreign:
    """What was copied elsewhere: the font and size of most of it count as the usual ones."""
    pictures = PicturesRead(has_picture, foreign=True)
    lines = settled(plainer(readable(_Reader(pictures).read(markup))))
    return Foreign(lines, tuple(dict.fromkeys(pictures.remote)), pictures.data)


@dataclass(slots=True)
class _Item:
    """An item of a list. used: its first line was written."""

    used: bool = False


@dataclass(frozen=True, slots=True)
class _Frame:
    """What holds inside an open element. gap: it wants room around it."""

    tag: str
    look: Run
    quote: int = 0
    lists: tuple[tuple[bool, int, int], ...] = ()
    item: _Item | None = None
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


class _Reader:
    def __init__(self, pictures: PicturesRead) -> None:
        self.lines: list[Line] = []
        self._pictures = pictures
        self._rules = Rules()
        self._frames = [_Frame("", Run(""))]
        self._deeper = 0
        self._runs: list[Run] = []
        self._tables: list[TableRead] = []
        self._names = 0
        self._gap = False
        self._pre_begins = False
        self._mark = ""
        self._word_lists: dict[str, int] = {}

    def read(self, markup: str) -> list[Line]:
        for token in tokens(markup):
            if isinstance(token, str):
                self._text(token)
            elif isinstance(token, Sheet):
                self._rules.read(token.css)
            elif token.end:
                self._end(token.name)
            else:
                self._start(token)
        while len(self._frames) > 1:
            self._pop()
        self._end_line()
        return self.lines

    # Tags

    def _start(self, token: Tag) -> None:
        tag = token.name
        top = self._frames[-1]
        if tag in SKIPPED or top.hidden:
            # What is skipped in skipped matter is only counted, as deep as that may be.
            if tag not in VOID and not (token.closed and tag in ("svg", "math")):
                self._push(replace(top, tag=tag, hidden=True))
            return
        attributes = attributes_of(token.attributes) if token.attributes else {}
        if tag in VOID:
            self._void(tag, attributes)
            return
        self._imply(tag)
        top = self._frames[-1]
        said = self._rules.of(tag, attributes)
        if is_hidden(said, attributes):
            self._push(replace(top, tag=tag, hidden=True))
            return
        if tag in BLOCKS:
            self._begin_block(tag, said)
            top = self._frames[-1]
        frame = _Frame(
            tag,
            look_in(top.look, tag, attributes, said),
            top.quote, top.lists, top.item, top.heading, top.code,
            keeps_space(top.keeps, said), top.align, top.direction, top.indent,
            False, top.marker or said.get("mso-list") == "ignore", top.word, False, top.head,
        )  # fmt: skip
        if tag in BLOCKS:
            frame = self._shaped(frame, attributes, said)
        elif tag in ("bdo", "bdi", "span") and "dir" in attributes and not self._runs:
            frame = replace(frame, direction=attributes["dir"].lower())
        self._push(frame)

    def _shaped(self, frame: _Frame, attributes: dict[str, str], said: Properties) -> _Frame:
        """The frame of a block element."""
        tag = frame.tag
        align = said.get("text-align") or attributes.get("align", "").lower()
        if tag == "center":
            align = "center"
        direction = said.get("direction") or attributes.get("dir", "").lower()
        indent = frame.indent
        for side in ("margin-left", "margin-right"):
            value = points(said.get(side, ""))
            if value is not None and 0 < value < 500 and tag not in ("blockquote", "ul", "ol"):
                indent += value
        frame = replace(
            frame,
            align=align or frame.align,
            direction=direction if direction in ("ltr", "rtl", "auto") else frame.direction,
            indent=indent,
            gap=has_gap(tag, said),
        )
        if tag[0] == "h" and tag[1:].isdigit():
            return replace(frame, heading=min(int(tag[1:]), 3), item=None)
        if tag == "pre":
            wrapped = "moz-quote-pre" in attributes.get("class", "") or "wrap" in attributes
            self._pre_begins = True
            return replace(frame, keeps=True, code=not wrapped, item=None)
        if tag in ("ul", "ol", "menu", "dir"):
            self._names += 1
            start = attributes.get("start", "1")
            number = int(start) if start.isdecimal() and len(start) < 7 else 1
            style = said.get("list-style-type", "")
            ordered = tag == "ol" or style in ("decimal", "lower-alpha", "upper-roman")
            lists = (*frame.lists, (ordered, self._names, number if ordered else 1))
            return replace(frame, lists=lists[-40:], item=None, indent=0.0)
        if tag == "li":
            lists = frame.lists
            if not lists:
                self._names += 1
                lists = ((False, self._names, 1),)
            return replace(frame, lists=lists, item=_Item(), indent=0.0)
        if tag == "blockquote":
            return replace(frame, quote=frame.quote + 1, item=None, lists=(), indent=0.0)
        if tag == "table":
            self._open_table(frame, attributes, said)
            return replace(
                frame, item=None, lists=(), heading=0, code=False, keeps=False, align="",
                indent=0.0, look=replace(frame.look, bold=False), head=False,
            )  # fmt: skip
        if tag == "thead":
            return replace(frame, head=True)
        if tag == "tr" and self._tables:
            self._tables[-1].begin_row()
            return replace(frame, item=None, lists=())
        if tag in ("td", "th") and self._tables:
            self._open_cell(frame, attributes, said)
            return replace(frame, item=None, lists=(), heading=0, indent=0.0)
        if "mso-list" in said:
            found = _MSO_LIST.match(said["mso-list"])
            if found:
                word = (int(found[2]) or 1, f"{found[1]} {found[3]}")
                return replace(frame, word=word, indent=0.0, gap=False)
        return frame

    def _imply(self, tag: str) -> None:
        """Ends what an opening tag ends by itself."""
        ends = IMPLIED.get(tag)
        if ends is None and tag in BLOCKS:
            ends = ENDS_P
        if ends is None:
            return
        closing, until = ends
        for back in range(1, min(len(self._frames), _BACK)):
            name = self._frames[-back].tag
            if name in closing:
                for _ in range(back):
                    self._pop()
                return
            if name in until:
                return

    def _end(self, tag: str) -> None:
        if self._deeper and self._frames[-1].hidden:
            self._deeper -= 1
            return
        if tag == "br":
            self._void("br", {})
            return
        if tag in VOID:
            return
        stays = tag in ("td", "th", "tr", "table", "tbody", "thead", "tfoot")
        for back in range(1, min(len(self._frames), len(self._frames) if stays else _BACK)):
            frame = self._frames[-back]
            if frame.tag == tag:
                for _ in range(back):
                    self._pop()
                return
            if frame.tag in ("td", "th", "table") and not stays:
                return  # what is wrongly closed inside a cell stays inside
            if frame.tag == "table":
                return

    def _push(self, frame: _Frame) -> None:
        if len(self._frames) >= _DEEPEST:
            if frame.hidden:
                self._deeper += 1
            return
        self._frames.append(frame)

    def _pop(self) -> None:
        frame = self._frames[-1]
        if frame.hidden:
            self._frames.pop()
            self._deeper = 0
            return
        if frame.tag in BLOCKS:
            self._end_block(frame)
        self._frames.pop()

    def _begin_block(self, tag: str, said: Properties) -> None:
        top = self._frames[-1]
        item = top.item
        if item is not None and not item.used and tag not in BREAKS_ITEM:
            if self._runs and self._runs[-1].text != BREAK:
                self._add(BREAK)
            return
        self._end_line()
        if item is not None and not item.used and tag in ("ul", "ol") and top.tag == "li":
            self._end_line(forced=True)  # "<li><ul>": an item with nothing but a list in it
        self._gap = self._gap or has_gap(tag, said)

    def _end_block(self, frame: _Frame) -> None:
        item = frame.item
        if frame.tag == "li":
            self._end_line(forced=item is not None and not item.used)
            return
        if item is not None and not item.used and frame.tag not in BREAKS_ITEM:
            if self._runs and self._runs[-1].text != BREAK:
                self._add(BREAK)
            return
        if frame.tag == "table" and self._tables:
            self._end_line()
            table = self._tables.pop()
            table.end_cell(len(self.lines))
            table.finish(self.lines)
            return
        self._end_line()
        if frame.tag in ("td", "th") and self._tables:
            self._tables[-1].end_cell(len(self.lines))
        self._gap = self._gap or frame.gap

    def _void(self, tag: str, attributes: dict[str, str]) -> None:
        top = self._frames[-1]
        if top.hidden:
            return
        self._pre_begins = False
        if tag == "br":
            item = top.item
            if (item is not None and not item.used) or top.heading or top.code:
                self._add(BREAK)
            else:
                self._end_line(forced=True)
        elif tag == "img":
            run = self._pictures.run(attributes, top.look.href)
            if run is not None:
                self._runs.append(run)
        elif tag == "hr":
            self._end_line()
            self._gap = False
            self._emit(Line(quote=min(top.quote, MAX_DEPTH), rule=True))
        elif tag == "col" and self._tables:
            self._tables[-1].data = True

    # Tables

    def _open_table(self, frame: _Frame, attributes: dict[str, str], said: Properties) -> None:
        self._names += 1
        border = attributes.get("border", "0").strip()
        role = attributes.get("role", "").lower()
        table = TableRead(min(frame.quote, MAX_DEPTH), self._names, len(self.lines))
        table.border = border not in ("0", "") or has_border(said)
        table.data = role in ("table", "grid") or border.strip() not in ("0", "")
        table.layout = role in ("presentation", "none")
        self._tables.append(table)

    def _open_cell(self, frame: _Frame, attributes: dict[str, str], said: Properties) -> None:
        table = self._tables[-1]
        table.end_cell(len(self.lines))
        head = frame.tag == "th" or frame.head
        table.data = table.data or (head and not table.layout)
        table.ruled = table.ruled or has_border(said)
        width = (said.get("width") or attributes.get("width", "")).strip()
        share = width[:-1] if width.endswith("%") and len(width) < 5 else ""
        paper = paper_of(said)
        if paper is None:
            paper = colour_of(attributes.get("bgcolor", ""))
        table.begin_cell(
            len(self.lines),
            head,
            span_of(attributes.get("colspan", "")),
            span_of(attributes.get("rowspan", "")),
            int(share) if share.isdecimal() else 0,
            paper if paper and paper != "#ffffff" else "",
        )

    # Lines

    def _end_line(self, *, forced: bool = False) -> None:
        """Ends the line being read; an empty one counts only when forced (by <br>)."""
        runs, self._runs = self._runs, []
        frame = self._frames[-1]
        if not forced and not any(
            run.picture or run.remote or (run.text if frame.code else run.text.strip(" "))
            for run in runs
        ):
            return
        text = "".join(run.text for run in runs)
        if frame.code and not text.strip(BREAK):
            runs = [run for run in runs if run.picture or run.remote]
        quote = min(frame.quote, MAX_DEPTH)
        align = _align(frame, text)
        indent = min(round(frame.indent / _INDENT_POINTS), MAX_DEPTH)
        direction = frame.direction if frame.direction in ("ltr", "rtl") else ""
        line = Line(
            tuple(runs), quote, heading=frame.heading, align=align, indent=indent,
            direction=direction, code=frame.code,
        )  # fmt: skip
        item = frame.item
        if item is not None:
            if not item.used:
                ordered, number, start = frame.lists[-1]
                depth = min(len(frame.lists), MAX_DEPTH)
                line = replace(
                    line, depth=depth, ordered=ordered, list_id=number, start=start, indent=0
                )
                item.used = True
            else:
                line = replace(line, indent=min(len(frame.lists), MAX_DEPTH))
        elif frame.word is not None:
            line = self._word_item(line, frame.word)
        elif frame.lists and not frame.heading and not frame.code:
            line = replace(line, indent=min(len(frame.lists), MAX_DEPTH))
        self._emit(line)

    def _emit(self, line: Line) -> None:
        last = self.lines[-1] if self.lines else None
        table = self._tables[-1] if self._tables else None
        begins = (
            table is not None and table.open is not None and (table.open.first >= len(self.lines))
        )
        if (
            self._gap and last and not begins and not last.blank and last.cell is None
            and not line.depth and last.quote == line.quote
        ):  # fmt: skip
            self.lines.append(Line(quote=line.quote))
        self._gap = False
        self.lines.append(line)

    def _word_item(self, line: Line, word: tuple[int, str]) -> Line:
        """A paragraph that Word says is of a list; its mark tells which kind."""
        level, name = word
        mark, self._mark = self._mark.strip(), ""
        found = _NUMBERED.fullmatch(mark)
        key = f"{name} {level}"
        if key not in self._word_lists:
            self._names += 1
            self._word_lists[key] = self._names
        start = int(found[1]) if found and found[1].isdecimal() else 1
        return replace(
            line, depth=level, ordered=found is not None, list_id=self._word_lists[key],
            start=start, indent=0,
        )  # fmt: skip

    # Text and pictures

    def _text(self, text: str) -> None:
        top = self._frames[-1]
        if top.hidden:
            return
        if top.marker:
            self._mark = (self._mark + text)[:40]
            return
        if not top.keeps:
            if self._tables and self._tables[-1].open is None and not text.strip():
                return
            self._add(_SPACE.sub(" ", text))
            return
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        if self._pre_begins and text.startswith("\n"):
            text = text[1:]
        self._pre_begins = False
        first, *rest = text.split("\n")
        self._add(first)
        for line in rest:
            if top.item is not None and not top.item.used:
                self._add(BREAK)
            else:
                self._end_line(forced=True)
            self._add(line)

    def _add(self, text: str) -> None:
        top = self._frames[-1]
        if not top.keeps and text.startswith(" ") and self._ends_in_space():
            text = text[1:]
        if not text:
            return
        self._runs.append(top.look.saying(text))

    def _ends_in_space(self) -> bool:
        if not self._runs:
            return True
        last = self._runs[-1]
        return not last.picture and not last.remote and last.text.endswith((" ", BREAK))


def _align(frame: _Frame, text: str) -> Align:
    match frame.align:
        case "center":
            return Align.CENTER
        case "justify":
            return Align.JUSTIFY
        case "left" | "right":
            way = frame.direction if frame.direction in ("ltr", "rtl") else direction_of(text)
            return Align.END if (frame.align == "right") == (way == "ltr") else Align.START
        case "end":
            return Align.END
        case _:
            return Align.START
