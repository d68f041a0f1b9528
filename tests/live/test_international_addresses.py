"""Letters to addresses beyond ASCII through a real Postfix that knows SMTPUTF8, and one that does
not."""

from __future__ import annotations

import pytest

from martlet.mail.account import AccountId
from martlet.mail.message import Address
from martlet.mail.outgoing import Draft, DraftId
from martlet.mail.route import Route
from martlet.mime.writing.compose import build
from martlet.net.smtp import SendRefused, submit
from support.dovecot import Dovecot
from support.postfix import AUTH_LISTENER, UNICODE_ADDRESS, Postfix, unusable

pytestmark = pytest.mark.skipif(bool(unusable()), reason=unusable() or "usable")

ADA, BRUNO = Address("Ada", "ada@example.org"), Address("Bruno", "bruno@example.org")
WIDE = Address("Jürgen", UNICODE_ADDRESS)


def send(postfix: Postfix, *to: Address) -> list[str]:
    draft = Draft(DraftId(0), AccountId(1), to=to, subject="Grüße", text="Hello")
    raw = build(draft, ADA, "<1@example.org>", 1.8e9, lambda _part: b"", False)
    done = submit(
        postfix.server(),
        postfix.dovecot.password,
        sender=ADA.address,
        recipients=[each.address for each in to],
        raw=raw,
        route=Route(ca_file=postfix.dovecot.ca_file),
        timeout_s=20.0,
    )
    return [each.address for each in done.results if each.good]


def test_a_server_that_knows_them_takes_them() -> None:
    with Dovecot(settings=AUTH_LISTENER) as dovecot, Postfix(dovecot) as postfix:
        assert send(postfix, WIDE) == [UNICODE_ADDRESS]
        postfix.wait_until_delivered()
        assert UNICODE_ADDRESS in postfix.log.read_text(errors="replace")


def test_a_server_that_does_not_is_told_nothing() -> None:
    settings = "smtputf8_enable = no\n"
    with Dovecot(settings=AUTH_LISTENER) as dovecot, Postfix(dovecot, settings=settings) as postfix:
        with pytest.raises(SendRefused) as refused:
            send(postfix, BRUNO, WIDE)
        assert UNICODE_ADDRESS in refused.value.summary
        assert send(postfix, BRUNO) == [BRUNO.address]
        postfix.wait_until_delivered()
        assert dovecot.doveadm("search", "-u", "bruno", "mailbox", "INBOX", "all").count("\n") == 1
