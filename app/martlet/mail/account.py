"""Accounts: where mail comes from, how it goes out, and how one signs in."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import NewType

from martlet.mail.errors import ErrorKind
from martlet.mail.identity import Identity, Signing
from martlet.mail.route import Pin, Proxy, Stage
from martlet.mail.server import DEFAULT_PORTS, Protocol, Security, Server
from martlet.mail.sign_in import OAuthSettings

__all__ = [
    "DEFAULT_PORTS",
    "NO_ACCOUNT",
    "Account",
    "AccountId",
    "AccountState",
    "Keep",
    "Pin",
    "Protocol",
    "Proxy",
    "SecretSource",
    "Security",
    "SentCopies",
    "Server",
    "Stage",
    "SyncReport",
    "TestStep",
    "WorkerState",
]

AccountId = NewType("AccountId", int)
NO_ACCOUNT = AccountId(0)


class SecretSource(Enum):
    """Where the password comes from: the system keyring, a command's first line, or asked each
    run; or where the access token comes from: the browser (RFC 6749, refresh token in the
    keyring), or an account of the desktop. With XOAUTH2 or OAUTHBEARER as Server.auth the
    command prints an access token.
    """

    KEYRING = "keyring"
    COMMAND = "command"
    ASK = "ask"
    OAUTH = "oauth"
    DESKTOP = "desktop"


class SentCopies(Enum):
    """Who puts a sent message's copy into Sent: found out, always Martlet, or nobody here."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


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
    leave_count, leave_mb: the same, but beyond so many of the newest, or so many MB; 0 for any.
    delete_there: POP3: what is deleted here for good (Trash emptied) is deleted there too.
    summary_first: POP3: only headers come by themselves; each message is asked for.
    limit_kb: POP3: of larger messages only the beginning comes by itself, 0 for any size.
    into: POP3: the account whose inbox its mail goes to, 0 for its own.
    keep, keep_days: how much of each IMAP folder is kept here, unless the folder says otherwise.
    whole_kb: larger messages come without their attachments until those are asked for.
    month_mb: what may be fetched ahead of need in a calendar month, 0 for any amount.
    connections: at most so many to the IMAP server at a time.
    proxy: what all its connections go through. certificate: see mail.route.Route.
    oauth: with SecretSource.OAUTH. desktop: the desktop's name of the account, with DESKTOP.
    reply_to, signature, signing: of its main identity, full_name and address.
    identities: the others.
    smtp_secret: its sending server has a password of its own (part "smtp").
    catch_all: mail to any name at the address's domain is for this account, and is answered from
        the address it was sent to.
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
    leave_count: int = 0
    leave_mb: int = 0
    delete_there: bool = True
    summary_first: bool = False
    limit_kb: int = 0
    into: AccountId = NO_ACCOUNT
    proxy: Proxy | None = None
    certificate: str = ""
    oauth: OAuthSettings | None = None
    desktop: str = ""
    reply_to: str = ""
    signature: str = ""
    identities: tuple[Identity, ...] = ()
    catch_all: bool = False
    smtp_secret: bool = False
    sent_copies: SentCopies = SentCopies.AUTO
    signing: Signing = field(default_factory=Signing)

    def sends_by(self, identity: int) -> Server | None:
        """The server that letters of this identity go to, None where nothing is sent."""
        own = (one.outgoing for one in self.identities if one.id == identity)
        return next(own, None) or self.outgoing

    def every_identity(self) -> tuple[Identity, ...]:
        """The main one, which has the id 0, and the others."""
        main = Identity(
            0, self.address, self.full_name, self.reply_to, self.signature, signing=self.signing
        )
        return (main, *self.identities)


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

    what: the server, as "IMAP host:port". stage: None when no server was asked at all.
    kind: of the error that stopped it, None when it worked.
    fingerprint, host, certificate: the certificate to decide on, when that stopped it.
    """

    __test__ = False

    what: str
    ok: bool
    said: str = ""
    fingerprint: str = ""
    host: str = ""
    certificate: str = ""
    protocol: Protocol | None = None
    stage: Stage | None = None
    kind: ErrorKind | None = None


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
