"""What the server lets one do with a folder (RFC 4314), as questions and in words. Pure."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from martlet.mail.folder import Folder, Role

CREATE_BELOW = "k"
RENAME_OR_DELETE = "x"
INSERT = "i"
MARK_DELETED = "t"
EXPUNGE = "e"
MARK_READ = "s"
FLAG = "w"

# The letters of RFC 2086, which its servers answer alone.
_OLD = {"c": "kx", "d": "te"}


def known(rights: str) -> frozenset[str]:
    """The letters, those of RFC 2086 as what they stand for."""
    letters = set(rights)
    for old, new in _OLD.items():
        if old in letters and not letters & set(new):
            letters |= set(new)
    return frozenset(letters)


def may(folder: Folder, letters: str) -> bool:
    """Whether all of these are granted; a server that does not say grants them."""
    return not folder.rights or set(letters) <= known(folder.rights)


def may_rename(folder: Folder) -> bool:
    return folder.role is Role.NONE and may(folder, RENAME_OR_DELETE)


def in_words(rights: str) -> str:
    """What one may do, as a list in words; "" when it is not known."""
    if not rights:
        return ""
    letters = known(rights)

    def tr(text: str) -> str:
        return QCoreApplication.translate("folders", text)

    words = (
        ("r", tr("read")),
        ("s", tr("mark as read")),
        ("w", tr("star and tag")),
        ("i", tr("put messages in")),
        ("te", tr("delete messages")),
        ("k", tr("make folders inside")),
        ("x", tr("rename and delete it")),
    )
    granted = [text for needed, text in words if set(needed) <= letters]
    if len(granted) == len(words):
        return tr("Everything")
    return ", ".join(granted) if granted else tr("Nothing")
