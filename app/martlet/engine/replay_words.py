"""What is said of changes that are carried to a server, and of those it does not take."""

from __future__ import annotations

from collections.abc import Sequence

from martlet.engine import replay_folders
from martlet.mail.errors import MailError, Refused
from martlet.mail.sync import Op, OpKind
from martlet.store import account_log, mailbox
from martlet.store.database import Source


class NotHere(Refused):
    """What is to be stored on the server is not here any more, or damaged: no server was asked."""


def doing(source: Source, group: Sequence[Op]) -> str:
    """What is done to these, after "to"."""
    first = group[0]
    if first.kind in replay_folders.KINDS:
        return replay_folders.doing(first)
    head = mailbox.envelope(source, first.message)
    what = account_log.named(head.subject if head else "", len(group))
    match first.kind:
        case OpKind.FLAGS:
            return f"change the marks of {what}"
        case OpKind.MOVE:
            return f"move {what} to {first.target_name}"
        case OpKind.COPY:
            return f"copy {what} to {first.target_name}"
        case OpKind.DELETE:
            return f"delete {what}"
        case _:
            return f"store {what} in {first.folder_name}"


def refused(source: Source, group: Sequence[Op], error: MailError) -> str:
    """That they are given up."""
    what = doing(source, group)
    if isinstance(error, NotHere):
        return f"Martlet could not {what}: it is not here any more, or damaged."
    return f"The server refused to {what}."


def draft_refused(source: Source, group: Sequence[Op], error: MailError) -> str:
    """The same of drafts, whose text is kept elsewhere and stays."""
    what = doing(source, group)
    if isinstance(error, NotHere):
        return f"Martlet could not {what}: its copy for the server is damaged. The draft is here."
    if group[0].kind is OpKind.DELETE:
        return f"The server refused to {what}; its copy stays there for now."
    return f"The server refused to {what}; it stays on this computer."
