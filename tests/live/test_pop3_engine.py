"""POP3 by the engine's verbs against Dovecot: summaries, shared inboxes, holding back, renaming."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from martlet.engine.engine import Engine
from martlet.mail.account import Account, AccountId, Protocol, SecretSource, WorkerState
from martlet.mail.changes import BodyArrived, MessagesChanged, Progress, StateChanged, Unit
from martlet.mail.errors import Refused
from martlet.mail.folder import Role
from martlet.mail.message import MessageRow
from martlet.mail.route import Route
from martlet.net.pop3 import Pop3Session
from martlet.paths import Profile
from martlet.store.reader import Reader
from support.dovecot import Dovecot, installed
from support.passes import letter
from support.watching import Watch

pytestmark = pytest.mark.skipif(not installed(), reason="Dovecot is not installed")

FILE = (
    b"From: Anna <a@example.org>\r\nSubject: 100\r\nMessage-ID: <100@example.org>\r\n"
    b"Date: Tue, 02 Jan 2024 00:00:00 +0000\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nSee the file.\r\n--b\r\n'
    b"Content-Disposition: attachment; filename=a.bin\r\n\r\n"
    + b"0123456789abcdef\r\n" * 60_000
    + b"--b--\r\n"
)


@pytest.fixture(scope="module")
def shared() -> Iterator[Dovecot]:
    with Dovecot() as running:
        yield running


@pytest.fixture
def dovecot(shared: Dovecot) -> Iterator[Dovecot]:
    yield shared
    for user in shared.users:
        shared.doveadm("expunge", "-u", user, "mailbox", "INBOX", "all")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = Engine(Profile(tmp_path))
    yield made
    made.close()


@pytest.fixture
def reader(tmp_path: Path, engine: Engine) -> Iterator[Reader]:
    made = Reader(tmp_path)
    yield made
    made.close()


def account(dovecot: Dovecot, name: str = "ada", user: str = "ada") -> Account:
    return Account(
        AccountId(0),
        name,
        f"{user}@example.org",
        incoming=dovecot.server(Protocol.POP3, user),
        secret=SecretSource.ASK,
        ca_file=dovecot.ca_file,
    )


def rows(reader: Reader, of: AccountId) -> list[MessageRow]:
    inbox = next(f for f in reader.folders(of) if f.role is Role.INBOX)
    return sorted(reader.page(inbox.id, None, 10_000), key=lambda row: int(row.subject))


def there(dovecot: Dovecot, user: str = "ada") -> int:
    said = dovecot.doveadm("mailbox", "status", "-u", user, "messages", "INBOX")
    return int(said.rpartition("=")[2])


def test_headers_are_shown_then_one_is_fetched_and_one_deleted_there(
    engine: Engine, reader: Reader, dovecot: Dovecot
) -> None:
    dovecot.deliver_many("ada", [letter(1), letter(2), FILE])
    watch = Watch(engine)
    ada = engine.account_add(replace(account(dovecot), summary_first=True), "secret")
    engine.start()
    watch.until(lambda: len(rows(reader, ada)) == 3)
    shown = rows(reader, ada)
    assert [(row.has_body, row.partial, row.attachments) for row in shown] == [(False, True, 0)] * 3
    assert shown[2].size == len(FILE)
    assert reader.search_count("Anna") == 3
    rendered = engine.render(shown[2].id)
    assert rendered.complete
    assert rendered.problems == ()
    assert rendered.not_here == rendered.raw_size == len(FILE)
    assert rendered.head_only
    assert ("Subject", "100") in rendered.headers

    engine.download([shown[2].id], wait=True)
    assert reader.raw(shown[2].id) == FILE
    told = [c for c in watch.seen if isinstance(c, Progress) and c.unit is Unit.BYTES]
    watch.until(lambda: any(isinstance(c, BodyArrived) for c in watch.seen))
    told = [c for c in watch.seen if isinstance(c, Progress) and c.unit is Unit.BYTES]
    assert {c.message_id for c in told} == {shown[2].id}
    whole = engine.render(shown[2].id)
    assert (whole.attachments[0].filename, whole.head_only) == ("a.bin", False)
    assert engine.download([shown[2].id]) == 0

    # Started at once, though nobody asks for a pass.
    engine.delete([shown[0].id], True)
    watch.until(lambda: there(dovecot) == 2)
    assert [row.subject for row in rows(reader, ada)] == ["2", "100"]


def test_a_part_that_is_asked_for_brings_the_whole(
    engine: Engine, reader: Reader, dovecot: Dovecot
) -> None:
    dovecot.deliver("ada", FILE)
    ada = engine.account_add(replace(account(dovecot), limit_kb=100), "secret")
    engine.sync([ada], False)
    (row,) = rows(reader, ada)
    assert row.partial
    assert engine.raw_message(row.id) == FILE
    assert rows(reader, ada)[0].has_body


def test_several_accounts_share_an_inbox(engine: Engine, reader: Reader, dovecot: Dovecot) -> None:
    dovecot.deliver_many("ada", [letter(1), letter(2)])
    dovecot.deliver_many("bruno", [letter(3), FILE])
    ada = engine.account_add(account(dovecot), "secret")
    bruno = engine.account_add(
        replace(account(dovecot, "bruno", "bruno"), into=ada, limit_kb=100), "secret"
    )
    engine.sync([], False)
    assert [row.subject for row in rows(reader, ada)] == ["1", "2", "3", "100"]
    assert rows(reader, bruno) == []
    assert [r.new for r in engine.sync([], False)] == [0, 0]
    # Fetching and deleting there find the account it came by.
    big = rows(reader, ada)[3]
    engine.download([big.id], wait=True)
    assert reader.raw(big.id) == FILE
    engine.delete([rows(reader, ada)[0].id, rows(reader, ada)[2].id], True)
    engine.sync([], False)
    assert (there(dovecot), there(dovecot, "bruno")) == (1, 1)
    # Its mail stays when the account goes.
    engine.account_remove(bruno)
    assert [row.subject for row in rows(reader, ada)] == ["2", "100"]
    assert reader.raw(big.id) == FILE


def test_an_inbox_that_goes_gives_back_what_is_not_its_own(
    engine: Engine, reader: Reader, dovecot: Dovecot
) -> None:
    dovecot.deliver("ada", letter(1))
    dovecot.deliver_many("bruno", [letter(3), letter(4), letter(5)])
    ada = engine.account_add(account(dovecot), "secret")
    bruno = engine.account_add(
        replace(account(dovecot, "bruno", "bruno"), into=ada, leave_on_server=False), "secret"
    )
    engine.sync([], False)
    engine.delete([rows(reader, ada)[1].id], False)
    engine.account_remove(ada)
    assert [row.subject for row in rows(reader, bruno)] == ["4", "5"]
    trash = next(f for f in reader.folders(bruno) if f.role is Role.TRASH)
    assert [row.subject for row in reader.page(trash.id, None, 10)] == ["3"]
    assert [f.total for f in reader.folders(bruno) if f.total] == [2, 1]
    assert reader.search_count("body") == 3
    dovecot.deliver("bruno", letter(6))
    engine.sync([], False)
    assert [row.subject for row in rows(reader, bruno)] == ["4", "5", "6"]
    # What came stands in the account's log, as it does for IMAP.
    said = [entry.sentence for entry in reader.log(bruno, 10)]
    assert said == ["1 new message.", "3 new messages."]
    # Nothing is left of the inbox that went: neither stored nor in the way of an edit.
    (left,) = reader.accounts()
    assert left.into == 0
    engine.account_edit(replace(left, full_name="Bruno", into=ada), "")
    assert [(one.full_name, one.into) for one in reader.accounts()] == [("Bruno", 0)]


def test_only_an_inbox_that_is_here_can_be_shared(engine: Engine, dovecot: Dovecot) -> None:
    imap = replace(account(dovecot, "imap"), incoming=dovecot.server(Protocol.IMAP))
    far = engine.account_add(imap, "secret")
    for wrong in (
        replace(account(dovecot), into=far),
        replace(imap, name="other", into=far),
    ):
        with pytest.raises(Refused, match="inbox"):
            engine.account_add(wrong, "secret")


def test_two_accounts_of_one_mailbox_take_turns(
    engine: Engine, reader: Reader, dovecot: Dovecot
) -> None:
    dovecot.deliver_many("ada", [letter(n) for n in range(300)])
    both = [engine.account_add(account(dovecot, name), "secret") for name in ("one", "two")]
    # Dovecot would lock the second out, or wait; neither is heard of.
    reports = engine.sync(both, False)
    assert [(r.new, r.error) for r in reports] == [(300, ""), (300, "")]


def test_a_pass_is_held_back_and_goes_on(engine: Engine, reader: Reader, dovecot: Dovecot) -> None:
    ada = engine.account_add(account(dovecot), "secret")
    watch = Watch(engine)
    engine.start()
    watch.state(ada, Protocol.POP3, WorkerState.IDLE)
    engine.pause_sync([ada])
    watch.change(
        lambda c: isinstance(c, StateChanged) and c.state.account_id == ada and c.state.paused
    )
    dovecot.deliver_many("ada", [letter(n) for n in range(5)])
    (report,) = engine.sync([ada], False)
    assert (report.new, report.error) == (0, "")
    engine.resume_sync([ada])
    watch.until(lambda: len(rows(reader, ada)) == 5)


def test_what_comes_is_stopped_and_found_again(
    engine: Engine, reader: Reader, dovecot: Dovecot
) -> None:
    dovecot.deliver_many("ada", [letter(n, "text " * 400) for n in range(3000)])
    ada = engine.account_add(replace(account(dovecot), leave_on_server=False), "secret")
    stopped: list[int] = []

    def stop(change: object) -> None:
        if isinstance(change, MessagesChanged) and not stopped:
            stopped.append(1)
            engine.stop_downloads([ada])

    engine.listen(stop)
    engine.sync([ada], False)
    some = len(rows(reader, ada))
    assert 0 < some < 3000
    assert there(dovecot) == 3000
    engine.sync([ada], False)
    assert len(rows(reader, ada)) == 3000
    assert there(dovecot) == 0


def test_a_mailbox_named_anew_brings_nothing_twice(tmp_path: Path) -> None:
    with Dovecot() as dovecot:
        dovecot.deliver_many("ada", [letter(n) for n in range(50)])
        engine, reader = Engine(Profile(tmp_path)), Reader(tmp_path)
        try:
            ada = engine.account_add(account(dovecot), "secret")
            engine.sync([ada], False)
            dovecot.stop()
            dovecot.settings = "pop3_uidl_format = rebuilt-%f\n"
            dovecot.start()
            dovecot.deliver("ada", letter(50))
            (report,) = engine.sync([ada], False)
            assert (report.new, report.error) == (1, "")
            assert len(rows(reader, ada)) == 51
            engine.delete([rows(reader, ada)[0].id], True)
            engine.sync([ada], False)
            assert there(dovecot) == 50
        finally:
            reader.close()
            engine.close()


def test_a_session_held_by_another_program_is_waited_for(
    engine: Engine, reader: Reader, tmp_path: Path
) -> None:
    with Dovecot(settings="pop3_lock_session = yes\n") as locking:
        locking.deliver("ada", letter(1))
        ada = engine.account_add(account(locking), "secret")
        other = Pop3Session.open(
            locking.server(Protocol.POP3),
            "secret",
            route=Route(ca_file=locking.ca_file),
            timeout_s=20.0,
        )
        with other:
            other.count()
            (report,) = engine.sync([ada], False)
            assert report.new == 0
            assert "use" in report.error
            other.quit()
        (report,) = engine.sync([ada], False)
        assert (report.new, report.error) == (1, "")
