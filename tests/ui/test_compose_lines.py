"""HTML and plain text of a letter, without a window."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.ui.compose.markup.lines import Line, Run, read_text
from martlet.ui.compose.markup.read_html import read_html
from martlet.ui.compose.markup.write_html import write_html
from martlet.ui.compose.markup.write_text import write_text

LETTER = [
    Line((Run("Dear "), Run("Anna", bold=True), Run(","))),
    Line(),
    Line((Run("see "), Run("our page", href="https://example.org/?a=1&b=2"))),
    Line((Run("bread"),), depth=1, list_id=1),
    Line((Run("white"),), depth=2, ordered=True, list_id=2),
    Line((Run("brown"),), depth=2, ordered=True, list_id=2),
    Line((Run("cheese", italic=True),), depth=1, list_id=1),
    Line((Run("end", underline=True), Run("!", strike=True))),
    Line((Run("she wrote <this> & that"),), quote=1),
    Line((Run("before"),), quote=2),
    Line((Run("一行中文"),), quote=1),
]


def test_a_letter_comes_back_as_it_was_written() -> None:
    assert read_html(write_html(LETTER)) == LETTER


def test_the_markup_is_small_and_nested_rightly() -> None:
    plain = re.sub(r' style="[^"]*"', "", write_html(LETTER))
    assert plain.replace("\n", "") == (
        "<div>Dear <b>Anna</b>,</div><div><br></div>"
        '<div>see <a href="https://example.org/?a=1&amp;b=2">our page</a></div>'
        "<ul><li>bread<ol><li>white</li><li>brown</li></ol></li><li><i>cheese</i></li></ul>"
        "<div><u>end</u><s>!</s></div>"
        '<blockquote type="cite"><div>she wrote &lt;this&gt; &amp; that</div>'
        '<blockquote type="cite"><div>before</div></blockquote>'
        "<div>一行中文</div></blockquote>"
    )


def test_plain_text_keeps_lists_quotes_and_addresses() -> None:
    assert write_text(LETTER).splitlines() == [
        "Dear Anna,",
        "",
        "see our page <https://example.org/?a=1&b=2>",
        "- bread",
        "  1. white",
        "  2. brown",
        "- cheese",
        "end!",
        "> she wrote <this> & that",
        "> > before",
        "> 一行中文",
    ]


@pytest.mark.parametrize(
    "markup",
    [
        '<img src="https://evil.example/x.png">',
        '<img src="file:///etc/passwd"><img src="cid:theirs">',
        "<script>alert(1)</script><style>p{background:url(http://evil.example)}</style>",
        '<svg><image href="https://evil.example/x"/></svg><iframe src="https://evil.example">',
        '<a href="javascript:alert(1)"></a><link rel="stylesheet" href="//evil.example">',
    ],
)
def test_hostile_markup_leaves_nothing_that_loads(markup: str) -> None:
    written = write_html(read_html(f"<p>hello</p>{markup}"))
    assert "evil.example" not in written
    assert "javascript" not in written
    assert "cid:" not in written
    assert "hello" in written


def test_own_pictures_stay() -> None:
    lines = read_html('<div><img src="CID:a@b" alt="hut" width="320"></div>', {"a@b"}.__contains__)
    assert lines == [Line((Run("hut", picture="a@b", width=320),))]
    assert write_html(lines) == '<div><img src="cid:a@b" alt="hut" width="320"></div>'


def test_paragraphs_of_other_programs_are_set_apart() -> None:
    assert [line.text for line in read_html("<p>one</p>\n<p>two<br>three</p><div>four</div>")] == [
        "one", "", "two", "three", "", "four",
    ]  # fmt: skip


def test_spaces_in_a_row_are_kept() -> None:
    markup = write_html([Line((Run("a   b"),))])
    assert read_html(markup)[0].text.replace("\xa0", " ") == "a   b"


def test_an_unclosed_thing_ends_with_the_text() -> None:
    assert read_html("<ul><li>a<li><b>b") == [
        Line((Run("a"),), depth=1, list_id=1), Line((Run("b", bold=True),), depth=1, list_id=1)
    ]  # fmt: skip


def test_plain_text_has_levels_of_quotation() -> None:
    lines = read_text("me\n> you\n>> they\n> > they too\n")
    assert [(line.quote, line.text) for line in lines] == [
        (0, "me"), (1, "you"), (2, "they"), (2, "they too"),
    ]  # fmt: skip


@given(st.text(alphabet="<>/abpuliqd&;=\"' \n!-cote", max_size=120))
def test_any_markup_is_read_and_settles(markup: str) -> None:
    once = write_html(read_html(markup))
    assert write_html(read_html(once)) == once


@given(st.text(max_size=200))
def test_any_text_is_text(text: str) -> None:
    assert "<script" not in write_html(read_text(text))


def test_blank_lines_of_code_are_as_many_as_they_were() -> None:
    code = [Line((Run(each),) if each else (), code=True) for each in ("", "a", "", "  b", "")]
    markup = write_html(code)
    assert re.sub(r" style=.[^>]*", "", markup) == "<pre>\n\na\n\n  b\n<br></pre>"
    assert read_html(markup) == code
