"""Whatever is asked for: BYE, half an answer, NO, BAD, nonsense, and answers nobody wanted."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

import pytest

from martlet.mail.errors import BadServer, MailError, Offline, Refused
from martlet.mail.folder import Role
from martlet.mail.sync import SyncState
from martlet.net.imap import ImapSession
from martlet.net.waker import Waker
from support.imap_steps import enter_inbox, selected
from support.scripted import Conversation, Scripted, expect

FULL = (
    "IMAP4rev1 ENABLE CONDSTORE QRESYNC IDLE NOTIFY MOVE UIDPLUS ESEARCH LITERAL+ LIST-EXTENDED "
    "LIST-STATUS SPECIAL-USE CREATE-SPECIAL-USE NAMESPACE QUOTA ACL SAVEDATE UNSELECT OBJECTID "
    "COMPRESS=DEFLATE APPENDLIMIT STATUS=SIZE PREVIEW"
)
WAKER = Waker()
ASKED: dict[str, Callable[[ImapSession], object]] = {
    "list": lambda s: s.list_folders(status=True),
    "status": lambda s: s.status(["INBOX", "Sent"]),
    "select": lambda s: s.select("Sent", since=SyncState(9, 5, 7)),
    "unselect": lambda s: s.unselect(),
    "uids": lambda s: s.uids(),
    "by id": lambda s: s.search_message_id("a@b"),
    "by text": lambda s: s.search_text("Grüße"),
    "flags": lambda s: s.fetch_flags(),
    "summaries": lambda s: list(s.fetch_summaries([1, 2], preview=True)),
    "new": lambda s: list(s.fetch_new(1)),
    "raw": lambda s: list(s.fetch_raw(range(1, 30))),
    "structure": lambda s: s.fetch_structure(1),
    "sections": lambda s: s.fetch_sections(1, ["HEADER", "1"]),
    "range": lambda s: s.fetch_range(1, "1", 0, 10),
    "store": lambda s: s.store([1], ["\\Seen"], ["\\Flagged"]),
    "copy": lambda s: s.copy([1], "Sent"),
    "move": lambda s: s.move([1], "Sent"),
    "expunge": lambda s: s.expunge([1]),
    "append": lambda s: s.append("Sent", b"Subject: x\r\n\r\n"),
    "append limit": lambda s: s.append_limit("Sent"),
    "create": lambda s: s.create("New", Role.SENT),
    "rename": lambda s: s.rename("New", "Old"),
    "delete": lambda s: s.delete("INBOX"),
    "subscribe": lambda s: s.subscribe("New"),
    "unsubscribe": lambda s: s.unsubscribe("New"),
    "quota": lambda s: s.quota("INBOX"),
    "rights": lambda s: s.rights("INBOX"),
    "namespaces": lambda s: s.namespaces(),
    "save dates": lambda s: s.save_dates([1]),
    "compress": lambda s: s.compress(),
    "notify": lambda s: s.notify(),
    "idle": lambda s: s.idle(WAKER, 0.05),
    "noop": lambda s: s.noop(),
}
UNWANTED = (
    b"* 7 X-NEW (a (b))\r\n* 3 RECENT\r\n* OK [X-CODE y] hm\r\n* NO careful\r\n* X\r\n"
    b"* SEARCH\r\n* ESEARCH\r\n* FLAGS (\\Seen)\r\n* ENABLED X\r\n* ID NIL\r\n"
    b"* 2 FETCH (FLAGS (\\Seen))\r\n* 2 FETCH (UID 77 X-GM-LABELS () MODSEQ (5))\r\n"
    b'* LIST () "/" INBOX\r\n* LSUB () "/" INBOX\r\n* STATUS INBOX ()\r\n* QUOTA "" ()\r\n'
    b"* VANISHED 900\r\n* VANISHED (EARLIER) 901\r\n* NAMESPACE NIL NIL NIL\r\n* 0 EXPUNGE\r\n"
)


def always(answer: bytes, *, hang_up: bool = False) -> Callable[[Conversation], None]:
    """Answers every line so, until the client has gone."""

    def step(talk: Conversation) -> None:
        with contextlib.suppress(AssertionError):
            while True:
                expect()(talk)
                tag = talk.last.split(b" ")[0].strip()
                if tag.startswith(b"M"):
                    talk.socket.sendall(answer.replace(b"{tag}", tag))
                    if hang_up:
                        return

    return step


def asked(what: str, answer: bytes, *, hang_up: bool = False) -> MailError | None:
    """What becomes of asking for it."""
    steps = [*selected(FULL)[:3], always_enabled]
    told: MailError | None = None
    with Scripted([*steps, always(answer, hang_up=hang_up)]) as server:
        session = enter_inbox(server)
        try:
            ASKED[what](session)
        except MailError as error:
            told = error
        session.close()
    assert told is None or told.summary.endswith(".")
    return told


def always_enabled(talk: Conversation) -> None:
    """ENABLE and SELECT, pipelined."""
    expect("ENABLE")(talk)
    tag = talk.last.split(b" ")[0]
    talk.socket.sendall(b"* ENABLED QRESYNC CONDSTORE\r\n" + tag + b" OK\r\n")
    expect("SELECT")(talk)
    tag = talk.last.split(b" ")[0]
    talk.socket.sendall(b"* 3 EXISTS\r\n* OK [UIDVALIDITY 9] ok\r\n" + tag + b" OK\r\n")


@pytest.fixture(scope="module", autouse=True)
def close_waker() -> Iterator[None]:
    yield
    WAKER.close()


@pytest.mark.parametrize("what", ASKED)
def test_bye(what: str) -> None:
    assert isinstance(asked(what, b"* BYE shutting down\r\n", hang_up=True), Offline)


@pytest.mark.parametrize("what", ASKED)
@pytest.mark.parametrize("half", [b"* 1 FE", b"* 1 FETCH (UID 1 BODY[] {9}\r\nhal", b"{tag} O"])
def test_half_an_answer(what: str, half: bytes) -> None:
    assert isinstance(asked(what, half, hang_up=True), Offline)


@pytest.mark.parametrize("what", ASKED)
def test_no(what: str) -> None:
    error = asked(what, b"{tag} NO [CANNOT] I would rather not\r\n")
    assert error is None or isinstance(error, Refused)


@pytest.mark.parametrize("what", ASKED)
def test_bad(what: str) -> None:
    error = asked(what, b"{tag} BAD what?\r\n")
    assert error is None or isinstance(error, BadServer)


@pytest.mark.parametrize("what", ASKED)
@pytest.mark.parametrize(
    "nonsense",
    [
        b"* 1 FETCH (UID\r\n",
        b"* 1 FETCH (UID 1 BODY[] {4294967296}\r\n",
        b"X1 OK another's\r\n",
    ],
)
def test_nonsense(what: str, nonsense: bytes) -> None:
    assert isinstance(asked(what, nonsense), BadServer)


@pytest.mark.parametrize("what", ASKED)
def test_answers_nobody_asked_for(what: str) -> None:
    more = b"+ go\r\n" if what == "idle" else b""
    answer = b"{tag} OK [X-CODE] done\r\n"
    if what == "compress":
        answer = b"{tag} NO\r\n"
    error = asked(what, more + UNWANTED + answer)
    # A select without UIDVALIDITY, flags of no message, a message that did not come and an IDLE
    # that is over at once are told; the rest goes on.
    told: dict[str, type[MailError]] = {"select": BadServer, "flags": BadServer}
    told |= {"sections": Refused, "range": Refused, "idle": Refused}
    assert (type(error) if error else None) is told.get(what)
