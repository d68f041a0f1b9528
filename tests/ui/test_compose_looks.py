"""How words and paragraphs of a rich letter get their looks, and lose them again."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from martlet.ui.compose.markup.lines import SIZES, Align, Run
from martlet.ui.compose.text import colours
from martlet.ui.compose.text.document import lines_of
from martlet.ui.compose.text.looks import Looks
from martlet.ui.tokens import DARK, LIGHT
from ui.hands_desk import put_behind, rich, select

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_emphasis_is_put_on_and_taken_off(qtbot: QtBot) -> None:
    editor = rich(qtbot, "<div>one two</div>")
    looks = Looks(editor)
    select(editor, "two")
    for turn in (looks.bold, looks.italic, looks.underline, looks.strike):
        turn()
    run = lines_of(editor.document())[0].runs[1]
    assert run == Run("two", bold=True, italic=True, underline=True, strike=True)
    assert looks.now().bold
    assert looks.now().strike
    for turn in (looks.bold, looks.italic, looks.underline, looks.strike):
        turn()
    assert lines_of(editor.document())[0].runs == (Run("one two"),)


def test_font_size_and_colour_go_and_automatic_comes_back(qtbot: QtBot) -> None:
    editor = rich(qtbot, "<div>one two</div>")
    looks = Looks(editor)
    select(editor, "two")
    looks.family("Georgia")
    looks.size("large")
    looks.colour(colours.TEXT[1].value)
    run = lines_of(editor.document())[0].runs[1]
    assert (run.family, run.size, run.colour) == ("Georgia", SIZES["large"], colours.TEXT[1].value)
    assert (looks.now().family, looks.now().size) == ("Georgia", "large")
    looks.family("")
    looks.size("normal")
    looks.colour("")
    assert lines_of(editor.document())[0].runs == (Run("one two"),)


def test_a_highlight_brings_its_own_dark_ink(qtbot: QtBot) -> None:
    editor = rich(qtbot, "<div>one two</div>")
    looks = Looks(editor)
    select(editor, "two")
    looks.highlight("#fff19c")
    run = lines_of(editor.document())[0].runs[1]
    assert (run.background, run.colour) == ("#fff19c", colours.INK)
    looks.highlight("")
    assert lines_of(editor.document())[0].runs == (Run("one two"),)


def test_sizes_are_stepped_through(qtbot: QtBot) -> None:
    editor = rich(qtbot, "<div>word</div>")
    looks = Looks(editor)
    editor.selectAll()
    for wanted in ("large", "huge", "huge"):
        looks.step_size(1)
        assert looks.now().size == wanted
    for _ in range(5):
        looks.step_size(-1)
    assert looks.now().size == "small"


def test_a_heading_is_made_and_unmade_and_undone_at_once(qtbot: QtBot) -> None:
    editor = rich(qtbot, "<div>Title <i>of</i> it</div><div>text</div>")
    before = editor.html()
    looks = Looks(editor)
    put_behind(editor, "Title")
    looks.style(2)
    line = lines_of(editor.document())[0]
    assert line.heading == 2
    assert [(run.text, run.italic, run.bold) for run in line.runs] == [
        ("Title ", False, False), ("of", True, False), (" it", False, False),
    ]  # fmt: skip
    assert looks.now().style == 2
    editor.undo()
    assert editor.html() == before
    editor.redo()
    looks.style(2)
    assert editor.html() == before


def test_code_is_a_block_and_has_no_other_style(qtbot: QtBot) -> None:
    editor = rich(qtbot, "<div>a = 1</div><div>b = 2</div>")
    looks = Looks(editor)
    editor.selectAll()
    looks.style(1)
    looks.style(-1)
    assert [(line.code, line.heading) for line in lines_of(editor.document())] == [(True, 0)] * 2
    looks.style(-1)
    assert [line.code for line in lines_of(editor.document())] == [False, False]
    assert all(not run.code for line in lines_of(editor.document()) for run in line.runs)


def test_code_within_a_line(qtbot: QtBot) -> None:
    editor = rich(qtbot, "<div>call run() now</div>")
    looks = Looks(editor)
    select(editor, "run()")
    looks.code()
    assert [run.code for run in lines_of(editor.document())[0].runs] == [False, True, False]
    looks.code()
    assert lines_of(editor.document())[0].runs == (Run("call run() now"),)


def test_lists_go_deeper_and_out_again(qtbot: QtBot) -> None:
    editor = rich(qtbot, "<div>one</div><div>two</div><div>three</div>")
    looks = Looks(editor)
    editor.selectAll()
    looks.listed(False)
    put_behind(editor, "two")
    looks.indent(1)
    lines = lines_of(editor.document())
    assert [line.depth for line in lines] == [1, 2, 1]
    assert lines[0].list_id == lines[2].list_id
    looks.listed(True)
    assert [line.ordered for line in lines_of(editor.document())] == [False, True, False]
    looks.indent(-1)
    looks.indent(-1)
    assert [line.depth for line in lines_of(editor.document())] == [1, 0, 1]
    editor.selectAll()
    looks.listed(False)
    looks.listed(False)
    assert [line.depth for line in lines_of(editor.document())] == [0, 0, 0]


def test_a_line_below_a_list_goes_on_with_its_numbers(qtbot: QtBot) -> None:
    editor = rich(qtbot, "<ol><li>one</li><li>two</li></ol><div>three</div>")
    looks = Looks(editor)
    put_behind(editor, "three")
    looks.listed(True)
    assert len({line.list_id for line in lines_of(editor.document())}) == 1


def test_indent_without_a_list_has_its_limits(qtbot: QtBot) -> None:
    editor = rich(qtbot, "<div>word</div>")
    looks = Looks(editor)
    looks.indent(-1)
    assert lines_of(editor.document())[0].indent == 0
    for _ in range(30):
        looks.indent(1)
    assert lines_of(editor.document())[0].indent == 9


def test_left_is_left_also_where_one_writes_from_the_right(qtbot: QtBot) -> None:
    editor = rich(qtbot, "<div>word</div><div>שלום עולם</div>")
    looks = Looks(editor)
    assert looks.now().align == "left"
    looks.align("right")
    assert lines_of(editor.document())[0].align is Align.END
    put_behind(editor, "שלום")
    assert looks.now().right_to_left
    assert looks.now().align == "right"
    looks.align("left")
    assert lines_of(editor.document())[1].align is Align.END
    looks.align("right")
    assert lines_of(editor.document())[1].align is Align.START


def test_direction_is_said_only_where_it_is_not_the_texts_own(qtbot: QtBot) -> None:
    editor = rich(qtbot, "<div>word</div>")
    looks = Looks(editor)
    looks.turn_direction()
    assert lines_of(editor.document())[0].direction == "rtl"
    looks.turn_direction()
    assert lines_of(editor.document())[0].direction == ""


def test_clearing_keeps_words_links_lists_and_quotes(qtbot: QtBot) -> None:
    editor = rich(
        qtbot,
        '<h1>Title</h1><ul><li><b>one</b></li></ul><blockquote type="cite"><div><i>said</i></div>'
        '</blockquote><div style="text-align:center"><a href="https://example.org"><b>link</b></a>'
        "</div>",
    )
    looks = Looks(editor)
    editor.selectAll()
    looks.clear()
    lines = [line for line in lines_of(editor.document()) if line.text]
    assert [(line.text, line.heading, line.depth, line.quote) for line in lines] == [
        ("Title", 0, 0, 0), ("one", 0, 1, 0), ("said", 0, 0, 1), ("link", 0, 0, 0),
    ]  # fmt: skip
    assert [run for line in lines for run in line.runs if run.bold or run.italic] == []
    assert lines[3].runs[0].href == "https://example.org"
    assert lines[3].align is Align.START


def test_what_is_typed_next_has_the_look_that_was_chosen(qtbot: QtBot) -> None:
    editor = rich(qtbot, "")
    looks = Looks(editor)
    looks.size("huge")
    looks.colour("#d6281d")
    QTest.keyClicks(editor, "big")
    looks.size("normal")
    looks.colour("")
    QTest.keyClicks(editor, " small")
    assert lines_of(editor.document())[0].runs == (
        Run("big", size=SIZES["huge"], colour="#d6281d"), Run(" small"),
    )  # fmt: skip


def test_a_rule_stands_alone_and_one_writes_on_below(qtbot: QtBot) -> None:
    editor = rich(qtbot, "<div>above</div>")
    looks = Looks(editor)
    put_behind(editor, "above")
    looks.rule()
    QTest.keyClicks(editor, "below")
    lines = lines_of(editor.document())
    assert [(line.text, line.rule) for line in lines if line.text or line.rule] == [
        ("above", False), ("", True), ("below", False),
    ]  # fmt: skip


@pytest.mark.parametrize("named", colours.TEXT[1:], ids=lambda named: named.name)
def test_colours_can_be_read_on_light_and_on_dark(named: colours.Named) -> None:
    assert _contrast(named.value, LIGHT.page) >= 4.5
    assert _contrast(named.value, DARK.page) >= 3.0


@pytest.mark.parametrize("named", colours.HIGHLIGHT[1:], ids=lambda named: named.name)
def test_highlights_carry_dark_words(named: colours.Named) -> None:
    assert _contrast(named.value, colours.INK) >= 7


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4

    found = QColor(colour)
    red, green, blue = (linear(each) for each in (found.redF(), found.greenF(), found.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
