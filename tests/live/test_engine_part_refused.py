"""Servers that answer NO for the sake of one message give the others, and that one is told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from support.awkward import Awkward, Call, Tamper
from support.passes import Here, account, letter

HEADERS, BODIES = b"HEADER.FIELDS", b"BODY.PEEK[]"


def withholding(number: int, item: bytes, *, all_of_it: bool) -> Tamper:
    """As Exchange: one cannot be had. all_of_it: nor what was asked for with it."""

    def tamper(call: Call) -> bytes:
        said = call.run()
        if call.name == "UID FETCH" and item in call.line and b"Subject: %d\r" % number in said:
            one = rb"\* \d+ FETCH (?:(?!\* \d+ FETCH).)*?Subject: %d\r.*?\r\n\)\r\n" % number
            rest = b"" if all_of_it else re.sub(one, b"", said, flags=re.DOTALL)
            why = call.no("Some of the requested messages could not be fetched")
            return rest.rpartition(call.tag + b" OK")[0] + why
        return said

    return tamper


@pytest.mark.parametrize("all_of_it", [True, False])
def test_the_others_are_shown(tmp_path: Path, all_of_it: bool) -> None:
    with Awkward(withholding(7, HEADERS, all_of_it=all_of_it)) as server:
        for number in range(1, 31):
            server.put("INBOX", letter(number))
        with Here(tmp_path, account(server.account())) as here:
            report = here.sync()
            assert (report.new, len(report.problems)) == (29, 1)
            assert "7" not in here.subjects()
            assert len(here.bodies()) == 29
            # New mail, told of nothing again.
            server.put("INBOX", letter(31))
            report = here.sync()
            assert (report.new, report.problems) == (1, ())
            assert here.said().count("would not show 1 message") == 1
            server.tamper = Call.run
            here.restart()
            here.sync()
            assert len(here.bodies()) == 31


def test_a_new_one_that_cannot_be_had_keeps_back_none(tmp_path: Path) -> None:
    with Awkward(withholding(2, HEADERS, all_of_it=False)) as server:
        server.put("INBOX", letter(1))
        with Here(tmp_path, account(server.account())) as here:
            here.sync()
            for number in (2, 3, 4):
                server.put("INBOX", letter(number))
            assert here.sync().new == 2
            assert here.subjects() == ["1", "3", "4"]


@pytest.mark.parametrize("all_of_it", [True, False])
def test_the_other_bodies_come(tmp_path: Path, all_of_it: bool) -> None:
    with Awkward(withholding(7, BODIES, all_of_it=all_of_it)) as server:
        for number in range(1, 31):
            server.put("INBOX", letter(number))
        with Here(tmp_path, account(server.account())) as here:
            for _ in range(2):
                assert here.sync().error == ""
            assert (len(here.rows()), len(here.bodies())) == (30, 29)
            assert here.said().count("The server would not give “7”.") == 1
