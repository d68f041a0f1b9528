"""Address lists in headers (RFC 5322, 3.4), with their obsolete and broken forms. Never raises."""

from __future__ import annotations

import re
from collections.abc import Iterator

from martlet.mail.message import Address
from martlet.mime.words import clean, decode_words, raw_text

_ADDR = r"[^\s<>()\[\]\\,;:\"@]+@[^\s<>()\[\]\\,;:\"@]+"
_SIMPLE = re.compile(rf"\s*(?:\"([^\"\\=\n\r]*)\"|([\w .'/&+-]*?))\s*<({_ADDR})>\s*", re.ASCII)
_BARE = re.compile(rf"\s*({_ADDR})\s*", re.ASCII)
_TOKEN = re.compile(
    r"(?P<quoted>\"(?:[^\"\\]|\\.)*\")"
    r"|(?P<word>=\?[A-Za-z0-9_.:+*-]{1,60}\?[bBqQ]\?[^?]*\?=)"
    r"|(?P<angle><(?:\"(?:[^\"\\]|\\.)*\"|[^<>\"]|\"(?=[^\"<>]*>))*>?)"
    r"|(?P<literal>\[[^\[\]\s]*\])"
    r"|(?P<space>\s+)"
    r"|(?P<sign>[,;:(])"
    r"|(?P<atom>[^\s\",;:<(\[=]+|.)",
    re.DOTALL,
)
_QUOTED_LOCAL = re.compile(r"(.*?)(\"(?:[^\"\\]|\\.)*\"@[^\s\"]+)", re.DOTALL)
_COMMENT_END = re.compile(r"\\.|[()]", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_ROUTE = re.compile(r"\s*@[^<>:]*:")
# A list longer than this is an attack; people stop reading long before.
_MAX = 1 << 20


def parse_addresses(raw: bytes) -> tuple[Address, ...]:
    """The mailboxes of a From, To, Cc ... field in order, groups flattened, names decoded.

    What has no @ comes back as it stands in `address`; nothing is checked.
    """
    text = raw_text(raw[:_MAX])
    match = _SIMPLE.fullmatch(text)
    if match:
        return (Address(clean(match[1] or match[2] or ""), match[3]),)
    match = _BARE.fullmatch(text)
    if match:
        return (Address("", match[1]),)
    return tuple(_mailboxes(text))


def _mailboxes(text: str) -> Iterator[Address]:
    entry = _Entry()
    position, size = 0, len(text)
    open_comment = open_quote = False
    while position < size:
        if open_quote and text[position] == '"':
            position += 1
            continue
        match = _TOKEN.match(text, position)
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
            entry = _Entry()
        elif kind == "sign" and token == ":" and not entry.angle and "@" not in entry.plain():
            # The name of a group (RFC 5322, 3.4), or a route; only members are people
            entry = _Entry()
        elif kind == "angle":
            if entry.angle:  # a comma was forgotten
                after = entry.phrase[entry.before :]
                del entry.phrase[entry.before :]
                yield from entry.taken()
                entry = _Entry()
                entry.phrase = after
            entry.angle = token
            entry.before = len(entry.phrase)
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

    __slots__ = ("angle", "before", "comments", "phrase")

    def __init__(self) -> None:
        self.phrase: list[tuple[str, str]] = []
        self.comments: list[str] = []
        self.angle = ""
        self.before = 0  # words of the phrase that stood before the angle bracket

    def plain(self) -> str:
        return "".join(token for _, token in self.phrase).strip()

    def name(self) -> str:
        words: list[str] = []
        for kind, token in self.phrase:
            words.append(_unquoted(token) if kind == "quoted" else token)
        return _name("".join(words))

    def comment(self) -> str:
        return _name(" ".join(self.comments))

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
            if "<" in inner:
                yield from parse_addresses(inner.encode("utf-8", "replace"))
                return
            yield Address(self.comment(), _addr_spec(inner))
            return
        match = _QUOTED_LOCAL.fullmatch(text)
        if match:
            yield Address(_name(match[1]) or self.comment(), _addr_spec(match[2]))
            return
        words = re.sub(r"\s*([@.])\s*", r"\1", text).split()
        at = next(i for i in range(len(words) - 1, -1, -1) if "@" in words[i])
        rest = " ".join(words[:at] + words[at + 1 :])
        yield Address(_name(rest.replace('"', "")) or self.comment(), _addr_spec(words[at]))


def _unquoted(text: str) -> str:
    if len(text) >= 2 and text[0] == text[-1] == '"':
        text = text[1:-1]
    return _ESCAPED.sub(r"\1", text) if "\\" in text else text


def _name(text: str) -> str:
    name = clean(decode_words(text))
    if "  " in name:
        name = " ".join(name.split())
    if len(name) >= 2 and name[0] == name[-1] and name[0] in "\"'":
        name = name[1:-1].strip()
    return name


def _addr_spec(text: str) -> str:
    # Encoded words have no meaning here (RFC 2047, 5); decoding them helps to spoof senders.
    route = _ROUTE.match(text)
    text = text[route.end() :] if route else text
    if "(" in text and '"' not in text:
        text = re.sub(r"\([^()]*\)", "", text)
    text = clean(text)
    if '"' not in text:
        text = "".join(text.split())
    return text.removeprefix("mailto:") if text.startswith("mailto:") else text
