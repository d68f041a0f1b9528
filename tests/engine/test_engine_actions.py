"""Verbs on messages and folders: which folder is meant, and what is refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from martlet.engine.actions import Actions
from martlet.mail.account import AccountId, Keep
from martlet.mail.errors import Refused
from martlet.mail.folder import FolderId, Role, name_for_role
from martlet.mail.message import JUNK, NOT_JUNK
from martlet.mail.sync import ListedFolder, OpKind
from martlet.store import folders
from support.stores import Store

NONE: frozenset[str] = frozenset()


class Desk:
    """Verbs on a store; woken: the accounts whose workers were told."""

    def __init__(self, root: Path) -> None:
        self.store = Store(root)
        self.woken: list[AccountId] = []
        self.verbs = Actions(self.store.db, self._wake)

    def _wake(self, account_ids: Iterable[AccountId]) -> None:
        self.woken.extend(account_ids)

    def make(self, account: AccountId, name: str, role: Role = Role.NONE) -> FolderId:
        with self.store.db.write() as tx:
            return folders.create(tx, account, name, "/", role)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path / "profile")
    yield made
    made.store.db.close()


def test_no_trash_is_made_in_silence(desk: Desk) -> None:
    inbox = desk.store.role(desk.store.work, Role.INBOX)
    one = desk.store.put(inbox, uid=1)
    with pytest.raises(Refused) as refused:
        desk.verbs.delete([one], False)
    assert (refused.value.detail, refused.value.account) == ("role:trash", "work")
    assert refused.value.summary == "work has no folder for deleted mail: say which one."
    assert desk.store.where(one) == (inbox, 1, NONE)
    trash = desk.verbs.create(desk.store.work, "Trash")
    desk.verbs.set_role(trash, Role.TRASH)
    assert desk.verbs.delete([one], False) == 1
    assert desk.store.where(one) == (trash, 0, NONE)


def test_local_accounts_have_theirs(desk: Desk) -> None:
    one = desk.store.put(desk.store.local, uid=0)
    desk.verbs.delete_folder(desk.store.local_trash, True)
    assert desk.verbs.delete([one], False) == 1
    trash = folders.by_role(desk.store.db, desk.store.old, Role.TRASH)
    assert trash is not None
    assert desk.store.where(one) == (trash.id, 0, NONE)


def test_gmail_archives_to_all_mail(desk: Desk) -> None:
    every = desk.make(desk.store.work, "[Gmail]/All Mail", Role.ALL)
    one = desk.store.put(desk.store.role(desk.store.work, Role.INBOX), uid=1)
    folders_before = len(folders.of_account(desk.store.db, desk.store.work))
    with desk.store.db.write() as tx:
        folders.set_role(tx, desk.store.work_archive, Role.NONE)
    assert desk.verbs.archive([one]) == 1
    assert desk.store.where(one) == (every, 0, NONE)
    assert len(folders.of_account(desk.store.db, desk.store.work)) == folders_before


def test_junk_is_told_to_the_server(desk: Desk) -> None:
    junk = desk.make(desk.store.home, "Junk", Role.JUNK)
    one = desk.store.put(desk.store.inbox, uid=1, flags=frozenset({NOT_JUNK}))
    desk.verbs.move([one], junk)
    assert desk.store.where(one) == (junk, 0, frozenset({JUNK}))
    flag, move = desk.store.pending()
    assert (flag.kind, flag.folder_id, move.kind) == (
        OpKind.FLAGS, desk.store.inbox, OpKind.MOVE,
    )  # fmt: skip
    for op in (flag, move):
        desk.store.done(op, 7)
    desk.verbs.archive([one])
    assert desk.store.where(one) == (desk.store.archive, 0, frozenset({NOT_JUNK}))
    assert desk.verbs.undo() == "Move of 1 message to Archive"
    assert desk.verbs.undo() == "Move of 1 message to Junk"
    assert desk.store.where(one) == (desk.store.inbox, 0, frozenset({NOT_JUNK}))
    # Deleting says nothing of what it was.
    two = desk.store.put(junk, uid=9, flags=frozenset({JUNK}))
    desk.verbs.delete([two], False)
    assert desk.store.where(two) == (desk.store.trash, 0, frozenset({JUNK}))


def test_what_cannot_be_done_to_folders(desk: Desk) -> None:
    parent = desk.make(desk.store.home, "All")
    with desk.store.db.write() as tx:
        folders.rename(tx, desk.store.trash, "All/Trash")
    verbs = desk.verbs
    for do, said in (
        (lambda: verbs.delete_folder(desk.store.inbox, False), "inbox cannot be deleted"),
        (lambda: verbs.delete_folder(parent, False), "trash is inside"),
        (lambda: verbs.delete_folder(parent, True), "trash is inside"),
        (lambda: verbs.set_role(desk.store.inbox, Role.TRASH), "inbox"),
        (lambda: verbs.set_role(parent, Role.ALL), "views"),
        (lambda: verbs.set_keep(desk.store.inbox, Keep.RECENT, 0), "days"),
        (lambda: verbs.set_keep(desk.store.local, Keep.OFF, 0), "only here"),
        (lambda: verbs.rename(parent, "Archive"), "already"),
        (lambda: verbs.rename(parent, "All/Deeper"), "into itself"),
        (lambda: verbs.mark_all_read(FolderId(999)), "no such folder"),
    ):
        with pytest.raises(Refused, match=said):
            do()
    assert desk.store.pending() == []


def test_a_deletion_is_never_more_final_than_was_said(desk: Desk) -> None:
    plans, more = desk.make(desk.store.home, "Plans"), desk.make(desk.store.home, "More")
    desk.verbs.delete_folder(plans, False)
    # The server will not.
    desk.store.refuse(*desk.store.pending())
    for folder in (plans, more):
        with pytest.raises(Refused, match="only be deleted permanently"):
            desk.verbs.delete_folder(folder, False)
    desk.verbs.delete_folder(more, True)
    assert [op.kind for op in desk.store.pending()] == [OpKind.FOLDER_DELETE]
    # Without a trash it is said by whoever asks that it is final.
    work = desk.make(desk.store.work, "Plans")
    desk.verbs.delete_folder(work, False)
    assert folders.by_id(desk.store.db, work) is None


def test_all_is_marked_read_and_back_as_one_action(desk: Desk) -> None:
    for number in range(1, 6):
        desk.store.put(desk.store.inbox, uid=number)
    assert desk.verbs.mark_all_read(desk.store.inbox) == 5
    assert desk.woken == [desk.store.home]
    assert desk.verbs.mark_all_read(desk.store.inbox) == 0
    assert desk.verbs.undo() == "Change of marks of 5 messages"


def test_new_folders_go_where_the_server_has_them(desk: Desk) -> None:
    with desk.store.db.write() as tx:
        listed = [ListedFolder(name, ".") for name in ("INBOX", "INBOX.a", "INBOX.b")]
        folders.put_listed(tx, desk.store.work, listed)
    known = folders.of_account(desk.store.db, desk.store.work)
    assert name_for_role(Role.TRASH, known) == "INBOX.Trash"


def test_of_a_folder_that_holds_no_messages_nothing_is_kept(desk: Desk) -> None:
    desk.verbs.create(desk.store.home, "A/B")
    (above,) = [f for f in folders.of_account(desk.store.db, desk.store.home) if f.name == "A"]
    with pytest.raises(Refused, match="holds folders only"):
        desk.verbs.set_keep(above.id, Keep.ALL, 0)
    desk.verbs.set_keep(above.id, None, 0)


def test_any_script_makes_a_tag(desk: Desk) -> None:
    one = desk.store.put(desk.store.inbox, uid=1)
    assert desk.verbs.set_flags([one], ["重要"], [], True) == 1
    assert desk.store.pending()[0].add == {"&kc2JgQ-"}
    with pytest.raises(Refused, match="one word"):
        desk.verbs.set_flags([one], ["a b"], [], True)
