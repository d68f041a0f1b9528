"""Raw bytes: kept exactly, once, checked, and there after a kill."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import apsw
import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.mail.errors import StoreError
from martlet.store.blob_stream import LARGE
from martlet.store.blobs import Blobs
from martlet.store.database import Database
from martlet.store.living import living_blobs

APP = Path(__file__).parents[2] / "app"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Blobs:
    return Blobs(tmp_path_factory.mktemp("blobs"))


@given(data=st.binary(max_size=5000))
def test_what_goes_in_comes_out(shared: Blobs, data: bytes) -> None:
    key = shared.put(data)
    assert key == hashlib.sha256(data).hexdigest()
    assert shared.get(key) == data
    assert shared.size(key) == len(data)
    assert shared.sizes([key, "0" * 64, key, ""]) == {key: len(data)}
    stream = shared.open(key)
    assert stream is not None
    with stream:
        assert stream.read() == data


def test_large_ones_are_files(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    data = random.Random(1).randbytes(LARGE + 100_000)
    key = blobs.put(data, durable=True)
    assert blobs.put(data) == key
    assert [p.name for p in (tmp_path / "blobs").rglob("*.*")] == [f"{key}.zst"]
    assert blobs.get(key) == data
    stream = blobs.open(key)
    assert stream is not None
    with stream:
        assert stream.read(10) == data[:10]
        assert stream.read() == data[10:]
    blobs.close()


def test_same_bytes_are_stored_once(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    keys = blobs.put_many([b"a", b"b", b"a"])
    assert keys[0] == keys[2] != keys[1]
    blobs.close()
    connection = apsw.Connection(str(tmp_path / "blobs.db"))
    assert connection.execute("SELECT COUNT(*) FROM blob").fetchall() == [(2,)]
    connection.close()


def test_damage_is_noticed(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    key, other = blobs.put_many([b"the bytes" * 50, b"other bytes" * 50])
    large = blobs.put(random.Random(2).randbytes(2 * LARGE))
    connection = apsw.Connection(str(tmp_path / "blobs.db"))
    connection.execute(
        "UPDATE blob SET data = (SELECT data FROM blob WHERE key = ?),"
        " size = (SELECT size FROM blob WHERE key = ?) WHERE key = ?",
        (other, other, key),
    )
    connection.close()
    next((tmp_path / "blobs").rglob("*.zst")).unlink()
    for damaged in (key, large):
        with pytest.raises(StoreError, match="damaged"):
            blobs.get(damaged)
    assert blobs.get("0" * 64) is None
    assert blobs.get("") is None
    blobs.close()


def test_collecting_keeps_the_living_and_the_young(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    large = random.Random(3).randbytes(2 * LARGE)
    keep, drop, drop_large = blobs.put_many([b"keep", b"drop", large])
    assert blobs.collect({keep}) == 0
    assert blobs.collect({keep}, older_than_s=-1) == 2
    assert blobs.get(keep) == b"keep"
    assert blobs.get(drop) is None
    assert blobs.get(drop_large) is None
    assert not list((tmp_path / "blobs").rglob("*.zst"))
    blobs.close()


def test_reading_an_empty_profile_makes_nothing(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path, read_only=True)
    assert blobs.get("0" * 64) is None
    assert list(tmp_path.iterdir()) == []
    writer = Blobs(tmp_path)
    key = writer.put(b"x")
    assert blobs.get(key) == b"x"
    blobs.close()
    writer.close()


_CHILD = """
import os, sys
from pathlib import Path
from martlet.mail.account import Account, AccountId
from martlet.mail.folder import Role
from martlet.mail.message import Content, Envelope
from martlet.store import accounts, folders, mailbox, pop3
from martlet.store.blobs import Blobs
from martlet.store.database import Database

root = Path(sys.argv[1])
database, blobs = Database(root), Blobs(root)
with database.write() as tx:
    account = accounts.add(tx, Account(AccountId(0), "a", "a@example.org"))
inbox = folders.by_role(database, account, Role.INBOX)
print("ready", flush=True)
number = 0
while True:
    number += 1
    raw = b"Subject: %d\\r\\n\\r\\n" % number + os.urandom(3000)
    key = blobs.put(raw, durable=True)
    print("blob", key, flush=True)
    with database.write() as tx:
        message = mailbox.add(
            tx, inbox.id, 0, Envelope(subject=str(number)), flags=frozenset(), size=len(raw),
            received=1.0, content=Content("", "text"), blob=key,
        )
        print("inside", flush=True)
        tx.must_last()
        pop3.note_all(tx, account, [pop3.Fetched(str(number), "", len(raw), message)], 1.0)
    print("row", number, key, flush=True)
"""


@pytest.mark.parametrize("line", ["blob", "inside", "row"])
@pytest.mark.parametrize("count", [1, 7])
def test_killed_between_any_two_steps(tmp_path: Path, line: str, count: int) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", _CHILD, str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(APP)},
    )
    assert child.stdout is not None
    promised: dict[str, str] = {}
    put: set[str] = set()
    seen = 0
    for said in child.stdout:
        word, *rest = said.split()
        if word == "row":
            promised[rest[0]] = rest[1]
        elif word == "blob":
            put.add(rest[0])
        seen += word == line
        if seen == count:
            child.send_signal(signal.SIGKILL)
            break
    child.stdout.close()
    child.wait()

    database, blobs = Database(tmp_path), Blobs(tmp_path)
    assert database.query("PRAGMA integrity_check") == [("ok",)]
    rows: dict[str, str] = {s: b for s, b in database.query("SELECT subject, blob FROM message")}
    assert promised.items() <= rows.items()
    # Every row has its bytes, its text and its UIDL; no UIDL is without a row.
    assert all(blobs.get(key) is not None for key in rows.values())
    assert all(blobs.get(key) is not None for key in put)
    assert {row[0] for row in database.query("SELECT uidl FROM pop3_seen")} == rows.keys()
    found = database.query("SELECT COUNT(*) FROM message_text WHERE message_text MATCH 'text'")
    assert found == [(len(rows),)]
    assert living_blobs(database) == set(rows.values())
    blobs.close()
    database.close()
