"""Pure printing: nothing from a mail steers a terminal, columns are counted as they are drawn."""

from __future__ import annotations

import json
import math
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.cli import output
from martlet.cli.main import words
from martlet.mail.errors import AuthFailed, Offline


@given(st.text())
def test_one_line_is_one_line_and_harmless(text: str) -> None:
    line = output.one_line(text)
    assert len(line.splitlines()) <= 1
    assert not any(unicodedata.category(char) == "Cc" for char in line)
    assert "\u202e" not in line


@given(st.text())
def test_several_lines_keep_only_breaks_and_tabs(text: str) -> None:
    shown = output.for_terminal(text)
    assert all(unicodedata.category(char) != "Cc" or char in "\n\t" for char in shown)


@given(st.text(), st.integers(1, 40))
def test_what_is_cut_fits(text: str, columns: int) -> None:
    assert output.width(output.cut(text, columns)) <= columns


def test_wide_characters_take_two_columns(capsys: pytest.CaptureFixture[str]) -> None:
    assert output.width("你好a") == 5
    assert output.width("e\u0301") == 1
    output.table(("A", "B"), [("你好", "x"), ("abc", "y")])
    assert capsys.readouterr().out == "你好  x\nabc   y\n"


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0.9, "1970-01-01T00:00:00Z"),
        (None, None),
        (1e18, None),
        (-1e18, None),
        (math.nan, None),
    ],
)
def test_dates_out_of_the_calendar_are_none(seconds: float | None, expected: str | None) -> None:
    assert output.iso(seconds) == expected
    output.local_date(seconds)


@pytest.mark.parametrize(
    ("octets", "expected"),
    [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (999_499, "999 kB"), (25_000_000, "25 MB")],
)
def test_sizes(octets: int, expected: str) -> None:
    assert output.size(octets) == expected


def test_an_error_is_one_line_with_who_and_why() -> None:
    assert words(AuthFailed("No entry.", "NO [AUTH]", "work")) == "work: No entry. (NO [AUTH])"
    assert words(Offline("work is away.", "", "work")) == "work is away."


def test_json_steers_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    said: dict[str, object] = {"text": "a\x9b2J\x1b[2J\u202eb\n"}
    output.objects([said])
    line = capsys.readouterr().out
    assert json.loads(line) == said
    assert line.removesuffix("\n").isprintable()
