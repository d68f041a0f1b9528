"""Sending through a real Postfix, which asks Dovecot for passwords and delivers to it."""

from __future__ import annotations

import base64
import contextlib
import random
from collections.abc import Iterator

import pytest

from martlet.mail.account import Protocol, Security
from martlet.mail.errors import AuthFailed
from martlet.mail.outgoing import SendOptions
from martlet.mail.route import Route
from martlet.net.pop3 import Pop3Session
from martlet.net.smtp import Sender, SendRefused, Submission, check, submit
from martlet.net.smtp_parameters import PLAIN
from support.dovecot import Dovecot
from support.oauth_server import OAuthServer
from support.postfix import AUTH_LISTENER, Postfix, mail_host, unusable

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
    dovecot, postfix = shared
    postfix.wait_until_delivered()
    for user in dovecot.users:
        dovecot.doveadm("expunge", "-u", user, "mailbox", "INBOX", "all")


def hand_over(
    host: Host,
    raw: bytes,
    *recipients: str,
    security: Security = Security.STARTTLS,
    auth: str = "",
    user: str = "ada",
    options: SendOptions = PLAIN,
    envelope_id: str = "",
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
        options=options,
        envelope_id=envelope_id,
    )


def arrived(host: Host, user: str) -> bytes:
    """The one message in a user's inbox, once it is there, without what was added on its way."""
    raw = whole(host, user)
    return raw[raw.index(b"Subject: ") :]


def whole(host: Host, user: str) -> bytes:
    """The one message in a user's inbox, as it is there."""
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
    return raw


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


def failures(postfix: Postfix) -> int:
    """How often somebody was not let in, by Postfix's log; it is complete for who has left."""
    postfix.wait_until_left()
    return postfix.log.read_text().count("authentication failed")


@pytest.mark.parametrize("auth", ["PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-256"])
def test_a_wrong_password_is_tried_once(host: Host, auth: str) -> None:
    dovecot, postfix = host
    before = failures(postfix)
    with pytest.raises(AuthFailed, match="refused the user name or password"):
        check(
            postfix.server(auth=auth), "wrong", route=Route(ca_file=dovecot.ca_file), timeout_s=20.0
        )
    assert failures(postfix) == before + 1


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


NOTE = b"Subject: hello\r\nFrom: ada@example.org\r\n\r\n.dot\r\n"


def test_reports_of_success_name_the_letter(host: Host) -> None:
    done = hand_over(host, NOTE, BRUNO, options=SendOptions(dsn=True), envelope_id="letter+17=x")
    assert (done.dsn, done.envelope_id) == (True, "letter+17=x")
    report = whole(host, "ada")
    assert b"Original-Envelope-Id: letter+17=x" in report
    assert b"Original-Recipient: rfc822;bruno@example.org" in report
    assert b"hello" in report


def test_without_a_wish_there_is_no_report(host: Host) -> None:
    assert not hand_over(host, NOTE, BRUNO, envelope_id="letter-18").dsn
    assert arrived(host, "bruno") == NOTE
    dovecot, _ = host
    assert "messages=0" in dovecot.doveadm("mailbox", "status", "-u", "ada", "messages", "INBOX")


def test_verified_tls_all_the_way_is_more_than_postfix_promises(host: Host) -> None:
    with pytest.raises(SendRefused, match="localhost cannot promise that"):
        hand_over(host, NOTE, BRUNO, options=SendOptions(require_tls=True))


def test_an_address_beyond_ascii(host: Host) -> None:
    done = hand_over(host, NOTE, "jürgen@example.org", BRUNO)
    assert [result.code for result in done.results] == [250, 250]


def test_many_recipients_ahead_of_their_answers(host: Host) -> None:
    nobody = [f"nobody-{number}@example.org" for number in range(15)]
    done = hand_over(host, NOTE, *nobody, BRUNO)
    assert [result.code for result in done.results] == [550] * 15 + [250]
    assert arrived(host, "bruno") == NOTE


@contextlib.contextmanager
def kept(host: Host) -> Iterator[Sender]:
    dovecot, postfix = host
    with Sender(
        postfix.server(),
        dovecot.password,
        route=Route(ca_file=dovecot.ca_file),
        timeout_s=20.0,
    ) as line:
        yield line


def connections(postfix: Postfix) -> int:
    return postfix.log.read_text().count(": connect from")


def test_letters_over_one_line_and_a_refused_one_between(host: Host) -> None:
    _, postfix = host
    before = connections(postfix)
    with kept(host) as line:
        line.submit(sender=ADA, recipients=[BRUNO], raw=NOTE)
        with pytest.raises(SendRefused, match="there is no such address"):
            line.submit(sender=ADA, recipients=["nobody@example.org"], raw=NOTE)
        line.submit(sender=ADA, recipients=[ADA], raw=NOTE)
    assert arrived(host, "bruno") == arrived(host, "ada") == NOTE
    assert connections(postfix) == before + 1


def test_a_server_started_anew_between_two_letters(host: Host) -> None:
    _, postfix = host
    with kept(host) as line:
        line.submit(sender=ADA, recipients=[BRUNO], raw=NOTE)
        postfix.stop()
        postfix.start()
        line.submit(sender=ADA, recipients=[ADA], raw=NOTE)
    assert arrived(host, "bruno") == arrived(host, "ada") == NOTE


def test_whether_one_may_send_is_asked(host: Host) -> None:
    dovecot, postfix = host
    route = Route(ca_file=dovecot.ca_file)
    check(postfix.server(), dovecot.password, route=route, timeout_s=20.0, sender=ADA)


@pytest.fixture(scope="module")
def chunked(shared: Host) -> Iterator[Host]:
    """A Postfix that takes no commands ahead, and hangs up on DATA."""
    dovecot, _ = shared
    settings = "smtpd_discard_ehlo_keywords = pipelining\nsmtpd_forbidden_commands = DATA"
    with Postfix(dovecot, settings=settings) as postfix:
        yield dovecot, postfix


@pytest.mark.parametrize("security", list(Security))
def test_a_message_in_a_chunk(host: Host, chunked: Host, security: Security) -> None:
    raw = NOTE + b"..\r\n.\r\n" + b"x" * 900 + b"\r\n" * 90_000
    done = hand_over(chunked, raw, BRUNO, security=security)
    assert "queued as" in done.said
    assert arrived(chunked, "bruno") == raw


@pytest.fixture(scope="module")
def by_token() -> Iterator[Host]:
    with (
        OAuthServer() as provider,
        Dovecot(oauth=provider.introspection, settings=AUTH_LISTENER) as dovecot,
        Postfix(dovecot) as postfix,
    ):
        yield dovecot, postfix


@pytest.mark.parametrize("auth", ["XOAUTH2", "OAUTHBEARER"])
@pytest.mark.parametrize("token", ["gone", "g" * 2000])
def test_a_token_that_is_none_is_tried_once(by_token: Host, auth: str, token: str) -> None:
    dovecot, postfix = by_token
    before = failures(postfix)
    route = Route(ca_file=dovecot.ca_file)
    with pytest.raises(AuthFailed, match="refused the sign-in") as caught:
        check(postfix.server(auth=auth), token, route=route, timeout_s=20.0)
    assert token not in f"{caught.value!r} {caught.value.detail}"
    assert failures(postfix) == before + 1
