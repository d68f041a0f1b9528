"""Prints how quickly mail is read for the index and how a large message is structured: ours beside
the standard library and, where it is installed, fast-mail-parser.

    ours, summarise    envelope, structure, preview, text to index, attachments counted
    ours, structure    headers and tree only
    compat32, default  the standard library's two policies: subject, from, to, date, every text
                       part decoded, attachments counted; of HTML the markup, not its words
    fast-mail-parser   a parser in Rust that decodes everything at once

Time is that of one core (CPU time): others at work on the machine change it little.

Run: PYTHONPATH=app:tests python tests/bench/mime_speed.py [COUNT]
"""

from __future__ import annotations

import base64
import email
import email.policy
import importlib
import random
import sys
import time
import tracemalloc
from collections.abc import Callable, Sequence
from email.message import Message as Found
from pathlib import Path

from bench.mailbag import messages
from martlet.mime.content import summarise
from martlet.mime.parse import parse

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "mail"
ROUNDS = 3
Reader = Callable[[bytes], object]


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
    made = list(messages(count))
    stocks = [(f"{count} generated, {sum(map(len, made)) // count} bytes each", made)]
    if CORPUS.exists():
        real = [path.read_bytes() for path in sorted(CORPUS.glob("*/*")) if path.is_file()]
        share = -(-count // len(real))
        mixed = (real * share)[: count // 5] + made[: count - count // 5]
        random.Random(7).shuffle(mixed)
        stocks.append(
            (f"{len(real)} of the corpus, {sum(map(len, real)) // len(real)} bytes", real)
        )
        stocks.append((f"{count} mixed, every fifth of the corpus", mixed))
    ours: list[tuple[str, Reader]] = [("ours, summarise", summarise), ("ours, structure", parse)]
    readers = [*ours, *others()]
    for title, stock in stocks:
        print(f"\n{title}")
        for name, reader in readers:
            rate, failed = speed(reader, stock)
            print(f"  {name:<18} {rate:>9,.0f} messages/s" + (f", {failed} raised" * bool(failed)))
    large = large_message()
    print(f"\none message of {len(large) / 1e6:.1f} MB with 40 files")
    for name, reader in readers:
        took = min(timed(reader, large) for _ in range(ROUNDS))
        tracemalloc.start()
        attempt(reader, large)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        print(f"  {name:<18} {took * 1000:>9.1f} ms, {peak / 1e6:.2f} MB beside it")
    return 0


def others() -> list[tuple[str, Reader]]:
    found: list[tuple[str, Reader]] = [
        ("compat32", lambda raw: stdlib(raw, email.policy.compat32)),
        ("default", lambda raw: stdlib(raw, email.policy.default)),
    ]
    try:
        fast = importlib.import_module("fast_mail_parser")
    except ImportError:
        return found
    return [*found, ("fast-mail-parser", fast.parse_email)]


def stdlib(raw: bytes, policy: email.policy.Policy) -> object:
    message: Found = email.message_from_bytes(raw, policy=policy)
    head = [str(message[name]) for name in ("subject", "from", "to", "date")]
    texts: list[str] = []
    files = 0
    for part in message.walk():
        if part.is_multipart():
            continue
        if part.get_content_maintype() == "text" and not part.get_filename():
            data = part.get_payload(decode=True)
            if isinstance(data, bytes):
                texts.append(data.decode(part.get_content_charset("utf-8"), "replace"))
        else:
            files += 1
    return head, texts, files


def attempt(reader: Reader, raw: bytes) -> bool:
    try:
        reader(raw)
    except Exception:  # others' parsers raise all sorts of things; that they do is the result
        return False
    return True


def timed(reader: Reader, raw: bytes) -> float:
    start = time.process_time()
    attempt(reader, raw)
    return time.process_time() - start


def speed(reader: Reader, stock: Sequence[bytes]) -> tuple[float, int]:
    """Messages per second of the best round, and how many raised."""
    best, failed = float("inf"), 0
    for _ in range(ROUNDS):
        start = time.process_time()
        failed = sum(not attempt(reader, raw) for raw in stock)
        best = min(best, time.process_time() - start)
    return len(stock) / best, failed


def large_message() -> bytes:
    dice = random.Random(3)
    head = "Subject: large\r\nContent-Type: multipart/mixed; boundary=edge\r\n\r\n"
    pieces = [head.encode() + b"--edge\r\nContent-Type: text/plain\r\n\r\nwords\r\n"]
    for number in range(40):
        data = base64.encodebytes(dice.randbytes(620_000)).replace(b"\n", b"\r\n")
        kind = f"Content-Type: application/pdf; name=plan-{number}.pdf\r\n"
        kind += "Content-Transfer-Encoding: base64\r\n\r\n"
        pieces.append(b"--edge\r\n" + kind.encode() + data)
    return b"".join([*pieces, b"--edge--\r\n"])


if __name__ == "__main__":
    raise SystemExit(main())
