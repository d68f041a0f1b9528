"""A parsed query as SQL. Newest first by rowid of the index, never by rank.

Words side by side become one MATCH, which then leads; everything else becomes conditions on the
rows it finds. Without words the message table itself is walked, newest first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from martlet.mail.account import AccountId
from martlet.mail.folder import FolderId
from martlet.mail.message import ANSWERED, DRAFT, FLAGGED, FORWARDED
from martlet.mail.tags import keyword
from martlet.store.codec import clean, first_key_at, ids_json
from martlet.store.database import Row, Source, Value
from martlet.store.fold import tokens
from martlet.store.holdings import COMPLETE
from martlet.store.query import (
    All,
    Any,
    In,
    Is,
    Node,
    Not,
    Since,
    State,
    Tag,
    Text,
    Where,
    parse,
)

_FLAGS = {
    State.STARRED: FLAGGED,
    State.ANSWERED: ANSWERED,
    State.FORWARDED: FORWARDED,
    State.DRAFT: DRAFT,
}


@dataclass(frozen=True, slots=True)
class Scope:
    """Where to look. before: only sort keys below this one."""

    folder_id: FolderId | None = None
    account_id: AccountId | None = None
    before: int | None = None


def find(source: Source, columns: str, query: str, scope: Scope, limit: int) -> list[Row]:
    """`columns` (of message m, folder f) of what is found, newest first."""
    joined, conditions, params, order = _compiled(source, query, scope)
    return source.query(
        f"SELECT {columns} FROM {joined} WHERE {conditions} ORDER BY {order} DESC LIMIT ?",
        (*params, max(0, limit)),
    )


def count(source: Source, query: str, scope: Scope) -> int:
    joined, conditions, params, _ = _compiled(source, query, scope)
    rows = source.query(f"SELECT COUNT(*) FROM {joined} WHERE {conditions}", params)
    return int(rows[0][0])


def _compiled(source: Source, query: str, scope: Scope) -> tuple[str, str, tuple[Value, ...], str]:
    node = parse(query)
    items = node.items if isinstance(node, All) else (node,)
    matching = [item for item in items if _match(item) is not None]
    others = [item for item in items if item not in matching]
    if matching:
        text = _match(All(tuple(matching)))
        joined = (
            "message_text CROSS JOIN message m ON m.sort_key = message_text.rowid"
            " CROSS JOIN folder f ON f.id = m.folder_id"
        )
        conditions, order = (
            ["message_text MATCH ?", "m.hidden = 0", "f.doomed = 0"],
            "message_text.rowid",
        )
        params: list[Value] = [text]
    else:
        joined = "message m CROSS JOIN folder f ON f.id = m.folder_id"
        conditions, order = ["m.hidden = 0", "f.doomed = 0"], "m.sort_key"
        params = []
    if scope.before is not None:
        conditions.append(f"{order} < ?")
        params.append(scope.before)
    if scope.folder_id is not None:
        conditions.append("m.folder_id = ?")
        params.append(scope.folder_id)
    if scope.account_id is not None:
        conditions.append("f.account_id = ?")
        params.append(scope.account_id)
    for item in others:
        condition, values = _condition(source, item)
        conditions.append(condition)
        params.extend(values)
    return joined, " AND ".join(conditions), tuple(params), order


def _match(node: Node) -> str | None:
    """The node as an FTS5 expression, or None if it is not words alone."""
    match node:
        case Text(text, where, prefix):
            phrase = '"' + tokens(clean(text)).replace('"', " ").replace("\0", " ") + '"'
            column = f"{where.value} : " if where is not Where.ANYWHERE else ""
            return f"({column}{phrase}{' *' if prefix else ''})"
        case Any(items):
            return _joined(items, " OR ")
        case All(items):
            # FTS5 knows NOT only as "this, not that".
            wanted = [item for item in items if not isinstance(item, Not)]
            unwanted = [item.item for item in items if isinstance(item, Not)]
            left = _joined(wanted, " AND ")
            right = _joined(unwanted, " OR ") if unwanted else ""
            if left is None or right is None:
                return None
            return f"({left} NOT {right})" if right else left
        case _:
            return None


def _joined(items: Iterable[Node], word: str) -> str | None:
    parts = [_match(item) for item in items]
    told = [part for part in parts if part is not None]
    return "(" + word.join(told) + ")" if told and len(told) == len(parts) else None


def _condition(source: Source, node: Node) -> tuple[str, list[Value]]:
    """The node as a condition on m and f."""
    text = _match(node)
    if text is not None:
        return "m.sort_key IN (SELECT rowid FROM message_text WHERE message_text MATCH ?)", [text]
    match node:
        case Is(state):
            return _state(state)
        case Tag(name):
            return _has_flag(keyword(clean(name)))
        case Since(time):
            return "m.sort_key >= ?", [first_key_at(time)]
        case In(name):
            found = [row[0] for row in source.query("SELECT id, name, delimiter, role FROM folder")
                     if _is_named(row, name)]  # fmt: skip
            return "m.folder_id IN (SELECT value FROM json_each(?))", [ids_json(found)]
        case Not(Is(State.HERE)):
            # As the index of what is missing has it.
            return f"(m.blob = '' AND NOT {COMPLETE})", []
        case Not(item):
            condition, values = _condition(source, item)
            return f"NOT ({condition})", values
        case All(items) | Any(items):
            parts = [_condition(source, item) for item in items]
            word = " AND " if isinstance(node, All) else " OR "
            values = [value for _, some in parts for value in some]
            return "(" + word.join(condition for condition, _ in parts) + ")", values
        case _:
            return "1", []


def _state(state: State) -> tuple[str, list[Value]]:
    match state:
        case State.UNREAD:
            return "m.seen = 0", []
        case State.READ:
            return "m.seen = 1", []
        case State.ATTACHMENT:
            return "m.attachments > 0", []
        case State.HERE:
            return f"(m.blob <> '' OR {COMPLETE})", []
        case State.UNSTARRED:
            condition, values = _has_flag(FLAGGED)
            return f"NOT ({condition})", values
        case _:
            return _has_flag(_FLAGS[state])


def _has_flag(flag: str) -> tuple[str, list[Value]]:
    return "instr(' ' || lower(m.flags) || ' ', ' ' || lower(?) || ' ') > 0", [flag]


def _is_named(row: Row, wanted: str) -> bool:
    _, name, delimiter, role = row
    leaf = name.rsplit(delimiter, 1)[-1] if delimiter else name
    return wanted.casefold() in (name.casefold(), leaf.casefold(), role)
