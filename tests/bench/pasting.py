"""How long the window's thread is held while 100,000 recipients are pasted, and how long it takes.

QT_QPA_PLATFORM=offscreen PYTHONPATH=app:tests python tests/bench/pasting.py
"""

from __future__ import annotations

import time

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from martlet.mail.account import AccountId
from martlet.mail.outgoing import Draft, DraftId
from martlet.ui.compose.people.header import LetterHeader

PEOPLE = 100_000


def main() -> None:
    app = QApplication([])
    header = LetterHeader([], lambda _text, _limit: [])
    header.load(Draft(DraftId(0), AccountId(1)))
    header.resize(780, 240)
    header.show()
    app.processEvents()
    text = ", ".join(f'"Person, {n}" <person{n}@host{n % 99}.example>' for n in range(PEOPLE))
    turns: list[float] = []
    last = time.perf_counter()

    def tick() -> None:
        nonlocal last
        now = time.perf_counter()
        turns.append((now - last) * 1000)
        last = now

    ticking = QTimer(interval=0)
    ticking.timeout.connect(tick)
    ticking.start()
    began = time.perf_counter()
    header.to.paste(text)
    held = (time.perf_counter() - began) * 1000
    while header.reading:
        app.processEvents()
    took = time.perf_counter() - began
    began = time.perf_counter()
    count = len(header.to.addresses())
    asked = (time.perf_counter() - began) * 1000
    print(f"{count} recipients in {took:.2f} s; the paste itself {held:.0f} ms; all asked for in"
          f" {asked:.1f} ms; longest turn {max(turns):.0f} ms")  # fmt: skip


if __name__ == "__main__":
    main()
