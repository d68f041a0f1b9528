"""Content-Type and Content-Disposition: value and parameters (RFC 2045, 2231)."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from martlet.mime.charset import codecs_for, is_charset
from martlet.mime.charset_chosen import read_labelled
from martlet.mime.words import clean, decode_words, raw_text

# A quoted value may hold stray quotes; it ends at a quote that a semicolon, the end or another
# parameter follows. Nothing here goes back over what it has passed, or hostile text takes hours.
_PARAMETER = re.compile(
    r"""\s*+(?P<name>[^\s=;"]++)\s*+=\s*+
        (?:"(?P<quoted>(?:[^"\\]|\\.)*+)"(?=\s*+(?:;|\Z|\())
          |"(?P<first>(?:[^"\\]|\\.)*+)"(?=\s++[A-Za-z][\w-]{0,40}+(?:\*\d*+\*?)?=)
          |"(?P<torn>[^;]*+)
          |(?P<plain>[^;]*+))""",
    re.VERBOSE | re.DOTALL,
)
_FOLD = re.compile(r"\r?[\n\r](?=[ \t])")
_COMMENT = re.compile(r"\([^()\"]*\)")
_ESCAPED = re.compile(r'\\(["\\])')
_SECTION = re.compile(r"(.+?)\*(\d{1,4})(\*?)\Z")
_NO_SEMICOLON = re.compile(r"\s*([\w.+-]+/[\w.+-]+)\s+[\w*-]+\s*=")
# Of a charset nobody knows, or one that says nothing, and a language.
_LABEL = re.compile(r"(?:us-ascii|x-[\w-]{2,40}|unknown[\w-]{0,20})'[A-Za-z-]*", re.IGNORECASE)
_MAX = 65536
_MAX_PARAMETERS = 200


def parse_parameters(raw: bytes, charset: str = "") -> tuple[str, dict[str, str]]:
    """The value (lower case) and its parameters (names lower case, values decoded).

    charset: what a person says raw 8-bit text is in, or "".
    """
    value, items = _parsed(bytes(raw), charset) if len(raw) < 300 else _parse(raw, charset)
    return value, dict(items)


def _parse(raw: bytes, charset: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    text = raw_text(raw[:_MAX], charset)
    if "\n" in text or "\r" in text:
        text = _FOLD.sub("", text).replace("\n", " ").replace("\r", " ")
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
            sections.setdefault(name[:-1], []).append((-1, True, written))
        elif name not in found:
            found[name] = written if quoted else _COMMENT.sub("", written).strip() or written
    values = {name: clean(decode_words(text, charset)) for name, text in found.items()}
    for name, parts in sections.items():
        joined = _joined(parts, charset)
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
        name = match["name"].lower()
        position = match.end()
        if match["quoted"] is not None:
            items.append((name, _ESCAPED.sub(r"\1", match["quoted"]), True))
        elif match["first"] is not None:
            items.append((name, _ESCAPED.sub(r"\1", match["first"]), True))
            continue  # a semicolon was forgotten
        elif match["torn"] is not None:
            items.append((name, match["torn"].rstrip().removesuffix('"').strip(), True))
        else:
            items.append((name, match["plain"].strip(), False))
        semicolon = rest.find(";", position)
        position = semicolon + 1 if semicolon >= 0 else len(rest)
    return items


def _joined(parts: list[tuple[int, bool, str]], said: str) -> str:
    """RFC 2231, 3 and 4: sections in order; the first extended one names the charset.

    Of two with one number the first counts; what is missing leaves no gap.
    """
    parts = sorted(parts, key=lambda p: p[0])
    if parts[0][0] == -1:  # name*= says it all, whatever else there is
        parts = parts[:1]
    charset, last, out = "", -2, b""
    words = ""
    for number, extended, text in parts:
        if number == last:
            continue
        if extended and not charset:
            charset, text = _charset_of(text)
        last = number
        words += "" if extended else text
        raw = text.encode("utf-8", "replace")
        out += unquote_to_bytes(raw) if extended else raw
    if "=?" in words and not charset:
        return clean(decode_words(words, said))
    text = clean(read_labelled(out, charset, said))
    # Some encode twice
    return clean(decode_words(text, said)) if text.startswith("=?") else text


def _charset_of(text: str) -> tuple[str, str]:
    """The charset that an extended value begins with, and the value (RFC 2231, 4)."""
    charset, _, rest = text.partition("'")
    language, second, value = rest.partition("'")
    known = not charset or codecs_for(charset) != ()
    if second and len(language) < 40 and (known or _LABEL.fullmatch(f"{charset}'{language}")):
        return charset, value
    # Nothing is said of the charset; or the language was forgotten, with its quote
    return (charset, rest) if is_charset(charset) else ("", text)
