"""Address lists in headers (RFC 5322, 3.4), with their obsolete and broken forms. Never raises."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from martlet.mail.message import Address
from martlet.mime.words import clean, decode_words, raw_text

# Nothing here goes back over what it has passed, or hostile lists take hours.
_ADDR = r"[^\s<>()\[\]\\,;:\"@]++@[^\s<>()\[\]\\,;:\"@]++"
_SIMPLE = re.compile(
    rf"\s*+(?:\"([^\"\\=\n\r]*+)\"|((?:[\w.'/&+-]++ ?)*+))\s*+<({_ADDR})>\s*+", re.ASCII
)
_BARE = re.compile(rf"\s*+({_ADDR})\s*+", re.ASCII)
_QUOTED = r"\"(?:[^\"\\]|\\.)*+\""
_PLAIN_TOKENS = (
    r"|(?P<word>=\?[A-Za-z0-9_.:+*-]{1,60}\?[bBqQ]\?[^?]*+\?=)"
    r"|(?P<literal>\[[^\[\]\s]*+\])"
    r"|(?P<space>\s++)"
    r"|(?P<sign>[,;:(])"
    r"|(?P<atom>[^\s\",;:<(\[=]++|.)"
)
_TOKEN = re.compile(
    rf"(?P<quoted>{_QUOTED})"
    rf"|(?P<angle><(?:{_QUOTED}|[^<>\"]|\"(?=[^\"<>]*+>))*+>?)" + _PLAIN_TOKENS,
    re.DOTALL,
)
# After a quote that nothing closes: a quote is a character like any other.
_TOKEN_OPEN = re.compile(r"(?P<angle><[^<>\"]*+>?)" + _PLAIN_TOKENS, re.DOTALL)
_COMMENT_END = re.compile(r"\\.|[()]", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_ROUTE = re.compile(r"\s*@[^<>:]*:")
_AROUND = re.compile(r" ?([@.]) ?")
# A list longer than this is an attack; people stop reading long before.
MAX_LIST = 1 << 20
MAX_PEOPLE = 30_000
_MAX_ENTRIES = 2 * MAX_PEOPLE
# What one entry between two commas may have; RFC 5321, 4.5.3.1 allows an address 254 characters.
_MAX_ENTRY = 4_000
_MAX_NAME = 1_000


def parse_addresses(raw: bytes, charset: str = "") -> tuple[Address, ...]:
    """The mailboxes of a From, To, Cc ... field in order, groups flattened, names decoded.

    What has no @ comes back as it stands in `address`; nothing is checked. charset: what a person
    says raw 8-bit text is in, or "". Of more than `MAX_LIST` bytes or `MAX_PEOPLE` the rest is not
    read.
    """
    text = raw_text(raw[:MAX_LIST], charset)
    match = _SIMPLE.fullmatch(text)
    if match and match[3].isprintable():
        name = clean(match[1] or match[2] or "")[:_MAX_NAME]
        return (Address(name, match[3][:_MAX_ENTRY]),)
    match = _BARE.fullmatch(text)
    if match and match[1].isprintable():
        return (Address("", match[1][:_MAX_ENTRY]),)
    return tuple(islice(_mailboxes(text, charset), MAX_PEOPLE))


def _mailboxes(text: str, charset: str, inner: bool = False) -> Iterator[Address]:
    entry = _Entry(charset, inner)
    entries = 0
    position, size = 0, len(text)
    open_comment = open_quote = False
    while position < size and entries < _MAX_ENTRIES:
        if open_quote and text[position] == '"':
            position += 1
            continue
        match = (_TOKEN_OPEN if open_quote else _TOKEN).match(text, position)
        if match is None:
            break
        kind, token = match.lastgroup, match[0]
        position = match.end()
        if kind == "sign" and token == "(" and not open_comment:
            end = _comment_end(text, position)
            if end < 0:
                open_comment = True
                entry.phrase.append(("atom", token))
                continue
            entry.comments.append(text[position : end - 1])
            position = end
        elif kind == "sign" and token in ",;":
            yield from entry.taken()
            entries += 1
            entry = _Entry(charset, inner)
        elif kind == "sign" and token == ":" and not entry.angle and not entry.has_at():
            # The name of a group (RFC 5322, 3.4), or a route; only members are people
            entry = _Entry(charset, inner)
        elif kind == "angle":
            if entry.angle:  # a comma was forgotten
                after = entry.phrase[entry.before :]
                del entry.phrase[entry.before :]
                yield from entry.taken()
                entries += 1
                entry = _Entry(charset, inner)
                entry.phrase = after
            entry.angle = token
            entry.before = len(entry.phrase)
            # It ends before a quote only where nothing closes that quote
            if text.startswith('"', position) and not token.endswith(">"):
                open_quote = True
        elif kind == "atom" and token == '"':
            open_quote = True
        else:
            entry.phrase.append((kind or "atom", token))
    yield from entry.taken()


def _comment_end(text: str, position: int) -> int:
    depth = 1
    for match in _COMMENT_END.finditer(text, position):
        if match[0] == "(":
            depth += 1
        elif match[0] == ")":
            depth -= 1
            if not depth:
                return match.end()
    return -1


class _Entry:
    """What stands between two commas."""

    __slots__ = ("_at", "_charset", "_inner", "_looked_at", "angle", "before", "comments", "phrase")

    def __init__(self, charset: str, inner: bool) -> None:
        self._charset = charset
        self._inner = inner  # it stood between quotes
        self._at = False
        self._looked_at = 0
        self.phrase: list[tuple[str, str]] = []
        self.comments: list[str] = []
        self.angle = ""
        self.before = 0  # words of the phrase that stood before the angle bracket

    def plain(self) -> str:
        return "".join(token for _, token in self.phrase[:_MAX_ENTRY]).strip()[:_MAX_ENTRY]

    def has_at(self) -> bool:
        """Whether the phrase holds an @; it only grows."""
        self._at = self._at or any("@" in token for _, token in self.phrase[self._looked_at :])
        self._looked_at = len(self.phrase)
        return self._at

    def name(self) -> str:
        words: list[str] = []
        for kind, token in self.phrase[:_MAX_ENTRY]:
            words.append(_unquoted(token) if kind == "quoted" else token)
        return _name("".join(words), self._charset)

    def comment(self) -> str:
        return _name(" ".join(self.comments[:_MAX_ENTRY]), self._charset)

    def taken(self) -> Iterator[Address]:
        if self.angle:
            address = _addr_spec(self.angle.strip("<>"))
            name = self.name() or self.comment()
            if address or name:
                yield Address(name, address)
            return
        text = self.plain()
        if not text:
            return
        if "@" not in text and " " not in text:
            yield Address(self.comment(), clean(_unquoted(text)))
            return
        if "@" not in text:
            yield Address(self.name(), "")
            return
        if text.startswith('"') and text.endswith('"') and "@" in text[1:-1]:
            inner = _unquoted(text)
            if "<" in inner and not self._inner:
                yield from _mailboxes(inner, self._charset, inner=True)
                return
            yield Address(self.comment(), _addr_spec(inner))
            return
        name, address = self._quoted_local()
        if not address:
            words = _AROUND.sub(r"\1", " ".join(text.split())).split()
            at = next(i for i in range(len(words) - 1, -1, -1) if "@" in words[i])
            name = " ".join(words[:at] + words[at + 1 :]).replace('"', "")
            address = words[at]
        yield Address(_name(name, self._charset) or self.comment(), _addr_spec(address))

    def _quoted_local(self) -> tuple[str, str]:
        """What stands before `"local part"@domain`, and that, if the phrase ends in it."""
        phrase = self.phrase[:_MAX_ENTRY]
        for start in range(len(phrase) - 2, -1, -1):
            kind = phrase[start][0]
            if kind == "quoted" and phrase[start + 1][1].startswith("@"):
                texts = [token for _, token in phrase]
                return "".join(texts[:start]), "".join(texts[start:])
            if kind in ("quoted", "space"):
                break
        return "", ""


def _unquoted(text: str) -> str:
    if len(text) >= 2 and text[0] == text[-1] == '"':
        text = text[1:-1]
    return _ESCAPED.sub(r"\1", text) if "\\" in text else text


def _name(text: str, charset: str) -> str:
    name = clean(decode_words(text, charset))[:_MAX_NAME]
    if "  " in name:
        name = " ".join(name.split())
    if len(name) >= 2 and name[0] == name[-1] and name[0] in "\"'":
        name = name[1:-1].strip()
    return name


def _addr_spec(text: str) -> str:
    # Encoded words have no meaning here (RFC 2047, 5); decoding them helps to spoof senders.
    text = text[:_MAX_ENTRY]
    route = _ROUTE.match(text)
    text = text[route.end() :] if route else text
    if "(" in text and '"' not in text:
        text = re.sub(r"\([^()]*\)", "", text)
    text = clean(text)
    if '"' not in text:
        text = "".join(text.split())
    return text.removeprefix("mailto:") if text.startswith("mailto:") else text
