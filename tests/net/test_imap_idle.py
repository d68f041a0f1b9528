"""Waiting for news of one folder and of all, from servers that tell more or less."""

from __future__ import annotations

import contextlib
import select
import socket
import threading
from collections.abc import Iterator

import pytest

from martlet.mail.errors import BadServer, Refused
from martlet.mail.sync import FolderStatus
from martlet.net.imap import IdleNews
from martlet.net.waker import Waker
from support.imap_steps import enter_inbox, says, selected
from support.scripted import Conversation, Scripted, expect, send

NOTIFY = (
    "NOTIFY SET (selected-delayed (MessageNew MessageExpunge FlagChange)) "
    "(personal (MessageNew MessageExpunge FlagChange MailboxName))"
)


@pytest.fixture
def waker() -> Iterator[Waker]:
    made = Waker()
    yield made
    made.close()


def test_news_of_all_folders(waker: Waker) -> None:
    script = [
        *selected("IMAP4rev1 IDLE NOTIFY"),
        *says(NOTIFY, "* STATUS Old (MESSAGES 1)"),
        expect("IDLE"),
        send(
            "+ idling\r\n* STATUS B&APw-ro (MESSAGES 8 UIDNEXT 9 UNSEEN 2 HIGHESTMODSEQ 5)\r\n"
            '* LIST () "/" "New"\r\n'
        ),
        expect("DONE"),
        send("* 3 EXISTS\r\n* 4 EXISTS\r\nM4 OK\r\n"),
    ]
    with Scripted(script) as server:
        session = enter_inbox(server)
        assert session.notify()
        # What came before the wait ends it at once.
        old = {"Old": FolderStatus(messages=1)}
        assert session.idle(waker, 60) == IdleNews(changed=False, woken=False, folders=old)
        news = session.idle(waker, 60)
        assert news.folders == {"Büro": FolderStatus(8, 9, 0, 2, 5)}
        assert news.listed
        assert not news.woken
        session.close()


def test_news_comes_in_the_middle_of_other_commands(waker: Waker) -> None:
    script = [
        *selected("IMAP4rev1 IDLE NOTIFY"),
        *says("NOTIFY"),
        *says("STATUS", "* STATUS Other (MESSAGES 3)", "* STATUS Sent (MESSAGES 2)"),
        *says("UID FETCH", "* STATUS Sent (MESSAGES 4)", '* 1 FETCH (UID 1 BODY[] "x")'),
    ]
    with Scripted(script) as server:
        session = enter_inbox(server)
        session.notify()
        assert session.status(["Sent"]) == {"Sent": FolderStatus(messages=2)}
        assert list(session.fetch_raw([1])) == [(1, b"x")]
        assert session.idle(waker, 60).folders == {
            "Other": FolderStatus(messages=3),
            "Sent": FolderStatus(messages=4),
        }
        session.close()


@pytest.mark.parametrize(
    "end", ["NO [BADEVENT (MessageNew)] no", "BAD what?", "OK [NOTIFICATIONOVERFLOW] too much"]
)
def test_a_server_may_refuse_to_notify(end: str) -> None:
    with Scripted([*selected("IMAP4rev1 NOTIFY"), *says("NOTIFY", end=end)]) as server:
        session = enter_inbox(server)
        assert session.notify() is False
        session.close()


def test_a_server_that_gives_notifying_up_says_so(waker: Waker) -> None:
    script = [
        *selected("IMAP4rev1 IDLE NOTIFY"),
        *says("NOTIFY"),
        expect("IDLE"),
        send("+ idling\r\n* OK [NOTIFICATIONOVERFLOW] too much\r\n* 4 EXISTS\r\n"),
        expect("DONE"),
        send("M4 OK\r\n"),
    ]
    with Scripted(script) as server:
        session = enter_inbox(server)
        assert session.notify()
        held = [session.notifying]
        assert session.idle(waker, 60).changed
        held.append(session.notifying)
        assert held == [True, False]
        session.close()


def test_a_server_that_never_stops_talking_does_not_keep_us(waker: Waker) -> None:
    said = threading.Event()

    def chatter(talk: Conversation) -> None:
        talk.socket.setblocking(False)
        while b"DONE" not in peeked(talk):
            select.select([], [talk.socket], [], 1)
            with contextlib.suppress(BlockingIOError):
                talk.socket.send(b"* OK still here\r\n")
        talk.socket.setblocking(True)
        said.set()

    script = [
        *selected("IMAP4rev1 IDLE"),
        expect("IDLE"),
        send("+ idling\r\n"),
        chatter,
        expect("DONE"),
        send("\r\nM3 OK\r\n"),
    ]
    with Scripted(script) as server:
        session = enter_inbox(server)
        assert session.idle(waker, 0.05) == IdleNews(changed=False, woken=False)
        assert said.is_set()
        session.close()


def peeked(talk: Conversation) -> bytes:
    try:
        return talk.socket.recv(100, socket.MSG_PEEK)
    except BlockingIOError:
        return b""


def test_idle_refused_and_idle_that_makes_no_sense(waker: Waker) -> None:
    script = [
        *selected("IMAP4rev1 IDLE"),
        *says("IDLE", end="NO not here"),
        *says("IDLE", end="BAD what?"),
    ]
    with Scripted(script) as server:
        session = enter_inbox(server)
        with pytest.raises(Refused):
            session.idle(waker, 60)
        with pytest.raises(BadServer):
            session.idle(waker, 60)
        session.close()
