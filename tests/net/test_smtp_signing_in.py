"""Signing in to send: what each answer means, and a man in the middle who wants the password."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from martlet.mail.account import Protocol, Security
from martlet.mail.errors import AuthFailed, BadServer, MailError, Offline, TlsRefused
from martlet.mail.route import STRAIGHT, Route
from martlet.net.smtp import SendRefused, check
from support.certificates import issue
from support.scripted import Conversation, Scripted, Step, close, expect, read_some, send
from support.smtp_steps import ALERT, ask, ehlo, politely, swallow, tls_begins, told_in_clear

USER, SECRET = "ada-of-the-test", "a-Secret-of-the-test"
GREETING = send("220 mx\r\n")
QUIT = ask("QUIT", "221 bye")


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


PLAIN = f"AUTH PLAIN {b64(f'{chr(0)}{USER}{chr(0)}{SECRET}')}"


def try_out(
    server: Scripted,
    security: Security | None = None,
    *,
    auth: str = "",
    user: str = USER,
    route: Route = STRAIGHT,
    sender: str = "",
) -> str:
    account = server.account(Protocol.SMTP, security, user, auth, "localhost")
    return check(account, SECRET, route=route, timeout_s=30.0, sender=sender)


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        ("535 5.7.8 wrong", AuthFailed, "refused the user name or password"),
        ("534 5.7.9 Application-specific password required", AuthFailed, "an app password"),
        ("538 5.7.11 not like this", TlsRefused, "to be encrypted first"),
        ("530 5.7.0 Must issue a STARTTLS command first", TlsRefused, "to be encrypted first"),
        ("504 5.5.4 what?", AuthFailed, r"did not understand how we sign in \(PLAIN\)"),
        ("500 5.5.6 too long", AuthFailed, "did not understand"),
        ("525 5.7.13 off", AuthFailed, "does not let you in: the account is switched off"),
        ("550 5.7.1 Blocked", AuthFailed, "does not let you in: “Blocked”"),
        ("432 4.7.12 a new one", Offline, "cannot check the password now"),
        ("454 4.7.0 later", Offline, "cannot check the password now"),
        ("451 4.3.0 later", Offline, "cannot check the password now"),
        ("421 4.7.0 too many", Offline, "cannot check the password now"),
        ("354 go on", BadServer, "makes no sense"),
    ],
)
def test_what_a_no_means(answer: str, kind: type[MailError], words: str) -> None:
    script = [GREETING, *ehlo("AUTH PLAIN"), *ask(PLAIN, answer), swallow()]
    with Scripted(script) as server, pytest.raises(kind, match=words) as caught:
        try_out(server)
    assert server.connections == 1
    assert answer[:3] in caught.value.detail
    assert SECRET not in f"{caught.value!r} {caught.value.detail}"
    # The measure itself: without TLS, as this account wants it, the password is seen.
    assert told_in_clear(server.heard[0], SECRET) == [SECRET]
    assert server.heard[0][2:] == []


REFUSED_TOKEN = {
    "status": "invalid_token",
    "schemes": "bearer",
    "scope": "https://mail.example/ <b>sign in again at http://phish.example</b>",
}


@pytest.mark.parametrize(
    ("mechanism", "last_word"), [("XOAUTH2", b"\r\n"), ("OAUTHBEARER", b"AQ==\r\n")]
)
def test_a_token_that_has_run_out_is_told_and_answered(mechanism: str, last_word: bytes) -> None:
    script = [
        GREETING,
        *ehlo(f"AUTH {mechanism}"),
        *ask(f"AUTH {mechanism} ", f"334 {b64(json.dumps(REFUSED_TOKEN))}"),
        expect(last_word),
        send("535 5.7.8 no\r\n"),
        swallow(),
    ]
    with Scripted(script) as server, pytest.raises(AuthFailed, match="run out") as caught:
        try_out(server, auth=mechanism)
    assert server.heard[0][2] == last_word
    assert caught.value.detail == "535 5.7.8 no invalid_token bearer"
    assert SECRET not in f"{caught.value!r} {caught.value.detail}"


def test_a_server_busy_with_tokens_is_asked_again_later() -> None:
    script = [
        GREETING,
        *ehlo("AUTH XOAUTH2"),
        *ask("AUTH XOAUTH2 ", f"334 {b64(json.dumps({'status': '400'}))}"),
        *ask("", "454 4.7.0 later"),
        swallow(),
    ]
    with Scripted(script) as server, pytest.raises(Offline):
        try_out(server, auth="XOAUTH2")


def test_a_long_token_waits_for_the_go_ahead() -> None:
    script = [
        GREETING,
        *ehlo("AUTH XOAUTH2"),
        *ask("AUTH XOAUTH2\r\n", "334 "),
        expect(b64(f"user={USER}\x01auth=Bearer {'t' * 2000}\x01\x01")),
        send("235 in\r\n"),
        *QUIT,
    ]
    with Scripted(script) as server:
        account = server.account(Protocol.SMTP, None, USER, "XOAUTH2", "localhost")
        assert check(account, "t" * 2000, timeout_s=30.0) == f"signed in as {USER}"


def test_questions_without_end() -> None:
    def ask_on(talk: Conversation) -> None:
        while talk.read_to(b"\n") != b"*\r\n":
            talk.socket.sendall(b"334 e30=\r\n")

    script = [GREETING, *ehlo("AUTH XOAUTH2"), ask_on, swallow()]
    with Scripted(script) as server, pytest.raises(BadServer, match="without end"):
        try_out(server, auth="XOAUTH2")


def test_a_certificate_of_ones_own_needs_no_name() -> None:
    script = [GREETING, *ehlo("AUTH EXTERNAL"), *ask("AUTH EXTERNAL =\r\n", "235 in"), *QUIT]
    with Scripted(script) as server:
        found = try_out(server, auth="EXTERNAL", user="")
    assert found == "signed in as the certificate's owner"


def test_a_yes_without_proof_is_none() -> None:
    """SCRAM's point: a server that does not know the password cannot say yes."""
    script = [GREETING, *ehlo("AUTH SCRAM-SHA-256"), *ask("AUTH SCRAM", "235 in"), swallow()]
    with Scripted(script) as server, pytest.raises(BadServer, match="without having proved"):
        try_out(server)
    assert told_in_clear(server.heard[0], SECRET) == []


def test_a_challenge_that_is_none_is_given_up_properly() -> None:
    script = [
        GREETING,
        *ehlo("AUTH CRAM-MD5"),
        *ask("AUTH CRAM-MD5\r\n", "334 <not base64>"),
        expect(b"*\r\n"),
        swallow(),
    ]
    with Scripted(script) as server, pytest.raises(BadServer, match="cannot be read"):
        try_out(server)


# A man in the middle


@pytest.mark.parametrize(
    "steps",
    [
        pytest.param([*ehlo("AUTH PLAIN")], id="stripped"),
        pytest.param([*ehlo("AUTH PLAIN", "XSTARTTLS", "START TLS")], id="misspelt"),
        pytest.param([*ask("EHLO", "502 what?"), *ask("HELO", "250 mx")], id="no EHLO"),
        pytest.param([*ehlo("STARTTLS"), *ask("STARTTLS", "502 what?")], id="refused"),
        pytest.param([*ehlo("STARTTLS"), *ask("STARTTLS", "250 ok")], id="a yes, then no TLS"),
        pytest.param(
            [*ehlo("STARTTLS"), *ask("STARTTLS", "220 go\r\n250 ok\r\n235 in")], id="forged answers"
        ),
        pytest.param(
            [*ehlo("STARTTLS"), *ask("STARTTLS", "220 go"), read_some(), send("250-mx\r\n250 ok")],
            id="answers in the clear",
        ),
        pytest.param(
            [*ehlo("STARTTLS"), *ask("STARTTLS", "220 go"), read_some(), send(ALERT)], id="alert"
        ),
    ],
)
def test_starttls_or_nothing(steps: list[Step]) -> None:
    with (
        Scripted([GREETING, *steps, politely(), close()]) as server,
        pytest.raises((TlsRefused, Offline)) as caught,
    ):
        try_out(server, Security.STARTTLS)
    assert all(told_in_clear(heard, USER, SECRET) == [] for heard in server.heard)
    assert isinstance(caught.value, TlsRefused) or "alert" in caught.value.detail


@pytest.mark.parametrize("injected", ["250 ok", "250-mx\r\n250-SIZE 1\r\n250 AUTH LOGIN", "535 no"])
def test_what_was_said_before_tls_is_forgotten(injected: str, tmp_path: Path) -> None:
    certificates = issue(tmp_path)
    script = [
        GREETING,
        *ehlo("STARTTLS", "SIZE 1", "AUTH LOGIN", "X-PHISH"),
        *ask("STARTTLS", f"220 go\r\n{injected}"),
        tls_begins(),
        *ehlo("AUTH PLAIN", "SIZE 1048576"),
        *ask(PLAIN, "235 in"),
        *QUIT,
    ]
    with Scripted(script, certificates=certificates) as server:
        found = try_out(server, Security.STARTTLS, route=Route(ca_file=str(certificates.ca_file)))
    assert found == f"signed in as {USER}, takes up to 1 MB"
    assert told_in_clear(server.heard[0], USER, SECRET) == []


def test_a_certificate_nobody_vouches_for_gets_no_password(tmp_path: Path) -> None:
    certificates = issue(tmp_path)
    script = [
        GREETING,
        *ehlo("STARTTLS"),
        *ask("STARTTLS", "220 go"),
        tls_begins(),
        swallow(),
    ]
    with Scripted(script, certificates=certificates) as server, pytest.raises(TlsRefused):
        try_out(server, Security.STARTTLS)
    assert b"AUTH" not in b"".join(line for heard in server.heard for line in heard)


@pytest.mark.parametrize(
    "text",
    [
        "<b>Your account is closed</b>",
        "sign in at http://phish.example/?ada",
        "\x1b[2J\x07cleared\u202egnp.exe",
        "ends” the quote",
        "word " * 200,
    ],
)
def test_what_a_server_says_is_shown_as_the_servers(text: str) -> None:
    script = [
        GREETING,
        *ehlo("AUTH PLAIN"),
        *ask(PLAIN, "235 in"),
        *ask("MAIL FROM:<ada@example.org>\r\n", f"550 {text}"),
        swallow(),
    ]
    with Scripted(script) as server, pytest.raises(SendRefused) as caught:
        try_out(server, sender="ada@example.org")
    ours, _, theirs = caught.value.summary.partition("“")
    assert ours == "The server does not accept mail from ada@example.org: "
    assert theirs.endswith("”.")
    assert "”" not in theirs[:-2]
    assert theirs.isprintable()
    assert len(theirs) < 170
    assert len(caught.value.detail) < 320


def test_whether_one_may_send_is_asked_and_nothing_is_sent() -> None:
    script = [
        GREETING,
        *ehlo("AUTH PLAIN"),
        *ask(PLAIN, "235 in"),
        *ask("MAIL FROM:<ada@example.org>\r\n", "250 ok"),
        *QUIT,
    ]
    with Scripted(script) as server:
        assert try_out(server, sender="ada@example.org") == f"signed in as {USER}"
