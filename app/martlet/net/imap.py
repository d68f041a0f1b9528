"""An IMAP session (RFC 9051, RFC 3501): signed in, one folder selected at a time.

    ImapSession.open ──> select(name) ──> uids, fetch_*, store, move, … ──> idle ──> … ──> logout
Used by one thread. Only MailErrors leave it: Refused means that the session goes on as before;
after any other it is of no more use and is to be closed. News that comes in between (EXISTS,
EXPUNGE, VANISHED, FETCH with flags) is collected in `unsolicited`; `idle` returns at once while
there is some. The plain EXPUNGE command is never sent: it would delete what others marked.
"""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from martlet.mail.account import Pin, Server
from martlet.mail.errors import BadServer, MailError, Refused
from martlet.mail.sync import FolderStatus, ListedFolder
from martlet.net import imap_fetch, imap_folders, imap_login
from martlet.net.connect import Line, Waker, Woken, connect
from martlet.net.imap_fetch import Summary
from martlet.net.imap_names import decode, encode, quoted
from martlet.net.imap_sets import EXPANDED_LIMIT, batches, expand
from martlet.net.imap_talk import Literal, News, Talk, refused
from martlet.net.imap_wire import (
    Continuation,
    Exists,
    Response,
    Status,
    Untagged,
    Value,
    flag_set,
    values,
)

__all__ = ["FolderStatus", "IdleNews", "ImapSession", "Selected", "Summary"]

SET_AT_ONCE = 1000  # UIDs in one STORE, COPY or MOVE
_KEYWORD = re.compile(r'\\?[^\x00-\x20\x7f-\U0010ffff(){%*"\\\]]+')
_LIMIT = re.compile(r"APPENDLIMIT=(\d{1,18})")


@dataclass(frozen=True, slots=True)
class Selected:
    """What SELECT said. uid_next, modseq: 0 where the server does not say.

    permanent_flags: what may be kept; "\\*" among them means any keyword.
    """

    exists: int
    uid_validity: int
    uid_next: int
    modseq: int
    permanent_flags: frozenset[str]
    read_only: bool


@dataclass(frozen=True, slots=True)
class IdleNews:
    """Why a wait ended: the folder changed, or the waker was used; neither: the time was up."""

    changed: bool
    woken: bool


class ImapSession:
    """A signed-in connection."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._talk = Talk(line)
        # The server's own spelling, for names that are not what we would make of them.
        self._spelling: dict[str, bytes] = {}
        self.selected = ""

    @classmethod
    def open(
        cls,
        server: Server,
        secret: str,
        *,
        ca_file: str = "",
        pins: tuple[Pin, ...] = (),
        timeout_s: float = 60.0,
        client_id: bool = True,
    ) -> ImapSession:
        """Connects and signs in. Offline, TlsRefused, AuthFailed, BadServer.

        timeout_s: how long any one read or write may stand still.
        client_id: say our name (RFC 2971) where the server takes it.
        """
        line = connect(
            server,
            ca_file=ca_file,
            pins=pins,
            timeout_s=timeout_s,
            starttls=imap_login.starttls,
        )
        session = cls(line)
        try:
            imap_login.sign_in(session._talk, secret, client_id=client_id)
        except BaseException:
            line.close()
            raise
        return session

    @property
    def capabilities(self) -> frozenset[str]:
        """What the server offers, in capitals."""
        return self._talk.capabilities

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
        """What has been received so far."""
        return self._line.bytes_in

    @property
    def bytes_out(self) -> int:
        """What has been sent so far."""
        return self._line.bytes_out

    def take_news(self) -> list[News]:
        """The news so far, which is forgotten here."""
        news = list(self._talk.unsolicited)
        self._talk.unsolicited.clear()
        return news

    def list_folders(self) -> list[ListedFolder]:
        """All folders, with roles."""
        found = imap_folders.list_folders(self._talk)
        self._spelling = {folder.name: raw for raw, folder in found.items()}
        return list(found.values())

    def select(self, name: str, *, read_only: bool = False) -> Selected:
        """Selects a folder. Refused when the server will not."""
        talk = self._talk
        command = (b"EXAMINE " if read_only else b"SELECT ") + self._mailbox(name)
        if "CONDSTORE" in talk.capabilities:
            command += b" (CONDSTORE)"
        self.selected = ""
        talk.exists = talk.modseq = 0
        talk.unsolicited.clear()
        done = talk.finish(talk.send(command))
        talk.unsolicited.clear()
        if done.status.kind != "OK":
            raise refused(f"open the folder {name}", done.status)
        codes = {r.code: r.argument for r in done.answers if isinstance(r, Status) and r.code}
        talk.exists = next(
            (r.count for r in reversed(done.answers) if isinstance(r, Exists)), talk.exists
        )
        validity = _number(codes.get("UIDVALIDITY"))
        if not validity:
            raise BadServer(f"The server gives the messages in {name} no lasting numbers.")
        talk.modseq = 0 if "NOMODSEQ" in codes else _number(codes.get("HIGHESTMODSEQ"))
        permanent = codes.get("PERMANENTFLAGS", b"")
        self.selected = name
        return Selected(
            exists=talk.exists,
            uid_validity=validity,
            uid_next=_number(codes.get("UIDNEXT")),
            modseq=talk.modseq,
            permanent_flags=flag_set(permanent.strip(b"() ").split()),
            read_only=read_only or done.status.code == "READ-ONLY" or "READ-ONLY" in codes,
        )

    def status(self, names: Iterable[str]) -> dict[str, FolderStatus]:
        """What each folder has, without selecting it; those the server refuses are left out."""
        wanted = list(names)
        items = b"MESSAGES UIDNEXT UIDVALIDITY UNSEEN"
        if "CONDSTORE" in self.capabilities:
            items += b" HIGHESTMODSEQ"
        by_raw = {self._raw(name): name for name in wanted}
        found: dict[str, FolderStatus] = {}
        commands = (b"STATUS %s (%s)" % (quoted(raw), items) for raw in by_raw)
        # One NO (a folder that is gone) must not hide the others.
        with contextlib.suppress(Refused):
            for response in self._talk.stream(commands, doing="tell what is new", depth=16):
                if not isinstance(response, Untagged) or response.name != "STATUS":
                    self._talk.keep(response)
                    continue
                match values(response):
                    case [bytes() as raw, list(pairs), *_]:
                        name = by_raw.get(raw) or by_raw.get(b"INBOX", decode(raw))
                        found[name] = _folder_status(pairs)
                    case _:
                        raise BadServer("The server's answer to STATUS cannot be read.")
        return found

    def uids(self) -> list[int]:
        """All UIDs of the selected folder, ascending."""
        return self._search(b"ALL")

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

    def fetch_summaries(self, uids: Sequence[int]) -> Iterator[Summary]:
        """Summaries in batches of the order given, as they arrive. May be given up at any time."""
        return imap_fetch.fetch_summaries(self._talk, uids)

    def fetch_raw(self, uids: Sequence[int]) -> Iterator[tuple[int, bytes]]:
        """UID and whole message, without setting \\Seen. May be given up at any time."""
        return imap_fetch.fetch_raw(self._talk, uids)

    def store(self, uids: Sequence[int], add: Iterable[str], remove: Iterable[str]) -> None:
        """Adds and removes flags, leaving all others as they are."""
        for sign, flags in ((b"+", sorted(add)), (b"-", sorted(remove))):
            if not flags:
                continue
            words = _flags(flags)
            self._each(uids, b"STORE", sign + b"FLAGS.SILENT " + words, "change the flags")

    def copy(self, uids: Sequence[int], target: str) -> dict[int, int]:
        """Copies messages; answers new UIDs by old ones as far as the server tells (UIDPLUS)."""
        where = self._mailbox(target)
        return _copied(self._each(uids, b"COPY", where, f"copy to {target}"))

    def move(self, uids: Sequence[int], target: str) -> dict[int, int]:
        """Moves messages; answers new UIDs by old ones as far as the server tells.

        Without MOVE: COPY, then `expunge`. Without UIDPLUS too the old ones stay, marked deleted.
        """
        if "MOVE" not in self.capabilities and "IMAP4REV2" not in self.capabilities:
            new = self.copy(uids, target)
            self.expunge(uids)
            return new
        where = self._mailbox(target)
        return _copied(self._each(uids, b"MOVE", where, f"move to {target}"))

    def expunge(self, uids: Sequence[int]) -> bool:
        """Deletes these messages. False: they are only marked, as the server lacks UIDPLUS."""
        self.store(uids, ["\\Deleted"], [])
        if "UIDPLUS" not in self.capabilities and "IMAP4REV2" not in self.capabilities:
            return False
        self._each(uids, b"EXPUNGE", b"", "delete messages")
        return True

    def append(
        self, folder: str, raw: bytes, flags: Iterable[str] = (), date: float | None = None
    ) -> int:
        """Puts a message into a folder; answers its UID, or 0 when the server does not tell.

        date: Unix time it is to be filed under. Refused when it is too large, or the folder
        is not there.
        """
        limit = next((m for c in self.capabilities if (m := _LIMIT.fullmatch(c))), None)
        if limit and len(raw) > int(limit[1]):
            raise Refused(f"The message is larger than the server takes ({limit[1]} bytes).")
        binary = b"\0" in raw
        if binary and "BINARY" not in self.capabilities:
            raise Refused("The server takes no message with binary content.")
        head = b"APPEND %s " % self._mailbox(folder)
        if words := sorted(flags):
            head += _flags(words) + b" "
        if date is not None:
            head += imap_fetch.format_date(date) + b" "
        done = self._talk.run(head, Literal(raw, binary), doing=f"file into {folder}")
        self._keep(done.answers)
        if done.status.code != "APPENDUID":
            return 0
        return _number(done.status.argument.rpartition(b" ")[2])

    def search_message_id(self, message_id: str) -> list[int]:
        """UIDs of messages with this Message-ID, ascending; with or without its brackets."""
        core = message_id.strip().removeprefix("<").removesuffix(">")
        if not core or not core.isascii():
            return []
        return self._search(b"HEADER MESSAGE-ID " + quoted(f"<{core}>".encode("ascii")))

    def create(self, name: str) -> None:
        """Makes a folder."""
        self._folder(b"CREATE", name, f"make the folder {name}")

    def rename(self, name: str, new: str) -> None:
        """Renames a folder and what is below it."""
        command = b"RENAME %s %s" % (self._mailbox(name), self._mailbox(new))
        self._run(command, f"rename the folder {name}")
        self._spelling.pop(name, None)

    def delete(self, name: str) -> None:
        """Deletes a folder with what is in it."""
        self._folder(b"DELETE", name, f"delete the folder {name}")
        self._spelling.pop(name, None)

    def subscribe(self, name: str) -> None:
        """Marks a folder as one to be shown."""
        self._folder(b"SUBSCRIBE", name, f"subscribe to {name}")

    def unsubscribe(self, name: str) -> None:
        """Takes that mark away."""
        self._folder(b"UNSUBSCRIBE", name, f"unsubscribe from {name}")

    def idle(self, waker: Waker, timeout_s: float) -> IdleNews:
        """Waits until the selected folder changes, the waker is used or the time is up.

        Called again and again; servers end connections after half an hour, so timeout_s is less.
        Without IDLE it only waits, then asks by NOOP.
        """
        talk = self._talk
        if talk.unsolicited:
            talk.unsolicited.clear()
            return IdleNews(changed=True, woken=False)
        if "IDLE" not in self.capabilities:
            woken = self._line.wait(waker, timeout_s) is Woken.WAKER
            if not woken:
                self.noop()
        else:
            woken = self._idle(waker, timeout_s)
        changed = bool(talk.unsolicited)
        talk.unsolicited.clear()
        return IdleNews(changed, woken)

    def noop(self) -> None:
        """Lets the server tell its news."""
        self._run(b"NOOP", "answer")

    def logout(self) -> None:
        """Says goodbye and closes. Never raises."""
        with contextlib.suppress(MailError):
            self._talk.finish(self._talk.send(b"LOGOUT"))  # ends by the BYE, which is Offline
        self.close()

    def close(self) -> None:
        """Ends the connection without a word. From any thread."""
        self._line.close()

    def _idle(self, waker: Waker, timeout_s: float) -> bool:
        talk = self._talk
        until = time.monotonic() + timeout_s
        tag = talk.send(b"IDLE")
        idling = woken = False
        while True:
            while (response := talk.received()) is not None:
                if isinstance(response, Continuation):
                    idling = True
                elif isinstance(response, Status) and response.tag == tag:
                    raise refused("wait for news", response)
                else:
                    talk.keep(response)
            if not idling:
                talk.read_more()
                continue
            if talk.unsolicited:
                break
            why = self._line.wait(waker, max(0.0, until - time.monotonic()))
            if why is Woken.DATA:
                talk.read_more()
                continue
            woken = why is Woken.WAKER
            break
        self._line.write(b"DONE\r\n")
        self._keep(talk.finish(tag).answers)
        return woken

    def _keep(self, answers: Iterable[Response]) -> None:
        for answer in answers:
            self._talk.keep(answer)

    def _raw(self, name: str) -> bytes:
        return self._spelling.get(name) or encode(name)

    def _mailbox(self, name: str) -> bytes:
        return quoted(self._raw(name))

    def _run(self, command: bytes, doing: str) -> None:
        self._keep(self._talk.run(command, doing=doing).answers)

    def _folder(self, verb: bytes, name: str, doing: str) -> None:
        self._run(verb + b" " + self._mailbox(name), doing)

    def _each(self, uids: Sequence[int], verb: bytes, rest: bytes, doing: str) -> list[Status]:
        """A UID command over sets of bearable length; answers the statuses that came along."""
        found: list[Status] = []
        for some in batches(uids, SET_AT_ONCE):
            command = b"UID %s %s" % (verb, some.encode("ascii"))
            done = self._talk.run(command + (b" " + rest if rest else b""), doing=doing)
            for answer in done.answers:
                if isinstance(answer, Status):
                    found.append(answer)
                else:
                    self._talk.keep(answer)
            found.append(done.status)
        return found

    def _search(self, key: bytes) -> list[int]:
        extended = "ESEARCH" in self.capabilities or "IMAP4REV2" in self.capabilities
        command = b"UID SEARCH RETURN (ALL) " if extended else b"UID SEARCH "

        def wanted(response: Response) -> bool:
            return isinstance(response, Untagged) and response.name in ("SEARCH", "ESEARCH")

        found: set[int] = set()
        for answer in self._talk.ask(command + key, doing="search", wanted=wanted):
            if isinstance(answer, Untagged):
                found.update(_found(answer))
        return sorted(found)


def _found(answer: Untagged) -> list[int]:
    if answer.name == "ESEARCH":
        parts = answer.text.split()
        for place, part in enumerate(parts[:-1]):
            if part.upper() == b"ALL":
                return expand(parts[place + 1], EXPANDED_LIMIT)
        return []
    # "(MODSEQ n)" may stand at the end.
    numbers = answer.text.partition(b"(")[0].split()
    if not all(n.isdigit() and len(n) <= 10 for n in numbers):
        raise BadServer("The server's answer to a search cannot be read.")
    return [int(n) for n in numbers]


def _copied(statuses: Iterable[Status]) -> dict[int, int]:
    """COPYUID's map (RFC 4315, 3); empty where it does not add up."""
    new: dict[int, int] = {}
    for status in statuses:
        parts = status.argument.split()
        if status.code == "COPYUID" and len(parts) == 3:
            old_uids, new_uids = expand(parts[1]), expand(parts[2])
            if len(old_uids) == len(new_uids):
                new.update(zip(old_uids, new_uids, strict=True))
    return new


def _folder_status(pairs: list[Value]) -> FolderStatus:
    told = {
        name.upper(): value
        for name, value in zip(pairs[::2], pairs[1::2], strict=False)
        if isinstance(name, bytes) and isinstance(value, bytes)
    }
    return FolderStatus(
        messages=_number(told.get(b"MESSAGES")),
        uid_next=_number(told.get(b"UIDNEXT")),
        uid_validity=_number(told.get(b"UIDVALIDITY")),
        unseen=_number(told.get(b"UNSEEN")),
        modseq=_number(told.get(b"HIGHESTMODSEQ")),
    )


def _number(raw: bytes | None) -> int:
    return int(raw) if raw and len(raw) <= 20 and raw.isdigit() else 0


def _flags(flags: Iterable[str]) -> bytes:
    words = list(flags)
    for word in words:
        if not _KEYWORD.fullmatch(word):
            raise Refused("This flag cannot be kept on the server.", word[:50])
    return b"(" + " ".join(words).encode("ascii") + b")"
