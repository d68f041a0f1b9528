"""What an ordinary day with IMAP costs: passes with nothing to do, near and far, and the wire.

Run: PYTHONPATH=app:tests python tests/bench/imap_day.py [wire]
With "wire" it prints what is said in one pass over 20 unchanged folders, and nothing else.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from bench.distance import Distance
from bench.first_sync import account_of, mbsync_config, show
from bench.mailbag import messages
from bench.recorder import Recorder
from martlet.engine.engine import Engine
from martlet.mail.account import Protocol, Security, Server
from martlet.paths import Profile
from martlet.store.reader import Reader
from support.dovecot import Dovecot

FOLDERS = 20
EACH = 500
ROUND_TRIP_S = 0.1
TIMES = 5


def prepare(server: Dovecot) -> None:
    bag = list(messages(EACH))
    for number in range(FOLDERS):
        folder = "INBOX" if not number else f"Folder {number:02}"
        server.deliver_many("ada", bag, folder)
        server.doveadm("mailbox", "status", "-u", "ada", "messages", folder)


def first(root: Path, server: Server, password: str) -> None:
    engine = Engine(Profile(root))
    try:
        engine.account_add(account_of(server, password), "")
        (report,) = engine.sync([], False)
        assert not report.error, report
        print(f"{report.new} messages in {FOLDERS} folders", flush=True)
    finally:
        engine.close()


def passes(root: Path, what: str, times: int = TIMES) -> None:
    """Passes over an account that is up to date, each as `martlet sync` makes it."""
    took = []
    for _ in range(times):
        engine = Engine(Profile(root))
        try:
            began = time.perf_counter()
            (report,) = engine.sync([], False)
            took.append(time.perf_counter() - began)
        finally:
            engine.close()
        assert not report.error, report
        assert (report.new, report.changed, report.removed) == (0, 0, 0), report
    show(what, sorted(took)[len(took) // 2], f"median of {times}")


def move_account(root: Path, server: Server) -> None:
    """The same profile, the server reached by another way."""
    (account,) = Reader(root).accounts()
    engine = Engine(Profile(root))
    try:
        engine.account_edit(replace(account, incoming=server), "")
    finally:
        engine.close()


def main() -> None:
    wire = sys.argv[1:] == ["wire"]
    with Dovecot() as dovecot, tempfile.TemporaryDirectory() as place:
        prepare(dovecot)
        near = dovecot.server(Protocol.IMAP, "ada", Security.NONE)
        root = Path(place) / "profile"
        first(root, near, dovecot.password)
        if wire:
            with Recorder(dovecot.imap) as recorder:
                # PLAIN is what is used over TLS, which could not be overheard.
                server = Server(
                    Protocol.IMAP, "127.0.0.1", recorder.port, Security.NONE, "ada", "PLAIN"
                )
                move_account(root, server)
                passes(root, "a pass, recorded", 1)
                print(recorder.text())
            return
        passes(root, f"{FOLDERS} folders, nothing changed")
        with Distance(dovecot.imap, ROUND_TRIP_S) as far:
            server = Server(Protocol.IMAP, "127.0.0.1", far.port, Security.NONE, "ada")
            move_account(root, server)
            passes(root, "the same with 100 ms there and back")
        config = mbsync_config(Path(place), dovecot.imap, dovecot.password)
        if config is not None:
            subprocess.run(["mbsync", "-q", "-c", str(config), "-a"], check=True)
            began = time.perf_counter()
            subprocess.run(["mbsync", "-q", "-c", str(config), "-a"], check=True)
            show("mbsync, nothing changed", time.perf_counter() - began)
            with Distance(dovecot.imap, ROUND_TRIP_S) as far:
                text = config.read_text().replace(f"Port {dovecot.imap}", f"Port {far.port}")
                config.write_text(text)
                began = time.perf_counter()
                subprocess.run(["mbsync", "-q", "-c", str(config), "-a"], check=True)
                show("mbsync with 100 ms", time.perf_counter() - began)


if __name__ == "__main__":
    main()
