"""What waits for a change that is put off, and what does not."""

from __future__ import annotations

from martlet.engine.postponed import free
from martlet.mail.account import AccountId
from martlet.mail.folder import FolderId
from martlet.mail.message import MessageId
from martlet.mail.sync import Op, OpKind

ME = AccountId(1)


def change(number: int, kind: OpKind, message: int, source: str, target: str = "") -> Op:
    return Op(
        number,
        kind,
        ME,
        MessageId(message),
        FolderId(len(source)),
        source,
        message if message < 100 else 0,
        FolderId(len(target)),
        target,
    )


def numbers(ops: list[Op], *postponed: int) -> list[int]:
    return [op.id for op in free(ops, postponed)]


def test_the_same_message_waits() -> None:
    ops = [
        change(1, OpKind.MOVE, 7, "INBOX", "Work"),
        change(2, OpKind.FLAGS, 8, "INBOX"),
        change(3, OpKind.FLAGS, 7, "Work"),
    ]
    assert numbers(ops, 1) == [2]
    assert numbers(ops, 2) == [1, 3]
    assert numbers(ops) == [1, 2, 3]


def test_a_copy_that_is_not_made_waits_for_it() -> None:
    ops = [
        change(1, OpKind.COPY, 7, "INBOX", "Work"),
        change(2, OpKind.FLAGS, 100, "Work"),
        change(3, OpKind.FLAGS, 9, "Work"),
    ]
    assert numbers(ops, 1) == [3]


def test_a_folder_is_not_deleted_before_what_is_to_be_moved_out() -> None:
    ops = [
        change(1, OpKind.MOVE, 7, "Work/Old", "INBOX"),
        change(2, OpKind.FOLDER_DELETE, 0, "Work/Old"),
        change(3, OpKind.FOLDER_DELETE, 0, "Work"),
        change(4, OpKind.FOLDER_DELETE, 0, "Plans"),
    ]
    assert numbers(ops, 1) == [4]


def test_what_goes_into_a_folder_waits_for_it_to_be_made() -> None:
    ops = [
        change(1, OpKind.FOLDER_CREATE, 0, "Work"),
        change(2, OpKind.FOLDER_CREATE, 0, "Work/Old"),
        change(3, OpKind.MOVE, 7, "INBOX", "Work/Old"),
        change(4, OpKind.FLAGS, 7, "Work/Old"),
        change(5, OpKind.FLAGS, 8, "INBOX"),
    ]
    assert numbers(ops, 1) == [5]
