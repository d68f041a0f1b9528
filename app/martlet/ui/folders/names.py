"""Folder names as paths: what stands above and below, and which names can be given. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from martlet.mail.account import AccountId
from martlet.mail.folder import Folder, Role

_CONTEXT = "folders"
# What servers take at least; RFC 9051 sets no limit, Dovecot's is 255 bytes for a level.
_LONGEST_BYTES = 200


def _tr(text: str) -> str:
    return QCoreApplication.translate(_CONTEXT, text)


def below(folder: Folder, folders: Sequence[Folder]) -> list[Folder]:
    """Those inside this one, at any depth."""
    if not folder.delimiter:
        return []
    start = folder.name + folder.delimiter
    return [f for f in folders if f.account_id == folder.account_id and f.name.startswith(start)]


def parent_name(folder: Folder) -> str:
    """The path of the level above, "" at the top."""
    if not folder.delimiter or folder.delimiter not in folder.name:
        return ""
    return folder.name.rsplit(folder.delimiter, 1)[0]


def top_prefix(account_id: AccountId, folders: Sequence[Folder]) -> str:
    """What a folder at the top must begin with: "" or, where all stand below INBOX, "INBOX."."""
    own = [f for f in folders if f.account_id == account_id and not f.local]
    inbox = next((f for f in own if f.role is Role.INBOX), None)
    if inbox is None or not inbox.delimiter:
        return ""
    start = inbox.name + inbox.delimiter
    others = [f for f in own if f.role is not Role.INBOX]
    if others and all(f.name.casefold().startswith(start.casefold()) for f in others):
        return start
    return ""


def delimiter_of(account_id: AccountId, folders: Sequence[Folder]) -> str:
    """What stands between levels in this account, "" when there are none."""
    own = (f.delimiter for f in folders if f.account_id == account_id and f.delimiter)
    return next(own, "/" if not any(f.account_id == account_id for f in folders) else "")


def path_in(
    above: Folder | None, account_id: AccountId, leaf: str, folders: Sequence[Folder]
) -> str:
    """The full name of a folder called `leaf` inside `above`, or at the account's top."""
    if above is None:
        return top_prefix(account_id, folders) + leaf
    return f"{above.name}{above.delimiter}{leaf}"


def problem_with(
    leaf: str,
    above: Folder | None,
    account_id: AccountId,
    folders: Sequence[Folder],
    renamed: Folder | None = None,
) -> str:
    """Why a folder cannot be called so, as a sentence; "" if it can. Empty is no problem yet."""
    name = leaf.strip()
    delimiter = above.delimiter if above is not None else delimiter_of(account_id, folders)
    if not name:
        return ""
    if delimiter and delimiter in name:
        return _tr("A name cannot contain “{mark}”: it stands between levels here.").format(
            mark=delimiter
        )
    if not name.isprintable():
        return _tr("A name cannot contain control characters.")
    if any(mark in name for mark in "*%"):
        return _tr("A name cannot contain “*” or “%”: servers take them for patterns.")
    if len(name.encode()) > _LONGEST_BYTES:
        return _tr("This name is too long for many servers.")
    full = path_in(above, account_id, name, folders)
    if full.casefold() == "inbox":
        return _tr("The inbox exists already.")
    for other in folders:
        if renamed is not None and other.id == renamed.id:
            continue
        if other.account_id == account_id and other.name == full:
            return _tr("There is a folder of this name already.")
    return ""
