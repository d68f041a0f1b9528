"""The search language, parsed. Pure: what it means in SQL is written in `search`.

    word  word*  "a phrase"     anywhere in subject, people or text (* begins with)
    from:  to:  subject:  body: the same in one place; from:"Anna Berg"
    is:unread read starred flagged unstarred answered forwarded draft
    is:here  -is:here           wholly stored here, or (partly) only on the server
    has:attachment              tag:NAME
    before:2024-05  after:2024  on:2024-05-17   in whole days, months or years, local time
    in:NAME                     a folder by name, leaf name or role
    A B   A OR B   -A   NOT A   ( )     OR binds weaker than writing side by side

Nothing is an error: what cannot be understood is searched for as words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from martlet.store.fold import has_tokens


class Where(Enum):
    """Where a text is looked for: a column of the index, or all."""

    ANYWHERE = ""
    SUBJECT = "subject"
    SENDER = "sender"
    RECIPIENTS = "recipients"
    BODY = "body"


class State(Enum):
    """What `is:` and `has:` can ask."""

    UNREAD = "unread"
    READ = "read"
    STARRED = "starred"
    UNSTARRED = "unstarred"
    ANSWERED = "answered"
    FORWARDED = "forwarded"
    DRAFT = "draft"
    HERE = "here"
    ATTACHMENT = "attachment"


@dataclass(frozen=True, slots=True)
class Everything:
    """Holds for every message."""


@dataclass(frozen=True, slots=True)
class Text:
    """Words that follow one another. prefix: the last one may go on."""

    text: str
    where: Where = Where.ANYWHERE
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Is:
    state: State


@dataclass(frozen=True, slots=True)
class Tag:
    """Has this keyword, in any case."""

    name: str


@dataclass(frozen=True, slots=True)
class Since:
    """Dated at or after this Unix time."""

    time: float


@dataclass(frozen=True, slots=True)
class In:
    """In a folder of this name or role."""

    name: str


@dataclass(frozen=True, slots=True)
class Not:
    item: Node


@dataclass(frozen=True, slots=True)
class All:
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Any:
    items: tuple[Node, ...]


Node = Everything | Text | Is | Tag | Since | In | Not | All | Any

_TOKEN = re.compile(r'\(|\)|-?(?:[^\s()":]+:)?"[^"]*"?|[^\s()"]+')
_PLACES = {
    "from": Where.SENDER,
    "to": Where.RECIPIENTS,
    "cc": Where.RECIPIENTS,
    "subject": Where.SUBJECT,
    "body": Where.BODY,
}
_STATES = {state.value: state for state in State} | {
    "flagged": State.STARRED,
    "seen": State.READ,
    "unseen": State.UNREAD,
    "replied": State.ANSWERED,
}
_DATE = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?")
# Deeper than a person writes, and well below what recursion stands.
_DEEPEST = 50
_LONGEST = 2000


def parse(query: str) -> Node:
    """The tree of a query; Everything for an empty one. Never raises."""
    words = _TOKEN.findall(query[:_LONGEST])
    return _Parser(words).whole()


class _Parser:
    """Recursive descent; a closing bracket too many is passed over, one too few is added."""

    def __init__(self, words: list[str]) -> None:
        self._words = words
        self._at = 0

    def whole(self) -> Node:
        items: list[Node] = []
        while self._at < len(self._words):
            items.append(self._either(0))
            if self._peek() == ")":
                self._at += 1
        return _all(items)

    def _peek(self) -> str:
        return self._words[self._at] if self._at < len(self._words) else ""

    def _either(self, depth: int) -> Node:
        items = [self._together(depth)]
        while self._peek() == "OR":
            self._at += 1
            items.append(self._together(depth))
        # `OR` with nothing beside it is no condition.
        items = [item for item in items if item != Everything()]
        return _one(Any, items)

    def _together(self, depth: int) -> Node:
        items: list[Node] = []
        while (word := self._peek()) and word not in (")", "OR"):
            if word == "AND":
                self._at += 1
                continue
            items.append(self._item(depth))
        return _all(items)

    def _item(self, depth: int) -> Node:
        negative = False
        while (word := self._peek()) in ("NOT", "-"):
            self._at += 1
            negative = not negative
        if not word or word in (")", "OR"):
            return Everything()
        self._at += 1
        if word == "(":
            node = self._bracket(depth)
        else:
            if word.startswith("-") and len(word) > 1:
                negative = not negative
                word = word[1:]
            node = _term(word)
        if node == Everything():
            return node
        return Not(node) if negative else node

    def _bracket(self, depth: int) -> Node:
        if depth >= _DEEPEST:
            return Everything()
        node = self._either(depth + 1)
        if self._peek() == ")":
            self._at += 1
        return node


def _all(items: list[Node]) -> Node:
    return _one(All, [item for item in items if item != Everything()])


def _one(kind: type[All] | type[Any], items: list[Node]) -> Node:
    if not items:
        return Everything()
    return items[0] if len(items) == 1 else kind(tuple(items))


def _term(word: str) -> Node:
    key, colon, value = word.partition(":")
    key = key.lower()
    quoted = value.strip('"')
    if colon and quoted and not key.startswith('"'):
        if key in _PLACES:
            return _text(value, _PLACES[key])
        if key in ("is", "has") and (state := _state(quoted)):
            return Is(state)
        if key in ("tag", "keyword"):
            return Tag(quoted)
        if key == "in":
            return In(quoted)
        if key in ("before", "after", "on", "since") and (span := _span(quoted)):
            return _dated(key, *span)
    return _text(word, Where.ANYWHERE)


def _state(word: str) -> State | None:
    word = word.lower()
    return _STATES.get(word) or (State.ATTACHMENT if word == "attachments" else None)


def _text(value: str, where: Where) -> Node:
    prefix = value.endswith("*") and not value.startswith('"')
    words = value.replace('"', " ").rstrip("*").strip()
    return Text(words, where, prefix) if has_tokens(words) else Everything()


def _dated(key: str, begin: float, end: float) -> Node:
    if key == "before":
        return Not(Since(begin))
    if key == "since":
        return Since(begin)
    if key == "after":
        return Since(end)
    return All((Since(begin), Not(Since(end))))


def _span(word: str) -> tuple[float, float] | None:
    """First second of the day, month or year named, and of the one after it; local time."""
    found = _DATE.fullmatch(word)
    if not found:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        begin = datetime(year or 1, month or 1, day or 1)
        if day:
            end = begin + timedelta(days=1)
        elif month:
            end = datetime(begin.year + month // 12, month % 12 + 1, 1)
        else:
            end = datetime(begin.year + 1, 1, 1)
        return begin.timestamp(), end.timestamp()
    except (ValueError, OverflowError, OSError):
        return None
