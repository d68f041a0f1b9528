"""Times as people type them."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.cli.context import Usage
from martlet.cli.when import moment

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("18:30", datetime(2026, 11, 21, 18, 30, tzinfo=UTC)),
        ("9:05", datetime(2026, 11, 22, 9, 5, tzinfo=UTC)),
        ("12:00", datetime(2026, 11, 22, 12, 0, tzinfo=UTC)),
        ("+30m", datetime(2026, 11, 21, 12, 30, tzinfo=UTC)),
        ("+2h", datetime(2026, 11, 21, 14, 0, tzinfo=UTC)),
        ("+1d", datetime(2026, 11, 22, 12, 0, tzinfo=UTC)),
        ("2026-12-24 18:00", datetime(2026, 12, 24, 18, 0, tzinfo=UTC)),
        ("2026-12-24T18:00+02:00", datetime(2026, 12, 24, 16, 0, tzinfo=UTC)),
        ("2026-12-24", datetime(2026, 12, 24, tzinfo=UTC)),
    ],
)
def test_times(text: str, found: datetime) -> None:
    assert moment(text, NOW) == found


def test_a_time_is_that_of_the_clock_on_the_wall_when_the_clocks_change() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    evening = datetime(2026, 10, 24, 20, 0, tzinfo=berlin)  # they go back in the night
    found = moment("8:00", evening)
    assert (found.hour, found.timestamp() - evening.timestamp()) == (8, 13 * 3600)
    assert moment("2026-10-26 08:00", evening).hour == 8
    assert moment("+12h", evening).timestamp() == evening.timestamp() + 12 * 3600


@pytest.mark.parametrize(
    "text", ["2126-11-22 09:00", "", "soon", "25:00", "2026-11-20", "+h", "-2h", "2026-13-01"]
)
def test_what_is_no_time_or_over(text: str) -> None:
    with pytest.raises(Usage):
        moment(text, NOW)


@given(st.text(max_size=20))
def test_any_text_is_a_time_to_come_or_a_sentence(text: str) -> None:
    try:
        found = moment(text, NOW)
    except Usage:
        return
    assert found >= NOW
