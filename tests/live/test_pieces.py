"""Messages in pieces as they come from a real server, by IMAP and by POP3, and are moved."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from martlet.engine.engine import Engine
from martlet.mail.account import Account, AccountId, Keep, Protocol, SecretSource
from martlet.mail.folder import Role
from martlet.mail.message import MessageRow
from martlet.paths import Profile
from martlet.store.reader import Reader
from support.dovecot import Dovecot, installed
from support.in_pieces import pieces

pytestmark = pytest.mark.skipif(not installed(), reason="Dovecot is not installed")


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    with Dovecot() as running:
        yield running


@pytest.mark.parametrize("protocol", [Protocol.IMAP, Protocol.POP3])
def test_they_are_one_message_however_they_come(
    tmp_path: Path, dovecot: Dovecot, protocol: Protocol
) -> None:
    user = "ada" if protocol is Protocol.IMAP else "bruno"
    raws = pieces()
    dovecot.deliver_many(user, [raws[2], raws[0]])
    engine, reader = Engine(Profile(tmp_path)), Reader(tmp_path)
    try:
        account = engine.account_add(
            Account(
                AccountId(0),
                "work",
                f"{user}@example.org",
                incoming=dovecot.server(protocol, user),
                secret=SecretSource.ASK,
                ca_file=dovecot.ca_file,
                keep=Keep.ALL,
            ),
            dovecot.password,
        )

        def rows() -> dict[str, MessageRow]:
            (report,) = engine.sync([account], False)
            assert (report.error, report.problems) == ("", ())
            found: dict[str, MessageRow] = {}
            for folder in reader.folders(account):
                if folder.role is Role.INBOX:
                    found = {row.subject: row for row in reader.page(folder.id, None, 10)}
            return found

        first = rows()["Plan (1)"].id
        piece = engine.render(first, wait=True).cards.piece
        assert piece is not None
        assert piece.here == (1, 3)
        dovecot.deliver_many(user, [raws[1]])
        last = rows()["Plan (3)"].id
        assert engine.render(first).text.strip() == "All of it, at last."
        # One that lies elsewhere is still of it; what is copied too, at once and when indexed.
        archive = engine.folder_create(account, "Old")
        engine.move([last], archive)
        assert engine.render(first).text.strip() == "All of it, at last."
        engine.copy([first], archive)
        copies = [row.id for row in reader.page(archive, None, 10) if row.subject == "Plan (1)"]
        for _ in range(2):
            assert engine.render(copies[0]).text.strip() == "All of it, at last."
            engine.tidy()
        engine.delete([last], True)
        assert engine.render(first).cards.piece is not None
    finally:
        engine.close()
        reader.close()
