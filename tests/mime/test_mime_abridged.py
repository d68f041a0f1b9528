"""A large letter abridged says of itself what the whole says."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.mail.account import AccountId
from martlet.mail.message import Address
from martlet.mail.outgoing import Draft, DraftId, OutgoingPart
from martlet.mime.abridged import KEPT, MOST, abridged
from martlet.mime.content import summarise
from martlet.mime.writing import compose

NOISE = random.Random(2).randbytes(3 << 20)
ADA = Address("Ada", "ada@example.org")


def built(html: str | None, sizes: list[int]) -> bytes:
    parts = tuple(
        OutgoingPart(f"附件 {size}.bin", "application/octet-stream", size, str(size))
        for size in sizes
    )
    draft = Draft(
        DraftId(0), AccountId(1), (ADA,), subject="大", text="words here", html=html, parts=parts
    )
    return compose.build(
        draft, ADA, "<1@x>", 0.0, lambda part: NOISE[: part.size], include_bcc=True
    )


def cut(raw: bytes, step: int) -> list[bytes]:
    return [raw[at : at + step] for at in range(0, len(raw), step)]


@given(
    st.sampled_from([None, "<p>hello <b>you</b></p>"]),
    st.lists(st.sampled_from([0, 1, 100, KEPT, 1 << 20, 3 << 20]), max_size=3),
    st.sampled_from([4096, 65_536, 1 << 20, 5_000_000]),
)
def test_it_is_summarised_alike(html: str | None, sizes: list[int], step: int) -> None:
    raw = built(html, sizes)
    short = abridged(cut(raw, step))
    assert summarise(short) == summarise(raw)
    assert len(short) < 100_000 + len(sizes) * (KEPT + 8000)


@given(st.binary(max_size=3000), st.integers(1, 50))
def test_what_is_small_stays_as_it_is(raw: bytes, step: int) -> None:
    assert abridged(cut(raw, step)) == raw


@pytest.mark.parametrize(
    "piece", [b"A" * (1 << 20), b"\n" * (1 << 20), (b"A" * 76 + b"\n") * 13_000, NOISE[: 1 << 20]]
)
def test_it_is_bounded_on_anything(piece: bytes) -> None:
    assert len(abridged(piece for _ in range(60))) <= MOST
