"""What an account says of a POP3 server that does not let it in, and when it tries again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from martlet.engine.engine import Engine
from martlet.mail.account import Account, AccountId, Protocol, SecretSource, WorkerState
from martlet.mail.folder import Role
from martlet.paths import Profile
from martlet.store.reader import Reader
from support.pop3_here import letter
from support.pop3_maildrop import CAPABILITIES, Maildrop
from support.scripted import Scripted
from support.watching import Watch


@pytest.fixture
def drop() -> Maildrop:
    return Maildrop([letter(n) for n in range(1, 4)])


@pytest.fixture
def server(drop: Maildrop) -> Iterator[Scripted]:
    with Scripted(drop.talk()) as running:
        yield running


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


def add(engine: Engine, server: Scripted, password: str = "secret") -> AccountId:
    account = Account(
        AccountId(0),
        "ada",
        "ada@example.org",
        incoming=server.account(Protocol.POP3),
        secret=SecretSource.ASK,
    )
    return engine.account_add(account, password)


def count(reader: Reader, account_id: AccountId) -> int:
    return next(f for f in reader.folders(account_id) if f.role is Role.INBOX).total


def test_a_mailbox_in_use_is_waited_for_and_no_password_asked(
    engine: Engine, reader: Reader, drop: Maildrop, server: Scripted
) -> None:
    drop.busy = True
    ada = add(engine, server)
    watch = Watch(engine)
    engine.start()
    told = watch.state(ada, Protocol.POP3, WorkerState.WAITING).state
    assert told.problem == "The mailbox is in use by another program."
    assert told.retry_at > 0
    drop.busy = False
    engine.check_mail([ada])
    watch.until(lambda: count(reader, ada) == 3)
    assert not any(s.state is WorkerState.NEEDS_PASSWORD for s in engine.account_states())


def test_a_wrong_password_is_tried_once(
    engine: Engine, reader: Reader, drop: Maildrop, server: Scripted
) -> None:
    drop.password = "secret"
    ada = add(engine, server, "wrong")
    watch = Watch(engine)
    engine.start()
    watch.state(ada, Protocol.POP3, WorkerState.NEEDS_PASSWORD)
    engine.check_mail([ada])
    (report,) = engine.sync([ada], False)
    assert "refused the user name or password" in report.error
    assert drop.heard.count("PASS wrong") == 1
    engine.set_password(ada, "secret")
    watch.until(lambda: count(reader, ada) == 3)


def test_deleting_here_one_by_one_goes_there_in_few_sessions(
    engine: Engine, reader: Reader, drop: Maildrop, server: Scripted
) -> None:
    ada = add(engine, server)
    watch = Watch(engine)
    engine.start()
    watch.until(lambda: count(reader, ada) == 3)
    watch.state(ada, Protocol.POP3, WorkerState.IDLE)
    inbox = next(f for f in reader.folders(ada) if f.role is Role.INBOX)
    for row in reader.page(inbox.id, None, 10):
        engine.delete([row.id], True)
    watch.until(lambda: not drop.letters)
    assert drop.heard.count("LIST") <= 3


def test_one_that_wants_to_be_asked_seldom_is_asked_once(
    engine: Engine, reader: Reader, drop: Maildrop, server: Scripted
) -> None:
    drop.capabilities = (*CAPABILITIES, "LOGIN-DELAY 3600")
    ada = add(engine, server)
    watch = Watch(engine)
    engine.start()
    watch.state(ada, Protocol.POP3, WorkerState.IDLE)
    (report,) = engine.sync([ada], False)
    assert "less often" in report.error
    assert server.connections == 1
    assert count(reader, ada) == 3
