"""Pieces of larger messages: which of them belong together, and are found at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from martlet.mail.folder import FolderId
from martlet.mail.message import Address, Content, Envelope, MessageId
from martlet.mail.piece import Piece
from martlet.store import mailbox, pieces
from martlet.store.database import Row, Value
from support.stores import ANNA, Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def put(store: Store, folder: FolderId, number: int, sender: Address = ANNA) -> MessageId:
    """A piece whose body comes after its head."""
    message = store.put(folder, sender=sender)
    head = Envelope("Hello", sender, (), message_id=f"<{message}@example.org>")
    content = Content("", "", 0, piece=Piece("p@example.org", number, 3))
    with store.db.write() as tx:
        mailbox.set_body(tx, message, head, content, f"{number:064}")
    return message


def together(store: Store, message: MessageId) -> list[int]:
    return [row.number for row in pieces.together(store.db, message)]


def test_pieces_of_one_sender_and_account_are_together(store: Store) -> None:
    second = put(store, store.inbox, 2)
    first = put(store, store.archive, 1, replace(ANNA, address="Anna@EXAMPLE.org"))
    put(store, store.inbox, 3, Address("Eve", "eve@example.org"))
    put(store, store.work_archive, 3)
    assert together(store, first) == together(store, second) == [1, 2]
    assert pieces.together(store.db, first)[1] == pieces.PieceRow(second, 2, 3, f"{2:064}")
    assert together(store, store.put(store.inbox)) == []


def test_what_is_going_away_is_not_among_them(store: Store) -> None:
    first, second = put(store, store.inbox, 1), put(store, store.inbox, 2)
    third = put(store, store.archive, 3)
    assert together(store, first) == [1, 2, 3]
    with store.db.write() as tx:
        tx.execute("UPDATE message SET hidden = 1 WHERE id = ?", (second,))
    assert together(store, first) == [1, 3]
    with store.db.write() as tx:
        tx.execute("UPDATE folder SET doomed = 1 WHERE id = ?", (store.archive,))
    assert together(store, first) == [1]
    assert third


def test_they_are_found_by_their_name_and_not_among_all_of_a_sender(store: Store) -> None:
    plans: list[str] = []

    class Explained:
        def query(self, sql: str, params: Sequence[Value] = ()) -> list[Row]:
            plans.extend(row[3] for row in store.db.query(f"EXPLAIN QUERY PLAN {sql}", params))
            return store.db.query(sql, params)

    first = put(store, store.inbox, 1)
    for analysed in (False, True):
        if analysed:
            with store.db.write() as tx:
                tx.execute("ANALYZE")
        assert len(pieces.together(Explained(), first)) == 1
    assert len(plans) > 5
    assert not [one for one in plans if "message_from" in one or one.startswith("SCAN")]
