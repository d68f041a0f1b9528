"""A mail merge through a real Postfix to a real Dovecot: what arrives, and for whom."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from martlet.engine.engine import Engine
from martlet.mail.account import Account, AccountId, Protocol, SecretSource
from martlet.mail.outgoing import Draft, DraftId
from martlet.mail.spreadsheet import read_table
from martlet.paths import Profile
from martlet.store.reader import Reader
from support.dovecot import Dovecot
from support.postfix import Postfix, mail_host, unusable

pytestmark = pytest.mark.skipif(bool(unusable()), reason=unusable() or "usable")

Host = tuple[Dovecot, Postfix]
TABLE = "姓名,邮箱,sum\r\n爱达,ada@example.org,5 €\r\nBruno Ö.,bruno@example.org,<7>\r\n"


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with mail_host() as servers:
        yield servers


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = Engine(Profile(tmp_path))
    yield made
    made.close()


def test_each_gets_their_own_letter(host: Host, engine: Engine, tmp_path: Path) -> None:
    dovecot, postfix = host
    account = engine.account_add(
        Account(
            AccountId(0),
            "ada",
            "ada@example.org",
            "Ada",
            incoming=dovecot.server(Protocol.IMAP, "ada"),
            outgoing=postfix.server("ada"),
            secret=SecretSource.ASK,
            ca_file=dovecot.ca_file,
        ),
        dovecot.password,
    )
    plan = engine.attach_bytes("计划.pdf", "application/pdf", b"%PDF plan")
    html = "<div>Dear <b>{{to.name}}</b>, {{sum}}</div>"
    draft = Draft(DraftId(0), account, subject="{{姓名}}: {{sum}}", html=html, parts=(plan,))
    table = read_table(TABLE.encode("gb18030"))
    letters = engine.merge(draft, list(table.rows), "邮箱", 0.0, 0.0, {}, "")
    (report,) = engine.sync([account], False)
    assert (report.error, report.sent) == ("", 2)
    postfix.wait_until_delivered()
    seen = set()
    for user, name, amount in (("ada", "爱达", "5 €"), ("bruno", "Bruno Ö.", "<7>")):
        mail = arrived(dovecot, user)
        assert [one.addr_spec for one in mail["To"].addresses] == [f"{user}@example.org"]
        assert mail["To"].addresses[0].display_name == name
        assert mail["Subject"] == f"{name}: {amount}"
        plain = mail.get_body(("plain",))
        assert plain is not None
        assert plain.get_content().strip() == f"Dear {name}, {amount}"
        (file,) = mail.iter_attachments()
        assert (file.get_filename(), file.get_content()) == ("计划.pdf", b"%PDF plan")
        seen.add(mail["Message-ID"])
    assert len(seen) == len(letters) == 2
    engine.sync([account], False)
    sent = dovecot.doveadm("search", "-u", "ada", "mailbox", "Sent", "all").split("\n")
    assert len([line for line in sent if line.strip()]) == 2
    assert Reader(tmp_path).outbox() == []


def arrived(dovecot: Dovecot, user: str) -> EmailMessage:
    """The one message in a user's inbox."""
    uids = dovecot.doveadm("fetch", "-u", user, "text", "mailbox", "INBOX", "all")
    raw = uids.partition("text:\n")[2]
    found = message_from_bytes(raw.encode(), policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found
