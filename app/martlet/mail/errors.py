"""What can go wrong with mail, named by who must act.

`net` and `store` translate every library exception into one of these; whatever
else reaches a worker is a bug and goes to the log with its stack.
"""

from __future__ import annotations

from enum import Enum


class ErrorKind(Enum):
    """The six kinds, as they travel between processes."""

    OFFLINE = "offline"
    AUTH = "auth"
    TLS = "tls"
    REFUSED = "refused"
    BAD_SERVER = "bad_server"
    STORE = "store"


class MailError(Exception):
    """An error a person can be told about.

    summary: one clear sentence for the window or stderr, without markup.
    detail: what the server or system said, shown behind a disclosure.
    account: the account's name, or "" where none is concerned.
    """

    kind = ErrorKind.REFUSED

    def __init__(self, summary: str, detail: str = "", account: str = "") -> None:
        super().__init__(summary)
        self.summary = summary
        self.detail = detail
        self.account = account


class Offline(MailError):
    """The server cannot be reached; nobody need act, it is tried again with back-off."""

    kind = ErrorKind.OFFLINE


class AuthFailed(MailError):
    """The server refused the credentials; a person must give others. Never retried alone."""

    kind = ErrorKind.AUTH


class TlsRefused(MailError):
    """The connection cannot be made private as asked; the user decides.

    fingerprint: SHA-256 of the certificate shown, hex, or "" where there was none.
    host: the host it was shown by. certificate: names and dates in words.
    """

    kind = ErrorKind.TLS

    def __init__(
        self,
        summary: str,
        detail: str = "",
        account: str = "",
        *,
        host: str = "",
        fingerprint: str = "",
        certificate: str = "",
    ) -> None:
        super().__init__(summary, detail, account)
        self.host = host
        self.fingerprint = fingerprint
        self.certificate = certificate


class Refused(MailError):
    """The server, or we, said no to this one thing; it is undone and told once."""

    kind = ErrorKind.REFUSED


class Busy(Refused):
    """The server cannot do this one thing at the moment; it is tried again later."""


class BadServer(MailError):
    """The server broke its protocol; the connection is dropped and state compared in full."""

    kind = ErrorKind.BAD_SERVER


class StoreError(MailError):
    """The profile could not be read or written (disk full, permissions, damage)."""

    kind = ErrorKind.STORE


BY_KIND: dict[ErrorKind, type[MailError]] = {
    cls.kind: cls for cls in (Offline, AuthFailed, TlsRefused, Refused, BadServer, StoreError)
}
