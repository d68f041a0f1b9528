"""Prints how long searches over many messages take, as the window asks for them.

Run: PYTHONPATH=app:tests python tests/bench/search.py [COUNT] [PROFILE]

PROFILE is made if it is not there, and kept.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

from bench.big_store import RARE, account, make, refusing
from bench.mailbag import CHINESE, NAMES, WORDS
from martlet.store.reader import Reader

ROUNDS = 3
WINDOW_LIMIT = 500


def queries() -> dict[str, list[str]]:
    """By kind, twenty or so each, none twice."""
    dice = random.Random(3)
    pairs = [" ".join(dice.sample(WORDS, 2)) for _ in range(20)]
    rare = [f"word{dice.randrange(RARE)}" for _ in range(20)]
    return {
        "common word": list(dice.sample(WORDS, 20)),
        "two common words": pairs,
        "rare word": rare,
        "common and rare": [f"{dice.choice(WORDS)} {one}" for one in rare],
        "word that is nowhere": [f"nowhere{number}" for number in range(20)],
        "beginning of a word": [f"{word[:3]}*" for word in dice.sample(WORDS, 20)],
        "phrase": [f'"{pair}"' for pair in pairs],
        "Chinese": list(CHINESE),
        "from: and a word": [f'from:"{name}" {dice.choice(WORDS)}' for name in NAMES],
        "subject:": [f"subject:{word}" for word in dice.sample(WORDS, 10)],
        "word, unread": [f"{word} is:unread" for word in dice.sample(WORDS, 10)],
        "word, starred, a year": [
            f"{word} is:starred before:2025" for word in dice.sample(WORDS, 10)
        ],
        "word without another": [f"{pair.split()[0]} -{pair.split()[1]}" for pair in pairs[:10]],
        "one or another": [" OR ".join(pair.split()) for pair in pairs[:10]],
        "is:unread has:attachment": ["is:unread has:attachment"],
        "no word: from: nobody": ["from:nobody7"],
    }


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def measure(root: Path) -> None:
    every: list[float] = []
    print(f"{'ms':<28}{'p50':>8}{'p95':>8}{'worst':>8}   found (median, {WINDOW_LIMIT} at most)")
    for kind, asked in queries().items():
        best: list[float] = []
        found: list[int] = []
        for query in asked:
            times: list[float] = []
            for _ in range(ROUNDS):
                # A new one each time: its page cache is empty (the system's is not).
                reader = Reader(root)
                reader.accounts()
                began = time.perf_counter()
                rows = reader.search(query, limit=WINDOW_LIMIT)
                times.append((time.perf_counter() - began) * 1000)
                reader.close()
            best.append(statistics.median(times))
            found.append(len(rows))
        every += best
        print(
            f"{kind:<28}{percentile(best, 0.5):>8.2f}{percentile(best, 0.95):>8.2f}"
            f"{max(best):>8.2f}   {statistics.median(found):.0f}",
            flush=True,
        )
    print(
        f"{'all':<28}{percentile(every, 0.5):>8.2f}{percentile(every, 0.95):>8.2f}"
        f"{max(every):>8.2f}"
    )


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as place:
        root = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(place)
        if not (root / "martlet.db").exists():
            began = time.perf_counter()
            make(root, account(refusing(1), "none"), count)
            print(f"{count} messages made in {time.perf_counter() - began:.0f} s")
        measure(root)


if __name__ == "__main__":
    main()
