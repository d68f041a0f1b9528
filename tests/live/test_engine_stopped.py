"""What is being fetched can be given up, and a lost line loses little of what came."""

from __future__ import annotations

import re
import threading
from pathlib import Path

import pytest

from martlet.mail.errors import MailError, Refused
from martlet.mail.folder import Role
from martlet.mail.message import MessageRow
from support.awkward import Awkward, Call, HangUp
from support.passes import Here, account, letter


def large(size: int) -> bytes:
    text = b"line of text\r\n" * (size // 14)
    return letter(1).replace(b"body 1", b"") + text


def test_a_large_message_that_is_coming_is_given_up(tmp_path: Path) -> None:
    coming = threading.Event()
    go_on = threading.Event()

    def slow(call: Call) -> bytes:
        if b"]<" in call.line:
            coming.set()
            go_on.wait(20)
        return call.run()

    with Awkward(slow) as server:
        server.put("INBOX", large(4_000_000))
        with Here(tmp_path, account(server.account())) as here:
            here.engine.sync([], True)
            row = here.row(1)
            failed: list[MailError] = []

            def ask() -> None:
                try:
                    here.engine.raw_message(row.id)
                except MailError as error:
                    failed.append(error)

            asking = threading.Thread(target=ask)
            asking.start()
            assert coming.wait(20)
            here.engine.stop_downloads([])
            go_on.set()
            asking.join(20)
            assert not asking.is_alive()
            assert [type(error) for error in failed] == [Refused]
            ranges = [line for line in server.commands if b"]<" in line]
            assert len(ranges) < 4
            # It goes on when somebody asks again.
            assert len(here.engine.raw_message(row.id)) > 3_900_000


def test_bodies_that_came_before_the_line_was_lost_are_kept(tmp_path: Path) -> None:
    given = 0

    def cut(call: Call) -> bytes:
        nonlocal given
        if b"BODY.PEEK[]" in call.line:
            given += 1
            if given == 20:
                raise HangUp
        return call.run()

    with Awkward(cut) as server:
        for number in range(400):
            server.put("INBOX", letter(number))
        with Here(tmp_path, account(server.account())) as here:
            assert here.sync().error
            rows: list[MessageRow] = here.rows()
            assert len(rows) == 400
            assert 150 <= sum(row.has_body for row in rows) < 400
            assert here.sync().error == ""
            assert all(row.has_body for row in here.rows())


def test_a_role_is_left_to_the_server_again(tmp_path: Path) -> None:
    folders = (("Archive", "\\Archive"), ("Old", ""), ("Trash", "\\Trash"))
    with Awkward(folders=folders) as server, Here(tmp_path, account(server.account())) as here:
        here.sync()
        here.engine.folder_role(here.folder("Old").id, Role.ARCHIVE)
        here.sync()
        assert here.role(Role.ARCHIVE).name == "Old"
        here.engine.folder_role(here.folder("Old").id, None)
        here.sync()
        assert here.role(Role.ARCHIVE).name == "Archive"
        assert here.folder("Old").role is Role.NONE
        with pytest.raises(Refused):
            here.engine.folder_role(here.folder("INBOX").id, Role.TRASH)


def test_a_pause_holds_a_large_download_and_it_goes_on(tmp_path: Path) -> None:
    slices = 0
    coming = threading.Event()
    go_on = threading.Event()

    def counting(call: Call) -> bytes:
        nonlocal slices
        if b"]<" in call.line:
            slices += 1
            if slices == 2:
                coming.set()
                go_on.wait(20)
        return call.run()

    with Awkward(counting) as server:
        server.put("INBOX", large(6_000_000))
        server.put("INBOX", letter(2))
        with Here(tmp_path, account(server.account())) as here:
            here.engine.sync([], True)
            came: list[bytes] = []
            asking = threading.Thread(
                target=lambda: came.append(here.engine.raw_message(here.row(1).id))
            )
            asking.start()
            assert coming.wait(20)
            here.engine.pause_sync([])
            go_on.set()
            # What is opened meanwhile comes, and not the rest of the large one.
            assert b"Subject: 2" in here.engine.raw_message(here.row(2).id)
            held = slices
            assert asking.is_alive()
            assert held < 6
            here.engine.resume_sync([])
            asking.join(20)
            assert len(came[0]) > 5_900_000
            assert slices > held


def test_what_the_server_refused_and_what_is_gone_is_said(tmp_path: Path) -> None:
    with Awkward(folders=(("Trash", "\\Trash"), ("Plans", ""), ("Old", ""))) as server:
        server.put("INBOX", letter(1))
        server.put("Old", letter(2))
        with Here(tmp_path, account(server.account())) as here:
            here.sync()
            server.mailbox.delete("Plans")
            server.mailbox.delete("Old")
            here.engine.move([here.row(1).id], here.folder("Plans").id)
            report = here.sync()
            assert any("Plans" in problem for problem in report.problems)
            assert here.subjects("INBOX") == ["1"]
            assert "The folder Old is not on the server any more, nor are its 1" in here.said()
            assert here.sync().problems == ()


def test_a_move_of_ours_is_no_new_message(tmp_path: Path) -> None:
    with Awkward(folders=(("Plans", ""),)) as server:
        server.put("INBOX", letter(1))
        with Here(tmp_path, account(server.account())) as here:
            assert here.sync().new == 1
            here.engine.move([here.row(1).id], here.folder("Plans").id)
            here.engine.folder_create(here.reader.accounts()[0].id, "Later")
            report = here.sync()
            assert (report.new, report.problems) == (0, ())
            assert "The folder Later was made on the server." in here.said()


def test_a_server_without_ranges_gives_a_message_once(tmp_path: Path) -> None:
    def whole(call: Call) -> bytes:
        if b"]<" not in call.line:
            return call.run()
        line, call.line = call.line, re.sub(rb"<\d+\.\d+>", b"", call.line)
        try:
            return call.run()
        finally:
            call.line = line

    with Awkward(whole) as server:
        server.put("INBOX", large(3_000_000))
        with Here(tmp_path, account(server.account())) as here:
            here.engine.sync([], True)
            assert len(here.engine.raw_message(here.row(1).id)) > 2_900_000
            assert sum(b"]<" in line for line in server.commands) == 1
