"""A change at which the server hangs up each time does not keep all else from its turn."""

from __future__ import annotations

from pathlib import Path

from martlet.mail.message import FLAGGED, SEEN
from support.awkward import Awkward, Call, HangUp
from support.passes import Here, account, letter

NONE: frozenset[str] = frozenset()


def test_a_change_that_ends_the_line_is_put_off(tmp_path: Path) -> None:
    tries = 0

    def tamper(call: Call) -> bytes:
        nonlocal tries
        if call.name == "UID STORE" and FLAGGED.encode() in call.line:
            tries += 1
            raise HangUp(b"* BYE internal error\r\n")
        return call.run()

    with Awkward(tamper) as server:
        server.put("INBOX", letter(1))
        server.put("INBOX", letter(2))
        with Here(tmp_path, account(server.account())) as here:
            here.sync()
            here.engine.set_flags([here.row(1).id], [FLAGGED], [])
            here.engine.set_flags([here.row(2).id], [SEEN], [])
            here.engine.move([here.row(1).id], here.folder("Archive").id)
            server.put("INBOX", letter(3))
            reports = [here.sync() for _ in range(4)]
            assert reports[0].error
            assert not reports[3].error
            assert here.subjects() == ["2", "3"]
            assert server.shown()["INBOX", "2", frozenset({SEEN})] == 1
            assert server.shown()["INBOX", "1", NONE] == 1
            # Once in each pass, which is not the worse for it, and told once. While anything is
            # pending there are two.
            tries = 0
            for count in (1, 2, 3):
                report = here.sync()
                assert (report.error, report.problems, tries) == ("", (), 2 * count)
            assert here.said().count("lost 3 times") == 1
            assert here.pending() == 2
            server.tamper = Call.run
            assert here.sync().error == ""
            assert here.pending() == 0
            assert server.shown()["Archive", "1", frozenset({FLAGGED})] == 1
