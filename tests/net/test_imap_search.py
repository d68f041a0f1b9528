"""Searches and sets that name more messages than there are."""

from __future__ import annotations

import pytest

from martlet.mail.errors import BadServer
from martlet.net.imap_search import SLACK
from martlet.net.imap_sets import expand
from support.imap_steps import enter_inbox, says, selected
from support.scripted import Scripted

FULL = "IMAP4rev1 ESEARCH MOVE UIDPLUS"


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ("ESEARCH (TAG x) UID ALL 4:2,9", [2, 3, 4, 9]),
        ("ESEARCH (TAG x) UID COUNT 0", []),
        ("ESEARCH", []),
        ("SEARCH 9 2 2 (MODSEQ 7)", [2, 9]),
        (f"ESEARCH UID ALL 1:{SLACK + 3}", list(range(1, SLACK + 4))),
    ],
)
def test_what_a_search_finds(answer: str, found: list[int]) -> None:
    with Scripted([*selected(FULL), *says("UID SEARCH", f"* {answer}")]) as server:
        session = enter_inbox(server)
        assert session.uids() == found
        session.close()


@pytest.mark.parametrize(
    "answers",
    [
        [f"ESEARCH (TAG x) UID ALL 1:{SLACK + 4}"],
        ["ESEARCH UID ALL 1:9999999"],
        ["ESEARCH UID ALL 1:4294967295"],
        ["ESEARCH UID ALL 1:6000", "ESEARCH UID ALL 6001:12000"],
        ["SEARCH" + "".join(f" {uid}" for uid in range(1, SLACK + 5))],
        ["SEARCH" + " 1" * (3 * SLACK)],
        ["ESEARCH UID ALL " + ",".join(["1"] * (2 * SLACK))],
        ["ESEARCH UID ALL 0"],
        ["SEARCH 4294967296"],
    ],
)
def test_more_than_the_folder_has_is_refused(answers: list[str]) -> None:
    script = says("UID SEARCH", *(f"* {answer}" for answer in answers))
    with Scripted([*selected(FULL), *script]) as server:
        session = enter_inbox(server)
        with pytest.raises(BadServer, match="names m"):
            session.uids()
        session.close()


@pytest.mark.parametrize(
    ("told", "new"),
    [
        ("5 1:2 8:7", {1: 7, 2: 8}),
        ("5 1:3 7:9", {1: 7, 2: 8}),
        ("5 1:4294967295 1:4294967295", {}),
        ("5 1:900000 1:900000", {}),
        ("5 1:2 what", {}),
        ("5 1:2", {}),
    ],
)
def test_of_copies_no_more_is_taken_than_was_asked_for(told: str, new: dict[int, int]) -> None:
    script = says("UID MOVE 1:2", end=f"OK [COPYUID {told}] moved")
    with Scripted([*selected(FULL), *script]) as server:
        session = enter_inbox(server)
        assert session.move([1, 2], "Sent") == new
        session.close()


def test_sets_are_counted_before_they_are_written_out() -> None:
    assert expand(b"3:1,9", 4) == [1, 2, 3, 9]
    for raw in (b"1:5", b"1,2,3,4,5", b"1:2,1:3"):
        with pytest.raises(BadServer):
            expand(raw, 4)
