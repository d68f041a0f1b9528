"""Messages as printed: rows with exactly the documented fields, or a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from martlet.cli import output
from martlet.cli.context import Context
from martlet.mail.folder import Role
from martlet.mail.message import ANSWERED, FLAGGED, SEEN, MessageRow

_OURS = frozenset({Role.SENT, Role.DRAFTS})


def as_object(row: MessageRow, account: str, folder: str) -> dict[str, object]:
    return {
        "id": row.id,
        "account": account,
        "folder": folder,
        "uid": row.uid,
        "subject": row.subject,
        "from": str(row.sender),
        "to": row.to,
        "date": output.iso(row.date or None),
        "flags": sorted(row.flags),
        "tags": sorted(row.tags),
        "size": row.size,
        "attachments": row.attachments,
        "preview": row.preview,
    }


def print_rows(context: Context, rows: Iterable[MessageRow]) -> None:
    if context.json:
        accounts = {account.id: account.name for account in context.reader.accounts()}
        folders = {folder.id: folder.name for folder in context.reader.folders()}
        output.objects(
            as_object(row, accounts.get(row.account_id, ""), folders.get(row.folder_id, ""))
            for row in rows
        )
        return
    ours = {folder.id for folder in context.reader.folders() if folder.role in _OURS}
    listed = list(rows)
    several = len({row.account_id for row in listed}) > 1
    names = {one.id: one.name for one in context.reader.accounts()} if several else {}
    shown = [
        (
            *([names.get(row.account_id, "")] if several else []),
            str(row.id),
            _marks(row),
            output.local_date(row.date),
            output.cut(output.one_line(_other(row, row.folder_id in ours)), 24),
            row.subject,
        )
        for row in listed
    ]
    who = "To" if all(row.folder_id in ours for row in listed) else "From"
    head = ("Account",) if several else ()
    right = frozenset({len(head)})
    output.table((*head, "ID", "", "Date", who, "Subject"), shown, right=right)


def _other(row: MessageRow, ours: bool) -> str:
    """Whom a message is from, or where it is of those we write, whom it is to."""
    return row.to if ours and row.to else row.sender.name or row.sender.address


def _marks(row: MessageRow) -> str:
    """N new, * flagged, r answered, @ with attachments."""
    marks: Sequence[tuple[bool, str]] = (
        (SEEN not in row.flags, "N"),
        (FLAGGED in row.flags, "*"),
        (ANSWERED in row.flags, "r"),
        (row.attachments > 0, "@"),
    )
    return "".join(mark if on else " " for on, mark in marks)
