"""How many bytes went over an account's connections, by day. Days and months are UTC."""

from __future__ import annotations

from martlet.mail.account import AccountId
from martlet.mail.sync import Traffic
from martlet.store.database import Source, Tx


def add(tx: Tx, account_id: AccountId, day: str, received: int, sent: int) -> None:
    """Adds to what is known of that day ("YYYY-MM-DD"). Nothing happens without the account."""
    tx.execute(
        "INSERT INTO traffic (account_id, day, received, sent)"
        " SELECT id, ?, ?, ? FROM account WHERE id = ?"
        " ON CONFLICT (account_id, day) DO UPDATE"
        " SET received = received + excluded.received, sent = sent + excluded.sent",
        (day, received, sent, account_id),
    )


def days(source: Source, account_id: AccountId) -> list[Traffic]:
    """Every day with traffic, newest first."""
    return [
        Traffic(*row)
        for row in source.query(
            "SELECT day, received, sent FROM traffic WHERE account_id = ? ORDER BY day DESC",
            (account_id,),
        )
    ]


def month_received(source: Source, account_id: AccountId, month: str) -> int:
    """Bytes received in a month ("YYYY-MM")."""
    rows = source.query(
        "SELECT COALESCE(SUM(received), 0) FROM traffic WHERE account_id = ?1"
        " AND day >= ?2 AND day < ?2 || '~'",
        (account_id, month),
    )
    return int(rows[0][0]) if rows else 0
