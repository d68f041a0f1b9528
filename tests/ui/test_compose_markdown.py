"""What was typed as Markdown becomes rich, and nothing foreign comes in by it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from martlet.ui.compose.markup import markdown
from martlet.ui.compose.markup.lines import Line, Run
from martlet.ui.compose.markup.write_html import write_html
from martlet.ui.compose.text.document import lines_of
from martlet.ui.compose.text.editor import BodyEditor
from martlet.ui.compose.text.markdown_turning import turn
from ui.hands_desk import rich, select, texts, window

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def turned(text: str) -> list[Line]:
    return markdown.turned([Line((Run(each),) if each else ()) for each in text.split("\n")])


def typed(qtbot: QtBot, text: str) -> BodyEditor:
    """A rich letter in which this was typed."""
    editor = rich(qtbot)
    editor.textCursor().insertText(text)
    return editor


def test_emphasis_code_and_links() -> None:
    [line] = turned("a **b** *c* `d` ~~e~~ [f](https://example.org)")
    looks = {run.text: run for run in line.runs}
    assert looks["b"].bold
    assert looks["c"].italic
    assert looks["d"].code
    assert looks["e"].strike
    assert looks["f"].href == "https://example.org"


def test_blocks() -> None:
    lines = turned(
        "# Title\n\nword\nnext\n\n- one\n- two\n  1. deep\n\n> said\n\n```\nx = 1\n```\n\n---\n\n"
        "|a|b|\n|-|-|\n|1|2|\n\n- [ ] open\n- [x] done"
    )
    by_text = {line.text: line for line in lines}
    assert by_text["Title"].heading == 1
    assert {"word", "next"} <= by_text.keys()
    assert (by_text["one"].depth, by_text["deep"].depth, by_text["deep"].ordered) == (1, 2, True)
    assert by_text["said"].quote == 1
    assert by_text["x = 1"].code
    assert any(line.rule for line in lines)
    cell = by_text["2"].cell
    assert cell is not None
    assert (cell.row, cell.column, cell.table.header) == (1, 1, 1)
    assert by_text["[ ] open"].depth == 1


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>", "<img src=https://example.org/x.png>", "<b>no</b>",
        "[x](javascript:alert(1))", "[x](data:text/html,hi)", "[x](file:///etc/passwd)",
        "![pixel](https://example.org/p.png)", "![](cid:known)", "[x]: javascript:alert(1)\n[x]",
        "&lt;script&gt;",
    ],
)  # fmt: skip
def test_nothing_foreign_comes_in(text: str) -> None:
    lines = turned(text)
    markup = write_html(lines)
    assert "<script" not in markup
    assert "<img" not in markup
    assert "javascript:" not in markup or "href" not in markup
    assert not any(run.picture or run.remote for line in lines for run in line.runs)
    assert all(
        run.href.startswith(("http", "mailto")) or not run.href
        for line in lines
        for run in line.runs
    )


def test_words_with_a_look_keep_it_and_get_more() -> None:
    coloured = Run("red", colour="#d6281d")
    lines = markdown.turned([Line((Run("**a "), coloured, Run(" b**")))])
    assert lines[0].runs[1] == Run("red", bold=True, colour="#d6281d")


def test_pictures_survive() -> None:
    picture = Run("cat", picture="a@b", width=20)
    lines = markdown.turned([Line((Run("# see "), picture))])
    assert lines[0].heading == 1
    assert picture in lines[0].runs


@settings(max_examples=60)
@given(st.text(st.sampled_from("ab *_#->`[]()|\n1.~!<&\\\t\U000f0000"), max_size=60))
def test_no_letter_is_lost_and_nothing_fails(text: str) -> None:
    words = [char for char in text if char in "ab"]
    lines = turned(text)
    found = [char for line in lines for char in line.text if char in "ab"]
    # In the address of a link, and as the language of code, words are not shown.
    if not set("[]`~<") & set(text):
        assert found == words


def test_the_whole_own_text_is_turned_and_the_rest_is_not(qtbot: QtBot) -> None:
    editor = rich(
        qtbot,
        "<div>**own** words</div><div><br></div><div>On Monday, Anna wrote:</div>"
        '<blockquote type="cite"><div>**theirs**</div></blockquote><div>- more</div>'
        "<div>-- </div><div>**Tom**</div>",
    )
    before = editor.html()
    assert turn(editor)
    lines = {line.text: line for line in lines_of(editor.document())}
    assert lines["own words"].runs[0].bold
    assert "**theirs**" in lines
    assert "**Tom**" in lines
    assert lines["more"].depth == 1
    assert "On Monday, Anna wrote:" in lines
    editor.undo()
    assert editor.html() == before


def test_only_the_selection_is_turned(qtbot: QtBot) -> None:
    editor = rich(qtbot, "<div>**one**</div><div>**two**</div>")
    select(editor, "two")
    assert turn(editor)
    assert texts(editor) == ["**one**", "two"]


def test_without_markdown_nothing_changes(qtbot: QtBot) -> None:
    editor = rich(qtbot, "<div>Dear Anna,</div><div><br></div><div>just words.</div>")
    before = editor.html()
    assert not turn(editor)
    assert editor.html() == before
    assert not editor.document().isUndoAvailable()


def test_a_plain_letter_becomes_rich_by_the_key(qtbot: QtBot) -> None:
    made = window(qtbot, None, "# Title\n\n- one\n- two")
    made.commands["markdown"].trigger()
    assert made.editor.rich
    lines = [line for line in lines_of(made.editor.document()) if line.text]
    assert [(line.text, line.heading, line.depth) for line in lines] == [
        ("Title", 1, 0), ("one", 0, 1), ("two", 0, 1),
    ]  # fmt: skip
    made.editor.undo()
    assert "# Title" in made.draft().text
