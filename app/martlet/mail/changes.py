"""What may have changed. A change is a hint: whoever cares reads the store again."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from martlet.mail.account import AccountId, AccountState, TestStep
from martlet.mail.errors import ErrorKind
from martlet.mail.folder import FolderId
from martlet.mail.message import MessageId
from martlet.mail.outgoing import OutboxId


@dataclass(frozen=True, slots=True)
class AccountsChanged:
    """Accounts were added, edited or removed."""


@dataclass(frozen=True, slots=True)
class FoldersChanged:
    """Folders of this account came, went, were renamed, or their counts changed."""

    account_id: AccountId


@dataclass(frozen=True, slots=True)
class MessagesChanged:
    """Rows of this folder came (added), went (removed) or look different (changed)."""

    folder_id: FolderId
    added: tuple[MessageId, ...] = ()
    changed: tuple[MessageId, ...] = ()
    removed: tuple[MessageId, ...] = ()


@dataclass(frozen=True, slots=True)
class BodyArrived:
    """The raw message is stored now; a pane that waits for it renders again."""

    message_id: MessageId


@dataclass(frozen=True, slots=True)
class OutboxChanged:
    """The outbox looks different."""


@dataclass(frozen=True, slots=True)
class DraftsChanged:
    """Local drafts look different."""


@dataclass(frozen=True, slots=True)
class StateChanged:
    """An account's worker does something else now."""

    state: AccountState


@dataclass(frozen=True, slots=True)
class TemplatesChanged:
    """Templates and snippets look different."""


@dataclass(frozen=True, slots=True)
class Merging:
    """How many letters of the merge under this ticket are ready. Comes before its answer."""

    ticket: str
    done: int
    total: int


NO_MESSAGE = MessageId(0)
NO_OUTBOX = OutboxId(0)


class Unit(Enum):
    """What a progress counts."""

    HEADERS = "headers"
    BODIES = "bodies"
    BYTES = "bytes"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a long job is. total 0: not known. done == total: finished.

    what: the folder's last level, or the attachment's name.
    unit: what done and total count. left_s: seconds still to go, negative when not known.
    message_id: of a download of one message, else 0. outbox_id: of an upload, else 0.
    """

    account_id: AccountId
    what: str
    done: int
    total: int
    unit: Unit = Unit.HEADERS
    left_s: float = -1.0
    message_id: MessageId = NO_MESSAGE
    outbox_id: OutboxId = NO_OUTBOX


@dataclass(frozen=True, slots=True)
class Tested:
    """One more step of the test a client began under this ticket. Comes before the answer."""

    __test__ = False

    ticket: str
    step: TestStep


@dataclass(frozen=True, slots=True)
class TakingIn:
    """How much of a file that a letter takes in under this ticket was read.

    left_out: things in a folder that are no files of it (links, devices); told at its end.
    """

    ticket: str
    done: int
    total: int
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class DeliveryChanged:
    """The ledger of sent messages has more to tell of this Message-ID."""

    message_id: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to tell the user once: one sentence, with the details behind it."""

    account: str
    kind: ErrorKind
    summary: str
    detail: str = ""


Change = (
    AccountsChanged
    | FoldersChanged
    | MessagesChanged
    | BodyArrived
    | OutboxChanged
    | DraftsChanged
    | TemplatesChanged
    | Merging
    | StateChanged
    | Progress
    | Tested
    | TakingIn
    | DeliveryChanged
    | Notice
)
