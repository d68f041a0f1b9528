"""Accounts: where mail comes from, how it goes out, and how one signs in."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import NewType

AccountId = NewType("AccountId", int)


class Protocol(Enum):
    """A mail protocol."""

    IMAP = "imap"
    POP3 = "pop3"
    SMTP = "smtp"


class Security(Enum):
    """How a connection is made private (RFC 8314): from the first byte, by STARTTLS, or not."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


DEFAULT_PORTS: dict[tuple[Protocol, Security], int] = {
    (Protocol.IMAP, Security.TLS): 993,
    (Protocol.IMAP, Security.STARTTLS): 143,
    (Protocol.IMAP, Security.NONE): 143,
    (Protocol.POP3, Security.TLS): 995,
    (Protocol.POP3, Security.STARTTLS): 110,
    (Protocol.POP3, Security.NONE): 110,
    (Protocol.SMTP, Security.TLS): 465,
    (Protocol.SMTP, Security.STARTTLS): 587,
    (Protocol.SMTP, Security.NONE): 25,
}


@dataclass(frozen=True, slots=True)
class Server:
    """One server of an account.

    auth: a SASL mechanism name in capitals, or "" for the best one offered.
    """

    protocol: Protocol
    host: str
    port: int
    security: Security
    user: str
    auth: str = ""


class SecretSource(Enum):
    """Where the password comes from: the system keyring, a command's first line, or asked each
    run.
    """

    KEYRING = "keyring"
    COMMAND = "command"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class Pin:
    """A certificate the user trusts for one host though it does not verify (SHA-256, lower hex)."""

    host: str
    sha256: str


class Keep(Enum):
    """How much of a folder is kept here.

    OFF: nothing, it is only listed. HEADERS: what a list shows. RECENT: bodies of the newest
    days, headers of all. ALL: every body.
    """

    OFF = "off"
    HEADERS = "headers"
    RECENT = "recent"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Account:
    """An account as configured. id 0: not stored yet.

    name: the short unique name used on the command line and in the folder pane.
    incoming or outgoing may be None: an account may only send, or only receive.
    ca_file: path of extra trusted CA certificates (PEM), or "".
    leave_days: POP3 with leave_on_server: delete there after this many days, 0 for never.
    keep, keep_days: how much of each IMAP folder is kept here, unless the folder says otherwise.
    whole_kb: larger messages come without their attachments until those are asked for.
    month_mb: what may be fetched ahead of need in a calendar month, 0 for any amount.
    connections: at most so many to the IMAP server at a time.
    """

    id: AccountId
    name: str
    address: str
    full_name: str = ""
    incoming: Server | None = None
    outgoing: Server | None = None
    secret: SecretSource = SecretSource.KEYRING
    password_command: str = ""
    ca_file: str = ""
    pins: tuple[Pin, ...] = ()
    leave_on_server: bool = True
    leave_days: int = 0
    keep: Keep = Keep.RECENT
    keep_days: int = 365
    whole_kb: int = 1024
    month_mb: int = 0
    connections: int = 3


class WorkerState(Enum):
    """Life of an account's worker (DESIGN 3)."""

    CONNECTING = "connecting"
    WORKING = "working"
    IDLE = "idle"
    WAITING = "waiting"
    NEEDS_PASSWORD = "needs_password"
    NEEDS_DECISION = "needs_decision"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class AccountState:
    """What an account's worker is doing now, for the status line.

    problem, detail: the last MailError's words, "" when all is well.
    retry_at: Unix time of the next try when WAITING, else 0.
    fingerprint, host, certificate: the certificate to decide on, when NEEDS_DECISION.
    paused: the user has stopped fetching ahead; what is asked for still comes.
    """

    account_id: AccountId
    state: WorkerState
    problem: str = ""
    detail: str = ""
    retry_at: float = 0.0
    fingerprint: str = ""
    host: str = ""
    certificate: str = ""
    protocol: Protocol | None = None
    paused: bool = False


@dataclass(frozen=True, slots=True)
class TestStep:
    """One line of a connection test: what was tried, whether it worked, what was said.

    fingerprint, host, certificate: the certificate to decide on, when that stopped it.
    """

    __test__ = False

    what: str
    ok: bool
    said: str = ""
    fingerprint: str = ""
    host: str = ""
    certificate: str = ""


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What one pass over an account did. error: the summary of what stopped it, or ""."""

    account: str
    new: int = 0
    sent: int = 0
    changed: int = 0
    removed: int = 0
    error: str = ""
    problems: tuple[str, ...] = field(default=())
