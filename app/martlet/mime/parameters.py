"""Content-Type and Content-Disposition: value and parameters (RFC 2045, 2231)."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from martlet.mime.charset import decode
from martlet.mime.words import clean, decode_words, raw_text

# A quoted value may hold stray quotes; it ends at a quote that a semicolon or the end follows.
_PARAMETER = re.compile(
    r"""\s*(?P<name>[^\s=;"]+)\s*=\s*
        (?:"(?P<quoted>(?:[^"\\]|\\.)*)"(?=\s*(?:;|$|\())
          |"(?P<torn>[^;]*?)"?\s*(?=;|$)
          |(?P<plain>[^;]*))""",
    re.VERBOSE | re.DOTALL,
)
_COMMENT = re.compile(r"\([^()\"]*\)")
_ESCAPED = re.compile(r'\\(["\\])')
_SECTION = re.compile(r"(.+?)\*(\d{1,4})(\*?)\Z")
_NO_SEMICOLON = re.compile(r"\s*([\w.+-]+/[\w.+-]+)\s+[\w*-]+\s*=")
_MAX = 65536
_MAX_PARAMETERS = 200


def parse_parameters(raw: bytes) -> tuple[str, dict[str, str]]:
    """The value (lower case) and its parameters (names lower case, values decoded)."""
    value, items = _parsed(bytes(raw)) if len(raw) < 300 else _parse(raw)
    return value, dict(items)


def _parse(raw: bytes) -> tuple[str, tuple[tuple[str, str], ...]]:
    text = raw_text(raw[:_MAX])
    if "\n" in text or "\r" in text:
        text = re.sub(r"\r?[\n\r]", " ", text)
    head, _, rest = text.partition(";")
    if "=" in head and "/" not in head.partition("=")[0]:
        head, rest = "", text  # "Content-Type: name=x": the value was forgotten
    if "=" in head:
        # "multipart/mixed boundary=x": the semicolon was forgotten
        match = _NO_SEMICOLON.match(head)
        if match:
            rest = text[match.end(1) :]
            head = match[1]
    value = clean(_COMMENT.sub("", head)).lower().strip("\"' ")
    if not rest:
        return value, ()
    found: dict[str, str] = {}
    sections: dict[str, list[tuple[int, bool, str]]] = {}
    for name, written, quoted in _items(rest):
        match = _SECTION.match(name)
        if match:
            sections.setdefault(match[1], []).append((int(match[2]), match[3] == "*", written))
        elif name.endswith("*"):
            sections.setdefault(name[:-1], []).insert(0, (-1, True, written))
        elif name not in found:
            found[name] = written if quoted else _COMMENT.sub("", written).strip() or written
    values = {name: clean(decode_words(text)) for name, text in found.items()}
    for name, parts in sections.items():
        joined = _joined(parts)
        if joined:
            values[name] = joined
    return value, tuple(values.items())


_parsed = lru_cache(maxsize=2048)(_parse)


def _items(rest: str) -> list[tuple[str, str, bool]]:
    items: list[tuple[str, str, bool]] = []
    position = 0
    while position < len(rest) and len(items) < _MAX_PARAMETERS:
        match = _PARAMETER.match(rest, position)
        if match is None:
            semicolon = rest.find(";", position)
            if semicolon < 0:
                break
            position = semicolon + 1
            continue
        quoted = match["quoted"]
        if quoted is not None:
            items.append((match["name"].lower(), _ESCAPED.sub(r"\1", quoted), True))
        else:
            plain = match["torn"] if match["torn"] is not None else match["plain"]
            items.append((match["name"].lower(), plain.strip(), match["torn"] is not None))
        semicolon = rest.find(";", match.end())
        position = semicolon + 1 if semicolon >= 0 else len(rest)
    return items


def _joined(parts: list[tuple[int, bool, str]]) -> str:
    """RFC 2231, 3 and 4: sections in order; the first extended one names the charset."""
    parts = sorted(parts, key=lambda p: p[0])
    if parts[0][0] == -1:  # name*= says it all, whatever else there is
        parts = parts[:1]
    charset, first, out = "", True, b""
    words = ""
    for _, extended, text in parts:
        if extended:
            if first and text.count("'") >= 2:
                charset, _, text = text.split("'", 2)
            out += unquote_to_bytes(text.encode("utf-8", "replace"))
        else:
            out += text.encode("utf-8", "replace")
            words += text
        first = False
    if words and not charset and "=?" in words:
        return clean(decode_words(words))
    return clean(decode(out, charset))
