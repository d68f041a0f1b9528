"""APPEND of a message that is read in pieces, against Dovecot."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from typing import BinaryIO

import pytest

from martlet.mail.errors import MailError, StoreError
from martlet.mail.route import Route
from martlet.mail.server import Protocol
from martlet.net.imap import ImapSession
from support.dovecot import Dovecot, installed

pytestmark = pytest.mark.skipif(not installed(), reason="Dovecot is not installed")
RAW = b"Subject: large\r\nMessage-ID: <large@x>\r\n\r\n" + b"".join(
    b"%076d\r\n" % random.Random(1).getrandbits(200) for _ in range(80_000)
)


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    with Dovecot() as made:
        yield made


@pytest.fixture
def session(dovecot: Dovecot) -> Iterator[ImapSession]:
    made = ImapSession.open(
        dovecot.server(Protocol.IMAP, "ada"),
        dovecot.password,
        route=Route(dovecot.ca_file),
        timeout_s=20.0,
    )
    yield made
    made.close()


def test_it_is_there_byte_for_byte(session: ImapSession, dovecot: Dovecot) -> None:
    uid = session.append("INBOX", lambda: io.BytesIO(RAW), ["\\Seen"])
    assert uid
    session.select("INBOX")
    assert session.search_message_id("<large@x>") == [uid]
    said = dovecot.doveadm("fetch", "-u", "ada", "size.virtual", "mailbox", "INBOX")
    assert str(len(RAW)) in said


def test_one_that_breaks_off_is_not_there(session: ImapSession, dovecot: Dovecot) -> None:
    opened = 0

    class Broken(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if opened > 1 and self.tell() > 1 << 20:
                raise StoreError("The mail store is damaged and cannot be read.")
            return super().read(min(size or 1, 1 << 18))

    def opening() -> BinaryIO:
        nonlocal opened
        opened += 1
        return Broken(RAW.replace(b"large@x", b"broken@x"))

    with pytest.raises(StoreError):
        session.append("INBOX", opening)
    # Half a literal can neither be finished nor taken back: the line has ended with it.
    with pytest.raises(MailError):
        session.noop()
    said = dovecot.doveadm("fetch", "-u", "ada", "hdr.message-id", "mailbox", "INBOX")
    assert "broken" not in said
