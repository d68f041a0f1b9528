"""What people type and paste: lists of recipients. Reads tolerantly; `right_address` judges.

Read are any usual separators and brackets, "Name <a@b>", "a@b (Name)", mailto: links, groups (RFC
5322, 3.4: their members), columns of a table that have names beside addresses, and vCards. What
one entry of a list says is read in `typed_entry`. Headers of received mail are another matter and
read by `mime.headers`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from martlet.mail.message import Address
from martlet.mail.right_address import is_address, is_host
from martlet.mail.typed_columns import columns
from martlet.mail.typed_entry import (
    Typed,
    bracketed,
    entries,
    is_name_and_address,
    person,
    unlinked,
)
from martlet.mail.typed_vcard import has_vcards, people_of
from martlet.mail.visible import visible

__all__ = ["Typed", "is_address", "is_host", "parse_typed", "read_typed"]

# What one presses for "@", "<" and "." while Chinese or Japanese is typed.
_WIDE = str.maketrans({"＠": "@", "＜": "<", "＞": ">", "〈": "<", "〉": ">", "．": "."})
# A comment holds its commas together; one with an address in it is a list of its own.
_TOKEN = re.compile(r'\([^()"@<>\n\r]{0,200}\)|["<>:：,;\n\r\t，；、(]|[^"<>:：,;\n\r\t，；、(]+')
_SEPARATORS = frozenset(",;\n\r\t，；、")
_LINE_ENDS = frozenset("\n\r")
_COMMAS = frozenset(",，")
_NO_GROUP = frozenset({"mailto", "ipv6"})
# Before a colon, with nothing behind it: as heads of mail have it, and nothing of anybody's own
_HEADS = frozenset({"to", "cc", "bcc", "from", "reply-to", "undisclosed-recipients",
                    "undisclosed recipients"})  # fmt: skip
_COMMAS_IN_NAME = 10
_TOKENS = 1000  # of a piece, from which on it ends where an address in brackets does


def parse_typed(text: str) -> tuple[Typed, ...]:
    """Reads a list as typed or pasted.

    Nothing is dropped: what cannot be an address comes back with valid False.
    """
    return tuple(read_typed(text))


def read_typed(text: str) -> Iterator[Typed]:
    """The same one by one, so that a very long list can be read in slices."""
    if has_vcards(text):
        for called, address in people_of(text):
            if not address:
                yield from _wrong([called])
            else:
                yield person(called, address, f"{called} <{address}>" if called else address)
        return
    text = unlinked(text.translate(_WIDE) if not text.isascii() else text)
    table = columns(text)
    if table is None:
        yield from _read(text)
        return
    for name, rest in table:
        if name is None:
            yield from _read(rest)
        else:
            yield person(name, rest, f"{name} <{rest}>" if name else rest)


def _read(text: str) -> Iterator[Typed]:
    waiting: list[str] = []
    for written, comma in _split(text):
        piece = bracketed(written)
        if piece:
            if "@" not in piece and "<" not in piece:
                # "Berg, Anna <anna@example.org>": a comma inside a name that was not quoted
                waiting.append(piece)
                if len(waiting) > _COMMAS_IN_NAME:
                    yield from _wrong(waiting)
                    waiting = []
            else:
                if waiting and is_name_and_address(piece):
                    piece, waiting = ", ".join([*waiting, piece]), []
                yield from _wrong(waiting)
                waiting = []
                yield from entries(piece)
        if not comma:
            yield from _wrong(waiting)
            waiting = []
    yield from _wrong(waiting)


def _wrong(words: list[str]) -> Iterator[Typed]:
    for word in words:
        yield Typed(Address("", visible(word)), word)


def _split(text: str) -> Iterator[tuple[str, bool]]:
    """Pieces between separators, and whether a comma ended them.

    The name of a group, or of a header field, is none where its members follow.
    """
    current: list[str] = []
    label, above = "", False
    quoted = bracket = at = False
    # An odd quote is a slip: then quotes do not hold anything together.
    quotes = text.count('"') % 2 == 0
    for found in _TOKEN.finditer(text):
        token = found[0]
        if len(current) > _TOKENS and current[-1] == ">" and not quoted and _begins(token):
            yield from _with_label(label, above, "".join(current), False)
            label = ""
            current, at = [], False
        if token == '"' and quotes:
            quoted = not quoted
        elif token == "<" and not quoted:
            bracket = True
        elif token == ">" and not quoted:
            bracket = False
        elif token in ":：" and not (quoted or bracket or at):
            said = "".join(current).strip()
            if said.casefold() not in _NO_GROUP:
                if label:
                    yield label, False
                label = f"{said}{token}" if said and said.casefold() not in _HEADS else ""
                current, above = [], False
                continue
        elif token in _SEPARATORS and not quoted and not (bracket and token not in _LINE_ENDS):
            if not at and not current and label and token in _LINE_ENDS:
                above = True
                continue
            yield from _with_label(label, above, "".join(current), token in _COMMAS)
            label = ""
            current, bracket, at = [], False, False
            continue
        at = at or "@" in token
        current.append(token)
    yield from _with_label(label, above, "".join(current), False)


def _begins(token: str) -> bool:
    """Whether somebody else can begin with it, and no remark does."""
    return bool(token.strip()) and token[0] not in "(>" and token not in _SEPARATORS


def _with_label(label: str, above: bool, said: str, comma: bool) -> Iterator[tuple[str, bool]]:
    """What was said behind a label; the label too where no member is behind it. above: it stands
    in a line of its own."""
    piece = said.strip()
    if label and "@" not in piece and not (piece and comma):
        if piece and not above:
            yield f"{label}{said}".strip(), comma
            return
        yield label, False
    yield piece, comma
