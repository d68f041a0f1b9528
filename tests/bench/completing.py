"""How long completing an address takes among 50,000, beside reading them all with LIKE.

PYTHONPATH=app:tests python tests/bench/completing.py
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from martlet.mail.message import Address
from martlet.store import contacts
from martlet.store.database import Database
from martlet.store.reader import Reader

PEOPLE = 50_000
FIRST = [
    "Anna",
    "Bruno",
    "Carla",
    "Dörte",
    "Émile",
    "Fatima",
    "Gert",
    "Hélène",
    "Igor",
    "Jürgen",
    "Łukasz",
    "Søren",
    "Zoë",
    "Наталья",
]
LAST = (
    "Berg",
    "Åkesson",
    "Müller",
    "Çelik",
    "Dupont",
    "Novák",
    "García",
    "Østergaard",
    "O'Neill",
    "Иванова",
    "Schmidt",
)
CHINESE = "王李张刘陈杨赵黄周吴小明伟芳娜敏静丽强磊军洋勇艳杰娟涛超秀英华慧"
HOSTS = [f"host{n}.example" for n in range(300)] + ["gmail.com"] * 300


def people(rng: random.Random) -> list[Address]:
    """Names in three scripts with some thousand surnames."""
    made = []
    for number in range(PEOPLE):
        if number % 7 == 0:
            name = "".join(rng.choices(CHINESE, k=3))
            local = f"u{rng.randrange(10**9)}"
        else:
            last = rng.choice(LAST) + rng.choice(["", "a", "sen", "er", str(number % 997)])
            name = f"{rng.choice(FIRST)} {last}"
            local = name.encode("ascii", "ignore").decode().replace(" ", ".") + str(number)
        made.append(Address(name, f"{local.lower()}@{rng.choice(HOSTS)}"))
    return made


def typed(rng: random.Random, everyone: list[Address]) -> list[str]:
    """What is asked for while people write: each beginning of names, addresses and of nobody."""
    asked = []
    for one in rng.sample(everyone, 120):
        source = rng.choice([one.name, one.address, *one.name.split()])
        asked += [source[:length] for length in range(1, min(9, len(source)) + 1)]
    return [*asked, "@gmail", "x", "zzz", "qu", "anna be", "an 997", "0", "u", "小", "明"]


def measured(what: Callable[[str], object], asked: list[str]) -> str:
    took = []
    for text in asked:
        began = time.perf_counter()
        what(text)
        took.append((time.perf_counter() - began) * 1000)
    took.sort()
    return (
        f"median {statistics.median(took):6.2f} ms   p95 {took[int(len(took) * 0.95)]:6.2f} ms"
        f"   worst {took[-1]:6.2f} ms"
    )


def main() -> None:
    rng = random.Random(6)
    with tempfile.TemporaryDirectory() as root:
        database = Database(Path(root))
        everyone = people(rng)
        began = time.perf_counter()
        with database.write() as tx:
            for number in range(0, PEOPLE, 1000):
                slice_ = everyone[number : number + 1000]
                contacts.used(tx, slice_, when=1.7e9 + rng.randrange(10**8))
        print(f"{PEOPLE} people written down in {time.perf_counter() - began:.1f} s")
        reader = Reader(Path(root))
        asked = typed(rng, everyone)

        def like(text: str) -> object:
            return reader.query(
                "SELECT name, address FROM contact WHERE name LIKE ? OR name LIKE ?"
                " OR address LIKE ? ORDER BY uses DESC, last_used DESC LIMIT 8",
                (f"{text}%", f"% {text}%", f"{text}%"),
            )

        reader.complete("a", 8)
        print("words    ", measured(lambda text: reader.complete(text, 8), asked))
        print("LIKE scan", measured(like, asked))
        reader.close()
        database.close()


if __name__ == "__main__":
    main()
