"""Somebody stands in the line: whatever they do, what signs in is theirs neither to hear nor have.

In every case two records are looked at: what could be read on the line, and what the server at its
end was told, over TLS too.
"""

from __future__ import annotations

import pytest

from martlet.mail.account import Protocol, Security
from martlet.mail.errors import AuthFailed, BadServer, MailError, Offline, TlsRefused
from martlet.mail.route import STRAIGHT, Route
from support.attacks import (
    PRIVATE,
    Heist,
    begun,
    go_ahead,
    greet,
    nobody_got_anything,
    offer,
    offers,
    over_tls,
)
from support.certificates import Certificates, issue
from support.scripted import expect, read_some, send
from support.smtp_steps import swallow, tls_begins

ALL = list(Protocol)


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return issue(tmp_path_factory.mktemp("good"))


@pytest.fixture(scope="module")
def trusted(good: Certificates) -> Route:
    return Route(str(good.ca_file))


@pytest.mark.parametrize("security", PRIVATE)
@pytest.mark.parametrize("protocol", ALL)
def test_without_anybody_in_the_line_it_works(
    protocol: Protocol, security: Security, good: Certificates, trusted: Route
) -> None:
    script = [*begun(protocol, security), *over_tls(protocol, security)]
    with Heist(script, certificates=good) as heist:
        assert heist.enter(protocol, security, trusted) is None
    assert heist.in_clear() == []
    assert len(heist.given_away()) == 2


@pytest.mark.parametrize("auth", ["PLAIN LOGIN", "CRAM-MD5", ""])
@pytest.mark.parametrize("protocol", ALL)
def test_starttls_is_stripped(protocol: Protocol, auth: str, trusted: Route) -> None:
    with Heist([greet(protocol), *offer(protocol, auth=auth), swallow()]) as heist:
        error = heist.enter(protocol, Security.STARTTLS, trusted)
    assert type(error) is TlsRefused
    assert error.summary == (
        "localhost does not offer STARTTLS, so the connection cannot be made private."
    )
    nobody_got_anything(heist)


REFUSALS = {
    Protocol.IMAP: ["{tag} NO not now\r\n", "{tag} BAD what?\r\n", "{tag} NO [UNAVAILABLE] x\r\n"],
    Protocol.POP3: ["-ERR not now\r\n", "-ERR [SYS/TEMP] later\r\n"],
    Protocol.SMTP: ["454 4.7.0 not now\r\n", "502 what?\r\n", "500 what?\r\n", "354 go on\r\n"],
}


@pytest.mark.parametrize(
    ("protocol", "answer"), [(protocol, one) for protocol in ALL for one in REFUSALS[protocol]]
)
def test_starttls_is_refused(protocol: Protocol, answer: str, trusted: Route) -> None:
    script = [greet(protocol), *offer(protocol, tls=True), expect("TLS"), send(answer), swallow()]
    with Heist(script) as heist:
        error = heist.enter(protocol, Security.STARTTLS, trusted)
    assert isinstance(error, TlsRefused | Offline | BadServer)
    nobody_got_anything(heist)


@pytest.mark.parametrize("protocol", ALL)
def test_a_go_ahead_without_tls_behind_it(protocol: Protocol, trusted: Route) -> None:
    for pretended in (offers(protocol).replace("{tag}", "M1"), "\0" * 64, "HTTP/1.1 200\r\n"):
        script = [*begun(protocol, Security.STARTTLS), read_some(), send(pretended), swallow()]
        with Heist(script) as heist:
            error = heist.enter(protocol, Security.STARTTLS, trusted)
        assert type(error) is TlsRefused
        assert "does not answer with TLS" in error.summary
        nobody_got_anything(heist)


INJECTED = {
    Protocol.IMAP: [
        "* CAPABILITY IMAP4rev1 AUTH=LOGIN\r\nM1 OK done\r\n",
        "* PREAUTH you are in\r\n",
        "M1 OK [CAPABILITY IMAP4rev1] in\r\nM2 OK in\r\n",
        "* BYE [ALERT] go to http://evil.example/\r\n",
    ],
    Protocol.POP3: ["+OK\r\nSASL LOGIN\r\n.\r\n", "+OK in\r\n+OK in\r\n", "-ERR no\r\n"],
    Protocol.SMTP: ["250-mx\r\n250 AUTH LOGIN\r\n", "235 in\r\n", "535 no\r\n"],
}


@pytest.mark.parametrize(
    ("protocol", "injected"), [(protocol, one) for protocol in ALL for one in INJECTED[protocol]]
)
def test_what_is_slipped_in_before_tls_is_never_heard(
    protocol: Protocol, injected: str, good: Certificates, trusted: Route
) -> None:
    # In one packet with the go-ahead. What is offered in clear is another thing than over TLS.
    script = [
        greet(protocol),
        *offer(protocol, tls=True, auth="CRAM-MD5"),
        *go_ahead(protocol, injected),
        *over_tls(protocol, Security.STARTTLS),
    ]
    with Heist(script, certificates=good) as heist:
        error = heist.enter(protocol, Security.STARTTLS, trusted)
        # Arrived late, it breaks the handshake; else it is thrown away. It is never believed.
        assert error is None or "does not answer with TLS" in error.summary
    assert heist.in_clear() == []


@pytest.mark.parametrize("protocol", ALL)
def test_what_was_offered_before_tls_does_not_count(
    protocol: Protocol, good: Certificates, trusted: Route
) -> None:
    # Somebody in the line offers only CRAM-MD5, to have something to try passwords on.
    script = [
        greet(protocol),
        *offer(protocol, tls=True, auth="CRAM-MD5"),
        *go_ahead(protocol),
        *over_tls(protocol, Security.STARTTLS),
    ]
    with Heist(script, certificates=good) as heist:
        assert heist.enter(protocol, Security.STARTTLS, trusted) is None
    assert b"CRAM-MD5" not in heist.heard
    assert heist.in_clear() == []


@pytest.mark.parametrize("security", PRIVATE)
@pytest.mark.parametrize("protocol", ALL)
@pytest.mark.parametrize("wanted", ["SCRAM-SHA-256", "CRAM-MD5", "XOAUTH2", "OAUTHBEARER"])
def test_what_the_account_wants_is_not_offered(
    protocol: Protocol, security: Security, wanted: str, good: Certificates, trusted: Route
) -> None:
    first = [greet(protocol)] if security is Security.TLS else []
    for auth in ("PLAIN LOGIN", ""):
        begin = [*begun(protocol, security), tls_begins(), *first, *offer(protocol, auth=auth)]
        with Heist([*begin, swallow()], certificates=good) as heist:
            error = heist.enter(protocol, security, trusted, auth=wanted)
        assert isinstance(error, AuthFailed)
        assert error.summary == f"The server does not offer to sign in by {wanted}."
        nobody_got_anything(heist)


NO_PASSWORDS = {
    Protocol.IMAP: "* CAPABILITY IMAP4rev1 LOGINDISABLED STARTTLS\r\n{tag} OK\r\n",
    Protocol.POP3: "+OK\r\nUIDL\r\nSTLS\r\n.\r\n",
}


@pytest.mark.parametrize("auth", ["", "PLAIN", "LOGIN"])
@pytest.mark.parametrize("protocol", NO_PASSWORDS)
def test_a_server_that_takes_no_passwords_in_clear_is_given_none(
    protocol: Protocol, auth: str
) -> None:
    # Though the account itself says that the line need not be private.
    steps = [greet(protocol), expect(), send(NO_PASSWORDS[protocol]), swallow()]
    with Heist(steps) as heist:
        error = heist.enter(protocol, Security.NONE, STRAIGHT, auth=auth)
    assert isinstance(error, TlsRefused | AuthFailed)
    nobody_got_anything(heist)


@pytest.mark.parametrize("protocol", ALL)
def test_the_best_that_is_offered_in_clear_is_taken(protocol: Protocol) -> None:
    # An account without encryption: what shows the password least is used where there is a choice.
    script = [greet(protocol), *offer(protocol, auth="PLAIN LOGIN CRAM-MD5"), swallow()]
    with Heist(script) as heist:
        error = heist.enter(protocol, Security.NONE, STRAIGHT, timeout_s=0.5)
    assert isinstance(error, MailError)
    assert b"CRAM-MD5" in heist.heard
    assert heist.in_clear() == []


PHISH = (
    "<a href='http://evil.example/'>Your account is locked</a> \x1b[31m\u202e\x07"
    "call +1 555 0100 " + "now " * 200
)
SAYS_NO = {
    Protocol.IMAP: [f"{{tag}} NO [ALERT] {PHISH}\r\n", f"* OK [ALERT] {PHISH}\r\n{{tag}} NO x\r\n"],
    Protocol.POP3: [f"-ERR {PHISH}\r\n", f"-ERR [AUTH] {PHISH}\r\n"],
    Protocol.SMTP: [f"535 5.7.8 {PHISH}\r\n", f"535-{PHISH}\r\n535 5.7.8 {PHISH}\r\n"],
}


@pytest.mark.parametrize(
    ("protocol", "answer"), [(protocol, one) for protocol in ALL for one in SAYS_NO[protocol]]
)
def test_what_a_server_says_is_never_our_sentence(
    protocol: Protocol, answer: str, good: Certificates, trusted: Route
) -> None:
    script = [
        *begun(protocol, Security.STARTTLS), tls_begins(), *offer(protocol), expect("PLAIN"),
        send(answer), swallow(),
    ]  # fmt: skip
    with Heist(script, certificates=good) as heist:
        error = heist.enter(protocol, Security.STARTTLS, trusted)
    assert type(error) is AuthFailed
    assert error.summary == "The server refused the user name or password."
    assert len(error.detail) <= 340
    # Asked once: a wrong password is not tried in a loop, nor in another way.
    assert heist.server.connections == 1
    assert heist.heard.count(b"PLAIN") == 1


BLOCKED = {
    Protocol.IMAP: f"* BYE [ALERT] {PHISH}\r\n",
    Protocol.POP3: f"-ERR {PHISH}\r\n",
    Protocol.SMTP: f"554 {PHISH}\r\n",
}


@pytest.mark.parametrize("security", PRIVATE)
@pytest.mark.parametrize("protocol", ALL)
def test_a_greeting_that_phishes(
    protocol: Protocol, security: Security, good: Certificates, trusted: Route
) -> None:
    first = [tls_begins()] if security is Security.TLS else []
    script = [*first, send(BLOCKED[protocol]), swallow()]
    with Heist(script, certificates=good) as heist:
        error = heist.enter(protocol, security, trusted)
    assert isinstance(error, Offline | BadServer)
    assert "evil" not in error.summary
    nobody_got_anything(heist)
