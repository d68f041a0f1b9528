"""Sending through a real Postfix, which asks Dovecot for passwords and delivers to it."""

from __future__ import annotations

import base64
import random
from collections.abc import Iterator

import pytest

from martlet.mail.account import Protocol, Security
from martlet.mail.errors import AuthFailed
from martlet.mail.route import Route
from martlet.net.pop3 import Pop3Session
from martlet.net.smtp import SendRefused, Submission, check, submit
from support.dovecot import Dovecot
from support.postfix import Postfix, mail_host, unusable

pytestmark = pytest.mark.skipif(bool(unusable()), reason=unusable() or "usable")

Host = tuple[Dovecot, Postfix]
ADA, BRUNO = "ada@example.org", "bruno@example.org"


@pytest.fixture(scope="module")
def shared() -> Iterator[Host]:
    with mail_host() as running:
        yield running


@pytest.fixture
def host(shared: Host) -> Iterator[Host]:
    yield shared
    dovecot, _ = shared
    for user in dovecot.users:
        dovecot.doveadm("expunge", "-u", user, "mailbox", "INBOX", "all")


def hand_over(
    host: Host,
    raw: bytes,
    *recipients: str,
    security: Security = Security.STARTTLS,
    auth: str = "",
    user: str = "ada",
) -> Submission:
    dovecot, postfix = host
    return submit(
        postfix.server(user, security, auth),
        dovecot.password,
        sender=ADA,
        recipients=recipients,
        raw=raw,
        route=Route(ca_file=dovecot.ca_file),
        timeout_s=20.0,
    )


def arrived(host: Host, user: str) -> bytes:
    """The one message in a user's inbox, once it is there, without what was added on its way."""
    dovecot, postfix = host
    postfix.wait_until_delivered()
    with Pop3Session.open(
        dovecot.server(Protocol.POP3, user),
        dovecot.password,
        route=Route(ca_file=dovecot.ca_file),
        timeout_s=20.0,
    ) as session:
        ((_, raw),) = session.retrieve(sorted(session.uidls()))
        session.quit()
    return raw[raw.index(b"Subject: ") :]


@pytest.mark.parametrize("security", list(Security))
@pytest.mark.parametrize("auth", ["", "PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"])
def test_every_way_in(host: Host, security: Security, auth: str) -> None:
    raw = b"Subject: hello\r\nFrom: ada@example.org\r\n\r\n.dot\r\n..dots\r\n.\r\nend\r\n"
    done = hand_over(host, raw, BRUNO, security=security, auth=auth)
    assert [result.code for result in done.results] == [250]
    assert "queued as" in done.said
    assert arrived(host, "bruno") == raw


def test_ten_megabytes_arrive_byte_for_byte(host: Host) -> None:
    data = random.Random(7).randbytes(10 << 20)
    lines = base64.encodebytes(data).replace(b"\n", b"\r\n")
    raw = (
        b"Subject: big\r\nFrom: ada@example.org\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    ) + lines
    told: list[int] = []
    dovecot, postfix = host
    submit(
        postfix.server(),
        dovecot.password,
        sender=ADA,
        recipients=[BRUNO],
        raw=raw,
        route=Route(ca_file=dovecot.ca_file),
        timeout_s=60.0,
        progress=lambda done, total: told.append(done),
    )
    assert told[-1] == len(raw)
    assert arrived(host, "bruno") == raw


def test_text_of_eight_bits_arrives_as_it_was(host: Host) -> None:
    raw = "Subject: x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nschön, 好\r\n".encode()
    hand_over(host, raw, BRUNO)
    assert arrived(host, "bruno") == raw


@pytest.mark.parametrize("auth", ["PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-256"])
def test_a_wrong_password(host: Host, auth: str) -> None:
    dovecot, postfix = host
    with pytest.raises(AuthFailed, match="refused the user name or password"):
        check(
            postfix.server(auth=auth), "wrong", route=Route(ca_file=dovecot.ca_file), timeout_s=20.0
        )


def test_check(host: Host) -> None:
    dovecot, postfix = host
    said = check(
        postfix.server(), dovecot.password, route=Route(ca_file=dovecot.ca_file), timeout_s=20.0
    )
    assert said == "signed in as ada, takes up to 50 MB"


def test_one_recipient_refused_the_others_get_it(host: Host) -> None:
    raw = b"Subject: some\r\nFrom: ada@example.org\r\n\r\nhello\r\n"
    done = hand_over(host, raw, "nobody@example.org", BRUNO, "x@elsewhere.example", ADA)
    assert [result.code for result in done.results] == [550, 250, 554, 250]
    assert arrived(host, "bruno") == raw
    assert arrived(host, "ada") == raw


def test_all_recipients_refused(host: Host) -> None:
    with pytest.raises(SendRefused, match="there is no such address") as caught:
        hand_over(host, b"Subject: x\r\n\r\n", "nobody@example.org")
    assert caught.value.results[0].code == 550


def test_without_a_name_nobody_may_send(host: Host) -> None:
    with pytest.raises((SendRefused, AuthFailed)):
        hand_over(host, b"Subject: x\r\n\r\n", BRUNO, user="")


def test_too_big_is_told_in_numbers(host: Host) -> None:
    with pytest.raises(SendRefused, match="accepts at most 50 MB, this message has 51 MB"):
        hand_over(host, b"x" * (51 << 20), BRUNO)
