"""Opening, migrating, transactions, change notes, and errors in words."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import apsw
import pytest

from martlet.mail.account import AccountId
from martlet.mail.changes import AccountsChanged, Change, FoldersChanged, MessagesChanged
from martlet.mail.errors import StoreError
from martlet.mail.folder import FolderId
from martlet.mail.message import MessageId
from martlet.store import migrate
from martlet.store.database import Database
from martlet.store.merging import merge
from martlet.store.reader import Reader


def test_a_new_profile_is_private_and_current(tmp_path: Path) -> None:
    database = Database(tmp_path / "p")
    assert database.query("PRAGMA user_version") == [(migrate.newest(),)]
    assert database.query("PRAGMA journal_mode") == [("wal",)]
    assert (tmp_path / "p").stat().st_mode & 0o077 == 0
    database.close()
    Database(tmp_path / "p").close()


def test_a_newer_database_is_refused_in_words(tmp_path: Path) -> None:
    Database(tmp_path).close()
    connection = apsw.Connection(str(tmp_path / "martlet.db"))
    connection.execute("PRAGMA user_version = 999")
    connection.close()
    with pytest.raises(StoreError, match="newer version of Martlet"):
        Database(tmp_path)
    with pytest.raises(StoreError, match="newer version of Martlet"):
        Reader(tmp_path).accounts()


def test_a_migration_copies_first_and_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "martlet.db"
    Database(tmp_path).close()
    one = migrate.steps()
    last = migrate.newest()
    connection = apsw.Connection(str(path))
    monkeypatch.setattr(
        migrate, "steps", lambda: (*one, (last + 1, "CREATE TABLE x (y); SELECT nope"))
    )
    with pytest.raises(apsw.SQLError):
        migrate.migrate(connection, path)
    assert migrate.version(connection) == last
    assert not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'x'").fetchall()
    monkeypatch.setattr(migrate, "steps", lambda: (*one, (last + 1, "CREATE TABLE x (y)")))
    migrate.migrate(connection, path)
    assert migrate.version(connection) == last + 1
    connection.close()
    copy = apsw.Connection(str(tmp_path / f"martlet.db.version-{last}"))
    assert migrate.version(copy) == last
    copy.close()


def test_damage_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "martlet.db").write_bytes(b"this is no database, " * 500)
    with pytest.raises(StoreError) as caught:
        Database(tmp_path)
    assert caught.value.summary == "The mail store is damaged and cannot be read."


@pytest.mark.skipif(os.getuid() == 0, reason="root may write anywhere")
def test_a_folder_one_may_not_write(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(StoreError):
            Database(tmp_path / "p")
    finally:
        tmp_path.chmod(0o700)


def test_a_full_disk_rolls_back_and_the_store_goes_on(tmp_path: Path) -> None:
    database = Database(tmp_path)
    told: list[Change] = []
    database.listen(told.append)
    insert = "INSERT INTO contact (address, name) VALUES (?, ?)"
    with database.write() as tx:
        pages = tx.query("PRAGMA page_count")[0][0]
        tx.query(f"PRAGMA max_page_count = {pages + 3}")

    def fill() -> None:
        with database.write() as tx:
            tx.note(AccountsChanged())
            for number in range(1000):
                tx.execute(insert, (f"a{number}@example.org", "x" * 500))

    with pytest.raises(StoreError, match="disk is full"):
        fill()
    assert told == []
    assert database.query("SELECT COUNT(*) FROM contact") == [(0,)]
    with database.write() as tx:
        tx.query("PRAGMA max_page_count = 1000000")
        tx.execute(insert, ("a@example.org", ""))
    assert database.query("SELECT COUNT(*) FROM contact") == [(1,)]
    database.close()


def test_what_raises_is_rolled_back_and_not_told(tmp_path: Path) -> None:
    database = Database(tmp_path)
    told: list[Change] = []
    database.listen(told.append)

    def stumble() -> None:
        with database.write() as tx:
            tx.execute("INSERT INTO contact (address) VALUES ('a@b')")
            tx.note(AccountsChanged())
            raise KeyError

    with pytest.raises(KeyError):
        stumble()
    assert (told, database.query("SELECT * FROM contact")) == ([], [])
    database.close()


def test_transactions_do_not_nest(tmp_path: Path) -> None:
    database = Database(tmp_path)
    with database.write(), pytest.raises(RuntimeError), database.write():
        pass
    with database.write():
        pass
    database.close()
    with pytest.raises(StoreError), database.write():
        pass
    with pytest.raises(StoreError):
        database.query("SELECT 1")


def test_listeners_may_write_and_see_what_was_committed(tmp_path: Path) -> None:
    database = Database(tmp_path)
    counts: list[int] = []

    def listener(change: Change) -> None:
        counts.append(database.query("SELECT COUNT(*) FROM contact")[0][0])
        with database.write():
            pass

    database.listen(listener)
    with database.write() as tx:
        tx.execute("INSERT INTO contact (address) VALUES ('a@b')")
        tx.note(AccountsChanged())
    assert counts == [1]
    database.close()


def test_many_threads_read_while_others_write(tmp_path: Path) -> None:
    database = Database(tmp_path)
    with database.write() as tx:
        tx.execute("INSERT INTO contact (address, uses) VALUES ('a@b', 0)")
    failures: list[BaseException] = []

    def write() -> None:
        try:
            for _ in range(50):
                with database.write() as tx:
                    seen = tx.query("SELECT uses FROM contact")[0][0]
                    tx.execute("UPDATE contact SET uses = ?", (seen + 1,))
        except BaseException as error:
            failures.append(error)

    def read() -> None:
        try:
            last = 0
            for _ in range(200):
                now = database.query("SELECT uses FROM contact")[0][0]
                assert now >= last
                last = now
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=t) for t in (write, read, write, read, write)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert database.query("SELECT uses FROM contact") == [(150,)]
    database.close()


def test_notes_are_merged() -> None:
    one, two, three, four = (MessageId(n) for n in (1, 2, 3, 4))
    inbox, trash = FolderId(1), FolderId(2)
    merged = merge(
        [
            FoldersChanged(AccountId(1)),
            MessagesChanged(inbox, added=(one, two), changed=(three,)),
            MessagesChanged(trash, removed=(four,)),
            FoldersChanged(AccountId(1)),
            MessagesChanged(inbox, changed=(one,), removed=(two, three)),
            MessagesChanged(trash, added=(four,)),
        ]
    )
    assert merged == [
        FoldersChanged(AccountId(1)),
        MessagesChanged(inbox, added=(one,), removed=(three,)),
        MessagesChanged(trash, changed=(four,)),
    ]
    nothing = [MessagesChanged(inbox, added=(one,)), MessagesChanged(inbox, removed=(one,))]
    assert merge(nothing) == []


def test_closing_interrupts_who_reads(tmp_path: Path) -> None:
    database = Database(tmp_path)
    begun = threading.Event()
    ended: list[StoreError] = []
    endless = (
        "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n"
    )

    def read() -> None:
        database.query("SELECT 1")
        begun.set()
        try:
            database.query(endless)
        except StoreError as error:
            ended.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    begun.wait(30)
    database.close()
    reader.join(30)
    assert [error.summary for error in ended] == ["The mail store is closed."]
