"""Profiles for the benches: one account whose server refuses, and as many messages as asked for.

The newest `READABLE` messages have bodies that can be shown, by turns plain text and HTML (rows
0, 2, 4 ... are plain); all others are indexed with their text, and their bodies are not there.
"""

from __future__ import annotations

import itertools
import random
from pathlib import Path

from bench.mailbag import CHINESE, NAMES, WORDS
from martlet.mail.account import Account, AccountId, Protocol, SecretSource, Security, Server
from martlet.mail.folder import Role
from martlet.mail.message import ANSWERED, FLAGGED, SEEN, Address, Content, Envelope
from martlet.mail.sync import Arrival
from martlet.paths import Profile
from martlet.store import accounts, folders, mailbox
from martlet.store.blobs import Blobs
from martlet.store.database import Database

READABLE = 200
RARE = 20_000
_NEWEST = 1_790_000_000.0
_BATCH = 2_000
_LENGTH = 120


def account(server: Server, password: str) -> Account:
    """An IMAP account that asks nobody for its password."""
    return Account(
        AccountId(0),
        "bench",
        "ada@example.org",
        incoming=server,
        secret=SecretSource.COMMAND,
        password_command=f"echo {password}",
    )


def refusing(port: int) -> Server:
    """Nobody listens there."""
    return Server(Protocol.IMAP, "127.0.0.1", port, Security.NONE, "ada")


def make(root: Path, one: Account, count: int) -> None:
    """A profile with this account and `count` messages in its inbox."""
    profile = Profile(root)
    profile.create()
    database, blobs = Database(profile.root), Blobs(profile.root)
    try:
        with database.write() as tx:
            owner = accounts.add(tx, one)
        inbox = folders.by_role(database, owner, Role.INBOX)
        assert inbox is not None
        dice = random.Random(7)
        every = (_arrival(dice, number, count, blobs) for number in range(1, count + 1))
        while batch := list(itertools.islice(every, _BATCH)):
            with database.write() as tx:
                mailbox.add_many(tx, inbox.id, batch)
    finally:
        blobs.close()
        database.close()


# Some words are in many messages, each of 20,000 others in a few: as in a language.
_LANGUAGE = (*WORDS, *(f"word{number}" for number in range(RARE)))
_WEIGHTS = tuple(itertools.accumulate(1 / (place + 3) for place in range(len(_LANGUAGE))))


def _arrival(dice: random.Random, number: int, count: int, blobs: Blobs) -> Arrival:
    words = dice.choices(_LANGUAGE, cum_weights=_WEIGHTS, k=_LENGTH)
    text = " ".join(words)
    if dice.random() < 0.1:
        text += f" {dice.choice(CHINESE)}"
    name = dice.choice(NAMES)
    head = Envelope(
        " ".join(words[: 2 + number % 5]),
        Address(name, f"person{number % 97}@example.org"),
        (Address("Ada", "ada@example.org"),),
        date=_NEWEST - (count - number) * 900.0,
        message_id=f"<{number}.bench@example.org>",
    )
    flags = set()
    if number % 5:
        flags.add(SEEN)
    if number % 40 == 0:
        flags.add(FLAGGED)
    if number % 11 == 0:
        flags.add(ANSWERED)
    blob = ""
    age = count - number
    if age < READABLE:
        blob = blobs.put(_raw(head, text, html=age % 2 == 1))
    return Arrival(
        number,
        head,
        frozenset(flags),
        4_000,
        head.date or 0.0,
        Content(text[:160], text, int(number % 15 == 0)),
        blob,
    )


def _raw(head: Envelope, text: str, *, html: bool) -> bytes:
    body = text
    if html:
        cells = "".join(f"<tr><td>{word}</td><td>{len(word)}</td></tr>" for word in text.split())
        body = f"<html><body><h1>{head.subject}</h1><p>{text}</p><table>{cells}</table></body>"
    return (
        f"From: <{head.sender.address}>\r\nTo: Ada <ada@example.org>\r\nSubject: {head.subject}\r\n"
        f"Message-ID: {head.message_id}\r\nMIME-Version: 1.0\r\n"
        f"Content-Type: text/{'html' if html else 'plain'}; charset=utf-8\r\n\r\n{body}\r\n"
    ).encode()
