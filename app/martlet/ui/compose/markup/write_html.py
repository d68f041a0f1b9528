"""Writes the lines of a letter as small clean HTML.

Inline styles only, and none that Outlook or Gmail drop: no classes, no style sheet, no colours with
alpha. One line is written after the other from what the lines before left open, so that of a long
letter only what has changed must be written again.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from typing import NamedTuple

from martlet.ui.compose.markup.font_stacks import CODE_CSS, css
from martlet.ui.compose.markup.lines import BREAK, Align, Cell, Line, Run, Table
from martlet.ui.compose.markup.settle import direction_of, settled

INDENT_PX = 40
_OBJECT = "\ufffc"
_QUOTE = (
    '<blockquote type="cite" style="margin:0 0 0 .8ex;border-left:2px solid #ccc;padding-left:1ex">'
)
_PRE = f'<pre style="margin:0;font-family:{CODE_CSS};white-space:pre-wrap">'
# One whose cells are all covered by those above
_EMPTY_ROW = "<tr></tr>\n"
_LIST = "margin-top:0;margin-bottom:0"
_BORDER = "border:1px solid #999;"
# The spaces that HTML would swallow
_SWALLOWED = re.compile(f"^ | $| (?= )|(?<={BREAK}) | (?={BREAK})")


class _List(NamedTuple):
    """plain: nothing is said of the side and direction of its present item."""

    number: int
    ordered: bool
    plain: bool

    @property
    def tag(self) -> str:
        return "ol" if self.ordered else "ul"


class Open(NamedTuple):
    """What is open after a line. lists: outermost first. pre: how its block of code ends."""

    quote: int = 0
    table: Table | None = None
    cell: Cell | None = None
    inner: int = 0
    lists: tuple[_List, ...] = ()
    pre: str = ""


NOTHING = Open()


def write_html(lines: Iterable[Line]) -> str:
    """The inner markup of a body: div, h1 to h3, ul, ol, li, blockquote, pre, table, hr, b, i, u,
    s, sup, sub, code, span, a, img (cid:), br.
    """
    state = NOTHING
    out: list[str] = []
    for line in settled(lines):
        written, state = write_line(state, line)
        out.append(written)
    out.append(write_end(state))
    return "".join(out).strip()


def write_end(state: Open) -> str:
    """Closes what is open."""
    out: list[str] = []
    _close_flow(out, state)
    _close_table(out, state)
    out.append("</blockquote>\n" * state.quote)
    return "".join(out)


def write_line(state: Open, line: Line) -> tuple[str, Open]:
    """What stands for one line of a settled letter after what is open, and what is then."""
    cell = line.cell
    if state == NOTHING and cell is None and not line.depth and not line.quote and not line.code:
        return _plain(line), NOTHING  # most lines of most letters
    out: list[str] = []
    outer = cell.table.quote if cell is not None else line.quote
    inner = line.quote - outer
    quote, table, in_cell, lists, pre = (
        state.quote, state.table, state.cell, state.lists, state.pre,
    )  # fmt: skip
    same_place = quote == outer and (
        cell is in_cell or (cell is not None and in_cell is not None and cell == in_cell)
    )
    if not same_place or inner != state.inner:
        _close_lists(out, lists, pre)
        lists, pre = (), ""
    elif pre and not line.code:
        out.append(pre)
        pre = ""
    level = state.inner
    if not same_place:
        out.append("</blockquote>\n" * level)
        level = 0
        new_table = cell.table if cell is not None else None
        if table is not None and table != new_table:
            _close_table(out, state)
            table, in_cell = None, None
        if quote > outer:
            out.append("</blockquote>\n" * (quote - outer))
        elif quote < outer:
            out.append(_QUOTE * (outer - quote))
        if cell is not None:
            _open_cell(out, cell, table, in_cell)
    if level > inner:
        out.append("</blockquote>\n" * (level - inner))
    elif level < inner:
        out.append(_QUOTE * (inner - level))
    if line.depth:
        lists = _item(out, lists, line)
    else:
        _close_lists(out, lists, "")
        lists = ()
        if line.code:
            written = runs_html(line)
            # Parsers leave out a break right behind the tag, and one at the end is not seen.
            out.append("\n" if pre else _PRE if written else f"{_PRE}\n")
            out.append(written)
            pre = "</pre>\n" if written else "<br></pre>\n"
        else:
            out.append(_plain(line))
    new_table = cell.table if cell is not None else None
    return "".join(out), Open(outer, new_table, cell, inner, lists, pre)


def _plain(line: Line) -> str:
    if line.rule:
        return "<hr>\n"
    tag = f"h{line.heading}" if line.heading else "div"
    inner = runs_html(line) or "<br>"
    return f"<{tag}{_attributes(line)}>{inner}</{tag}>\n"


def _item(out: list[str], lists: tuple[_List, ...], line: Line) -> tuple[_List, ...]:
    while len(lists) > line.depth or (len(lists) == line.depth and lists[-1][0] != line.list_id):
        out.append(f"</li></{lists[-1].tag}>\n")
        lists = lists[:-1]
    if len(lists) == line.depth:
        out.append("</li>\n")
        lists = lists[:-1]
    else:
        start = f' start="{line.start}"' if line.ordered and line.start != 1 else ""
        out.append(f'<{"ol" if line.ordered else "ul"}{start} style="{_LIST}">\n')
    # What an item says of itself holds for the lists in it, too.
    said = _attributes(line, explicit=not all(one.plain for one in lists))
    out.append(f"<li{said}>{runs_html(line)}")
    return (*lists, _List(line.list_id, line.ordered, not said))


def _close_lists(out: list[str], lists: tuple[_List, ...], pre: str) -> None:
    out.append(pre)
    for one in reversed(lists):
        out.append(f"</li></{one.tag}>\n")


def _close_flow(out: list[str], state: Open) -> None:
    _close_lists(out, state.lists, state.pre)
    out.append("</blockquote>\n" * state.inner)


def _close_table(out: list[str], state: Open) -> None:
    table, cell = state.table, state.cell
    if table is not None and cell is not None:
        out.append(f"</{_cell_tag(cell)}></tr>\n")
        out.append(_EMPTY_ROW * (table.rows - 1 - cell.row))
        out.append("</table>\n")


def _cell_tag(cell: Cell) -> str:
    return "th" if cell.row < cell.table.header else "td"


def _open_cell(out: list[str], cell: Cell, table: Table | None, before: Cell | None) -> None:
    own = cell.table
    if table is None or before is None:
        border = 1 if own.border else 0
        role = "" if own.border else ' role="table"'
        width = ";width:100%" if own.widths else ""
        out.append(
            f'<table{role} border="{border}" cellspacing="0" cellpadding="4" '
            f'style="border-collapse:collapse{width}">\n{_columns(own)}<tr>'
        )
    elif before.row != cell.row:
        out.append(f"</{_cell_tag(before)}></tr>\n")
        out.append(_EMPTY_ROW * (cell.row - before.row - 1))
        out.append("<tr>")
    else:
        out.append(f"</{_cell_tag(before)}>")
    tag = _cell_tag(cell)
    width = f' colspan="{cell.across}"' if cell.across > 1 else ""
    if cell.down > 1:
        width += f' rowspan="{cell.down}"'
    if own.widths and cell.row == 0:
        width += f' width="{sum(own.widths[cell.column : cell.column + cell.across])}%"'
    style = (_BORDER if own.border else "") + "padding:4px;vertical-align:top"
    if tag == "th":
        style += ";font-weight:normal;text-align:start"
        # Outlook knows no "start".
        width = f' align="left"{width}'
    if cell.background:
        style += f";background-color:{cell.background}"
        width += f' bgcolor="{cell.background}"'
    out.append(f'<{tag}{width} style="{style}">')


def _columns(table: Table) -> str:
    """Says how many columns there are: cells may take several."""
    widths = table.widths or (0,) * table.columns
    told = (f'<col width="{width}%">' if width else "<col>" for width in widths)
    return f"<colgroup>{''.join(told)}</colgroup>\n"


def _attributes(line: Line, *, explicit: bool = False) -> str:
    """explicit: what is around it may say something else."""
    margin = ["margin:0"] if line.heading else []
    if (
        not explicit
        and not margin
        and not line.direction
        and not line.indent
        and line.align is Align.START
    ):
        if line.text.isascii() or direction_of(line.text) == "ltr":
            return ""
        return ' dir="rtl"'
    own = direction_of(line.text)
    direction = line.direction or own
    style = margin
    if line.align in (Align.CENTER, Align.JUSTIFY):
        style.append(f"text-align:{line.align.value}")
    elif line.align is Align.END:
        style.append("text-align:left" if direction == "rtl" else "text-align:right")
    elif explicit:
        style.append("text-align:right" if direction == "rtl" else "text-align:left")
    if line.indent:
        side = "right" if direction == "rtl" else "left"
        style.append(f"margin-{side}:{INDENT_PX * line.indent}px")
    said = f' dir="{direction}"' if explicit or line.direction or direction == "rtl" else ""
    return said + (f' style="{";".join(style)}"' if style else "")


def runs_html(line: Line) -> str:
    """What stands inside a line."""
    runs = line.runs
    if not line.code:
        whole = "".join(_OBJECT if r.picture or r.remote else r.text for r in runs)
        if whole[:1] == " " or whole[-1:] == " " or "  " in whole or BREAK in whole:
            return _spaced(runs, _SWALLOWED.sub("\xa0", whole))
    return "".join([_run(run, run.text) for run in runs])


def _spaced(runs: tuple[Run, ...], whole: str) -> str:
    at, out = 0, []
    for run in runs:
        size = 1 if run.picture or run.remote else len(run.text)
        out.append(_run(run, whole[at : at + size]))
        at += size
    return "".join(out)


def _run(run: Run, text: str) -> str:
    if run.picture or run.remote:
        inner = _picture(run)
    else:
        inner = html.escape(text, quote=False).replace("\xa0", "&nbsp;").replace(BREAK, "<br>")
    if run.family or run.size or run.colour or run.background:
        inner = f'<span style="{_style(run)}">{inner}</span>'
    if run.code:
        inner = f'<code style="font-family:{CODE_CSS}">{inner}</code>'
    if run.raised:
        tag = "sup" if run.raised > 0 else "sub"
        inner = f"<{tag}>{inner}</{tag}>"
    if run.strike:
        inner = f"<s>{inner}</s>"
    if run.underline and not run.href:
        inner = f"<u>{inner}</u>"
    if run.italic:
        inner = f"<i>{inner}</i>"
    if run.bold:
        inner = f"<b>{inner}</b>"
    if run.href:
        inner = f'<a href="{html.escape(run.href)}">{inner}</a>'
    return inner


def _picture(run: Run) -> str:
    width = f' width="{run.width}"' if run.width else ""
    alt = html.escape(run.text)
    if run.picture:
        return f'<img src="cid:{html.escape(run.picture)}" alt="{alt}"{width}>'
    # Not fetched here, so nobody who reads it is to fetch it either.
    return f'<img data-src="{html.escape(run.remote)}" alt="{alt}"{width}>'


def _style(run: Run) -> str:
    found = []
    if run.family:
        found.append(f"font-family:{css(run.family)}")
    if run.size:
        found.append(f"font-size:{run.size}pt")
    if run.colour:
        found.append(f"color:{run.colour}")
    if run.background:
        found.append(f"background-color:{run.background}")
    return ";".join(found)
