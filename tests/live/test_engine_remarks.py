"""What a server wants a person to know is in the account's log."""

from __future__ import annotations

from pathlib import Path

from support.awkward import Awkward, Call
from support.passes import Here, account, letter


def test_an_alert_is_in_the_log(tmp_path: Path) -> None:
    def alert(call: Call) -> bytes:
        before = b"* OK [ALERT] The server rests on Sunday\r\n" if call.name == "LIST" else b""
        return before + call.run()

    with Awkward(alert) as server:
        server.put("INBOX", letter(1))
        with Here(tmp_path, account(server.account())) as here:
            assert here.sync().new == 1
            assert "The server rests on Sunday" in here.said()
            assert "1 new" in here.said()
