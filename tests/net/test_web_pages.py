"""Pages fetched from hosts that nobody knows: by HTTPS only, and never for long or without end."""

from __future__ import annotations

import gc
import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.mail.errors import BadServer, MailError, Offline, Refused, TlsRefused
from martlet.mail.route import STRAIGHT
from martlet.net.reach import Address
from martlet.net.web import Page, Web
from martlet.net.web_line import web_line
from support import scripted
from support.certificates import Certificates, issue
from support.scripted import Scripted
from support.web import Loopback, Pages, Raw, Reply, Website, moved

HOST, OTHER = "www.example.org", "other.example.net"
URL = f"https://{HOST}/page"
LIMIT = 1000


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return issue(tmp_path_factory.mktemp("tls"), HOST, OTHER)


def fetch(
    certificates: Certificates, pages: Pages, url: str = URL, timeout_s: float = 5.0
) -> tuple[Page | MailError, list[str], Website]:
    """What came of it, who was asked, and the site."""
    visited: list[str] = []
    with Website(certificates, pages) as site:
        web = Web(ca_file=str(certificates.ca_file), look_up=site.look_up, timeout_s=timeout_s)
        try:
            return web.get(url, limit=LIMIT, visited=visited.append), visited, site
        except MailError as error:
            return error, visited, site


def said(*pieces: bytes) -> Raw:
    return Raw(lambda: pieces)


def test_a_page(certificates: Certificates) -> None:
    page, visited, site = fetch(certificates, {(HOST, "/page"): b"text"}, URL + "?a=b%40c")
    assert page == Page(HOST, b"text")
    assert visited == [HOST]
    assert site.asked == [(HOST, "/page?a=b%40c")]
    assert "cookie" not in site.heads[0]
    assert "martlet/" not in site.heads[0]


def test_a_page_in_chunks_and_one_that_ends_with_the_line(certificates: Certificates) -> None:
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"
    for raw, text in ((chunked, b"abc"), (b"HTTP/1.0 200 OK\r\n\r\nxy", b"xy")):
        page, _, _ = fetch(certificates, {(HOST, "/page"): said(raw)})
        assert page == Page(HOST, text)


def test_sent_on_to_another_host(certificates: Certificates) -> None:
    page, visited, _ = fetch(
        certificates,
        {(HOST, "/page"): moved(f"https://{OTHER}/there", 301), (OTHER, "/there"): b"text"},
    )
    assert page == Page(OTHER, b"text")
    assert visited == [HOST, OTHER]


def test_sent_on_within_a_host(certificates: Certificates) -> None:
    page, _, _ = fetch(
        certificates, {(HOST, "/page"): moved("/a/b"), (HOST, "/a/b"): moved("c"),
                       (HOST, "/a/c"): b"text"},
    )  # fmt: skip
    assert page == Page(HOST, b"text")


@pytest.mark.parametrize(
    "url",
    [f"http://{HOST}/page", "ftp://x.example/", "file:///etc/passwd", "https://127.0.0.1/",
     "https://[::1]/", "https://192.168.0.1/", f"https://{OTHER}:8443/", f"https://u@{OTHER}/",
     "https://a b/", "https://[", "https://x.example/\x7f",
     f"https://{OTHER}/" + "a" * 3000, "https://x.example:99999/", ""],
)  # fmt: skip
def test_where_we_do_not_go(certificates: Certificates, url: str) -> None:
    error, visited, _ = fetch(certificates, {(HOST, "/page"): moved(url)})
    assert isinstance(error, BadServer)
    assert visited == [HOST]


@given(st.text(max_size=80))
def test_any_text_as_an_address(text: str) -> None:
    def here(host: str, port: int) -> list[Address]:
        assert port == 443
        assert host.isascii()
        assert not set(host) & set(" /@?#:[]\\")
        raise OSError

    web = Web(look_up=here)
    for url in (text, f"https://{text}", f"https://example.org/{text}"):
        with pytest.raises((BadServer, Offline)):
            web.get(url, limit=LIMIT, visited=lambda host: None)


def test_never_asked_without_encryption(certificates: Certificates) -> None:
    error, visited, site = fetch(certificates, {(HOST, "/page"): b""}, f"http://{HOST}/page")
    assert isinstance(error, BadServer)
    assert not visited
    assert not site.asked


def test_sent_on_in_circles(certificates: Certificates) -> None:
    error, visited, _ = fetch(certificates, {(HOST, "/page"): moved(URL)})
    assert isinstance(error, BadServer)
    assert len(visited) == 4


@pytest.mark.parametrize("status", [204, 304, 401, 404, 500])
def test_no_such_page(certificates: Certificates, status: int) -> None:
    error, _, _ = fetch(certificates, {(HOST, "/page"): Reply(b"no", status)})
    assert isinstance(error, Refused)
    assert str(status) in error.detail


def endless() -> Iterator[bytes]:
    yield b"HTTP/1.0 200 OK\r\n\r\n"
    yield from itertools.repeat(b"x" * 4096)


@pytest.mark.parametrize(
    "page",
    [
        b"x" * (LIMIT + 1),
        Raw(endless),
        said(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nshort"),
        said(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
        said(b"* OK IMAP4rev1 ready\r\n"),
        said(b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 500),
        said(b"HTTP/1.1 200 OK\r\nA: " + b"b" * 100_000),
        moved(""),
    ],
    ids=["large", "endless", "short", "chunks", "imap", "heads", "head", "nowhere"],
)
def test_pages_that_are_none(certificates: Certificates, page: bytes | Raw | Reply) -> None:
    error, _, _ = fetch(certificates, {(HOST, "/page"): page})
    assert isinstance(error, BadServer | Offline)
    assert HOST in error.summary


@pytest.mark.parametrize("last", [100, 101])
def test_chunks_are_bounded_together(certificates: Certificates, last: int) -> None:
    chunks = [b"x" * 300] * 3 + [b"x" * last, b""]
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    raw = head + b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)
    found, _, _ = fetch(certificates, {(HOST, "/page"): said(raw)})
    if last == 100:
        assert found == Page(HOST, b"x" * LIMIT)
    else:
        assert isinstance(found, BadServer)
        assert f"{LIMIT} bytes" in found.summary


def test_answers_before_the_answer_are_few(certificates: Certificates) -> None:
    endless = Raw(lambda: itertools.repeat(b"HTTP/1.1 100 Continue\r\n\r\n"))
    error, _, _ = fetch(certificates, {(HOST, "/page"): endless})
    assert isinstance(error, BadServer)
    early = said(b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.0 200 OK\r\n\r\nxy")
    page, _, _ = fetch(certificates, {(HOST, "/page"): early})
    assert page == Page(HOST, b"xy")


def test_time_ends_even_for_who_never_stops_speaking(certificates: Certificates) -> None:
    slow = [scripted.expect("GET"), scripted.drip(b"HTTP/1.1 200 OK\r\nA: " + b"b" * 30, 0.1)]
    with Scripted(slow, certificates=certificates, tls=True) as server:
        web = Web(
            ca_file=str(certificates.ca_file),
            look_up=Loopback({(HOST, 443): server.port}).look_up,
            timeout_s=0.5,
        )
        with pytest.raises(Offline, match="in time"):
            web.get(URL, limit=LIMIT, visited=lambda host: None)


@pytest.mark.parametrize("tls", [True, False], ids=["after TLS", "before TLS"])
def test_time_ends_for_who_says_nothing(certificates: Certificates, tls: bool) -> None:
    with Scripted([scripted.stall()], certificates=certificates, tls=tls) as server:
        web = Web(
            ca_file=str(certificates.ca_file),
            look_up=Loopback({(HOST, 443): server.port}).look_up,
            timeout_s=0.5,
        )
        with pytest.raises(Offline, match="in time"):
            web.get(URL, limit=LIMIT, visited=lambda host: None)


def test_time_ends_for_a_page_without_length_that_drips(certificates: Certificates) -> None:
    head = [scripted.expect("GET"), scripted.send("HTTP/1.1 200 OK\r\n\r\n")]
    slow = [*head, scripted.drip(b"x" * 30, 0.1)]
    with Scripted(slow, certificates=certificates, tls=True) as server:
        web = Web(
            ca_file=str(certificates.ca_file),
            look_up=Loopback({(HOST, 443): server.port}).look_up,
            timeout_s=0.5,
        )
        with pytest.raises(Offline, match="in time"):
            web.get(URL, limit=LIMIT, visited=lambda host: None)


def test_what_ends_because_its_time_is_over_is_no_page(certificates: Certificates) -> None:
    half = [scripted.expect("GET"), scripted.send("HTTP/1.0 200 OK\r\n\r\nhalf"), scripted.stall()]
    with Scripted(half, certificates=certificates, tls=True) as server:
        web = Web(
            ca_file=str(certificates.ca_file),
            look_up=Loopback({(HOST, 443): server.port}).look_up,
            timeout_s=0.5,
        )
        with pytest.raises(Offline, match="in time"):
            web.get(URL, limit=LIMIT, visited=lambda host: None)


def test_a_line_whose_time_ends_as_it_is_made_is_closed() -> None:
    now = [0.0]
    with Scripted([scripted.stall()]) as server:
        found = Loopback({(HOST, 80): server.port})

        def late(host: str, port: int) -> Sequence[Address]:
            now[0] = 2.0
            return found.look_up(host, port)

        asked = web_line(
            HOST, 80, private=False, route=STRAIGHT, until=1.0, look_up=late, clock=lambda: now[0]
        )
        with pytest.raises(Offline, match="in time"), asked:
            pass
    # What nobody closed would be told as a warning, which fails the test.
    gc.collect()


def test_a_certificate_that_does_not_verify(certificates: Certificates, tmp_path: Path) -> None:
    wrong = issue(tmp_path, HOST)
    page, _, _ = fetch(wrong, {(HOST, "/page"): b"text"})
    assert isinstance(page, Page)
    with Website(certificates, {(HOST, "/page"): b"text"}) as site:
        for web in (
            Web(look_up=site.look_up),
            Web(ca_file=str(wrong.ca_file), look_up=site.look_up),
        ):
            with pytest.raises(TlsRefused):
                web.get(URL, limit=LIMIT, visited=lambda host: None)
    assert site.asked == []


def test_a_certificate_for_another_host(tmp_path: Path) -> None:
    error, _, _ = fetch(issue(tmp_path, OTHER), {(HOST, "/page"): b"text"})
    assert isinstance(error, TlsRefused)
    assert OTHER in error.summary or HOST in error.summary


def test_no_such_host_and_nobody_there(certificates: Certificates) -> None:
    web = Web(look_up=Loopback({(HOST, 443): 1}).look_up)
    with pytest.raises(Offline, match="no web server"):
        web.get(URL, limit=LIMIT, visited=lambda host: None)
    with pytest.raises(Offline, match="no host named"):
        web.get(f"https://{OTHER}/", limit=LIMIT, visited=lambda host: None)
