"""The line ends at any command of a pass, before, within or after its answer; a NO to any of them.

Nothing is lost here or there, nothing is there twice, and the next pass puts all in order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from martlet.mail.message import FLAGGED, SEEN
from support.awkward import USUAL, Awkward, Call, HangUp, behave
from support.passes import Here, account, letter

SIGN_IN = ("LOGIN", "AUTHENTICATE")
WITHOUT_MOVE = USUAL.replace(" MOVE", "")
WITHOUT_UIDPLUS = WITHOUT_MOVE.replace(" UIDPLUS", "")


def fill(server: Awkward) -> None:
    for number in range(1, 10):
        server.put("INBOX", letter(number))
    server.put("Archive", letter(20))
    server.put("Archive", letter(21), [SEEN])


def change_both_sides(here: Here, server: Awkward) -> None:
    """One of each: flags, moves, copies, deletions, folders here; news there."""
    # A new engine has no worker yet that would carry each change over at once.
    here.restart()
    engine = here.engine
    engine.set_flags([here.row(1).id], [SEEN, "project"], [])
    engine.move([here.row(2).id, here.row(3).id], here.folder("Archive").id)
    engine.copy([here.row(4).id], here.folder("Archive").id)
    engine.delete([here.row(5).id], False)
    engine.delete([here.row(6).id], True)
    account_id = here.reader.accounts()[0].id
    made = engine.folder_create(account_id, "Plans")
    engine.move([here.row(7).id], made)
    engine.set_flags([here.row(20, "Archive").id], [FLAGGED], [])
    server.put("INBOX", letter(30))
    server.put("Trash", letter(31))
    known = server.folder("INBOX").by_uid(8)
    assert known is not None
    server.mailbox.set_flags(known, frozenset({"\\Answered"}))


def settle(here: Here, server: Awkward) -> None:
    """The server behaves again: two passes, and both sides are the same."""
    server.tamper = behave
    for _ in range(3):
        report = here.sync()
    assert report.error == ""
    assert here.pending() == 0
    assert here.world() == server.shown()


def as_meant(server: Awkward) -> None:
    """What `change_both_sides` meant has happened on the server, once."""
    folders = Counter((name, s) for name, s, _ in server.shown().elements())
    meant = {
        "INBOX": [1, 4, 8, 9, 30],
        "Archive": [2, 3, 4, 20, 21],
        "Trash": [5, 31],
        "Plans": [7],
    }
    assert folders == Counter((name, str(n)) for name, ns in meant.items() for n in ns)


def instead(call: Call) -> bytes:
    raise HangUp(b"* BYE enough\r\n")


def within(call: Call) -> bytes:
    answer = call.run()
    raise HangUp(answer[: len(answer) // 2])


def after(call: Call) -> bytes:
    """Carried out, but the answer is lost."""
    call.run()
    raise HangUp(b"")


def told_then_gone(call: Call) -> bytes:
    raise HangUp(call.run() + b"* BYE enough\r\n")


WAYS: tuple[Callable[[Call], bytes], ...] = (instead, within, after, told_then_gone)


def at(number: int, way: Callable[[Call], bytes]) -> Callable[[Call], bytes]:
    def tamper(call: Call) -> bytes:
        return way(call) if call.number == number else call.run()

    return tamper


@pytest.mark.parametrize("way", WAYS)
def test_the_first_pass_cut_at_any_command(tmp_path: Path, way: Callable[[Call], bytes]) -> None:
    number = 0
    while True:
        with Awkward() as server:
            fill(server)
            server.tamper = at(number, way)
            with Here(tmp_path / f"{number}", account(server.account())) as here:
                report = here.sync()
                cut = len(server.commands) > number
                assert "Traceback" not in report.error
                settle(here, server)
                assert sum(here.bodies().values()) == 11
        number += 1
        if not cut:
            break
    assert number > 8


@pytest.mark.parametrize(
    ("way", "capabilities"),
    [(way, USUAL) for way in WAYS]
    + [(after, WITHOUT_MOVE), (after, WITHOUT_UIDPLUS), (within, WITHOUT_UIDPLUS)],
)
def test_a_pass_with_changes_cut_at_any_command(
    tmp_path: Path, way: Callable[[Call], bytes], capabilities: str
) -> None:
    number = 0
    while True:
        with Awkward(capabilities=capabilities) as server:
            fill(server)
            with Here(tmp_path / f"{number}", account(server.account())) as here:
                assert here.sync().error == ""
                change_both_sides(here, server)
                before = len(server.commands)
                server.tamper = at(before + number, way)
                report = here.sync()
                cut = len(server.commands) > before + number
                assert "Traceback" not in report.error
                settle(here, server)
                as_meant(server)
                assert sum(here.bodies().values()) == 13
        number += 1
        if not cut:
            break
    assert number > 20


def test_no_to_anything(tmp_path: Path) -> None:
    with Awkward() as server:
        fill(server)
        with Here(tmp_path / "first", account(server.account())) as here:
            here.sync()
            change_both_sides(here, server)
            here.sync()
        names = sorted(set(server.names()) - {"CAPABILITY", "LOGOUT"})
    assert len(names) > 10
    for name in names:
        with Awkward() as server:
            fill(server)
            with Here(tmp_path / name.replace(" ", "_"), account(server.account())) as here:
                refuse = refusing(name)
                server.tamper = refuse
                report = here.sync()
                if name in SIGN_IN:
                    assert "refused the user name or password" in report.error
                    # A wrong password is never tried again by itself; saying it anew is.
                    here.restart()
                server.tamper = behave
                here.sync()
                change_both_sides(here, server)
                kept = sum(here.bodies().values())
                server.tamper = refuse
                said = here.sync()
                assert "Traceback" not in said.error
                if name in SIGN_IN:
                    here.restart()
                # What was refused has come back here; nothing was lost on the way.
                assert sum(here.bodies().values()) >= kept - 2, name
                settle(here, server)


def refusing(name: str) -> Callable[[Call], bytes]:
    def tamper(call: Call) -> bytes:
        return call.no() if call.name == name else call.run()

    return tamper


@pytest.mark.parametrize("capabilities", [USUAL, USUAL.replace(" UIDPLUS", "")])
def test_a_move_done_by_half_is_not_done_twice(tmp_path: Path, capabilities: str) -> None:
    """A server killed within MOVE has copied the messages and not taken them away."""

    def half(call: Call) -> bytes:
        if call.name == "UID MOVE":
            for each in server.folder("INBOX").letters[:2]:
                server.put("Archive", each.raw, each.flags)
            raise HangUp()
        return call.run()

    with Awkward(capabilities=capabilities) as server:
        fill(server)
        with Here(tmp_path / "p", account(server.account())) as here:
            here.sync()
            here.restart()
            moving = [here.row(number).id for number in (1, 2, 3)]
            here.engine.move(moving, here.folder("Archive").id)
            server.tamper = half
            assert here.sync().error
            here.restart()
            settle(here, server)
            assert here.subjects("Archive") == ["1", "2", "3", "20", "21"]
            assert here.subjects() == ["4", "5", "6", "7", "8", "9"]
