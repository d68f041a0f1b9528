"""EXPUNGE and CLOSE delete what others have marked: no code of ours can say them."""

from __future__ import annotations

import re
from pathlib import Path

APP = Path(__file__).resolve().parents[2] / "app" / "martlet"
# A command is a literal that begins with its verb; what is read of servers is in imap_wire.
_SAID = re.compile(r"""[rf]?b?["'](?:\{?tag\}? ?)?(EXPUNGE|CLOSE)\b""", re.IGNORECASE)
_UID_ONLY = re.compile(r"""b["']UID EXPUNGE """)


def test_no_command_deletes_what_was_not_named() -> None:
    found = {
        f"{path.relative_to(APP)}: {line.strip()}"
        for path in (APP / "net").glob("imap*.py")
        for line in path.read_text("utf-8").splitlines()
        if _SAID.search(line) and path.name != "imap_wire.py"
    }
    assert found == set()
    wire = (APP / "net" / "imap_wire.py").read_text("utf-8")
    assert ".write(" not in wire
    assert ".send(" not in wire


def test_deletion_is_by_uid() -> None:
    change = (APP / "net" / "imap_change.py").read_text("utf-8")
    assert len(_UID_ONLY.findall(change)) == 1
