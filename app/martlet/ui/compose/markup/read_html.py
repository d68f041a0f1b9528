"""Reads HTML of any origin as lines for the editor: loads nothing, and is bounded in all it does.

Looks come from tags, from style attributes and from style sheets (`html_styles`); what Word says of
its lists is understood. Pictures are kept if they are the letter's own, noted if they come along in
the markup (data:), and stay marked places if they are on the internet and that is wanted.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from martlet.ui.compose.markup.html_names import BLOCKS, BREAKS_ITEM, ENDS_P, IMPLIED, SKIPPED, VOID
from martlet.ui.compose.markup.html_styles import Properties, Rules, points
from martlet.ui.compose.markup.html_tokens import Sheet, Tag, attributes_of, tokens
from martlet.ui.compose.markup.lines import Line, Run
from martlet.ui.compose.markup.read_frames import Frame, Item
from martlet.ui.compose.markup.read_lines import LinesRead
from martlet.ui.compose.markup.read_looks import (
    has_gap,
    is_hidden,
    keeps_space,
    look_in,
    plainer,
    readable,
)
from martlet.ui.compose.markup.read_pictures import PicturesRead
from martlet.ui.compose.markup.read_table import TablesRead
from martlet.ui.compose.markup.settle import settled

_MSO_LIST = re.compile(r"(l\d{1,6})\s+level(\d)\s*(lfo\d{1,6})?")
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


class _Reader:
    def __init__(self, pictures: PicturesRead) -> None:
        self._tables = TablesRead()
        self._out = LinesRead(self._tables)
        self._pictures = pictures
        self._rules = Rules()
        self._frames = [Frame("", Run(""))]
        self._deeper = 0
        self._pre_begins = False

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
        self._out.end(self._frames[-1])
        return self._out.lines

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
        frame = Frame(
            tag,
            look_in(top.look, tag, attributes, said),
            top.quote, top.lists, top.item, top.heading, top.code,
            keeps_space(top.keeps, said), top.align, top.direction, top.indent,
            False, top.marker or said.get("mso-list") == "ignore", top.word, False, top.head,
        )  # fmt: skip
        if tag in BLOCKS:
            frame = self._shaped(frame, attributes, said)
        elif tag in ("bdo", "bdi", "span") and "dir" in attributes and not self._out.begun:
            frame = replace(frame, direction=attributes["dir"].lower())
        self._push(frame)

    def _shaped(self, frame: Frame, attributes: dict[str, str], said: Properties) -> Frame:
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
            start = attributes.get("start", "1")
            number = int(start) if start.isdecimal() and len(start) < 7 else 1
            style = said.get("list-style-type", "")
            ordered = tag == "ol" or style in ("decimal", "lower-alpha", "upper-roman")
            lists = (*frame.lists, (ordered, self._out.name(), number if ordered else 1))
            return replace(frame, lists=lists[-40:], item=None, indent=0.0)
        if tag == "li":
            lists = frame.lists
            if not lists:
                lists = ((False, self._out.name(), 1),)
            return replace(frame, lists=lists, item=Item(), indent=0.0)
        if tag == "blockquote":
            return replace(frame, quote=frame.quote + 1, item=None, lists=(), indent=0.0)
        if tag == "table":
            self._tables.begin(frame, self._out.name(), len(self._out.lines), attributes, said)
            return replace(
                frame, item=None, lists=(), heading=0, code=False, keeps=False, align="",
                indent=0.0, look=replace(frame.look, bold=False), head=False,
            )  # fmt: skip
        if tag == "thead":
            return replace(frame, head=True)
        if tag == "tr" and self._tables.open:
            self._tables.begin_row()
            return replace(frame, item=None, lists=())
        if tag in ("td", "th") and self._tables.open:
            self._tables.begin_cell(frame, len(self._out.lines), attributes, said)
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

    def _push(self, frame: Frame) -> None:
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
        if top.in_item and tag not in BREAKS_ITEM:
            self._out.part(top)
            return
        self._out.end(top)
        if top.in_item and tag in ("ul", "ol") and top.tag == "li":
            self._out.end(top, forced=True)  # "<li><ul>": an item with nothing but a list in it
        self._out.gap = self._out.gap or has_gap(tag, said)

    def _end_block(self, frame: Frame) -> None:
        out = self._out
        if frame.tag == "li":
            out.end(frame, forced=frame.in_item)
        elif frame.in_item and frame.tag not in BREAKS_ITEM:
            out.part(frame)
        elif frame.tag == "table" and self._tables.open:
            out.end(frame)
            self._tables.end(out.lines)
        else:
            out.end(frame)
            if frame.tag in ("td", "th"):
                self._tables.end_cell(len(out.lines))
            out.gap = out.gap or frame.gap

    def _void(self, tag: str, attributes: dict[str, str]) -> None:
        top = self._frames[-1]
        if top.hidden:
            return
        self._pre_begins = False
        if tag == "br":
            if top.in_item or top.heading or top.code:
                self._out.break_inside(top)
            else:
                self._out.end(top, forced=True)
        elif tag == "img":
            run = self._pictures.run(attributes, top.look.href)
            if run is not None:
                self._out.run(run)
        elif tag == "hr":
            self._out.rule(top)
        elif tag == "col":
            self._tables.column(attributes)

    def _text(self, text: str) -> None:
        top = self._frames[-1]
        if top.hidden:
            return
        if top.marker:
            self._out.mark(text)
            return
        if not top.keeps:
            if not self._tables.outside_cells or text.strip():
                self._out.flow(top, text)
            return
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        if self._pre_begins and text.startswith("\n"):
            text = text[1:]
        self._pre_begins = False
        self._out.kept(top, text)
