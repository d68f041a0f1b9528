"""The line of a body that a list shows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.mime.preview import LENGTH, preview


@pytest.mark.parametrize(
    ("text", "subject", "line"),
    [
        ("On Monday, Anna wrote:\n> Hi\n\nYes, at ten.\n", "Re: Tea", "Yes, at ten."),
        ("Yes.\n\nAnna schrieb:\n> Hallo\n", "Re: Tee", "Yes."),
        ("Please bring:\nbread\n", "Picnic", "Please bring: bread"),
        ("Dear all:\n\nit rains.", "", "Dear all: it rains."),
        ("Welcome aboard\n\nA martlet never lands.", "Welcome aboard", "A martlet never lands."),
        ("Invoice 70 is due", "Invoice 7", "Invoice 70 is due"),
        ("Tea", "Tea", "Tea"),
        ("> only\n> quoted", "", "> only > quoted"),
        ("陈静写道：\n> 你好\n\n好的，周六见。", "回复: 周末", "好的，周六见。"),
        ("text\n-- \nAnna\n", "", "text"),
        ("", "x", ""),
    ],
)
def test_what_is_new(text: str, subject: str, line: str) -> None:
    assert preview(text, subject) == line


@given(st.text(), st.text())
def test_any_text_is_one_short_line(text: str, subject: str) -> None:
    line = preview(text, subject)
    assert len(line) <= LENGTH
    assert line.isprintable()
