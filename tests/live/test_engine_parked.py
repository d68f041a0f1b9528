"""A folder whose answers cannot be read does not stop the others, and is left alone in the end."""

from __future__ import annotations

from pathlib import Path

from martlet.mail.account import Protocol, WorkerState
from support.awkward import Awkward, Call
from support.passes import Here, account, letter
from support.watching import Watch

FOLDERS = ("INBOX", "Bad", "Good")
MADE = tuple((name, "") for name in FOLDERS[1:])


def garbage(call: Call) -> bytes:
    """Nothing the server says of messages in Bad can be read."""
    folder = call.session.folder
    if call.name == "UID FETCH" and folder is not None and folder.name == "Bad":
        return b"* 1 FETCH (UID ((\r\n" + call.run()
    return call.run()


def filled(server: Awkward) -> None:
    for name in FOLDERS:
        server.put(name, letter(1))


def test_the_others_go_on_and_it_is_left_alone_after_five(tmp_path: Path) -> None:
    with Awkward(garbage, folders=MADE) as server:
        filled(server)
        with Here(tmp_path, account(server.account())) as here:
            for number in range(1, 8):
                report = here.sync()
                assert report.error == ""
                assert bool(report.problems) == (number <= 5)
                assert bool(here.folder("Bad").parked) == (number >= 5)
                assert {name for name in FOLDERS if here.subjects(name)} == {"INBOX", "Good"}
            assert "Bad" in here.said()


def test_looking_at_it_tries_again(tmp_path: Path) -> None:
    with Awkward(garbage, folders=MADE) as server:
        filled(server)
        with Here(tmp_path, account(server.account())) as here:
            for _ in range(5):
                here.sync()
            bad = here.folder("Bad")
            assert bad.parked
            server.tamper = Call.run
            here.engine.folder_opened(bad.id)
            assert here.sync().problems == ()
            assert not here.folder("Bad").parked
            assert here.subjects("Bad") == ["1"]


def test_a_server_without_an_inbox_is_waited_for_in_peace(tmp_path: Path) -> None:
    def no_inbox(call: Call) -> bytes:
        answer = call.run()
        if call.name == "LIST":
            lines = answer.splitlines(keepends=True)
            return b"".join(line for line in lines if b"INBOX" not in line)
        return answer

    with Awkward(no_inbox, folders=MADE) as server:
        server.put("Good", letter(1))
        with Here(tmp_path, account(server.account())) as here:
            watch = Watch(here.engine)
            (one,) = here.reader.accounts()
            here.engine.start()
            watch.until(lambda: "Good" in here.names() and here.subjects("Good") == ["1"])
            watch.state(one.id, Protocol.IMAP, WorkerState.IDLE)
            asked = len(server.commands)
            # Its thread waits; were it to spin, commands or news would go on coming.
            here.engine.check_mail([])
            watch.until(lambda: len(server.commands) > asked)
            assert len(server.commands) < asked + 50
