"""The quick ways through usual headers answer as the careful ones do."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from martlet.mime.dates import parse_date, parse_moment
from martlet.mime.headers import parse_message_ids

TWO = st.integers(0, 99).map(lambda n: f"{n:02}")
MONTHS = st.sampled_from(
    ("Jan", "feb", "MAR", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Foo")
)


@given(
    st.sampled_from(["", "Mon, ", "Mon,"]),
    st.integers(0, 32),
    MONTHS,
    st.integers(1000, 9999),
    TWO,
    TWO,
    TWO,
    st.sampled_from("+-"),
    TWO,
    TWO,
    st.sampled_from(["", " (CEST)"]),
)
def test_a_date_as_the_rfc_has_it(
    week: str,
    day: int,
    month: str,
    year: int,
    hour: str,
    minute: str,
    second: str,
    sign: str,
    east_h: str,
    east_min: str,
    comment: str,
) -> None:
    text = f"{week}{day} {month} {year} {hour}:{minute}:{second} {sign}{east_h}{east_min}{comment}"
    slow = parse_moment(text.encode())
    assert parse_date(text.encode()) == (slow[0] if slow else None)


@given(st.text(alphabet="<>@ab \t.\x00é", max_size=12))
def test_one_message_id(text: str) -> None:
    raw = text.encode()
    # A space at the end sends the same text the careful way.
    assert parse_message_ids(raw) == parse_message_ids(raw + b" ")
