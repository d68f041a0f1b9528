"""Replay: lost answers, refusals, what others did meanwhile, and flags a server cannot keep."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import cast

import pytest

from martlet.engine.events import Announcer
from martlet.engine.replay import Replay
from martlet.engine.tally import Tally
from martlet.mail.account import AccountId
from martlet.mail.changes import Change, Notice
from martlet.mail.errors import Offline
from martlet.mail.folder import FolderId
from martlet.mail.message import DELETED, FLAGGED, SEEN, Envelope, MessageId
from martlet.mail.sync import Arrival, LogEntry, SyncState
from martlet.net.imap import ImapSession
from martlet.store import account_log, accounts, folders, journal, mailbox
from martlet.store.blobs import Blobs
from support.paper import Letter, Paper
from support.stores import Store

NONE: frozenset[str] = frozenset()
RAW = b"Subject: nameless\r\n\r\nno Message-ID at all\r\n"


class Both:
    """A store and the server it is of, with the home account's folders."""

    def __init__(self, root: Path) -> None:
        self.store = Store(root)
        self.server = Paper("INBOX", "Archive", "Trash")
        self.blobs = Blobs(root)
        self.told: list[Change] = []

    def put(self, folder: str, header: bytes = b"", flags: frozenset[str] = NONE) -> MessageId:
        """A message on both sides."""
        uid = self.server.put(folder, Letter(header, flags))
        found = folders.by_name(self.store.db, self.store.home, folder)
        assert found is not None
        name = Letter(header).message_id
        head = Envelope(f"letter {uid}", message_id=name, date=1.7e9)
        with self.store.db.write() as tx:
            state = SyncState(1, uid + 1, 0)
            folders.save_sync_state(tx, found.id, state)
            (message,) = mailbox.add_many(
                tx, found.id, [Arrival(uid, head, flags, 100, 1.7e9, None, "")]
            )
        return message

    def replay(self, account: AccountId | None = None, *, postponed: int = 0) -> None:
        """With nothing remembered of earlier tries, as after a restart. postponed: how often what
        is put off then has its turn."""
        found = accounts.get(self.store.db, account or self.store.home)
        assert found is not None
        announcer = Announcer()
        announcer.listen(self.told.append)
        replay = Replay(found, self.store.db, self.blobs, announcer)
        self.server.selected = ""
        session = cast(ImapSession, self.server)
        replay.run(session, Tally(), Event())
        for _ in range(postponed):
            replay.run_postponed(session, Tally(), Event())
            replay.run(session, Tally(), Event())

    def cut_at(self, command: str) -> None:
        self.server.cut = command
        with pytest.raises(Offline):
            self.replay()

    def copy(self, message: MessageId, folder: FolderId) -> None:
        with self.store.db.write() as tx:
            journal.copy(tx, [message], folder)

    @property
    def log(self) -> list[LogEntry]:
        return account_log.newest(self.store.db, self.store.home, 9)


@pytest.fixture
def both(tmp_path: Path) -> Iterator[Both]:
    made = Both(tmp_path / "profile")
    yield made
    made.store.db.close()
    made.blobs.close()


@pytest.mark.parametrize("header", [b"", b"Message-ID: <1@x>"])
@pytest.mark.parametrize("has_move", [True, False])
def test_a_copy_whose_answer_was_lost_is_not_made_twice(
    both: Both, header: bytes, has_move: bool
) -> None:
    both.server.capabilities = frozenset({"UIDPLUS", *(["MOVE"] if has_move else [])})
    both.server.put("Archive", Letter(header))
    one = both.put("INBOX", header)
    both.copy(one, both.store.archive)
    both.cut_at("COPY")
    # Something else comes meanwhile that looks like it but for its date or name.
    other = both.server.put("Archive", Letter(b"Message-ID: <2@x>", received=1.0))
    both.replay()
    assert len(both.server.folders["Archive"]) == 3
    ((uid,),) = both.store.db.query(
        "SELECT uid FROM message WHERE folder_id = ?", (both.store.archive,)
    )
    assert uid in both.server.folders["Archive"]
    assert uid != other
    assert journal.pending(both.store.db, both.store.home) == []


@pytest.mark.parametrize("step", ["COPY", "EXPUNGE"])
def test_a_move_by_copy_is_finished(both: Both, step: str) -> None:
    both.server.capabilities = frozenset({"UIDPLUS"})
    one = both.put("INBOX")
    both.store.move(both.store.archive, one)
    both.cut_at(step)
    both.replay()
    assert (len(both.server.folders["INBOX"]), len(both.server.folders["Archive"])) == (0, 1)


def test_a_move_whose_answer_was_lost_keeps_its_row(both: Both) -> None:
    one = both.put("INBOX", b"Message-ID: <1@x>")
    both.store.move(both.store.archive, one)
    both.cut_at("MOVE")
    both.replay()
    (uid,) = both.server.folders["Archive"]
    assert both.store.where(one) == (both.store.archive, uid, NONE)
    assert both.log == []


def test_an_upload_whose_answer_was_lost_is_not_made_twice(both: Both) -> None:
    (key,) = both.blobs.put_many([RAW])
    with both.store.db.write() as tx:
        (one,) = mailbox.add_many(
            tx,
            both.store.local,
            [Arrival(0, Envelope("nameless"), NONE, len(RAW), 1.6e9, None, key)],
        )
    both.store.move(both.store.archive, one)
    both.cut_at("APPEND")
    both.replay()
    (uid,) = both.server.folders["Archive"]
    assert both.store.where(one) == (both.store.archive, uid, NONE)


def test_what_others_deleted_is_said(both: Both) -> None:
    first, second = both.put("INBOX"), both.put("INBOX")
    both.store.flag(SEEN, "", first, second)
    both.store.move(both.store.archive, first)
    del both.server.folders["INBOX"][1]
    both.replay()
    assert both.server.folders["INBOX"][2].flags == {SEEN}
    assert [line.sentence for line in both.log] == [
        "Martlet could not move “letter 1” to Archive: no longer on the server.",
        "Martlet could not change the marks of “letter 1”: no longer on the server.",
    ]
    assert {line.kind for line in both.log} == {"conflict"}
    assert len([change for change in both.told if isinstance(change, Notice)]) == 2
    assert both.store.where(first) == (both.store.inbox, 1, NONE)


def test_what_reading_marked_is_not_worth_a_word(both: Both) -> None:
    one = both.put("INBOX")
    with both.store.db.write() as tx:
        journal.flag(tx, [one], frozenset({SEEN}), NONE, cause="reading")
    both.server.folders["INBOX"].clear()
    both.replay()
    assert both.log == []
    assert journal.pending(both.store.db, both.store.home) == []


def test_deleting_what_is_gone_is_done(both: Both) -> None:
    one = both.put("INBOX")
    both.store.delete(one)
    both.server.folders["INBOX"].clear()
    both.replay()
    assert both.log == []
    assert both.store.db.query("SELECT id FROM message") == []


def test_flags_that_cannot_be_kept_are_found_out(both: Both) -> None:
    one = both.put("INBOX")
    both.store.flag(f"{SEEN} paid", "", one)
    both.server.permanent = frozenset({SEEN, DELETED})
    both.replay()
    assert both.server.folders["INBOX"][1].flags == {SEEN}
    assert both.store.where(one) == (both.store.inbox, 1, frozenset({SEEN, "paid"}))
    both.store.flag(FLAGGED, "", one)
    assert journal.pending(both.store.db, both.store.home) == []


def test_a_folder_that_can_only_be_read_has_its_marks_here(both: Both) -> None:
    one = both.put("INBOX")
    both.server.read_only, both.server.no = True, {"STORE"}
    both.store.flag(SEEN, "", one)
    both.replay()
    assert both.store.where(one) == (both.store.inbox, 1, frozenset({SEEN}))
    assert both.log == []


def test_what_is_refused_is_as_it_was(both: Both) -> None:
    with both.store.db.write() as tx:
        plans = folders.create(tx, both.store.home, "Plans", "/")
    both.server.create("Plans")
    one = both.put("Plans")
    both.server.no = {"DELETE", "RENAME", "MOVE"}
    with both.store.db.write() as tx:
        journal.rename_folder(tx, plans, "Old")
        journal.delete_folder(tx, plans)
    both.replay()
    found = folders.by_id(both.store.db, plans)
    assert found is not None
    assert found.name == "Plans"
    uid = next(iter(both.server.folders["Plans"]))
    assert both.store.where(one) == (plans, uid, NONE)
    both.store.move(both.store.archive, one)
    both.replay()
    assert both.store.where(one) == (plans, uid, NONE)
    assert [line.sentence for line in reversed(both.log)] == [
        "The server refused to rename the folder Plans to Old.",
        "The server refused to delete the folder Plans.",
        "The server refused to move “letter 1” to Archive.",
    ]


def test_without_uidplus_what_is_deleted_is_hidden_and_can_come_back(both: Both) -> None:
    both.server.capabilities = frozenset({"MOVE"})
    one = both.put("INBOX")
    both.store.delete(one)
    both.replay()
    assert both.server.folders["INBOX"][1].flags == {DELETED}
    assert both.store.where(one) is None
    with both.store.db.write() as tx:
        assert journal.undelete(tx, [one]) == 1
    both.replay()
    assert both.server.folders["INBOX"][1].flags == NONE


def test_other_numbers_are_other_messages(both: Both) -> None:
    one = both.put("INBOX", b"Message-ID: <1@x>")
    two = both.put("INBOX")
    both.store.flag(SEEN, "", one, two)
    both.server.validity["INBOX"] = 2
    letters = both.server.folders["INBOX"]
    letters[9], letters[1] = letters.pop(1), Letter(b"Message-ID: <another@x>")
    both.replay()
    assert letters[9].flags == {SEEN}
    assert letters[1].flags == letters[2].flags == NONE


def test_ten_thousand_marks_made_in_turn_are_few_commands(both: Both) -> None:
    many = [Arrival(n, Envelope(), NONE, 100, 1.0, None) for n in range(1, 10_001)]
    both.server.folders["INBOX"] = {n: Letter(b"") for n in range(1, 10_001)}
    with both.store.db.write() as tx:
        ids = mailbox.add_many(tx, both.store.inbox, many)
        for number, message in enumerate(ids):
            journal.flag(tx, [message], frozenset({(SEEN, FLAGGED)[number % 2]}), NONE)
    both.replay()
    assert both.server.commands.count("STORE") <= 24
    assert both.server.commands.count("SELECT") == 1
    found = both.server.folders["INBOX"].values()
    assert [one.flags for one in found][:2] == [{SEEN}, {FLAGGED}]
    assert all(one.flags for one in found)


@pytest.mark.parametrize("has_move", [True, False])
def test_a_look_alike_is_not_what_an_earlier_try_left(both: Both, has_move: bool) -> None:
    both.server.capabilities = frozenset({"UIDPLUS", *(["MOVE"] if has_move else [])})
    one = both.put("INBOX", b"Message-ID: <1@x>")
    # A list's copy, come since the folder was last compared.
    both.server.put("Archive", Letter(b"Message-ID: <1@x>"))
    both.store.move(both.store.archive, one)
    command = "MOVE" if has_move else "COPY"
    both.server.lost = command
    with pytest.raises(Offline):
        both.replay()
    # Another comes between the tries: by its size it is none of ours.
    both.server.put("Archive", Letter(b"Message-ID: <1@x>", size=4000))
    both.replay()
    assert both.server.folders["INBOX"] == {}
    assert [letter.size for letter in both.server.folders["Archive"].values()] == [100, 4000, 100]


@pytest.mark.parametrize("told", [True, False])
@pytest.mark.parametrize("others", [0, 1])
def test_our_own_move_does_not_hide_what_nobody_saw(both: Both, told: bool, others: int) -> None:
    both.server.capabilities = frozenset({"MOVE", *(["UIDPLUS"] if told else [])})
    one = both.put("INBOX", b"Message-ID: <1@x>")
    seen = both.put("Archive", b"Message-ID: <2@x>")
    for number in range(others):
        both.server.put("Archive", Letter(b"Message-ID: <%d@y>" % number))
    both.store.move(both.store.archive, one)
    both.replay()
    with both.store.db.write() as tx:
        journal.delete_folder(tx, both.store.archive)
    both.replay()
    assert ("Archive" in both.server.folders) == bool(others)
    if others:
        assert both.store.where(seen) is not None
        assert "have not been seen" in both.log[0].detail


def test_what_the_server_has_no_time_for_waits_and_keeps_back_nothing_else(both: Both) -> None:
    one = both.put("INBOX", b"Message-ID: <1@x>")
    two = both.put("INBOX", b"Message-ID: <2@x>")
    both.store.move(both.store.archive, one)
    both.store.flag(SEEN, "", one)
    both.store.flag(FLAGGED, "", two)
    both.server.busy = {"MOVE"}
    both.replay(postponed=2)
    assert len(both.server.folders["INBOX"]) == 2
    assert [sorted(m.flags) for m in both.server.folders["INBOX"].values()] == [[], [FLAGGED]]
    assert len(journal.pending(both.store.db, both.store.home)) == 2
    assert len(both.log) == 1
    assert "no time now to move" in both.log[0].sentence
    assert both.store.where(one) is not None
    assert both.told == []
    both.server.busy = set()
    both.replay()
    assert journal.pending(both.store.db, both.store.home) == []
    (moved,) = both.server.folders["Archive"].values()
    assert moved.flags == {SEEN}
