"""Messages with large files over one session: text first, the rest by range, broken off, gone on
with.
"""

from __future__ import annotations

import base64
import os
import random
import resource
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from martlet.engine.events import Announcer
from martlet.engine.jobs import TransferJob
from martlet.engine.network import INTERNET
from martlet.engine.reading import Reading
from martlet.engine.saving import Saving
from martlet.engine.sender_check import SenderCheck
from martlet.engine.stored_mail import StoredMail
from martlet.engine.transfers import Transfers
from martlet.mail.account import Account, AccountId, Protocol, Security
from martlet.mail.changes import Change, Progress, Unit
from martlet.mail.errors import Offline, Refused, StoreError
from martlet.mail.folder import FolderId, Role
from martlet.mail.message import MessageId
from martlet.mail.route import STRAIGHT
from martlet.mail.sync import SyncState
from martlet.mime import skeleton
from martlet.mime.headers import envelope, parse_headers
from martlet.mime.parse import parse
from martlet.mime.render import render
from martlet.net.imap import ImapSession
from martlet.store import accounts, folders, mailbox, parts
from martlet.store.blobs import Blobs
from martlet.store.database import Database
from martlet.store.living import living_blobs
from martlet.store.reader import Reader
from support.dovecot import Dovecot, installed
from support.large import DATA, FILE_NAME, MIB, film
from support.proxy import Proxy

pytestmark = pytest.mark.skipif(not installed(), reason="Dovecot is not installed")

RAW = film()


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    with Dovecot() as server:
        server.deliver("ada", RAW)
        yield server


class Bench:
    """One account's transfers, over sessions to a Dovecot or a proxy before it."""

    def __init__(self, root: Path, server: Dovecot, user: str = "ada") -> None:
        self.root = root
        self.server = server
        self.user = user
        self.database = Database(root)
        self.blobs = Blobs(root)
        self.spool = root / "spool"
        self.told: list[Change] = []
        announcer = Announcer()
        announcer.listen(self.told.append)
        incoming = server.server(Protocol.IMAP, user, Security.NONE)
        self.account = Account(AccountId(0), "work", "ada@example.org", incoming=incoming)
        with self.database.write() as tx:
            self.account_id = accounts.add(tx, self.account)
        inbox = folders.by_role(self.database, self.account_id, Role.INBOX)
        assert inbox is not None
        self.inbox: FolderId = inbox.id
        self.announcer = announcer
        self.transfers = self.begin_again()
        self.fetched: list[str | None] = []
        self.mail = StoredMail(self.database, self.blobs, self.fetch, self.spool)
        self.reading = Reading(
            self.mail,
            INTERNET.picture,
            lambda account_id: STRAIGHT,
            SenderCheck(self.database, lambda: [self.account]),
        )
        self.saving = Saving(self.mail.part, root / "open")
        self.message = MessageId(0)
        self.session = self.connect(server.imap)
        for summary in list(self.session.fetch_summaries(self.session.uids())):
            head = envelope(parse_headers(summary.header))
            with self.database.write() as tx:
                self.message = mailbox.add(
                    tx, self.inbox, summary.uid, head, flags=frozenset(), size=summary.size,
                    received=1.0, content=None,
                )  # fmt: skip

    def begin_again(self) -> Transfers:
        """What a new engine begins with."""
        return Transfers(self.account, self.database, self.blobs, self.spool, self.announcer)

    def connect(self, port: int) -> ImapSession:
        server = replace(self.server.server(Protocol.IMAP, self.user, Security.NONE), port=port)
        session = ImapSession.open(server, self.server.password, timeout_s=30)
        selected = session.select("INBOX")
        with self.database.write() as tx:
            folders.save_sync_state(tx, self.inbox, SyncState(selected.uid_validity, 0, 0))
        return session

    def text(self) -> bool:
        (place,) = mailbox.locate(self.database, [self.message])
        return self.transfers.text(self.session, self.message, place.uid)

    def fetch(self, message_id: MessageId, section: str | None, wait: bool) -> None:
        self.fetched.append(section)
        if section is not None or not self.text():
            self.all_of(section or "", message_id)

    def all_of(self, section: str, message_id: MessageId | None = None) -> int:
        """Steps until done; how many it took."""
        count = 1
        job = TransferJob(message_id or self.message, section)
        while self.transfers.step(self.session, job):
            count += 1
        return count

    def spooled(self) -> list[Path]:
        return sorted(self.spool.iterdir()) if self.spool.exists() else []

    def close(self) -> None:
        self.session.close()
        self.database.close()
        self.blobs.close()


@pytest.fixture
def bench(tmp_path: Path, dovecot: Dovecot) -> Iterator[Bench]:
    made = Bench(tmp_path / "profile", dovecot)
    yield made
    made.close()


def test_opening_fetches_the_text_alone(bench: Bench) -> None:
    before = bench.session.bytes_in
    assert bench.text()
    assert bench.session.bytes_in - before < 16_384
    shown = bench.reading.render(bench.message)
    assert shown.complete
    assert "Gartenfest" in shown.text
    assert shown.html is not None
    assert [(a.part, a.filename, a.here) for a in shown.attachments] == [
        ("2", FILE_NAME, False),
        ("3", "note.txt", True),
    ]
    assert abs(shown.attachments[0].size - len(DATA)) < len(DATA) // 100
    assert len(DATA) < shown.not_here < shown.raw_size
    (place,) = mailbox.locate(bench.database, [bench.message])
    assert shown.raw_size == place.size
    assert bench.saving.part_bytes(bench.message, "3") == b"a note\r\n"
    assert bench.fetched == []
    reader = Reader(bench.root)
    assert [row.id for row in reader.search("gartenfest")] == [bench.message]
    assert [row.id for row in reader.search("film")] == [bench.message]
    assert bench.text()  # there is nothing left to do
    assert bench.session.bytes_in - before < 16_384
    bench.blobs.collect(living_blobs(bench.database), older_than_s=-1)
    assert "Gartenfest" in bench.reading.render(bench.message).text


def test_a_line_that_breaks_is_gone_on_with(bench: Bench) -> None:
    assert bench.text()
    sent = len(base64.b64encode(DATA))
    came = 0
    with Proxy(bench.server.imap) as proxy:
        for cut in (5 * MIB, 3 * MIB + 17):
            bench.session.close()
            bench.session = bench.connect(proxy.port)
            proxy.cut_after(cut)
            with pytest.raises(Offline):
                bench.all_of("2")
            came += bench.session.bytes_in
            (spooled,) = bench.spooled()
            assert spooled.stat().st_mode & 0o777 == 0o600
            assert spooled.name.replace("-", "").removesuffix("2.part").isdigit()
        proxy.cut_after(None)
        bench.session.close()
        bench.session = bench.connect(proxy.port)
        bench.transfers = bench.begin_again()
        # What was being written when the engine was killed.
        with spooled.open("r+b") as file:
            file.truncate(spooled.stat().st_size - 1234)
        bench.all_of("2")
        came += bench.session.bytes_in
    assert bench.saving.part_bytes(bench.message, "2") == DATA
    assert came < sent * 1.5
    assert bench.spooled() == []
    shown = bench.reading.render(bench.message)
    assert [(a.size, a.here) for a in shown.attachments] == [(len(DATA), True), (8, True)]
    assert shown.not_here == 0
    told = [change for change in bench.told if isinstance(change, Progress)]
    assert {(one.what, one.unit, one.message_id) for one in told} == {
        (FILE_NAME, Unit.BYTES, bench.message)
    }
    assert [one.done for one in told] == sorted(one.done for one in told)
    assert [one.done == one.total for one in told] == [False] * (len(told) - 1) + [True]
    bench.blobs.collect(living_blobs(bench.database), older_than_s=-1)
    saved = bench.saving.save_part(bench.message, "2", str(bench.root))
    assert Path(saved).read_bytes() == DATA
    assert Path(saved).name == FILE_NAME


def test_with_its_last_part_it_is_put_together(bench: Bench) -> None:
    assert bench.text()
    before = bench.session.bytes_in
    bench.all_of("2")
    assert bench.session.bytes_in - before < len(RAW) + 64 * 1024
    assert bench.fetched == []
    assert bench.blobs.get(mailbox.blob_of(bench.database, bench.message)) == RAW
    assert parts.of_message(bench.database, bench.message) == {}
    assert bench.spooled() == []


def test_as_long_but_not_the_same_is_not_put_together(tmp_path: Path) -> None:
    data = base64.encodebytes(bytes(200_000)).replace(b"\n", b"\r\n")
    raw = (
        b"From: a@example.org\r\nSubject: Odd\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/mixed; boundary="o"\r\n\r\n'
        # A line before the first boundary, and one that is not there after the inner last one.
        b'\r\n--o\r\nContent-Type: multipart/alternative; boundary="i"\r\n\r\n'
        b"--i\r\nContent-Type: text/plain\r\n\r\nwords\r\n--i--\r\n"
        b"--o\r\nContent-Type: application/pdf; name=a.pdf\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\n" + data + b"\r\n--o--\r\n"
    )
    with Dovecot() as server:
        server.deliver("ada", raw)
        bench = Bench(tmp_path / "profile", server)
        assert bench.text()
        bench.all_of("2")
        assert mailbox.blob_of(bench.database, bench.message) == ""
        assert mailbox.is_complete(bench.database, bench.message)
        key = parts.partial_of(bench.database, bench.message)
        bodies = {"2": data}
        whole = skeleton.fill(bench.blobs.get(key) or b"", bodies)
        (place,) = mailbox.locate(bench.database, [bench.message])
        assert len(whole) == place.size
        assert bench.mail.raw(bench.message) != whole
        bench.close()


def test_the_whole_by_range(bench: Bench) -> None:
    assert bench.text()
    raw = bench.mail.raw(bench.message)
    assert raw == RAW
    assert parts.partial_of(bench.database, bench.message) == ""
    assert parts.of_message(bench.database, bench.message) == {}
    assert bench.spooled() == []
    shown = bench.reading.render(bench.message)
    assert (shown.not_here, shown.raw_size) == (0, len(raw))
    assert bench.saving.part_bytes(bench.message, "2") == DATA
    assert bench.all_of("2") == bench.all_of("") == 1


def test_a_file_is_fetched_when_asked_for(bench: Bench) -> None:
    assert bench.saving.part_bytes(bench.message, "2") == DATA
    assert bench.fetched == [None, "2"]
    with pytest.raises(Refused):
        bench.saving.part_bytes(bench.message, "7")
    with pytest.raises(Refused):
        bench.saving.part_bytes(bench.message, "../../x")
    assert not bench.transfers.step(bench.session, TransferJob(bench.message, "../../x"))


def test_what_is_signed_comes_whole(tmp_path: Path, dovecot: Dovecot) -> None:
    for size in (2 * MIB, 5 * MIB):
        raw = film(DATA[:size], "signed")
        dovecot.doveadm("expunge", "-u", "bruno", "mailbox", "INBOX", "all")
        dovecot.deliver("bruno", raw)
        bench = Bench(tmp_path / str(size), dovecot, "bruno")
        # The larger one gives way to other jobs, slice by slice.
        assert bench.text() == (size == 2 * MIB)
        assert bench.reading.render(bench.message, wait=True).not_here == 0
        assert bench.fetched == ([] if size == 2 * MIB else [None])
        assert bench.mail.raw(bench.message) == raw
        bench.close()


def test_a_full_disk_loses_nothing(bench: Bench) -> None:
    assert bench.text()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3 * MIB + 5, hard))
    try:
        with pytest.raises(StoreError) as caught:
            bench.all_of("2")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert "full" in caught.value.summary
    (spooled,) = bench.spooled()
    assert spooled.stat().st_size == 3 * MIB + 5
    assert "Gartenfest" in bench.reading.render(bench.message).text
    bench.all_of("2")
    assert bench.saving.part_bytes(bench.message, "2") == DATA


def test_a_message_that_went_meanwhile(tmp_path: Path, dovecot: Dovecot) -> None:
    dovecot.deliver("bruno", film(DATA[: 3 * MIB]))
    bench = Bench(tmp_path / "profile", dovecot, "bruno")
    assert bench.text()
    job = TransferJob(bench.message, "2")
    assert bench.transfers.step(bench.session, job)
    dovecot.doveadm("expunge", "-u", "bruno", "mailbox", "INBOX", "all")
    bench.session.noop()
    with pytest.raises(Refused, match=r"on the server"):
        bench.all_of("2")
    assert "Gartenfest" in bench.reading.render(bench.message).text
    bench.close()


def leaf(dice: random.Random) -> bytes:
    kind = dice.choice(
        ["text/plain", "text/html", "image/png", "application/pdf", "text/calendar", "TEXT/X-log"]
    )
    more = dice.choice(
        [
            "",
            "\r\nContent-Disposition: attachment; filename=f.bin",
            "\r\nContent-Disposition: inline;\r\n filename*=utf-8''%C3%A9.bin",
            "\r\nContent-ID: <a@b>",
            '\r\nContent-Description: (odd "one',
        ]
    )
    body = b"some words\r\n" * dice.choice([0, 1, 50, 3000, 30_000])
    if dice.random() < 0.3:
        more += "\r\nContent-Transfer-Encoding: base64"
        body = base64.encodebytes(body).replace(b"\n", b"\r\n")
    return f"Content-Type: {kind}{more}\r\n\r\n".encode() + body


def tree(dice: random.Random, depth: int) -> bytes:
    if depth == 0 or dice.random() < 0.3:
        return leaf(dice)
    if dice.random() < 0.2:
        inner = b"Subject: inner\r\nMIME-Version: 1.0\r\n" + tree(dice, depth - 1)
        return b"Content-Type: message/rfc822\r\n\r\n" + inner
    kind = dice.choice(["mixed", "alternative", "related", "digest", "report"])
    boundary = f"b{dice.randrange(10**9)}"
    parts_of = [tree(dice, depth - 1) for _ in range(dice.randint(1, 4))]
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\nwhat is this\r\n'
    lines = b"".join(b"--%s\r\n%s\r\n" % (boundary.encode(), part) for part in parts_of)
    return head.encode() + lines + b"--%s--\r\nthe end\r\n" % boundary.encode()


def test_any_tree_reads_the_same_in_part_as_whole(tmp_path: Path) -> None:
    dice = random.Random(11)
    head = b"From: a@example.org\r\nSubject: Tree\r\nMIME-Version: 1.0\r\n"
    raws = [head + tree(dice, 3) for _ in range(150)]
    with Dovecot() as server:
        server.deliver_many("ada", raws)
        bench = Bench(tmp_path / "profile", server)
        in_part = whole_now = 0
        (folder,) = {place.folder_id for place in mailbox.locate(bench.database, [bench.message])}
        reader = Reader(bench.root)
        for row, raw in zip(reversed(reader.page(folder, None, 1000)), raws, strict=True):
            assert bench.transfers.text(bench.session, row.id, row.uid)
            if mailbox.blob_of(bench.database, row.id):
                assert bench.mail.raw(row.id) == raw
                continue
            in_part += 1
            shown, whole = bench.reading.render(row.id), render(row.id, raw)
            assert (shown.text, shown.html, shown.headers) == (
                whole.text,
                whole.html,
                whole.headers,
            )
            # A calendar without a name that is sent again as a file is seen to be the same by its
            # bytes; here in part, it has none.
            listed = {one.part for one in whole.attachments}
            assert [
                replace(one, size=0, here=True)
                for one in shown.attachments
                if one.part in listed or one.content_type != "text/calendar"
            ] == [replace(one, size=0) for one in whole.attachments]
            for one in whole.attachments:
                assert bench.saving.part_bytes(row.id, one.part) == part_of(raw, one.part)
            # Never anything but the server's bytes: what goes before a first boundary is not known.
            key = mailbox.blob_of(bench.database, row.id)
            assert not key or bench.blobs.get(key) == raw
            whole_now += bool(key)
        reader.close()
        bench.close()
    assert in_part > 40
    assert 0 < whole_now < in_part


def part_of(raw: bytes, path: str) -> bytes:
    found = parse(raw).part(path)
    assert found is not None
    return found.data()


def test_old_spool_files_go(bench: Bench) -> None:
    bench.spool.mkdir(exist_ok=True)
    for name, age_s in (("1-2-3-whole.part", 8 * 86400), ("1-2-4-2.1.part", 60), ("x", 8 * 86400)):
        path = bench.spool / name
        path.write_bytes(b"abc")
        made = path.stat().st_mtime - age_s
        os.utime(path, (made, made))
    bench.begin_again()
    assert [path.name for path in bench.spooled()] == ["1-2-4-2.1.part", "x"]
