"""Letters as lines, of every kind, for Hypothesis."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from martlet.ui.compose.markup.lines import Align, Cell, Line, Run, Table

PICTURE = "pic@martlet"

_texts = st.one_of(
    st.text(alphabet="ab cß\u2028 <&>\"'\xa0\t", max_size=8),
    st.sampled_from(["-- ", " ", "  ", "word", "שלום", "مرحبا", "中文", "a  b", "\ufffc", "\x00"]),
    st.text(max_size=6),
)
_colours = st.sampled_from(["", "", "#ff0000", "#000000", "#ffffff", "#123456", "#FFEEDD", "red"])
_words = st.builds(
    Run,
    _texts,
    bold=st.booleans(),
    italic=st.booleans(),
    underline=st.booleans(),
    strike=st.booleans(),
    href=st.sampled_from(["", "", "https://example.org/?a=1&b='\"<2>", "mailto:a@b.example"]),
    family=st.sampled_from(
        ["", "", "Georgia", "comic sans ms", "9x <evil>", "微软雅黑", "serif", "+Body", "monospace"]
    ),
    size=st.sampled_from([0, 0, 9, 14, 22, 500]),
    colour=_colours,
    background=_colours,
    code=st.booleans(),
    raised=st.integers(-1, 1),
)
_plain = st.builds(Run, _texts)
_pictures = st.builds(
    Run,
    st.sampled_from(["", "a hut", '"<b>']),
    picture=st.just(PICTURE),
    width=st.sampled_from([0, 100, 320]),
)
_remote = st.builds(Run, st.sampled_from(["", "a cat"]), remote=st.just("https://x.example/?a&b"))
_runs = st.lists(st.one_of(_plain, _plain, _words, _pictures, _remote), max_size=4).map(tuple)


def _lines(least_quote: int) -> st.SearchStrategy[Line]:
    return st.builds(
        Line,
        _runs,
        quote=st.sampled_from([least_quote, least_quote, least_quote + 1, least_quote + 2]),
        depth=st.sampled_from([0, 0, 1, 2, 3]),
        ordered=st.booleans(),
        list_id=st.integers(1, 3),
        start=st.sampled_from([1, 1, 5]),
        heading=st.sampled_from([0, 0, 1, 3]),
        align=st.sampled_from(Align),
        indent=st.sampled_from([0, 0, 1, 3]),
        direction=st.sampled_from(["", "", "ltr", "rtl"]),
        code=st.sampled_from([False, False, True]),
        rule=st.sampled_from([False, False, False, True]),
    )


_spans = st.sampled_from([(1, 1), (1, 1), (1, 1), (2, 1), (1, 2), (2, 2), (3, 1), (1, 3)])


@st.composite
def _table(draw: st.DrawFn, number: int) -> list[Line]:
    rows, columns = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    quote = draw(st.integers(0, 2))
    table = Table(
        number,
        rows,
        columns,
        quote,
        draw(st.sampled_from([(), tuple([100 // columns] * columns)])),
        draw(st.booleans()),
        draw(st.integers(0, rows)),
    )
    found: list[Line] = []
    covered: set[tuple[int, int]] = set()
    for row in range(rows):
        for column in range(columns):
            if (row, column) in covered:
                continue
            cell = Cell(table, row, column, draw(st.sampled_from(["", "", "#ffee88", "#101010"])))
            across, down = draw(_spans)
            places = [
                (row + y, column + x)
                for y in range(min(down, rows - row))
                for x in range(min(across, columns - column))
            ]
            if not covered.intersection(places):
                covered.update(places)
                last_row, last_column = places[-1]
                cell = replace(cell, across=last_column - column + 1, down=last_row - row + 1)
            inside = draw(st.lists(_lines(quote), min_size=1, max_size=2))
            found += [replace(one, cell=cell) for one in inside]
    # Rows that headings alone reach into are headings.
    header, with_cells = table.header, {one.cell.row for one in found if one.cell}
    while 0 < header < rows and header not in with_cells:
        header += 1
    table = replace(table, header=header)
    return [replace(one, cell=replace(one.cell, table=table)) for one in found if one.cell]


@st.composite
def letters(draw: st.DrawFn) -> list[Line]:
    """Lines that nobody has settled."""
    found: list[Line] = []
    for number in range(draw(st.integers(0, 5))):
        if draw(st.integers(0, 4)) == 0:
            found += draw(_table(number + 1))
        else:
            found += draw(st.lists(_lines(0), min_size=1, max_size=3))
    return found
