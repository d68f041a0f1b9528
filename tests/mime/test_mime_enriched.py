"""text/enriched and text/richtext: looks, words, and any order of commands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.mime.body import body
from martlet.mime.enriched import MAX_MARKED, to_html, to_text
from martlet.mime.parse import parse

ENRICHED, RICH = "text/enriched", "text/richtext"
# The example of RFC 1896
EXAMPLE = """<bold>Now</bold> is the time for
<italic>all</italic> good men
<smaller>(and <<women>)</smaller> to
<ignoreme>come</ignoreme>

to the aid of their


<color><param>red</param>beloved</color>
country.

By the way,
I think that <paraindent><param>left</param><<smaller>

</paraindent>should REALLY be called

<paraindent><param>left</param><<tinier></paraindent>
and that I am always right.

-- the end
"""


def test_the_words_of_the_example() -> None:
    assert to_text(EXAMPLE, ENRICHED).split("\n") == [
        "Now is the time for all good men (and <women>) to come",
        "to the aid of their",
        "",
        "beloved country.",
        "By the way, I think that",
        "<smaller>",
        "should REALLY be called",
        "<tinier>",
        " and that I am always right.",
        "-- the end",
    ]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("<bold>a<italic>b</bold>c</italic>", "<b>a<i>b</i></b>c"),
        ("<<b> & <x>y</x>", "&lt;b&gt; &amp; y"),
        ("<color><param>FFFF,0000,7F7F</param>x</color>", '<span style="color:#ff007f">x</span>'),
        ("<color><param>red;}x{</param>x</color>", "<span>x</span>"),
        ("<fontfamily><param>Arial\"><script></param>x</fontfamily>", "<span>x</span>"),
        ("<excerpt>said\n\n</excerpt>no", '<blockquote type="cite">said<br></blockquote>no'),
        ("<nofill>a\n b</nofill>", '<div style="white-space:pre-wrap">a<br> b</div>'),
        ("<paraindent><param>left,left</param>x</paraindent>",
         '<div style="margin-left:4em;margin-right:0em">x</div>'),
        ("<x-tags><param>thing</param>x</x-tags>", "x"),
        ("<underline>never closed", "<u>never closed</u>"),
    ],
)  # fmt: skip
def test_looks(text: str, html: str) -> None:
    assert to_html(text, ENRICHED) == html


def test_richtext_has_its_own_lines_and_signs() -> None:
    text = "<bold>Hi</bold> all\nof<comment>hidden</comment> you<nl>a <lt>b <nl><nl>end"
    assert to_text(text, RICH) == "Hi all of you\na <b\n\nend"
    assert to_html("<comment>shown as nothing closes it", RICH) == "shown as nothing closes it"


def test_quotes_are_marked_in_the_words() -> None:
    text = "Hello\n\n<excerpt>first\n\n<excerpt>second</excerpt></excerpt>mine"
    assert to_text(text, ENRICHED).split("\n") == ["Hello", "> first", "> > second", "mine"]


def test_it_is_the_rich_form_of_a_message() -> None:
    raw = b"Content-Type: text/enriched; charset=utf-8\n\n<bold>\xe4\xbd\xa0</bold> <<3\n"
    read = body(parse(raw))
    assert (read.html, read.text) == ("<b>你</b> &lt;3 ", "你 <3")
    both = (
        b"Content-Type: multipart/alternative; boundary=b\n\n--b\n\nplain\n"
        b"--b\nContent-Type: text/enriched\n\n<italic>rich</italic>\n--b--\n"
    )
    read = body(parse(both))
    assert (read.html, read.text) == ("<i>rich</i>", "plain")


def test_it_never_takes_long() -> None:
    for piece in ("<bold>", "</bold>", "<param>", "<comment>", "<", "<<", "\n", "<color><param>"):
        text = piece * (MAX_MARKED // len(piece))
        to_html(text, RICH)
        to_text(text, ENRICHED)
    assert "<bold>" not in to_html("<bold>x" * MAX_MARKED, ENRICHED)


@given(st.lists(st.sampled_from(["<bold>", "</bold>", "<excerpt>", "</excerpt>", "<param>", "x",
    "</param>", "<nofill>", "</nofill>", "<color>", "<<", "<", ">", "\n", "\n\n", "<comment>",
    "</comment>", "<lt>", "<nl>", "&", "\"'"]), max_size=40))  # fmt: skip
def test_any_order_of_commands(pieces: list[str]) -> None:
    text = "".join(pieces)
    for kind in (ENRICHED, RICH):
        html = to_html(text, kind)
        assert html.count("<b>") == html.count("</b>")
        assert html.count("<blockquote") == html.count("</blockquote>")
        assert to_text(text, kind).count("x") <= text.count("x")


@given(st.text(max_size=100))
def test_any_text(text: str) -> None:
    for kind in (ENRICHED, RICH):
        to_text(text, kind)
        assert "<script" not in to_html(text, kind)
