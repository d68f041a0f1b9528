"""The MIME tree of a message as offsets into its bytes (RFC 2045, 2046), bodies decoded when asked.

Never raises on any bytes: what could not be read stands in `problems`. Which part is the text and
which an attachment is decided in `layout`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from martlet.mime.charset import decode
from martlet.mime.headers import MAX_BLOCK, Headers, fields
from martlet.mime.parameters import parse_parameters
from martlet.mime.transfer import decode_body, decoded_size
from martlet.mime.unpack import is_marked, may_hold, unpack
from martlet.mime.words import clean, decode_words

MAX_DEPTH = 40
MAX_PARTS = 5_000

# A line of spaces continues a field (RFC 5322, 4.2); it is an end only where there is no other.
_HEAD_END = re.compile(rb"\n\r?\r?\n")
_LAX_HEAD_END = re.compile(rb"\n[ \t]+\r?\n")
_FIELD_LINE = re.compile(rb"[!-9;-~]{1,200}[ \t]*:")
_CONTENT_FIELD = re.compile(rb"content-[a-z-]{1,40}[ \t]*:", re.IGNORECASE)
_META_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE
)
_TOKEN = re.compile(r"[^\s/]+/[^\s/]+\Z")
_GUESSED_BOUNDARY = re.compile(rb"^--([^\s-][^\r\n]{0,99}?)[ \t]*\r?\ncontent-", re.I | re.M)
_EMBEDS = frozenset({"message/rfc822", "message/global", "message/news"})


class _Reading:
    """What one run of the parser shares: the problems found and the parts left."""

    __slots__ = ("parts", "problems")

    def __init__(self) -> None:
        self.parts = 0
        self.problems: list[str] = []

    def note(self, problem: str) -> None:
        if problem not in self.problems:
            self.problems.append(problem)


class Part:
    """One entity. path: as IMAP counts; "" for a multipart that is the whole message."""

    __slots__ = (
        "_decoded", "_embedded", "_raw", "_unpack_problems", "_unpacked", "body_end",
        "body_start", "charset", "children",
        "content_id", "content_type", "depth", "disposition", "encoding", "filename", "headers",
        "parameters", "path",
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
        written = headers.get("content-type")
        self.content_type, self.parameters = parse_parameters(written) if written else ("", {})
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
        self.disposition, found = parse_parameters(written) if written else ("", {})
        self.filename = (
            found.get("filename") or found.get("name") or self.parameters.get("name", "")
        )
        self.filename = self.filename or self.parameters.get("filename", "")
        identity = headers.get("content-id")
        self.content_id = _content_id(identity) if identity else ""

    @property
    def is_multipart(self) -> bool:
        return bool(self.children) or self.content_type.startswith("multipart/")

    @property
    def embedded(self) -> Message | None:
        """The message inside a message/rfc822 part (RFC 2046, 5.2.1)."""
        if self.content_type not in _EMBEDS or self.depth >= MAX_DEPTH:
            return None
        if self._embedded is None:
            self._embedded = _parse(self.data(), self.depth + 1, self.path)
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
        parts: list[Part] = []
        for number, file in enumerate(found.files, 1):
            path = f"{self.path}.u{number}"
            inner = Part(b"", Headers([]), 0, 0, path, file.content_type)
            inner.depth = self.depth + 1
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

    def text(self, limit: int = 0) -> str:
        """The decoded body as text with \\n line ends; limit: about so many bytes, 0 for all."""
        if limit and self._decoded is None and self.body_end - self.body_start > limit:
            end = self.body_start + limit
            # Not in the middle of a line: base64 and quoted-printable are cut between characters
            newline = self._raw.rfind(b"\n", self.body_start, end)
            end = newline + 1 if newline > self.body_start else end
            data = decode_body(self._raw, self.body_start, end, self.encoding)
        else:
            data = self.data()
        charset = self.charset
        if not charset and self.content_type == "text/html":
            match = _META_CHARSET.search(data[:4096])
            charset = match[1].decode("ascii", "replace") if match else ""
            if charset.lower().startswith(("utf-16", "utf-32")):
                charset = ""  # it could not have been read then
        text = decode(data, charset)
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        return text.replace("\x00", "") if "\x00" in text else text


class Message:
    """A parsed message. raw: its bytes; root: the top part; problems: sentences, English."""

    __slots__ = ("headers", "problems", "raw", "root")

    def __init__(self, raw: bytes, root: Part, problems: tuple[str, ...]) -> None:
        self.raw = raw
        self.root = root
        self.headers = root.headers
        self.problems = problems

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


def parse(raw: bytes) -> Message:
    """Reads a whole message, CRLF, LF or CR; an mbox "From " line before it is passed over."""
    if b"\n" not in raw and b"\r" in raw:
        raw = raw.replace(b"\r", b"\n")
    return _parse(raw, 0, "")


def _parse(raw: bytes, depth: int, prefix: str) -> Message:
    reading = _Reading()
    root = _entity(raw, 0, len(raw), prefix, "text/plain", depth, reading, top=True)
    return Message(raw, root, tuple(reading.problems))


def _entity(
    raw: bytes,
    start: int,
    end: int,
    path: str,
    default: str,
    depth: int,
    reading: _Reading,
    top: bool = False,
) -> Part:
    reading.parts += 1
    if top and raw[start : start + 20].isspace():
        while start < end and raw[start] in b"\r\n":
            start += 1
    elif top and raw[start : start + 1] in (b"\r", b"\n"):
        start += len(raw[start : start + 1000]) - len(raw[start : start + 1000].lstrip(b"\r\n"))
    head_end, body_start = _head(raw, start, end, reading)
    part = Part(raw, fields(raw[start:head_end]), body_start, end, path, default)
    part.depth = depth
    if part.content_type.startswith("multipart/"):
        if depth >= MAX_DEPTH:
            reading.note("The message is nested too deeply; the innermost parts are not read.")
        else:
            _children(raw, part, path, depth, reading)
    if top and not part.children:
        part.path = f"{path}.1" if path else "1"
    return part


def _head(raw: bytes, start: int, end: int, reading: _Reading) -> tuple[int, int]:
    """Where the fields end and where the body starts."""
    if raw[start : start + 1] == b"\n":
        return start, start + 1
    if raw[start : start + 2] == b"\r\n":
        return start, start + 2
    limit = min(end, start + MAX_BLOCK)
    match = _HEAD_END.search(raw, start, limit) or _LAX_HEAD_END.search(raw, start, limit)
    if match:
        return match.start() + 1, match.end()
    if end - start > MAX_BLOCK:
        reading.note("The header is too long; only its beginning is read.")
        return start + MAX_BLOCK, start + MAX_BLOCK
    # No empty line: the body starts where the lines stop looking like fields
    position = start
    while position < end:
        line_end = raw.find(b"\n", position, end)
        line_end = end if line_end < 0 else line_end + 1
        continued = position > start and raw[position : position + 1] in (b" ", b"\t")
        first = position == start and raw.startswith((b"From ", b">From "), position)
        if not (continued or first or _FIELD_LINE.match(raw, position, line_end)):
            reading.note("The header does not end with an empty line.")
            return position, position
        position = line_end
    return end, end


def _children(raw: bytes, part: Part, path: str, depth: int, reading: _Reading) -> None:
    boundary = part.parameters.get("boundary", "").encode("utf-8", "replace").rstrip()
    start, end = part.body_start, part.body_end
    spans = _spans(raw, start, end, boundary) if boundary else []
    if not spans:
        match = _GUESSED_BOUNDARY.search(raw, start, min(end, start + 65536))
        if match:
            reading.note("The boundary between the parts is not the one announced.")
            spans = _spans(raw, start, end, match[1])
    if not spans:
        reading.note("The parts of the message cannot be told apart.")
        return
    default = "message/rfc822" if part.content_type == "multipart/digest" else "text/plain"
    for number, (first, last) in enumerate(spans, 1):
        if reading.parts >= MAX_PARTS:
            reading.note("The message has too many parts; the last ones are not read.")
            break
        inner = f"{path}.{number}" if path else str(number)
        part.children.append(_entity(raw, first, last, inner, default, depth + 1, reading))


def _spans(raw: bytes, start: int, end: int, boundary: bytes) -> list[tuple[int, int]]:
    """Offsets of the entities between the delimiters (RFC 2046, 5.1.1); the last may be open."""
    delimiter = b"--" + boundary
    spans: list[tuple[int, int]] = []
    opened = -1
    position = start
    while len(spans) < MAX_PARTS:
        at = raw.find(delimiter, position, end)
        if at < 0:
            break
        after = at + len(delimiter)
        line_end = raw.find(b"\n", after, end)
        line_end = end if line_end < 0 else line_end + 1
        if at != start and raw[at - 1 : at] not in (b"\n", b"\r"):
            position = after
            continue
        rest = raw[after : min(line_end, after + 80)].strip()
        closes = rest.startswith(b"--")
        if rest and not closes:
            position = after  # another boundary that begins like this one
            continue
        if opened >= 0:
            last = at - 1 if at > opened and raw[at - 1 : at] in (b"\n", b"\r") else at
            if last > opened and raw[last - 1 : last + 1] == b"\r\n":
                last -= 1
            spans.append((opened, max(opened, last)))
        opened = -1 if closes else line_end
        position = line_end
        if closes:
            break
    if opened >= 0 and opened < end:
        spans.append((opened, end))
    return spans


def _encoding(raw: bytes) -> str:
    text = raw.decode("ascii", "replace").strip().lower()
    return re.split(r"[\s;(]", text, maxsplit=1)[0].strip("\"'") if text else ""


def _content_id(raw: bytes) -> str:
    text = clean(decode_words(raw.decode("utf-8", "replace")))
    match = re.search(r"<([^<>]*)>", text)
    return (match[1] if match else text).strip()
