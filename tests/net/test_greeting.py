"""Whether a mail server is where one might be, heard from its greeting."""

from __future__ import annotations

from pathlib import Path

import pytest

from martlet.mail.errors import BadServer, MailError, Offline, TlsRefused
from martlet.mail.server import Protocol, Security, Server
from martlet.net.greeting import Greeter
from support.certificates import Certificates, issue
from support.scripted import Script, Scripted, expect, send, stall, start_tls
from support.web import Loopback

HOST = "mail.example.org"
IMAP, POP3, SMTP = Protocol.IMAP, Protocol.POP3, Protocol.SMTP
EHLO: Script = [send("220 ready\r\n"), expect("EHLO")]


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return issue(tmp_path_factory.mktemp("tls"), HOST)


def greet(
    certificates: Certificates,
    protocol: Protocol,
    script: Script,
    *,
    tls: bool,
    trusted: bool = True,
    timeout_s: float = 5.0,
) -> tuple[MailError | None, list[bytes]]:
    """What came of it, and what the server heard."""
    with Scripted(script, certificates=certificates, tls=tls) as server:
        greeter = Greeter(
            ca_file=str(certificates.ca_file) if trusted else "",
            look_up=Loopback({(HOST, 1): server.port}).look_up,
            timeout_s=timeout_s,
        )
        security = Security.TLS if tls else Security.STARTTLS
        try:
            greeter.greet(Server(protocol, HOST, 1, security, "ada"))
        except MailError as error:
            return error, server.heard[0]
        return None, server.heard[0]


@pytest.mark.parametrize(
    ("protocol", "greeting"),
    [(IMAP, "* OK hello\r\n"), (IMAP, "* preauth hello\r\n"), (POP3, "+OK\r\n"),
     (SMTP, "220-mail\r\n220 ready\r\n")],
)  # fmt: skip
def test_a_greeting_is_all_that_is_wanted(
    certificates: Certificates, protocol: Protocol, greeting: str
) -> None:
    assert greet(certificates, protocol, [send(greeting)], tls=True) == (None, [])


@pytest.mark.parametrize(
    ("protocol", "script"),
    [
        (IMAP, [send("* OK [CAPABILITY IMAP4rev1 STARTTLS] hello\r\n"), expect("STARTTLS"),
                send("{tag} OK go\r\n"), start_tls()]),
        (POP3, [send("+OK\r\n"), expect("CAPA"), send("+OK\r\nSTLS\r\n.\r\n"), expect("STLS"),
                send("+OK\r\n"), start_tls()]),
        (SMTP, [*EHLO, send("250-here\r\n250 STARTTLS\r\n"), expect("STARTTLS"),
                send("220 go\r\n"), start_tls()]),
    ],
)  # fmt: skip
def test_a_line_made_private(
    certificates: Certificates, protocol: Protocol, script: Script
) -> None:
    error, heard = greet(certificates, protocol, script, tls=False)
    assert error is None
    assert not [line for line in heard if b"ada" in line]


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        ([*EHLO, send("250 here\r\n")], TlsRefused),
        ([*EHLO, send("250-here\r\n250 STARTTLS\r\n"), expect(), send("454 no\r\n")], TlsRefused),
        ([send("554 not you\r\n")], BadServer),
        ([send("* OK imap\r\n")], BadServer),
        ([], Offline),
    ],
)
def test_no_private_line_is_no_server(
    certificates: Certificates, script: Script, kind: type[MailError]
) -> None:
    error, _ = greet(certificates, SMTP, script, tls=False)
    assert isinstance(error, kind)
    assert not isinstance(error, TlsRefused) or error.host == ""


@pytest.mark.parametrize("tls", [True, False])
def test_a_certificate_at_fault_is_told_apart(certificates: Certificates, tls: bool) -> None:
    script = [send("220 ready\r\n")] if tls else [
        *EHLO, send("250-here\r\n250 STARTTLS\r\n"), expect(), send("220 go\r\n"), start_tls(),
    ]  # fmt: skip
    error, _ = greet(certificates, SMTP, script, tls=tls, trusted=False)
    assert isinstance(error, TlsRefused)
    assert error.host == HOST


@pytest.mark.parametrize("tls", [True, False])
def test_who_says_nothing_is_not_waited_for(certificates: Certificates, tls: bool) -> None:
    error, _ = greet(certificates, POP3, [stall()], tls=tls, timeout_s=0.4)
    assert isinstance(error, Offline)
    assert "in time" in error.summary or "said nothing" in error.summary


def test_nobody_there(tmp_path: Path) -> None:
    greeter = Greeter(ca_file="", look_up=Loopback({(HOST, 1): 1}).look_up, timeout_s=2.0)
    for host in (HOST, "elsewhere.example"):
        with pytest.raises(Offline):
            greeter.greet(Server(IMAP, host, 1, Security.TLS, "ada"))
