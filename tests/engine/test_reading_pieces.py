"""Messages that came in pieces (message/partial): whole when all are here, of one sender."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from martlet.engine.engine import Engine
from martlet.mail.message import MessageId
from martlet.mail.piece import Piece
from martlet.mail.reading import View
from martlet.mail.sender_facts import FactKind
from support.in_pieces import INNER, pieces
from support.shelf import Shelf


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "profile")


@pytest.fixture
def engine(shelf: Shelf) -> Iterator[Engine]:
    made = Engine(shelf.profile)
    yield made
    made.close()


def shown_piece(engine: Engine, message: MessageId) -> Piece:
    found = engine.render(message).cards.piece
    assert found is not None
    return found


def test_they_are_one_message_when_all_are_here(shelf: Shelf, engine: Engine) -> None:
    raws = pieces()
    third, first = shelf.put(raws[2]), shelf.put(raws[0])
    assert shown_piece(engine, first) == Piece("id-1@example.org", 1, 3, (1, 3))
    assert "All of it" in engine.raw_message(first).decode()
    second = shelf.put(raws[1])
    shown = engine.render(first)
    assert shown.text.strip() == "All of it, at last."
    assert shown.envelope.subject == "The whole plan"
    assert shown.envelope.sender.address == "ada@example.org"
    assert [one.filename for one in shown.attachments] == ["plan.bin"]
    assert engine.part_bytes(first, "2") == b"data " * 100
    assert Path(engine.save_part(first, "2", str(shelf.profile.root))).name == "plan.bin"
    assert engine.structure(first).children[1].name == "plan.bin"
    assert "All of it" in engine.reply_draft(first).text
    # Each is still what it was.
    assert [engine.raw_message(one) for one in (first, second, third)] == raws
    assert shown_piece(engine, second) == Piece("id-1@example.org", 2, 3, (1, 2, 3))


def test_only_the_last_says_how_many(shelf: Shelf, engine: Engine) -> None:
    raws = pieces(totals=[0, 0, 3])
    first, second = shelf.put(raws[0]), shelf.put(raws[1])
    assert shown_piece(engine, first).total == 0
    shelf.put(raws[2])
    assert shown_piece(engine, second).total == 3
    assert engine.render(first).text.strip() == "All of it, at last."


def test_a_copy_of_a_piece_does_no_harm(shelf: Shelf, engine: Engine) -> None:
    raws = pieces()
    first = shelf.put_all([*raws, raws[1], raws[0]])[0]
    assert engine.render(first).text.strip() == "All of it, at last."


@pytest.mark.parametrize(
    "strange",
    [
        pieces(sender="eve@example.org")[2],
        pieces(name="other@example.org")[2],
        pieces(inner=INNER.replace(b"data", b"evil"), totals=[3, 3, 4])[2],
        pieces(totals=[3, 3, 999])[2],
    ],
    ids=["sender", "name", "total", "many"],
)
def test_a_stranger_does_not_complete_it(shelf: Shelf, engine: Engine, strange: bytes) -> None:
    raws = pieces()
    first = shelf.put(raws[0])
    shelf.put(raws[1])
    shelf.put(strange)
    assert "at last" not in engine.render(first).envelope.subject
    apart = engine.render(first)
    assert apart.cards.piece is not None
    # Nor keeps it from being completed by who began it.
    shelf.put(raws[2])
    if b"eve@" in strange or b"other@" in strange:
        assert engine.render(first).text.strip() == "All of it, at last."


def test_why_pieces_do_not_fit_is_said(shelf: Shelf, engine: Engine) -> None:
    other = pieces(inner=INNER.replace(b"data", b"evil"))[1]
    first = shelf.put_all([*pieces(), other])[0]
    shown = engine.render(first)
    assert any("two different pieces with number 2" in one for one in shown.problems)


def test_nor_does_another_account(shelf: Shelf, engine: Engine) -> None:
    raws = pieces()
    first = shelf.put(raws[0])
    shelf.put(raws[1])
    shelf.put(raws[2], shelf.other)
    assert shown_piece(engine, first).here == (1, 2)


def test_what_was_confirmed_of_one_piece_is_not_of_all(shelf: Shelf, engine: Engine) -> None:
    account = shelf.add_account("checked", host="imap.example.net")
    said = (
        b"Authentication-Results: mx.example.net; dmarc=pass header.from=example.org;\r\n"
        b" dkim=pass header.d=example.org; spf=pass smtp.mailfrom=ada@example.org\r\n"
        b"Received: from mail.example.org by mx.example.net; Mon, 2 Mar 2026 09:00:00 +0000\r\n"
    )
    raws = pieces(2)
    first = shelf.put(said + raws[0], account)
    assert any(fact.kind is FactKind.PASSED for fact in engine.render(first).facts)
    shelf.put(raws[1], account)
    shown = engine.render(first)
    assert shown.text.strip() == "All of it, at last."
    assert not any(fact.kind is FactKind.PASSED for fact in shown.facts)


def test_an_attached_message_of_the_joined_one(shelf: Shelf, engine: Engine) -> None:
    inner = (
        b"Subject: out\r\nContent-Type: multipart/mixed; boundary=f\r\n\r\n--f\r\n\r\nsee\r\n"
        b"--f\r\nContent-Type: message/rfc822\r\n\r\nSubject: within\r\n\r\ninner text\r\n--f--\r\n"
    )
    first = shelf.put_all(pieces(2, inner=inner))[0]
    shown = engine.render(first, view=View(part="2"))
    assert (shown.envelope.subject, shown.text.strip()) == ("within", "inner text")


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.data())
def test_any_order_and_any_lies_are_survived(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    count = data.draw(st.integers(1, 5))
    honest = pieces(count)
    lies = data.draw(
        st.lists(
            st.sampled_from(
                [
                    *pieces(4, totals=[1, 2, 3, 4]),
                    *pieces(2, inner=b"junk\r\n\r\nx"),
                    *pieces(3, sender="eve@example.org"),
                    honest[0].replace(b"number=1", b"number=-1"),
                    honest[0].replace(b"number=1", b"number=99999999999999999999"),
                    honest[0].replace(b"total=", b"total=\xff"),
                ]
            ),
            max_size=3,
        )
    )
    shelf = Shelf(tmp_path_factory.mktemp("profile"))
    ids = [shelf.put(raw) for raw in data.draw(st.permutations([*honest, *lies]))]
    engine = Engine(shelf.profile)
    try:
        for message in ids:
            shown = engine.render(message)
            assert shown.complete
            assert engine.raw_message(message)
            if not lies and b"number=1;" in engine.raw_message(message):
                assert shown.text.strip() == "All of it, at last."
    finally:
        engine.close()
