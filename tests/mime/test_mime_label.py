"""What a sender wrote, made fit for a card."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.mime.label import label, text_of


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\r\n b\tc  d", "a b c d"),
        ("a\u00adb\u200b\u2060c\ufeff", "abc"),
        ("\u202egpj.exe\u202c", "gpj.exe"),
        ("x\U000e0041\U000e007fy\u061c", "xy"),
        ("a\u3164b\x00\x1b[31m", "ab[31m"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("x" * 9_999, "x" * 300),
    ],
)
def test_one_line(text: str, shown: str) -> None:
    assert label(text) == shown


def test_several_lines() -> None:
    assert text_of("\r\na\r\n\n\n\nb\u202e\rc\n") == "a\n\nb\nc"


@given(st.text(max_size=100))
def test_any_text(text: str) -> None:
    once = label(text)
    assert label(once) == once
    assert not {"\n", "\r", "\t", "\u202e", "\u200b", "\x00"} & set(once)
