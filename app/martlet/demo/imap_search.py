"""SEARCH of the demo's IMAP host (RFC 9051, 6.4.4): the keys clients use, as tests of a letter."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email import message_from_bytes
from email.header import decode_header, make_header

from martlet.demo.imap_words import BadCommand, Token, uid_set, word
from martlet.demo.mailbox import Letter

Test = Callable[[Letter, int], bool]

_FLAGS = {
    b"ANSWERED": "\\Answered",
    b"DELETED": "\\Deleted",
    b"DRAFT": "\\Draft",
    b"FLAGGED": "\\Flagged",
    b"SEEN": "\\Seen",
}
_HEADERS = {b"FROM", b"TO", b"CC", b"BCC", b"SUBJECT"}


@dataclass(slots=True)
class _Reading:
    """The keys still to be read; last numbers are what * stands for."""

    words: list[Token]
    last_uid: int
    last_number: int

    def next(self) -> Token:
        if not self.words:
            raise BadCommand("a search key is missing")
        return self.words.pop(0)

    def text(self) -> bytes:
        return word(self.next())


def search(keys: list[Token], last_uid: int, last_number: int) -> Test:
    """A test of (letter, sequence number) for these keys, all of which must hold."""
    reading = _Reading(list(keys), last_uid, last_number)
    if reading.words and reading.words[0] == b"CHARSET":
        del reading.words[:2]
    tests = []
    while reading.words:
        tests.append(_key(reading))
    return lambda letter, number: all(test(letter, number) for test in tests)


def _key(reading: _Reading) -> Test:
    token = reading.next()
    if isinstance(token, list):
        return search(token, reading.last_uid, reading.last_number)
    key = token.upper()
    if key == b"ALL":
        return lambda letter, number: True
    if key in _FLAGS:
        flag = _FLAGS[key]
        return lambda letter, number: flag in letter.flags
    if key.startswith(b"UN") and key[2:] in _FLAGS:
        unwanted = _FLAGS[key[2:]]
        return lambda letter, number: unwanted not in letter.flags
    if key in (b"KEYWORD", b"UNKEYWORD"):
        keyword, there = reading.text().decode("ascii", "replace"), key == b"KEYWORD"
        return lambda letter, number: (keyword in letter.flags) == there
    if key == b"NOT":
        test = _key(reading)
        return lambda letter, number: not test(letter, number)
    if key == b"OR":
        one, other = _key(reading), _key(reading)
        return lambda letter, number: one(letter, number) or other(letter, number)
    if key == b"UID":
        uids = uid_set(reading.text(), reading.last_uid)
        return lambda letter, number: any(a <= letter.uid <= b for a, b in uids)
    if re.fullmatch(rb"[\d,:*]+", key):
        numbers = uid_set(key, reading.last_number)
        return lambda letter, number: any(a <= number <= b for a, b in numbers)
    return _content_key(key, reading)


def _content_key(key: bytes, reading: _Reading) -> Test:
    if key in (b"LARGER", b"SMALLER"):
        size, sign = int(reading.text()), 1 if key == b"LARGER" else -1
        return lambda letter, number: sign * (len(letter.raw) - size) > 0
    if key in (b"SINCE", b"BEFORE", b"ON"):
        day = _day(reading.text())
        first = day if key != b"BEFORE" else date.min
        end = {b"SINCE": date.max, b"BEFORE": day, b"ON": day + timedelta(days=1)}[key]
        return lambda letter, number: first <= letter.received.date() < end
    if key == b"HEADER" or key in _HEADERS:
        name = reading.text() if key == b"HEADER" else key
        value = reading.text().decode("utf-8", "replace").casefold()
        return lambda letter, number: value in _header(letter, name.decode("ascii", "replace"))
    if key in (b"TEXT", b"BODY"):
        text = reading.text().decode("utf-8", "replace").casefold()
        return lambda letter, number: text in letter.raw.decode("utf-8", "replace").casefold()
    raise BadCommand("unknown search key")


def _day(text: bytes) -> date:
    try:
        return datetime.strptime(text.decode("ascii"), "%d-%b-%Y").date()
    except ValueError as error:
        raise BadCommand("not a date") from error


def _header(letter: Letter, name: str) -> str:
    """All values of a header, decoded where that works, casefolded."""
    parsed = message_from_bytes(letter.raw.partition(b"\r\n\r\n")[0])
    shown = []
    for value in parsed.get_all(name, []):
        try:
            shown.append(str(make_header(decode_header(value))))
        except (ValueError, LookupError):
            shown.append(str(value))
    return "\n".join(shown).casefold()
