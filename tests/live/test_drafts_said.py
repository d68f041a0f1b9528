"""What a person hears of drafts on a server, and when a draft is gone from there."""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from martlet.mail.account import Protocol, WorkerState
from martlet.store.blobs import Blobs
from support.awkward import Call, behave
from support.draft_side import Side, texts, with_drafts
from support.watching import Watch


def test_a_letter_that_waits_for_its_time_is_no_draft_elsewhere_at_once(tmp_path: Path) -> None:
    with with_drafts() as server, Side(tmp_path, server) as side:
        letter = side.write("one")
        side.here.sync()
        draft = side.draft(letter)
        watch = Watch(side.here.engine)
        side.here.engine.start()
        watch.state(draft.account_id, Protocol.IMAP, WorkerState.IDLE)
        side.here.engine.send(replace(draft, send_at=time.time() + 3600.0), 0.0)
        watch.until(lambda: not texts(server))


def test_what_is_damaged_here_no_server_refused(tmp_path: Path) -> None:
    with with_drafts() as server, Side(tmp_path, server) as side:
        side.write("one")
        with closing(Blobs(tmp_path)) as blobs:
            blobs.collect(set(), older_than_s=-1.0)
        side.here.sync()
        (notice,) = side.here.notices
        assert "The draft is here." in notice.summary
        assert "server refused" not in notice.summary
        assert "APPEND" not in server.names()


def test_a_copy_that_a_server_keeps_is_said_to_be_there(tmp_path: Path) -> None:
    def keeps(call: Call) -> bytes:
        if call.name in ("STORE", "EXPUNGE", "UID STORE", "UID EXPUNGE"):
            return call.no("[NOPERM] kept for ever")
        return call.run()

    with with_drafts() as server, Side(tmp_path, server) as side:
        letter = side.write("one")
        side.here.sync()
        server.tamper = keeps
        side.here.engine.discard_draft(letter)
        side.here.sync()
        (notice,) = side.here.notices
        assert "its copy stays there for now" in notice.summary
        assert "this computer" not in notice.summary
        server.tamper = behave
        side.here.sync()
        assert texts(server) == []
