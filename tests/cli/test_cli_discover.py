"""`martlet account discover`, and `account add` with nothing but an address."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from cli.running import Cli
from martlet.bootstrap import services
from martlet.cli.context import Services
from martlet.cli.main import main
from martlet.engine.engine import Engine
from martlet.engine.network import Network
from martlet.link.client import Asker
from martlet.link.local import LocalClient
from martlet.mail.account import Account
from martlet.mail.server import Protocol, Security, Server
from martlet.net.reach import Address
from martlet.paths import Profile
from martlet.store.reader import Reader
from support.certificates import Certificates, issue
from support.names import Names
from support.web import Pages, Website

OWN, CONFIG = "autoconfig.example.org", "/mail/config-v1.1.xml"
ADDRESS = "ada@example.org"


def config(host: str) -> bytes:
    return f"""<clientConfig version="1.1"><emailProvider id="x">
      <displayName>Example\x1b Mail</displayName>
      <incomingServer type="pop3"><hostname>{host}</hostname><port>995</port>
        <socketType>SSL</socketType></incomingServer>
      <incomingServer type="imap"><hostname>{host}</hostname><port>143</port>
        <socketType>STARTTLS</socketType><username>%EMAILLOCALPART%</username></incomingServer>
      <outgoingServer type="smtp"><hostname>{host}</hostname><port>465</port>
        <socketType>SSL</socketType></outgoingServer>
    </emailProvider></clientConfig>""".replace("\x1b", "").encode()


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return issue(tmp_path_factory.mktemp("tls"), OWN, "example.org")


class Martlet:
    """The command line in this process, whose engines ask the network of the test."""

    def __init__(self, root: Path, network: Network, capsys: pytest.CaptureFixture[str]) -> None:
        self.root = root
        self._network = network
        self._capsys = capsys

    def __call__(self, *words: str) -> tuple[int, str, str]:
        """Status, stdout and stderr."""
        usual = services()
        mine = Services(
            self._open, usual.run_window, usual.run_demo, usual.run_file, usual.run_engine
        )
        status = main(["--profile", str(self.root), *words], mine)
        said = self._capsys.readouterr()
        return status, said.out, said.err

    def added(self) -> Account:
        (account,) = Reader(self.root).accounts()
        return account

    def _open(self, profile: Profile) -> Asker:
        engine = Engine(profile, network=self._network)
        return LocalClient(engine, engine.close)


@contextmanager
def world(
    root: Path,
    certificates: Certificates,
    capsys: pytest.CaptureFixture[str],
    pages: Pages,
    records: Mapping[tuple[str, str], Sequence[str]] | None = None,
) -> Iterator[tuple[Martlet, Website]]:
    with Website(certificates, pages) as site, Names(records or {}) as names:
        network = Network(
            ca_file=str(certificates.ca_file), nameserver=names.place, look_up=site.look_up
        )
        yield Martlet(root, network, capsys), site


ADD = ("account", "add", "work", "--address", ADDRESS, "--ask-password")


def test_what_is_found_is_shown(
    tmp_path: Path, certificates: Certificates, capsys: pytest.CaptureFixture[str]
) -> None:
    pages = {(OWN, CONFIG): config("mail.example.org")}
    with world(tmp_path, certificates, capsys, pages) as (martlet, _):
        status, out, err = martlet("account", "discover", ADDRESS)
        assert (status, err) == (0, "")
        assert "IMAP mail.example.org:143, starttls, user ada" in out
        assert "guessed" in out
        assert f"+ {OWN}: Settings found." in out
        status, out, _ = martlet("account", "discover", ADDRESS, "--no-ispdb", "--json")
    rows = [json.loads(line) for line in out.splitlines()]
    offers = [row for row in rows if row["kind"] == "offer"]
    assert [offer["found_by"] for offer in offers] == ["autoconfig", "guess"]
    assert offers[0]["who"] == "Example Mail"
    assert offers[0]["incoming"][0] == {
        "protocol": "imap", "host": "mail.example.org", "port": 143, "security": "starttls",
        "user": "ada",
    }  # fmt: skip
    assert {row["host"] for row in rows if row["kind"] == "asked"} == {OWN, "example.org", "DNS"}


def test_an_address_alone_makes_an_account(
    tmp_path: Path, certificates: Certificates, capsys: pytest.CaptureFixture[str]
) -> None:
    pages = {(OWN, CONFIG): config("mail.example.org")}
    with world(tmp_path, certificates, capsys, pages) as (martlet, _):
        status, _, err = martlet(*ADD)
        assert status == 0, err
        assert "published by the domain: mail.example.org" in err
        account = martlet.added()
    assert account.incoming == Server(
        Protocol.IMAP, "mail.example.org", 143, Security.STARTTLS, "ada"
    )
    assert account.outgoing == Server(Protocol.SMTP, "mail.example.org", 465, Security.TLS, ADDRESS)


def test_only_what_is_left_out_is_found(
    tmp_path: Path, certificates: Certificates, capsys: pytest.CaptureFixture[str]
) -> None:
    pages = {(OWN, CONFIG): config("mail.example.org")}
    with world(tmp_path, certificates, capsys, pages) as (martlet, site):
        assert martlet(*ADD, "--imap", "own.example.org", "--user", "me")[0] == 0
        account = martlet.added()
        assert site.asked
    assert account.incoming is not None
    assert account.outgoing is not None
    assert (account.incoming.host, account.outgoing.host) == (
        "own.example.org", "mail.example.org",
    )  # fmt: skip
    assert account.outgoing.user == "me"


def test_nobody_is_asked_when_nothing_is_left_out_or_it_is_forbidden(
    tmp_path: Path, certificates: Certificates, capsys: pytest.CaptureFixture[str]
) -> None:
    with world(tmp_path, certificates, capsys, {(OWN, CONFIG): b""}) as (martlet, site):
        assert martlet(*ADD, "--imap", "i", "--smtp", "s")[0] == 0
        assert martlet("account", "edit", "work", "--rename", "old")[0] == 0
        assert martlet(*ADD, "--imap", "i", "--no-discover")[0] == 0
        assert site.asked == []


def test_a_guess_when_nobody_knows(
    tmp_path: Path, certificates: Certificates, capsys: pytest.CaptureFixture[str]
) -> None:
    with world(tmp_path, certificates, capsys, {}) as (martlet, _):
        status, _, err = martlet(*ADD, "--no-ispdb")
        assert status == 1
        assert "Nothing was found for example.org, and no usual server of it answers" in err
        assert Reader(martlet.root).accounts() == []
        status, out, err = martlet("account", "discover", ADDRESS, "--no-ispdb")
        assert (status, err) == (1, "")
        first, second, *_ = out.splitlines()
        assert first == "Nothing was found for example.org."
        assert second == "Only a guess, and no server of these answered"
        assert martlet("account", "discover", ADDRESS, "--no-ispdb", "--json")[0] == 1
        status, _, err = martlet(*ADD, "--no-ispdb", "--yes")
        assert status == 0
        assert "guessed; try: martlet account test" in err
        incoming = martlet.added().incoming
        assert incoming is not None
        assert incoming.host == "imap.example.org"


def test_a_guess_does_not_go_with_servers_given_by_hand(
    tmp_path: Path, certificates: Certificates, capsys: pytest.CaptureFixture[str]
) -> None:
    with world(tmp_path, certificates, capsys, {}) as (martlet, _):
        assert martlet(*ADD, "--imap", "own.example.org", "--no-ispdb")[0] == 0
        assert martlet.added().outgoing is None


SRV = {
    ("_imaps._tcp.example.org", "SRV"): ["0 1 993 imap.evil.example."],
    ("_submissions._tcp.example.org", "SRV"): ["0 1 465 smtp.evil.example."],
}


def test_hosts_that_only_dns_names_need_a_word(
    tmp_path: Path, certificates: Certificates, capsys: pytest.CaptureFixture[str]
) -> None:
    with world(tmp_path, certificates, capsys, {}, SRV) as (martlet, _):
        status, _, err = martlet(*ADD, "--no-ispdb")
        assert status == 1
        assert "imap.evil.example" in err
        assert "--yes" in err
        assert Reader(martlet.root).accounts() == []
        assert martlet(*ADD, "--no-ispdb", "--yes")[0] == 0
        assert martlet.added().incoming is not None


class Terminal(io.StringIO):
    """A keyboard on which this was typed."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("typed", "status"), [("y\n", 0), ("n\n", 1), ("", 1)])
def test_a_person_is_asked(
    tmp_path: Path,
    certificates: Certificates,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    typed: str,
    status: int,
) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal(typed))
    with world(tmp_path, certificates, capsys, {}, SRV) as (martlet, _):
        ended, out, _ = martlet(*ADD, "--no-ispdb")
    assert ended == status
    assert "imap.evil.example" in out
    assert "[y/N]" in out


def nobody(host: str, port: int) -> Sequence[Address]:
    raise AssertionError(f"{host} was looked up")


def test_who_is_known_needs_no_network(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    martlet = Martlet(tmp_path, Network(look_up=nobody, nameserver=("127.0.0.1", 1)), capsys)
    words = ("account", "add", "x", "--ask-password", "--address")
    assert martlet(*words, "ada@free.fr") == (0, "Account x added.\n", "")
    account = martlet.added()
    assert account.incoming is not None
    assert account.incoming.user == "ada"
    status, _, err = martlet("account", "add", "y", "--ask-password", "--address", "a@tuta.com")
    assert status == 1
    assert "no IMAP" in err
    assert martlet("account", "discover", "a@gmail.com")[1].startswith("Gmail: known to Martlet")


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("a@163.com", "authorisation code (授权码)"),
        ("a@outlook.com", "sign in by browser, with --oauth"),
        ("a@icloud.com", "app password"),
    ],
)
def test_what_the_provider_wants_as_password(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], address: str, said: str
) -> None:
    martlet = Martlet(tmp_path, Network(look_up=nobody, nameserver=("127.0.0.1", 1)), capsys)
    status, out, _ = martlet("account", "discover", address)
    assert status == 0
    assert said in out


def test_no_address(tmp_path: Path) -> None:
    assert "not an e-mail address" in Cli(tmp_path).refused("account", "discover", "ada", status=2)
