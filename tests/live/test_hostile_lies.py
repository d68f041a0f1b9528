"""Servers that lie: numbers that go backwards, answers nobody asked for, structures that are none.

Every test is a pass of the whole engine. What is here stays here unless the server truthfully took
it away; when it tells the truth again, both sides become the same.
"""

from __future__ import annotations

import re
import tracemalloc
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from support.awkward import Awkward, Call, Silence, behave
from support.passes import Here, account, letter

COUNT = 6
FOUR_GB = b"{4294967296}\r\n"
Rewrite = Callable[[Call, bytes], bytes]


def fill(server: Awkward) -> None:
    for number in range(1, COUNT + 1):
        server.put("INBOX", letter(number))
    server.put("Archive", letter(20), ["\\Seen"])


def settle(here: Here, server: Awkward) -> None:
    """The server tells the truth again."""
    server.tamper = behave
    for _ in range(3):
        report = here.sync()
    assert (report.error, report.problems) == ("", ())
    assert here.world() == server.shown()
    assert sum(here.bodies().values()) == server.shown().total()


def rewriting(names: tuple[str, ...], rewrite: Rewrite) -> Callable[[Call], bytes]:
    """Tampers with the answers to these commands."""

    def tamper(call: Call) -> bytes:
        answer = call.run()
        return rewrite(call, answer) if call.name in names else answer

    return tamper


def swap(pattern: bytes, other: bytes) -> Rewrite:
    return lambda _, answer: re.sub(pattern, other, answer)


def instead(answer: bytes) -> Rewrite:
    return lambda call, _: answer + call.tag + b" OK done\r\n"


FETCH = ("UID FETCH", "FETCH")
SELECT = ("SELECT", "EXAMINE")
DEEP = b"(" * 10_000 + b")" * 10_000

LIES: dict[str, tuple[tuple[str, ...], Rewrite]] = {
    "fetch without uid": (FETCH, swap(rb"\(UID \d+ ", b"(")),
    "every uid is 1": (FETCH, swap(rb"\(UID \d+ ", b"(UID 1 ")),
    "uid 0": (FETCH, swap(rb"\(UID \d+ ", b"(UID 0 ")),
    "uid of 30 digits": (FETCH, swap(rb"\(UID \d+ ", b"(UID " + b"9" * 30 + b" ")),
    "uids nobody asked for": (FETCH, swap(rb"\(UID (\d)", rb"(UID 77\1")),
    "no flags": (FETCH, swap(rb"FLAGS \([^)]*\)", b"FLAGS NIL")),
    "odd flags": (FETCH, swap(rb"FLAGS \(", b"FLAGS (\\\\ $ %b \xff\xfe ")),
    "every size is 1": (FETCH, swap(rb"RFC822.SIZE \d+", b"RFC822.SIZE 1")),
    "negative size": (FETCH, swap(rb"RFC822.SIZE \d+", b"RFC822.SIZE -1")),
    "no date": (FETCH, swap(rb'INTERNALDATE "[^"]*"', b'INTERNALDATE "yesterday"')),
    "bodies are nil": (FETCH, swap(rb"BODY\[\] \{\d+\}\r\n[^\0]*?\r\n\)", b"BODY[] NIL)")),
    "nothing is fetched": (FETCH, instead(b"")),
    "search says everything twice": (
        ("UID SEARCH",),
        lambda _, answer: answer.replace(b"SEARCH ", b"SEARCH 1 1 2 2 ", 1),
    ),
    "search with 0": (("UID SEARCH",), swap(rb"SEARCH ", b"SEARCH 0 ")),
    "search of words": (("UID SEARCH",), swap(rb"SEARCH ", b"SEARCH one two ")),
    "uidvalidity 0": (SELECT, swap(rb"UIDVALIDITY \d+", b"UIDVALIDITY 0")),
    "no uidvalidity": (SELECT, swap(rb"\* OK \[UIDVALIDITY[^\r]*\r\n", b"")),
    "uidvalidity of words": (SELECT, swap(rb"UIDVALIDITY \d+", b"UIDVALIDITY new")),
    "uidnext goes down": (SELECT, swap(rb"UIDNEXT \d+", b"UIDNEXT 2")),
    "no uidnext": (SELECT, swap(rb"\* OK \[UIDNEXT[^\r]*\r\n", b"")),
    "uidnext 4 billion": (SELECT, swap(rb"UIDNEXT \d+", b"UIDNEXT 4294967295")),
    "exists shrinks": (SELECT, swap(rb"\d+ EXISTS", b"1 EXISTS")),
    "exists 4 billion": (SELECT, swap(rb"\d+ EXISTS", b"4294967295 EXISTS")),
    "exists nothing": (SELECT, swap(rb"\* \d+ EXISTS\r\n", b"")),
    "status of lies": (
        ("LIST", "STATUS"),
        swap(rb"(MESSAGES|UIDNEXT|UIDVALIDITY|UNSEEN|SIZE) \d+", rb"\1 4000000000"),
    ),
    "status of words": (("LIST", "STATUS"), swap(rb"MESSAGES \d+", b"MESSAGES some")),
    "no flags kept": (SELECT, swap(rb"PERMANENTFLAGS \([^)]*\)", b"PERMANENTFLAGS ()")),
    "read only": (SELECT, swap(rb"\[READ-WRITE\]", b"[READ-ONLY]")),
    "structure 10,000 deep": (FETCH, swap(rb"BODYSTRUCTURE \(", b"BODYSTRUCTURE " + DEEP + b" (")),
    "flags 10,000 deep": (FETCH, swap(rb"FLAGS \([^)]*\)", b"FLAGS " + DEEP)),
    "folders 10,000 deep": (("LIST",), instead(b'* LIST () "/" ' + DEEP + b"\r\n")),
    "code 10,000 deep": (SELECT, instead(b"* OK [" + b"(" * 10_000 + b"] deep\r\n")),
    "a tag of somebody else": (SELECT, lambda call, a: b"X9 OK yours\r\n" + a),
    "a go-ahead for nothing": (SELECT, lambda call, a: b"+ go on\r\n" + a),
    "an empty line": (SELECT, lambda call, a: b"\r\n" + a),
    "no words at all": (SELECT, lambda call, a: b"*\r\n* \r\n" + a),
    "zero bytes": (SELECT, lambda call, a: b"* OK \0\0\0\r\n" + a),
    "another protocol": (SELECT, instead(b"HTTP/1.1 200 OK\r\n\r\n<html>\r\n")),
    "bad to everything": (FETCH, lambda call, _: call.tag + b" BAD no such word\r\n"),
}


@pytest.mark.parametrize("name", LIES)
def test_a_lie_is_survived(tmp_path: Path, name: str) -> None:
    names, rewrite = LIES[name]
    with Awkward() as server:
        fill(server)
        # Once from the first word on, and once of a mailbox that is known.
        for known in (False, True):
            root = tmp_path / f"known-{known}"
            with Here(root, account(server.account())) as here:
                if known:
                    assert here.sync().error == ""
                before = here.world(), here.bodies()
                server.put("INBOX", letter(100 + known))
                server.tamper = rewriting(names, rewrite)
                for _ in range(2):
                    report = here.sync()
                    assert "Traceback" not in report.error
                    assert "inside Martlet" not in report.error, "a bug, not a sentence"
                    assert all("inside Martlet" not in n.summary for n in here.notices)
                    if name not in ("search of words", "no flags kept"):
                        kept = Counter((f, s) for f, s, _ in here.world().elements())
                        lost = Counter((f, s) for f, s, _ in before[0].elements()) - kept
                        assert not lost, "what the server has was thrown away here"
                settle(here, server)


def huge(name: str, place: bytes) -> Callable[[Call], bytes]:
    def tamper(call: Call) -> bytes:
        if call.name == name:
            raise Silence(place + FOUR_GB + b"x" * 100_000)
        return call.run()

    return tamper


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("LIST", b'* LIST () "/" '),
        ("UID SEARCH", b"* SEARCH "),
        ("UID FETCH", b"* 1 FETCH (UID 1 BODY[] "),
        ("UID FETCH", b"* 1 FETCH (UID 1 FLAGS "),
        ("UID FETCH", b"* 1 FETCH (UID 1 BODY[HEADER.FIELDS (SUBJECT)] "),
    ],
)
def test_four_gigabytes_are_not_waited_for(tmp_path: Path, name: str, place: bytes) -> None:
    with Awkward() as server:
        fill(server)
        with Here(tmp_path / "p", account(server.account())) as here:
            server.tamper = huge(name, place)
            tracemalloc.start()
            report = here.sync()
            _, peak = tracemalloc.get_traced_memory()
            tracemalloc.stop()
            said = " ".join((report.error, *report.problems))
            assert "4294967296 bytes" in said or "cannot be read" in said
            assert peak < 100 * 1024 * 1024
            settle(here, server)


NEWS = (
    b"* 5 EXPUNGE\r\n",
    b"* 99 EXISTS\r\n* 1 RECENT\r\n",
    b"* 2 EXISTS\r\n",
    b"* 0 EXPUNGE\r\n* 4294967295 EXPUNGE\r\n",
    b"* 3 FETCH (FLAGS (\\Seen))\r\n* 3 FETCH (UID 999 FLAGS ())\r\n",
    b"* 1 FETCH (UID 1 BODY[] {3}\r\nabc)\r\n",
    b"* VANISHED 1:4294967295\r\n",
    b"* VANISHED (EARLIER) 1:3\r\n",
    b'* SEARCH 1 2 3\r\n* ESEARCH (TAG "x") UID ALL 1:3\r\n',
    b'* LIST () "/" "../../evil"\r\n* LSUB () "/" Nothing\r\n',
    b"* STATUS INBOX (MESSAGES 0 UIDNEXT 1 UIDVALIDITY 3)\r\n",
    b"* OK [ALERT] Buy more!\r\n* NO be careful\r\n* BAD what?\r\n* OK [UIDVALIDITY 7] x\r\n",
    b"* CAPABILITY IMAP4rev1\r\n",
    b"* ENABLED QRESYNC CONDSTORE\r\n* FLAGS ()\r\n* THREAD (1)(2)\r\n* WHATEVER 1 (2 (3\r\n",
    b'* METADATA "" (/shared/comment {3}\r\nabc)\r\n* QUOTA x (STORAGE 1 2)\r\n* ACL\r\n',
)


@pytest.mark.parametrize("news", NEWS)
@pytest.mark.parametrize("behind", [False, True])
def test_answers_nobody_asked_for(tmp_path: Path, news: bytes, behind: bool) -> None:
    def tamper(call: Call) -> bytes:
        answer = call.run()
        if call.name in ("LOGOUT", "IDLE"):
            return answer
        last = answer.rfind(call.tag)
        return answer[:last] + news + answer[last:] if behind else news + answer

    with Awkward() as server:
        fill(server)
        with Here(tmp_path / "p", account(server.account())) as here:
            here.sync()
            here.restart()
            server.put("INBOX", letter(50))
            here.engine.set_flags([here.row(1).id], ["\\Flagged"], [])
            here.engine.move([here.row(2).id], here.folder("Archive").id)
            server.tamper = tamper
            for _ in range(2):
                report = here.sync()
                assert "inside Martlet" not in report.error
            assert all("inside Martlet" not in n.summary for n in here.notices)
            settle(here, server)
            if b"VANISHED 1:4" not in news:  # then it was gone, and is where it was again
                assert "2" in here.subjects("Archive")
            assert "\\Flagged" in here.row(1).flags
            assert "\\Flagged" in next(f for _, s, f in server.shown().elements() if s == "1")


STRUCTURES = {
    "none": b"NIL",
    "empty": b"()",
    "of empty lists": b"((((((()))))))",
    "no fields": b'("TEXT" "PLAIN")',
    "nil sizes (Exchange)": b'("TEXT" "PLAIN" NIL NIL NIL NIL NIL NIL)',
    "negative lines (Domino)": b'("TEXT" "PLAIN" ("CHARSET" "utf-8") NIL NIL "7BIT" -1 -1 NIL NIL)',
    "numbers in quotes": b'("TEXT" "PLAIN" () NIL NIL "7BIT" "10" "1")',
    "empty multipart (Exchange)": b'("MIXED" ("BOUNDARY" "x") NIL NIL)',
    "nil in multipart (Yandex)": b'(NIL NIL "MIXED")',
    "rfc822 without envelope (GMX)": b'("MESSAGE" "RFC822" NIL NIL NIL "7BIT" 100)',
    "odd parameters": b'("TEXT" "PLAIN" ("CHARSET" "NAME" "x") NIL NIL "7BIT" 5 1)',
    "very long": b'("TEXT" "PLAIN" ("NAME" "' + b"x" * 200_000 + b'") NIL NIL "7BIT" 5 1)',
    "8 bit": b'("TEXT" "PLAIN" ("NAME" "\xff\xfe\xe4") NIL NIL "8BIT" 5 1)',
    "literals": b'("TEXT" {5}\r\nPLAIN NIL NIL NIL "7BIT" 5 1)',
    "stray words": b'("TEXT" "PLAIN" NIL NIL NIL "7BIT" 5 1) X-OTHER (1 (2 "3")) X-MORE NIL',
    "too many closed": b'("TEXT" "PLAIN" NIL NIL NIL "7BIT" 5 1))',
    "not closed": b'(("TEXT" "PLAIN" NIL NIL NIL "7BIT" 5 1)',
    "a quote that does not end": b'("TEXT" "PLAIN NIL NIL NIL 7BIT 5 1)',
}


@pytest.mark.parametrize("name", STRUCTURES)
def test_a_broken_structure_costs_no_message(tmp_path: Path, name: str) -> None:
    whole = re.compile(rb'BODYSTRUCTURE \((?:[^()"]|"[^"]*"|\((?:[^()"]|"[^"]*")*\))*\)')

    def rewrite(_: Call, answer: bytes) -> bytes:
        return whole.sub(lambda found: b"BODYSTRUCTURE " + STRUCTURES[name], answer)

    with Awkward() as server:
        fill(server)
        with Here(tmp_path / "p", account(server.account())) as here:
            server.tamper = rewriting(FETCH, rewrite)
            report = here.sync()
            assert (report.error, report.problems) == ("", ())
            assert here.world() == server.shown()
            assert sum(here.bodies().values()) == COUNT + 1
