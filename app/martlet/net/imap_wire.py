r"""The IMAP wire (RFC 9051, RFC 3501): bytes in, typed responses out. No socket, no state.

    response     = ("+" text / "*" status / "*" number ("EXISTS" / "EXPUNGE" / "FETCH" items)
                   / "*" name values / tag status) CRLF
    status       = ("OK" / "NO" / "BAD" / "BYE" / "PREAUTH") ["[" code [SP argument] "]"] text
    items        = "(" *(name ["[" section "]"] ["<" number ">"] SP value) ")"
    value        = atom / quoted / literal / "NIL" / "(" *value ")"     (read by imap_cursor)
    literal      = ["~"] "{" number ["+"] "}" CRLF number-of-bytes

A response is first framed: its lines are put together with the literals cut out, each leaving
its "{n}" CRLF as a mark. A mark can only stand at a line's end, so reading it later takes the
next literal and nothing else can be mistaken for one.

Tolerated, because servers do it: bare LF, blank lines between responses, several spaces, atoms
where strings belong, a BODYSTRUCTURE that does not add up. Everything else raises BadServer,
after which the parser is of no more use. What it holds is bounded by the limits given to it.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from martlet.mail.errors import BadServer
from martlet.net.imap_cursor import MARK, Cursor, Structure, Value
from martlet.net.words import server_words

TEXT_LIMIT = 32 * 1024 * 1024  # a SEARCH answer of three million UIDs
LITERAL_LIMIT = 4 * 1024 * 1024
BODY_LIMIT = 256 * 1024 * 1024
STRANGER_LIMIT = 65_536  # of anything, from a server that has not let us in yet
LITERALS_LIMIT = 20_000  # in one response
MESSAGES_LIMIT = 5_000_000  # in one folder
FLAGS_LIMIT = 8192  # bytes of one message's flags; those beyond are left out


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
class Fetch:
    """What a server says of one message. uid, size, modseq: 0 where it did not say.

    flags: None where it did not say. sections: by name in capitals without field lists, such as
    "BODY[]" or "BODY[HEADER.FIELDS]"; None stands for NIL. origin: where in its section a part
    of it begins ("<0>"), -1 where it did not say. other: the items of extensions, by name.
    """

    number: int
    uid: int = 0
    flags: frozenset[str] | None = None
    size: int = 0
    date: bytes = b""
    modseq: int = 0
    structure: Structure | None = None
    sections: dict[str, bytes | None] = field(default_factory=dict)
    origin: int = -1
    other: dict[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Untagged:
    """Any other response: its name in capitals and what follows, unread. `values` reads it."""

    name: str
    text: bytes
    literals: tuple[bytes, ...]


Response = Status | Continuation | Exists | Expunge | Vanished | Fetch | Untagged

_HEAD = re.compile(rb"\* ++(?:(\d{1,20}) ++)?([A-Za-z0-9.\-]++)")
_TAGGED = re.compile(rb"([A-Za-z0-9]++) ++(?:OK|NO|BAD)\b", re.IGNORECASE)
_STATUS = re.compile(rb"[*A-Za-z0-9]++ ++(OK|NO|BAD|BYE|PREAUTH)\b *+", re.IGNORECASE)
_CODE = re.compile(rb"\[([A-Za-z0-9.\-]++)(?: ([^\]]*+))?\] ?")
_USUAL = re.compile(
    rb" *+(?:UID (\d{1,20})(?=[ )]) ?|FLAGS \(([^()]*+)\) ?|RFC822\.SIZE (\d{1,20})(?=[ )]) ?"
    rb'|INTERNALDATE "([^"\\\r\n]*+)" ?|MODSEQ \((\d{1,20})\) ?)++',
    re.IGNORECASE,
)
_FLAT = re.compile(rb"\(([^()]*+)\)")
_ITEM = re.compile(rb" *+([A-Za-z0-9.\-]++)(\[[^\]\r\n]*+\])?(?:<(\d{1,20})>)? ++")
_BODY = re.compile(
    rb"(?:(?:BODY|BINARY)\[(?:[\d.]*|TEXT|[\d.]+TEXT)\](?:<\d+>)?|RFC822|RFC822\.TEXT) ~?\{\d+"
)
_SYSTEM_FLAGS = {
    flag.lower(): flag for flag in ("\\Seen", "\\Answered", "\\Flagged", "\\Deleted", "\\Draft")
}
_KEPT = 1024  # of what is told again and again, and how long that may be
_OTHER = {
    b"PREVIEW": "PREVIEW",
    b"EMAILID": "EMAILID",
    b"THREADID": "THREADID",
    b"X-GM-MSGID": "X-GM-MSGID",
    b"X-GM-THRID": "X-GM-THRID",
    b"X-GM-LABELS": "X-GM-LABELS",
    b"SAVEDATE": "SAVEDATE",
}
_LENIENT = 8


class Parser:
    """Frames and reads responses, however the bytes are cut.

    literal_limit, body_limit: the longest literal taken, and the longest whole body or part.
    size: how many bytes the response had that was read last.
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
        self._sections: dict[tuple[bytes, bytes], str] = {}
        self._broken = ""
        self.size = 0

    def widen(self) -> None:
        """From here on as much is taken as a server that has mail of ours may have to say."""
        self._text_limit, self._literal_limit = TEXT_LIMIT, LITERAL_LIMIT
        self._body_limit = BODY_LIMIT

    def feed(self, data: bytes) -> None:
        """Takes the next bytes from the server."""
        if self._start:
            del self._buffer[: self._start]
            self._looked -= self._start
            self._start = 0
        self._buffer += data

    def rest(self) -> bytes:
        """What has been fed and is no response yet, taken away."""
        data = bytes(memoryview(self._buffer)[self._start :])
        self._buffer.clear()
        self._start = self._looked = 0
        return data

    def next(self) -> Response | None:
        """The next response, or None until more has arrived. Raises BadServer, then for ever."""
        if self._broken:
            raise BadServer(self._broken)
        try:
            while self._frame():
                text, literals = b"".join(self._pieces), tuple(self._literals)
                self._pieces, self._literals = [], []
                self.size = self._text_size + self._literal_size
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
        mark = MARK.match(piece, piece.rfind(b"{"))
        first = self._pieces[0]
        # The words of a status, and of "+", may end in braces. Asked of the first line only: it
        # may be long, and literals as many as there are lines.
        if mark is None or (
            len(self._pieces) == 1 and (first.startswith(b"+") or _STATUS.match(first))
        ):
            return False
        self._wanted = int(mark[1])
        self._literal_size += self._wanted
        limit = self._literal_limit
        # Only what stands before the mark tells a body; its name cannot be long.
        if self._wanted > limit and _BODY.search(piece, max(0, mark.start() - 80)):
            limit = self._body_limit
        if (
            self._wanted > limit
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
            return self._fetch(int(number), text, head.end(), literals)
        if name in (b"EXISTS", b"EXPUNGE"):
            count = int(number)
            if count > MESSAGES_LIMIT:
                raise BadServer(
                    f"The server counts more than {MESSAGES_LIMIT} messages in a folder, more than "
                    "are taken.",
                    f"{count} {name.decode('ascii')}",
                )
            return Exists(count) if name == b"EXISTS" else Expunge(count)
        return Untagged(name.decode("ascii"), number, ())

    def _fetch(self, number: int, text: bytes, at: int, literals: tuple[bytes, ...]) -> Fetch:
        cursor = Cursor(text, at, literals)
        try:
            found = self._items(number, cursor)
            if cursor.ends():
                return found
            broken = cursor.wrong()
        except BadServer as error:
            broken = error
        # A structure with an odd number of quotes may seem to end where it does not.
        if b"BODY" not in text:
            raise broken
        for lenient in range(1, _LENIENT + 1):
            with contextlib.suppress(BadServer):
                return self._items(number, Cursor(text, at, literals, lenient=lenient))
        raise broken

    def _items(self, number: int, cursor: Cursor) -> Fetch:
        text = cursor.text
        cursor.expect(b"(")
        uid = size = modseq = 0
        origin = -1
        flags: frozenset[str] | None = None
        date = b""
        structure: Structure | None = None
        sections: dict[str, bytes | None] = {}
        other: dict[str, Value] = {}
        # Most answers begin with some of these, in an order of their own: read at one go.
        usual = _USUAL.match(text, cursor.at)
        if usual is not None:
            cursor.at = usual.end()
            told_uid, told_flags, told_size, told_date, told_modseq = usual.groups()
            uid = int(told_uid or 0)
            flags = None if told_flags is None else self._flag_set(told_flags)
            size = int(told_size or 0)
            date = told_date or b""
            modseq = int(told_modseq or 0)
        while item := _ITEM.match(text, cursor.at):
            cursor.at = item.end()
            name = item[1].upper()
            if item[2] is not None:
                section = self._section(name, item[2])
                sections[section] = cursor.string()
                if item[3] is not None:
                    origin = int(item[3])
            elif name == b"UID":
                # The first counts: what a broken structure spills could name another message.
                told = cursor.number()
                uid = uid or told
            elif name == b"FLAGS":
                said = self._flags(cursor)
                flags = said if flags is None else flags
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
            elif name in _OTHER:
                other[_OTHER[name]] = cursor.value()
            else:
                cursor.skip()
        cursor.expect(b")")
        return Fetch(number, uid, flags, size, date, modseq, structure, sections, origin, other)

    def _flags(self, cursor: Cursor) -> frozenset[str]:
        found = _FLAT.match(cursor.text, cursor.at)
        if found is None:
            raise cursor.wrong()
        cursor.at = found.end()
        return self._flag_set(found[1])

    def _flag_set(self, text: bytes) -> frozenset[str]:
        flags = self._flag_sets.get(text)
        if flags is None:
            names = text[:FLAGS_LIMIT].split()
            flags = flag_set(names[:-1] if len(text) > FLAGS_LIMIT else names)
            if len(self._flag_sets) < _KEPT and len(text) < _KEPT:
                self._flag_sets[text] = flags
        return flags

    def _section(self, name: bytes, section: bytes) -> str:
        """The name of a section: "[HEADER.FIELDS (...)]" becomes "BODY[HEADER.FIELDS]"."""
        known = self._sections.get((name, section))
        if known is None:
            word = section[1:-1].split(b" ", 1)[0].upper()
            known = f"{name.decode()}[{word.decode('ascii', 'replace')}]"
            if len(self._sections) < _KEPT and len(section) < _KEPT:
                self._sections[name, section] = known
        return known


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
