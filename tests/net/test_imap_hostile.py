"""Text made to be read slowly: where reading is not linear, a test here does not end."""

from __future__ import annotations

import contextlib

import pytest

from martlet.mail.errors import BadServer
from martlet.net.imap_cursor import Structure, values
from martlet.net.imap_names import decode
from martlet.net.imap_sets import expand, ranges
from martlet.net.imap_skeleton import skeleton
from martlet.net.imap_structure import attachments_hint
from martlet.net.imap_wire import Fetch, Parser, Response, Untagged

MEGABYTE = 1 << 20


def much(piece: bytes, size: int = MEGABYTE) -> bytes:
    return piece * (size // len(piece))


def answers(data: bytes) -> list[Response]:
    parser = Parser()
    parser.feed(data + b"\r\n")
    found: list[Response] = []
    with contextlib.suppress(BadServer):
        while (response := parser.next()) is not None:
            found.append(response)
            if isinstance(response, Untagged):
                values(response)
    return found


PIECES = [
    b'\\"',
    b'"',
    b'"\\',
    b"\\",
    b'a"\\"',
    b"(",
    b")",
    b"()",
    b'("',
    b" ",
    b"x",
    b"1",
    b"1 ",
    b"{",
    b"{1",
    b"}",
    b"[",
    b"]",
    b"BODY[",
    b" BODY[",
    b"<1>",
    b"UID 1 ",
    b"UID (",
    b"FLAGS (",
    b"FLAGS () ",
    b'INTERNALDATE "',
    b"MODSEQ (",
    b"BODYSTRUCTURE (",
    b"BODYSTRUCTURE ( UID 1 ",
    b'BODYSTRUCTURE (" UID 1 ',
    b"BODYSTRUCTURE () ",
    b"X (",
    b"* ",
    b"OK ",
    b"[A ",
    b"\t",
    b"\r",
    b"\0",
]
OPENINGS = [
    b"",
    b"* ",
    b"* 1",
    b"* OK ",
    b"* OK [",
    b"* OK [X ",
    b"M1",
    b"M1 NO",
    b"* LIST ",
    b'* LIST "',
    b"* LIST (",
    b"* 1 FETCH (",
    b"* 1 FETCH (UID 1 BODYSTRUCTURE (",
    b'* 1 FETCH (UID 1 BODYSTRUCTURE ("',
    b"* 1 FETCH (UID 1 BODY[",
    b"* 1 FETCH (UID 1 FLAGS (",
    b'* 1 FETCH (UID 1 INTERNALDATE "',
    b'* 1 FETCH (UID 1 BODY[] "',
    b"* 1 FETCH (X-GM-LABELS (",
    b"* 1 FETCH (X-ODD (",
]


@pytest.mark.parametrize("opening", OPENINGS)
def test_an_answer_is_read_in_one_go(opening: bytes) -> None:
    for piece in PIECES:
        answers(opening + much(piece, MEGABYTE // 4))


def test_a_quote_without_end_costs_the_structure_only() -> None:
    (found,) = answers(
        b'* 1 FETCH (UID 4 BODYSTRUCTURE ("' + much(b'\\"') + b" BODY[] {1}\r\nx)\r\n* 5 EXISTS"
    )[:1]
    assert isinstance(found, Fetch)
    assert (found.uid, found.structure, found.sections) == (4, None, {"BODY[]": b"x"})


def test_after_one_structure_that_does_not_add_up_no_other_is_believed() -> None:
    text = b'("text" "plain" NIL NIL NIL "7bit" 1 1)'
    (found,) = answers(b'* 1 FETCH (BODYSTRUCTURE (" UID 4 BODYSTRUCTURE %s UID 5)' % text)
    assert isinstance(found, Fetch)
    assert (found.uid, found.structure) == (4, None)


def test_many_literals_after_a_long_line() -> None:
    answers(b"a" * MEGABYTE + b"{0}\r\n" + b"{0}\r\n" * 15_000)
    answers(b"* " + b"1" * MEGABYTE + b" " * MEGABYTE + b"{0}\r\n" + b"{0}\r\n" * 15_000)
    answers(b"* 1 FETCH (" + b"RFC822 {1}\r\nx " * 15_000)


@pytest.mark.parametrize(
    "opening", [b'("a" "b" ("name" "', b'("a" "b" ("name*" "utf-8\'\'', b'("a" "b" ("name*0*" "']
)
def test_a_name_is_read_in_one_go(opening: bytes) -> None:
    for piece in (b"=?a?q?", b"=?a?q?x?= ", b"?=   ", b"?= =?", b"%", b"%41", b"'", b"=?", b"_"):
        structure = Structure(opening + much(piece) + b'") NIL NIL "7bit" 1)', ())
        skeleton(structure)
        attachments_hint(structure)


def test_a_structure_longer_than_any() -> None:
    part = b'("text" "plain" NIL NIL NIL "7bit" 1 1)'
    (found,) = answers(b"* 1 FETCH (UID 1 BODYSTRUCTURE (" + part * 100_000 + b' "mixed") UID 2)')
    assert isinstance(found, Fetch)
    assert (found.uid, found.structure) == (1, None)
    with pytest.raises(BadServer):
        values(Untagged("LIST", b"() " * MEGABYTE, ()))


def test_sets_and_names_are_read_in_one_go() -> None:
    for piece in (b"1,", b",", b"1:", b"1:2,", b" ", b"9"):
        for read in (ranges, expand):
            with contextlib.suppress(BadServer):
                read(much(piece))
    for piece in (b"&", b"&a", b"&-", b"&AAA", b"&,", b"-"):
        decode(much(piece))
