"""The parts of a message from its BODYSTRUCTURE (RFC 9051, 7.5.2), as far as it can be believed.

    part      = "(" 1*part subtype [params dsp lang loc] ")"                      multipart
              / "(" type subtype params id desc enc size [envelope part lines | lines] [md5
                    params-of-disposition lang loc] ")"
Seen and borne with: "()" and NIL where parts should be (Yandex, GMX), NIL for types and encodings
(Domino), sizes in quotes, fields left out so that the rest moves up (Exchange), no extension data,
message/rfc822 without envelope and body, names with unescaped quotes that become more fields.
A part that cannot be read keeps its number, so that those after it are not mistaken for it.
"""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from urllib.parse import unquote_to_bytes

from martlet.mail.errors import BadServer
from martlet.mail.sync import BodyPart
from martlet.net import charsets
from martlet.net.imap_cursor import Structure, Value, values
from martlet.net.words import server_words

PARTS_LIMIT = 5_000
VALUE_SIZE = 4096  # bytes of a parameter's value; what is beyond is left out
_ENCODINGS = frozenset((b"7bit", b"8bit", b"binary", b"base64", b"quoted-printable"))
_MULTIPART = frozenset((b"mixed", b"alternative", b"related", b"digest", b"signed", b"report"))
_TOKEN = re.compile(r"[a-z0-9!#$&^_.+-]{1,80}")
_WORD = re.compile(r"=\?([^?\s]{1,40})\?([bBqQ])\?([^?]*)\?=")
_BETWEEN = re.compile(r"(\?=)\s+(?==\?)")


def skeleton(structure: Structure) -> BodyPart | None:
    """The message's parts, or None when the structure is of no use. Never raises."""
    try:
        found = values(structure)
    except BadServer:
        return None
    if not found or not isinstance(found[0], list) or not found[0]:
        return None
    count = [0]
    part = _part(found[0], "", count)
    return part if count[0] <= PARTS_LIMIT else None


def _part(value: Value, section: str, count: list[int]) -> BodyPart:
    """A part; section: its number, "" for the message's own body."""
    count[0] += 1
    if count[0] > PARTS_LIMIT or not isinstance(value, list) or not value:
        return BodyPart(section or "1", "application/octet-stream")
    first, second = value[0], value[1] if len(value) > 1 else None
    if isinstance(first, list) or (first is None and _lower(second) in _MULTIPART):
        return _multipart(value, section, count)
    return _single(value, section or "1", count)


def _multipart(value: list[Value], section: str, count: list[int]) -> BodyPart:
    end = next((i for i, item in enumerate(value) if isinstance(item, bytes)), len(value))
    prefix = f"{section.removesuffix('.TEXT')}." if section else ""
    # A NIL in the place of the only part stands for no parts.
    children = [] if value[:end] == [None] else value[:end]
    parts = tuple(
        _part(child, f"{prefix}{number}", count) for number, child in enumerate(children, start=1)
    )
    rest = value[end:]
    parameters = _parameters(rest[1] if len(rest) > 1 else None)
    disposition, told = _disposition(rest[2:])
    return BodyPart(
        section,
        f"multipart/{_token(rest[0] if rest else None, 'mixed')}",
        parameters,
        disposition=disposition,
        filename=_filename(told, parameters),
        children=parts,
    )


def _single(value: list[Value], section: str, count: list[int]) -> BodyPart:
    kind = _token(value[0], "text" if len(value) > 1 and _lower(value[1]) == b"plain" else "")
    kind = kind or "application"
    subtype = _token(value[1] if len(value) > 1 else None, "octet-stream")
    rest = value[2:]
    parameters: dict[str, str] = {}
    if rest and isinstance(rest[0], list):
        parameters = _parameters(rest[0])
    place = next((i for i, item in enumerate(rest[:6]) if _lower(item) in _ENCODINGS), 3)
    encoding = _lower(rest[place] if len(rest) > place else None)
    size = rest[place + 1] if len(rest) > place + 1 else None
    identifier = rest[1] if place >= 3 and len(rest) > 1 else None
    disposition, told = _disposition(rest[place + 2 :])
    children: tuple[BodyPart, ...] = ()
    if (kind, subtype) in (("message", "rfc822"), ("message", "global")):
        children = _inside(rest[place + 2 :], section, count)
    return BodyPart(
        section,
        f"{kind}/{subtype}",
        parameters,
        encoding=encoding.decode("ascii", "replace")[:40],
        size=int(size) if isinstance(size, bytes) and size.isdigit() and len(size) <= 15 else 0,
        content_id=server_words(identifier, 255) if isinstance(identifier, bytes) else "",
        disposition=disposition,
        filename=_filename(told, parameters),
        children=children,
    )


def _inside(rest: list[Value], section: str, count: list[int]) -> tuple[BodyPart, ...]:
    """The message in a message: an envelope, which begins with a date, then its body."""
    if len(rest) < 2 or not isinstance(rest[0], list) or not isinstance(rest[1], list):
        return ()
    body = rest[1]
    many = bool(body) and isinstance(body[0], list)
    return (_part(body, f"{section}.TEXT" if many else f"{section}.1", count),)


def _disposition(rest: list[Value]) -> tuple[str, dict[str, str]]:
    """The disposition and its parameters; where it stands depends on what was left out."""
    for item in rest:
        if isinstance(item, list) and len(item) in (1, 2) and isinstance(item[0], bytes):
            told = item[1] if len(item) == 2 else None
            if told is None or isinstance(told, list):
                return _token(item[0], ""), _parameters(told)
        elif _lower(item) in (b"attachment", b"inline"):
            return _token(item, ""), {}
    return "", {}


def _parameters(value: Value) -> dict[str, str]:
    found: dict[str, str] = {}
    items = value if isinstance(value, list) else []
    for name, said in zip(items[::2], items[1::2], strict=False):
        if isinstance(name, bytes) and isinstance(said, bytes):
            found.setdefault(_text(name[:80]).lower(), _text(said[:VALUE_SIZE]))
    return found


def _filename(disposition: dict[str, str], parameters: dict[str, str]) -> str:
    name = _joined(disposition, "filename") or _joined(parameters, "name")
    return server_words(name, 255)


def _joined(parameters: dict[str, str], name: str) -> str:
    """A parameter's value, put together and decoded (RFC 2231, RFC 2047)."""
    if plain := parameters.get(name + "*"):
        return _unescaped([(plain, True)])
    pieces: list[tuple[str, bool]] = []
    while len(pieces) < 100:
        key = f"{name}*{len(pieces)}"
        if key + "*" in parameters:
            pieces.append((parameters[key + "*"], True))
        elif key in parameters:
            pieces.append((parameters[key], False))
        else:
            break
    if pieces:
        return _unescaped(pieces)
    plain = parameters.get(name, "")
    return _WORD.sub(_decoded_word, _BETWEEN.sub(r"\1", plain)) if "=?" in plain else plain


def _unescaped(pieces: list[tuple[str, bool]]) -> str:
    """charset'language'percent-encoded, the charset in the first piece only."""
    charset = "utf-8"
    raw = b""
    for place, (text, escaped) in enumerate(pieces):
        if escaped and not place and text.count("'") >= 2:
            charset, _, text = text.split("'", 2)
        raw += unquote_to_bytes(text) if escaped else text.encode("utf-8", "replace")
    return charsets.read(raw, charset)


def _decoded_word(word: re.Match[str]) -> str:
    charset, how, text = word[1].partition("*")[0], word[2].lower(), word[3]
    raw = text.encode("ascii", "replace")
    try:
        if how == "b":
            return charsets.read(
                base64.b64decode(raw + b"=" * (-len(raw) % 4), validate=True), charset
            )
        return charsets.read(quopri.decodestring(raw, header=True), charset)
    except (binascii.Error, ValueError):
        return word[0]


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _token(value: Value, otherwise: str) -> str:
    word = _text(value).strip().lower() if isinstance(value, bytes) else ""
    return word if _TOKEN.fullmatch(word) else otherwise


def _lower(value: Value) -> bytes:
    return value.lower() if isinstance(value, bytes) else b""
