"""Messages that are here in part: what is kept of them, found in them, and when it goes."""

from __future__ import annotations

import pytest

from martlet.mail.changes import BodyArrived, MessagesChanged
from martlet.mail.errors import Refused
from martlet.mail.message import Content, Envelope, MessageId
from martlet.store import mailbox, parts
from martlet.store.living import living_blobs
from martlet.store.parts import PartRow
from martlet.store.reader import Reader
from support.stores import ANNA, Store

HEAD = Envelope("Plans", ANNA, message_id="<plans@example.org>")
AWAY = (PartRow("2", 4000, 3000), PartRow("3.1", 500, 400))


def partial(store: Store) -> MessageId:
    message = store.put(store.inbox)
    store.changes.clear()
    with store.db.write() as tx:
        parts.set_partial(tx, message, HEAD, Content("a line", "gartenfest", 2), "ab" * 32, AWAY)
    return message


def test_the_text_is_found_and_the_rest_is_known(store: Store) -> None:
    message = partial(store)
    assert parts.partial_of(store.db, message) == "ab" * 32
    assert mailbox.blob_of(store.db, message) == ""
    assert parts.of_message(store.db, message) == {one.section: one for one in AWAY}
    assert BodyArrived(message) in store.changes
    reader = Reader(store.root)
    (row,) = reader.search("gartenfest")
    assert (row.id, row.has_body, row.preview, row.attachments) == (message, False, "a line", 2)
    reader.close()


def test_a_part_that_arrived(store: Store) -> None:
    message = partial(store)
    store.changes.clear()
    with store.db.write() as tx:
        parts.arrived(tx, message, "2", "cd" * 32, 2990)
        parts.arrived(tx, message, "9", "ee" * 32, 1)
    assert parts.of_message(store.db, message)["2"] == PartRow("2", 4000, 2990, "cd" * 32)
    assert "9" not in parts.of_message(store.db, message)
    assert store.changes == [MessagesChanged(store.inbox, changed=(message,))]
    assert {"ab" * 32, "cd" * 32} <= living_blobs(store.db)
    assert "ee" * 32 not in living_blobs(store.db)


def test_the_whole_takes_its_place(store: Store) -> None:
    message = partial(store)
    with store.db.write() as tx:
        parts.arrived(tx, message, "2", "cd" * 32, 2990)
        mailbox.set_body(tx, message, HEAD, Content("a line", "sommerfest", 2), "ff" * 32)
    assert (parts.partial_of(store.db, message), parts.of_message(store.db, message)) == ("", {})
    assert living_blobs(store.db) == {"ff" * 32}
    reader = Reader(store.root)
    assert reader.search("gartenfest") == []
    assert [row.id for row in reader.search("sommerfest")] == [message]
    reader.close()
    with store.db.write() as tx:
        # Late, from a job that was under way.
        parts.set_partial(tx, message, HEAD, Content(), "ab" * 32, AWAY)
        parts.arrived(tx, message, "2", "cd" * 32, 2990)
    assert (parts.partial_of(store.db, message), parts.of_message(store.db, message)) == ("", {})
    assert mailbox.blob_of(store.db, message) == "ff" * 32


def test_parts_go_with_their_message(store: Store) -> None:
    message = partial(store)
    other = partial(store)
    store.move(store.archive, other)
    assert parts.partial_of(store.db, other) == "ab" * 32
    with store.db.write() as tx:
        mailbox.remove_uids(tx, store.inbox, mailbox.local_uids(tx, store.inbox))
    assert parts.of_message(store.db, message) == {}
    assert len(parts.of_message(store.db, other)) == 2
    with store.db.write() as tx:
        parts.set_partial(tx, message, HEAD, Content(), "ab" * 32, AWAY)
        parts.arrived(tx, message, "2", "cd" * 32, 1)
    assert parts.of_message(store.db, message) == {}


def test_with_its_last_part_a_message_is_here(store: Store) -> None:
    message = partial(store)
    reader = Reader(store.root)
    for section in ("2", "3.1"):
        row = reader.row(message)
        assert row is not None
        assert (row.has_body, row.partial) == (False, True)
        assert [one.id for one in reader.search("-is:here")] == [message]
        assert reader.search("is:here") == []
        assert mailbox.count_missing(store.db, store.inbox, partial=True)[0] == 1
        assert not mailbox.is_complete(store.db, message)
        with store.db.write() as tx:
            parts.arrived(tx, message, section, "cd" * 32, 2990)
    row = reader.row(message)
    assert row is not None
    assert (row.has_body, row.partial) == (True, False)
    assert mailbox.is_complete(store.db, message)
    assert [one.id for one in reader.search("is:here")] == [message]
    assert reader.search("-is:here") == []
    assert mailbox.count_missing(store.db, store.inbox, partial=True) == (0, 0)
    assert mailbox.missing(store.db, store.inbox, 9, partial=True) == []
    # Its bytes as the server has them are another matter.
    assert reader.raw(message) is None
    with pytest.raises(Refused, match="not every byte"):
        store.move(store.work_archive, message)
    reader.close()
