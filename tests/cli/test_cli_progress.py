"""The line that a progress bar draws."""

from __future__ import annotations

from martlet.cli.progress import line_of
from martlet.mail.account import AccountId
from martlet.mail.changes import Progress, Unit


def test_messages_and_bytes() -> None:
    one = AccountId(1)
    assert line_of(Progress(one, "Inbox", 12, 24)) == f"[{'#' * 12}{'.' * 12}] 12/24 Inbox"
    assert line_of(Progress(one, "Inbox", 0, 24)) == f"[{'.' * 24}] 0/24 Inbox"
    assert line_of(Progress(one, "Inbox", 7, 0)) == "7 Inbox"
    told = Progress(one, "film.mp4", 5_000_000, 20_000_000, Unit.BYTES, 200.0)
    assert line_of(told) == f"[{'#' * 6}{'.' * 18}] 5.0 MB/20 MB 3 min left film.mp4"
    ended = Progress(one, "a\x1b[31m\nb", 20, 20, Unit.BYTES, 2.0)
    assert line_of(ended) == f"[{'#' * 24}] 20 B/20 B a\\x1b[31m b"
