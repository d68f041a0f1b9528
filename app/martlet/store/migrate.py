"""Brings a database to the newest version: numbered SQL, one transaction each, a copy before.

The version is SQLite's user_version. A database newer than this program is refused in words.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from pathlib import Path

import apsw

from martlet.mail.errors import StoreError


@cache
def steps() -> tuple[tuple[int, str], ...]:
    """(version, SQL) of every migration, in order."""
    found = [
        (int(entry.name.removesuffix(".sql")), entry.read_text(encoding="utf-8"))
        for entry in resources.files("martlet.store").joinpath("migrations").iterdir()
        if entry.name.endswith(".sql")
    ]
    return tuple(sorted(found))


def newest() -> int:
    """The version this program writes."""
    return steps()[-1][0]


def version(connection: apsw.Connection) -> int:
    """The database's version; 0 when it is empty."""
    row = connection.execute("PRAGMA user_version").fetchone()
    return int(row[0]) if row else 0


def check_not_newer(found: int) -> None:
    """Raises StoreError when a newer Martlet wrote this database."""
    if found > newest():
        raise StoreError(
            "This profile was written by a newer version of Martlet; update Martlet to open it.",
            f"The profile has version {found}, this program knows up to {newest()}.",
        )


def migrate(connection: apsw.Connection, path: Path) -> None:
    """Applies what is missing. Before that a database in use is copied beside itself."""
    found = version(connection)
    check_not_newer(found)
    wanted = [(number, sql) for number, sql in steps() if number > found]
    if not wanted:
        return
    if found:
        _copy(connection, path.with_name(f"{path.name}.version-{found}"))
    for number, sql in wanted:
        # Read again inside the transaction: another process may have been quicker.
        connection.execute("BEGIN IMMEDIATE")
        try:
            if version(connection) < number:
                connection.execute(sql)
                connection.execute(f"PRAGMA user_version = {number}")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


def _copy(connection: apsw.Connection, target: Path) -> None:
    """A whole copy, complete or not there at all."""
    partial = target.with_name(target.name + ".part")
    partial.unlink(missing_ok=True)
    connection.execute("VACUUM INTO ?", (str(partial),))
    partial.replace(target)
