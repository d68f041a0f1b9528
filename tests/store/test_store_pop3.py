"""What is remembered of POP3 mailboxes."""

from __future__ import annotations

from martlet.mail.folder import FolderId
from martlet.mail.message import Content, Envelope, MessageId
from martlet.mail.sync import Arrival
from martlet.store import journal, mailbox, parts, pop3
from martlet.store.pop3 import Fetched, Wanted
from support.stores import Store

BLOB = "ab" * 32
HEADER = "cd" * 32


def header(store: Store, number: int, folder: FolderId | None = None) -> MessageId:
    """A message of which the header is here, named u1, u2 ..."""
    head = Envelope(subject=str(number), message_id=f"<{number}@x>", date=1.0 + number)
    row = Arrival(0, head, size=1000 + number, received=5.0, content=Content("", "", 0))
    with store.db.write() as tx:
        (message,) = pop3.add_headers(tx, folder or store.local, [(row, HEADER)])
        seen = Fetched(f"u{number}", f"<{number}@x>", 1000 + number, message)
        pop3.note_all(tx, store.old, [seen], 10.0)
    return message


def names(store: Store) -> dict[str, str]:
    return {key: one.mark for key, one in pop3.all_seen(store.db, store.old).items()}


def test_names_change_places(store: Store) -> None:
    for number in (1, 2, 3):
        header(store, number)
    with store.db.write() as tx:
        pop3.rename(tx, store.old, [("u1", "u2"), ("u2", "u1"), ("u3", "x")])
    assert names(store) == {"u1": "<2@x>", "u2": "<1@x>", "x": "<3@x>"}


def test_a_header_becomes_the_whole(store: Store) -> None:
    one = header(store, 1)
    seen = pop3.all_seen(store.db, store.old)["u1"]
    assert (seen.here, seen.whole, seen.size) == (True, False, 1001)
    assert parts.partial_of(store.db, one) == HEADER
    assert not mailbox.is_complete(store.db, one)
    assert pop3.lacking(store.db, store.local) == [one]
    with store.db.write() as tx:
        pop3.complete(tx, one, Envelope(subject="1"), Content("hi", "hi", 1), BLOB, 990)
    seen = pop3.all_seen(store.db, store.old)["u1"]
    assert (seen.here, seen.whole, seen.stored) == (True, True, 990)
    assert parts.partial_of(store.db, one) == ""
    assert pop3.lacking(store.db, store.local) == []


def test_what_is_deleted_here_is_wanted_gone_there(store: Store) -> None:
    inbox, trash = header(store, 1), header(store, 2, store.local_trash)
    whole = store.put(store.local, uid=0, blob=BLOB)
    with store.db.write() as tx:
        pop3.note_all(tx, store.old, [Fetched("u3", "", 0, whole)], 10.0)
    assert pop3.owners(store.db, [inbox, trash, whole]) == {store.old}
    store.delete(inbox, trash, whole)
    seen = pop3.all_seen(store.db, store.old)
    assert [seen[key].wanted for key in ("u1", "u2", "u3")] == [
        Wanted.PLAINLY,
        Wanted.WITH_IT,
        Wanted.WITH_IT,
    ]
    assert pop3.wanted_gone(store.db, store.old, Wanted.PLAINLY) == ["u1"]
    with store.db.write() as tx:
        pop3.left(tx, store.old, ["u1"], 20.0)
    assert pop3.wanted_gone(store.db, store.old) == ["u2", "u3"]


def test_what_came_back_is_nobodys_to_delete(store: Store) -> None:
    one, two = header(store, 1), header(store, 2)
    store.delete(one)
    with store.db.write() as tx:
        pop3.left(tx, store.old, ["u1", "u2"], 20.0)
        pop3.returned(tx, store.old, ["u1", "u2"])
    seen = pop3.all_seen(store.db, store.old)
    assert [(seen[k].message, seen[k].wanted, seen[k].gone_at) for k in ("u1", "u2")] == [
        (0, Wanted.NO, 0.0),
        (two, Wanted.NO, 0.0),
    ]


def test_what_is_long_gone_is_forgotten(store: Store) -> None:
    header(store, 1)
    header(store, 2)
    with store.db.write() as tx:
        pop3.left(tx, store.old, ["u1"], 20.0)
        pop3.left(tx, store.old, ["u2"], 20.0 + pop3.KEPT_S)
    assert names(store) == {"u1": "<1@x>", "u2": "<2@x>"}
    with store.db.write() as tx:
        pop3.left(tx, store.old, [], 21.0 + pop3.KEPT_S)
    assert names(store) == {"u2": "<2@x>"}


def test_a_copy_is_where_its_original_is(store: Store) -> None:
    one = header(store, 1)
    with store.db.write() as tx:
        journal.copy(tx, [one], store.local_trash)
    (copy,) = pop3.lacking(store.db, store.local_trash)
    assert pop3.place(store.db, copy) == pop3.place(store.db, one) == (store.old, "u1")
    assert pop3.place(store.db, store.put(store.inbox)) is None
    store.delete(copy)
    assert pop3.wanted_gone(store.db, store.old) == []


def test_another_account_may_hold_the_message(store: Store) -> None:
    one = header(store, 1, store.inbox)
    assert pop3.place(store.db, one) == (store.old, "u1")
