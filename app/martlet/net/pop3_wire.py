"""What a POP3 server says: status lines, response codes (RFC 2449, 8; RFC 3206), bodies."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from martlet.mail.errors import AuthFailed, BadServer, MailError, Offline, Refused
from martlet.net.connect import Line, server_words

STATUS_LIMIT = 8192  # RFC 2449 says 512; a challenge of SASL may be longer
LIST_LIMIT = 64 << 20  # bytes of a UIDL or LIST answer: about a million messages

_CODE = re.compile(r"\[([A-Za-z0-9/-]+)\]\s*")
# What servers without response codes say when another session holds the maildrop.
_BUSY = re.compile(
    r"(mailbox|mail ?drop|mail ?store|popbox).*(lock|in use|busy)|lock busy|already (open|in use)",
    re.IGNORECASE,
)
_TEMPORARY = {"IN-USE", "LOGIN-DELAY", "SYS/TEMP"}


@dataclass(frozen=True, slots=True)
class Reply:
    """A status line. more: "+ ", a challenge. code: the response code in capitals, or ""."""

    ok: bool
    text: str
    code: str = ""
    more: bool = False

    @property
    def temporary(self) -> bool:
        """Whether the same may work later though it was refused now."""
        if self.code:
            return self.code in _TEMPORARY
        return not self.ok and bool(_BUSY.search(self.text))


def read_reply(line: Line) -> Reply:
    """The next status line. Raises BadServer when it is none."""
    raw = line.read_line(STATUS_LIMIT).rstrip(b"\r\n")
    if raw == b"+" or raw.startswith(b"+ "):
        return Reply(True, raw[2:].decode("latin-1"), more=True)
    word, _, rest = raw.partition(b" ")
    ok = word.upper() == b"+OK"
    if not ok and word.upper() != b"-ERR":
        raise BadServer(f"{line.server.host} does not speak POP3.", server_words(raw))
    text = server_words(rest)
    code = ""
    if found := _CODE.match(text):
        code = found[1].upper()
        text = text[found.end() :]
    return Reply(ok, text, code)


def read_body(line: Line, limit: int) -> bytes:
    """The lines that follow a +OK, up to the dot, with the stuffed dots taken out (RFC 1939, 3)."""
    if line.peek(3) == b".\r\n":
        line.read_exact(3)
        return b""
    body = line.read_until(b"\n.\r\n", limit)[:-3]
    if b"\n.." in body:
        body = body.replace(b"\n..", b"\n.")
    return body[1:] if body.startswith(b"..") else body


def read_lines(line: Line, limit: int = LIST_LIMIT) -> list[bytes]:
    """A listing's lines, without their ends."""
    return read_body(line, limit).split(b"\r\n")[:-1]


def listing(lines: Sequence[bytes], command: str) -> list[tuple[int, str]]:
    """Lines of a number and a word, of UIDL and LIST. Raises BadServer when one is not."""
    found: list[tuple[int, str]] = []
    for raw in lines:
        number, _, rest = raw.strip().partition(b" ")
        word = rest.strip().partition(b" ")[0]
        if not number.isdigit() or len(number) > 9 or not word:
            raise BadServer(f"The server's {command} cannot be read.", server_words(raw))
        found.append((int(number), word.decode("ascii", "backslashreplace")))
    return found


def refusal(reply: Reply, summary: str) -> MailError:
    """The error of a -ERR: Offline when it may work later, else Refused with `summary`."""
    if reply.temporary:
        return _later(reply)
    return Refused(summary, reply.text)


def login_refusal(reply: Reply) -> MailError:
    """The error of a -ERR to signing in: only what is about the credentials is AuthFailed."""
    if reply.temporary:
        return _later(reply)
    if reply.code == "SYS/PERM":
        return Refused("The server has a fault and lets nobody in.", reply.text)
    return AuthFailed("The server refused the user name or password.", reply.text)


def _later(reply: Reply) -> MailError:
    if reply.code == "LOGIN-DELAY":
        return Offline("The server wants to be asked less often.", reply.text)
    if reply.code == "SYS/TEMP":
        return Offline("The server has a passing fault.", reply.text)
    return Offline("The mailbox is in use by another program.", reply.text)
