"""IMAP's written forms (RFC 9051, 4 and 9): commands read into tokens, strings and names written.

A token is bytes (atom, quoted string or literal alike) or a list of tokens (parentheses). What the
words mean is left to the commands.
"""

from __future__ import annotations

import asyncio
import base64
import re
from collections.abc import Iterable
from typing import TypeAlias

Token: TypeAlias = "bytes | list[Token]"

LITERAL_LIMIT = 64 << 20
_LITERAL_END = re.compile(rb"\{(\d{1,10})(\+?)\}\r\n\Z")


class BadCommand(Exception):
    """The client's line cannot be understood; it gets BAD."""


async def read_command(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
    """One whole command with its literals, asking for each as RFC 7888 says; b"" at the end."""
    data = b""
    while True:
        line = await reader.readline()
        if not line.endswith(b"\n"):
            return b""
        data += line if line.endswith(b"\r\n") else line[:-1] + b"\r\n"
        literal = _LITERAL_END.search(data)
        if literal is None:
            return data
        size = int(literal[1])
        if size > LITERAL_LIMIT:
            raise BadCommand("literal too large")
        if not literal[2]:
            writer.write(b"+ go ahead\r\n")
            await writer.drain()
        data += await reader.readexactly(size)


def tokens(data: bytes) -> list[Token]:
    """The words of a command from `read_command`. Raises BadCommand."""
    words, end = _words(data, 0, nested=False)
    if data[end:] != b"\r\n":
        raise BadCommand("unexpected end")
    return words


def _words(data: bytes, at: int, *, nested: bool) -> tuple[list[Token], int]:
    words: list[Token] = []
    while at < len(data):
        byte = data[at : at + 1]
        if byte == b"\r":
            break
        if byte == b" ":
            at += 1
        elif byte == b"(":
            inner, at = _words(data, at + 1, nested=True)
            words.append(inner)
        elif byte == b")":
            if not nested:
                raise BadCommand("a ) too many")
            return words, at + 1
        elif byte == b'"':
            word, at = _quoted(data, at + 1)
            words.append(word)
        elif (literal := re.compile(rb"\{(\d+)\+?\}\r\n").match(data, at)) is not None:
            at = literal.end() + int(literal[1])
            words.append(data[literal.end() : at])
        else:
            word, at = _atom(data, at)
            words.append(word)
    if nested:
        raise BadCommand("a ) is missing")
    return words, at


def _quoted(data: bytes, at: int) -> tuple[bytes, int]:
    word = bytearray()
    while (byte := data[at : at + 1]) != b'"':
        if byte == b"\\":
            at += 1
            byte = data[at : at + 1]
        if byte in (b"", b"\r"):
            raise BadCommand("a quote is missing")
        word += byte
        at += 1
    return bytes(word), at + 1


def _atom(data: bytes, at: int) -> tuple[bytes, int]:
    start = at
    while (byte := data[at : at + 1]) not in (b"", b" ", b"(", b")", b"\r", b'"'):
        if byte == b"[":  # BODY[HEADER.FIELDS (TO)] is one word
            at = data.find(b"]", at)
            if at < 0:
                raise BadCommand("a ] is missing")
        at += 1
    return data[start:at], at


def word(token: Token) -> bytes:
    """A token that must not be a list."""
    if isinstance(token, list):
        raise BadCommand("a list where a word should be")
    return token


def words(token: Token) -> list[bytes]:
    """A list of words, or one word standing for a list of one."""
    return [word(t) for t in token] if isinstance(token, list) else [token]


def string(value: bytes | None) -> bytes:
    """nstring: NIL, quoted, or a literal where quoting would not do."""
    if value is None:
        return b"NIL"
    if re.fullmatch(rb"[\x20-\x7e]{0,998}", value):
        return b'"' + value.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'
    return b"{%d}\r\n%b" % (len(value), value)


def parenthesised(parts: Iterable[bytes]) -> bytes:
    return b"(" + b" ".join(parts) + b")"


def encode_name(name: str) -> bytes:
    """A folder name in modified UTF-7 (RFC 3501, 5.1.3)."""

    def shift(match: re.Match[str]) -> str:
        coded = base64.b64encode(match[0].encode("utf-16-be")).decode("ascii")
        return "&" + coded.rstrip("=").replace("/", ",") + "-"

    return re.sub(r"[^\x20-\x7e]+", shift, name.replace("&", "&-")).encode("ascii")


def decode_name(raw: bytes) -> str:
    """The other way round. Raises BadCommand."""

    def unshift(match: re.Match[str]) -> str:
        if not match[1]:
            return "&"
        coded = match[1].replace(",", "/")
        return base64.b64decode(coded + "=" * (-len(coded) % 4)).decode("utf-16-be")

    try:
        return re.sub(r"&([^-]*)-", unshift, raw.decode("utf-8"))
    except ValueError as error:
        raise BadCommand("not a folder name") from error


def uid_set(text: bytes, last: int) -> list[tuple[int, int]]:
    """ "1:3,7,9:*" as closed ranges; * is `last`. Raises BadCommand."""
    ranges = []
    for part in text.split(b","):
        ends = [
            last if end == b"*" else int(end) if end.isdigit() else -1 for end in part.split(b":")
        ]
        if not 1 <= len(ends) <= 2 or min(ends) < 0:
            raise BadCommand("not a message set")
        ranges.append((min(ends), max(ends)))
    return ranges


def compact(numbers: Iterable[int]) -> bytes:
    """Ascending numbers as a set: 1:3,7."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return b",".join(b"%d" % a if a == b else b"%d:%d" % (a, b) for a, b in runs)
