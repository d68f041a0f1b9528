"""Requests that wait for strangers' servers do not wait for each other's."""

from __future__ import annotations

import queue
import threading
from functools import partial

from martlet.link.aside import Aside
from martlet.link.messages import CheckSignature, RemotePicture
from martlet.mail.message import MessageId

WAIT_S = 20.0


def silent(go_on: threading.Event) -> None:
    assert go_on.wait(WAIT_S)


def test_silent_servers_of_one_message_keep_no_other_waiting() -> None:
    aside = Aside()
    go_on = threading.Event()
    done: queue.Queue[str] = queue.Queue()
    for number in range(40):
        picture = RemotePicture(MessageId(1), f"https://{number}.example/a.png")
        aside.of(picture).submit(partial(silent, go_on), picture.whose)
    for one in (
        RemotePicture(MessageId(2), "https://example.org/b.png"),
        CheckSignature(MessageId(1)),
    ):
        aside.of(one).submit(partial(done.put, type(one).__name__), one.whose)
        assert done.get(timeout=WAIT_S) == type(one).__name__
    go_on.set()


def test_silent_servers_of_many_messages_keep_no_signature_waiting() -> None:
    aside = Aside()
    go_on, done = threading.Event(), threading.Event()
    for number in range(40):
        picture = RemotePicture(MessageId(number), "https://example.org/a.png")
        aside.of(picture).submit(partial(silent, go_on), picture.whose)
    check = CheckSignature(MessageId(7))
    aside.of(check).submit(done.set, check.whose)
    assert done.wait(WAIT_S)
    go_on.set()
