"""The largest message that servers take, as they said last (SIZE, RFC 1870)."""

from __future__ import annotations

from martlet.mail.server import Server
from martlet.store.database import Source, Tx


def remember(tx: Tx, server: Server, size: int, time: float) -> None:
    """size: bytes, 0 when it says that it has no limit, or does not say."""
    tx.execute(
        "INSERT INTO size_limit (server, bytes, said_at) VALUES (?, ?, ?) ON CONFLICT (server)"
        " DO UPDATE SET bytes = excluded.bytes, said_at = excluded.said_at",
        (_name(server), size, time),
    )


def of_server(source: Source, server: Server) -> int:
    """Bytes; 0 when it has not said, or says that there is no limit."""
    rows = source.query("SELECT bytes FROM size_limit WHERE server = ?", (_name(server),))
    return int(rows[0][0]) if rows else 0


def _name(server: Server) -> str:
    return f"{server.host.lower()}:{server.port}"
