"""The servers of an address found by asking; against web, name and mail servers on loopback."""

from __future__ import annotations

import itertools
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

import martlet
from martlet.engine.discovery import discover
from martlet.engine.engine import Engine
from martlet.engine.network import Network
from martlet.engine.together import together
from martlet.mail.discovery import Discovery, FoundBy, hosts_asked
from martlet.mail.errors import Refused
from martlet.mail.server import Protocol, Security, Server
from martlet.net.reach import Address
from martlet.paths import Profile
from support.certificates import Certificates, issue
from support.names import Names
from support.scripted import Script, Scripted, expect, send, stall, start_tls
from support.web import Loopback, Pages, Raw, Website, moved

ADDRESS = "ada+list@example.org"
OWN, SITE, ISPDB = "autoconfig.example.org", "example.org", "ispdb.example.com"
CONFIG = "/mail/config-v1.1.xml"
WELL_KNOWN = "/.well-known/autoconfig/mail/config-v1.1.xml"
NET = "autoconfig.example.net"

IMAP_GREETS: Script = [send("* OK ready\r\n")]
SUBMISSION: Script = [
    send("220 ready\r\n"), expect("EHLO"), send("250-here\r\n250 STARTTLS\r\n"),
    expect("STARTTLS"), send("220 go\r\n"), start_tls(),
]  # fmt: skip


def config(host: str = "imap.example.org") -> bytes:
    return f"""<clientConfig version="1.1"><emailProvider id="x">
      <incomingServer type="imap"><hostname>{host}</hostname><port>993</port>
        <socketType>SSL</socketType><username>%EMAILADDRESS%</username>
        <authentication>password-cleartext</authentication></incomingServer>
      <outgoingServer type="smtp"><hostname>{host}</hostname><port>465</port>
        <socketType>SSL</socketType><username>%EMAILADDRESS%</username>
        <authentication>password-cleartext</authentication></outgoingServer>
    </emailProvider></clientConfig>""".encode()


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    mail = ("imap.example.org", "mail.example.org", "smtp.example.org")
    names = (OWN, SITE, ISPDB, NET, "example.net", "ispdb.example.com", *mail)
    return issue(tmp_path_factory.mktemp("tls"), *names)


@dataclass
class Found:
    """What discovery came to, and what the servers heard."""

    result: Discovery
    web: list[tuple[str, str]]
    dns: list[tuple[str, str]]

    @property
    def kinds(self) -> list[FoundBy]:
        return [offer.found_by for offer in self.result.offers]

    @property
    def hosts(self) -> list[str]:
        """The first incoming host of each offer."""
        return [offer.incoming[0].host for offer in self.result.offers]

    def said(self, host: str) -> str:
        return " ".join(one.said for one in self.result.asked if one.host == host)


def find(
    certificates: Certificates,
    pages: Pages,
    records: Mapping[tuple[str, str], Sequence[str]] | None = None,
    mail: Mapping[tuple[str, int], int] | None = None,
    *,
    ispdb: bool = True,
    address: str = ADDRESS,
    round_s: float = 5.0,
) -> Found:
    with Website(certificates, pages) as site, Names(records or {}) as names:
        network = Network(
            ca_file=str(certificates.ca_file),
            nameserver=names.place,
            look_up=Loopback({**site.ports, **(mail or {})}).look_up,
            ispdb=f"https://{ISPDB}/v1.1/",
            round_s=round_s,
            greeting_s=round_s / 2,
        )
        result = discover(address, ispdb, network)
        return Found(result, list(site.asked), list(names.asked))


def nobody(host: str, port: int) -> Sequence[Address]:
    raise AssertionError(f"{host} was looked up")


def test_who_is_in_the_table_needs_nobody() -> None:
    for address in ("ada@gmail.com", "ada@[192.0.2.1]"):
        assert hosts_asked(address, True) == ()
        result = discover(address, True, Network(look_up=nobody, nameserver=("127.0.0.1", 1)))
        assert result.asked == ()
        assert len(result.offers) == 1


def test_what_is_no_address() -> None:
    with pytest.raises(Refused):
        discover("ada", True, Network(look_up=nobody))


def test_a_domain_that_publishes_its_settings(certificates: Certificates) -> None:
    found = find(certificates, {(OWN, CONFIG): config(), (ISPDB, "/"): b""})
    best = found.result.offers[0]
    assert best.found_by is FoundBy.AUTOCONFIG
    assert best.incoming == (Server(Protocol.IMAP, "imap.example.org", 993, Security.TLS, ADDRESS),)
    assert best.confirm == ""
    assert found.kinds[-1] is FoundBy.GUESS
    assert (OWN, f"{CONFIG}?emailaddress=ada%2Blist%40example.org") in found.web
    assert ISPDB not in [host for host, _ in found.web]


def test_only_its_own_host_hears_the_address(certificates: Certificates) -> None:
    found = find(
        certificates,
        {(OWN, "/"): b"", (SITE, "/"): b"", (ISPDB, "/"): b"", (NET, "/"): b"",
         ("example.net", "/"): b""},
        {(SITE, "MX"): ["10 mx.example.net."]},
    )  # fmt: skip
    told = [host for host, target in found.web if "ada" in target or "emailaddress" in target]
    assert told == [OWN]
    asked = {host for host, _ in found.web}
    assert asked == {OWN, SITE, ISPDB, NET, "example.net"}
    assert not any("ada" in name for name, _ in found.dns)
    assert set(hosts_asked(ADDRESS, True)[:2]) <= asked


def test_the_web_site_of_the_domain(certificates: Certificates) -> None:
    found = find(certificates, {(OWN, "/"): b"", (SITE, WELL_KNOWN): config()})
    assert found.kinds == [FoundBy.WELL_KNOWN, FoundBy.GUESS]
    assert "no such page" in found.said(OWN)


def test_the_public_table(certificates: Certificates) -> None:
    pages = {(ISPDB, "/v1.1/example.org"): config()}
    found = find(certificates, pages)
    assert found.kinds == [FoundBy.ISPDB, FoundBy.GUESS]
    assert found.web == [(ISPDB, "/v1.1/example.org")]
    off = find(certificates, pages, ispdb=False)
    assert off.kinds == [FoundBy.GUESS]
    assert off.web == []


def test_what_the_name_server_says_is_to_be_confirmed(certificates: Certificates) -> None:
    records = {
        ("_imaps._tcp.example.org", "SRV"): ["0 1 993 imap.evil.example."],
        ("_submissions._tcp.example.org", "SRV"): ["0 1 465 smtp.evil.example."],
    }
    found = find(certificates, {}, records)
    assert found.kinds == [FoundBy.SRV, FoundBy.GUESS]
    confirm = found.result.offers[0].confirm
    assert "imap.evil.example" in confirm
    assert "smtp.evil.example" in confirm
    assert found.result.offers[-1].confirm == ""


def test_who_takes_the_mail_is_in_the_table(certificates: Certificates) -> None:
    found = find(certificates, {}, {(SITE, "MX"): ["10 aspmx.l.google.com."]})
    assert found.kinds == [FoundBy.MX, FoundBy.GUESS]
    best = found.result.offers[0]
    assert (best.who, best.incoming[0].host) == ("Gmail", "imap.gmail.com")
    assert best.incoming[0].user == ADDRESS


def test_who_takes_the_mail_publishes_settings(certificates: Certificates) -> None:
    found = find(
        certificates,
        {(NET, CONFIG): config("imap.example.net")},
        {(SITE, "MX"): ["20 other.example.", "10 mx1.in.example.net."]},
    )
    assert found.kinds == [FoundBy.MX, FoundBy.GUESS]
    assert "imap.example.net" in found.result.offers[0].confirm
    assert (NET, CONFIG) in found.web


def test_a_provider_that_lets_no_mail_program_in(certificates: Certificates) -> None:
    found = find(certificates, {}, {(SITE, "MX"): ["10 mail.tutanota.de."]})
    assert "no IMAP" in found.result.offers[0].note


def test_usual_hosts_are_greeted(certificates: Certificates) -> None:
    with ExitStack() as stack:
        imap = stack.enter_context(Scripted(IMAP_GREETS, certificates=certificates, tls=True))
        smtp = stack.enter_context(Scripted(SUBMISSION, certificates=certificates))
        found = find(
            certificates,
            {},
            mail={("mail.example.org", 993): imap.port, ("smtp.example.org", 587): smtp.port},
        )
        assert imap.heard == [[]]
    (guess,) = found.result.offers
    assert guess.incoming == (
        Server(Protocol.IMAP, "mail.example.org", 993, Security.TLS, ADDRESS),
    )
    assert guess.outgoing == (
        Server(Protocol.SMTP, "smtp.example.org", 587, Security.STARTTLS, ADDRESS),
    )
    assert found.said("mail.example.org") == "IMAP port 993 answers."
    assert found.said("smtp.example.org") == "SMTP port 587 answers."


def test_a_greeting_with_a_bad_certificate_comes_second(
    certificates: Certificates, tmp_path: Path
) -> None:
    other = issue(tmp_path, "imap.example.org")
    with ExitStack() as stack:
        bad = stack.enter_context(Scripted(IMAP_GREETS, certificates=other, tls=True))
        good = stack.enter_context(Scripted(IMAP_GREETS, certificates=certificates, tls=True))
        mail = {("imap.example.org", 993): bad.port, ("mail.example.org", 993): good.port}
        found = find(certificates, {}, mail=mail)
    assert [one.host for one in found.result.offers[0].incoming] == [
        "mail.example.org", "imap.example.org",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "script",
    [
        [send("HTTP/1.1 400 Bad Request\r\n\r\n")],
        [send("220 I am for sending\r\n")],
        [send("* BYE not you\r\n")],
        [send(b"\x00" * 20_000)],
        [],
    ],
    ids=["web", "smtp", "bye", "flood", "nothing"],
)
def test_what_greets_otherwise_is_no_mail_server(
    certificates: Certificates, script: Script
) -> None:
    with Scripted(script, certificates=certificates, tls=True) as server:
        found = find(certificates, {}, mail={("mail.example.org", 993): server.port})
    assert found.hosts == ["imap.example.org"]
    assert not [one for one in found.result.asked if one.ok]


def test_no_network_at_all(certificates: Certificates) -> None:
    result = discover(
        ADDRESS,
        True,
        Network(look_up=Loopback({}).look_up, nameserver=("127.0.0.1", 1), round_s=0.5),
    )
    (guess,) = result.offers
    assert guess.found_by is FoundBy.GUESS
    assert [one.host for one in guess.incoming] == ["imap.example.org", "pop.example.org"]
    assert result.asked
    assert not [one for one in result.asked if one.ok]
    assert all(one.said for one in result.asked)


BOMB = (
    b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b"<clientConfig><emailProvider>&b;</emailProvider></clientConfig>"
)


@pytest.mark.parametrize(
    "page",
    [
        BOMB,
        b"<html>Welcome</html>",
        config("imap.example.org&#10;evil"),
        config().replace(b"993", b"0").replace(b"465", b"99999"),
        config().replace(b"SSL", b"plain"),
        moved(f"http://{SITE}{WELL_KNOWN}"),
        moved("https://127.0.0.1/"),
        moved(f"https://{OWN}{CONFIG}"),
        Raw(lambda: itertools.chain([b"HTTP/1.0 200 OK\r\n\r\n"], itertools.repeat(b"<a>" * 999))),
    ],
    ids=["bomb", "html", "control", "ports", "plain", "http", "loopback", "circle", "endless"],
)
def test_hostile_answers_lead_nowhere(certificates: Certificates, page: bytes) -> None:
    found = find(certificates, {(OWN, CONFIG): page, (ISPDB, "/v1.1/example.org"): config()})
    assert found.kinds == [FoundBy.ISPDB, FoundBy.GUESS]
    assert [one for one in found.result.asked if one.host == OWN and not one.ok]


def test_settings_that_lead_to_another_domain_are_to_be_confirmed(
    certificates: Certificates,
) -> None:
    found = find(certificates, {(OWN, CONFIG): config("imap.evil.example")})
    assert "imap.evil.example" in found.result.offers[0].confirm


def test_who_we_are_sent_on_to_is_told(certificates: Certificates) -> None:
    found = find(
        certificates,
        {(OWN, CONFIG): moved(f"https://{NET}{CONFIG}"), (NET, CONFIG): config()},
    )
    assert found.kinds[0] is FoundBy.AUTOCONFIG
    assert f"sends us on to {NET}" in found.said(OWN)
    assert found.said(NET) == "Settings found."


def test_who_does_not_answer_is_not_waited_for(certificates: Certificates) -> None:
    with Scripted([stall()], certificates=certificates, tls=True) as silent:
        found = find(
            certificates,
            {(SITE, WELL_KNOWN): config()},
            mail={(OWN, 443): silent.port},
            round_s=2.5,
        )
    assert found.kinds == [FoundBy.WELL_KNOWN, FoundBy.GUESS]
    assert "in time" in found.said(OWN)


def test_the_best_answer_does_not_wait_for_lesser_ones(certificates: Certificates) -> None:
    with ExitStack() as stack:
        silent = stack.enter_context(Scripted([stall()], certificates=certificates, tls=True))
        names = stack.enter_context(Names({}, silent=True))
        site = stack.enter_context(Website(certificates, {(OWN, CONFIG): config()}))
        network = Network(
            ca_file=str(certificates.ca_file),
            nameserver=names.place,
            look_up=Loopback({**site.ports, (SITE, 443): silent.port}).look_up,
            round_s=30.0,
        )
        result = discover(ADDRESS, True, network)
    assert result.offers[0].found_by is FoundBy.AUTOCONFIG
    said = {one.host: one.said for one in result.asked}
    assert "not needed" in said["DNS"]
    assert "not needed" in said[SITE]


def test_late_answers_are_left_behind_and_bugs_are_not_hidden() -> None:
    never, go = threading.Event(), threading.Event()

    def late() -> str:
        go.wait()
        never.set()
        return "late"

    assert together([late], 0.0) == [None]
    go.set()
    assert never.wait(30)

    def wrong() -> str:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        together([wrong], time.monotonic() + 60)


def test_the_engine_asks_by_the_network_it_is_given(
    certificates: Certificates, tmp_path: Path
) -> None:
    with Website(certificates, {(SITE, WELL_KNOWN): config()}) as site, Names({}) as names:
        network = Network(
            ca_file=str(certificates.ca_file), nameserver=names.place, look_up=site.look_up
        )
        engine = Engine(Profile(tmp_path), network=network)
        try:
            found = engine.discover(ADDRESS, ispdb=False)
        finally:
            engine.close()
    assert found.offers[0].found_by is FoundBy.WELL_KNOWN


def test_what_asks_is_loaded_only_when_something_is_asked() -> None:
    code = "import martlet.engine.engine, sys; print({'dns', 'http.client'} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(martlet.__file__).parents[1],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "set()"
