"""One entity of a message: what its head says of it, and its body, decoded when asked.

What is read later is the same whoever asks for what first, and from whatever thread: bodies and
files inside are made of bytes that do not change, and how many parts an attached message may have
was settled with the message it is in. Cutting a message into entities is `parse`'s.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from martlet.mime.charset import codecs_for, is_charset, read, read_as
from martlet.mime.cutting import begins_like_a_head
from martlet.mime.headers import Headers
from martlet.mime.parameters import parse_parameters
from martlet.mime.transfer import decode_body, decoded_size, is_no_base64
from martlet.mime.unpack import is_marked, may_hold, unpack
from martlet.mime.words import clean, decode_words

MAX_DEPTH = 40
# Of a message inside a file that was unpacked: those are few, and made by programs.
_ROOM_IN_FILE = 1_000
_MAX_NAME = 1_000

_META_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE
)
_TOKEN = re.compile(r"[^\s/]+/[^\s/]+\Z")
_ENCODED = frozenset({"base64", "quoted-printable", "x-uuencode", "uuencode", "x-uue", "uue"})
_TEXTS = frozenset({"text/plain", "text/html", "text/enriched", "text/richtext", "text/markdown"})
EMBEDS = frozenset({"message/rfc822", "message/global", "message/news"})

# Reads the message that lies in a part: its bytes, from where, to where.
ReadInside = Callable[["Part", bytes, int, int], "Message"]

_NOT_AS_IT_SAYS = "A text is not encoded as it says; it is shown as it stands there."


class Part:
    """One entity. path: as IMAP counts; "" for a multipart that is the whole message. room: how
    many parts the message in it may have, with all that are attached to that one.
    """

    __slots__ = (
        "_decoded", "_embedded", "_raw", "_read_as", "_read_inside", "_unpacked", "body_end",
        "body_start", "charset", "children", "content_id", "content_type", "depth", "disposition",
        "encoding", "filename", "headers", "parameters", "path", "room",
    )  # fmt: skip

    def __init__(
        self,
        raw: bytes,
        headers: Headers,
        start: int,
        end: int,
        path: str,
        default: str,
        depth: int,
        read_inside: ReadInside,
    ) -> None:
        self._raw = raw
        self._read_inside = read_inside
        self.headers = headers
        self.body_start = start
        self.body_end = end
        self.path = path
        self.depth = depth
        self.room = 0
        self.children: list[Part] = []
        self._unpacked: tuple[tuple[Part, ...], tuple[str, ...]] | None = None
        self._embedded: Message | None = None
        self._decoded: bytes | None = None
        self._read_as: str | None = None
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
        """The message inside a message/rfc822 part (RFC 2046, 5.2.1); None for other parts, and
        where no more parts may be made."""
        if self.content_type not in EMBEDS or self.room <= 0:
            return None
        if self._embedded is None:
            raw, start, end = self._raw, self.body_start, self.body_end
            encoded = self.encoding in _ENCODED and not begins_like_a_head(raw, start, end)
            if encoded or self._decoded is not None:
                raw = self.data()
                start, end = 0, len(raw)
            self._embedded = self._read_inside(self, raw, start, end)
        return self._embedded

    @property
    def unpacked(self) -> tuple[Part, ...]:
        """Files inside its text or container, as parts of their own (paths "1.u1", "1.u2" ...)."""
        return self._opened()[0]

    @property
    def unpack_problems(self) -> tuple[str, ...]:
        """What is wrong with what `unpacked` gives; sentences, English."""
        return self._opened()[1]

    def _opened(self) -> tuple[tuple[Part, ...], tuple[str, ...]]:
        if self._unpacked is None:
            self._unpacked = self._unpack()
        return self._unpacked

    def _unpack(self) -> tuple[tuple[Part, ...], tuple[str, ...]]:
        if self._decoded is not None or not may_hold(self.content_type, self.filename):
            return (), ()
        text = self.content_type == "text/plain"
        if text and not is_marked(self._raw, self.body_start, self.body_end, self.encoding):
            return (), ()
        found = unpack(self.content_type, self.data())
        # What a container says of its own text is known, whatever the rest is to be read as
        said = self.headers.charset if text else ""
        parts: list[Part] = []
        for number, file in enumerate(found.files, 1):
            inner = Part(
                b"", Headers([], said), 0, 0, f"{self.path}.u{number}", file.content_type,
                self.depth + 1, self._read_inside,
            )  # fmt: skip
            inner.filename, inner.content_id = file.name, file.content_id
            inner.charset = file.charset
            inner.disposition = "inline" if file.body else "attachment"
            inner.room = _ROOM_IN_FILE if inner.depth < MAX_DEPTH else 0
            inner._decoded = file.data
            parts.append(inner)
        return tuple(parts), found.problems

    @property
    def size(self) -> int:
        """Bytes of the decoded body; counted from the encoded ones where they are regular."""
        if self._decoded is not None:
            return len(self._decoded)
        return decoded_size(self._raw, self.body_start, self.body_end, self.encoding)

    def body(self) -> bytes:
        """The body as transferred."""
        return self._raw[self.body_start : self.body_end]

    def data(self) -> bytes:
        """The decoded body."""
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
        encoding = "" if self._is_no_base64() else self.encoding
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

    @property
    def text_problem(self) -> str:
        """What is wrong with how `text` is encoded; a sentence, English, or ""."""
        return _NOT_AS_IT_SAYS if self._is_no_base64() else ""

    def _is_no_base64(self) -> bool:
        return (
            self.encoding == "base64"
            and self._decoded is None
            and is_no_base64(self._raw, self.body_start, self.body_end)
        )

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
    """A parsed message. root: the top part. problems: what could not be cut, and why; sentences,
    English; attached messages have their own."""

    __slots__ = ("_end", "_raw", "_start", "headers", "problems", "root")

    def __init__(
        self, raw: bytes, start: int, end: int, root: Part, problems: tuple[str, ...]
    ) -> None:
        self._raw = raw
        self._start = start
        self._end = end
        self.problems = problems
        self.root = root
        self.headers = root.headers

    @property
    def raw(self) -> bytes:
        """Its bytes; of an attached message a copy."""
        return self._raw[self._start : self._end]

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
                if part.content_type in EMBEDS:
                    embedding = part
        if embedding is not None and embedding.embedded is not None:
            return embedding.embedded.part(path)
        return None


def _encoding(raw: bytes) -> str:
    text = raw.decode("ascii", "replace").strip().lower()
    return re.split(r"[\s;(]", text, maxsplit=1)[0].strip("\"'") if text else ""


def _content_id(raw: bytes) -> str:
    text = clean(decode_words(raw.decode("utf-8", "replace")))
    match = re.search(r"<([^<>]*)>", text)
    return (match[1] if match else text).strip()
