"""What is done to folders here, there, refused and taken back: nothing in them is lost."""

from __future__ import annotations

import pytest

from martlet.mail.account import Keep
from martlet.mail.changes import Notice
from martlet.mail.folder import Folder, FolderId, Role
from martlet.mail.message import SEEN
from martlet.mail.sync import FolderStatus, ListedFolder, OpKind, SyncState
from martlet.store import account_log, folders, journal
from martlet.store.database import Database
from support.stores import Store

NONE: frozenset[str] = frozenset()


def names(store: Store) -> dict[str, FolderId]:
    return {f.name: f.id for f in folders.of_account(store.db, store.home)}


def folder(store: Store, folder_id: FolderId) -> Folder:
    found = folders.by_id(store.db, folder_id)
    assert found is not None
    return found


def make(store: Store, *wanted: str) -> list[FolderId]:
    with store.db.write() as tx:
        return [folders.create(tx, store.home, name, "/") for name in wanted]


def restart(store: Store) -> None:
    store.db.close()
    store.db = Database(store.root)


def listed(store: Store, *wanted: str) -> list[ListedFolder]:
    roles = {"Archive": Role.ARCHIVE, "Trash": Role.TRASH}
    return [ListedFolder(name, "/", roles.get(name, Role.NONE)) for name in wanted]


def put_listed(store: Store, *wanted: str) -> None:
    with store.db.write() as tx:
        folders.put_listed(tx, store.home, listed(store, *wanted))


def test_a_deleted_folder_is_below_trash_with_all_in_it(store: Store) -> None:
    plans, inner, _ = make(store, "Plans", "Plans/2024", "Trash/Plans")
    one = store.put(inner, uid=1)
    with store.db.write() as tx:
        folders.set_role(tx, inner, Role.SENT)
        assert journal.trash_folder(tx, plans)
    assert folder(store, plans).name == "Trash/Plans 2"
    assert folder(store, inner).name == "Trash/Plans 2/2024"
    assert folder(store, inner).role is Role.NONE
    (op,) = store.pending()
    assert (op.kind, op.folder_name, op.target_name) == (
        OpKind.FOLDER_RENAME, "Plans", "Trash/Plans 2",
    )  # fmt: skip
    store.done(op)
    restart(store)
    assert store.undo() == "Deletion of folder Plans"
    assert (folder(store, plans).name, folder(store, inner).role) == ("Plans", Role.SENT)
    assert store.where(one) == (inner, 1, NONE)
    (back,) = store.pending()
    assert (back.folder_name, back.target_name) == ("Trash/Plans 2", "Plans")


def test_a_trash_that_takes_no_folders_is_remembered(store: Store) -> None:
    (plans,) = make(store, "Plans")
    with store.db.write() as tx:
        journal.trash_folder(tx, plans)
    store.refuse(*store.pending())
    assert folder(store, plans).name == "Plans"
    with store.db.write() as tx:
        assert not journal.trash_folder(tx, plans)
    # \Noinferiors says so from the start.
    with store.db.write() as tx:
        bin_ = ListedFolder("Bin", "/", Role.TRASH, inferiors=False)
        told = [ListedFolder("INBOX", "/"), bin_, ListedFolder("X", "/")]
        folders.put_listed(tx, store.work, told)
        found = folders.by_name(tx, store.work, "X")
        assert found is not None
        assert folders.trash_for(tx, found) is None


@pytest.mark.parametrize("end", ["refused", "undone", "undone too late", "done"])
def test_a_folder_deleted_for_good(store: Store, end: str) -> None:
    plans, inner = make(store, "Plans", "Plans/2024")
    one = store.put(inner, uid=1, blob="b" * 64)
    store.flag(SEEN, "", one)
    with store.db.write() as tx:
        journal.delete_folder(tx, plans)
    assert "Plans" not in names(store)
    assert store.where(one) is None
    put_listed(store, "INBOX", "Archive", "Trash", "Plans", "Plans/2024")
    assert "Plans" not in names(store)
    restart(store)
    flag, first, second = store.pending()
    assert [op.folder_name for op in (flag, first, second)] == ["Plans/2024", "Plans/2024", "Plans"]
    store.done(flag)
    if end == "refused":
        # One that stays keeps those above it.
        store.refuse(first)
        assert store.pending() == []
    elif end == "undone":
        assert store.undo() == "Deletion of folder Plans"
    elif end == "undone too late":
        assert store.undo() == "Deletion of folder Plans"
        store.done(first)
        store.done(second)
        kinds = [(op.kind, op.folder_name) for op in store.pending()]
        assert kinds == [
            (OpKind.FOLDER_CREATE, "Plans/2024"), (OpKind.APPEND, "Plans/2024"),
            (OpKind.FOLDER_CREATE, "Plans"),
        ]  # fmt: skip
        assert store.where(one) == (inner, 0, frozenset({SEEN}))
        return
    else:
        store.done(first)
        store.done(second)
        assert store.db.query("SELECT * FROM message") == []
        with store.db.write() as tx:
            assert "deleted for good" in journal.give_up_deleted(tx)
            assert journal.give_up_deleted(tx) == ""
        return
    assert names(store)["Plans"] == plans
    assert store.where(one) == (inner, 1, frozenset({SEEN}))


def test_a_folder_that_stays_follows_what_was_renamed_meanwhile(store: Store) -> None:
    plans, inner = make(store, "Plans", "Plans/2024")
    with store.db.write() as tx:
        journal.delete_folder(tx, inner)
        journal.rename_folder(tx, plans, "Old")
    store.refuse(store.pending()[0])
    assert folder(store, inner).name == "Old/2024"
    assert [(op.folder_name, op.target_name) for op in store.pending()] == [("Plans", "Old")]


def test_a_new_folder_may_have_the_name_of_one_being_deleted(store: Store) -> None:
    (plans,) = make(store, "Plans")
    with store.db.write() as tx:
        journal.delete_folder(tx, plans)
        again = journal.create_folder(tx, store.home, "Plans", "/")
    assert again != plans
    gone, made = store.pending()
    store.refuse(gone)
    store.done(made)
    assert names(store)["Plans"] == again


def test_creating_renaming_and_subscribing_are_undone(store: Store) -> None:
    with store.db.write() as tx:
        made = journal.create_folder(tx, store.home, "New", "/")
    store.done(store.pending()[0])
    with store.db.write() as tx:
        journal.rename_folder(tx, made, "Newer")
        journal.subscribe_folder(tx, made, False)
    rename, unsubscribe = store.pending()
    store.done(rename)
    store.done(unsubscribe)
    with store.db.write() as tx:
        journal.set_keep(tx, made, Keep.RECENT, 30)
        journal.set_role(tx, made, Role.TRASH)
    restart(store)
    assert store.undo() == "Choice of what folder Newer is for"
    assert folder(store, store.trash).role is Role.TRASH
    assert store.undo() == "Choice of what is kept of folder Newer"
    assert (folder(store, made).keep, folder(store, made).keep_days) == (None, 0)
    assert store.undo() == "Unsubscription of folder Newer"
    assert folder(store, made).subscribed
    assert store.undo() == "Renaming of folder New to Newer"
    assert folder(store, made).name == "New"
    assert store.undo() == "Creation of folder New"
    assert "New" not in names(store)
    assert [op.kind for op in store.pending()] == [
        OpKind.FOLDER_SUBSCRIBE, OpKind.FOLDER_RENAME, OpKind.FOLDER_DELETE,
    ]  # fmt: skip
    assert store.undo() == ""


def test_undoing_a_creation_deletes_nothing_that_came_since(store: Store) -> None:
    with store.db.write() as tx:
        made = journal.create_folder(tx, store.home, "New", "/")
    store.done(store.pending()[0])
    one = store.put(made, uid=1)
    assert store.undo() == "Creation of folder New"
    assert folder(store, made).name == "Trash/New"
    assert store.where(one) == (made, 1, NONE)


def test_the_levels_above_a_new_folder_are_here_with_it(store: Store) -> None:
    with store.db.write() as tx:
        made = journal.create_folder(tx, store.home, "A/B/C", "/")
    assert set(names(store)) == {"INBOX", "Archive", "Trash", "A", "A/B", "A/B/C"}
    assert not folder(store, names(store)["A/B"]).selectable
    assert [op.folder_name for op in store.pending()] == ["A/B/C"]
    put_listed(store, "INBOX", "Archive", "Trash")
    assert {"A", "A/B", "A/B/C"} <= set(names(store))
    with store.db.write() as tx:
        journal.rename_folder(tx, names(store)["A/B"], "A/X")
    assert folder(store, made).name == "A/X/C"
    assert [(op.folder_name, op.target_name) for op in store.pending()] == [
        ("A/B/C", ""), ("A/B", "A/X"),
    ]  # fmt: skip
    store.undo()
    assert store.undo() == "Creation of folder A/B/C"
    assert set(names(store)) == {"INBOX", "Archive", "Trash"}
    with store.db.write() as tx:
        journal.create_folder(tx, store.home, "A/B/C", "/")
    store.done(store.pending()[0])
    put_listed(store, "INBOX", "Archive", "Trash", "A", "A/B", "A/B/C")
    assert folder(store, names(store)["A/B"]).selectable
    with store.db.write() as tx:
        journal.create_folder(tx, store.old, "A/B", "/", local=True)
    assert store.undo() == "Creation of folder A/B"
    assert not {"A", "A/B"} & {f.name for f in folders.of_account(store.db, store.old)}


def test_what_is_empty_by_then_leaves_nothing_in_trash(store: Store) -> None:
    kept, gone = store.put(store.inbox, uid=1), store.put(store.inbox, uid=2)
    with store.db.write() as tx:
        made = journal.create_folder(tx, store.home, "New", "/")
    store.done(store.pending()[0])
    store.move(made, kept, gone)
    for op in store.pending():
        # One without UIDPLUS: its new uid is not known.
        store.done(op, 1 if op.message == kept else 0)
    with store.db.write() as tx:
        told = FolderStatus(messages=2, uid_next=3, uid_validity=7)
        names_ = [
            *listed(store, "INBOX", "Archive", "Trash"),
            ListedFolder("New", "/", status=told),
        ]
        folders.put_listed(tx, store.home, names_)
    assert folder(store, made).there == 2
    assert store.undo() == "Move of 2 messages to New"
    assert store.undo() == "Creation of folder New"
    assert set(names(store)) == {"INBOX", "Archive", "Trash"}
    assert [op.kind for op in store.pending()] == [
        OpKind.MOVE, OpKind.MOVE, OpKind.FOLDER_DELETE,
    ]  # fmt: skip


def test_what_others_put_into_a_new_folder_is_not_deleted(store: Store) -> None:
    with store.db.write() as tx:
        made = journal.create_folder(tx, store.home, "New", "/")
    store.done(store.pending()[0])
    with store.db.write() as tx:
        told = FolderStatus(messages=1, uid_next=2, uid_validity=7)
        names_ = [
            *listed(store, "INBOX", "Archive", "Trash"),
            ListedFolder("New", "/", status=told),
        ]
        folders.put_listed(tx, store.home, names_)
    assert store.undo() == "Creation of folder New"
    assert folder(store, made).name == "Trash/New"


def test_a_refused_rename_leaves_later_ones_their_names(store: Store) -> None:
    plans, inner = make(store, "Plans", "Plans/2024")
    with store.db.write() as tx:
        journal.rename_folder(tx, plans, "Old")
        journal.rename_folder(tx, inner, "Old/2023")
        journal.rename_folder(tx, plans, "Older")
    store.refuse(store.pending()[0])
    assert [(op.folder_name, op.target_name) for op in store.pending()] == [
        ("Plans/2024", "Plans/2023"), ("Plans", "Older"),
    ]  # fmt: skip
    assert folder(store, inner).name == "Older/2023"
    store.refuse(*store.pending())
    assert (folder(store, plans).name, folder(store, inner).name) == ("Plans", "Plans/2024")


def test_what_the_user_says_a_folder_is_for_stays(store: Store) -> None:
    (bin_,) = make(store, "Bin")
    with store.db.write() as tx:
        journal.set_role(tx, bin_, Role.TRASH)
        journal.set_role(tx, store.archive, Role.NONE)
    put_listed(store, "INBOX", "Archive", "Trash", "Bin")
    assert [folder(store, one).role for one in (bin_, store.trash, store.archive)] == [
        Role.TRASH, Role.NONE, Role.NONE,
    ]  # fmt: skip
    found = folders.by_role(store.db, store.home, Role.TRASH)
    assert found is not None
    assert (found.id, found.chosen) == (bin_, True)


def test_folders_renamed_by_others_keep_their_mail(store: Store) -> None:
    plans, notes = make(store, "Plans", "Notes")
    one = store.put(plans, uid=1)
    two = store.put(notes, uid=1)

    def told(first: str, second: str) -> None:
        with store.db.write() as tx:
            folders.put_listed(
                tx,
                store.home,
                [
                    *listed(store, "INBOX", "Archive", "Trash"),
                    ListedFolder(first, "/", status=FolderStatus(3, 9, 1, 2, mailbox_id="P")),
                    ListedFolder(second, "/", status=FolderStatus(4, 9, 1, 0, mailbox_id="N")),
                ],
            )

    told("Plans", "Notes")
    assert (folder(store, plans).there, folder(store, notes).there) == (3, 4)
    # Swapped, and one of them moved.
    told("Notes", "Plans")
    assert (folder(store, plans).name, folder(store, notes).name) == ("Notes", "Plans")
    told("Deep/Notes", "Notes")
    assert (folder(store, plans).name, folder(store, notes).name) == ("Deep/Notes", "Notes")
    assert store.where(one) == (plans, 1, NONE)
    assert store.where(two) == (notes, 1, NONE)


@pytest.mark.parametrize(
    ("told", "stays"),
    [
        ({"Old/Plans": (7, 3, 2)}, True),
        ({"Old/Plans": (8, 3, 2)}, False),
        ({"Old/Plans": (7, 4, 2)}, False),
        ({"Old/Plans": (7, 3, 1)}, False),
        ({"Old/Plans": (7, 3, 2), "Copy": (7, 3, 2)}, False),
        ({"Old/Plans": (7, 3, 2), "Notes": (7, 9, 9)}, False),
        ({"Old/Plans": (7, 3, 2), "Notes": (6, 9, 9), "Plans": (9, 1, 0)}, False),
    ],
)
def test_without_ids_a_rename_is_told_by_numbers(
    store: Store, told: dict[str, tuple[int, int, int]], stays: bool
) -> None:
    def put(folders_: dict[str, tuple[int, int, int]]) -> None:
        with store.db.write() as tx:
            folders.put_listed(
                tx,
                store.home,
                [
                    *listed(store, "INBOX", "Archive", "Trash"),
                    *(
                        ListedFolder(name, "/", status=FolderStatus(messages, uid_next, validity))
                        for name, (validity, uid_next, messages) in folders_.items()
                    ),
                ],
            )

    plans, notes = make(store, "Plans", "Notes")
    put({"Plans": (7, 3, 2), "Notes": (6, 9, 9)})
    with store.db.write() as tx:
        folders.save_sync_state(tx, plans, SyncState(7, 3))
        folders.save_sync_state(tx, notes, SyncState(6, 9))
    one, _ = store.put(plans, uid=1, blob="a" * 64), store.put(plans, uid=2)
    put(told)
    assert (store.where(one) == (plans, 1, NONE)) == (stays or "Plans" in told)
    assert (names(store).get("Old/Plans") == plans) == stays


def test_a_folder_deleted_by_others_takes_nothing_with_it_in_silence(store: Store) -> None:
    (plans,) = make(store, "Plans")
    one, two = store.put(store.inbox, uid=5, subject="mine"), store.put(plans, uid=1)
    store.move(plans, one)
    store.flag(SEEN, "", two)
    put_listed(store, "INBOX", "Archive", "Trash")
    assert store.where(one) == (store.inbox, 5, NONE)
    (line,) = account_log.newest(store.db, store.home, 9)
    assert line.kind == account_log.CONFLICT
    assert line.sentence == (
        "The folder Plans was deleted on the server; 1 message on the way to it went back and"
        " 1 change in it could not be made."
    )
    assert any(isinstance(change, Notice) for change in store.changes)


def test_keywords_the_server_keeps_are_remembered(store: Store) -> None:
    with store.db.write() as tx:
        folders.put_selected(tx, store.inbox, frozenset({"\\Seen", "\\*"}), "M1")
        folders.put_selected(tx, store.inbox, frozenset())
        folders.put_rights(tx, store.inbox, "lrs")
        folders.park(tx, store.inbox, "five bad answers")
    assert folders.keywords(store.db, store.inbox) == {"\\Seen", "\\*"}
    assert store.db.query("SELECT mailbox_id FROM folder WHERE id = ?", (store.inbox,)) == [("M1",)]
    found = folder(store, store.inbox)
    assert (found.rights, found.parked) == ("lrs", "five bad answers")
