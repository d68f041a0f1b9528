"""Pictures from the internet: only of it, only pictures, never for long or without end."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.mail.errors import BadServer, MailError, Offline, Refused, TlsRefused
from martlet.mail.reading import Picture
from martlet.mail.route import STRAIGHT, ProxyKind, Route
from martlet.net.pictures import LIMIT, PictureWeb, kind_of, of_the_internet
from martlet.net.reach import Address
from support import scripted
from support.certificates import Certificates, issue
from support.scripted import Scripted
from support.tunnels import Tunnels
from support.web import Loopback, Pages, Raw, Reply, Website, moved

HOST, OTHER = "pictures.example.org", "cdn.example.net"
URL = f"https://{HOST}/a.png"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return issue(tmp_path_factory.mktemp("tls"), HOST, OTHER)


def everybody(address: str) -> bool:
    return True


def fetch(
    certificates: Certificates, pages: Pages, url: str = URL
) -> tuple[Picture | MailError, Website]:
    """What came of it, and the site."""
    with Website(certificates, pages) as site:
        web = PictureWeb(
            ca_file=str(certificates.ca_file), look_up=site.look_up, permitted=everybody
        )
        try:
            return web.get(url, STRAIGHT), site
        except MailError as error:
            return error, site


def test_a_picture_and_what_is_told_for_it(certificates: Certificates) -> None:
    reply = Reply(PNG, headers={"Content-Type": "text/html", "Set-Cookie": "id=1"})
    pages = {(HOST, "/a.png"): reply, (HOST, "/b c%20ä"): reply}
    found, site = fetch(certificates, pages, URL + "?id=a%40b&x=ä")
    assert found == Picture("image/png", PNG)
    assert site.asked == [(HOST, "/a.png?id=a%40b&x=%C3%A4")]
    told = {line.partition(":")[0] for line in site.heads[0].split("\n") if line}
    assert told == {"host", "user-agent", "accept", "accept-encoding", "connection"}
    assert "user-agent: mozilla/5.0\n" in site.heads[0]


def test_plain_http_is_asked_too() -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(PNG) + PNG
    with Scripted([scripted.read_to(b"\r\n\r\n"), scripted.send(answer)]) as server:
        web = PictureWeb(look_up=Loopback({(HOST, 80): server.port}).look_up, permitted=everybody)
        assert web.get(f"http://{HOST}/a.png", STRAIGHT) == Picture("image/png", PNG)


def test_sent_on_four_times_and_not_five(certificates: Certificates) -> None:
    steps = {(HOST, f"/{n}"): moved(f"https://{OTHER}/{n}") for n in range(9)}
    steps |= {(OTHER, f"/{n}"): moved(f"https://{HOST}/{n + 1}") for n in range(9)}
    pages: Pages = {**steps, (HOST, "/2"): Reply(PNG)}
    assert fetch(certificates, pages, f"https://{HOST}/0")[0] == Picture("image/png", PNG)
    error, site = fetch(certificates, steps, f"https://{HOST}/0")
    assert isinstance(error, BadServer)
    assert len(site.asked) == 5


@pytest.mark.parametrize("where", ["", "https://["])
def test_sent_on_to_no_address(certificates: Certificates, where: str) -> None:
    error, _ = fetch(certificates, {(HOST, "/a.png"): moved(where)})
    assert isinstance(error, BadServer)
    assert error.summary == f"{HOST} sends us on to no address."


@pytest.mark.parametrize(
    "url",
    ["ftp://x.example/a.png", "file:///etc/passwd", "data:image/png;base64,AAAA", "//x.example/a",
     "https://u@x.example/", "https://x.example:25/", "https://x.example:0/", "https://x.example:99999/",
     "https://localhost/", "https://printer/", "https://router.local/", "https://a.internal./",
     "https://127.0.0.1/", "https://127.1/", "http://0x7f.0x0.0x0.0x1:8080/", "http://0x7f000001.0x1/",
     "http://0177.0.0.01/", "http://1.2.3.0x4/", "https://a.example.1/", "http://a.b.c.d.e.0x1/",
     "http://127\u30020\u30020\u30021/", "https://2130706433/", "https://0x7f000001/",
     "https://[::1]/", "https://[::ffff:10.0.0.1]/", "https://[fe80::1%25eth0]/", "https://10.0.0.1/",
     "https://192.168.1.1/", "https://169.254.169.254/latest", "https://0.0.0.0/", "https://[::]/",
     "https://224.0.0.1/", "https://100.64.0.1/", "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/",
     "https://a b/", "https://[", "https://x.example/" + "a" * 9000, "https://", "a", ""],
)  # fmt: skip
def test_where_we_do_not_go(certificates: Certificates, url: str) -> None:
    def nobody(host: str, port: int) -> Sequence[Address]:
        raise AssertionError(host)

    with pytest.raises(Refused):
        PictureWeb(look_up=nobody).get(url, STRAIGHT)
    with pytest.raises(Refused), Tunnels(ProxyKind.SOCKS5) as proxy:
        PictureWeb(look_up=nobody).get(url, Route(proxy=proxy.named()))
    assert proxy.places == []


@pytest.mark.parametrize(
    "url",
    ["http://10.0.0.1/", "https://[::ffff:10.0.0.1]/", "file:///etc/passwd", "ftp://x.example/a",
     "https://printer/", "https://a.local/", "//192.168.0.1/x", "https://cdn.example.net:25/",
     "data:image/png;base64,AAAA", "https://u:p@cdn.example.net/", "javascript:1"],
)  # fmt: skip
def test_nor_when_sent_there(certificates: Certificates, url: str) -> None:
    with Website(certificates, {(HOST, "/a.png"): moved(url)}) as site:
        web = PictureWeb(
            ca_file=str(certificates.ca_file),
            look_up=site.look_up,
            permitted=lambda address: address == "127.0.0.1",
        )
        with pytest.raises(Refused):
            web.get(URL, STRAIGHT)
    assert site.asked == [(HOST, "/a.png")]


def test_a_name_that_leads_home_is_not_spoken_to(certificates: Certificates) -> None:
    with Website(certificates, {(HOST, "/a.png"): PNG}) as site:
        web = PictureWeb(ca_file=str(certificates.ca_file), look_up=site.look_up)
        with pytest.raises(Refused, match="not on the internet"):
            web.get(URL, STRAIGHT)
    assert site.asked == []


def test_what_was_looked_at_is_what_is_spoken_to(certificates: Certificates) -> None:
    """A name that leads somewhere else each time it is asked (DNS rebinding)."""
    with Website(certificates, {(HOST, "/a.png"): PNG}) as site:
        asked: list[str] = []

        def first_outside(host: str, port: int) -> Sequence[Address]:
            asked.append(host)
            place = ("192.0.2.1", 9) if len(asked) == 1 else ("127.0.0.1", site.port)
            return [Address(socket.AF_INET, ("127.0.0.1", site.port)), Address(2, place)]

        web = PictureWeb(
            ca_file=str(certificates.ca_file),
            look_up=first_outside,
            permitted=lambda address: address == "192.0.2.1",
            timeout_s=0.3,
        )
        with pytest.raises(Offline):
            web.get(URL, STRAIGHT)
    assert asked == [HOST]
    assert site.asked == []


@pytest.mark.parametrize("kind", list(ProxyKind))
def test_by_the_proxy_which_alone_looks_the_name_up(
    certificates: Certificates, kind: ProxyKind
) -> None:
    def nobody(host: str, port: int) -> Sequence[Address]:
        raise AssertionError(host)

    with Tunnels(kind, "ada", "p") as proxy:
        web = PictureWeb(look_up=nobody)
        with pytest.raises(MailError):
            web.get(URL, Route(proxy=proxy.named(), proxy_secret="p"))
        assert proxy.places == [(HOST, 443)]


@pytest.mark.parametrize(
    "body",
    [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<?xml version='1.0'?><svg/>", b"<html>", b"",
     b"BM, he wrote", b"RIFF1234WAVE", b"%PDF-1.7", b"\0\0\1\0icon"],
)  # fmt: skip
def test_what_is_no_picture(certificates: Certificates, body: bytes) -> None:
    said = Reply(body, headers={"Content-Type": "image/png"})
    error, _ = fetch(certificates, {(HOST, "/a.png"): said})
    assert isinstance(error, Refused)
    assert "no picture" in error.summary


@pytest.mark.parametrize("status", [204, 304, 401, 404, 500])
def test_no_such_picture(certificates: Certificates, status: int) -> None:
    error, _ = fetch(certificates, {(HOST, "/a.png"): Reply(PNG, status)})
    assert isinstance(error, Refused)


def test_pictures_without_end_or_too_large(certificates: Certificates) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (LIMIT + 1)
    endless = Raw(lambda: [b"HTTP/1.0 200 OK\r\n\r\n", PNG, *[b"x" * (1 << 20)] * 11])
    many = [PNG, *[bytes(LIMIT // 4)] * 4]  # none of them is too large
    chunks = [b"%x\r\n%b\r\n" % (len(piece), piece) for piece in many]
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    in_pieces = Raw(lambda: [chunked, *chunks, b"0\r\n\r\n"])
    for page in (Raw(lambda: [head, PNG]), endless, in_pieces):
        error, _ = fetch(certificates, {(HOST, "/a.png"): page})
        assert isinstance(error, BadServer)
    most = PNG + bytes(LIMIT - len(PNG))
    assert fetch(certificates, {(HOST, "/a.png"): most})[0] == Picture("image/png", most)


def test_a_certificate_that_does_not_verify(certificates: Certificates) -> None:
    with Website(certificates, {(HOST, "/a.png"): PNG}) as site:
        web = PictureWeb(look_up=site.look_up, permitted=everybody)
        with pytest.raises(TlsRefused) as caught:
            web.get(URL, STRAIGHT)
    assert caught.value.fingerprint == ""
    assert site.asked == []


@given(st.binary(max_size=40))
def test_any_bytes_are_of_a_kind_or_of_none(data: bytes) -> None:
    assert kind_of(data).startswith("image/") or kind_of(data) == ""


@given(st.ip_addresses())
def test_an_address_of_the_internet_is_no_private_one(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    known = of_the_internet(str(address))
    assert not known or not (address.is_private or address.is_multicast)


@pytest.mark.parametrize("address", ["8.8.8.8", "2a00:1450:4001:80f::2004"])
def test_addresses_of_the_internet(address: str) -> None:
    assert of_the_internet(address)


@pytest.mark.parametrize(
    "address",
    [
        "::127.0.0.1", "::a9fe:a9fe", "::ffff:0:127.0.0.1", "64:ff9b:1::7f00:1", "64:ff9b::7f00:1",
        "2002:7f00:1::", "5f00::1", "3fff::1", "fe80::1%eth0", "168.63.129.16", "100.64.0.1",
    ],
)  # fmt: skip
def test_addresses_that_lead_home_all_the_same(address: str) -> None:
    assert not of_the_internet(address)


def test_time_ends_for_who_drips_its_handshake(tmp_path: Path) -> None:
    with Scripted([scripted.drip(b"\x16\x03\x03\x40\x00" + b"\2" * 40, 0.1)]) as server:
        web = PictureWeb(
            look_up=Loopback({(HOST, 443): server.port}).look_up,
            permitted=everybody,
            timeout_s=0.5,
        )
        with pytest.raises(Offline, match="in time"):
            web.get(URL, STRAIGHT)
