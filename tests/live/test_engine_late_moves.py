"""What is moved while older mail is still coming in."""

from __future__ import annotations

import re
from pathlib import Path

from support.awkward import USUAL, Awkward, Call
from support.passes import Here, account, letter


def test_what_is_moved_into_a_folder_between_two_slices_stays(tmp_path: Path) -> None:
    slices = 0

    def tamper(call: Call) -> bytes:
        nonlocal slices
        if call.name == "UID FETCH" and b"HEADER.FIELDS" in call.line:
            slices += 1
            if slices == 2:
                here.engine.move([moved], here.folder("Archive").id)
        return re.sub(rb"\[COPYUID [^]]*\] ", b"", call.run())

    capabilities = USUAL.replace(" UIDPLUS", "")
    with Awkward(capabilities=capabilities) as server:
        server.put("INBOX", letter(1))
        with Here(tmp_path, account(server.account())) as here:
            here.sync()
            moved = here.row(1).id
            for number in range(2, 4000):
                server.put("Archive", letter(number))
            server.tamper = tamper
            here.engine.sync([], True)
            assert slices > 2
            assert here.row(1, "Archive").id == moved
            here.sync()
            assert here.row(1, "Archive").id == moved
            assert len(here.rows("Archive")) == 3999
