"""The journal case by case: moves that follow each other, refusals, other accounts, undo."""

from __future__ import annotations

import pytest

from martlet.mail.errors import Refused
from martlet.mail.folder import Role
from martlet.mail.message import FLAGGED, SEEN
from martlet.mail.sync import ListedFolder, OpKind
from martlet.store import folders, journal, mailbox, pop3
from martlet.store.database import Database
from support.stores import Store

NONE: frozenset[str] = frozenset()
BLOB = "b" * 64


def test_flag_then_move_then_move_again(store: Store) -> None:
    one = store.put(store.inbox, uid=5)
    store.flag(SEEN, "", one)
    store.move(store.archive, one)
    store.move(store.trash, one)
    assert store.where(one) == (store.trash, 0, frozenset({SEEN}))
    flag, first, second = store.pending()
    assert [(op.folder_id, op.uid) for op in (flag, first, second)] == [
        (store.inbox, 5), (store.inbox, 5), (store.archive, 0),
    ]  # fmt: skip
    store.done(flag)
    store.done(first, 40)
    (second,) = store.pending()
    assert (second.folder_name, second.uid, second.target_name) == ("Archive", 40, "Trash")
    store.done(second, 50)
    assert store.where(one) == (store.trash, 50, frozenset({SEEN}))


def test_a_refused_move_hands_the_rest_its_place(store: Store) -> None:
    one = store.put(store.inbox, uid=5)
    store.move(store.archive, one)
    store.flag(FLAGGED, "", one)
    store.move(store.trash, one)
    store.refuse(store.pending()[0])
    assert [(op.kind, op.folder_id, op.uid) for op in store.pending()] == [
        (OpKind.FLAGS, store.inbox, 5), (OpKind.MOVE, store.inbox, 5),
    ]  # fmt: skip
    assert store.where(one) == (store.trash, 0, frozenset({FLAGGED}))
    store.refuse(*store.pending())
    assert store.where(one) == (store.inbox, 5, NONE)


def test_deleting_hides_until_the_server_answers(store: Store) -> None:
    one, two = store.put(store.inbox, uid=5), store.put(store.inbox, uid=6)
    assert store.delete(one, two) == 2
    assert store.delete(one) == 0
    assert (store.where(one), store.where(two)) == (None, None)
    assert mailbox.local_uids(store.db, store.inbox).keys() == {5, 6}
    first, second = store.pending()
    store.done(first)
    store.refuse(second)
    assert store.db.query("SELECT id FROM message") == [(two,)]
    assert store.where(two) == (store.inbox, 6, NONE)


def test_a_moved_message_is_not_fetched_again(store: Store) -> None:
    one = store.put(store.inbox, uid=5)
    store.move(store.archive, one)
    assert 5 in mailbox.local_uids(store.db, store.inbox)
    assert store.put(store.inbox, uid=5) == one
    with store.db.write() as tx:
        mailbox.set_server_flags(tx, store.inbox, {5: frozenset({FLAGGED})})
        mailbox.drop_orphans(tx, store.archive)
    assert store.where(one) == (store.archive, 0, frozenset({FLAGGED}))


def test_without_uidplus_the_next_comparison_finds_the_uid(store: Store) -> None:
    one = store.put(store.inbox, uid=5)
    (place,) = mailbox.locate(store.db, [one])
    store.move(store.archive, one)
    with store.db.write() as tx:
        assert not mailbox.adopt(tx, store.archive, 9, place.message_id, 100, NONE)
    store.done(store.pending()[0])
    store.flag(SEEN, "", one)
    with store.db.write() as tx:
        assert mailbox.adopt(tx, store.archive, 9, place.message_id, 100, NONE)
    assert store.where(one) == (store.archive, 9, frozenset({SEEN}))
    assert store.pending()[0].uid == 9


def test_to_another_account(store: Store) -> None:
    bare = store.put(store.inbox, uid=4)
    with pytest.raises(Refused, match="wholly downloaded"):
        store.move(store.work_archive, bare)
    assert store.where(bare) == (store.inbox, 4, NONE)
    one = store.put(store.inbox, uid=5, flags=frozenset({SEEN}), blob=BLOB)
    store.move(store.work_archive, one)
    # Nothing is deleted here before it has arrived there.
    assert store.pending(store.home) == []
    (append,) = store.pending(store.work)
    assert (append.kind, append.folder_name, append.add, append.blob) == (
        OpKind.APPEND, "Archive", frozenset({SEEN}), BLOB,
    )  # fmt: skip
    store.done(append, 80)
    (delete,) = store.pending(store.home)
    assert (delete.kind, delete.folder_id, delete.uid) == (OpKind.DELETE, store.inbox, 5)
    store.done(delete)
    assert store.where(one) == (store.work_archive, 80, frozenset({SEEN}))


def test_to_another_account_refused(store: Store) -> None:
    one = store.put(store.inbox, uid=5, blob=BLOB)
    store.move(store.work_archive, one)
    store.refuse(store.pending(store.work)[0])
    assert store.where(one) == (store.inbox, 5, NONE)
    assert store.pending(store.home) == []


def test_to_a_local_folder_and_the_server_has_lost_it(store: Store) -> None:
    one = store.put(store.inbox, uid=5, blob=BLOB)
    store.move(store.local, one)
    store.refuse(store.pending()[0])
    assert store.where(one) == (store.local, 0, NONE)


def test_copies(store: Store) -> None:
    one = store.put(store.inbox, uid=5, subject="again", blob=BLOB)
    with store.db.write() as tx:
        assert journal.copy(tx, [one], store.archive) == 1
    (row,) = store.db.query("SELECT id FROM message WHERE folder_id = ?", (store.archive,))
    store.flag(FLAGGED, "", row[0])
    store.done(store.pending()[0], 60)
    assert store.where(row[0]) == (store.archive, 60, frozenset({FLAGGED}))
    assert store.pending()[0].uid == 60
    assert mailbox.unindexed(store.db, 9) == [(one, BLOB), (row[0], BLOB)]
    assert store.undo() == "Change of marks of 1 message"
    assert store.undo() == "Copy of 1 message to Archive"
    assert store.where(row[0]) is None
    assert store.where(one) is not None


def test_local_folders_need_no_server(store: Store) -> None:
    one = store.put(store.local, uid=0, blob=BLOB)
    with store.db.write() as tx:
        pop3.note_all(tx, store.old, [pop3.Fetched("U1", "", 100, one)], 1.0)
    store.flag(SEEN, "", one)
    store.move(store.local_trash, one)
    assert store.pending(store.old) == []
    assert store.undo() == "Move of 1 message to Trash"
    assert store.where(one) == (store.local, 0, frozenset({SEEN}))
    assert pop3.wanted_gone(store.db, store.old) == []
    store.delete(one)
    assert store.where(one) is None
    assert pop3.wanted_gone(store.db, store.old) == ["U1"]
    with store.db.write() as tx:
        pop3.left(tx, store.old, ["U1"], 2.0)
    assert pop3.wanted_gone(store.db, store.old) == []


def test_undo_many_levels_and_across_a_restart(store: Store) -> None:
    one, two = store.put(store.inbox, uid=5, flags=frozenset({SEEN})), store.put(store.inbox, uid=6)
    store.flag(SEEN, "", one, two)
    store.move(store.archive, one, two)
    store.done(store.pending()[0])
    store.delete(two)
    store.db.close()
    store.db = Database(store.root)
    assert store.undo() == "Deletion of 1 message"
    assert store.undo() == "Move of 2 messages to Archive"
    assert store.undo() == "Change of marks of 1 message"
    assert store.undo() == ""
    (back,) = store.pending()
    assert (back.kind, back.uid, back.remove) == (OpKind.FLAGS, 6, frozenset({SEEN}))
    assert store.where(one) == (store.inbox, 5, frozenset({SEEN}))
    assert store.where(two) == (store.inbox, 6, NONE)


def test_undo_of_what_the_server_did_is_a_change_back(store: Store) -> None:
    one = store.put(store.inbox, uid=5)
    store.flag(SEEN, "", one)
    store.move(store.archive, one)
    flag, move = store.pending()
    store.done(flag)
    store.done(move, 70)
    assert store.undo() == "Move of 1 message to Archive"
    (back,) = store.pending()
    assert (back.folder_id, back.uid, back.target_id) == (store.archive, 70, store.inbox)
    assert store.undo() == "Change of marks of 1 message"
    assert store.pending()[1].remove == frozenset({SEEN})
    assert store.undo() == ""


def test_what_rules_do_is_not_undone_by_hand(store: Store) -> None:
    one = store.put(store.inbox, uid=5)
    with store.db.write() as tx:
        assert journal.flag(tx, [one], frozenset({SEEN}), NONE, cause="server") == 1
        assert journal.flag(tx, [one], frozenset({SEEN}), NONE) == 0
    assert store.undo() == ""


def test_folders_made_renamed_and_deleted_here(store: Store) -> None:
    with store.db.write() as tx:
        new = journal.create_folder(tx, store.home, "New", "/")
        child = journal.create_folder(tx, store.home, "Archive/2024", "/")
    for op in store.pending():
        store.done(op)
    one = store.put(child, uid=1)
    store.flag(SEEN, "", one)
    with store.db.write() as tx:
        journal.rename_folder(tx, store.archive, "Old")
        journal.subscribe_folder(tx, new, False)
        journal.delete_folder(tx, new)
    store.flag(FLAGGED, "", one)
    ops = store.pending()
    assert [(op.kind, op.folder_name) for op in ops] == [
        (OpKind.FLAGS, "Archive/2024"),
        (OpKind.FOLDER_RENAME, "Archive"),
        (OpKind.FOLDER_SUBSCRIBE, "New"),
        (OpKind.FOLDER_DELETE, "New"),
        (OpKind.FLAGS, "Old/2024"),
    ]
    listed = [
        ListedFolder(name, "/") for name in ("INBOX", "Archive", "Archive/2024", "New", "Trash")
    ]
    with store.db.write() as tx:
        folders.put_listed(tx, store.home, listed)
    names = {f.name: f.id for f in folders.of_account(store.db, store.home)}
    assert names.keys() == {"INBOX", "Old", "Old/2024", "Trash"}
    assert names["Old/2024"] == child
    store.refuse(*ops)
    renamed = folders.by_id(store.db, child)
    assert renamed is not None
    assert renamed.name == "Archive/2024"
    assert store.where(one) == (child, 1, NONE)


def test_a_folder_the_server_refuses_goes(store: Store) -> None:
    with store.db.write() as tx:
        new = journal.create_folder(tx, store.home, "No", "/", role=Role.JUNK)
        folders.put_listed(tx, store.home, [ListedFolder("INBOX", "/")])
    assert folders.by_id(store.db, new) is not None
    store.refuse(*store.pending())
    assert folders.by_id(store.db, new) is None


@pytest.mark.parametrize("end", ["refused", "vanished", "deleted"])
def test_what_was_on_its_way_to_a_folder_that_goes_is_not_lost(store: Store, end: str) -> None:
    here = store.put(store.local, uid=0, blob=BLOB)
    there = store.put(store.inbox, uid=5)
    with store.db.write() as tx:
        new = journal.create_folder(tx, store.home, "New", "/")
    (made,) = store.pending(store.home)
    if end != "refused":
        store.done(made)
    store.move(new, here)
    store.move(new, there)
    store.flag(SEEN, "", there)
    with store.db.write() as tx:
        if end == "refused":
            journal.refuse(tx, [made.id], "NO")
        elif end == "vanished":
            listed = [ListedFolder(name, "/") for name in ("INBOX", "Archive", "Trash")]
            folders.put_listed(tx, store.home, listed)
        else:
            journal.delete_folder(tx, new)
    assert folders.by_id(store.db, new) is None
    assert store.where(here) == (store.local, 0, NONE)
    assert store.where(there) == (store.inbox, 5, frozenset({SEEN}))
    waiting = [op.kind for op in store.pending(store.home) if op.message]
    assert waiting == [OpKind.FLAGS]


def test_a_copy_on_its_way_to_a_folder_that_goes_is_given_up(store: Store) -> None:
    one = store.put(store.inbox, uid=5)
    with store.db.write() as tx:
        new = folders.create(tx, store.home, "New", "/")
        journal.copy(tx, [one], new)
        folders.put_listed(tx, store.home, [ListedFolder("INBOX", "/")])
    assert store.pending(store.home) == []
    assert store.where(one) == (store.inbox, 5, NONE)
