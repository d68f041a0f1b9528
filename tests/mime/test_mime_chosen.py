"""What a person has chosen of a message is found again in our own copy, with its looks."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from martlet.mime.html_text import words
from martlet.mime.writing.chosen import of_html, of_text

HTML = (
    '<p>Hello <b>dear</b> world, this is <i>one</i></p><blockquote><p>Second <img src="cid:x"> '
    "paragraph</p></blockquote><table><tbody><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td>"
    "</tr></tbody></table><p>the end</p>"
)


@pytest.mark.parametrize(
    ("chosen", "markup"),
    [
        ("dear world, this", "<p><b>dear</b> world, this</p>"),
        ("HELLO", "<p>Hello</p>"),
        ("one\nSecond paragraph", '<p><i>one</i></p><blockquote><p>Second <img src="cid:x"> '
         "paragraph</p></blockquote>"),
        ("Second \ufffc paragraph", '<blockquote><p>Second <img src="cid:x"> paragraph</p>'
         "</blockquote>"),
        ("Second \ufffc", '<blockquote><p>Second<img src="cid:x"></p></blockquote>'),
        ("\ufffc\nparagraph", '<blockquote><p><img src="cid:x">paragraph</p></blockquote>'),
        ("econd", "<blockquote><p>econd</p></blockquote>"),
        ("b\nc", "<table><tbody><tr><td></td><td>b</td></tr><tr><td>c</td><td></td></tr></tbody>"
         "</table>"),
        ("c\td\nthe end", "<table><tbody><tr><td>c</td><td>d</td></tr></tbody></table>"
         "<p>the end</p>"),
        ("not there", None),
        ("  \n", None),
    ],
)  # fmt: skip
def test_of_html(chosen: str, markup: str | None) -> None:
    assert of_html(HTML, chosen) == markup


@pytest.mark.parametrize(
    ("chosen", "lines"),
    [
        ("quoted\nline", "> quoted\n> line"),
        ("a quoted line", "> a quoted\n> line"),
        ("line mine", "> line\nmine"),
        ("x = 1", "    x = 1"),
        ("= 1", "= 1"),
        ("deep", ">> deep"),
        ("elsewhere\n", "elsewhere"),
    ],
)
def test_of_text(chosen: str, lines: str) -> None:
    assert of_text("Hi\n> a quoted\n> line\nmine\n    x = 1\n> > deep", chosen) == (
        lines if chosen != "deep" else "> > deep"
    )


_MARKUP = st.lists(
    st.sampled_from(
        ["<p>", "</p>", "<b>", "</b>", "<br>", "<td>", "<tr>", "<table>", "</table>", "ab", "c d",
         "<blockquote>", "</blockquote>", "ß", "字", "<img src='cid:x'>",
         "<style>ab</style>", "&lt;"]
    ),
    max_size=40,
).map("".join)  # fmt: skip


@settings(deadline=None)
@given(_MARKUP, st.text("abcd ß字<", max_size=8))
def test_what_is_found_is_what_was_chosen(markup: str, chosen: str) -> None:
    found = of_html(markup, chosen)
    if found is not None:
        assert "".join(words(found).split()).casefold() == "".join(chosen.split()).casefold()
