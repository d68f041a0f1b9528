"""The largest message that servers take, as they said last (SIZE, RFC 1870)."""

from __future__ import annotations

from dataclasses import dataclass

from martlet.mail.letter_size import SizeLimit
from martlet.mail.server import Server
from martlet.store.database import Source, Tx


@dataclass(frozen=True, slots=True)
class Said:
    """at: when, Unix seconds."""

    limit: SizeLimit
    at: float


def remember(tx: Tx, server: Server, limit: SizeLimit, at: float) -> None:
    """at: when it said so, Unix seconds."""
    tx.execute(
        "INSERT INTO size_limit (server, bytes, sure, said_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (server) DO UPDATE"
        " SET bytes = excluded.bytes, sure = excluded.sure, said_at = excluded.said_at",
        (_name(server), limit.bytes, limit.sure, at),
    )


def said(source: Source, server: Server) -> Said | None:
    """What it said last, None while it was not asked."""
    sql = "SELECT bytes, sure, said_at FROM size_limit WHERE server = ?"
    for size, sure, at in source.query(sql, (_name(server),)):
        return Said(SizeLimit(int(size), bool(sure)), float(at))
    return None


def _name(server: Server) -> str:
    return f"{server.host.lower()}:{server.port}"
