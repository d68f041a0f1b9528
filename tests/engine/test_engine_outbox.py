"""The outbox against scripted servers: taken back in time, lost after the dot, refused."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from martlet.engine.engine import Engine
from martlet.mail.account import Account, AccountId, Protocol, SecretSource, SyncReport
from martlet.mail.errors import Refused
from martlet.mail.folder import Role
from martlet.mail.identity import Identity
from martlet.mail.message import Address
from martlet.mail.outgoing import Draft, DraftId, OutboxState
from martlet.paths import Profile
from martlet.store import outbox
from martlet.store.database import Database
from martlet.store.reader import Reader
from support.scripted import Conversation, Script, Scripted, close, expect, read_to, send

TO_DOT: Script = [
    send("220 mx ESMTP\r\n"),
    expect("EHLO"),
    send("250-mx\r\n250 AUTH PLAIN\r\n"),
    expect("AUTH PLAIN"),
    send("235 in\r\n"),
    expect("MAIL FROM"),
    send("250 ok\r\n"),
    expect("RCPT TO"),
    send("250 ok\r\n"),
    expect("DATA"),
    send("354 go on\r\n"),
    read_to(b"\r\n.\r\n"),
]
DONE: Script = [send("250 queued\r\n"), expect("QUIT"), send("221 bye\r\n")]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = Engine(Profile(tmp_path))
    yield made
    made.close()


def add(engine: Engine, server: Scripted) -> AccountId:
    return engine.account_add(
        Account(
            AccountId(0),
            "out",
            "ada@example.org",
            outgoing=server.account(Protocol.SMTP),
            secret=SecretSource.ASK,
        ),
        "secret",
    )


def letter(account: AccountId, subject: str) -> Draft:
    return Draft(DraftId(0), account, (Address("", "bruno@example.org"),), subject=subject)


def test_a_letter_taken_back_while_another_goes_out_stays(engine: Engine, tmp_path: Path) -> None:
    going, taken_back = threading.Event(), threading.Event()

    def wait(_talk: Conversation) -> None:
        going.set()
        assert taken_back.wait(30)

    with Scripted([*TO_DOT, wait, *DONE]) as server:
        account = add(engine, server)
        engine.send(letter(account, "first"), 0.0)
        second = engine.send(letter(account, "second"), 0.0)
        reports: list[SyncReport] = []
        sending = threading.Thread(target=lambda: reports.extend(engine.sync([], False)))
        sending.start()
        assert going.wait(30)
        engine.outbox_cancel(second)
        taken_back.set()
        sending.join(30)
        assert [report.sent for report in reports] == [1]
        assert len(server.heard) == 1
    assert [draft.subject for draft in Reader(tmp_path).drafts()] == ["second"]
    assert Reader(tmp_path).outbox() == []


def test_silence_after_the_dot_is_unknown_and_never_sent_again(
    engine: Engine, tmp_path: Path
) -> None:
    with Scripted([*TO_DOT, close()]) as server:
        account = add(engine, server)
        sent = engine.send(letter(account, "perhaps"), 0.0)
        engine.sync([], False)
        (entry,) = Reader(tmp_path).outbox()
        assert entry.state is OutboxState.UNKNOWN
        engine.sync([], False)
        assert len(server.heard) == 1
        with pytest.raises(Refused):
            engine.outbox_retry(sent)
        # The user knows that it arrived: the copy is filed, as it would have been.
        engine.outbox_resolve(sent, True)
    reader = Reader(tmp_path)
    assert reader.outbox() == []
    folder = next(f for f in reader.folders() if f.role is Role.SENT)
    assert [row.subject for row in reader.page(folder.id, None, 9)] == ["perhaps"]
    assert [str(a) for a in reader.complete("bru", 5)] == ["bruno@example.org"]


def test_what_was_being_sent_when_killed_is_unknown_at_start(tmp_path: Path) -> None:
    with Scripted([close()]) as server:
        engine = Engine(Profile(tmp_path))
        account = add(engine, server)
        outbox_id = engine.send(letter(account, "cut off"), 3600.0)
        engine.close()
        # As a kill between the commit and the answer leaves it.
        database = Database(tmp_path)
        with database.write() as tx:
            outbox.set_state(tx, outbox_id, OutboxState.SENDING)
        database.close()
        engine = Engine(Profile(tmp_path))
        (entry,) = Reader(tmp_path).outbox()
        assert entry.state is OutboxState.UNKNOWN
        engine.close()
        assert not server.heard


def test_a_refused_letter_says_why_and_can_be_edited(engine: Engine, tmp_path: Path) -> None:
    refusing = [*TO_DOT[:8], send("550 5.1.1 no such user\r\n")]
    with Scripted([*refusing, expect("QUIT"), send("221 bye\r\n")]) as server:
        account = add(engine, server)
        sent = engine.send(letter(account, "nobody"), 0.0)
        engine.sync([], False)
        (entry,) = Reader(tmp_path).outbox()
        assert entry.state is OutboxState.FAILED
        assert "no such user" in entry.problem + entry.detail + entry.results[0].said
        engine.outbox_cancel(sent)
    assert [draft.subject for draft in Reader(tmp_path).drafts()] == ["nobody"]


def test_what_waits_for_an_identity_that_goes_leaves_by_the_accounts_server(
    engine: Engine, tmp_path: Path
) -> None:
    reader = Reader(tmp_path)
    with Scripted([close()]) as server:
        home = add(engine, server)
    account = reader.accounts()[0]
    club = Identity(1, "ada@club.example", "Ada", outgoing=account.outgoing)
    engine.account_edit(replace(account, identities=(club,)), "")
    sender = Address("Ada", "ada@club.example")
    engine.send(replace(letter(home, "Sails"), sender=sender), 600.0)
    assert [entry.identity for entry in reader.outbox()] == [1]
    # Another identity may get the number of one that went.
    engine.account_edit(replace(account, identities=()), "")
    engine.account_edit(replace(account, identities=(replace(club, address="x@y.org"),)), "")
    assert [entry.identity for entry in reader.outbox()] == [0]
    reader.close()
