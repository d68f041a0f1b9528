"""What the window and the command line read. Never writes, and makes nothing in an empty profile.

Before an engine has made the database, or while it brings an old one up to date, everything is
empty. Use one Reader in each thread; raises StoreError when the store cannot be read.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import apsw

from martlet.mail.account import Account, AccountId
from martlet.mail.folder import ROLE_ORDER, Folder, FolderId, Role
from martlet.mail.letter_size import SizeLimit
from martlet.mail.message import SYSTEM_FLAGS, Address, Envelope, MessageId, MessageRow
from martlet.mail.outgoing import (
    Delivery,
    DeliveryKind,
    Draft,
    DraftId,
    OutboxEntry,
    OutboxId,
    OutboxState,
    OutgoingPart,
)
from martlet.mail.sync import LogEntry, Traffic
from martlet.mail.tags import shown
from martlet.mail.writing import Group, Template, TemplateKind
from martlet.store import (
    account_log,
    accounts,
    contacts,
    deliveries,
    delivery_reports,
    drafts,
    folders,
    groups,
    mailbox,
    outbox,
    outbox_shown,
    own_people,
    pictures,
    pop3_summaries,
    search,
    size_limits,
    templates,
    traffic,
)
from martlet.store.blobs import Blobs
from martlet.store.codec import addresses, ids_json
from martlet.store.database import FILE_NAME, Row, Value
from martlet.store.drafts import Standing
from martlet.store.fold import unpack
from martlet.store.holdings import COMPLETE
from martlet.store.migrate import check_not_newer, newest, version
from martlet.store.trouble import translated

_COLUMNS = (
    "m.id, f.account_id, m.folder_id, m.uid, m.sort_key, m.subject, m.from_name, m.from_address,"
    " m.to_list, m.date, m.flags, m.size, m.attachments, m.preview, m.blob <> '',"
    " m.partial <> '', " + COMPLETE
)
_ROWS = f"SELECT {_COLUMNS} FROM message m JOIN folder f ON f.id = m.folder_id"
_HIGHEST = (1 << 63) - 1
_NO_LIMIT = 1 << 60
_BUSY_MS = 5000
# So many names a list shows before it says "and n more".
_NAMES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a search can have searched: messages known, and how many of them with their text."""

    messages: int
    with_body: int


class Reader:
    """A profile's store, to look at."""

    def __init__(self, profile_root: Path) -> None:
        self._path = profile_root / FILE_NAME
        self._connection: apsw.Connection | None = None
        self._blobs = Blobs(profile_root, read_only=True)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self._blobs.close()

    # --- accounts and folders

    def accounts(self) -> list[Account]:
        """In the order they were added."""
        return accounts.all_accounts(self)

    def account(self, name_or_id: str | int) -> Account | None:
        """By id, or by name in any case."""
        every = self.accounts()
        if isinstance(name_or_id, int):
            return next((a for a in every if a.id == name_or_id), None)
        exact = next((a for a in every if a.name == name_or_id), None)
        folded = name_or_id.casefold()
        return exact or next((a for a in every if a.name.casefold() == folded), None)

    def folders(self, account_id: AccountId | None = None) -> list[Folder]:
        """By account, those with a role first in their order, then by name."""
        found = [
            folders.folder_of(row)
            for row in self.query(
                f"SELECT {folders.COLUMNS} FROM folder"
                " WHERE doomed = 0 AND (?1 IS NULL OR account_id = ?1)",
                (account_id,),
            )
        ]
        order = {account.id: place for place, account in enumerate(self.accounts())}
        found.sort(
            key=lambda f: (order.get(f.account_id, 0), _rank(f.role), f.name.casefold(), f.id)
        )
        return found

    def folder(self, folder_id: FolderId) -> Folder | None:
        return folders.by_id(self, folder_id)

    def find_folder(self, name: str, account: AccountId | None = None) -> list[Folder]:
        """In each account by full path; failing that by path in any case, then by role. Where no
        account has one so called, by last level."""
        every = self.folders(account)
        found: list[Folder] = []
        for one in dict.fromkeys(folder.account_id for folder in every):
            found += _called(name, [folder for folder in every if folder.account_id == one])
        folded = name.casefold()
        return found or [f for f in every if f.leaf.casefold() == folded]

    def trash_for(self, folder_id: FolderId) -> Folder | None:
        """The folder below which this one goes when it is deleted; None: it is deleted for good."""
        found = self.folder(folder_id)
        return folders.trash_for(self, found) if found else None

    def below(self, folder_id: FolderId) -> list[Folder]:
        """All folders below this one, at any depth."""
        found = self.folder(folder_id)
        return folders.children(self, found) if found else []

    # --- accounts' doings

    def log(self, account_id: AccountId, limit: int) -> list[LogEntry]:
        """Up to `limit` lines of the account's log, newest first."""
        return account_log.newest(self, account_id, limit)

    def traffic(self, account_id: AccountId) -> list[Traffic]:
        """What went over the account's connections, newest day first."""
        return traffic.days(self, account_id)

    # --- messages

    def page(self, folder_id: FolderId, before: int | None, limit: int) -> list[MessageRow]:
        """Up to `limit` rows older than sort key `before` (None: the newest), newest first."""
        return self._rows(
            f"{_ROWS} WHERE m.folder_id = ? AND m.hidden = 0 AND m.sort_key < ?"
            " ORDER BY m.sort_key DESC LIMIT ?",
            (folder_id, _HIGHEST if before is None else before, limit),
        )

    def keys(
        self, folder_id: FolderId, before: int | None = None, limit: int = _NO_LIMIT
    ) -> array[int]:
        """Sort keys of a folder, newest first. Read from the index alone."""
        connection = self._open()
        if connection is None:
            return array("q")
        with translated(self._path):
            return array(
                "q",
                (
                    row[0]
                    for row in connection.execute(
                        "SELECT sort_key FROM message INDEXED BY message_list"
                        " WHERE folder_id = ? AND hidden = 0 AND sort_key < ?"
                        " ORDER BY sort_key DESC LIMIT ?",
                        (folder_id, _HIGHEST if before is None else before, limit),
                    )
                ),
            )

    def rows_between(
        self, folder_id: FolderId, newest_key: int, oldest_key: int
    ) -> list[MessageRow]:
        """Rows from one sort key to another, both included, newest first."""
        return self._rows(
            f"{_ROWS} WHERE m.folder_id = ? AND m.hidden = 0 AND m.sort_key BETWEEN ? AND ?"
            " ORDER BY m.sort_key DESC",
            (folder_id, oldest_key, newest_key),
        )

    def rows(self, ids: Iterable[MessageId]) -> list[MessageRow]:
        """These, in the order asked; those gone or hidden are left out."""
        wanted = list(dict.fromkeys(ids))
        found = {
            row.id: row
            for row in self._rows(
                f"{_ROWS} WHERE m.hidden = 0 AND f.doomed = 0"
                " AND m.id IN (SELECT value FROM json_each(?))",
                (ids_json(wanted),),
            )
        }
        return [found[message] for message in wanted if message in found]

    def deleted(self, folder_id: FolderId, limit: int) -> list[MessageRow]:
        """Those marked \\Deleted or to be deleted, but still on the server; newest first."""
        return self._rows(
            f"{_ROWS} WHERE m.folder_id = ? AND m.hidden = 1 ORDER BY m.sort_key DESC LIMIT ?",
            (folder_id, max(0, limit)),
        )

    def row(self, message_id: MessageId) -> MessageRow | None:
        return next(iter(self.rows([message_id])), None)

    def envelope(self, message_id: MessageId) -> Envelope | None:
        return mailbox.envelope(self, message_id)

    def raw(self, message_id: MessageId) -> bytes | None:
        """The raw message, or None while it is not stored here."""
        return self._blobs.get(mailbox.blob_of(self, message_id))

    def size_limit(self, account_id: AccountId, identity: int = 0) -> SizeLimit:
        """The largest letter that its server takes, as far as it is known.

        identity: whose own server it may be, 0 for the account's.
        """
        account = self.account(account_id)
        server = account.sends_by(identity) if account is not None else None
        said = size_limits.said(self, server) if server is not None else None
        return said.limit if said is not None else SizeLimit()

    def part_bytes(self, part: OutgoingPart) -> bytes | None:
        """The bytes of a draft's part, to show its pictures while it is written."""
        return self._blobs.get(part.blob)

    def on_pop3(self, ids: Iterable[MessageId]) -> set[MessageId]:
        """Those of these that a POP3 server has or had."""
        return pop3_summaries.on_pop3(self, ids)

    def summaries(self, folder_id: FolderId, limit: int = _NO_LIMIT) -> list[MessageId]:
        """The messages of a folder of which POP3 has brought only the header, newest first."""
        return pop3_summaries.summaries(self, folder_id, limit)

    # --- searching

    def search(
        self,
        query: str,
        *,
        folder_id: FolderId | None = None,
        account_id: AccountId | None = None,
        before: int | None = None,
        limit: int = 200,
    ) -> list[MessageRow]:
        """What a query (see `store.query`) finds, newest first. before: a sort key, to go on."""
        scope = search.Scope(folder_id, account_id, before)
        return [_row(row) for row in search.find(self, _COLUMNS, query, scope, limit)]

    def search_count(
        self,
        query: str,
        *,
        folder_id: FolderId | None = None,
        account_id: AccountId | None = None,
    ) -> int:
        rows = self._open()
        return 0 if rows is None else search.count(self, query, search.Scope(folder_id, account_id))

    def coverage(self) -> Coverage:
        rows = self.query(
            "SELECT (SELECT COALESCE(SUM(total), 0) FROM folder),"
            " (SELECT COUNT(*) FROM message WHERE blob = '' AND hidden = 0)"
        )
        return Coverage(rows[0][0], rows[0][0] - rows[0][1]) if rows else Coverage(0, 0)

    # --- outgoing

    def outbox(self) -> list[OutboxEntry]:
        """Oldest first, without those that are sent and filed."""
        return outbox.all_entries(self)

    def outbox_standing(self) -> list[tuple[OutboxId, OutboxState]]:
        """The same by number and state alone, those that need a person first."""
        return outbox_shown.standing(self)

    def outbox_some(self, ids: Iterable[OutboxId]) -> list[OutboxEntry]:
        """Those of these that are still there, in any order."""
        return outbox_shown.some(self, ids)

    def outbox_soon(self, until: float, also: Iterable[OutboxId] = ()) -> list[OutboxEntry]:
        """The same, without what was not tried yet and waits until later than this (Unix seconds),
        but for these."""
        return outbox_shown.soon(self, until, also)

    def outbox_count(self) -> int:
        """How many there are in it."""
        return outbox_shown.count(self) if self._open() is not None else 0

    def outbox_tally(self, among: Iterable[OutboxId]) -> Counter[OutboxState]:
        """How many of these stand how; those taken back stand nowhere."""
        return outbox_shown.tally(self, among)

    def outbox_entry(self, outbox_id: OutboxId) -> OutboxEntry | None:
        """One of any state; None: it was taken back."""
        return outbox.entry(self, outbox_id)

    def deliveries(
        self, message_id_header: str, account_id: AccountId | None = None
    ) -> list[Delivery]:
        """What became of the sent message with this Message-ID, oldest line first.

        account_id: only if that account sent it.
        """
        return deliveries.of_message(self, message_id_header, account_id)

    def delivery_summary(self, ids: Iterable[MessageId]) -> dict[MessageId, DeliveryKind]:
        """The worst that is true now of each; messages that nothing is known of are left out."""
        return deliveries.summary(self, ids)

    def told_by(self, report: MessageId) -> list[str]:
        """The Message-IDs of the sent messages that this stored message is a report about."""
        return delivery_reports.told_by(self, report)

    def with_message_id(self, header: str) -> list[MessageRow]:
        """The stored messages with this Message-ID, those in Sent first."""
        return self.rows(delivery_reports.with_message_id(self, header))

    def drafts(self) -> list[Draft]:
        """Last written first."""
        return drafts.all_drafts(self)

    def drafts_only_here(self) -> list[Draft]:
        """Those that no folder shows or will show. Last written first."""
        return drafts.only_here(self)

    def draft(self, draft_id: DraftId) -> Draft | None:
        return drafts.get(self, draft_id)

    def draft_standing(self, draft_id: DraftId) -> Standing | None:
        """How a draft stands beside its text."""
        return drafts.standing(self, draft_id)

    def draft_shown_in(self, message_id: MessageId) -> DraftId | None:
        """The draft that this row of a folder shows."""
        found = drafts.shown_in(self, message_id)
        return found.id if found is not None else None

    def letters_to_restore(self) -> list[tuple[Draft, str]]:
        """The letters that were open when the last window ended, and where they stood."""
        return drafts.to_restore(self)

    def templates(self, kind: TemplateKind | None = None) -> list[Template]:
        """By name; of one kind, or of both."""
        return [t for t in templates.all_templates(self) if kind in (None, t.kind)]

    def pictures_allowed(self) -> list[str]:
        """For whom pictures from the internet are always shown: addresses, and "@domain"."""
        return pictures.all_allowed(self)

    def tags(self) -> frozenset[str]:
        """Keywords that the servers know, as people see them; programs' own among them."""
        rows = self.query("SELECT DISTINCT keywords FROM folder WHERE keywords <> ''")
        words = {word for (packed,) in rows for word in unpack(str(packed))}
        return frozenset(shown(word) for word in words if not word.startswith("\\"))

    def complete(self, prefix: str, limit: int) -> list[Address | Group]:
        """Groups, then people, to offer while a name or an address is typed; best first.

        Those of one's own are offered as well, after everybody else.
        """
        named = groups.complete(self, prefix, limit // 2)
        own = own_people.complete(self, prefix)
        known = contacts.complete(self, prefix, limit - len(named), but=own)
        found: list[Address | Group] = [*named, *known, *own.values()]
        return found[:limit]

    def groups(self) -> list[Group]:
        """People that are written to together, by name."""
        return groups.all_groups(self)

    # --- inner

    def query(self, sql: str, params: Sequence[Value] = ()) -> list[Row]:
        """For the functions of this package (`database.Source`)."""
        connection = self._open()
        if connection is None:
            return []
        with translated(self._path):
            return connection.execute(sql, params).fetchall()

    def _rows(self, sql: str, params: Sequence[Value]) -> list[MessageRow]:
        return [_row(row) for row in self.query(sql, params)]

    def _open(self) -> apsw.Connection | None:
        """The connection, once there is a database of the version this program knows."""
        if self._connection is not None:
            return self._connection
        if not self._path.exists():
            return None
        with translated(self._path):
            connection = _connect(self._path)
            found = version(connection)
            if found != newest():
                connection.close()
                check_not_newer(found)
                return None
        self._connection = connection
        return connection


def _connect(path: Path) -> apsw.Connection:
    flags = apsw.SQLITE_OPEN_READWRITE
    try:
        connection = apsw.Connection(str(path), flags=flags)
    except (apsw.CantOpenError, apsw.ReadOnlyError):
        connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    connection.set_busy_timeout(_BUSY_MS)
    connection.pragma("query_only", True)
    connection.pragma("cache_size", -8000)
    # Not mapped: it made the window 20 MiB larger and nothing faster (tests/bench/window.py).
    connection.pragma("mmap_size", 0)
    return connection


def _called(name: str, known: list[Folder]) -> list[Folder]:
    folded = name.casefold()
    return (
        [f for f in known if f.name == name]
        or [f for f in known if f.name.casefold() == folded]
        or [f for f in known if f.role is not Role.NONE and f.role.value == folded]
    )


def _rank(role: Role) -> int:
    return ROLE_ORDER.index(role) if role in ROLE_ORDER else len(ROLE_ORDER)


def _row(row: Row) -> MessageRow:
    flags = unpack(row[10])
    system = flags & SYSTEM_FLAGS
    return MessageRow(
        row[0], row[1], row[2], row[3], row[4], row[5], Address(row[6], row[7]), _names(row[8]),
        row[9], system, frozenset(map(shown, flags - system)), row[11], row[12], row[13],
        bool(row[14] or row[16]), bool(row[15] and not row[16]),
    )  # fmt: skip


def _names(to_list: str) -> str:
    """Who it is for, short: names where there are some, else addresses."""
    people = addresses(to_list)
    names = [one.name or one.address for one in people[:_NAMES_SHOWN]]
    more = len(people) - len(names)
    return ", ".join(names) + (f" +{more}" if more else "")
