"""Prints how soon a message that is clicked is painted, by kind, what Qt's loop then stands still,
and what the program weighs.

Run: PYTHONPATH=app:tests python tests/bench/opening_window.py

Messages lie in the store, the window is the real program on an Xvfb of its own, its engine a
process of its own. "jump": nothing was made ready for it; "next": its neighbour was read before.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from bench.big_store import account, refusing
from bench.mailbag import CHINESE, WORDS
from bench.window import Running, display, percentile
from martlet.mail.folder import Role
from martlet.mail.message import SEEN, Address, Content, Envelope
from martlet.mail.sync import Arrival
from martlet.paths import Profile
from martlet.store import accounts, folders, mailbox
from martlet.store.blobs import Blobs
from martlet.store.database import Database
from support.dovecot import free_port

_EACH = 40
_NEWEST = 1_790_000_000.0
KINDS = ("plain", "html", "chinese", "newsletter")
BIG = 4
_FILES = 40
_FILE = 560_000


def _body(kind: str, dice: random.Random) -> tuple[str, str]:
    """Content type and text."""
    words = " ".join(dice.choices(WORDS, k=180))
    quote = "\n".join(f"> {' '.join(dice.choices(WORDS, k=9))}" for _ in range(25))
    if kind == "plain":
        return "text/plain", f"Dear Ada,\n\n{words}\n\nOn Monday somebody wrote:\n{quote}\n"
    if kind == "chinese":
        return "text/plain", "\n\n".join(dice.choice(CHINESE) * 6 for _ in range(12))
    if kind == "html":
        return "text/html", f"<p>Dear Ada,</p><p>{words}</p><blockquote>{words}</blockquote>"
    style = "".join(f".c{n}{{color:#3{n % 10}5;padding:{n % 9}px}}" for n in range(120))
    cells = "".join(
        f'<tr><td class="c{n}" style="background:#f4f4f7"><a href="https://example.org/{n}">'
        f"{' '.join(dice.choices(WORDS, k=12))}</a></td><td width=80>{n}</td></tr>"
        for n in range(80)
    )
    html = f"<style>{style}</style><table width=600 align=center>{cells}</table>"
    return "text/html", html


def _raw(head: Envelope, kind: str, dice: random.Random) -> bytes:
    start = f"From: <{head.sender.address}>\r\nTo: Ada <ada@example.org>\r\n"
    start += f"Subject: {head.subject}\r\nMessage-ID: {head.message_id}\r\nMIME-Version: 1.0\r\n"
    if kind != "big":
        content_type, text = _body(kind, dice)
        text = text.replace("\n", "\r\n")
        return f"{start}Content-Type: {content_type}; charset=utf-8\r\n\r\n{text}\r\n".encode()
    line = b"QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0\r\n"
    parts = [f"{start}Content-Type: multipart/mixed; boundary=b\r\n\r\n".encode()]
    text = _body("html", dice)[1]
    parts.append(f"--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{text}\r\n".encode())
    for number in range(_FILES):
        parts.append(
            f"--b\r\nContent-Type: application/pdf; name=report{number}.pdf\r\n"
            "Content-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\n".encode()
        )
        parts.append(line * (_FILE * 4 // 3 // len(line)))
    return b"".join((*parts, b"--b--\r\n"))


def make(root: Path) -> None:
    """A profile whose inbox has, newest first, the kinds by turns, and then the big ones."""
    profile = Profile(root)
    profile.create()
    database, blobs = Database(profile.root), Blobs(profile.root)
    dice = random.Random(3)
    kinds = [KINDS[n % len(KINDS)] for n in range(_EACH * len(KINDS))] + ["big", "plain"] * BIG
    arrivals = []
    for number, kind in enumerate(kinds):
        head = Envelope(
            f"{kind} {number}",
            Address("Somebody", f"person{number}@example.org"),
            (Address("Ada", "ada@example.org"),),
            date=_NEWEST - number * 900.0,
            message_id=f"<{number}.opening@example.org>",
        )
        raw = _raw(head, kind, dice)
        arrivals.append(
            Arrival(
                10_000 - number,
                head,
                frozenset({SEEN}),
                len(raw),
                head.date or 0.0,
                Content(kind, kind, _FILES if kind == "big" else 0),
                blobs.put(raw),
            )
        )
    try:
        with database.write() as tx:
            owner = accounts.add(tx, account(refusing(free_port()), "none"))
        inbox = folders.by_role(database, owner, Role.INBOX)
        assert inbox is not None
        with database.write() as tx:
            mailbox.add_many(tx, inbox.id, arrivals)
    finally:
        blobs.close()
        database.close()


def _opened(window: Running, name: str, first: int, step: int, count: int) -> None:
    window.say(f"{name} {first} {step} {count}")
    said = window.wait_for("turns", name)
    times, own = said["times"], said["own"]
    print(
        f"{name:<24} p50 {percentile(times, 0.5):>6.1f}  p95 {percentile(times, 0.95):>6.1f}"
        f"  first {times[0]:>6.1f} ms   worst turn {max(said['wall'], default=0):>5.1f}"
        f" (own {max(own, default=0):.1f}) ms",
        flush=True,
    )


def _weight(window: Running, what: str) -> None:
    time.sleep(1)
    window.rest()
    found = window.pss()
    kinds = ", ".join(f"{kind} {mib:.0f}" for kind, mib in found.items())
    print(f"{what:<24} {sum(found.values()):>6.0f} MiB PSS ({kinds})", flush=True)


def measure(profile: Path, environment: Mapping[str, str]) -> None:
    probe = str(Path(__file__).with_name("opening_probe.py"))
    window = Running([sys.executable, probe, "--profile", str(profile)], environment)
    window.wait_for("row")
    _weight(window, "before any message")
    turn = len(KINDS)
    last = _EACH * turn
    _opened(window, "plain-jump", 0, 2 * turn, _EACH // 2)
    _weight(window, "after plain ones")
    for number, kind in enumerate(KINDS[1:], 1):
        _opened(window, f"{kind}-jump", number, 2 * turn, _EACH // 2)
    _opened(window, "all-next", 0, 1, 40)
    _weight(window, "after HTML ones")
    _opened(window, "big-jump", last, 2, BIG)
    _weight(window, "after big ones")
    window.say("quit")
    window.end()


def main() -> None:
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    with display() as environment, tempfile.TemporaryDirectory() as place:
        make(Path(place))
        measure(Path(place), environment)


if __name__ == "__main__":
    main()
