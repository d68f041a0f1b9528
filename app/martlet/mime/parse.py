"""The MIME tree of a message as offsets into its bytes (RFC 2045, 2046), bodies decoded when asked.

Never raises on any bytes: what could not be read stands in `problems`. Where heads and parts end
is `cutting`'s; which part is the text and which an attachment is decided in `layout`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from martlet.mime.charset import codecs_for, is_charset, read, read_as
from martlet.mime.cutting import begins_like_a_head, guessed_boundary, head, spans
from martlet.mime.headers import MAX_LOOK, Headers, fields
from martlet.mime.parameters import parse_parameters
from martlet.mime.transfer import decode_body, decoded_size, is_no_base64
from martlet.mime.unpack import is_marked, may_hold, unpack
from martlet.mime.words import clean, decode_words

MAX_DEPTH = 40
MAX_PARTS = 5_000
# Of all attached messages together.
_MAX_INNER_PARTS = 20_000
_MAX_NAME = 1_000

_META_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE
)
_LINE_ENDS = re.compile(rb"[\r\n]++")
_TOKEN = re.compile(r"[^\s/]+/[^\s/]+\Z")
_ENCODED = frozenset({"base64", "quoted-printable", "x-uuencode", "uuencode", "x-uue", "uue"})
_TEXTS = frozenset({"text/plain", "text/html", "text/enriched", "text/richtext", "text/markdown"})
_EMBEDS = frozenset({"message/rfc822", "message/global", "message/news"})


_TOO_DEEP = "The message is nested too deeply; the innermost parts are not read."
_TOO_MANY = "The message has too many parts; the last ones are not read."


class _Reading:
    """What reading one message shares: the problems found, and how many parts may still be made.

    inner: the same for the messages attached to it, at any depth, which share one number.
    """

    __slots__ = ("_outer", "_room", "inner_room", "problems")

    def __init__(
        self, room: list[int], inner_room: list[int], outer: _Reading | None = None
    ) -> None:
        self._room = room
        self._outer = outer
        self.inner_room = inner_room
        self.problems: list[str] = []

    def take(self) -> bool:
        """Makes room for a part, if there is some left."""
        if self._room[0] <= 0:
            self.note_outside(_TOO_MANY)
            return False
        self._room[0] -= 1
        return True

    def inside(self) -> _Reading:
        return _Reading(self.inner_room, self.inner_room, self)

    def note(self, problem: str) -> None:
        if problem not in self.problems:
            self.problems.append(problem)

    def note_outside(self, problem: str) -> None:
        """Notes it in the messages that hold this one too."""
        reading: _Reading | None = self
        while reading is not None:
            reading.note(problem)
            reading = reading._outer


class Part:
    """One entity. path: as IMAP counts; "" for a multipart that is the whole message."""

    __slots__ = (
        "_decoded", "_embedded", "_raw", "_read_as", "_reading", "_unpack_problems", "_unpacked",
        "body_end", "body_start", "charset", "children", "content_id", "content_type", "depth",
        "disposition", "encoding", "filename", "headers", "parameters", "path",
    )  # fmt: skip

    def __init__(
        self, raw: bytes, headers: Headers, start: int, end: int, path: str, default: str
    ) -> None:
        self._raw = raw
        self.headers = headers
        self.body_start = start
        self.body_end = end
        self.path = path
        self.depth = 0
        self.children: list[Part] = []
        self._unpacked: tuple[Part, ...] | None = None
        self._unpack_problems: tuple[str, ...] = ()
        self._embedded: Message | None = None
        self._decoded: bytes | None = None
        self._read_as: str | None = None
        self._reading: _Reading | None = None
        said = headers.charset
        written = headers.get("content-type")
        self.content_type, self.parameters = (
            parse_parameters(written, said) if written else ("", {})
        )
        if not self.content_type:
            self.content_type = default
        elif not _TOKEN.match(self.content_type):
            # RFC 2045, 5.2: what cannot be read is text; a bare "text" is what old software wrote
            broken = self.content_type
            self.content_type = "multipart/mixed" if broken == "multipart" else "text/plain"
            if broken.partition("/")[0] not in ("text", "multipart"):
                self.content_type = "application/octet-stream" if "/" in broken else default
        self.encoding = _encoding(headers.get("content-transfer-encoding"))
        self.charset = self.parameters.get("charset", "").strip()
        written = headers.get("content-disposition")
        self.disposition, found = parse_parameters(written, said) if written else ("", {})
        name = found.get("filename") or found.get("name") or self.parameters.get("name", "")
        name = name or self.parameters.get("filename", "")
        # The end says what it is
        self.filename = name if len(name) <= _MAX_NAME else name[:700] + name[-300:]
        identity = headers.get("content-id")
        self.content_id = _content_id(identity) if identity else ""

    @property
    def is_multipart(self) -> bool:
        return bool(self.children) or self.content_type.startswith("multipart/")

    @property
    def embedded(self) -> Message | None:
        """The message inside a message/rfc822 part (RFC 2046, 5.2.1)."""
        if self.content_type not in _EMBEDS:
            return None
        if self._embedded is None:
            outer = self._reading or _Reading([0], [_MAX_INNER_PARTS])
            if self.depth >= MAX_DEPTH or outer.inner_room[0] <= 0:
                outer.note_outside(_TOO_DEEP if self.depth >= MAX_DEPTH else _TOO_MANY)
                return None
            raw, start, end = self._raw, self.body_start, self.body_end
            encoded = self.encoding in _ENCODED and not begins_like_a_head(raw, start, end)
            if encoded or self._decoded is not None:
                raw = self.data()
                start, end = 0, len(raw)
            charset = self.headers.charset
            self._embedded = _parse(
                raw, start, end, self.depth + 1, self.path, charset, outer.inside()
            )
        return self._embedded

    @property
    def unpacked(self) -> tuple[Part, ...]:
        """Files inside its text or container, as parts of their own (paths "1.u1", "1.u2" ...)."""
        if self._unpacked is None:
            self._unpacked = self._unpack()
        return self._unpacked

    @property
    def unpack_problems(self) -> tuple[str, ...]:
        """What is wrong with what `unpacked` gives; sentences, English. Asked for after it."""
        return self._unpack_problems

    def _unpack(self) -> tuple[Part, ...]:
        if self._decoded is not None or not may_hold(self.content_type, self.filename):
            return ()
        text = self.content_type == "text/plain"
        if text and not is_marked(self._raw, self.body_start, self.body_end, self.encoding):
            return ()
        found = unpack(self.content_type, self.data())
        # What a container says of its own text is known, whatever the rest is to be read as
        said = self.headers.charset if text else ""
        parts: list[Part] = []
        for number, file in enumerate(found.files, 1):
            path = f"{self.path}.u{number}"
            inner = Part(b"", Headers([], said), 0, 0, path, file.content_type)
            inner.depth, inner._reading = self.depth + 1, self._reading
            inner.filename, inner.content_id = file.name, file.content_id
            inner.charset = file.charset
            inner.disposition = "inline" if file.body else "attachment"
            inner._decoded = file.data
            parts.append(inner)
        self._unpack_problems = found.problems
        return tuple(parts)

    @property
    def size(self) -> int:
        """Bytes of the decoded body; counted from the encoded ones where they are regular."""
        if self._decoded is not None:
            return len(self._decoded)
        return decoded_size(self._raw, self.body_start, self.body_end, self.encoding)

    def body(self) -> bytes:
        """The body as transferred."""
        return self._raw[self.body_start : self.body_end]

    def data(self, message: Message | None = None) -> bytes:
        """The decoded body. message: not needed, a part knows its bytes."""
        if self._decoded is not None:
            return self._decoded
        return decode_body(self._raw, self.body_start, self.body_end, self.encoding)

    @property
    def read_as(self) -> str:
        """The charset its text was read as, "" for ASCII; of the beginning if it was not read."""
        if self._read_as is None:
            self.text(65536)
        return self._read_as or ""

    def text(self, limit: int = 0) -> str:
        """The decoded body as text with \\n line ends; limit: about so many bytes, 0 for all."""
        raw, end = self._raw, self.body_end
        encoding = "" if self._decoded is None and self._is_no_base64() else self.encoding
        if limit and self._decoded is None and end - self.body_start > limit:
            cut = self.body_start + limit
            # Not in the middle of a line: base64 and quoted-printable are cut between characters
            newline = raw.rfind(b"\n", self.body_start, cut)
            end = newline + 1 if newline > self.body_start else cut
        if self._decoded is not None:
            data = self._decoded[:limit] if limit else self._decoded
        else:
            data = decode_body(raw, self.body_start, end, encoding)
        return self.text_of(data)

    def text_of(self, data: bytes) -> str:
        """These bytes, of its decoded body, as `text` gives them."""
        text, self._read_as = self._read(data)
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        return text.replace("\x00", "") if "\x00" in text else text

    def _is_no_base64(self) -> bool:
        if self.encoding != "base64":
            return False
        if not is_no_base64(self._raw, self.body_start, self.body_end):
            return False
        if self._reading is not None:
            self._reading.note("A text is not encoded as it says; it is shown as it stands there.")
        return True

    def _read(self, data: bytes) -> tuple[str, str]:
        if is_charset(self.headers.charset):
            return read_as(data, self.headers.charset)
        charset = self.charset
        if self.content_type == "text/html" and (not charset or codecs_for(charset) == ()):
            match = _META_CHARSET.search(data[:4096])
            charset = match[1].decode("ascii", "replace") if match else ""
            if charset.lower().startswith(("utf-16", "utf-32")):
                charset = ""  # it could not have been read then
        return read(data, charset)


class Message:
    """A parsed message. root: the top part."""

    __slots__ = ("_end", "_raw", "_reading", "_start", "headers", "root")

    def __init__(self, raw: bytes, start: int, end: int, root: Part, reading: _Reading) -> None:
        self._raw = raw
        self._start = start
        self._end = end
        self._reading = reading
        self.root = root
        self.headers = root.headers

    @property
    def raw(self) -> bytes:
        """Its bytes; of an attached message a copy."""
        return self._raw[self._start : self._end]

    @property
    def problems(self) -> tuple[str, ...]:
        """What could not be read, and why; sentences, English."""
        return tuple(self._reading.problems)

    @property
    def charset(self) -> str:
        """What its first text is read as, small letters; "" for ASCII, which needs no name."""
        for part in self.walk():
            if part.content_type in _TEXTS and part.disposition != "attachment":
                return part.read_as
        return ""

    def walk(self) -> Iterator[Part]:
        """Every part, parents first; not into embedded messages."""
        waiting = [self.root]
        while waiting:
            part = waiting.pop()
            yield part
            waiting.extend(reversed(part.children))

    def part(self, path: str) -> Part | None:
        """The part of this path, also inside embedded messages and unpacked files; None if none."""
        embedding: Part | None = None
        for part in self.walk():
            if part.path == path:
                return part
            if part.path and path.startswith(part.path + "."):
                for inner in part.unpacked:
                    if inner.path == path:
                        return inner
                    if path.startswith(inner.path + ".") and inner.embedded is not None:
                        return inner.embedded.part(path)
                if part.content_type in _EMBEDS:
                    embedding = part
        if embedding is not None and embedding.embedded is not None:
            return embedding.embedded.part(path)
        return None


def parse(raw: bytes, charset: str = "") -> Message:
    """Reads a whole message, CRLF, LF or CR; an mbox "From " line before it is passed over.

    charset: what a person says its texts and raw 8-bit fields are in, whatever it says itself; "",
    or a label that nobody knows, for what it says.
    """
    if b"\n" not in raw and b"\r" in raw:
        raw = raw.replace(b"\r", b"\n")
    said = charset if is_charset(charset) else ""
    return _parse(raw, 0, len(raw), 0, "", said, _Reading([MAX_PARTS], [_MAX_INNER_PARTS]))


def _parse(
    raw: bytes, start: int, end: int, depth: int, prefix: str, charset: str, reading: _Reading
) -> Message:
    blank = _LINE_ENDS.match(raw, start, end)
    first = blank.end() if blank else start
    reading.take()
    root = _entity(raw, first, end, prefix, "text/plain", depth, charset, reading, b"")
    if not root.children:
        root.path = f"{prefix}.1" if prefix else "1"
    return Message(raw, start, end, root, reading)


def _entity(
    raw: bytes,
    start: int,
    end: int,
    path: str,
    default: str,
    depth: int,
    charset: str,
    reading: _Reading,
    outer: bytes,
) -> Part:
    """outer: the boundary of the multipart it is in."""
    head_end, body_start = head(raw, start, end, reading.note)
    headers = fields(raw[start : min(head_end, start + MAX_LOOK)], charset)
    for problem in headers.left_out:
        reading.note(problem)
    part = Part(raw, headers, body_start, end, path, default)
    part.depth = depth
    part._reading = reading
    if part.content_type.startswith("multipart/"):
        if depth >= MAX_DEPTH:
            reading.note_outside(_TOO_DEEP)
        elif not (outer and outer == _boundary(part) and _is_blank(part)):
            _children(raw, part, reading)
    return part


def _children(raw: bytes, part: Part, reading: _Reading) -> None:
    boundary = _boundary(part)
    start, end = part.body_start, part.body_end
    cut = spans(raw, start, end, boundary, MAX_PARTS, reading.note) if boundary else []
    if not cut:
        guessed = guessed_boundary(raw, start, end)
        if guessed:
            reading.note("The boundary between the parts is not the one announced.")
            cut = spans(raw, start, end, guessed, MAX_PARTS, reading.note)
    if not cut:
        reading.note("The parts of the message cannot be told apart.")
        return
    into = part
    for span in cut:
        if not reading.take():
            break
        default = "message/rfc822" if into.content_type == "multipart/digest" else "text/plain"
        number = len(into.children) + 1
        path = f"{into.path}.{number}" if into.path else str(number)
        inner = _entity(
            raw, span.start, span.end, path, default, into.depth + 1,
            part.headers.charset, reading, boundary,
        )  # fmt: skip
        into.children.append(inner)
        into.body_end = max(into.body_end, span.end)
        if span.closed:
            into = part
        elif into is part and boundary == _boundary(inner) and _is_blank(inner):
            reading.note("A boundary stands for two multiparts, one in the other.")
            into = inner


def _boundary(part: Part) -> bytes:
    return part.parameters.get("boundary", "").encode("utf-8", "replace").rstrip()


def _is_blank(part: Part) -> bool:
    """Whether it has no body to speak of: one whose parts come after it."""
    return part.body_end - part.body_start < 1000 and not part.body().strip()


def _encoding(raw: bytes) -> str:
    text = raw.decode("ascii", "replace").strip().lower()
    return re.split(r"[\s;(]", text, maxsplit=1)[0].strip("\"'") if text else ""


def _content_id(raw: bytes) -> str:
    text = clean(decode_words(raw.decode("utf-8", "replace")))
    match = re.search(r"<([^<>]*)>", text)
    return (match[1] if match else text).strip()
