"""Every way of signing in to POP3, and the ones that are not taken."""

from __future__ import annotations

import base64
from collections.abc import Sequence

import pytest

from martlet.mail.account import Protocol
from martlet.mail.errors import AuthFailed, BadServer, MailError, TlsRefused
from martlet.mail.route import STRAIGHT, Route
from martlet.net.pop3 import Pop3Session
from support.certificates import Certificates, issue
from support.scripted import Scripted, Step, expect, send, stall

HELLO = "+OK hello <1.2@host>\r\n"


def capa(*lines: str) -> list[Step]:
    return [expect("CAPA"), send("".join(f"{line}\r\n" for line in ("+OK", *lines, ".")))]


def signed_in(
    steps: Sequence[Step], *, auth: str = "", user: str = "ada", secret: str = "secret"
) -> tuple[Pop3Session, list[bytes]]:
    with Scripted([send(HELLO), *steps, stall()]) as server:
        session = Pop3Session.open(
            server.account(Protocol.POP3, user=user, auth=auth),
            secret,
            route=STRAIGHT,
            timeout_s=30.0,
        )
        session.close()
        return session, server.heard[0]


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("auth", "steps"),
    [
        ("PLAIN", [expect(f"AUTH PLAIN {b64(chr(0) + 'ada' + chr(0) + 'secret')}")]),
        (
            "LOGIN",
            [
                expect(b"AUTH LOGIN\r\n"),
                send(f"+ {b64('Username:')}\r\n"),
                expect(b64("ada")),
                send(f"+ {b64('Password:')}\r\n"),
                expect(b64("secret")),
            ],
        ),
        (
            "CRAM-MD5",
            [
                expect(b"AUTH CRAM-MD5\r\n"),
                send(f"+ {b64('<1896.697170952@postoffice.example.net>')}\r\n"),
                expect(b64("ada ")[:4]),
            ],
        ),
        ("XOAUTH2", [expect(f"AUTH XOAUTH2 {b64('user=ada' + chr(1))[:8]}")]),
        ("OAUTHBEARER", [expect(f"AUTH OAUTHBEARER {b64('n,a=ada,')[:8]}")]),
        ("EXTERNAL", [expect(f"AUTH EXTERNAL {b64('ada')}\r\n")]),
    ],
)
def test_mechanisms(auth: str, steps: list[Step]) -> None:
    offered = capa(f"SASL {auth}", "USER")
    session, _ = signed_in([*offered, *steps, send("+OK\r\n"), *capa("TOP")], auth=auth)
    assert session.capabilities == {"TOP": ()}


def test_external_without_a_name_says_so() -> None:
    offered = capa("SASL EXTERNAL")
    steps = [*offered, expect(b"AUTH EXTERNAL =\r\n"), send("+OK\r\n"), *capa()]
    signed_in(steps, auth="EXTERNAL", user="")


@pytest.mark.parametrize("auth", ["", "USER", "PLAIN", "LOGIN"])
def test_user_and_pass_where_there_is_no_sasl(auth: str) -> None:
    steps = [expect("USER ada"), send("+OK\r\n"), expect("PASS secret"), send("+OK\r\n")]
    signed_in([*capa("USER", "UIDL"), *steps, *capa("USER", "UIDL")], auth=auth)


def test_a_name_is_sent_as_it_is_typed() -> None:
    # Gmail lists the last 30 days again to "recent:"; names may be of any script.
    for user in ("recent:ada@gmail.com", "用户@例子.测试"):
        steps = [expect(f"USER {user}\r\n"), send("+OK\r\n"), expect("PASS"), send("+OK\r\n")]
        signed_in([*capa("USER"), *steps, *capa("USER")], user=user)


@pytest.mark.parametrize("answer", ["+OK\r\n", "-ERR not today\r\n"])
def test_utf8_is_asked_for_before_signing_in(answer: str) -> None:
    steps = [
        *capa("USER", "UTF8 USER"),
        expect(b"UTF8\r\n"),
        send(answer),
        expect("USER"),
        send("+OK\r\n"),
        expect("PASS"),
        send("+OK\r\n"),
        *capa("USER", "UTF8 USER"),
    ]
    signed_in(steps)


def test_what_is_offered_after_signing_in_counts() -> None:
    steps = [expect("USER"), send("+OK\r\n"), expect("PASS"), send("+OK\r\n")]
    before = capa("USER", "LOGIN-DELAY 60 USER", "EXPIRE 30 USER")
    after = capa("USER", "LOGIN-DELAY 900", "EXPIRE NEVER", "PIPELINING")
    session, _ = signed_in([*before, *steps, *after])
    assert (session.login_delay_s, session.expires_days) == (900, None)


@pytest.mark.parametrize(
    ("auth", "steps", "kind", "words"),
    [
        # Asked for by name and not there.
        ("SCRAM-SHA-256", capa("SASL PLAIN", "USER"), AuthFailed, "does not offer"),
        ("NTLM", capa("SASL NTLM"), AuthFailed, "not known"),
        # What hides the password is not forced upon a server that cannot do it.
        ("", capa("SASL GSSAPI", "STLS"), TlsRefused, "no passwords over an unencrypted"),
        # A question where there is none to be asked.
        (
            "",
            [*capa("USER"), expect("USER"), send("+ who\r\n")],
            BadServer,
            "does not speak POP3",
        ),
        (
            "",
            [*capa("USER"), expect("USER"), send("+OK\r\n"), expect("PASS"), send("+ \r\n")],
            BadServer,
            "does not speak POP3",
        ),
    ],
)
def test_ways_that_are_not_taken(
    auth: str, steps: list[Step], kind: type[MailError], words: str
) -> None:
    with Scripted([send("+OK hello\r\n"), *steps, stall()]) as server:
        with pytest.raises(kind, match=words):
            Pop3Session.open(
                server.account(Protocol.POP3, auth=auth), "secret", route=STRAIGHT, timeout_s=30.0
            )
        said = b"".join(server.heard[0])
    assert b64("secret").encode() not in said


def test_apop_by_name_needs_a_stamp() -> None:
    with (
        Scripted([send("+OK hello\r\n"), *capa("USER"), stall()]) as server,
        pytest.raises(AuthFailed, match="APOP"),
    ):
        Pop3Session.open(
            server.account(Protocol.POP3, auth="APOP"), "secret", route=STRAIGHT, timeout_s=30.0
        )


def test_apop_is_not_preferred() -> None:
    steps = [expect("USER"), send("+OK\r\n"), expect("PASS"), send("+OK\r\n"), *capa("USER")]
    _, heard = signed_in([*capa("USER"), *steps])
    assert not any(line.startswith(b"APOP") for line in heard)


def test_a_token_that_has_run_out() -> None:
    steps = [
        *capa("SASL XOAUTH2"),
        expect("AUTH XOAUTH2"),
        send("+ " + b64('{"status":"401"}') + "\r\n"),
        expect(b"\r\n"),
        send("-ERR [AUTH] no\r\n"),
    ]
    with pytest.raises(AuthFailed, match="run out"):
        signed_in(steps, auth="XOAUTH2")


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return issue(tmp_path_factory.mktemp("tls"))


def test_scram_is_bound_to_the_line_where_that_can_be(certificates: Certificates) -> None:
    steps = [
        *capa("SASL PLAIN SCRAM-SHA-256 SCRAM-SHA-256-PLUS"),
        expect(f"AUTH SCRAM-SHA-256-PLUS {b64('p=tls-server-end-point,')[:24]}"),
        send("-ERR [AUTH] no\r\n"),
        stall(),
    ]
    with (
        Scripted([send(HELLO), *steps], certificates=certificates, tls=True) as server,
        pytest.raises(AuthFailed),
    ):
        Pop3Session.open(
            server.account(Protocol.POP3, host="localhost"),
            "secret",
            route=Route(ca_file=str(certificates.ca_file)),
            timeout_s=30.0,
        )
