"""Messages in pieces: put together, refused where they lie, any bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.mail.piece import Piece
from martlet.mime.content import attachments, content
from martlet.mime.parse import parse
from martlet.mime.partial import join, piece_of, why_not

INNER = (
    "Subject: Audio mail\r\nMessage-ID: <inner@example.org>\r\nMIME-Version: 1.0\r\n"
    "From: impostor@evil.example\r\nContent-Type: audio/basic\r\n"
    "Content-Transfer-Encoding: base64\r\n\r\nAAEC\r\nAwQF\r\nBgcI\r\n"
)


def piece(
    body: str, number: int, total: int = 0, one: str = "ABC@host.example", who: str = "bill"
) -> bytes:
    of = f"; total={total}" if total else ""
    return (
        f"X-Weird: header-{number}\r\nFrom: {who}@host.example\r\nTo: joe@other.example\r\n"
        f"Subject: Audio mail (part {number})\r\nMessage-ID: <{number}@host.example>\r\n"
        f'MIME-Version: 1.0\r\nContent-Type: message/partial; id="{one}"; number={number}{of}\r\n'
        f"\r\n{body}"
    ).encode()


def cut(total_in: int = 3) -> list[bytes]:
    parts = [INNER[:200], INNER[200:218], INNER[218:]]
    return [piece(text, n, 3 if n >= total_in else 0) for n, text in enumerate(parts, 1)]


def test_the_example_of_the_rfc() -> None:
    pieces = cut()
    assert why_not(pieces) == ""
    whole = join([pieces[2], pieces[0], pieces[1]])
    assert whole == join(pieces)
    message = parse(whole)
    assert [name for name, _ in message.headers.items()] == [
        "X-Weird", "From", "To",
        "Subject", "Message-ID", "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
    ]  # fmt: skip
    assert message.headers.get("from") == b"bill@host.example"
    assert message.headers.get("subject") == b"Audio mail"
    assert message.headers.get("x-weird") == b"header-1"
    assert message.root.data() == bytes(range(9))


def test_which_piece_it_is() -> None:
    assert content(parse(cut()[0])).piece == Piece("ABC@host.example", 1, 0, (1,))
    assert content(parse(cut()[2])).piece == Piece("ABC@host.example", 3, 3, (3,))
    assert content(parse(b"Subject: whole\n\nx")).piece is None
    assert [a.filename for a in attachments(parse(cut()[1]))] == ["Piece of a message.txt"]


@pytest.mark.parametrize(
    "parameters",
    ["number=1", "id=a", "id=a; number=0", "id=a; number=4; total=3", "id=a; number=x",
     "id=a; number=1; total=99999999999", "id=a; number=1; total=1000", "id=a; number=-1"],
)  # fmt: skip
def test_no_piece(parameters: str) -> None:
    raw = f"Content-Type: message/partial; {parameters}\n\nx".encode()
    assert piece_of(parse(raw)) is None
    assert join([raw]) == b""


@pytest.mark.parametrize(
    ("pieces", "reason"),
    [
        ([], "how many"),
        (cut()[:2], "how many"),
        (cut(2)[:2], "Not all"),
        ([*cut()[:2], piece("x", 3, 4)], "Not all"),
        ([*cut(1)[:2], piece("x", 3, 4)], "differ"),
        ([*cut()[:2], piece("x", 3, 3, one="other")], "belong together"),
        ([*cut()[:2], piece("x", 3, 3, who="eve")], "belong together"),
        ([*cut(), piece("x", 2)], "number 2"),
        ([*cut(), piece("x", 4)], "Not all"),
        ([*cut(), b"Subject: whole\n\nx"], "no piece"),
        ([b"x"] * 2000, "too large"),
    ],
)
def test_what_is_refused(pieces: list[bytes], reason: str) -> None:
    assert reason in why_not(pieces)
    assert join(pieces) == b""


def test_a_piece_that_came_twice() -> None:
    pieces = cut()
    assert join([*pieces, pieces[1]]) == join(pieces)


@given(st.lists(st.binary(max_size=200), max_size=4))
def test_any_bytes(bodies: list[bytes]) -> None:
    assert join(bodies) == b""
    pieces = [piece("", n, len(bodies)) + body for n, body in enumerate(bodies, 1)]
    assert bool(join(pieces)) == bool(bodies)
