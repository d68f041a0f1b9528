"""Large messages from servers that lie about their sizes, end early or cannot take mail apart."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from martlet.engine.events import Announcer
from martlet.engine.jobs import TransferJob
from martlet.engine.transfers import SLICE, Transfers
from martlet.mail.account import Account, AccountId, Protocol
from martlet.mail.errors import BadServer, MailError, Refused
from martlet.mail.message import Envelope, MessageId
from martlet.mail.sync import SyncState
from martlet.net.imap import ImapSession
from martlet.store import folders, mailbox, parts
from martlet.store.blobs import Blobs
from support.scripted import Script, Scripted, Step, close, expect, send
from support.stores import Store

UID = 7
BEGINNING = b"Subject: large\r\n\r\n"


class Bench:
    """A message of a claimed size, and its transfers over a session with a script."""

    def __init__(self, store: Store, session: ImapSession, size: int) -> None:
        self.store = store
        self.session = session
        self.blobs = Blobs(store.root)
        self.spool = store.root / "spool"
        account = Account(AccountId(1), "home", "home@example.org")
        self.transfers = Transfers(account, store.db, self.blobs, self.spool, Announcer())
        with store.db.write() as tx:
            folders.save_sync_state(tx, store.inbox, SyncState(9, 0, 0))
            self.message: MessageId = mailbox.add(
                tx, store.inbox, UID, Envelope("large"), flags=frozenset(), size=size,
                received=1.0, content=None,
            )  # fmt: skip

    def step(self) -> bool:
        return self.transfers.step(self.session, TransferJob(self.message, ""))

    def text(self) -> bool:
        return self.transfers.text(self.session, self.message, UID)

    def whole(self) -> bytes | None:
        return self.blobs.get(mailbox.blob_of(self.store.db, self.message))

    def spooled(self) -> list[str]:
        return [path.name for path in self.spool.iterdir()] if self.spool.exists() else []


@contextmanager
def bench(root: Path, size: int, *steps: Step) -> Iterator[Bench]:
    script: Script = [
        send("* OK [CAPABILITY IMAP4rev1] hello\r\n"),
        expect("LOGIN"),
        send("{tag} OK [CAPABILITY IMAP4rev1] in\r\n"),
        expect("SELECT"),
        send("* 3 EXISTS\r\n* OK [UIDVALIDITY 9] ok\r\n{tag} OK done\r\n"),
        *steps,
        close(),
    ]
    store = Store(root / "profile")
    with Scripted(script) as server:
        session = ImapSession.open(server.account(Protocol.IMAP), "secret", timeout_s=30.0)
        session.select("INBOX")
        made = Bench(store, session, size)
        try:
            yield made
        finally:
            session.close()
            made.blobs.close()
            store.db.close()


def gives(start: int, data: bytes) -> tuple[Step, ...]:
    """The answer to being asked for bytes from here on."""
    head = f"* 1 FETCH (UID {UID} BODY[]<{start}> {{{len(data)}}}\r\n".encode()
    return (
        expect(f"BODY.PEEK[]<{start}.{SLICE}>" if not start else f"BODY.PEEK[]<{start}."),
        send(head + data + b")\r\n{tag} OK done\r\n"),
    )


def still_there(*, there: bool = True) -> tuple[Step, ...]:
    row = f"* 1 FETCH (UID {UID} FLAGS ())\r\n" if there else ""
    return expect("FLAGS"), send(row + "{tag} OK done\r\n")


def test_a_size_that_is_a_little_off(tmp_path: Path) -> None:
    raw = BEGINNING + b"x" * 3000
    for size in (len(raw) + 40, len(raw) - 40, len(raw), 0):
        steps = gives(0, raw)
        if size > len(raw):
            steps += gives(len(raw), b"") + still_there()
        with bench(tmp_path / str(size), size, *steps) as made:
            while made.step():
                pass
            assert made.whole() == raw
            assert made.spooled() == []


def test_a_server_that_ends_early(tmp_path: Path) -> None:
    steps = gives(0, BEGINNING) + gives(len(BEGINNING), b"") + still_there()
    with bench(tmp_path, 10_000_000, *steps) as made:
        assert made.step()
        with pytest.raises(Refused) as caught:
            made.step()
        assert "only the beginning" in caught.value.summary
        assert made.whole() is None
        assert made.spooled() == []


def test_a_message_gone_in_the_middle(tmp_path: Path) -> None:
    steps = gives(0, BEGINNING) + gives(len(BEGINNING), b"") + still_there(there=False)
    with bench(tmp_path, 100, *steps) as made:
        assert made.step()
        with pytest.raises(Refused, match="not on the server"):
            made.step()
        assert made.whole() is None


def test_nothing_is_not_a_message(tmp_path: Path) -> None:
    with bench(tmp_path, 100, *gives(0, b""), *still_there()) as made:
        with pytest.raises(Refused):
            made.step()
        assert made.whole() is None


def test_a_server_that_does_not_end(tmp_path: Path) -> None:
    with bench(tmp_path, 1000, *gives(0, b"x" * SLICE)) as made:
        with pytest.raises(BadServer):
            made.step()
        assert made.spooled() == []


def test_a_piece_from_somewhere_else(tmp_path: Path) -> None:
    wrong = (expect("<0."), send(f"* 1 FETCH (UID {UID} BODY[]<50> {{2}}\r\nxx)\r\n{{tag}} OK\r\n"))
    with bench(tmp_path, 1000, *wrong) as made:
        with pytest.raises(MailError):
            made.step()
        assert made.spooled() == []


STRUCTURE = (
    f'* 1 FETCH (UID {UID} BODYSTRUCTURE (("text" "plain" NIL NIL NIL "7bit" 5 1)'
    '("video" "mp4" NIL NIL NIL "base64" 9000000) "mixed"))\r\n{tag} OK done\r\n'
)


def test_what_cannot_be_taken_apart_is_to_be_fetched_whole(tmp_path: Path) -> None:
    answers = (
        [send("{tag} NO I cannot\r\n")],
        [send(f'* 1 FETCH (UID {UID} BODYSTRUCTURE (((NIL)) "mixed"))\r\n{{tag}} OK\r\n')],
        [send(STRUCTURE), expect("BODY.PEEK[HEADER]"), send("{tag} NO not that\r\n")],
        [
            send(STRUCTURE),
            expect("BODY.PEEK[HEADER]"),
            send(f"* 1 FETCH (UID {UID} BODY[HEADER] NIL BODY[1] NIL)\r\n{{tag}} OK\r\n"),
        ],
    )
    for number, answer in enumerate(answers):
        with bench(tmp_path / str(number), 9_100_000, expect("BODYSTRUCTURE"), *answer) as made:
            assert not made.text()
            assert parts.partial_of(made.store.db, made.message) == ""


def test_a_text_that_comes_without_its_headers(tmp_path: Path) -> None:
    given = (
        f"* 1 FETCH (UID {UID} BODY[HEADER] {{18}}\r\nSubject: large\r\n\r\n BODY[1] {{5}}\r\n"
        "words)\r\n{tag} OK done\r\n"
    )
    steps = (expect("BODYSTRUCTURE"), send(STRUCTURE), expect("BODY.PEEK[1.MIME]"), send(given))
    with bench(tmp_path, 9_100_000, *steps) as made:
        assert made.text()
        raw = made.blobs.get(parts.partial_of(made.store.db, made.message))
        assert raw is not None
        assert b"words" in raw
        rows = parts.of_message(made.store.db, made.message)
        assert {key: row.size for key, row in rows.items()} == {"2": 9_000_000}
