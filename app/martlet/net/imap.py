"""An IMAP session (RFC 9051, RFC 3501): signed in, one folder selected at a time.

    ImapSession.open ──> select(name) ──> uids, fetch_*, store, move, … ──> idle ──> … ──> logout
Used by one thread. Only MailErrors leave it: Refused means that the session goes on as before
(Busy: and that the same may work later); after any other it is of no more use and is to be closed.
News that comes in between (EXISTS, EXPUNGE, VANISHED, FETCH with flags) is collected in
`unsolicited`; `idle` returns at once while there is some. Neither EXPUNGE nor CLOSE is ever sent:
they would delete what others marked.

What the commands say is in the neighbours: imap_login, imap_folders, imap_select, imap_fetch,
imap_parts, imap_search, imap_change, imap_idle, imap_about.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence

from martlet.mail.account import Server
from martlet.mail.errors import MailError, Refused
from martlet.mail.folder import Role
from martlet.mail.route import STRAIGHT, Route
from martlet.mail.sync import BodyPart, FolderStatus, ListedFolder, Quota, SyncState
from martlet.net import (
    imap_about,
    imap_change,
    imap_fetch,
    imap_folders,
    imap_idle,
    imap_login,
    imap_parts,
    imap_search,
    imap_select,
)
from martlet.net.body import Body, Raw
from martlet.net.connect import Line, Waker, connect
from martlet.net.imap_about import Namespaces
from martlet.net.imap_fetch import Summary
from martlet.net.imap_idle import IdleNews
from martlet.net.imap_names import Names
from martlet.net.imap_select import Selected
from martlet.net.imap_talk import News, Talk

__all__ = [
    "FolderStatus",
    "IdleNews",
    "ImapSession",
    "Namespaces",
    "Selected",
    "Summary",
]


class ImapSession:
    """A signed-in connection. selected: the name of the folder that is, or ""."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._talk = Talk(line, stranger=True)
        self._names = Names(self._utf8)
        self._compressed = self._notified = False
        self.selected = ""

    @classmethod
    def open(
        cls,
        server: Server,
        secret: str,
        *,
        route: Route = STRAIGHT,
        timeout_s: float = 60.0,
        client_id: bool = True,
        utf8: bool = False,
    ) -> ImapSession:
        """Connects and signs in. Offline, TlsRefused, AuthFailed, BadServer.

        timeout_s: how long any one read or write may stand still.
        client_id: say our name (RFC 2971) where the server takes it.
        utf8: speak UTF-8 (RFC 6855) where it is offered.
        """
        line = connect(
            server,
            route=route,
            timeout_s=timeout_s,
            starttls=imap_login.starttls,
        )
        session = cls(line)
        try:
            imap_login.sign_in(session._talk, secret, client_id=client_id, utf8=utf8)
        except BaseException:
            line.close()
            raise
        return session

    @property
    def capabilities(self) -> frozenset[str]:
        """What the server offers, in capitals, with what IMAP4REV2 implies."""
        return self._talk.capabilities

    @property
    def enabled(self) -> frozenset[str]:
        """What has been switched on: QRESYNC, CONDSTORE, UTF8=ACCEPT, IMAP4REV2.

        Right after `open` the server's answer to that is waited for.
        """
        self._talk.settle()
        return self._talk.enabled

    @property
    def modseq(self) -> int:
        """The highest modification sequence told of the selected folder (CONDSTORE), or 0."""
        return self._talk.modseq

    @property
    def exists(self) -> int:
        """How many messages the selected folder has by now."""
        return self._talk.exists

    @property
    def unsolicited(self) -> Sequence[News]:
        """The news since SELECT, `take_news` or `idle`, oldest first."""
        return tuple(self._talk.unsolicited)

    @property
    def bytes_in(self) -> int:
        """What has been received so far, as it came over the wire."""
        return self._line.bytes_in

    @property
    def bytes_out(self) -> int:
        """What has been sent so far, as it went over the wire."""
        return self._line.bytes_out

    def take_news(self) -> list[News]:
        """The news so far, which is forgotten here."""
        news = list(self._talk.unsolicited)
        self._talk.unsolicited.clear()
        return news

    def take_remarks(self) -> list[tuple[str, str]]:
        """For the account's log: what was odd and passed over, and what the server wants told.

        Each a sentence and the server's words; they are forgotten here.
        """
        remarks = list(self._talk.remarks)
        self._talk.remarks.clear()
        return remarks

    def compress(self) -> bool:
        """Compresses all that follows (RFC 4978), once. False when it is not offered or given."""
        if not self._compressed:
            self._compressed = imap_login.compress(self._talk)
        return self._compressed

    # Folders

    def list_folders(self, *, status: bool = False) -> list[ListedFolder]:
        """All folders, with roles. status: and what each has, as far as the server tells."""
        return imap_folders.list_folders(self._talk, self._names, status=status)

    def status(self, names: Iterable[str]) -> dict[str, FolderStatus]:
        """What each folder has, without selecting it; those the server refuses are left out."""
        by_raw = {
            b"INBOX" if name.upper() == "INBOX" else self._names.raw(name): name for name in names
        }
        found = imap_folders.ask_status(self._talk, by_raw)
        return {by_raw[raw]: status for raw, status in found.items()}

    def namespaces(self) -> Namespaces:
        """Where folders begin, and their delimiters; empty when the server does not say."""
        return imap_about.namespaces(self._talk, self._names)

    def quota(self, name: str) -> tuple[Quota, ...]:
        """The limits that hold for a folder; () when the server does not say."""
        return imap_about.quota(self._talk, self._names, name)

    def rights(self, name: str) -> str:
        """What may be done with a folder, by letters of RFC 4314; "" when that is not known."""
        return imap_about.rights(self._talk, self._names, name)

    def append_limit(self, name: str) -> int:
        """The largest message in bytes the folder takes (RFC 7889); 0 when that is not known."""
        return imap_change.append_limit(self._talk, self._names, name)

    def create(self, name: str, role: Role = Role.NONE) -> None:
        """Makes a folder; where it is possible the server learns what it is for."""
        imap_change.create(self._talk, self._names, name, role)

    def rename(self, name: str, new: str) -> None:
        """Renames a folder and what is below it."""
        if self.selected:
            # Courier refuses while it, or one below it, is open.
            self.unselect()
        command = b"RENAME %s %s" % (self._names.quoted(name), self._names.quoted(new))
        imap_change.run(self._talk, command, f"rename the folder {name}")
        self._names.forget(name)

    def delete(self, name: str) -> None:
        """Deletes a folder with what is in it."""
        if name == self.selected:
            self.unselect()
        self._folder(b"DELETE", name, f"delete the folder {name}")
        self._names.forget(name)

    def subscribe(self, name: str) -> None:
        """Marks a folder as one to be shown."""
        self._folder(b"SUBSCRIBE", name, f"subscribe to {name}")

    def unsubscribe(self, name: str) -> None:
        """Takes that mark away."""
        self._folder(b"UNSUBSCRIBE", name, f"unsubscribe from {name}")

    # The selected folder

    def select(
        self, name: str, *, read_only: bool = False, since: SyncState | None = None
    ) -> Selected:
        """Selects a folder. Refused when the server will not.

        since: what was known of it; where QRESYNC is enabled the server tells all changes since.
        """
        self.selected = ""
        found = imap_select.select(self._talk, self._names, name, read_only=read_only, since=since)
        self.selected = name
        return found

    def unselect(self) -> None:
        """Leaves the selected folder, deleting nothing, where the server can do that."""
        if self.selected and "UNSELECT" in self.capabilities:
            imap_change.run(self._talk, b"UNSELECT", "leave the folder")
            self.selected = ""
            self._talk.exists = self._talk.modseq = 0
            self._talk.unsolicited.clear()
        elif self.selected not in ("", "INBOX"):
            # Not CLOSE, which expunges.
            with contextlib.suppress(Refused):
                self.select("INBOX", read_only=True)

    def uids(self) -> list[int]:
        """All UIDs of the selected folder, ascending."""
        return imap_search.uids(self._talk)

    def search_message_id(self, message_id: str) -> list[int]:
        """UIDs of messages with this Message-ID, ascending; with or without its brackets."""
        return imap_search.by_message_id(self._talk, message_id)

    def search_text(self, words: str) -> list[int]:
        """UIDs of messages that hold all of these words, as the server searches; ascending."""
        return imap_search.by_text(self._talk, words)

    def fetch_flags(
        self, uids: str = "1:*", changed_since: int | None = None
    ) -> dict[int, frozenset[str]]:
        """Flags by UID. changed_since: only what changed after that MODSEQ (needs CONDSTORE).

        `modseq` is then at least the highest of those told.
        """
        if not self.exists:
            return {}
        if changed_since is not None and "CONDSTORE" not in self.capabilities:
            changed_since = None
        return dict(imap_fetch.fetch_flags(self._talk, uids, changed_since))

    def fetch_summaries(self, uids: Iterable[int], *, preview: bool = False) -> Iterator[Summary]:
        """Summaries in batches of the order given, as they arrive. May be given up at any time.

        The UIDs are taken as commands are sent, a few batches ahead of what has arrived.
        preview: with the server's own preview of the text, where it makes one.
        """
        return imap_fetch.fetch_summaries(self._talk, uids, preview=preview)

    def fetch_new(self, first_uid: int) -> Iterator[Summary]:
        """Summaries of all messages from this UID on. May be given up at any time."""
        return imap_fetch.fetch_new(self._talk, first_uid)

    def fetch_raw(self, uids: Iterable[int]) -> Iterator[tuple[int, bytes]]:
        """UID and whole message, without setting \\Seen. May be given up at any time."""
        return imap_fetch.fetch_raw(self._talk, uids)

    def fetch_structure(self, uid: int) -> BodyPart | None:
        """A message's parts; None when the server's account of them is of no use."""
        return imap_parts.fetch_structure(self._talk, uid)

    def fetch_sections(self, uid: int, sections: Sequence[str]) -> dict[str, bytes]:
        """Sections as sent: "HEADER", "1", "1.MIME", "" for the whole; those it lacks are left out.

        Refused when the message is gone.
        """
        return imap_parts.fetch_sections(self._talk, uid, sections)

    def fetch_range(self, uid: int, section: str, start: int, count: int) -> bytes:
        """`count` bytes of a section from `start` on; fewer, or none, at its end.

        More than `count`: all there are, from a server that gives no parts of a section; they are
        not to be asked for again. Refused when the message is gone.
        """
        return imap_parts.fetch_range(self._talk, uid, section, start, count)

    def save_dates(self, uids: Sequence[int]) -> dict[int, float]:
        """When messages came into this folder, Unix time by UID; {} without SAVEDATE."""
        return imap_about.save_dates(self._talk, uids)

    def store(self, uids: Sequence[int], add: Iterable[str], remove: Iterable[str]) -> None:
        """Adds and removes flags, leaving all others as they are."""
        imap_change.store(self._talk, uids, add, remove)

    def copy(self, uids: Sequence[int], target: str) -> dict[int, int]:
        """Copies messages; answers new UIDs by old ones as far as the server tells (UIDPLUS)."""
        return imap_change.copy(self._talk, self._names, uids, target)

    def move(self, uids: Sequence[int], target: str) -> dict[int, int]:
        """Moves messages; answers new UIDs by old ones as far as the server tells.

        Without MOVE: COPY, then `expunge`. Without UIDPLUS too the old ones stay, marked deleted.
        """
        return imap_change.move(self._talk, self._names, uids, target)

    def expunge(self, uids: Sequence[int]) -> bool:
        """Deletes these messages. False: they are only marked, as the server lacks UIDPLUS."""
        return imap_change.expunge(self._talk, uids)

    def append(
        self, folder: str, raw: Raw | Body, flags: Iterable[str] = (), date: float | None = None
    ) -> int:
        """Puts a message into a folder; answers its UID, or 0 when the server does not tell.

        raw: its bytes, or what opens it to be read in pieces.
        date: Unix time it is to be filed under. Refused when it is too large, or the folder
        is not there.
        """
        return imap_change.append(self._talk, self._names, folder, raw, flags, date)

    # Waiting

    def notify(self) -> bool:
        """Asks for news of all folders, which `idle` then tells. False when it is not offered."""
        self._notified = imap_idle.notify(self._talk)
        return self._notified

    @property
    def notifying(self) -> bool:
        """Whether `notify` holds; a server may give it up when there is too much to tell."""
        return self._notified and not self._talk.overflowed

    def idle(self, waker: Waker, timeout_s: float) -> IdleNews:
        """Waits until the selected folder changes, the waker is used or the time is up.

        Called again and again; servers end connections after half an hour, so timeout_s is less.
        Without IDLE it only waits, then asks by NOOP.
        """
        return imap_idle.idle(self._talk, self._names, waker, timeout_s)

    def noop(self) -> None:
        """Lets the server tell its news."""
        imap_change.run(self._talk, b"NOOP", "answer")

    def logout(self) -> None:
        """Says goodbye, where there is still somebody to hear it, and closes. Never raises."""
        if not self._line.broken:
            with contextlib.suppress(MailError):
                self._talk.goodbye()
        self.close()

    def close(self) -> None:
        """Ends the connection without a word. From any thread."""
        self._line.close()

    def _folder(self, verb: bytes, name: str, doing: str) -> None:
        imap_change.run(self._talk, verb + b" " + self._names.quoted(name), doing)

    def _utf8(self) -> bool:
        """Whether folder names are UTF-8 on this line."""
        if "IMAP4REV2" in self.capabilities and "IMAP4REV1" not in self.capabilities:
            return True
        return bool(self.enabled & {"UTF8=ACCEPT", "IMAP4REV2"})
