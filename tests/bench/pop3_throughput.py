"""Prints how quickly POP3 fetches small messages: a bare socket, poplib, ours, all on one Dovecot.

    the bare socket   asks for all messages, counts their ends and keeps nothing
    ours, net only    Pop3Session: every message cut out, dots taken away
    ours, whole pass  the engine: parsed, stored with fsync, indexed, names noted

Run: PYTHONPATH=app:tests python tests/bench/pop3_throughput.py [COUNT]
"""

from __future__ import annotations

import os
import poplib
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from bench.distance import Distance
from bench.first_sync import account_of
from martlet.engine.engine import Engine
from martlet.engine.events import Announcer
from martlet.engine.pop3_store import Pop3Store
from martlet.engine.pop3_stream import batches, each_read
from martlet.mail.account import Protocol, Security, Server
from martlet.mail.folder import Role
from martlet.mail.route import STRAIGHT
from martlet.net.pop3 import Listed, Pop3Session
from martlet.paths import Profile
from martlet.store import folders
from martlet.store.blobs import Blobs
from martlet.store.database import Database
from support.dovecot import Dovecot

ROUND_TRIP_S = 0.04
AT_ONCE = 200
FAR = 1000


def letter(number: int) -> bytes:
    """Some 1,200 bytes, as a notification has."""
    lines = "\r\n".join(f"Line {n} of a short message, number {number}." for n in range(20))
    return (
        f"Return-Path: <robot@example.org>\r\nReceived: from mx.example.org by mail.example.org"
        f" with ESMTPS id {number:08x};\r\n\tMon, 01 Jan 2024 00:00:00 +0000\r\n"
        f"From: Robot <robot@example.org>\r\nTo: Ada <ada@example.org>\r\n"
        f"Subject: Notification {number}\r\nMessage-ID: <{number}.note@example.org>\r\n"
        f"Date: Mon, 01 Jan 2024 {number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}"
        f" +0000\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{lines}\r\n"
    ).encode()


def bare(port: int, command: str, count: int) -> None:
    """What the server can do: commands in rows, answers counted and thrown away."""
    with socket.create_connection(("127.0.0.1", port)) as sock:
        reader = sock.makefile("rb")
        reader.readline()
        for line in (b"USER ada\r\n", b"PASS secret\r\n"):
            sock.sendall(line)
            reader.readline()
        asked = came = 0
        tail = b""
        while came < count:
            if asked < count and asked - came <= AT_ONCE // 2:
                row = range(asked + 1, min(count, came + AT_ONCE) + 1)
                sock.sendall(b"".join(f"{command.format(n)}\r\n".encode() for n in row))
                asked = row.stop - 1
            data = tail + sock.recv(262_144)
            came += data.count(b"\r\n.\r\n")
            tail = data[-4:]
        sock.sendall(b"QUIT\r\n")
        reader.close()


def by_poplib(port: int, count: int, *, top: bool = False) -> None:
    box = poplib.POP3("127.0.0.1", port)
    box.user("ada")
    box.pass_("secret")
    for number in range(1, count + 1):
        if top:
            box.top(number, 0)
        else:
            box.retr(number)
    box.quit()


def by_session(server: Server, count: int, *, top: bool = False) -> None:
    with Pop3Session.open(server, "secret", route=STRAIGHT, timeout_s=60.0) as session:
        numbers = range(1, count + 1)
        bodies = session.tops(numbers) if top else session.retrieve(numbers)
        assert sum(1 for _ in bodies) == count
        session.quit()


def by_engine(server: Server, root: Path, count: int, *, headers: bool = False) -> None:
    engine = Engine(Profile(root))
    try:
        engine.account_add(replace(account_of(server, "secret"), summary_first=headers), "")
        began = time.perf_counter()
        (report,) = engine.sync([], False)
        assert (report.error, report.new) == ("", count), report
        print(f"{'    of which after the engine was up':<44} {time.perf_counter() - began:7.2f} s")
    finally:
        engine.close()


def stored_alone(root: Path, bag: list[bytes]) -> None:
    """What remains without a network: parsing, blobs with fsync, rows, index."""
    engine = Engine(Profile(root))
    database, blobs = Database(root), Blobs(root)
    try:
        server = Server(Protocol.POP3, "127.0.0.1", 110, Security.NONE, "ada")
        account_id = engine.account_add(account_of(server, "secret"), "")
        inbox = folders.by_role(database, account_id, Role.INBOX)
        assert inbox is not None
        store = Pop3Store(account_id, database, blobs, Announcer(), time.time)
        about = {n: (f"u{n}", Listed(f"u{n}", len(raw))) for n, raw in enumerate(bag, 1)}
        began = time.perf_counter()
        for batch in batches(each_read(enumerate(bag, 1)), list(about), ()):
            store.whole(inbox.id, batch, about, {})
        print(f"{'    of which after the engine was up':<44} {time.perf_counter() - began:7.2f} s")
    finally:
        database.close()
        blobs.close()
        engine.close()


def timed(what: str, work: Callable[[], None], count: int, base_s: float = 0.0) -> float:
    began = time.perf_counter()
    work()
    took = time.perf_counter() - began
    ratio = f"{took / base_s:5.2f} x the bare read" if base_s else ""
    print(f"{what:<44} {took:7.2f} s {count / took:9.0f} messages/s  {ratio}", flush=True)
    return took


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    with Dovecot() as dovecot, tempfile.TemporaryDirectory() as place:
        bag = [letter(number) for number in range(count)]
        print(f"{count} messages, {sum(map(len, bag)) / 1e6:.1f} MB, {os.cpu_count()} cores")
        dovecot.deliver_many("ada", bag)
        server = dovecot.server(Protocol.POP3, "ada", Security.NONE)
        # The server's own first look at new files is not what is measured.
        by_session(server, count)
        base = timed("RETR, bare socket", lambda: bare(server.port, "RETR {}", count), count)
        timed("RETR, poplib", lambda: by_poplib(server.port, count), count, base)
        timed("RETR, ours, net only", lambda: by_session(server, count), count, base)
        alone = Path(place) / "alone"
        storage = timed("storage alone", lambda: stored_alone(alone, bag), count, base)
        print(f"{'bare read plus storage':<44} {base + storage:7.2f} s")
        for run in ("first", "second"):
            root = Path(place) / run
            timed(
                f"RETR, ours, whole pass ({run})",
                partial(by_engine, server, root, count),
                count,
                base,
            )
        top = timed("TOP 0, bare socket", lambda: bare(server.port, "TOP {} 0", count), count)
        timed("TOP 0, poplib", lambda: by_poplib(server.port, count, top=True), count, top)
        timed("TOP 0, ours, net only", lambda: by_session(server, count, top=True), count, top)
        root = Path(place) / "headers"
        timed(
            "TOP 0, ours, summaries of all",
            lambda: by_engine(server, root, count, headers=True),
            count,
            top,
        )
        print(f"over a round trip of {ROUND_TRIP_S * 1000:.0f} ms")
        with Distance(server.port, ROUND_TRIP_S) as far:
            away = replace(server, port=far.port)
            timed("RETR, poplib", lambda: by_poplib(far.port, FAR // 10), FAR // 10)
            timed("RETR, ours, net only", lambda: by_session(away, FAR), FAR)
            timed("TOP 0, ours, net only", lambda: by_session(away, FAR, top=True), FAR)


if __name__ == "__main__":
    main()
