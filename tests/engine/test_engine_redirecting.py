"""Mail sent on as it is: to whom, and what of it is in memory."""

from __future__ import annotations

import base64
import random
import tracemalloc
from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path

import pytest

from engine.test_engine_own_mail import Desk
from martlet.mail.errors import Refused
from martlet.mail.message import Address
from martlet.mail.recipients import MOST_SHOWN
from martlet.store import mailbox

HEAD = b"From: b@example.net\r\nTo: a@example.org\r\nSubject: s\r\nMessage-ID: <1@x>\r\n\r\n"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.reader.close()
    made.engine.close()
    made.blobs.close()
    made.database.close()


def sent_on(desk: Desk) -> bytes:
    (entry,) = desk.reader.outbox()
    data = desk.blobs.get(entry.blob)
    assert data is not None
    assert entry.size == len(data)
    return data


def test_whoever_gets_it_twice_is_named_once(desk: Desk) -> None:
    message = desk.put(HEAD + b"hi\r\n")
    bea, same = Address("Bea", "bea@example.org"), Address("Bea", "bea@EXAMPLE.org")
    desk.engine.redirect(message, [same, bea], 3600.0)
    raw = sent_on(desk)
    assert str(message_from_bytes(raw)["Resent-To"]).lower().count("bea@example.org") == 1
    assert raw.endswith(HEAD + b"hi\r\n")


def test_nothing_is_sent_on_to_more_than_a_header_holds(desk: Desk) -> None:
    message = desk.put(HEAD + b"hi\r\n")
    crowd = [Address("", f"p{number}@example.org") for number in range(MOST_SHOWN + 1)]
    with pytest.raises(Refused, match=f"at most {MOST_SHOWN} people"):
        desk.engine.redirect(message, crowd, 3600.0)
    with pytest.raises(Refused, match="no recipient"):
        desk.engine.redirect(message, [], 3600.0)
    assert desk.reader.outbox() == []


def test_nothing_ready_is_sent_to_too_many(desk: Desk) -> None:
    crowd = [f"p{number}@example.org" for number in range(5001)]
    with pytest.raises(Refused, match="at most 5000 people"):
        desk.engine.send_raw(desk.account, HEAD + b"hi\r\n", crowd, 0.0)


def test_a_large_message_is_not_held_in_memory(desk: Desk) -> None:
    noise = base64.encodebytes(random.Random(7).randbytes(20_000_000))
    message = desk.put(HEAD + noise)
    del noise
    tracemalloc.start()
    try:
        part = desk.engine.attach_message(message)
        desk.engine.redirect(message, [Address("", "bea@example.org")], 3600.0)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert part.blob == mailbox.blob_of(desk.database, message)
    assert part.size > 26_000_000
    assert peak < 13_000_000
