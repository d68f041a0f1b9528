"""What a POP3 server says: status lines, response codes (RFC 2449, 8; RFC 3206), bodies.

Where a message ends is decided strictly: a line feed, a dot and a line end inside a message that
has proper line ends are part of it, or its sender could put words into the server's mouth.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from martlet.mail.errors import AuthFailed, BadServer, MailError, Offline, Refused
from martlet.net import sasl_run
from martlet.net.connect import Line, server_words
from martlet.net.sasl import Exchange

STATUS_LIMIT = 8192  # RFC 2449 says 512; a challenge of SASL may be longer
LIST_LIMIT = 64 << 20  # bytes of a UIDL or LIST answer: about a million messages

_CODE = re.compile(r"\[([A-Za-z0-9/-]+)\]\s*")
# What servers without response codes say when another session holds the maildrop.
_BUSY = re.compile(
    r"(mailbox|mail ?drop|mail ?store|popbox).*(lock|in use|busy)|lock busy|already (open|in use)",
    re.IGNORECASE,
)
_TEMPORARY = {"IN-USE", "LOGIN-DELAY", "SYS/TEMP"}
_TOO_LONG = "The server sends more of a message than it can have."


@dataclass(frozen=True, slots=True)
class Reply:
    """A status line. more: "+ ", a challenge. code: the response code in capitals, or "".

    bare: it ended with a line feed alone, as all lines of such a server do.
    """

    ok: bool
    text: str
    code: str = ""
    more: bool = False
    bare: bool = False

    @property
    def temporary(self) -> bool:
        """Whether the same may work later though it was refused now."""
        if self.code:
            return self.code in _TEMPORARY
        return not self.ok and bool(_BUSY.search(self.text))


def read_reply(line: Line, *, challenge: bool = False, brief: bool = False) -> Reply:
    """The next status line. Raises BadServer when it is none, or a challenge none can be asked.

    brief: what a +OK says is of no interest.
    """
    said = line.read_line(STATUS_LIMIT)
    bare = not said.endswith(b"\r\n")
    raw = said.rstrip(b"\r\n")
    if challenge and (raw == b"+" or raw.startswith(b"+ ")):
        return Reply(True, raw[2:].decode("latin-1"), more=True)
    word, _, rest = raw.partition(b" ")
    ok = word.upper() == b"+OK"
    if not ok and word.upper() != b"-ERR":
        raise BadServer(f"{line.server.host} does not speak POP3.", server_words(raw))
    if not rest or (ok and brief):
        return Reply(ok, "", bare=bare)
    text = server_words(rest)
    code = ""
    if found := _CODE.match(text):
        code = found[1].upper()
        text = text[found.end() :]
    return Reply(ok, text, code, bare=bare)


def read_body(line: Line, limit: int, *, bare: bool = False) -> bytes:
    """The lines that follow a +OK, up to the dot, with the stuffed dots taken out (RFC 1939, 3).

    bare: the server ends its lines with a line feed alone. Raises BadServer beyond `limit` bytes.
    """
    end = b"\n.\n" if bare else b"\n.\r\n"
    if line.peek(len(end) - 1) == end[1:]:
        line.read_exact(len(end) - 1)
        return b""
    body = line.read_until(end, limit)
    if not bare and not body.endswith(b"\r" + end) and b"\r\n" in body[: -len(end)]:
        body = _read_on(line, [body], limit)
    return _plain(body[: 1 - len(end)])


def read_slowly(line: Line, limit: int, told: Callable[[int], None]) -> bytes:
    """A large body of which nothing else is under way; `told` hears how many bytes have come.

    What `told` raises ends it, and the line can then only be closed.
    """
    pieces: list[bytes] = []
    tail, size, proper = b"", 0, False
    while True:
        piece = line.read_some(goes_on=True)
        pieces.append(piece)
        size += len(piece)
        if size > limit:
            raise BadServer(_TOO_LONG)
        told(size)
        seen = tail + piece
        proper = proper or b"\r\n" in seen[:-3]
        if seen.endswith(b"\r\n.\r\n" if proper else b"\n.\r\n") or (
            size == 3 and seen == b".\r\n"
        ):
            return _plain(b"".join(pieces)[:-3])
        tail = seen[-5:]


def read_lines(line: Line, limit: int = LIST_LIMIT, *, bare: bool = False) -> list[bytes]:
    """A listing's lines, without their ends."""
    return read_body(line, limit, bare=bare).splitlines()


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


def as_number(text: str) -> int | None:
    """A number of a server's, None when it is none or absurd."""
    return int(text) if text.isdecimal() and text.isascii() and len(text) <= 18 else None


def numbered(lines: Sequence[bytes], command: str) -> dict[int, str]:
    """The same by number. Raises BadServer when a number is told twice, or is none."""
    found = listing(lines, command)
    words = dict(found)
    if len(words) < len(found) or 0 in words:
        raise BadServer(f"The server's {command} contradicts itself.")
    return words


def refusal(reply: Reply, summary: str) -> MailError:
    """The error of a -ERR: Offline when it may work later, else Refused with `summary`."""
    if reply.temporary:
        return _later(reply)
    return Refused(summary, reply.text)


def login_refusal(reply: Reply, exchange: Exchange | None = None) -> MailError:
    """The error of a -ERR to signing in: only what is about the credentials is AuthFailed.

    exchange: the one that was refused, None for USER, PASS and APOP.
    """
    if reply.temporary:
        return _later(reply)
    if reply.code == "SYS/PERM":
        return Refused("The server has a fault and lets nobody in.", reply.text)
    if exchange is not None:
        return sasl_run.refusal(exchange, reply.text)
    return AuthFailed("The server refused the user name or password.", reply.text)


def _read_on(line: Line, pieces: list[bytes], limit: int) -> bytes:
    """The rest of a body whose first piece ends with what looks like an end and is not."""
    size = len(pieces[0])
    while not pieces[-1].endswith(b"\r\n.\r\n"):
        # The false end may be the line before the true one.
        if line.peek(3) == b".\r\n":
            pieces.append(line.read_exact(3))
            break
        pieces.append(line.read_until(b"\n.\r\n", limit))
        size += len(pieces[-1])
        if size > limit:
            raise BadServer(_TOO_LONG)
    return b"".join(pieces)


def _plain(body: bytes) -> bytes:
    """Without the dots put before dots. A line is what the server takes for one."""
    end = b"\r\n" if body.endswith(b"\r\n") else b"\n"
    if end + b".." in body:
        body = body.replace(end + b"..", end + b".")
    return body[1:] if body.startswith(b"..") else body


def _later(reply: Reply) -> MailError:
    if reply.code == "LOGIN-DELAY":
        return Offline("The server wants to be asked less often.", reply.text)
    if reply.code == "SYS/TEMP":
        return Offline("The server has a passing fault.", reply.text)
    return Offline("The mailbox is in use by another program.", reply.text)
