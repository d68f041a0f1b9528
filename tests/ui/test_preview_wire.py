"""What comes from a process that decodes hostile files is not believed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.ui.preview import wire
from martlet.ui.preview.wire import LENGTHS, Answer, Incoming, Trouble


def test_an_answer_comes_in_any_pieces() -> None:
    body = b"x" * 24
    sent = wire.frame(Answer(7, None, 3, 2), len(body)) + body
    incoming = Incoming()
    for at in range(len(sent)):
        assert incoming.next() is None
        incoming.feed(sent[at : at + 1])
    assert incoming.next() == (Answer(7, None, 3, 2), body)
    assert incoming.next() is None


@pytest.mark.parametrize(
    ("answer", "length"),
    [
        (Answer(1, None, 3, 2), 23),
        (Answer(1, None, 3, 2), 0),
        (Answer(1, None, -3, -2), 24),
        (Answer(1, None, 0, 5), 0),
        (Answer(1, None, 1 << 40, 1 << 40), 8),
    ],
)
def test_pixels_that_do_not_add_up_are_refused(answer: Answer, length: int) -> None:
    incoming = Incoming()
    incoming.feed(wire.frame(answer, length) + bytes(length))
    with pytest.raises(ValueError, match="as large as it says"):
        incoming.next()


def test_a_frame_beyond_all_bounds_is_not_waited_for() -> None:
    for lengths in ((10, 1 << 40), (1 << 20, 10)):
        incoming = Incoming()
        incoming.feed(LENGTHS.pack(*lengths))
        with pytest.raises(ValueError, match="larger than any answer"):
            incoming.next()


@given(st.binary(max_size=200))
def test_nonsense_raises_nothing_else(data: bytes) -> None:
    incoming = Incoming()
    incoming.feed(data)
    try:
        came = incoming.next()
    except ValueError:
        return
    assert came is None or isinstance(came[0], Answer)


@given(st.binary(max_size=64))
def test_sizes_are_those_of_pages_or_none(data: bytes) -> None:
    found = wire.sizes_from_bytes(data)
    assert found is None or all(0 < w < 1e6 and 0 < h < 1e6 for w, h in found)


def test_every_trouble_is_a_sentence() -> None:
    assert all(trouble.value.endswith(".") for trouble in Trouble)
