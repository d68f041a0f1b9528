"""What a worker does between folders, pauses and lost lines: nothing is mixed up or forgotten."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from martlet.mail.account import Account, Keep, Protocol, WorkerState
from martlet.mail.folder import Role
from support.awkward import Awkward, Call, HangUp
from support.passes import Here, account, letter
from support.watching import Watch


def keeping_headers(server: Awkward) -> Account:
    return replace(account(server.account()), keep=Keep.HEADERS)


def test_much_new_mail_meanwhile_does_not_lend_its_bodies(tmp_path: Path) -> None:
    """Uids of one folder are never used while another is selected."""
    wanted: list[Here] = []

    def tamper(call: Call) -> bytes:
        answer = call.run()
        if wanted and call.name == "UID FETCH" and b"BODY.PEEK[]" in call.line:
            if len(server.folder("INBOX").letters) < 10:
                for number in range(10, 450):
                    server.put("INBOX", letter(number, "INBOX body"))
        elif wanted and call.name == "UID SEARCH":
            # Somebody opens the second message while the inbox is being compared.
            here = wanted.pop()
            here.engine.render(here.row(5002, "Archive").id, False)
        return answer

    with Awkward(tamper) as server:
        for number in range(1, 4):
            server.put("INBOX", letter(number, "INBOX body"))
        for number in (5001, 5002):
            server.put("Archive", letter(number, "ARCHIVE body"))
        with Here(tmp_path, keeping_headers(server)) as here:
            watch = Watch(here.engine)
            here.engine.start()
            watch.until(lambda: "Archive" in here.names() and len(here.rows("Archive")) == 2)
            watch.state(here.reader.accounts()[0].id, Protocol.IMAP, WorkerState.IDLE)
            first, second = (here.row(number, "Archive").id for number in (5001, 5002))
            wanted.append(here)
            assert b"ARCHIVE body 5001" in here.engine.raw_message(first)
            raw = watch.until(lambda: here.reader.raw(second))
            assert raw is not None
            assert b"ARCHIVE body 5002" in raw
            assert here.subjects("Archive") == ["5001", "5002"]


def test_an_inbox_that_will_not_open_leaves_the_rest_in_peace(tmp_path: Path) -> None:
    def locked(call: Call) -> bytes:
        if call.name in ("SELECT", "EXAMINE") and b"INBOX" in call.line.upper():
            return call.no("the inbox is locked")
        return call.run()

    with Awkward(locked) as server:
        server.put("INBOX", letter(1))
        server.put("Archive", letter(2))
        with Here(tmp_path, account(server.account())) as here:
            watch = Watch(here.engine)
            one = here.reader.accounts()[0].id
            here.engine.start()
            watch.state(one, Protocol.IMAP, WorkerState.IDLE)
            watch.until(lambda: here.subjects("Archive") == ["2"])
            watch.until(lambda: any(b"IDLE" in command for command in server.commands))
            assert server.connections == 1


def test_a_pause_outlives_new_settings(tmp_path: Path) -> None:
    with Awkward() as server:
        for number in range(300):
            server.put("Archive", letter(number))
        with Here(tmp_path, account(server.account())) as here:
            watch = Watch(here.engine)
            (one,) = here.reader.accounts()
            here.engine.pause_sync([])
            here.engine.start()
            watch.state(one.id, Protocol.IMAP, WorkerState.IDLE)
            here.engine.account_edit(replace(one, full_name="Ada"), "")
            asked = Watch(here.engine)
            here.engine.check_mail([])
            asked.state(one.id, Protocol.IMAP, WorkerState.IDLE)
            assert all(state.paused for state in here.engine.account_states())
            assert not any(b"BODY.PEEK[]" in command for command in server.commands)
            here.engine.resume_sync([])
            watch.until(lambda: len(here.bodies()) == 300)


def test_a_folder_asked_for_comes_though_the_line_is_lost(tmp_path: Path) -> None:
    cut: list[int] = []

    def tamper(call: Call) -> bytes:
        if b"BODY.PEEK[]" in call.line and not cut:
            cut.append(1)
            raise HangUp
        return call.run()

    with Awkward(tamper) as server:
        for number in range(50):
            server.put("Archive", letter(number))
        with Here(tmp_path, keeping_headers(server)) as here:
            watch = Watch(here.engine)
            here.engine.start()
            watch.until(lambda: "Archive" in here.names() and len(here.rows("Archive")) == 50)
            assert here.engine.download_folder(here.role(Role.ARCHIVE).id) == 50
            watch.until(lambda: len(here.bodies()) == 50)
            assert cut
