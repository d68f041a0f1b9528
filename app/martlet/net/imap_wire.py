r"""The IMAP wire (RFC 9051, RFC 3501): bytes in, typed responses out. No socket, no state.

    response     = ("+" text / "*" status / "*" number ("EXISTS" / "EXPUNGE" / "FETCH" items)
                   / "*" name values / tag status) CRLF
    status       = ("OK" / "NO" / "BAD" / "BYE" / "PREAUTH") ["[" code [SP argument] "]"] text
    items        = "(" *(name ["[" section "]"] ["<" number ">"] SP value) ")"
    value        = atom / quoted / literal / "NIL" / "(" *value ")"
    literal      = ["~"] "{" number ["+"] "}" CRLF number-of-bytes

A response is first framed: its lines are put together with the literals cut out, each leaving
its "{n}" CRLF as a mark. A mark can only stand at a line's end, so reading it later takes the
next literal and nothing else can be mistaken for one.

Tolerated, because servers do it: bare LF, blank lines between responses, several spaces, atoms
where strings belong, a BODYSTRUCTURE that does not add up. Everything else raises BadServer,
after which the parser is of no more use. What it holds is bounded by the limits given to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from martlet.mail.errors import BadServer
from martlet.net.words import server_words

TEXT_LIMIT = 32 * 1024 * 1024  # a SEARCH answer of three million UIDs
LITERAL_LIMIT = 4 * 1024 * 1024
BODY_LIMIT = 256 * 1024 * 1024
LITERALS_LIMIT = 20_000  # in one response
DEPTH_LIMIT = 64

Value = bytes | None | list["Value"]


@dataclass(frozen=True, slots=True)
class Status:
    """OK, NO, BAD, BYE or PREAUTH. tag: "" for an untagged one. code: in capitals, or ""."""

    tag: str
    kind: str
    code: str
    argument: bytes
    text: bytes


@dataclass(frozen=True, slots=True)
class Continuation:
    """The server asks for more (RFC 9051, 7.6)."""

    text: bytes


@dataclass(frozen=True, slots=True)
class Exists:
    """How many messages the selected folder has."""

    count: int


@dataclass(frozen=True, slots=True)
class Expunge:
    """A message is gone; the numbers above it have moved down."""

    number: int


@dataclass(frozen=True, slots=True)
class Vanished:
    """Messages are gone, by UID (RFC 7162, 3.2.10). earlier: before this session."""

    uids: bytes
    earlier: bool


@dataclass(frozen=True, slots=True)
class Structure:
    """A BODYSTRUCTURE, unread. `values` reads it."""

    text: bytes
    literals: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Fetch:
    """What a server says of one message. uid, size, modseq: 0 where it did not say.

    flags: None where it did not say. sections: by name in capitals without field lists, such as
    "BODY[]" or "BODY[HEADER.FIELDS]"; None stands for NIL.
    """

    number: int
    uid: int = 0
    flags: frozenset[str] | None = None
    size: int = 0
    date: bytes = b""
    modseq: int = 0
    structure: Structure | None = None
    sections: dict[str, bytes | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Untagged:
    """Any other response: its name in capitals and what follows, unread. `values` reads it."""

    name: str
    text: bytes
    literals: tuple[bytes, ...]


Response = Status | Continuation | Exists | Expunge | Vanished | Fetch | Untagged

_HEAD = re.compile(rb"\* +(?:(\d{1,20}) +)?([A-Za-z0-9.\-]+)")
_TAGGED = re.compile(rb"([A-Za-z0-9]+) +(?:OK|NO|BAD)\b", re.IGNORECASE)
_STATUS = re.compile(rb"[*A-Za-z0-9]+ +(OK|NO|BAD|BYE|PREAUTH)\b *", re.IGNORECASE)
_CODE = re.compile(rb"\[([A-Za-z0-9.\-]+)(?: ([^\]]*))?\] ?")
_MARK = re.compile(rb"~?\{(\d{1,20})\+?\}\r?\n")
_QUOTED = re.compile(rb'"([^"\\\r\n]*(?:\\.[^"\\\r\n]*)*)"')
_ESCAPE = re.compile(rb"\\(.)")
_ATOM = re.compile(rb'[^ ()"\r\n]+')
_FLAT = re.compile(rb"\(([^()]*)\)")
_NUMBER = re.compile(rb"\d{1,20}")
_END = re.compile(rb"[ \t\r\n]*\Z")
_SPACE = re.compile(rb"[ \t]*")
_ITEM = re.compile(rb" *([A-Za-z0-9.\-]+)(\[[^\]\r\n]*\])?(?:<\d{1,20}>)? +")
_NEST = re.compile(rb'"[^"\\\r\n]*(?:\\.[^"\\\r\n]*)*"|[()]|~?\{\d{1,20}\+?\}\r?\n')
_RESUME = re.compile(rb" (?=(?:BODY\[|UID \d|FLAGS \(|RFC822\.|INTERNALDATE \"|MODSEQ \())")
_BODY = re.compile(rb"(?:BODY\[(?:[\d.]*|TEXT|[\d.]+TEXT)\](?:<\d+>)?|RFC822|RFC822\.TEXT) ~?\{\d+")
_SYSTEM_FLAGS = {
    flag.lower(): flag for flag in ("\\Seen", "\\Answered", "\\Flagged", "\\Deleted", "\\Draft")
}
_FLAG_SETS_KEPT = 4096


class Parser:
    """Frames and reads responses, however the bytes are cut.

    literal_limit, body_limit: the longest literal taken, and the longest whole body or part.
    """

    def __init__(
        self,
        *,
        text_limit: int = TEXT_LIMIT,
        literal_limit: int = LITERAL_LIMIT,
        body_limit: int = BODY_LIMIT,
    ) -> None:
        self._text_limit = text_limit
        self._literal_limit = literal_limit
        self._body_limit = body_limit
        self._buffer = bytearray()
        self._start = 0
        self._looked = 0
        self._wanted = -1  # bytes of the literal that is arriving, or -1
        self._pieces: list[bytes] = []
        self._literals: list[bytes] = []
        self._text_size = 0
        self._literal_size = 0
        self._flag_sets: dict[bytes, frozenset[str]] = {}
        self._broken = ""

    def feed(self, data: bytes) -> None:
        """Takes the next bytes from the server."""
        if self._start:
            del self._buffer[: self._start]
            self._looked -= self._start
            self._start = 0
        self._buffer += data

    def next(self) -> Response | None:
        """The next response, or None until more has arrived. Raises BadServer, then for ever."""
        if self._broken:
            raise BadServer(self._broken)
        try:
            while self._frame():
                text, literals = b"".join(self._pieces), tuple(self._literals)
                self._pieces, self._literals = [], []
                self._text_size = self._literal_size = 0
                if text.strip():
                    return self._read(text, literals)
        except BadServer as error:
            self._broken = error.summary
            self._buffer.clear()
            raise
        return None

    def _frame(self) -> bool:
        """Puts lines and literals together; True once a response is whole."""
        buffer = self._buffer
        while True:
            if self._wanted >= 0:
                end = self._start + self._wanted
                if len(buffer) < end:
                    return False
                self._literals.append(bytes(memoryview(buffer)[self._start : end]))
                self._start = self._looked = end
                self._wanted = -1
            end = buffer.find(b"\n", self._looked)
            size = (end + 1 if end >= 0 else len(buffer)) - self._start
            if self._text_size + size > self._text_limit:
                raise BadServer("The server sent an answer that is too long.")
            if end < 0:
                self._looked = len(buffer)
                return False
            piece = bytes(memoryview(buffer)[self._start : end + 1])
            self._start = self._looked = end + 1
            self._text_size += size
            self._pieces.append(piece)
            if not piece.endswith((b"}\r\n", b"}\n")) or not self._announces(piece):
                return True

    def _announces(self, piece: bytes) -> bool:
        """Whether a literal follows this line; checks that it is not too long."""
        mark = _MARK.match(piece, piece.rfind(b"{"))
        first = self._pieces[0]
        # The words of a status, and of "+", may end in braces.
        if mark is None or first.startswith(b"+") or _STATUS.match(first):
            return False
        self._wanted = int(mark[1])
        # Only what stands before the mark tells a body; its name cannot be long.
        body = _BODY.search(piece, max(0, mark.start() - 80))
        self._literal_size += self._wanted
        if (
            self._wanted > (self._body_limit if body else self._literal_limit)
            or self._literal_size > self._body_limit + self._literal_limit
            or len(self._literals) >= LITERALS_LIMIT
        ):
            raise BadServer(
                f"The server sent a piece of {self._wanted} bytes, which is more than is taken."
            )
        return True

    def _read(self, text: bytes, literals: tuple[bytes, ...]) -> Response:
        if text.startswith(b"+"):
            return Continuation(text[1:].strip())
        head = _HEAD.match(text)
        if head is None:
            tagged = _TAGGED.match(text)
            if tagged is None:
                raise BadServer("The server's answer is not IMAP.", server_words(text))
            return _status(tagged[1].decode("ascii"), text)
        number, name = head[1], head[2].upper()
        if number is None:
            if _STATUS.match(text):
                return _status("", text)
            rest = text[head.end() :].strip(b" \r\n") if not literals else text[head.end() :]
            if name == b"VANISHED":
                earlier = rest[:9].upper() == b"(EARLIER)"
                return Vanished(rest[9:].strip() if earlier else rest.strip(), earlier)
            return Untagged(name.decode("ascii"), rest, literals)
        if name == b"FETCH":
            return self._fetch(int(number), Cursor(text, head.end(), literals))
        if name == b"EXISTS":
            return Exists(int(number))
        if name == b"EXPUNGE":
            return Expunge(int(number))
        return Untagged(name.decode("ascii"), number, ())

    def _fetch(self, number: int, cursor: Cursor) -> Fetch:
        text = cursor.text
        cursor.expect(b"(")
        uid = size = modseq = 0
        flags: frozenset[str] | None = None
        date = b""
        structure: Structure | None = None
        sections: dict[str, bytes | None] = {}
        while item := _ITEM.match(text, cursor.at):
            cursor.at = item.end()
            name = item[1].upper()
            if item[2] is not None:
                # "[HEADER.FIELDS (...)]" becomes "[HEADER.FIELDS]".
                section = item[2][1:-1].split(b" ", 1)[0].upper()
                sections[f"{name.decode()}[{section.decode('ascii', 'replace')}]"] = cursor.string()
            elif name == b"UID":
                uid = cursor.number()
            elif name == b"FLAGS":
                flags = self._flags(cursor)
            elif name == b"RFC822.SIZE":
                size = cursor.number()
            elif name == b"INTERNALDATE":
                date = cursor.string() or b""
            elif name == b"MODSEQ":
                cursor.expect(b"(")
                modseq = cursor.number()
                cursor.expect(b")")
            elif name in (b"BODYSTRUCTURE", b"BODY"):
                structure = cursor.structure()
            elif name in (b"RFC822", b"RFC822.HEADER", b"RFC822.TEXT"):
                sections[name.decode()] = cursor.string()
            else:
                cursor.skip()
        cursor.expect(b")")
        return Fetch(number, uid, flags, size, date, modseq, structure, sections)

    def _flags(self, cursor: Cursor) -> frozenset[str]:
        found = _FLAT.match(cursor.text, cursor.at)
        if found is None:
            raise cursor.wrong()
        cursor.at = found.end()
        flags = self._flag_sets.get(found[1])
        if flags is None:
            flags = flag_set(found[1].split())
            if len(self._flag_sets) < _FLAG_SETS_KEPT:
                self._flag_sets[found[1]] = flags
        return flags


class Cursor:
    """A place in a framed response, from which values are read."""

    __slots__ = ("_literals", "_taken", "at", "text")

    def __init__(self, text: bytes, at: int, literals: tuple[bytes, ...]) -> None:
        self.text = text
        self.at = at
        self._literals = literals
        self._taken = 0

    def wrong(self) -> BadServer:
        """The error for what stands here."""
        around = self.text[max(0, self.at - 40) : self.at + 80]
        return BadServer("The server's answer cannot be read.", server_words(around))

    def expect(self, char: bytes) -> None:
        """Steps over spaces and this one character."""
        space = _SPACE.match(self.text, self.at)
        if space:
            self.at = space.end()
        if not self.text.startswith(char, self.at):
            raise self.wrong()
        self.at += 1

    def number(self) -> int:
        """A decimal number."""
        found = _NUMBER.match(self.text, self.at)
        if found is None:
            raise self.wrong()
        self.at = found.end()
        return int(found[0])

    def string(self) -> bytes | None:
        """A quoted string, literal or atom; None for NIL."""
        text, at = self.text, self.at
        first = text[at : at + 1]
        if first == b'"':
            found = _QUOTED.match(text, at)
            if found is None:
                raise self.wrong()
            self.at = found.end()
            return _ESCAPE.sub(rb"\1", found[1]) if b"\\" in found[1] else found[1]
        mark = _MARK.match(text, at)
        if mark is not None:
            self.at = mark.end()
            return self._literal()
        found = _ATOM.match(text, at)
        if found is None:
            raise self.wrong()
        self.at = found.end()
        return None if found[0].upper() == b"NIL" else found[0]

    def value(self, depth: int = 0) -> Value:
        """Any value, lists within lists down to DEPTH_LIMIT."""
        if not self.text.startswith(b"(", self.at):
            return self.string()
        if depth >= DEPTH_LIMIT:
            raise BadServer("The server's answer is nested too deeply.")
        self.at += 1
        found: list[Value] = []
        while not self._closes():
            found.append(self.value(depth + 1))
        self.at += 1
        return found

    def values(self) -> list[Value]:
        """All values up to the end."""
        found: list[Value] = []
        while True:
            if _END.match(self.text, self.at):
                return found
            space = _SPACE.match(self.text, self.at)
            self.at = space.end() if space else self.at
            found.append(self.value())

    def skip(self) -> None:
        """Steps over any value without reading it."""
        if self.text.startswith(b"(", self.at):
            self._nest()
        else:
            self.string()

    def structure(self) -> Structure | None:
        """A BODYSTRUCTURE left unread. One that does not add up is stepped over: None.

        Servers have been seen to leave quotes in file names unescaped (Exchange, old Courier).
        """
        start, taken = self.at, self._taken
        if not self.text.startswith(b"(", start):
            self.string()
            return None
        try:
            self._nest()
        except BadServer:
            resume = _RESUME.search(self.text, start)
            if resume is None:
                raise
            self.at = resume.start()
            self._taken = taken + len(_MARK.findall(self.text, start, self.at))
            return None
        return Structure(self.text[start : self.at], self._literals[taken : self._taken])

    def _closes(self) -> bool:
        space = _SPACE.match(self.text, self.at)
        self.at = space.end() if space else self.at
        if self.at >= len(self.text):
            raise self.wrong()
        return self.text.startswith(b")", self.at)

    def _nest(self) -> None:
        """Steps over a list, by its parentheses alone."""
        depth = 0
        for found in _NEST.finditer(self.text, self.at):
            token = found[0]
            if token == b"(":
                depth += 1
            elif token == b")":
                depth -= 1
                if not depth:
                    self.at = found.end()
                    return
            elif token.endswith(b"\n"):
                self._literal()
        raise self.wrong()

    def _literal(self) -> bytes:
        if self._taken >= len(self._literals):
            raise self.wrong()
        self._taken += 1
        return self._literals[self._taken - 1]


def values(response: Untagged | Structure) -> list[Value]:
    """What an unread response or structure says. Raises BadServer."""
    return Cursor(response.text, 0, response.literals).values()


def flag_set(names: Iterable[bytes]) -> frozenset[str]:
    """Flags as text, the system flags in their usual case (RFC 9051, 2.3.2).

    \\Recent is left out: it tells of this session, not of the message.
    """
    found = (name.decode("utf-8", "replace") for name in names)
    return frozenset(
        _SYSTEM_FLAGS.get(flag.lower(), flag) for flag in found if flag.lower() != "\\recent"
    )


def _status(tag: str, text: bytes) -> Status:
    head = _STATUS.match(text)
    if head is None:
        raise BadServer("The server's answer is not IMAP.", server_words(text))
    code = _CODE.match(text, head.end())
    return Status(
        tag,
        head[1].decode("ascii").upper(),
        code[1].decode("ascii").upper() if code else "",
        (code[2] or b"") if code else b"",
        text[code.end() if code else head.end() :].strip(),
    )
