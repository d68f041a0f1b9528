"""100,000 messages: how long their headers take, what the engine needs, and its sleep after.

Run: PYTHONPATH=app:tests python tests/bench/imap_large.py [COUNT]
The engine runs in a process of its own, as it does for the window.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from bench.first_sync import account_of, show
from bench.mailbag import messages
from martlet.link.client import Client
from martlet.link.messages import AccountAdd, Hello, Shutdown, Sync
from martlet.link.start import connect
from martlet.mail.account import Account, Keep, Protocol, Security
from martlet.mail.changes import Change, MessagesChanged
from martlet.net.imap import ImapSession
from martlet.paths import Profile
from support.dovecot import Dovecot

SETTLED_S = 3.0
ASLEEP_S = 30.0


def memory_mb(pid: int, what: str) -> float:
    """A line of /proc/PID/status in MB: VmHWM (most so far) or VmRSS (now)."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(what):
            return int(line.split()[1]) / 1024
    return 0.0


def wakeups(pid: int) -> dict[str, int]:
    """How often each thread has gone to sleep of itself so far, that is, was woken."""
    found: dict[str, int] = {}
    for task in Path(f"/proc/{pid}/task").iterdir():
        text = (task / "status").read_text()
        name = (task / "comm").read_text().strip()
        for line in text.splitlines():
            if line.startswith("voluntary_ctxt_switches"):
                found[f"{name} {task.name}"] = int(line.split()[1])
    return found


def measured(client: Client, account: Account, password: str) -> None:
    pid = client.call(Hello(lasting=True))
    began = time.perf_counter()
    rows_at: list[float] = []

    def hear(change: Change) -> None:
        if isinstance(change, MessagesChanged) and change.added:
            rows_at.append(time.perf_counter() - began)

    client.on_change = hear
    client.call(AccountAdd(account, password))
    (report,) = client.call(Sync([], True))
    total = time.perf_counter() - began
    assert not report.error, report
    show("first rows in the store", rows_at[0])
    show("headers of all in the store", rows_at[-1], f"{report.new} messages")
    show("and searchable", total)
    print(f"{'engine, most memory':<46} {memory_mb(pid, 'VmHWM'):>9.0f} MB")
    # The worker goes on to wait for news first.
    time.sleep(SETTLED_S)
    before = wakeups(pid)
    time.sleep(ASLEEP_S)
    after = wakeups(pid)
    woken = {name: after[name] - before.get(name, 0) for name in after}
    print(f"{'wake-ups in ' + str(int(ASLEEP_S)) + ' s of quiet':<46} {sum(woken.values()):>9}")
    for name, count in woken.items():
        if count:
            print(f"    {name}: {count}")


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with Dovecot() as server, tempfile.TemporaryDirectory() as place:
        server.deliver_many("ada", messages(count))
        # The server's own first look at new files is not what is measured.
        server.doveadm("mailbox", "status", "-u", "ada", "messages", "INBOX")
        if os.environ.get("MARTLET_BENCH_COLD") is None:
            warm = ["fetch", "-u", "ada", "hdr size.virtual imap.bodystructure date.received"]
            server.doveadm(*warm, "mailbox", "INBOX")
        # It moves every file from new to cur at the first SELECT.
        session = ImapSession.open(
            server.server(Protocol.IMAP, "ada", Security.NONE), server.password
        )
        session.select("INBOX")
        session.logout()
        profile = Profile(Path(place) / "profile")
        incoming = server.server(Protocol.IMAP, "ada", Security.NONE)
        account = account_of(incoming, server.password)
        client = connect(profile)
        try:
            measured(client, replace(account, keep=Keep.HEADERS), "")
        finally:
            client.call(Shutdown())
            client.close()


if __name__ == "__main__":
    main()
