"""What people type and paste: lists of recipients. Reads tolerantly; `right_address` judges.

Read are any usual separators, "Name <a@b>", "a@b (Name)", mailto:, groups (RFC 5322, 3.4: their
members), and columns of a table that have names beside addresses. Headers of received mail are
another matter and read by `mime.headers`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from martlet.mail.message import Address
from martlet.mail.right_address import is_address, is_host
from martlet.mail.typed_columns import columns
from martlet.mail.visible import visible

__all__ = ["Typed", "is_address", "is_host", "parse_typed", "read_typed"]

# What one presses for "@", "<" and "." while Chinese or Japanese is typed.
_WIDE = str.maketrans({"＠": "@", "＜": "<", "＞": ">", "〈": "<", "〉": ">", "．": "."})
_TOKEN = re.compile(r'["<>:：,;\n\r\t，；、]|[^"<>:：,;\n\r\t，；、]+')
_SEPARATORS = frozenset(",;\n\r\t，；、")
_COMMAS = frozenset(",，")
_NO_GROUP = frozenset({"mailto", "ipv6"})
_BARE = re.compile(r"[^\s<>,;]+@[^\s<>,;]+")
_BRACKETS = re.compile(r"(.*?)<([^<>]*)>?\s*", re.DOTALL)
_COMMENT = re.compile(r"(\S+@\S+)\s*\(([^()]*)\)")
_NAME_FIRST = re.compile(r"(.*\S)\s+(\S+@\S+)", re.DOTALL)
_NAMED = re.compile(r"\S\s*<[^<>]*>?\s*\Z")


@dataclass(frozen=True, slots=True)
class Typed:
    """One entry of a typed list. written: as it stood; valid: whether mail can be sent to it."""

    address: Address
    written: str

    @property
    def valid(self) -> bool:
        return is_address(self.address.address)


def parse_typed(text: str) -> tuple[Typed, ...]:
    """Reads a list as typed or pasted.

    Nothing is dropped: what cannot be an address comes back with valid False.
    """
    return tuple(read_typed(text))


def read_typed(text: str) -> Iterator[Typed]:
    """The same one by one, so that a very long list can be read in slices."""
    text = text.translate(_WIDE) if not text.isascii() else text
    table = columns(text)
    if table is None:
        yield from _read(text)
        return
    for name, rest in table:
        if name is None:
            yield from _read(rest)
        else:
            yield Typed(Address(_name(name), _plain(rest)), f"{name} <{rest}>" if name else rest)


def _read(text: str) -> Iterator[Typed]:
    waiting: list[str] = []
    for piece, comma in _split(text):
        if piece:
            if "@" not in piece and "<" not in piece:
                # "Berg, Anna <anna@example.org>": a comma inside a name that was not quoted
                waiting.append(piece)
            else:
                if waiting and _NAMED.search(piece):
                    piece, waiting = ", ".join([*waiting, piece]), []
                yield from _wrong(waiting)
                waiting = []
                yield from _entries(piece)
        if not comma:
            yield from _wrong(waiting)
            waiting = []
    yield from _wrong(waiting)


def _wrong(words: list[str]) -> Iterator[Typed]:
    for word in words:
        yield Typed(Address("", visible(word)), word)


def _split(text: str) -> Iterator[tuple[str, bool]]:
    """Pieces between separators, and whether a comma ended them."""
    current: list[str] = []
    quoted = bracket = at = False
    # An odd quote is a slip: then quotes do not hold anything together.
    quotes = text.count('"') % 2 == 0
    for found in _TOKEN.finditer(text):
        token = found[0]
        if token == '"' and quotes:
            quoted = not quoted
        elif token == "<" and not quoted:
            bracket = True
        elif token == ">" and not quoted:
            bracket = False
        elif token in ":：" and not (quoted or bracket or at):
            # The name of a group, or of a header field: its members follow.
            if "".join(current).strip().casefold() not in _NO_GROUP:
                current = []
                continue
        elif token in _SEPARATORS and not quoted and not (bracket and token not in "\n\r"):
            yield "".join(current).strip(), token in _COMMAS
            current, bracket, at = [], False, False
            continue
        at = at or "@" in token
        current.append(token)
    yield "".join(current).strip(), False


def _entries(piece: str) -> Iterator[Typed]:
    match = _BRACKETS.fullmatch(piece)
    if match:
        yield Typed(Address(_name(match[1]), _plain(match[2])), piece)
        return
    bare = _plain(piece)
    if is_address(bare):
        yield Typed(Address("", bare), piece)
        return
    match = _COMMENT.fullmatch(piece)
    if match:
        yield Typed(Address(_name(match[2]), _plain(match[1])), piece)
    elif len(_BARE.findall(piece)) > 1:
        for word in piece.split():
            yield Typed(Address("", _plain(word)), word)
    else:
        match = _NAME_FIRST.fullmatch(piece)
        if match and is_address(_plain(match[2])):
            yield Typed(Address(_name(match[1]), _plain(match[2])), piece)
        else:
            yield Typed(Address("", bare), piece)


def _plain(text: str) -> str:
    text = visible(text)
    return text[7:].split("?")[0] if text[:7].casefold() == "mailto:" else text


def _name(text: str) -> str:
    text = visible(text)
    if len(text) >= 2 and text[0] == text[-1] and text[0] in "\"'":
        text = re.sub(r"\\(.)", r"\1", text[1:-1]).strip()
    return text
