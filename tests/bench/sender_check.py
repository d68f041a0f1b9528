"""Prints what the facts of a sender cost.

Run: PYTHONPATH=app:tests python tests/bench/sender_check.py [CONTACTS] [MESSAGES]

A profile of so many contacts and messages, half of them from contacts; the facts of known
senders, of strangers, of strangers with a contact's name, and of misspelt addresses. The domains
are made of thirteen syllables, so that far more of them look alike than in any real profile.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

from martlet.engine.sender_check import SenderCheck, file_facts
from martlet.mail.folder import Role
from martlet.mail.message import Address, Content, Envelope, MessageId
from martlet.mail.sync import Arrival
from martlet.mime.headers import envelope, parse_headers
from martlet.store import accounts, contacts, folders, mailbox
from martlet.store.database import Database
from support.stores import imap

_SYLLABLES = ("an", "ber", "ta", "lo", "mi", "ka", "ra", "sen", "dor", "vin", "pel", "gar", "hus")
_SHARED = ("gmail.com", "gmx.de", "outlook.com")
_ROUNDS = 400
_HEAD = (
    "Received: by store.example.org with LMTP id x\r\n"
    "Authentication-Results: mx.example.org; dkim=pass header.d={site}; dmarc=pass"
    " header.from={site}\r\n"
    "Received: from mail.{site} (mail.{site} [192.0.2.9]) by mx.example.org\r\n"
    "From: {name} <{address}>\r\nReply-To: answers@{site}\r\n\r\n"
)


def main() -> None:
    many, messages = (*map(int, sys.argv[1:]), 10_000, 100_000)[:2]
    dice = random.Random(7)

    def word(count: int) -> str:
        return "".join(dice.choices(_SYLLABLES, k=count))

    def stranger() -> Address:
        return Address(word(2), f"{word(2)}@{word(4)}.net")

    def contact(number: int) -> Address:
        site = dice.choice(_SHARED) if number % 3 == 0 else f"{word(4)}.com"
        return Address(f"{word(2)} {word(3)}".title(), f"{word(2)}.{word(2)}@{site}")

    def misspelt() -> Address:
        known = dice.choice(people).address
        place = dice.randrange(known.index("@") + 1, len(known) - 4)
        return Address(word(3), f"{known[:place]}{dice.choice('bcdf')}{known[place + 1 :]}")

    people = [contact(number) for number in range(many)]
    kinds = {
        "known": lambda: dice.choice(people),
        "stranger": stranger,
        "contact's name": lambda: Address(dice.choice(people).name, stranger().address),
        "misspelt": misspelt,
    }
    with tempfile.TemporaryDirectory() as root:
        database = Database(Path(root))
        with database.write() as tx:
            owner = accounts.add(tx, imap("home"))
            contacts.used(tx, people)
        inbox = folders.by_role(database, owner, Role.INBOX)
        assert inbox is not None
        for start in range(0, messages, 2000):
            came = [
                Arrival(
                    number,
                    Envelope("s", dice.choice(people) if number % 2 else stranger(), date=number),
                    frozenset(),
                    2000,
                    1.0,
                    Content(),
                )
                for number in range(start + 1, start + 2001)
            ]
            with database.write() as tx:
                mailbox.add_many(tx, inbox.id, came, index=False)
        check = SenderCheck(database, lambda: accounts.all_accounts(database))
        began = time.perf_counter()
        check.start()
        check.close()
        print(f"whom one knows, read in the background: {time.perf_counter() - began:.2f} s")
        for kind, made in kinds.items():
            alone: list[float] = []
            whole: list[float] = []
            for _ in range(_ROUNDS):
                who = made()
                site = who.address.rpartition("@")[2]
                text = _HEAD.format(name=who.name, address=who.address, site=site)
                headers = parse_headers(text.encode())
                head = envelope(headers)
                began = time.perf_counter()
                file_facts(head, headers, ())
                between = time.perf_counter()
                check.facts(MessageId(dice.randrange(1, messages)), head, headers, ())
                alone.append((between - began) * 1000)
                whole.append((time.perf_counter() - between) * 1000)
            whole.sort()
            middle, late = statistics.median(whole), whole[-_ROUNDS // 100]
            words = f"its own words alone {statistics.median(alone):.3f} ms"
            print(f"{kind:>14}: {middle:.2f} ms, p99 {late:.2f} ms; {words}")
        database.close()


if __name__ == "__main__":
    main()
