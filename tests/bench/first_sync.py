"""Prints how long a first and a second pass take, ours beside mbsync's, on the same Dovecot.

Run: PYTHONPATH=app:tests python tests/bench/first_sync.py [COUNT]
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.mailbag import messages
from martlet.engine.engine import Engine
from martlet.mail.account import (
    Account,
    AccountId,
    Keep,
    Protocol,
    SecretSource,
    Security,
    Server,
)
from martlet.mail.changes import MessagesChanged
from martlet.mail.folder import Role
from martlet.paths import Profile
from martlet.store.reader import Reader
from support.dovecot import Dovecot


def show(what: str, seconds: float, note: str = "") -> None:
    print(f"{what:<46} {seconds * 1000:>9.1f} ms  {note}", flush=True)


def account_of(server: Server, password: str) -> Account:
    """An account that keeps everything here."""
    return Account(
        AccountId(0),
        "bench",
        "ada@example.org",
        incoming=server,
        secret=SecretSource.COMMAND,
        password_command=f"echo {password}",
        keep=Keep.ALL,
    )


def ours(root: Path, server: Dovecot, protocol: Protocol) -> None:
    engine = Engine(Profile(root))
    try:
        incoming = server.server(protocol, "ada", Security.NONE)
        engine.account_add(account_of(incoming, server.password), "")
        rows_at: list[float] = []
        began = time.perf_counter()
        engine.listen(
            lambda change: (
                rows_at.append(time.perf_counter() - began)
                if isinstance(change, MessagesChanged)
                else None
            )
        )
        (report,) = engine.sync([], False)
        total = time.perf_counter() - began
        assert not report.error, report
        name = protocol.name
        show(f"{name} first rows in the store", rows_at[0])
        show(f"{name} first pass, stored and searchable", total, f"{report.new} messages")
        for _ in range(2):
            began = time.perf_counter()
            engine.sync([], False)
            show(f"{name} pass with nothing changed", time.perf_counter() - began)
        reader = Reader(root)
        inbox = next(f for f in reader.folders() if f.role is Role.INBOX)
        began = time.perf_counter()
        reader.page(inbox.id, None, 200)
        show("200 rows read by the window", time.perf_counter() - began)
        began = time.perf_counter()
        count = reader.search_count("zephyr harbour")
        show("search", time.perf_counter() - began, f"{count} found")
    finally:
        engine.close()


def mbsync_config(folder: Path, port: int, password: str) -> Path | None:
    """A configuration for mbsync that copies everything; None where it is not installed."""
    if shutil.which("mbsync") is None:
        print("mbsync is not installed (Debian: isync)")
        return None
    config = folder / "mbsyncrc"
    (folder / "maildir").mkdir()
    config.write_text(
        f"IMAPAccount a\nHost localhost\nPort {port}\nUser ada\nPass {password}\n"
        f"SSLType None\n\nIMAPStore far\nAccount a\n\nMaildirStore near\nPath {folder}/maildir/\n"
        f"Inbox {folder}/maildir/INBOX\nSubFolders Verbatim\n\nChannel c\nFar :far:\nNear :near:\n"
        "Patterns *\nCreate Near\nSyncState *\n"
    )
    return config


def mbsync(folder: Path, server: Dovecot) -> None:
    config = mbsync_config(folder, server.imap, server.password)
    if config is None:
        return
    for what in ("mbsync first pass (no index)", "mbsync pass with nothing changed"):
        began = time.perf_counter()
        subprocess.run(["mbsync", "-q", "-c", str(config), "-a"], check=True)
        show(what, time.perf_counter() - began)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with Dovecot() as server, tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        bag = list(messages(count))
        print(f"{count} messages, {sum(map(len, bag)) / 1e6:.0f} MB, {os.cpu_count()} cores")
        server.deliver_many("ada", bag)
        # The server's own first look at new files is not what is measured.
        server.doveadm("mailbox", "status", "-u", "ada", "messages", "INBOX")
        server.doveadm("fetch", "-u", "ada", "size.virtual", "mailbox", "INBOX")
        mbsync(folder, server)
        ours(folder / "imap", server, Protocol.IMAP)
        ours(folder / "pop3", server, Protocol.POP3)


if __name__ == "__main__":
    main()
