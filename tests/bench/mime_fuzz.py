"""Reads mangled messages, 100,000 unless told otherwise, and prints what went wrong and how to
have it again.

Run: PYTHONPATH=app:tests python tests/bench/mime_fuzz.py [COUNT [SEED]]
"""

from __future__ import annotations

import sys
import time
import traceback

from support.mangled import CHARSETS, mangled, read_whole

SLOW_S = 1.0


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    failed: dict[str, int] = {}
    began = time.perf_counter()
    slowest = (0.0, -1)
    for number, raw in enumerate(mangled(count, seed)):
        start = time.perf_counter()
        charset = CHARSETS[number % len(CHARSETS)] if number % 3 == 0 else ""
        try:
            read_whole(raw, charset, rendered=number % 10 == 0)
        except Exception as error:  # the one thing this is here to find
            where = traceback.extract_tb(error.__traceback__)[-1]
            key = f"{type(error).__name__} in {where.filename}:{where.lineno}: {error}"[:200]
            if key not in failed:
                print(f"message {number} of seed {seed}: {key}")
                traceback.print_exception(error)
            failed[key] = failed.get(key, 0) + 1
        took = time.perf_counter() - start
        slowest = max(slowest, (took, number))
        if took > SLOW_S:
            print(f"message {number} of seed {seed}: {len(raw)} bytes took {took:.1f} s")
    took = time.perf_counter() - began
    print(
        f"{count} messages of seed {seed} in {took:.0f} s: {sum(failed.values())} failed in "
        f"{len(failed)} ways; the slowest, {slowest[1]}, took {slowest[0]:.2f} s"
    )
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
