"""RTF as Outlook sends it: its words, the HTML it was made from, and any bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.mime.rtf import read


@pytest.mark.parametrize(
    ("rtf", "text"),
    [
        (rb"{\rtf1\ansi Hello\par World\tab x\line y}", "Hello\nWorld\tx\ny"),
        (
            rb"{\rtf1\ansi\ansicpg1252 caf\'e9 \{braces\} a\~b\_c\emdash}",
            "café {braces} a\u00a0b-c—",
        ),
        (rb"{\rtf1{\fonttbl{\f0 Arial;}}{\colortbl;\red0;}{\info{\author X}}text}", "text"),
        (rb"{\rtf1{\*\generator Riched20;}{\*\unknown{\b x}}text}", "text"),
        (rb"{\rtf1\uc1 \u20320?\u22909?{\uc0\u33}\uc2\u8212xyz}", "你好!—z"),
        (rb"{\rtf1\u-10179?\u-8704?}", "😀"),
        (rb"{\rtf1 a\u-10179?b}", "a\ufffdb"),
        (rb"{\rtf1{\fonttbl{\f0\fcharset0 A;}{\f1\fcharset204 B;}}\f1 \'cf\'f0\f0 \'e9}", "Прé"),
        (rb"{\rtf1\ansicpg936 \'81A\'c4\'e3}", "丄你"),
        (rb"{\rtf1 a{\pict\bin5 }}}}}b}c}", "ac"),
        (rb"{\rtf1 a\bin99999999 b}", "a"),
        (b"no rtf", ""),
        (b"", ""),
    ],
)
def test_the_words(rtf: bytes, text: str) -> None:
    found = read(rtf)
    assert (found.text, found.is_html) == (text, False)


OUTLOOK = rb"""{\rtf1\ansi\ansicpg936\fromhtml1 \fbidis \deff0{\fonttbl{\f0\fswiss Arial;}}
{\colortbl\red0\green0\blue0;}\uc1\pard\plain\deftab360 \f0\fs24
{\*\htmltag19 <html>}{\*\htmltag50 <body>}\htmlrtf {\htmlrtf0
{\*\htmltag64 <p class=\'22a\'22>}\htmlrtf \par \b \htmlrtf0 \'c4\'e3\'ba\'c3 {\*\htmltag84 &lt;}
\htmlrtf <\htmlrtf0 ok
{\*\mhtmltag84 <img>}{\*\htmltag72 </p>}\htmlrtf }\htmlrtf0
{\*\htmltag58 </body>}{\*\htmltag27 </html>}}"""


def test_the_html_it_was_made_from() -> None:
    found = read(OUTLOOK)
    assert found.is_html
    assert found.text == '<html><body><p class="a">你好 &lt;ok</p></body></html>'


def test_it_never_takes_long() -> None:
    for piece in (b"{", b"}", b"{\\*\\htmltag ", b"\\u1", b"\\'", b"{\\fonttbl{\\f1\\fcharset2 "):
        read(b"{\\rtf1" + piece * (2_000_000 // len(piece)))


@given(st.lists(st.sampled_from([b"{", b"}", b"\\u", b"\\u-1?", b"\\'c4", b"\\*", b"\\htmltag1 ",
    b"\\htmlrtf ", b"\\htmlrtf0 ", b"\\bin3 ", b"\\fonttbl", b"\\f1", b"\\fcharset134 ", b"\\",
    b"\\ansicpg99999 ", b"\\uc9 ", b"text", b"\xff", b"\n", b"\0"]), max_size=40),
    st.booleans())  # fmt: skip
def test_any_tokens(tokens: list[bytes], html: bool) -> None:
    found = read(b"{\\rtf1" + b"\\fromhtml1" * html + b"".join(tokens))
    found.text.encode("utf-8")
