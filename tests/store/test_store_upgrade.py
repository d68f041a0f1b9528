"""A profile of the first version is opened by this one with everything in it."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path

import apsw
import pytest

from martlet.engine.engine import Engine
from martlet.mail.account import AccountId, Keep
from martlet.mail.folder import FolderId, Role
from martlet.mail.message import FLAGGED, SEEN, MessageId
from martlet.mail.outgoing import OutboxState
from martlet.mail.sync import OpKind, SyncState
from martlet.paths import Profile
from martlet.store import drafts, folders, journal, mailbox
from martlet.store.database import FILE_NAME, Database
from martlet.store.migrate import steps, version
from martlet.store.reader import Reader

BLOB = "c" * 64
# Rows as the first version wrote them.
ROWS = """
INSERT INTO account (id, name, address, settings, position) VALUES (1, 'work', 'ada@example.org',
 '{"id":0,"name":"work","address":"ada@example.org","full_name":"Ada","incoming":{"protocol":"imap",
 "host":"imap.example.org","port":993,"security":"tls","user":"ada","auth":""},"outgoing":null,
 "secret":"keyring","password_command":"","ca_file":"","pins":[],"leave_on_server":true,
 "leave_days":0}', 1);
INSERT INTO folder (id, account_id, name, role, uid_validity, uid_next, modseq) VALUES
 (1, 1, 'INBOX', 'inbox', 77, 9, 12), (2, 1, 'Sent', 'sent', 78, 1, 0),
 (3, 1, 'Plans', '', 0, 0, 0);
INSERT INTO message (id, folder_id, uid, sort_key, message_id, subject, from_address, date,
  received, size, server_flags, flags, seen, blob, indexed) VALUES
 (1, 1, 5, 1782579200000001, '<1@x>', 'Grüße 你好', 'b@example.org', 1.7e9, 1.7e9, 100,
  '\\Seen paid',  '\\Flagged \\Seen paid', 1, '%(blob)s', 2),
 (2, 1, 6, 1782579200000002, '<2@x>', 'headers only', 'c@example.org', 1.7e9, 1.7e9, 200, '', '', 0,
  '', 1),
 (3, 3, 0, 1782579200000003, '<3@x>', 'moved', 'd@example.org', 1.7e9, 1.7e9, 300, '', '', 0, '',
  1);
INSERT INTO message_text (rowid, subject, sender, recipients, body) VALUES
 (1782579200000001, 'Grüße 你 好', 'b@example.org', '', 'budget'),
 (1782579200000002, 'headers only', 'c@example.org', '', ''),
 (1782579200000003, 'moved', 'd@example.org', '', '');
INSERT INTO journal (id, action, time, kind, account_id, message, folder_id, uid, before, after)
 VALUES
 (1, 1, 1.7e9, 'flags', 1, 1, 1, 5, '{"flags":"\\\\Seen paid"}',
  '{"add":["\\\\Flagged"],"remove":[]}'),
 (2, 2, 1.7e9, 'move', 1, 3, 1, 8, '{}', '{"target":3}');
INSERT INTO outbox (account_id, message_id, subject, sender, recipients, blob, size, state,
  created) VALUES (1, '<o@x>', 'waiting', 'ada@example.org', '["b@example.org"]', '%(blob)s', 9,
  'queued', 1.7e9);
INSERT INTO draft (account_id, updated, body) VALUES (1, 1.7e9, '{"id":0,"account_id":1,"to":[],
 "cc":[],"bcc":[],"subject":"begun","text":"my words","html":null,"parts":[]}'), (1, 1.7e9,
 '{"id":0,"account_id":1,"to":[],"cc":[],"bcc":[],"subject":"another","text":"more","html":null,
 "parts":[]}');
INSERT INTO contact VALUES ('b@example.org', 'Bruno', 3, 1.7e9);
"""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    connection = apsw.Connection(str(tmp_path / FILE_NAME))
    connection.pragma("journal_mode", "wal")
    number, sql = steps()[0]
    connection.execute(sql)
    connection.execute(f"PRAGMA user_version = {number}")
    connection.execute(ROWS % {"blob": BLOB})
    connection.close()
    return tmp_path


def test_everything_is_kept(old: Path) -> None:
    reader = Reader(old)
    # It is not read before an engine has brought it up to date.
    assert reader.accounts() == []
    database = Database(old)
    assert database.query("PRAGMA integrity_check") == [("ok",)]
    (account,) = reader.accounts()
    assert (account.name, account.full_name) == ("work", "Ada")
    assert (account.keep, account.keep_days, account.connections) == (Keep.RECENT, 365, 3)
    inbox, sent, plans = reader.folders(AccountId(1))
    assert [f.role for f in (inbox, sent, plans)] == [Role.INBOX, Role.SENT, Role.NONE]
    assert (inbox.total, inbox.unread, inbox.keep, inbox.chosen) == (2, 1, None, False)
    assert folders.sync_state(database, inbox.id) == SyncState(77, 9, 12)
    first = reader.row(MessageId(1))
    assert first is not None
    assert first.flags == {SEEN, FLAGGED}
    assert (set(first.tags), first.has_body) == ({"paid"}, True)
    assert [row.id for row in reader.search("budget 你好")] == [1]
    assert [(entry.subject, entry.state) for entry in reader.outbox()] == [
        ("waiting", OutboxState.QUEUED)
    ]
    # What waits has a name, by which it is known since when a server puts it off.
    assert [len(entry.envelope_id) for entry in reader.outbox()] == [32]
    assert [one.name for one in reader.complete("bru", 3)] == ["Bruno"]
    database.close()
    reader.close()


def test_what_waited_goes_on_and_is_undone(old: Path) -> None:
    database = Database(old)
    flag, move = journal.pending(database, AccountId(1))
    assert (flag.kind, flag.add, flag.uid) == (OpKind.FLAGS, frozenset({FLAGGED}), 5)
    assert (move.folder_name, move.target_name, move.begun) == ("INBOX", "Plans", (0, 0))
    with database.write() as tx:
        journal.done(tx, [flag.id])
        assert journal.undo(tx) == "Move of 1 message to Plans"
        assert journal.undo(tx) == "Change of marks of 1 message"
    (back,) = mailbox.locate(database, [MessageId(3)])
    assert (back.folder_id, back.uid) == (FolderId(1), 8)
    database.close()


def test_letters_begun_are_known_and_to_be_shown(old: Path) -> None:
    database = Database(old)
    first, second = drafts.all_standings(database)
    # Each has a key of its own: it stands in Message-IDs, and tells them apart.
    assert re.fullmatch("[0-9a-f]{24}", first.key)
    assert first.key != second.key
    assert (first.wanted, first.message, first.uploaded, first.lost) == (True, 0, "", False)
    draft = drafts.get(database, first.id)
    assert draft is not None
    assert (draft.subject, draft.text, draft.key) == ("begun", "my words", first.key)
    database.close()


def test_a_letter_begun_is_kept_when_it_is_looked_at(old: Path) -> None:
    made = Engine(Profile(old), clock=lambda: 1.8e9)
    with closing(made) as engine, closing(Reader(old)) as reader:
        before = reader.drafts_only_here()
        assert {one.text for one in before} == {"my words", "more"}
        for one in before:
            engine.close_draft(one.id)
        assert reader.drafts_only_here() == before


def test_a_copy_of_the_old_one_stays_beside_it(old: Path) -> None:
    Database(old).close()
    copy = old / f"{FILE_NAME}.version-1"
    connection = apsw.Connection(str(copy), flags=apsw.SQLITE_OPEN_READONLY)
    assert version(connection) == 1
    assert list(connection.execute("SELECT COUNT(*) FROM message")) == [(3,)]
    connection.close()
