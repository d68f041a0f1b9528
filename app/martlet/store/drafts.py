"""Letters being written, as they were last saved; the truth of what a person has typed.

A draft has a key that stays its own wherever it goes. Its row in a folder of drafts (`draft_rows`)
is a picture of it, made when nobody writes on it:

    wanted 0, message M    M shows what is here
    wanted 1, message M    newer text is here; M is replaced on closing or after quiet minutes
    wanted 1, message 0    no folder shows it yet
    lost 1                 another program took M away; `draft_elsewhere` finds out why
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

import msgspec

from martlet.mail.account import AccountId
from martlet.mail.changes import DraftsChanged
from martlet.mail.folder import FolderId
from martlet.mail.message import MessageId
from martlet.mail.outgoing import Draft, DraftId
from martlet.store.codec import to_json
from martlet.store.database import Row, Source, Tx
from martlet.store.draft_copies import take_away

_drafts = msgspec.json.Decoder(Draft)

DELETED_ELSEWHERE = MessageId(-1)
# It stands in a header field and in Message-IDs.
_KEY = re.compile("[A-Za-z0-9_-]{8,64}")
# So often a draft is put into its folder before it is left alone until something changes.
MOST_TRIES = 3


class Held(IntEnum):
    """Whether a window holds a draft. LATER: one is to, after the next start."""

    CLOSED = 0
    OPEN = 1
    LATER = 2


@dataclass(frozen=True, slots=True)
class Standing:
    """How a draft stands beside its text. message: its row in a folder, 0 for none.

    wanted: newer text is here than that row has. place: the window's own words on where it stood.
    uploaded, shown: Message-ID and blob of the last row it had. lost: that row is gone.
    elsewhere: the message another program made of it, DELETED_ELSEWHERE, or 0.
    problem: why it could not be put into the folder, or "". seen: that row was on the server when
    its folder was compared. unsure: it was found by its Message-ID alone. unheard: (blob,
    Message-ID) of uploads that may be there twice. tries: how often it was put there in vain.
    """

    id: DraftId
    account_id: AccountId
    key: str
    updated: float
    held: Held
    wanted: bool
    message: MessageId
    place: str
    uploaded: str
    shown: str
    lost: bool
    elsewhere: MessageId
    problem: str
    seen: bool
    unsure: bool
    unheard: tuple[tuple[str, str], ...]
    tries: int


_STANDING = (
    "id, account_id, key, updated, open, wanted, message, place, uploaded, shown, lost, elsewhere,"
    " problem, seen, unsure, unheard, tries"
)


def new_key() -> str:
    """A name for a draft: random, saying nothing."""
    return secrets.token_hex(12)


def save(
    tx: Tx,
    draft: Draft,
    held: Held = Held.CLOSED,
    place: str = "",
    message: MessageId | None = None,
) -> DraftId:
    """Stores a new draft or replaces the one with its id, or else its key; answers the id.

    message: the row of a folder that shows it just so; None: as it was.
    """
    now = draft.updated or time.time()
    if draft.key and not _KEY.fullmatch(draft.key):
        draft = replace(draft, key="")
    known = _known(tx, draft)
    draft_id, key, wanted, changed = draft.id, draft.key or new_key(), True, True
    if known is not None:
        before = get(tx, known.id)
        draft_id, key = known.id, known.key or key
        draft = replace(draft, id=draft_id, key=key)
        if before is not None and _alike(before, draft):
            now, wanted, changed = known.updated, known.wanted, False
    if message is not None:
        wanted = False
    body = encode(replace(draft, key=key, updated=now))
    tx.must_last()
    if known is None:
        tx.execute(
            "INSERT INTO draft (id, account_id, updated, body, key) VALUES (?, ?, ?, ?, ?)",
            (draft_id or None, draft.account_id, now, body, key),
        )
        draft_id = DraftId(draft_id or tx.inserted)
    tx.execute(
        "UPDATE draft SET account_id = ?, updated = ?, body = ?, key = ?, open = ?, place = ?,"
        " wanted = ?, message = COALESCE(?, message), tries = CASE WHEN ? THEN 0 ELSE tries END"
        " WHERE id = ?",
        (
            draft.account_id, now, body, key, int(held), place, int(wanted), message, changed,
            draft_id,
        ),
    )  # fmt: skip
    tx.note(DraftsChanged())
    return draft_id


def hold(tx: Tx, draft_id: DraftId, held: Held) -> None:
    """A window holds it, or none does any more; what it says is as it was. What could not be put
    into the folder is tried again."""
    tx.must_last()
    tx.execute("UPDATE draft SET open = ?, tries = 0 WHERE id = ?", (int(held), draft_id))
    tx.note(DraftsChanged())


def discard(tx: Tx, draft_id: DraftId) -> None:
    """Forgets a draft with its row, here and on the server; one not there is no error."""
    one = standing(tx, draft_id)
    if one is None:
        return
    tx.must_last()
    tx.execute("DELETE FROM draft WHERE id = ?", (draft_id,))
    tx.note(DraftsChanged())
    take_away(tx, one.message, one.key)


def shown_by(
    tx: Tx, one: Standing, message: MessageId, message_id: str, blob: str, built: float
) -> None:
    """This row shows the draft as it was at `built` (Draft.updated)."""
    tx.execute(
        "UPDATE draft SET message = ?, uploaded = ?, shown = ?, wanted = (updated > ?),"
        " problem = '', lost = 0, seen = 0, unsure = 0 WHERE id = ?",
        (message, message_id, blob, built, one.id),
    )
    tx.note(DraftsChanged())


def known_as(tx: Tx, draft_id: DraftId, message_id: str, blob: str) -> None:
    """Message-ID and blob of the row it was read from, which is there."""
    tx.execute(
        "UPDATE draft SET uploaded = ?, shown = ?, seen = 1, unsure = 0 WHERE id = ?",
        (message_id, blob, draft_id),
    )


def set_problem(tx: Tx, draft_id: DraftId, problem: str) -> None:
    tx.execute("UPDATE draft SET problem = ? WHERE id = ?", (problem, draft_id))
    tx.note(DraftsChanged())


def not_kept(tx: Tx, draft_id: DraftId, problem: str) -> None:
    """The server has not kept its row; problem "": nothing need be said of that so far."""
    set_problem(tx, draft_id, problem)
    tx.execute("UPDATE draft SET lost = 0, wanted = 1, tries = tries + 1 WHERE id = ?", (draft_id,))


def try_again(tx: Tx) -> None:
    """At start: whatever was in the way may be out of it."""
    tx.execute("UPDATE draft SET tries = 0 WHERE tries > 0")


def have_seen(tx: Tx, folder_id: FolderId) -> None:
    """This folder was compared: what rows of it have a uid are on the server."""
    tx.execute(
        "UPDATE draft SET seen = 1, tries = 0 WHERE seen = 0 AND message > 0"
        " AND message IN (SELECT id FROM message WHERE folder_id = ? AND uid > 0)",
        (folder_id,),
    )


def is_sure(tx: Tx, draft_id: DraftId) -> None:
    """Its row was looked at, and says what the draft says."""
    tx.execute("UPDATE draft SET unsure = 0 WHERE id = ?", (draft_id,))


def unbind(tx: Tx, draft_id: DraftId) -> None:
    """What its row stands for is somebody else's text."""
    tx.execute(
        "UPDATE draft SET message = 0, wanted = 1, lost = 1, seen = 1, unsure = 0 WHERE id = ?",
        (draft_id,),
    )


def heard(tx: Tx, draft_id: DraftId, message_id: str) -> None:
    """The copy too many with this Message-ID was found."""
    one = standing(tx, draft_id)
    left = [f"{blob}{name}" for blob, name in one.unheard if name != message_id] if one else []
    tx.execute("UPDATE draft SET unheard = ? WHERE id = ?", (" ".join(left), draft_id))


def set_elsewhere(tx: Tx, draft_id: DraftId, elsewhere: MessageId) -> None:
    """What another program made of it. It is not `lost` any more."""
    tx.execute("UPDATE draft SET elsewhere = ?, lost = 0 WHERE id = ?", (elsewhere, draft_id))
    tx.note(DraftsChanged())


def settle(tx: Tx, draft_id: DraftId) -> None:
    """A person knows of the other version and keeps this one, which is shown in any case."""
    tx.execute(
        "UPDATE draft SET elsewhere = 0, wanted = (wanted OR message = 0) WHERE id = ?",
        (draft_id,),
    )
    tx.note(DraftsChanged())


def bind(tx: Tx, draft_id: DraftId, message: MessageId) -> None:
    """The row it had is here again, under another number."""
    tx.execute(
        "UPDATE draft SET message = ?, lost = 0, seen = 1, unsure = 0 WHERE id = ?",
        (message, draft_id),
    )


def sent(tx: Tx, draft: Draft) -> None:
    """It is queued: no draft of it stays, by whatever number it was saved."""
    one = _known(tx, draft)
    if one is not None:
        discard(tx, one.id)


def get(source: Source, draft_id: DraftId) -> Draft | None:
    rows = source.query("SELECT id, body, key FROM draft WHERE id = ?", (draft_id,))
    return _draft(rows[0]) if rows else None


def standing(source: Source, draft_id: DraftId) -> Standing | None:
    rows = source.query(f"SELECT {_STANDING} FROM draft WHERE id = ?", (draft_id,))
    return _standing(rows[0]) if rows else None


def shown_in(source: Source, message: MessageId) -> Standing | None:
    """The draft whose row this message is."""
    rows = source.query(
        f"SELECT {_STANDING} FROM draft WHERE message = ? AND message > 0", (message,)
    )
    return _standing(rows[0]) if rows else None


def of_key(source: Source, key: str) -> Standing | None:
    rows = source.query(f"SELECT {_STANDING} FROM draft WHERE key = ? AND key <> ''", (key,))
    return _standing(rows[0]) if rows else None


def all_standings(source: Source) -> list[Standing]:
    rows = source.query(f"SELECT {_STANDING} FROM draft ORDER BY id")
    return [_standing(row) for row in rows]


def all_drafts(source: Source) -> list[Draft]:
    """Last written first."""
    rows = source.query("SELECT id, body, key FROM draft ORDER BY updated DESC, id DESC")
    return [_draft(row) for row in rows]


def only_here(source: Source) -> list[Draft]:
    """Those that no folder shows or will show: the account has none for drafts, or they could not
    be put there. Last written first."""
    rows = source.query(
        "SELECT id, body, key FROM draft d WHERE message = 0 AND open <> 1 AND (problem <> ''"
        " OR NOT EXISTS (SELECT 1 FROM folder f WHERE f.account_id = d.account_id"
        "  AND f.role = 'drafts' AND f.doomed = 0))"
        " ORDER BY updated DESC, id DESC"
    )
    return [_draft(row) for row in rows]


def blobs(source: Source) -> set[str]:
    """Of rows that are gone maybe: what lies on a server is compared with them."""
    found = {one.shown for one in all_standings(source)}
    found |= {blob for one in all_standings(source) for blob, _ in one.unheard}
    return found - {""}


def to_restore(source: Source) -> list[tuple[Draft, str]]:
    """The letters that were open when the last window ended, and where they stood."""
    rows = source.query("SELECT id, body, key, place FROM draft WHERE open <> 0 ORDER BY id")
    return [(_draft(row), str(row[3])) for row in rows]


def encode(draft: Draft) -> str:
    """A draft as text, also for the outbox."""
    return to_json(draft)


def decode(text: str) -> Draft:
    return _drafts.decode(text)


def _known(tx: Tx, draft: Draft) -> Standing | None:
    found = standing(tx, draft.id) if draft.id else None
    return found or of_key(tx, draft.key)


def _alike(one: Draft, other: Draft) -> bool:
    return replace(one, updated=0.0) == replace(other, updated=0.0)


def _draft(row: Sequence[object]) -> Draft:
    draft = decode(str(row[1]))
    return replace(draft, id=DraftId(int(str(row[0]))), key=str(row[2]) or draft.key)


def _standing(row: Row) -> Standing:
    return Standing(
        DraftId(row[0]), AccountId(row[1]), row[2], row[3], Held(row[4]), bool(row[5]),
        MessageId(row[6]), row[7], row[8], row[9], bool(row[10]), MessageId(row[11]), row[12],
        bool(row[13]), bool(row[14]), _unheard(row[15]), row[16],
    )  # fmt: skip


def _unheard(text: str) -> tuple[tuple[str, str], ...]:
    found = (one.partition("<") for one in text.split())
    return tuple((blob, mark + name) for blob, mark, name in found)
