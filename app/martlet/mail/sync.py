"""What synchronising passes between the store, the planner and a server connection."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from martlet.mail.account import AccountId
from martlet.mail.folder import FolderId, Role
from martlet.mail.message import Content, Envelope, MessageId


@dataclass(frozen=True, slots=True)
class FolderStatus:
    """What STATUS said of a folder (RFC 9051, 6.3.11); 0 or "" where it did not.

    size: bytes of all messages (STATUS=SIZE). mailbox_id: MAILBOXID (RFC 8474).
    """

    messages: int = 0
    uid_next: int = 0
    uid_validity: int = 0
    unseen: int = 0
    modseq: int = 0
    size: int = 0
    mailbox_id: str = ""


@dataclass(frozen=True, slots=True)
class ListedFolder:
    """A folder as a server lists it (RFC 9051, 6.3.9). name: decoded.

    status: what it has, when that was asked for and told.
    inferiors: folders can be made below it (no \\Noinferiors).
    """

    name: str
    delimiter: str
    role: Role = Role.NONE
    subscribed: bool = True
    selectable: bool = True
    status: FolderStatus | None = None
    inferiors: bool = True


@dataclass(frozen=True, slots=True)
class BodyPart:
    """A part of a message by its BODYSTRUCTURE (RFC 9051, 7.5.2).

    section: its number, "1", "1.2"; "" for the message's own multipart.
    content_type: "text/plain", lower case. parameters: names in lower case, values as sent.
    size: bytes as encoded. children: of a multipart; of message/rfc822 the one inside.
    """

    section: str
    content_type: str
    parameters: dict[str, str] = field(default_factory=dict)
    encoding: str = ""
    size: int = 0
    content_id: str = ""
    disposition: str = ""
    filename: str = ""
    children: tuple[BodyPart, ...] = ()


@dataclass(frozen=True, slots=True)
class Quota:
    """One limit that holds for a folder (RFC 9208). resource: "STORAGE" in kilobytes, "MESSAGE"."""

    root: str
    resource: str
    used: int
    limit: int


@dataclass(frozen=True, slots=True)
class FolderInfo:
    """What the properties of a folder show. size: bytes there, 0 when the server does not say.

    rights: MYRIGHTS letters, "" when not known.
    """

    there: int = 0
    size: int = 0
    rights: str = ""
    quotas: tuple[Quota, ...] = ()


@dataclass(frozen=True, slots=True)
class LogEntry:
    """A line of an account's log. kind: "info", "conflict", or an ErrorKind's value."""

    time: float
    kind: str
    sentence: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Traffic:
    """Bytes over an account's connections on one day (UTC, "YYYY-MM-DD")."""

    day: str
    received: int
    sent: int


@dataclass(frozen=True, slots=True)
class SyncState:
    """How far a folder has been compared with its server. All 0: never."""

    uid_validity: int = 0
    uid_next: int = 0
    modseq: int = 0


@dataclass(frozen=True, slots=True)
class Location:
    """Where a stored message is. uid 0: the server has not given one, or it has none."""

    id: MessageId
    folder_id: FolderId
    account_id: AccountId
    uid: int
    flags: frozenset[str]
    size: int
    message_id: str
    blob: str


NO_FOLDER = FolderId(0)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message to be stored. uid 0: the server gave none. content None: the body is not here.

    blob: where the raw message lies, or "". received: INTERNALDATE, Unix seconds.
    email_id, thread_id: OBJECTID's or Gmail's, "" where the server gives none.
    """

    uid: int
    envelope: Envelope
    flags: frozenset[str] = frozenset()
    size: int = 0
    received: float = 0.0
    content: Content | None = None
    blob: str = ""
    email_id: str = ""
    thread_id: str = ""


class OpKind(Enum):
    """What a journal row does."""

    FLAGS = "flags"
    MOVE = "move"
    COPY = "copy"
    DELETE = "delete"
    APPEND = "append"
    FOLDER_CREATE = "folder_create"
    FOLDER_RENAME = "folder_rename"
    FOLDER_DELETE = "folder_delete"
    FOLDER_SUBSCRIBE = "folder_subscribe"
    # What only concerns this profile; written down to be undone.
    FOLDER_ROLE = "folder_role"
    FOLDER_KEEP = "folder_keep"


@dataclass(frozen=True, slots=True)
class Op:
    """One pending change to be carried to the server.

    folder_name: the source folder's name on the server (for FOLDER_RENAME the old one).
    uid: in the source folder, 0 if not known yet (it is then found by message_id and size).
    target_id, target_name: where MOVE and COPY go; the new name of FOLDER_RENAME.
    For APPEND both name the folder it goes to, and `add` the flags it is to have there.
    add, remove: of FLAGS. subscribed: of FOLDER_SUBSCRIBE. blob: of APPEND.
    received: when the message arrived, Unix seconds, 0 where that is not known.
    begun: UIDNEXT and UIDVALIDITY of the target before this was first tried; (0, 0): it was not.
    by_hand: a person meant it; False for marks that reading or sending makes by the way.
    draft: the key of the draft whose row this is about, or "".
    """

    id: int
    kind: OpKind
    account_id: AccountId
    message: MessageId
    folder_id: FolderId
    folder_name: str
    uid: int
    target_id: FolderId = NO_FOLDER
    target_name: str = ""
    add: frozenset[str] = frozenset()
    remove: frozenset[str] = frozenset()
    message_id: str = ""
    size: int = 0
    blob: str = ""
    subscribed: bool = True
    received: float = 0.0
    begun: tuple[int, int] = (0, 0)
    by_hand: bool = True
    draft: str = ""
