"""Makes few change notes of many: what one transaction did, said once."""

from __future__ import annotations

from collections.abc import Iterable

from martlet.mail.changes import Change, MessagesChanged
from martlet.mail.folder import FolderId
from martlet.mail.message import MessageId

_ADDED, _CHANGED, _REMOVED = "added", "changed", "removed"
# What an id is in the end, by what was known of it and what happened next. None: nothing to say.
_NEXT: dict[tuple[str, str], str | None] = {
    (_ADDED, _CHANGED): _ADDED,
    (_ADDED, _REMOVED): None,
    (_REMOVED, _ADDED): _CHANGED,
    (_REMOVED, _CHANGED): _REMOVED,
}


def merge(notes: Iterable[Change]) -> list[Change]:
    """MessagesChanged are joined by folder, all other notes told once; in order of appearance."""
    folders: dict[FolderId, dict[MessageId, str]] = {}
    order: dict[Change | FolderId, None] = {}
    for note in notes:
        if not isinstance(note, MessagesChanged):
            order[note] = None
            continue
        order[note.folder_id] = None
        ids = folders.setdefault(note.folder_id, {})
        for what, group in (
            (_ADDED, note.added), (_CHANGED, note.changed), (_REMOVED, note.removed),
        ):  # fmt: skip
            for message in group:
                _follow(ids, message, what)
    merged: list[Change] = []
    for key in order:
        if not isinstance(key, int):
            merged.append(key)
        elif ids := folders[key]:
            merged.append(_told(key, ids))
    return merged


def _follow(ids: dict[MessageId, str], message: MessageId, what: str) -> None:
    before = ids.get(message)
    after = what if before is None else _NEXT.get((before, what), what)
    if after is None:
        del ids[message]
    else:
        ids[message] = after


def _told(folder_id: FolderId, ids: dict[MessageId, str]) -> MessagesChanged:
    def those(what: str) -> tuple[MessageId, ...]:
        return tuple(message for message, state in ids.items() if state == what)

    return MessagesChanged(folder_id, those(_ADDED), those(_CHANGED), those(_REMOVED))
