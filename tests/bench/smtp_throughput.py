"""What sending costs: ours beside smtplib and the bare socket, near and far, small and large.

Run: PYTHONPATH=app:tests python tests/bench/smtp_throughput.py [quick]
The sink is support.smtp_sink in its own process; it takes everything and keeps nothing. The bare
socket writes the same bytes, all the commands of a letter at once, and counts the answers.
"""

from __future__ import annotations

import base64
import random
import smtplib
import socket
import sys
import time
from collections.abc import Callable

from bench.distance import Distance
from bench.first_sync import show
from martlet.mail.server import Server
from martlet.net.smtp import Sender, submit
from support.smtp_sink import Sink

OFFERS = ("PIPELINING", "8BITMIME", "SIZE 99000000", "ENHANCEDSTATUSCODES")
ROUND_TRIP_S = 0.04
SMALL = 500
FAR = 20
TIMES = 3
SENDER = "ada@example.org"
PEOPLE = [f"person-{number}@example.org" for number in range(5)]
NOTE = (
    b"Date: Sat, 21 Nov 2026 10:00:00 +0000\r\nFrom: ada@example.org\r\nTo: all@example.org\r\n"
    b"Subject: a note\r\nMessage-ID: <1@example.org>\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + b"Some words of a short letter.\r\n" * 40
)


def large(megabytes: int) -> bytes:
    """A letter with a picture, as it is sent: base64 in lines."""
    lines = base64.encodebytes(random.Random(4).randbytes(megabytes * 3 * (1 << 18)))
    return NOTE + lines.replace(b"\n", b"\r\n")


class Bare:
    """No client at all: bytes out, answers counted."""

    def __init__(self, server: Server) -> None:
        self._socket = socket.create_connection((server.host, server.port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._answers(1)
        self._socket.sendall(b"EHLO [127.0.0.1]\r\n")
        self._answers(1)

    def submit(self, raw: bytes) -> None:
        commands = [f"MAIL FROM:<{SENDER}> SIZE={len(raw)}\r\n"]
        commands += [f"RCPT TO:<{person}>\r\n" for person in PEOPLE]
        self._socket.sendall(b"RSET\r\n" + "".join(commands).encode() + b"DATA\r\n")
        self._answers(len(commands) + 2)
        self._socket.sendall(raw + b".\r\n")
        self._answers(1)

    def close(self) -> None:
        self._socket.sendall(b"QUIT\r\n")
        self._answers(1)
        self._socket.close()

    def _answers(self, count: int) -> None:
        said = b""
        while sum(line[3:4] == b" " for line in said.split(b"\r\n")[:-1]) < count:
            said += self._socket.recv(65_536)


def bare(server: Server, raw: bytes, times: int) -> None:
    line = Bare(server)
    for _ in range(times):
        line.submit(raw)
    line.close()


def ours(server: Server, raw: bytes, times: int) -> None:
    with Sender(server, "") as line:
        for _ in range(times):
            line.submit(sender=SENDER, recipients=PEOPLE, raw=raw)


def ours_anew(server: Server, raw: bytes, times: int) -> None:
    for _ in range(times):
        submit(server, "", sender=SENDER, recipients=PEOPLE, raw=raw)


def theirs(server: Server, raw: bytes, times: int) -> None:
    with smtplib.SMTP(server.host, server.port, local_hostname="[127.0.0.1]") as client:
        for _ in range(times):
            client.sendmail(SENDER, PEOPLE, raw)


def theirs_anew(server: Server, raw: bytes, times: int) -> None:
    for _ in range(times):
        theirs(server, raw, 1)


Way = Callable[[Server, bytes, int], None]


def measured(
    name: str, way: Way, server: Server, raw: bytes, times: int, *, runs: int = TIMES
) -> None:
    took = []
    for _ in range(runs):
        began = time.perf_counter()
        way(server, raw, times)
        took.append(time.perf_counter() - began)
    seconds = sorted(took)[len(took) // 2]
    rate = f"{times / seconds:8.0f} letters/s {times * len(raw) / seconds / 1e6:8.1f} MB/s"
    show(name, seconds, rate)


def main() -> None:
    quick = sys.argv[1:] == ["quick"]
    small, far, size = (50, 5, 2) if quick else (SMALL, FAR, 20)
    letter = large(size)
    print("sink: support.smtp_sink, offering", ", ".join(OFFERS))
    with Sink(*OFFERS) as sink, Distance(sink.port, ROUND_TRIP_S) as distance:
        near, remote = sink.server(), sink.server(distance.port)
        print(f"\n{small} letters of {len(NOTE)} bytes, 5 recipients each")
        for name, way in WAYS.items():
            measured(name, way, near, NOTE, small)
        print(f"\none letter of {len(letter) / 1e6:.0f} MB")
        for name, way in ONCE.items():
            measured(name, way, near, letter, 1)
        print(f"\n{far} letters, {ROUND_TRIP_S * 1000:.0f} ms there and back")
        for name, way in WAYS.items():
            measured(name, way, remote, NOTE, far, runs=1)
        print(f"\none small letter, {ROUND_TRIP_S * 1000:.0f} ms there and back")
        for name, way in ONCE.items():
            measured(name, way, remote, NOTE, 1, runs=1)
        print(f"\none letter of {len(letter) / 1e6:.0f} MB, the same distance")
        for name, way in ONCE.items():
            measured(name, way, remote, letter, 1, runs=1)


WAYS: dict[str, Way] = {
    "ours, one line": ours,
    "ours, a line each": ours_anew,
    "smtplib, one line": theirs,
    "smtplib, a line each": theirs_anew,
    "bare socket, one line": bare,
}
ONCE: dict[str, Way] = {"ours": ours, "smtplib": theirs, "bare socket": bare}

if __name__ == "__main__":
    main()
