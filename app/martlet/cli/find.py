"""From what was typed to the accounts, folders and messages that are meant."""

from __future__ import annotations

from collections.abc import Sequence

from martlet.cli.context import Context, Usage
from martlet.mail.account import Account
from martlet.mail.errors import Refused
from martlet.mail.folder import Folder
from martlet.mail.message import MessageId, MessageRow

NO_ACCOUNT = "There is no account yet; add one with: martlet account add"


def account(context: Context, name: str) -> Account:
    """By name, address or number. Raises Refused: there is none."""
    known = context.reader.accounts()
    for one in known:
        if one.name == name:
            return one
    folded = name.casefold()
    for one in known:
        if folded in (one.name.casefold(), one.address.casefold(), str(one.id)):
            return one
    names = ", ".join(one.name for one in known)
    raise Refused(
        f"There is no account {name!r}; there are: {names}."
        if known
        else f"There is no account {name!r}; none has been added yet."
    )


def only_account(context: Context, name: str | None) -> Account:
    """The named account, or the only one. Raises Usage: it must be named."""
    if name is not None:
        return account(context, name)
    known = context.reader.accounts()
    if not known:
        raise Refused(NO_ACCOUNT)
    if len(known) > 1:
        names = ", ".join(one.name for one in known)
        raise Usage(f"name the account with --account; there are: {names}")
    return known[0]


def folders(context: Context, name: str, account_name: str | None) -> list[Folder]:
    """Folders of that name or role, of the account or of all. Raises Refused: there is none."""
    chosen = account(context, account_name) if account_name is not None else None
    found = context.reader.find_folder(name, chosen.id if chosen else None)
    if not found and not context.reader.accounts():
        raise Refused(NO_ACCOUNT)
    if not found:
        where = f" in {chosen.name}" if chosen else ""
        raise Refused(f"There is no folder {name!r}{where}.")
    return found


def folder(context: Context, name: str, account_name: str | None) -> Folder:
    """The one folder that is meant. Raises Usage: several accounts have it."""
    found = folders(context, name, account_name)
    if len(found) > 1:
        names = {one.id: one.name for one in context.reader.accounts()}
        where = ", ".join(names[one.account_id] for one in found)
        raise Usage(f"several accounts have a folder {name!r}; name one with --account: {where}")
    return found[0]


def messages(context: Context, ids: Sequence[int]) -> list[MessageRow]:
    """The rows of these messages. Raises Refused: one is not there."""
    wanted = [MessageId(number) for number in dict.fromkeys(ids)]
    found = {row.id: row for row in context.reader.rows(wanted)}
    for number in wanted:
        if number not in found:
            raise Refused(f"There is no message {number}.")
    return [found[number] for number in wanted]
