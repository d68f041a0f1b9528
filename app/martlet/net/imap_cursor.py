"""Reading values out of one framed IMAP response (RFC 9051, 4): atoms, strings, lists.

    value        = atom / quoted / literal / "NIL" / "(" *value ")"
    literal      = ["~"] "{" number ["+"] "}" CRLF, its bytes being kept beside the text

Depth is bounded; everything else was bounded when the response was framed (imap_wire).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from martlet.mail.errors import BadServer
from martlet.net.words import server_words

DEPTH_LIMIT = 64
VALUE_LIMIT = 2 * 1024 * 1024  # bytes of one value, or of a structure, without its literals

Value = bytes | None | list["Value"]

MARK = re.compile(rb"~?\{(\d{1,20})\+?\}\r?\n")
_QUOTED = re.compile(rb'"([^"\\\r\n]*+(?:\\.[^"\\\r\n]*+)*+)"')
_ESCAPE = re.compile(rb"\\(.)")
_ATOM = re.compile(rb'[^ ()"\r\n]+')
_NUMBER = re.compile(rb"\d{1,20}")
_TOKEN = re.compile(
    rb'[ \t]*+(?:(\()|(\))|"([^"\\\r\n]*+(?:\\.[^"\\\r\n]*+)*+)"|(~?\{\d{1,20}\+?\}\r?\n)'
    rb'|([^ \t()"\r\n]++))'
)
_END = re.compile(rb"[ \t\r\n]*\Z")
_SPACE = re.compile(rb"[ \t]*")
# A quoted string is taken without its end too: looked for again from each quote within, what has
# no end would be read as often as it is long.
_NEST = re.compile(rb'"[^"\\\r\n]*+(?:\\.[^"\\\r\n]*+)*+("?)|[()]|~?\{\d{1,20}\+?\}\r?\n')


def _nested(levels: int) -> bytes:
    """A list of atoms, quoted strings and lists, `levels` deep, without literals. Possessive
    throughout, so that what does not match is given up at once."""
    plain = rb'[^()"{\\\r\n]++|"[^"\\\r\n]*+(?:\\.[^"\\\r\n]*+)*+"'
    inner = b"|" + _nested(levels - 1) if levels else b""
    return rb"\((?:" + plain + inner + rb")*+\)"


# What most structures are: read at one go.
_SHALLOW = re.compile(_nested(6))
_RESUME = re.compile(rb" (?=(?:BODY\[|UID \d|FLAGS \(|RFC822\.|INTERNALDATE \"|MODSEQ \())")


@dataclass(frozen=True, slots=True)
class Structure:
    """A BODYSTRUCTURE, unread. `values` reads it."""

    text: bytes
    literals: tuple[bytes, ...]


class Unread(Protocol):
    """Text with marks, and the literals that belong there."""

    @property
    def text(self) -> bytes: ...

    @property
    def literals(self) -> tuple[bytes, ...]: ...


class Cursor:
    """A place in a framed response, from which values are read.

    lenient: not 0: structures are not believed at all, but stepped over up to the n-th thing after
    them that looks like another item, or to the end.
    """

    __slots__ = ("_lenient", "_literals", "_taken", "at", "text")

    def __init__(
        self, text: bytes, at: int, literals: tuple[bytes, ...], *, lenient: int = 0
    ) -> None:
        self.text = text
        self.at = at
        self._literals = literals
        self._taken = 0
        self._lenient = lenient

    def wrong(self) -> BadServer:
        """The error for what stands here."""
        around = self.text[max(0, self.at - 40) : self.at + 80]
        return BadServer("The server's answer cannot be read.", server_words(around))

    def expect(self, char: bytes) -> None:
        """Steps over spaces and this one character."""
        space = _SPACE.match(self.text, self.at)
        if space:
            self.at = space.end()
        if not self.text.startswith(char, self.at):
            raise self.wrong()
        self.at += 1

    def number(self) -> int:
        """A decimal number."""
        found = _NUMBER.match(self.text, self.at)
        if found is None:
            raise self.wrong()
        self.at = found.end()
        return int(found[0])

    def string(self) -> bytes | None:
        """A quoted string, literal or atom; None for NIL."""
        text, at = self.text, self.at
        first = text[at : at + 1]
        if first == b'"':
            found = _QUOTED.match(text, at)
            if found is None:
                raise self.wrong()
            self.at = found.end()
            return _ESCAPE.sub(rb"\1", found[1]) if b"\\" in found[1] else found[1]
        mark = MARK.match(text, at)
        if mark is not None:
            self.at = mark.end()
            return self._literal()
        found = _ATOM.match(text, at)
        if found is None:
            raise self.wrong()
        self.at = found.end()
        return None if found[0].upper() == b"NIL" else found[0]

    def value(self) -> Value:
        """Any value, lists within lists down to DEPTH_LIMIT."""
        text, at = self.text, self.at
        if not text.startswith(b"(", at):
            return self.string()
        open_lists: list[list[Value]] = []
        top: list[Value] = []
        end = at + VALUE_LIMIT
        while found := _TOKEN.match(text, at, end):
            at = found.end()
            match found.lastindex:
                case 1:  # "("
                    if len(open_lists) >= DEPTH_LIMIT:
                        raise BadServer("The server's answer is nested too deeply.")
                    inner: list[Value] = []
                    top.append(inner)
                    open_lists.append(top)
                    top = inner
                case 2:  # ")"
                    done, top = top, open_lists.pop()
                    if not open_lists:
                        self.at = at
                        return done
                case 3:
                    said = found[3]
                    top.append(_ESCAPE.sub(rb"\1", said) if b"\\" in said else said)
                case 4:
                    top.append(self._literal())
                case _:
                    atom = found[5]
                    top.append(None if len(atom) == 3 and atom.upper() == b"NIL" else atom)
        self.at = at
        raise self.wrong()

    def values(self) -> list[Value]:
        """All values up to the end."""
        found: list[Value] = []
        while True:
            if _END.match(self.text, self.at):
                return found
            space = _SPACE.match(self.text, self.at)
            self.at = space.end() if space else self.at
            found.append(self.value())

    def skip(self) -> None:
        """Steps over any value without reading it."""
        if self.text.startswith(b"(", self.at):
            self._nest()
        else:
            self.string()

    def structure(self) -> Structure | None:
        """A BODYSTRUCTURE left unread. One that does not add up is stepped over: None.

        Servers have been seen to leave quotes in file names unescaped (Exchange, old Courier).
        After one like that no other in the same response is believed.
        """
        start, taken = self.at, self._taken
        if not self.text.startswith(b"(", start):
            self.string()
            return None
        if self._lenient:
            self._pass_over()
            return None
        shallow = _SHALLOW.match(self.text, start)
        if shallow is not None:
            self.at = shallow.end()
            return Structure(shallow[0], ()) if self.at - start <= VALUE_LIMIT else None
        try:
            self._nest()
        except BadServer:
            self._taken = taken
            self._lenient = 1
            self._pass_over()
            return None
        if self.at - start > VALUE_LIMIT:
            return None
        return Structure(self.text[start : self.at], self._literals[taken : self._taken])

    def _pass_over(self) -> None:
        start = self.at
        items = islice(_RESUME.finditer(self.text, start), max(0, self._lenient - 1), None)
        resume = next(items, None)
        self.at = resume.start() if resume else self.text.rfind(b")", start + 1)
        if self.at < start:
            self.at = start
            raise self.wrong()
        self._taken += len(MARK.findall(self.text, start, self.at))

    def ends(self) -> bool:
        """Whether nothing more stands here."""
        return _END.match(self.text, self.at) is not None

    def _nest(self) -> None:
        """Steps over a list, by its parentheses alone."""
        depth = 0
        for found in _NEST.finditer(self.text, self.at):
            token = found[0]
            if token == b"(":
                depth += 1
            elif token == b")":
                depth -= 1
                if not depth:
                    self.at = found.end()
                    return
            elif token.endswith(b"\n"):
                self._literal()
            elif not found[1]:
                break
        raise self.wrong()

    def _literal(self) -> bytes:
        if self._taken >= len(self._literals):
            raise self.wrong()
        self._taken += 1
        return self._literals[self._taken - 1]


def values(response: Unread) -> list[Value]:
    """What an unread response or structure says. Raises BadServer, also when it is too long."""
    if len(response.text) > VALUE_LIMIT:
        raise BadServer("The server sent an answer that is too long.")
    return Cursor(response.text, 0, response.literals).values()
