"""Fetching parts of one message, and summaries, from servers that answer oddly."""

from __future__ import annotations

import contextlib
import select

import pytest

from martlet.mail.account import Protocol
from martlet.mail.errors import BadServer, Offline, Refused
from martlet.net.imap import ImapSession
from support.imap_steps import enter_inbox, says, selected
from support.scripted import Conversation, Script, Scripted, Step, expect, send

FOUR_GIGABYTES = 4 * 1024**3


def talk(*script: Step) -> Scripted:
    return Scripted([*selected("IMAP4rev1"), *script])


def test_a_structure() -> None:
    script = says(
        "UID FETCH 7 (UID BODYSTRUCTURE)",
        "* 9 FETCH (FLAGS (\\Seen) UID 8)",
        '* 2 FETCH (UID 7 BODYSTRUCTURE ("text" "plain" NIL NIL NIL "7bit" 10 1))',
    )
    with talk(*script) as server:
        session = enter_inbox(server)
        part = session.fetch_structure(7)
        assert part is not None
        assert (part.section, part.size) == ("1", 10)
        assert len(session.unsolicited) == 1
        session.close()


@pytest.mark.parametrize(
    "script",
    [
        says("BODYSTRUCTURE", end="NO internal error"),
        says("BODYSTRUCTURE", end="BAD Command Error"),
        says("BODYSTRUCTURE"),
        says("BODYSTRUCTURE", '* 1 FETCH (UID 7 BODYSTRUCTURE ("a"b" ("c"d))'),
        says("BODYSTRUCTURE", "* 1 FETCH (UID 7 BODYSTRUCTURE NIL)"),
        says("BODYSTRUCTURE", "* 1 FETCH (UID 7 BODYSTRUCTURE ())"),
        says("BODYSTRUCTURE", "* 1 FETCH (UID 7 BODYSTRUCTURE " + "(" * 9999 + ")" * 9999 + ")"),
    ],
)
def test_a_structure_of_no_use_leaves_the_session_well(script: Script) -> None:
    with talk(*script, *says("NOOP")) as server:
        session = enter_inbox(server)
        assert session.fetch_structure(7) is None
        session.noop()
        session.close()


def test_sections_come_in_one_round_trip() -> None:
    script = says(
        "UID FETCH 7 (UID BODY.PEEK[HEADER] BODY.PEEK[1] BODY.PEEK[1.MIME] BODY.PEEK[2] "
        "BODY.PEEK[])",
        '* 1 FETCH (UID 7 BODY[HEADER] {3}\r\na\r\n BODY[1] "text" BODY[1.mime] "" BODY[2] NIL)',
        "* 1 FETCH (UID 7 BODY[] ~{2}\r\na\0)",
    )
    with talk(*script) as server:
        session = enter_inbox(server)
        assert session.fetch_sections(7, ["HEADER", "1", "1.mime", "2", "", "1"]) == {
            "HEADER": b"a\r\n",
            "1": b"text",
            "1.mime": b"",
            "": b"a\0",
        }
        assert session.fetch_sections(7, []) == {}
        session.close()


@pytest.mark.parametrize("section", ["0", "1.", ".1", "1]", "1 2", "1\r\nA LOGOUT", "MIME", "x"])
def test_sections_that_could_inject_are_refused(section: str) -> None:
    with talk() as server:
        session = enter_inbox(server)
        with pytest.raises(Refused):
            session.fetch_sections(1, [section])
        with pytest.raises(Refused):
            session.fetch_range(1, section, 0, 10)
        session.close()


def ranges(session: ImapSession) -> list[bytes]:
    return [session.fetch_range(7, "2", start, 4) for start in (0, 4, 8, 12)]


def test_ranges_until_the_end() -> None:
    script = [
        *says("UID FETCH 7 (UID BODY.PEEK[2]<0.4>)", '* 1 FETCH (UID 7 BODY[2]<0> "abcd")'),
        *says("BODY.PEEK[2]<4.4>", "* 1 FETCH (BODY[2]<4> {4}\r\nefgh UID 7)"),
        *says("BODY.PEEK[2]<8.4>", '* 1 FETCH (UID 7 BODY[2]<8> "i")'),
        *says("BODY.PEEK[2]<12.4>", "* 1 FETCH (UID 7 BODY[2]<12> NIL)"),
    ]
    with talk(*script) as server:
        session = enter_inbox(server)
        assert ranges(session) == [b"abcd", b"efgh", b"i", b""]
        assert session.fetch_range(7, "2", 0, 0) == b""
        session.close()


@pytest.mark.parametrize(
    ("start", "found"), [(0, b"abcdefghi"), (4, b"efghi"), (5, b"fghi"), (8, b"i"), (9, b"")]
)
def test_a_server_without_partial_fetch_gives_all_the_rest_at_once(
    start: int, found: bytes
) -> None:
    script = says("BODY.PEEK[2]", '* 1 FETCH (UID 7 BODY[2] "abcdefghi")')
    with talk(*script) as server:
        session = enter_inbox(server)
        assert session.fetch_range(7, "2", start, 4) == found
        session.close()


def test_a_server_that_gives_too_much() -> None:
    with talk(*says("<3.2>", '* 1 FETCH (UID 7 BODY[]<3> "defgh")')) as server:
        session = enter_inbox(server)
        assert session.fetch_range(7, "", 3, 2) == b"de"
        session.close()


def test_a_range_that_was_not_asked_for() -> None:
    with talk(*says("<4.4>", '* 1 FETCH (UID 7 BODY[2]<0> "abcd")')) as server:
        session = enter_inbox(server)
        with pytest.raises(BadServer, match="another piece"):
            session.fetch_range(7, "2", 4, 4)
        session.close()


@pytest.mark.parametrize(
    "script",
    [
        says("BODY.PEEK"),
        says("BODY.PEEK", end="NO [EXPUNGEISSUED] gone"),
        says("BODY.PEEK", '* 1 FETCH (UID 8 BODY[2]<0> "another")'),
    ],
)
def test_a_message_that_is_gone_is_not_an_empty_one(script: Script) -> None:
    with talk(*script, *script, *says("NOOP")) as server:
        session = enter_inbox(server)
        with pytest.raises(Refused):
            session.fetch_range(7, "2", 0, 4)
        with pytest.raises(Refused):
            session.fetch_sections(7, ["2"])
        session.noop()
        session.close()


FIELDS = 'BODY[HEADER.FIELDS (X)] "h"'


def test_new_messages_only() -> None:
    script = says(
        "UID FETCH 10:* (UID FLAGS RFC822.SIZE INTERNALDATE BODYSTRUCTURE ",
        f"* 3 FETCH (UID 9 FLAGS () {FIELDS})",
        f"* 4 FETCH (UID 10 FLAGS () RFC822.SIZE 5 {FIELDS})",
        f"* 5 FETCH (UID 12 FLAGS (\\Seen) {FIELDS})",
        f"* 5 FETCH (UID 12 FLAGS (\\Seen) {FIELDS})",
        "* 1 FETCH (FLAGS (\\Seen))",
        "* 6 EXISTS",
    )
    with talk(*script) as server:
        session = enter_inbox(server)
        found = list(session.fetch_new(10))
        # "*" always names the last one, even below 10; and nobody is there twice.
        assert [(s.uid, s.size) for s in found] == [(10, 5), (12, 0)]
        assert session.exists == 6
        session.close()


@pytest.mark.parametrize("uid", ["", "UID 0 ", "UID 4294967296 "])
def test_a_message_without_a_number_is_said_in_words(uid: str) -> None:
    for answer in (f"* 1 FETCH ({uid}FLAGS () {FIELDS})", f'* 1 FETCH ({uid}BODY[] "x")'):
        with talk(expect("UID FETCH"), send(f"{answer}\r\n{{tag}} OK\r\n")) as server:
            session = enter_inbox(server)
            with pytest.raises(BadServer, match="does not say which message"):
                list(session.fetch_raw([1]) if "BODY[]" in answer else session.fetch_new(1))
            session.close()


def test_flags_of_messages_without_numbers() -> None:
    script = says("UID FETCH 1:* (UID FLAGS)", "* 1 FETCH (FLAGS ())", "* 2 FETCH (UID 0 FLAGS ())")
    with talk(*script) as server:
        session = enter_inbox(server)
        with pytest.raises(BadServer, match="does not say which message"):
            session.fetch_flags()
        session.close()
    script = says("UID FETCH", "* 3 FETCH (FLAGS ())", "* 1 FETCH (UID 4 FLAGS (\\Seen))")
    with talk(*script) as server:
        session = enter_inbox(server)
        assert session.fetch_flags() == {4: {"\\Seen"}}
        session.close()


@pytest.mark.parametrize(
    "said",
    [
        f"* 1 FETCH (UID 1 BODY[] {{{FOUR_GIGABYTES}}}\r\n",
        f'* LIST () "/" {{{FOUR_GIGABYTES}}}\r\n',
        f"* 1 FETCH (UID 1 BODYSTRUCTURE {{{FOUR_GIGABYTES}}}\r\n",
    ],
)
def test_a_literal_of_four_gigabytes(said: str) -> None:
    with talk(expect("UID FETCH"), send(said), send(b"x" * 100_000)) as server:
        session = enter_inbox(server)
        with pytest.raises(BadServer, match=f"a piece of {FOUR_GIGABYTES} bytes"):
            list(session.fetch_raw([1]))
        session.close()


def drip(talk: Conversation) -> None:
    """A byte now and then, for as long as anybody listens."""
    with contextlib.suppress(OSError):
        while not select.select([talk.socket], [], [], 0.01)[0]:
            talk.socket.sendall(b"x")


@pytest.mark.parametrize("said", ["* OK ", "* 1 FETCH (UID 1 BODY[] {100000}\r\n"])
def test_a_slow_drip_does_not_keep_us_for_ever(said: str) -> None:
    with talk(expect("NOOP"), send(said), drip) as server:
        account = server.account(Protocol.IMAP)
        session = ImapSession.open(account, "secret", timeout_s=0.3)
        session.select("INBOX")
        with pytest.raises(Offline, match="too slowly"):
            session.noop()
        session.close()


@pytest.mark.parametrize("said", ["5000001 EXISTS", "99999999999999999999 EXPUNGE"])
def test_more_messages_than_there_can_be(said: str) -> None:
    with talk(*says("NOOP", f"* {said}")) as server:
        session = enter_inbox(server)
        with pytest.raises(BadServer, match="more than are taken"):
            session.noop()
        session.close()
