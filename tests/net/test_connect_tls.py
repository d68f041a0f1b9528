"""The TLS policy: what is trusted, what is refused in which words, and what a pin changes."""

from __future__ import annotations

import contextlib
import os
import re
import ssl
from pathlib import Path

import pytest

from martlet.mail.account import Pin, Protocol, Security, Server
from martlet.mail.errors import Offline, TlsRefused
from martlet.mail.route import Route, Stage
from martlet.net import tls
from martlet.net.connect import Line, Waker, Woken, connect
from support.certificates import Certificates, issue, self_signed
from support.scripted import (
    Conversation,
    Script,
    Scripted,
    close,
    expect,
    send,
    stall,
    start_tls,
)

HELLO: Script = [send("hello\r\n"), stall()]
UPGRADE: Script = [expect("STARTTLS"), send("go\r\n"), start_tls(), send("hello\r\n"), stall()]


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return issue(tmp_path_factory.mktemp("good"))


def upgrade(line: Line) -> None:
    line.write(b"STARTTLS\r\n")
    line.read_line()


def open_line(
    server: Server, ca_file: Path | str = "", pins: tuple[Pin, ...] = (), timeout_s: float = 5.0
) -> Line:
    return connect(
        server, route=Route(ca_file=str(ca_file), pins=pins), timeout_s=timeout_s, starttls=upgrade
    )


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_a_certificate_of_the_accounts_own_ca_is_trusted(
    good: Certificates, security: Security
) -> None:
    tls = security is Security.TLS
    with Scripted(HELLO if tls else UPGRADE, certificates=good, tls=tls) as server:
        line = open_line(server.account(Protocol.IMAP, security, host="localhost"), good.ca_file)
        assert line.tls
        assert line.read_line() == b"hello\r\n"
        line.close()


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_an_unknown_authority_is_refused_and_shown(good: Certificates, security: Security) -> None:
    tls = security is Security.TLS
    with Scripted(HELLO if tls else UPGRADE, certificates=good, tls=tls) as server:
        account = server.account(Protocol.IMAP, security, host="localhost")
        with pytest.raises(TlsRefused, match="an authority this computer does not know") as caught:
            open_line(account)
        assert caught.value.fingerprint == good.sha256
        assert caught.value.host == "localhost"
        assert "For: localhost" in caught.value.certificate
        assert "trustme" in caught.value.certificate
        assert "Valid: " in caught.value.certificate
        # It was looked at on a connection of its own, on which nothing was said.
        assert server.connections == 2
        line = open_line(account, pins=(Pin("localhost", caught.value.fingerprint),))
        assert line.read_line() == b"hello\r\n"
        line.close()


@pytest.mark.parametrize(
    ("starts", "ends", "words"),
    [
        (-1, 1, "is self-signed"),
        (-2, -1, "expired on "),
        (1, 2, "is not valid before "),
    ],
)
def test_each_fault_of_a_certificate_has_its_sentence(
    tmp_path: Path, starts: int, ends: int, words: str
) -> None:
    made = self_signed(tmp_path, starts, ends)
    trusted = "" if words == "is self-signed" else made.ca_file
    with Scripted(HELLO, certificates=made, tls=True) as server:
        account = server.account(Protocol.POP3, host="localhost")
        with pytest.raises(TlsRefused, match=words) as caught:
            open_line(account, trusted)
        assert caught.value.fingerprint == made.sha256
        # A pin holds whatever is wrong with it.
        open_line(account, pins=(Pin("localhost", made.sha256.upper()),)).close()


def test_a_certificate_of_another_host_names_both(good: Certificates, tmp_path: Path) -> None:
    other = issue(tmp_path, "mail.example.org")
    with (
        Scripted(HELLO, certificates=other, tls=True) as server,
        pytest.raises(TlsRefused, match=r"is for mail\.example\.org, not for localhost"),
    ):
        open_line(server.account(Protocol.POP3, host="localhost"), other.ca_file)


def test_all_that_is_wrong_with_a_certificate_is_told(tmp_path: Path) -> None:
    old = self_signed(tmp_path / "old", -2, -1, "mail.example.org")
    young = self_signed(tmp_path / "young", 1, 2)
    for made, words in (
        (old, r"is self-signed.* It also expired on .* and is for mail\.example\.org, not for lo"),
        (young, r"is self-signed: nobody vouches for it\. It also is not valid before"),
    ):
        with (
            Scripted(HELLO, certificates=made, tls=True) as server,
            pytest.raises(TlsRefused, match=words),
        ):
            open_line(server.account(Protocol.POP3, host="localhost"))


def test_a_certificate_of_an_unknown_authority_may_be_too_old_as_well(tmp_path: Path) -> None:
    made = issue(tmp_path, "mail.example.org", starts=-2, ends=-1)
    with (
        Scripted(HELLO, certificates=made, tls=True) as server,
        pytest.raises(TlsRefused, match="authority this computer does not know") as caught,
    ):
        open_line(server.account(Protocol.POP3, host="localhost"))
    assert "It also expired on " in caught.value.summary
    assert "and is for mail.example.org, not for localhost." in caught.value.summary
    assert "Belongs to: " in caught.value.certificate


def test_a_pin_does_not_open_the_door_to_another_host(good: Certificates, tmp_path: Path) -> None:
    # The pinned host's certificate, shown by another host, is refused as any.
    with (
        Scripted(HELLO, certificates=good, tls=True) as server,
        pytest.raises(TlsRefused, match="does not know") as caught,
    ):
        open_line(
            server.account(Protocol.POP3, host="127.0.0.1"), pins=(Pin("localhost", good.sha256),)
        )
    assert caught.value.host == "127.0.0.1"


def test_a_pin_is_of_the_server_not_of_its_authority(good: Certificates) -> None:
    authority = tls.fingerprint(ssl.PEM_cert_to_DER_cert(good.ca_file.read_text()))
    with (
        Scripted(HELLO, certificates=good, tls=True) as server,
        pytest.raises(TlsRefused, match="WARNING"),
    ):
        open_line(
            server.account(Protocol.POP3, host="localhost"), pins=(Pin("localhost", authority),)
        )


def test_a_pin_is_the_hosts_in_capitals_and_with_colons_too(good: Certificates) -> None:
    pairs = ":".join(re.findall("..", good.sha256.upper()))
    with Scripted(HELLO, certificates=good, tls=True) as server:
        account = server.account(Protocol.POP3, host="localhost")
        open_line(account, pins=(Pin("LocalHost.", pairs),)).close()


def test_stages_are_told_once_and_only_those_that_were_reached(good: Certificates) -> None:
    stages: list[Stage] = []

    def tried(ca_file: str, pins: tuple[Pin, ...] = ()) -> list[Stage]:
        stages.clear()
        route = Route(ca_file, pins, reached=stages.append)
        account = server.account(Protocol.POP3, host="localhost")
        with contextlib.suppress(TlsRefused):
            connect(account, route=route, timeout_s=30.0, starttls=upgrade).close()
        return stages

    with Scripted(HELLO, certificates=good, tls=True) as server:
        connected = [Stage.NAME, Stage.CONNECTION]
        assert tried("") == connected
        assert tried("", (Pin("localhost", "00"),)) == connected
        assert tried("", (Pin("localhost", good.sha256),)) == [*connected, Stage.CERTIFICATE]
        assert tried(str(good.ca_file)) == [*connected, Stage.CERTIFICATE]


def test_a_pin_is_for_its_host_alone(good: Certificates) -> None:
    with (
        Scripted(HELLO, certificates=good, tls=True) as server,
        pytest.raises(TlsRefused) as caught,
    ):
        open_line(
            server.account(Protocol.POP3, host="localhost"),
            pins=(Pin("elsewhere", good.sha256),),
        )
    assert "WARNING" not in caught.value.summary


def test_a_changed_pin_is_loud(good: Certificates) -> None:
    with (
        Scripted(HELLO, certificates=good, tls=True) as server,
        pytest.raises(TlsRefused, match="WARNING: localhost shows another certificate") as caught,
    ):
        open_line(server.account(Protocol.POP3, host="localhost"), pins=(Pin("localhost", "00"),))
    assert caught.value.fingerprint == good.sha256


def test_a_pinned_certificate_may_be_followed_by_one_that_verifies(good: Certificates) -> None:
    with Scripted(HELLO, certificates=good, tls=True) as server:
        account = server.account(Protocol.POP3, host="localhost")
        line = open_line(account, good.ca_file, pins=(Pin("localhost", "00"),))
        assert line.read_line() == b"hello\r\n"
        line.close()


def test_tls_on_a_port_that_answers_in_plain_text(good: Certificates) -> None:
    with (
        Scripted([send("+OK hello\r\n"), stall()]) as server,
        pytest.raises(TlsRefused, match="does not answer with TLS") as caught,
    ):
        open_line(server.account(Protocol.POP3, Security.TLS))
    assert caught.value.fingerprint == ""
    assert "995" in caught.value.summary


def test_what_was_said_before_tls_is_thrown_away(good: Certificates) -> None:
    script: Script = [
        expect("STARTTLS"),
        send("go\r\n* LIST injected\r\n"),
        start_tls(),
        send("hello\r\n"),
        stall(),
    ]

    def wait_for_the_injected(line: Line) -> None:
        upgrade(line)
        line.peek(5)  # it is in the buffer, nobody has read it

    with Scripted(script, certificates=good) as server:
        line = connect(
            server.account(Protocol.IMAP, Security.STARTTLS, host="localhost"),
            route=Route(ca_file=str(good.ca_file)),
            timeout_s=30.0,
            starttls=wait_for_the_injected,
        )
        assert line.read_line() == b"hello\r\n"
        line.close()


def test_credentials_go_only_over_tls_unless_the_account_says_none() -> None:
    with Scripted(HELLO) as server:
        line = open_line(server.account(Protocol.POP3))
        line.require_private()
        line.server = server.account(Protocol.POP3, Security.STARTTLS)
        with pytest.raises(TlsRefused, match="is not encrypted"):
            line.require_private()
        line.close()


def test_session_tickets_are_not_data(good: Certificates) -> None:
    waker = Waker()
    with Scripted([stall()], certificates=good, tls=True) as server:
        line = open_line(server.account(Protocol.IMAP, host="localhost"), good.ca_file)
        assert line.wait(waker, 0.05) is Woken.TIMEOUT
        waker.wake()
        assert line.wait(waker, 30.0) is Woken.WAKER
        line.close()
    waker.close()


def test_wait_hears_the_end_of_a_tls_line(good: Certificates) -> None:
    waker = Waker()
    with Scripted([expect("x"), close()], certificates=good, tls=True) as server:
        line = open_line(server.account(Protocol.IMAP, host="localhost"), good.ca_file)
        line.write(b"x\r\n")
        with pytest.raises(Offline):
            line.wait(waker, 30.0)
        line.close()
    waker.close()


def test_a_handshake_without_answer_times_out() -> None:
    with (
        Scripted([stall()]) as server,
        pytest.raises(Offline, match="did not answer in time"),
    ):
        open_line(server.account(Protocol.POP3, Security.TLS), timeout_s=0.05)


def test_a_ca_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "broken.pem"
    broken.write_text("nothing")
    for path in (broken, tmp_path / "missing.pem"):
        with Scripted(HELLO) as server, pytest.raises(TlsRefused, match=path.name):
            open_line(server.account(Protocol.POP3, Security.TLS), path)


def test_tls_that_breaks_later_is_tried_again(good: Certificates) -> None:
    def nonsense(talk: Conversation) -> None:
        # Past the TLS layer: what the client gets is no record of this connection.
        os.write(talk.socket.fileno(), b"\x17\x03\x03\x00\x20" + b"x" * 32)

    script = [expect("x"), nonsense, stall()]
    with Scripted(script, certificates=good, tls=True) as server:
        line = open_line(server.account(Protocol.IMAP, host="localhost"), good.ca_file)
        line.write(b"x\r\n")
        with pytest.raises(Offline, match="encrypted connection to localhost broke"):
            line.read_line()
        line.close()
