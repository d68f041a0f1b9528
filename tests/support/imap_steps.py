"""Scripts for IMAP servers: what is said around what a test is about.

script = [*signed_in("IMAP4rev1 QUOTA"), *says("GETQUOTAROOT", '* QUOTA "" (STORAGE 1 2)')]
"""

from __future__ import annotations

from martlet.mail.account import Protocol
from martlet.net.imap import ImapSession

from .scripted import Script, Scripted, expect, send


def says(command: str, *lines: str, end: str = "OK done") -> Script:
    """Expects a command, answers these untagged lines and this completion."""
    told = "".join(line + "\r\n" for line in lines)
    return [expect(command), send(f"{told}{{tag}} {end}\r\n")]


def signed_in(capabilities: str) -> Script:
    """Greets and lets in by LOGIN, telling capabilities each time."""
    return [
        send(f"* OK [CAPABILITY {capabilities}] hello\r\n"),
        *says("LOGIN", end=f"OK [CAPABILITY {capabilities}] in"),
    ]


def selected(capabilities: str, exists: int = 3) -> Script:
    """The same, then lets INBOX be selected; UIDVALIDITY is 9."""
    return [*signed_in(capabilities), *says("SELECT", *opened(exists))]


def opened(exists: int = 3) -> tuple[str, ...]:
    """What SELECT answers at least."""
    return (f"* {exists} EXISTS", "* OK [UIDVALIDITY 9] ok", "* OK [UIDNEXT 10] ok")


def enter(server: Scripted, *, utf8: bool = False, auth: str = "") -> ImapSession:
    """A session with it."""
    account = server.account(Protocol.IMAP, auth=auth)
    return ImapSession.open(account, "secret", timeout_s=30.0, utf8=utf8)


def enter_inbox(server: Scripted) -> ImapSession:
    """A session with INBOX selected."""
    session = enter(server)
    session.select("INBOX")
    return session
