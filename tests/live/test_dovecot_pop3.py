"""POP3 against a real Dovecot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from martlet.mail.account import Protocol, Security
from martlet.mail.errors import AuthFailed, Refused, TlsRefused
from martlet.mail.route import STRAIGHT, Route
from martlet.net.pop3 import Pop3Session
from support.dovecot import Dovecot, installed

pytestmark = pytest.mark.skipif(not installed(), reason="Dovecot is not installed")

# After a wrong password everybody at this address would have to wait.
NO_PENALTY = "service anvil {\n  unix_listener anvil-auth-penalty {\n    mode = 0\n  }\n}\n"


@pytest.fixture(scope="module")
def shared() -> Iterator[Dovecot]:
    with Dovecot(settings=NO_PENALTY) as running:
        yield running


@pytest.fixture
def dovecot(shared: Dovecot) -> Iterator[Dovecot]:
    yield shared
    for user in shared.users:
        shared.doveadm("expunge", "-u", user, "mailbox", "INBOX", "all")


def open_session(
    dovecot: Dovecot,
    security: Security = Security.TLS,
    *,
    user: str = "ada",
    auth: str = "",
    secret: str = "",
) -> Pop3Session:
    return Pop3Session.open(
        dovecot.server(Protocol.POP3, user, security, auth),
        secret or dovecot.password,
        route=Route(ca_file=dovecot.ca_file),
        timeout_s=20.0,
    )


def letter(number: int) -> bytes:
    return f"Subject: number {number}\r\n\r\n.dot\r\n..dots\r\n{'x' * number}\r\n".encode()


@pytest.mark.parametrize("security", list(Security))
@pytest.mark.parametrize("auth", ["", "PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"])
def test_signing_in(dovecot: Dovecot, security: Security, auth: str) -> None:
    dovecot.deliver("ada", letter(1))
    with open_session(dovecot, security, auth=auth) as session:
        assert session.count() == 1
        session.quit()


@pytest.mark.parametrize("security", list(Security))
def test_five_hundred_messages_pipelined(dovecot: Dovecot, security: Security) -> None:
    letters = [letter(n) for n in range(500)]
    dovecot.deliver_many("ada", letters)
    with open_session(dovecot, security) as session:
        names = session.uidls()
        assert len(set(names.values())) == 500
        sizes = session.sizes()
        got = dict(session.retrieve(sorted(names)))
        assert [got[n] for n in sorted(got)] == letters
        assert [sizes[n] for n in sorted(sizes)] == [len(raw) for raw in letters]
        headers = dict(session.tops(sorted(names)))
        assert headers[500] == b"Subject: number 499\r\n\r\n"
        session.quit()


def test_only_quit_deletes(dovecot: Dovecot) -> None:
    dovecot.deliver_many("ada", [letter(n) for n in range(3)])
    with open_session(dovecot) as session:
        names = session.uidls()
        session.delete([1, 2])
    with open_session(dovecot) as session:
        assert session.uidls() == names
        session.delete([1, 2])
        session.quit()
    with open_session(dovecot) as session:
        assert list(session.uidls().values()) == [names[3]]
        session.quit()


def test_a_message_that_is_not_there(dovecot: Dovecot) -> None:
    dovecot.deliver("ada", letter(1))
    with open_session(dovecot) as session:
        assert dict(session.retrieve([7, 1])) == {1: letter(1)}
        assert list(session.refused) == [7]
        with pytest.raises(Refused):
            session.top(8)
        assert session.delete([9]) == []
        assert list(session.refused) == [7, 8, 9]
        session.quit()


def test_an_empty_maildrop(dovecot: Dovecot) -> None:
    with open_session(dovecot, user="bruno") as session:
        assert session.uidls() == {}
        assert session.sizes() == {}
        assert list(session.retrieve([])) == []
        session.quit()


@pytest.mark.parametrize("auth", ["", "PLAIN", "CRAM-MD5", "SCRAM-SHA-256"])
def test_a_wrong_password(dovecot: Dovecot, auth: str) -> None:
    with pytest.raises(AuthFailed, match="refused the user name or password"):
        open_session(dovecot, auth=auth, secret="wrong")


def test_the_wrong_security_for_a_port(dovecot: Dovecot) -> None:
    right = dovecot.server(Protocol.POP3, security=Security.STARTTLS)
    with pytest.raises(TlsRefused, match="does not answer with TLS"):
        Pop3Session.open(
            replace(right, security=Security.TLS),
            "x",
            route=STRAIGHT,
            timeout_s=20.0,
        )


def test_a_certificate_nobody_knows(dovecot: Dovecot) -> None:
    for security in (Security.TLS, Security.STARTTLS):
        with pytest.raises(TlsRefused) as caught:
            Pop3Session.open(
                dovecot.server(Protocol.POP3, security=security),
                dovecot.password,
                route=STRAIGHT,
                timeout_s=20.0,
            )
        assert caught.value.fingerprint == dovecot.certificates.sha256
