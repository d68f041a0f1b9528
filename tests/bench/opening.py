"""Prints how long it takes to make messages ready to be shown, beside Python's own parser.

Run: PYTHONPATH=app:tests python tests/bench/opening.py

pure: parse and render, in this process. first, again: `Render` over the link to an engine of its
own process, of a message not asked for before, and of the same once more. part: `PartBytes` of one
of its attachments. email: what Python's own `email` takes to parse it and decode body and files,
without making anything safe.
"""

from __future__ import annotations

import email
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.mailbag import WORDS
from martlet.link.client import Client
from martlet.link.messages import PartBytes, Render, Shutdown
from martlet.link.start import connect
from martlet.mail.message import MessageId
from martlet.mime.render import render
from support.shelf import Shelf

ROUNDS = 5
PARAGRAPH = (
    '<table width=600 cellpadding=8 style="border-collapse: collapse; font: 14px Arial"><tr>'
    '<td style="padding: 8px; color: #333333"><p>{0}</p><a href="https://example.org/{1}">more</a>'
    '<img src="https://img.example.org/{1}.png" width=120 height=40></td></tr></table>'
)


def words(dice: random.Random, count: int) -> str:
    return " ".join(dice.choice(WORDS) for _ in range(count))


def plain(dice: random.Random) -> bytes:
    text = "\r\n".join(words(dice, 11) for _ in range(30))
    return head("plain", "text/plain; charset=utf-8") + f"{text} äöü\r\n".encode()


def rich(dice: random.Random, size: int) -> bytes:
    html = "<style>p { margin: 0 } .a td { color: #222 } @media print { p { width: 1px } }</style>"
    number = 0
    while len(html) < size:
        number += 1
        html += PARAGRAPH.format(words(dice, 40), number)
    return (
        head("rich", "multipart/alternative; boundary=alt")
        + f"--alt\r\nContent-Type: text/plain\r\n\r\n{words(dice, size // 40)}\r\n"
        f"--alt\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{html}\r\n--alt--\r\n".encode()
    )


def large(dice: random.Random, files: int = 40, size: int = 30_000_000) -> bytes:
    import base64

    pieces = [head("large", "multipart/mixed; boundary=mix"), b"--mix\r\n\r\nall of them\r\n"]
    for number in range(files):
        data = base64.encodebytes(dice.randbytes(size * 3 // 4 // files))
        pieces.append(
            f"--mix\r\nContent-Type: image/jpeg; name=picture{number}.jpg\r\n"
            "Content-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\n".encode()
        )
        pieces.append(data.replace(b"\n", b"\r\n"))
    return b"".join([*pieces, b"--mix--\r\n"])


def head(subject: str, kind: str) -> bytes:
    return (
        f"From: Ada <ada@example.org>\r\nTo: work@example.org\r\nSubject: {subject}\r\n"
        f"Date: Mon, 2 Mar 2026 09:00:00 +0100\r\nMIME-Version: 1.0\r\nContent-Type: {kind}\r\n\r\n"
    ).encode()


def by_email(raw: bytes) -> None:
    message = email.message_from_bytes(raw)
    for part in message.walk():
        if not part.is_multipart():
            part.get_payload(decode=True)


def ms(do: Callable[[], object], rounds: int = ROUNDS) -> float:
    times: list[float] = []
    for _ in range(rounds):
        began = time.perf_counter()
        do()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def row(client: Client, ids: list[MessageId], raw: bytes) -> list[float]:
    """One line of the table; part is 0 where there is no file."""
    fresh, last = iter(ids), ids[-1]
    first = ms(lambda: client.call(Render(next(fresh))))
    again = ms(lambda: client.call(Render(last)))
    files = client.call(Render(last)).attachments
    part = ms(lambda: client.call(PartBytes(last, files[0].part))) if files else 0.0
    pure = ms(lambda: render(MessageId(1), raw))
    return [pure, first, again, part, ms(lambda: by_email(raw))]


def main() -> None:
    dice = random.Random(7)
    kinds = {
        "plain, 2 kB": plain(dice),
        "HTML, 12 kB": rich(dice, 12_000),
        "HTML, 142 kB": rich(dice, 142_000),
        "40 files, 30 MB": large(dice),
    }
    with tempfile.TemporaryDirectory() as folder:
        shelf = Shelf(Path(folder) / "profile")
        # Of each kind as many as are opened for the first time.
        stored: dict[str, list[MessageId]] = {}
        for kind, raw in kinds.items():
            stored[kind] = shelf.put_all([b"X-N: %d\r\n%b" % (n, raw) for n in range(ROUNDS)])
        warm = shelf.put(plain(dice))
        client = connect(shelf.profile)
        client.call(Render(warm))
        print(f"{'ms':<18}{'pure':>9}{'first':>9}{'again':>9}{'part':>9}{'email':>9}")
        for kind, raw in kinds.items():
            print(f"{kind:<18}" + "".join(f"{one:>9.2f}" for one in row(client, stored[kind], raw)))
        client.call(Shutdown())
        client.close()


if __name__ == "__main__":
    main()
