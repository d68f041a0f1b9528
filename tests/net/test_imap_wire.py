"""The IMAP parser: whatever the cut, whatever the bytes."""

from __future__ import annotations

import contextlib
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.mail.errors import BadServer
from martlet.net.imap_cursor import Structure, values
from martlet.net.imap_structure import attachments_hint
from martlet.net.imap_wire import (
    Continuation,
    Exists,
    Expunge,
    Fetch,
    Parser,
    Response,
    Status,
    Untagged,
    Vanished,
)

SESSION = (
    b"* OK [CAPABILITY IMAP4rev1 IDLE] ready {3}\r\n"
    b"* 3 EXISTS\r\n\r\n"
    b'* 1 FETCH (UID 7 FLAGS (\\seen $X \\Recent) RFC822.SIZE 12 INTERNALDATE "17-Jul-1996 '
    b'02:44:25 -0700" BODYSTRUCTURE ("TEXT" "PLAIN" ("name" {3}\r\na"b) NIL NIL "7BIT" 3 1)'
    b" BODY[HEADER.FIELDS (SUBJECT FROM)] {4}\r\nS: \n MODSEQ (12) X-GM-LABELS (a (b)))\r\n"
    b'* LIST (\\HasNoChildren) "/" {3}\r\na\r\n\r\n'
    b'* LIST () NIL "q\\"\\\\"\r\n'
    b"+ go ahead {4}\r\n"
    b"* 2 EXPUNGE\n"
    b"* VANISHED (EARLIER) 1:4,6\r\n"
    b"* SEARCH 1 2 3\r\n"
    b"M1 NO [TRYCREATE] no such folder\r\n"
)


def read_all(parser: Parser) -> list[Response]:
    found = []
    while (response := parser.next()) is not None:
        found.append(response)
    return found


def parse(data: bytes) -> list[Response]:
    parser = Parser()
    parser.feed(data)
    return read_all(parser)


def test_a_session_is_read() -> None:
    ok, exists, fetch, plain, nil, more, expunge, vanished, search, no = parse(SESSION)
    assert ok == Status("", "OK", "CAPABILITY", b"IMAP4rev1 IDLE", b"ready {3}")
    assert exists == Exists(3)
    assert isinstance(fetch, Fetch)
    assert (fetch.number, fetch.uid, fetch.size, fetch.modseq) == (1, 7, 12, 12)
    assert fetch.flags == frozenset({"\\Seen", "$X"})
    assert fetch.sections == {"BODY[HEADER.FIELDS]": b"S: \n"}
    assert fetch.structure is not None
    (structure,) = values(fetch.structure)
    assert structure == [b"TEXT", b"PLAIN", [b"name", b'a"b'], None, None, b"7BIT", b"3", b"1"]
    assert isinstance(plain, Untagged)
    assert values(plain) == [[b"\\HasNoChildren"], b"/", b"a\r\n"]
    assert isinstance(nil, Untagged)
    assert values(nil) == [[], None, b'q"\\']
    assert more == Continuation(b"go ahead {4}")
    assert expunge == Expunge(2)
    assert vanished == Vanished(b"1:4,6", earlier=True)
    assert isinstance(search, Untagged)
    assert no == Status("M1", "NO", "TRYCREATE", b"", b"no such folder")


@given(st.lists(st.integers(0, len(SESSION)), max_size=30))
def test_any_chunking_gives_the_same(cuts: list[int]) -> None:
    parser = Parser()
    found = []
    places = [0, *sorted(cuts), len(SESSION)]
    for start, end in itertools.pairwise(places):
        parser.feed(SESSION[start:end])
        found += read_all(parser)
    assert found == parse(SESSION)


PIECES = st.sampled_from(
    [
        b"* ",
        b"1 ",
        b"FETCH ",
        b"(",
        b")",
        b"UID ",
        b"FLAGS ",
        b"BODYSTRUCTURE ",
        b"BODY[] ",
        b"MODSEQ ",
        b"BODY[HEADER]<5> ",
        b"BINARY[1] ~{3}\r\n",
        b"PREVIEW ",
        b"EMAILID (M1) ",
        b"X-GM-LABELS ",
        b"LIST ",
        b"OK ",
        b"[",
        b"]",
        b'"',
        b"\\",
        b"{3}\r\n",
        b"{99999999999}\r\n",
        b"{3}",
        b"abc",
        b" ",
        b"NIL",
        b"\r\n",
        b"\n",
        b"\0",
        b"\xff",
        b"M1 ",
        b"+ ",
        b"99999999999999999999999",
        b"VANISHED ",
        b"1:*",
    ]
)


@given(st.one_of(st.binary(max_size=300), st.lists(PIECES, max_size=40).map(b"".join)))
def test_any_bytes_raise_nothing_but_bad_server(data: bytes) -> None:
    parser = Parser()
    parser.feed(data)
    with contextlib.suppress(BadServer):
        for response in read_all(parser):
            if isinstance(response, Untagged):
                values(response)
            elif isinstance(response, Fetch):
                attachments_hint(response.structure)


@given(st.integers(0, len(SESSION) - 1), st.integers(0, 255))
def test_one_wrong_byte_is_read_or_refused(place: int, byte: int) -> None:
    data = SESSION[:place] + bytes([byte]) + SESSION[place + 1 :]
    with contextlib.suppress(BadServer):
        parse(data)


def test_a_broken_parser_stays_broken() -> None:
    parser = Parser()
    parser.feed(b"HTTP/1.1 400 Bad Request\r\n* 1 EXISTS\r\n")
    for _ in range(2):
        with pytest.raises(BadServer):
            parser.next()


@pytest.mark.parametrize(
    "data",
    [
        b"* 1 FETCH (BODY[HEADER] {101}\r\n",
        b"* 1 FETCH (BODY[] {1001}\r\n",
        b"* OK " + b"x" * 5000,
        b"* LIST () NIL {4000000000}\r\n",
    ],
)
def test_limits_hold_before_the_bytes_are_taken(data: bytes) -> None:
    parser = Parser(text_limit=4096, literal_limit=100, body_limit=1000)
    parser.feed(data)
    with pytest.raises(BadServer):
        parser.next()


def test_bodies_may_be_longer_than_other_literals() -> None:
    parser = Parser(literal_limit=100, body_limit=1000)
    parser.feed(b"* 1 FETCH (UID 1 BODY[] {1000}\r\n" + b"x" * 1000 + b")\r\n")
    response = parser.next()
    assert isinstance(response, Fetch)
    assert response.sections == {"BODY[]": b"x" * 1000}


def test_deep_nesting_is_refused() -> None:
    deep = b"(" * 5000 + b")" * 5000
    with pytest.raises(BadServer):
        values(Untagged("X", deep, ()))
    (fetch,) = parse(b"* 1 FETCH (UID 1 BODYSTRUCTURE " + deep + b")\r\n")
    assert isinstance(fetch, Fetch)
    assert attachments_hint(Structure(b'("name"' + deep, ())) == 0


def test_a_structure_that_does_not_add_up_costs_only_itself() -> None:
    (fetch,) = parse(
        b'* 1 FETCH (BODYSTRUCTURE ("text" "plain" ("name" "a"b(.txt") UID 4 '
        b"BODY[HEADER.FIELDS (SUBJECT)] {2}\r\nab)\r\n"
    )
    assert isinstance(fetch, Fetch)
    assert fetch.uid == 4
    assert fetch.sections == {"BODY[HEADER.FIELDS]": b"ab"}


def test_long_numbers_do_not_reach_int() -> None:
    with pytest.raises(BadServer):
        parse(b"* 1 FETCH (UID " + b"9" * 6000 + b")\r\n")
