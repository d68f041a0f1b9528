"""What is here of a message, and what is fetched for it: whole, in part, not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from martlet.engine.stored_mail import StoredMail
from martlet.mail.errors import MailError, Offline, Refused
from martlet.mail.message import MessageId
from martlet.mail.reading import View
from martlet.mime.content import summarise
from martlet.mime.render import render_message
from martlet.store import mailbox, parts
from martlet.store.blobs import Blobs
from martlet.store.database import Database
from martlet.store.parts import PartRow
from support.in_pieces import pieces
from support.shelf import Shelf

INNER = b"From: b@example.org\r\nSubject: within\r\n\r\ninner text\r\n"
FILE = b"a file"
HEAD = (
    b"From: a@example.org\r\nSubject: outer\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    b"--b\r\n\r\nouter text\r\n"
)


def whole(inner: bytes = INNER, file: bytes = FILE) -> bytes:
    """With these bodies; without any it is what is here of it at first."""
    return (
        HEAD
        + b"--b\r\nContent-Type: message/rfc822\r\n\r\n"
        + inner
        + b"\r\n--b\r\nContent-Type: application/x; name=f.bin\r\n"
        + b"Content-Disposition: attachment\r\n\r\n"
        + file
        + b"\r\n--b--\r\n"
    )


class Server:
    """Gives parts and wholes as they are asked for. asked: what was. trouble: raised instead."""

    def __init__(self, root: Path) -> None:
        self.database, self.blobs = Database(root), Blobs(root)
        self.asked: list[str | None] = []
        self.trouble: list[MailError] = []
        self.gives: Callable[[MessageId, str | None], None] = self._parts
        self.mail = StoredMail(self.database, self.blobs, self.fetch, root / "spool")

    def fetch(self, message_id: MessageId, section: str | None, wait: bool) -> None:
        self.asked.append(section)
        if self.trouble:
            raise self.trouble.pop(0)
        self.gives(message_id, section)

    def all_at_once(self, message_id: MessageId, section: str | None) -> None:
        head, content = summarise(whole())
        key = self.blobs.put(whole())
        with self.database.write() as tx:
            mailbox.set_body(tx, message_id, head, content, key)

    def skeleton(self, message_id: MessageId) -> None:
        raw = whole(b"", b"")
        head, content = summarise(raw)
        absent = [PartRow("2", len(INNER), len(INNER)), PartRow("3", len(FILE), len(FILE))]
        key = self.blobs.put(raw)
        with self.database.write() as tx:
            tx.execute("UPDATE message SET blob = '' WHERE id = ?", (message_id,))
            parts.set_partial(tx, message_id, head, content, key, absent)

    def _parts(self, message_id: MessageId, section: str | None) -> None:
        if section in ("2", "3"):
            body = INNER if section == "2" else FILE
            key = self.blobs.put(body)
            with self.database.write() as tx:
                parts.arrived(tx, message_id, section, key, len(body))
        elif section is None:
            self.skeleton(message_id)

    def close(self) -> None:
        self.database.close()
        self.blobs.close()


@pytest.fixture
def message(tmp_path: Path) -> MessageId:
    return Shelf(tmp_path).put(whole())


@pytest.fixture
def server(tmp_path: Path, message: MessageId) -> Iterator[Server]:
    made = Server(tmp_path)
    yield made
    made.close()


def test_an_attached_message_that_is_not_here_is_fetched(
    server: Server, message: MessageId
) -> None:
    server.skeleton(message)
    here = server.mail.here(message)
    assert here is not None
    assert not here.whole
    found = server.mail.message_with(message, ["2"])
    assert server.asked == ["2"]
    shown = render_message(message, found, view=View(part="2"))
    assert (shown.envelope.subject, shown.text.strip()) == ("within", "inner text")
    # A part of it is in it; and the file is another matter.
    assert server.mail.part(message, "2.1")[1].data() == b"inner text\r\n"
    assert server.asked == ["2"]
    assert server.mail.part(message, "3")[1].data() == FILE
    assert server.asked == ["2", "3"]
    with pytest.raises(Refused):
        server.mail.part(message, "9")


def test_the_whole_may_come_while_a_part_is_fetched(server: Server, message: MessageId) -> None:
    server.skeleton(message)
    server.gives = server.all_at_once
    assert server.mail.part(message, "3")[1].data() == FILE
    assert server.mail.raw(message) == whole()
    assert server.asked == ["3"]


def test_a_part_that_does_not_come_is_said(server: Server, message: MessageId) -> None:
    server.skeleton(message)
    server.gives = lambda message_id, section: None
    with pytest.raises(Refused, match="could not be fetched"):
        server.mail.part(message, "3")
    server.trouble = [Offline("gone"), Offline("gone")]
    with pytest.raises(Offline):
        server.mail.part(message, "3")


def test_what_is_needed_to_read_it_is_asked_for_first(server: Server, message: MessageId) -> None:
    with server.database.write() as tx:
        tx.execute("UPDATE message SET blob = '' WHERE id = ?", (message,))
    assert server.mail.here(message) is None
    assert not server.mail.fetched(message).whole
    assert server.asked == [None]
    # A server that gives nothing is asked for the whole too, and then no more.
    with server.database.write() as tx:
        tx.execute("UPDATE message SET partial = '' WHERE id = ?", (message,))
    server.gives = lambda message_id, section: None
    with pytest.raises(Refused):
        server.mail.fetched(message)
    assert server.asked == [None, None, ""]


def test_it_is_parsed_once_for_all_its_parts(server: Server, message: MessageId) -> None:
    found = {id(server.mail.part(message, section)[0]) for section in ("1", "2", "3", "2.1")}
    assert len(found) == 1
    assert server.asked == []


@pytest.mark.parametrize("spare", [0, -1])
def test_pieces_that_are_too_much_together_stay_pieces(tmp_path: Path, spare: int) -> None:
    raws = pieces()
    first = Shelf(tmp_path).put_all(raws)[0]
    database, blobs = Database(tmp_path), Blobs(tmp_path)
    most = sum(map(len, raws)) + spare
    mail = StoredMail(database, blobs, lambda *asked: None, tmp_path / "spool", joined_bytes=most)
    here = mail.here(first)
    assert here is not None
    assert here.joined == (spare == 0)
    assert (len(here.keys) == 3) == (spare == 0)
    if spare:
        assert mail.why_apart(first) == "The pieces are too large to be put together."
    database.close()
    blobs.close()
