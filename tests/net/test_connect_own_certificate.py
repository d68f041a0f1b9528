"""One's own certificate: shown to servers that ask; each thing wrong with it has its sentence."""

from __future__ import annotations

import ssl
from dataclasses import replace
from pathlib import Path

import pytest

from martlet.mail.account import Pin, Protocol, Security
from martlet.mail.errors import AuthFailed, MailError, TlsRefused
from martlet.mail.route import Route, Stage
from martlet.net.connect import connect
from support.certificates import Certificates, Own, issue, own
from support.scripted import (
    Conversation,
    Script,
    Scripted,
    Step,
    Unexpected,
    send,
    server_context,
    stall,
)


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return issue(tmp_path_factory.mktemp("good"))


@pytest.fixture(scope="module")
def mine(tmp_path_factory: pytest.TempPathFactory) -> Own:
    return own(tmp_path_factory.mktemp("own"), "ada", "tops3cret")


def shown(name: str) -> Step:
    """The client has shown a certificate of this common name."""

    def step(talk: Conversation) -> None:
        assert isinstance(talk.socket, ssl.SSLSocket)
        told = talk.socket.getpeercert() or {}
        if (("commonName", name),) not in told.get("subject", ()):
            raise Unexpected(f"it was shown {told}")

    return step


HELLO: Script = [shown("ada"), send("hello\r\n"), stall()]


def greeted(server: Scripted, route: Route) -> bytes:
    line = connect(
        server.account(Protocol.IMAP, host="localhost"), route=route, timeout_s=30.0, starttls=None
    )
    try:
        return line.read_line()
    finally:
        line.close()


def test_a_server_that_asks_is_shown_it(good: Certificates, mine: Own) -> None:
    wanting = replace(good, clients_ca=mine.ca_file)
    route = Route(str(good.ca_file), certificate=str(mine.file), certificate_secret="tops3cret")
    with Scripted(HELLO, certificates=wanting, tls=True) as server:
        assert greeted(server, route) == b"hello\r\n"
        # With a pin it is the same, and one that does not know its authority is no different.
        pinned = replace(route, ca_file="", pins=(Pin("localhost", good.sha256),))
        assert greeted(server, pinned) == b"hello\r\n"


def test_a_server_that_wants_one_and_gets_none_says_so(good: Certificates, mine: Own) -> None:
    wanting = replace(good, clients_ca=mine.ca_file)
    with (
        Scripted([], certificates=wanting, tls=True) as server,
        pytest.raises(TlsRefused, match="localhost wants a certificate of your own"),
    ):
        greeted(server, Route(str(good.ca_file)))


def test_a_server_of_tls_1_2_only_says_that_it_cannot(good: Certificates, mine: Own) -> None:
    def older(talk: Conversation) -> None:
        context = server_context(replace(good, clients_ca=mine.ca_file))
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        talk.socket = context.wrap_socket(talk.socket, server_side=True)

    with Scripted([older]) as server:
        account = server.account(Protocol.IMAP, Security.TLS, host="localhost")
        with pytest.raises(TlsRefused, match=r"TLS\. The server may want a certificate"):
            connect(account, route=Route(str(good.ca_file)), timeout_s=30.0, starttls=None)


def test_a_server_that_knows_another_authority_says_so(
    good: Certificates, mine: Own, tmp_path: Path
) -> None:
    other = own(tmp_path, "eve")
    wanting = replace(good, clients_ca=other.ca_file)
    route = Route(str(good.ca_file), certificate=str(mine.file), certificate_secret="tops3cret")
    with (
        Scripted([], certificates=wanting, tls=True) as server,
        pytest.raises(TlsRefused, match="does not know who issued your certificate"),
    ):
        greeted(server, route)


def test_it_is_not_shown_to_a_server_that_does_not_verify(good: Certificates, mine: Own) -> None:
    wanting = replace(good, clients_ca=mine.ca_file)
    seen: list[object] = []

    def look(talk: Conversation) -> None:
        assert isinstance(talk.socket, ssl.SSLSocket)
        seen.append(talk.socket.getpeercert())

    route = Route(certificate=str(mine.file), certificate_secret="tops3cret")
    with Scripted([look], certificates=wanting, tls=True) as server:
        with pytest.raises(TlsRefused, match="an authority this computer does not know"):
            greeted(server, route)
        assert server.connections == 2
    assert not seen


def refused(route: Route) -> MailError:
    """What is wrong with the route's certificate; no server is spoken to."""
    stages: list[Stage] = []
    with Scripted([stall()]) as server, pytest.raises(MailError) as caught:
        connect(
            server.account(Protocol.IMAP, Security.TLS, host="localhost"),
            route=replace(route, reached=stages.append),
            timeout_s=30.0,
            starttls=None,
        )
    assert not stages
    assert server.connections == 0
    assert "tops3cret" not in f"{caught.value.summary}{caught.value.detail}{caught.value!r}"
    return caught.value


def test_a_passphrase_that_is_missing_or_wrong(
    mine: Own, capfd: pytest.CaptureFixture[str]
) -> None:
    route = Route(certificate=str(mine.file))
    missing = refused(route)
    assert type(missing) is AuthFailed
    assert missing.summary == f"The key in {mine.file} is locked: its passphrase is needed."
    for wrong in ("another tops3cret", "tops3cret" * 200, "\0"):
        error = refused(replace(route, certificate_secret=wrong))
        assert type(error) is AuthFailed
        assert error.summary == f"The passphrase of the key in {mine.file} is wrong."
    # Nobody was asked for it on the terminal.
    assert capfd.readouterr() == ("", "")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    error = refused(Route(certificate=str(tmp_path / "gone.pem")))
    assert type(error) is TlsRefused
    assert error.summary.endswith("gone.pem cannot be read: no such file or directory.")
    assert "cannot be read: is a directory" in refused(Route(certificate=str(tmp_path))).summary


def test_a_file_with_half_of_it(mine: Own, tmp_path: Path) -> None:
    whole = mine.file.read_bytes()
    certificate, mark, key = whole.partition(b"-----BEGIN ENCRYPTED")
    file = tmp_path / "half.pem"
    for text, words in (
        (certificate, "There is no key in"),
        (mark + key, "There is no certificate in"),
        (b"", "There is no certificate in"),
        (b"\x30\x82" + bytes(200), "a PEM file is needed"),
    ):
        file.write_bytes(text)
        assert words in refused(Route(certificate=str(file))).summary


def test_a_key_of_another_certificate(mine: Own, tmp_path: Path) -> None:
    other = own(tmp_path, "eve").file.read_bytes()
    certificate = mine.file.read_bytes().partition(b"-----BEGIN ENCRYPTED")[0]
    file = tmp_path / "mixed.pem"
    file.write_bytes(certificate + b"-----BEGIN " + other.split(b"-----BEGIN ")[-1])
    assert "is not the one of its certificate" in refused(Route(certificate=str(file))).summary


def test_a_certificate_that_is_damaged(tmp_path: Path) -> None:
    file = own(tmp_path, "ada").file
    file.write_bytes(file.read_bytes().replace(b"MII", b"XXX", 1))
    assert "cannot be used" in refused(Route(certificate=str(file))).summary
