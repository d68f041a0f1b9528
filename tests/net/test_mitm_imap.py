"""What only IMAP can be tricked with: PREAUTH, referrals, and the codes of a refused sign-in."""

from __future__ import annotations

import pytest

from martlet.mail.account import Protocol, Security
from martlet.mail.errors import AuthFailed, BadServer, MailError, Offline, TlsRefused
from martlet.mail.route import STRAIGHT, Route
from support.attacks import PRIVATE, Heist, begun, greet, nobody_got_anything, offer
from support.certificates import Certificates, issue
from support.scripted import Script, Scripted, expect, send, stall
from support.smtp_steps import swallow, tls_begins

IMAP = Protocol.IMAP


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return issue(tmp_path_factory.mktemp("good"))


@pytest.fixture(scope="module")
def trusted(good: Certificates) -> Route:
    return Route(str(good.ca_file))


@pytest.mark.parametrize("code", ["", "[CAPABILITY IMAP4rev1 STARTTLS] ", "[ALERT] "])
def test_preauth_before_tls(code: str, trusted: Route) -> None:
    # STARTTLS is not possible any more, and what would follow is somebody else's mailbox.
    with Heist([send(f"* PREAUTH {code}welcome\r\n"), swallow()]) as heist:
        error = heist.enter(IMAP, Security.STARTTLS, trusted)
    assert type(error) is TlsRefused
    assert error.summary == ("localhost treats the connection as signed in before it is encrypted.")
    assert heist.heard == b""
    nobody_got_anything(heist)


def test_preauth_is_believed_where_the_line_is_as_the_account_says(
    good: Certificates, trusted: Route
) -> None:
    welcome = [send("* PREAUTH [CAPABILITY IMAP4rev1] welcome\r\n"), swallow()]
    with Heist([tls_begins(), *welcome], certificates=good) as heist:
        assert heist.enter(IMAP, Security.TLS, trusted) is None
    nobody_got_anything(heist)
    with Heist(welcome) as heist:
        assert heist.enter(IMAP, Security.NONE, STRAIGHT) is None
    nobody_got_anything(heist)


@pytest.mark.parametrize("when", ["greeting", "sign-in"])
@pytest.mark.parametrize("status", ["BYE", "NO"])
def test_a_referral_is_told_and_never_followed(
    status: str, when: str, good: Certificates, trusted: Route
) -> None:
    with Scripted([stall()]) as evil:
        # RFC 2221, 4.1; the place is one that we could reach.
        text = f"[REFERRAL imap://ada;AUTH=*@127.0.0.1:{evil.port}/] try there\r\n"
        said = [send(f"* BYE {text}" if status == "BYE" else f"{{tag}} NO {text}")]
        if when == "greeting":
            script: Script = [tls_begins(), send(f"* BYE {text}"), swallow()]
        else:
            script = [tls_begins(), greet(IMAP), *offer(IMAP), expect("AUTHENTICATE"), *said]
        with Heist([*script, swallow()], certificates=good) as heist:
            error = heist.enter(IMAP, Security.TLS, trusted)
        assert evil.connections == 0
    assert heist.in_clear() == []
    assert error is not None
    assert str(evil.port) not in f"{error.summary} {error.detail}"
    if when == "sign-in":
        assert type(error) is AuthFailed
        assert error.summary.startswith("The server says that this mailbox is on another server.")


def test_a_referral_that_comes_with_a_yes_is_passed_over(
    good: Certificates, trusted: Route
) -> None:
    with Scripted([stall()]) as evil:
        yes = f"{{tag}} OK [REFERRAL imap://127.0.0.1:{evil.port}/INBOX] better there\r\n"
        script = [
            tls_begins(), greet(IMAP), *offer(IMAP), expect("AUTHENTICATE"), send(yes),
            *offer(IMAP), swallow(),
        ]  # fmt: skip
        with Heist(script, certificates=good) as heist:
            assert heist.enter(IMAP, Security.TLS, trusted) is None
        assert evil.connections == 0
    assert heist.in_clear() == []


@pytest.mark.parametrize("security", PRIVATE)
@pytest.mark.parametrize("auth", ["", "PLAIN", "LOGIN", "CRAM-MD5"])
def test_logindisabled_is_heeded(
    auth: str, security: Security, good: Certificates, trusted: Route
) -> None:
    first = [greet(IMAP)] if security is Security.TLS else []
    nothing = send("* CAPABILITY IMAP4rev1 LOGINDISABLED\r\n{tag} OK\r\n")
    script = [*begun(IMAP, security), tls_begins(), *first, expect("CAPABILITY"), nothing]
    with Heist([*script, swallow()], certificates=good) as heist:
        error = heist.enter(IMAP, security, trusted, auth=auth)
    assert type(error) is not None
    assert isinstance(error, AuthFailed)
    nobody_got_anything(heist)


CODES: list[tuple[str, type[MailError], str]] = [
    ("UNAVAILABLE", Offline, "cannot let anybody in at the moment"),
    ("SERVERBUG", Offline, "cannot let anybody in at the moment"),
    ("INUSE", Offline, "in use by another program"),
    ("LIMIT", Offline, "too many connections"),
    ("AUTHENTICATIONFAILED", AuthFailed, "refused the user name or password"),
    ("AUTHORIZATIONFAILED", AuthFailed, "does not let this user in"),
    ("EXPIRED", AuthFailed, "password has expired"),
    ("CONTACTADMIN", AuthFailed, "a word with its support"),
    ("WEBALERT http://evil.example/", AuthFailed, "a sign-in on its web page first"),
    ("PRIVACYREQUIRED", TlsRefused, "no passwords over an unencrypted connection"),
    ("ALERT", AuthFailed, "refused the user name or password"),
    ("X-ODD", AuthFailed, "refused the user name or password"),
]


@pytest.mark.parametrize(("code", "kind", "words"), CODES)
@pytest.mark.parametrize("command", ["AUTHENTICATE", "LOGIN"])
def test_the_codes_of_a_refusal(code: str, kind: type[MailError], words: str, command: str) -> None:
    mechanism = "PLAIN" if command == "AUTHENTICATE" else ""
    script = [greet(IMAP), *offer(IMAP, auth=mechanism), expect(command)]
    with Heist([*script, send(f"{{tag}} NO [{code}] so it is\r\n"), swallow()]) as heist:
        error = heist.enter(IMAP, Security.NONE, STRAIGHT)
    assert type(error) is kind
    assert words in error.summary
    assert error.detail == f"[{code.split()[0]}] so it is"
    assert heist.server.connections == 1


@pytest.mark.parametrize(("code", "kind", "words"), CODES[:-2])
def test_a_server_that_says_no_by_hanging_up(code: str, kind: type[MailError], words: str) -> None:
    script = [greet(IMAP), *offer(IMAP), expect("AUTHENTICATE")]
    with Heist([*script, send(f"* BYE [{code}] so it is\r\n"), swallow()]) as heist:
        error = heist.enter(IMAP, Security.NONE, STRAIGHT)
    assert type(error) is kind
    # What is tried again later needs no sentence of its own.
    assert words in error.summary or (kind is Offline and "ended the connection" in error.summary)


def test_a_yes_to_a_command_that_was_not_given_lets_nobody_in() -> None:
    for answer in ("M9 OK in\r\n", "+ \r\n+ \r\n+ \r\nM2 OK in\r\n", "M1 OK in\r\n"):
        script = [greet(IMAP), *offer(IMAP, auth="CRAM-MD5"), expect("AUTHENTICATE"), send(answer)]
        with Heist([*script, swallow()]) as heist:
            error = heist.enter(IMAP, Security.NONE, STRAIGHT)
        assert type(error) is BadServer
        assert heist.given_away() == []
