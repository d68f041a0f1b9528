"""News of folders nobody looks at, what is fetched ahead and what is not, against Dovecot."""

from __future__ import annotations

import time
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import formatdate
from functools import partial
from pathlib import Path

import pytest

from martlet.engine.engine import Engine
from martlet.mail.account import Account, AccountId, Keep, Protocol, SecretSource, WorkerState
from martlet.mail.changes import Change, Progress, StateChanged, Unit
from martlet.mail.folder import Folder
from martlet.mail.message import MessageRow
from martlet.paths import Profile
from martlet.store.reader import Reader
from support.dovecot import Dovecot, installed
from support.watching import Watch

pytestmark = pytest.mark.skipif(not installed(), reason="Dovecot is not installed")

DAY_S = 86_400.0
WITHOUT_NOTIFY = (
    "IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE LITERAL+ NAMESPACE UIDPLUS LIST-EXTENDED "
    "LIST-STATUS CONDSTORE QRESYNC ESEARCH MOVE SPECIAL-USE AUTH=PLAIN"
)


def letter(number: int, *, days_old: float = 0, size: int = 100) -> bytes:
    message = EmailMessage()
    message["From"] = "Bruno Rossi <bruno@example.org>"
    message["Subject"] = f"Letter {number}"
    message["Date"] = formatdate(time.time() - days_old * DAY_S + number)
    message["Message-ID"] = f"<news-{number}-{time.time_ns()}@example.org>"
    message.set_content("word " * (size // 5))
    return message.as_bytes()


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    names = ("ada", "bea", "cleo", "dora", "eva", "fay", "gina")
    with Dovecot({name: Dovecot.password for name in names}) as server:
        yield server


class Bench:
    """An engine with one account, and a reader of its store."""

    def __init__(
        self,
        root: Path,
        server: Dovecot,
        user: str,
        *,
        keep: Keep = Keep.RECENT,
        keep_days: int = 365,
        month_mb: int = 0,
    ) -> None:
        self.engine = Engine(Profile(root))
        self.watch = Watch(self.engine)
        account = Account(
            AccountId(0),
            "work",
            f"{user}@example.org",
            incoming=server.server(Protocol.IMAP, user),
            secret=SecretSource.COMMAND,
            password_command=f"echo {server.password}",
            ca_file=server.ca_file,
            keep=keep,
            keep_days=keep_days,
            month_mb=month_mb,
        )
        self.account = self.engine.account_add(account, "")
        self.reader = Reader(root)

    def __enter__(self) -> Bench:
        return self

    def __exit__(self, *_: object) -> None:
        self.engine.close()

    def folder(self, name: str) -> Folder:
        return next(f for f in self.reader.folders() if f.name == name)

    def rows(self, name: str) -> list[MessageRow]:
        found = next((f for f in self.reader.folders() if f.name == name), None)
        return self.reader.page(found.id, None, 10_000) if found else []

    def here(self, name: str) -> list[str]:
        return [row.subject for row in self.rows(name) if row.has_body]

    def sync(self) -> None:
        (report,) = self.engine.sync([], False)
        assert (report.error, report.problems) == ("", ())

    def is_idle(self) -> None:
        self.watch.state(self.account, Protocol.IMAP, WorkerState.IDLE)


def test_mail_in_another_folder_is_told_without_a_poll(tmp_path: Path, dovecot: Dovecot) -> None:
    dovecot.deliver("ada", letter(1), "Lists")
    with Bench(tmp_path, dovecot, "ada") as bench:
        bench.engine.start()
        bench.watch.until(lambda: bench.here("Lists"))
        bench.is_idle()
        # Not `deliver`: NOTIFY hears of what goes through Dovecot itself, as LMTP does.
        dovecot.doveadm("save", "-u", "ada", "-m", "Lists", stdin=letter(2))
        bench.watch.until(lambda: len(bench.here("Lists")) == 2)


def test_without_notify_lively_folders_have_connections_of_their_own(tmp_path: Path) -> None:
    with Dovecot(imap_capability=WITHOUT_NOTIFY) as dovecot:
        dovecot.deliver("ada", letter(1, days_old=3), "Lists")
        with Bench(tmp_path, dovecot, "ada") as bench:
            bench.engine.start()
            bench.watch.until(lambda: bench.here("Lists"))
            bench.is_idle()
            dovecot.deliver("ada", letter(2), "Lists")
            bench.watch.until(lambda: len(bench.here("Lists")) == 2)


def test_bodies_come_down_to_the_chosen_age(tmp_path: Path, dovecot: Dovecot) -> None:
    for number, age in enumerate((1, 20, 40, 400)):
        dovecot.deliver("bea", letter(number, days_old=age))
    with Bench(tmp_path, dovecot, "bea", keep=Keep.RECENT, keep_days=30) as bench:
        bench.sync()
        assert bench.here("INBOX") == ["Letter 0", "Letter 1"]
        assert len(bench.rows("INBOX")) == 4
        assert bench.reader.search("-is:here") != []
        inbox = bench.folder("INBOX")
        bench.engine.folder_keep(inbox.id, Keep.RECENT, 60)
        bench.sync()
        assert bench.here("INBOX") == ["Letter 0", "Letter 1", "Letter 2"]
        assert bench.engine.download_folder(inbox.id) == 1
        bench.watch.until(lambda: len(bench.here("INBOX")) == 4)


def test_a_folder_of_headers_and_one_left_out(tmp_path: Path, dovecot: Dovecot) -> None:
    for name in ("INBOX", "Headers", "Nothing"):
        dovecot.deliver("cleo", letter(1), name)
    with Bench(tmp_path, dovecot, "cleo", keep=Keep.HEADERS) as bench:
        bench.sync()
        assert bench.here("INBOX") == []
        for name, keep in (("INBOX", Keep.ALL), ("Headers", None), ("Nothing", Keep.OFF)):
            bench.engine.folder_keep(bench.folder(name).id, keep, 0)
        dovecot.deliver("cleo", letter(2), "Nothing")
        dovecot.deliver("cleo", letter(2), "Headers")
        bench.sync()
        assert bench.here("INBOX") == ["Letter 1"]
        assert (bench.here("Headers"), len(bench.rows("Headers"))) == ([], 2)
        assert len(bench.rows("Nothing")) == 1
        assert bench.folder("Nothing").there == 2


def test_a_month_that_is_used_up_leaves_the_rest_to_be_opened(
    tmp_path: Path, dovecot: Dovecot
) -> None:
    dovecot.deliver_many("dora", [letter(n, size=20_000) for n in range(300)])
    with Bench(tmp_path, dovecot, "dora", month_mb=2) as bench:
        bench.sync()
        here = len(bench.here("INBOX"))
        assert 0 < here < 300
        assert len(bench.rows("INBOX")) == 300
        (today, *_) = bench.reader.traffic(bench.account)
        assert 2_000_000 <= today.received < 15_000_000
        assert any("as many as you allow" in e.sentence for e in bench.reader.log(bench.account, 9))
        missing = next(row for row in bench.rows("INBOX") if not row.has_body)
        assert b"word word" in bench.engine.raw_message(missing.id)


def test_a_pause_holds_back_what_is_fetched_ahead(tmp_path: Path, dovecot: Dovecot) -> None:
    dovecot.deliver_many("eva", [letter(n) for n in range(5)])
    with Bench(tmp_path, dovecot, "eva") as bench:
        bench.engine.pause_sync([])
        bench.engine.start()
        bench.engine.pause_sync([])
        bench.watch.until(lambda: len(bench.rows("INBOX")) == 5)
        bench.is_idle()
        held = [c for c in bench.watch.seen if isinstance(c, StateChanged) and c.state.paused]
        assert held
        row = bench.rows("INBOX")[0]
        # What somebody opens still comes.
        assert b"Letter" in bench.engine.raw_message(row.id)
        dovecot.deliver("eva", letter(9))
        bench.watch.until(lambda: len(bench.rows("INBOX")) == 6)
        bench.engine.resume_sync([])
        bench.watch.until(lambda: len(bench.here("INBOX")) == 6)


def is_end(change: Change, unit: Unit) -> bool:
    return isinstance(change, Progress) and change.unit is unit and change.done == change.total


def test_progress_counts_down_and_ends(tmp_path: Path, dovecot: Dovecot) -> None:
    dovecot.deliver_many("fay", [letter(n) for n in range(900)])
    with Bench(tmp_path, dovecot, "fay") as bench:
        bench.sync()
        for unit in (Unit.HEADERS, Unit.BODIES):
            last = bench.watch.change(partial(is_end, unit=unit))
            assert isinstance(last, Progress)
            assert last.total > 0
            assert last.what == "INBOX"


def test_properties_are_the_servers_own_words(tmp_path: Path, dovecot: Dovecot) -> None:
    dovecot.deliver_many("gina", [letter(n) for n in range(3)])
    with Bench(tmp_path, dovecot, "gina") as bench:
        bench.sync()
        info = bench.engine.folder_properties(bench.folder("INBOX").id)
        assert info.there == 3
        assert info.size > 300
