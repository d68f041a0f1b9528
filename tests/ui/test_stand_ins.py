"""Fields in place of pictures that are not shown."""

from __future__ import annotations

import re
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QByteArray
from PySide6.QtSvg import QSvgRenderer

from martlet.ui.stand_ins import with_stand_ins
from martlet.ui.tokens import DARK, LIGHT

FONTS = "'Noto Sans', sans-serif"
_SOURCE = re.compile(r"<img src='data:image/svg\+xml,([^'\"<> ]*)'")


def pictures(markup: str) -> list[ElementTree.Element]:
    made = with_stand_ins(markup, LIGHT, FONTS)
    return [ElementTree.fromstring(unquote(each)) for each in _SOURCE.findall(made)]


def words(picture: ElementTree.Element) -> str:
    return "".join(picture.itertext())


def size(picture: ElementTree.Element) -> tuple[str | None, str | None]:
    return picture.get("width"), picture.get("height")


def test_a_field_is_as_large_as_its_picture_and_says_what_it_is() -> None:
    (made,) = pictures('<p><img alt="A cabin &amp; a lake" width="640" height="280"></p>')
    assert size(made) == ("640", "280")
    assert words(made) == "A cabin & a lake"
    drawn = QSvgRenderer(QByteArray(ElementTree.tostring(made)))
    assert drawn.isValid()
    assert (drawn.defaultSize().width(), drawn.defaultSize().height()) == (640, 280)


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ('alt="Logo"', (str(24 + 4 * 8), "28")),
        ('alt="北极光"', (str(24 + 3 * 14), "28")),
        ('alt="Logo" width="100%"', (None, "28")),
        ('alt="Logo" style="max-width:9px;width:60%"', (None, "28")),
        ('alt="Logo" width="300"', (None, "28")),
        ('width="99999" height="99999"', ("4000", "4000")),
    ],
)
def test_a_size_that_is_not_said_is_that_of_a_line(
    attributes: str, expected: tuple[str | None, str]
) -> None:
    (made,) = pictures(f"<img {attributes}>")
    assert size(made) == expected


def test_what_keeps_others_apart_stays_empty() -> None:
    (made,) = pictures('<img alt="" width="600" height="2">')
    assert len(made) == 0


def test_a_symbol_has_no_room_for_words() -> None:
    (made,) = pictures('<img alt="On the web" width="24" height="24">')
    assert words(made) == ""


@pytest.mark.parametrize(
    "markup",
    [
        "<p>No picture.</p>",
        "<p><img></p>",
        '<img alt="">',
        '<img src="martlet-part:/2" alt="A" width="3" height="3">',
        '<a title="<img alt=A width=9 height=9>" href="x">A</a>',
        '<a title="<img>" href="x"><b></b></a>',
    ],
)
def test_what_needs_none_stays_as_it_is(markup: str) -> None:
    assert with_stand_ins(markup, LIGHT, FONTS) == markup


def test_of_very_many_the_last_stay_as_they_are() -> None:
    assert len(pictures('<img alt="A">' * 5000)) == 400


def test_they_have_the_colours_they_stand_among() -> None:
    markup = '<img alt="A">'
    assert LIGHT.text2[1:] in with_stand_ins(markup, LIGHT, FONTS)
    assert DARK.text2[1:] in with_stand_ins(markup, DARK, FONTS)


@given(st.text(), st.text(), st.text())
def test_no_words_of_a_mail_leave_their_field(alt: str, title: str, style: str) -> None:
    """Whatever they are, the address is well formed and the rest of the tag as it was."""
    rest = "".join(
        f' {name}="{value.replace("&", "&amp;").replace(chr(34), "&quot;")}"'
        for name, value in (("title", title), ("alt", alt), ("width", "50"), ("style", style))
    )
    made = with_stand_ins(f'<img{rest} height="50"><i>', LIGHT, FONTS)
    found = re.match(_SOURCE, made)
    assert found is not None
    assert made[found.end() :] == f'{rest} height="50"><i>'
    said = words(ElementTree.fromstring(unquote(found[1])))
    assert set(said) <= set(alt) | {" ", "…"}
    assert len(said) <= 161
