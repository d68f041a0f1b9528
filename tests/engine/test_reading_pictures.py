"""What a message has from the internet: nothing unless a person said so, and then its pictures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from martlet.engine.engine import Engine
from martlet.engine.network import Network
from martlet.engine.one_file import OneFile
from martlet.mail.errors import MailError, Offline, Refused
from martlet.mail.folder import Role
from martlet.mail.message import MessageId
from martlet.mail.reading import Picture, View
from martlet.mail.rendered import Rendered
from martlet.mail.route import ProxyKind
from martlet.mail.sender_facts import Weight
from support.certificates import Certificates, issue
from support.shelf import Shelf
from support.tunnels import Tunnels
from support.web import Website

HOST = "pictures.example.org"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
PAGES = {(HOST, f"/{name}"): PNG for name in ("a.png", "b.png", "pixel.gif", "bg.png", "x.css")}
SHOWN = View(pictures=True)
HTML = (
    f"<link rel=stylesheet href='https://{HOST}/x.css'>"
    f"<style>@import url(https://{HOST}/x.css); p {{ background: url(https://{HOST}/bg.png) }}"
    f"@font-face {{ font-family: x; src: url(https://{HOST}/font) }}</style>"
    f"<img src='https://{HOST}/a.png' width=80 height=80><p>hello</p>"
    f"<img src='https://{HOST}/b.png' width=80 height=80>"
    f"<img src='https://{HOST}/pixel.gif' width=1 height=1>"
    f"<iframe src='https://{HOST}/frame'></iframe><video poster='https://{HOST}/poster'></video>"
)


def letter(html: str = HTML, kind: str = "text/html") -> bytes:
    return (
        f"From: Eve <eve@news.example.org>\r\nTo: work@example.org\r\nSubject: x\r\n"
        f"Content-Type: {kind}; charset=utf-8\r\n\r\n{html}"
    ).encode()


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return issue(tmp_path_factory.mktemp("tls"), HOST)


class Reader:
    """An engine whose internet is one web site."""

    def __init__(self, shelf: Shelf, site: Website, ca_file: Path) -> None:
        self.site = site
        self.engine = Engine(
            shelf.profile,
            network=Network(str(ca_file), look_up=site.look_up, pictures_from=lambda address: True),
        )

    def fetch_all(self, message: MessageId, shown: Rendered) -> list[Picture]:
        """What the window asks for when it shows this."""
        wanted = shown.remote.pictures if shown.remote.shown else ()
        return [self.engine.remote_picture(message, url) for url in wanted]


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "profile")


@pytest.fixture
def reader(shelf: Shelf, certificates: Certificates) -> Iterator[Reader]:
    with Website(certificates, PAGES) as site:
        made = Reader(shelf, site, certificates.ca_file)
        yield made
        made.engine.close()


def test_without_permission_nothing_is_asked_for(shelf: Shelf, reader: Reader) -> None:
    message = shelf.put(letter())
    shown = reader.engine.render(message)
    assert not shown.remote.shown
    assert shown.html is not None
    assert HOST not in shown.html
    assert reader.fetch_all(message, shown) == []
    assert reader.site.asked == []


def test_with_permission_exactly_its_pictures(shelf: Shelf, reader: Reader) -> None:
    message = shelf.put(letter())
    shown = reader.engine.render(message, view=SHOWN)
    assert shown.remote.shown
    assert shown.view == SHOWN
    assert shown.remote.trackers == 1
    assert {one.data for one in reader.fetch_all(message, shown)} == {PNG}
    paths = {path for _, path in reader.site.asked}
    assert {"/a.png", "/b.png"} <= paths <= {"/a.png", "/b.png", "/bg.png"}
    # The next time it is as before.
    assert not reader.engine.render(message).remote.shown


def test_nobody_gets_what_the_message_does_not_name(shelf: Shelf, reader: Reader) -> None:
    message, other = shelf.put(letter()), shelf.put(letter("<p>none"))
    for one, url in (
        (message, f"https://{HOST}/pixel.gif"),
        (message, f"https://{HOST}/x.css"),
        (message, "https://127.0.0.1/"),
        (other, f"https://{HOST}/a.png"),
        (MessageId(999), f"https://{HOST}/a.png"),
    ):
        with pytest.raises(Refused):
            reader.engine.remote_picture(one, url)
    assert reader.site.asked == []


def test_always_for_a_sender_or_a_domain(shelf: Shelf, reader: Reader) -> None:
    message = shelf.put(letter())
    engine = reader.engine
    for who in ("eve@news.example.org", "@news.example.org"):
        engine.allow_pictures(who.upper())
        shown = engine.render(message)
        assert (shown.remote.shown, shown.remote.allowed_by) == (True, who)
        assert not shown.view.pictures
        assert shown.html is not None
        assert "martlet-part:/remote/0" in shown.html
        engine.allow_pictures(who, False)
        assert not engine.render(message).remote.shown
    engine.allow_pictures("@example.org")
    assert not engine.render(message).remote.shown


def test_what_is_junk_gets_none_by_itself(shelf: Shelf, reader: Reader) -> None:
    message = shelf.put(letter(), role=Role.JUNK)
    reader.engine.allow_pictures("eve@news.example.org")
    assert not reader.engine.render(message).remote.shown
    assert reader.engine.render(message, view=SHOWN).remote.shown


@pytest.mark.parametrize(
    ("instead", "weight"),
    [
        (b"From: Eve <eve@news.example.org>\r\nFrom: Mallory <m@evil.example>", Weight.WARNING),
        (b"From: Eve <eve@news.example.org>, Mallory <m@evil.example>", Weight.CAUTION),
    ],
)
def test_nor_what_only_claims_to_be_of_whom_it_is_allowed(
    shelf: Shelf, reader: Reader, instead: bytes, weight: Weight
) -> None:
    message = shelf.put(letter().replace(b"From: Eve <eve@news.example.org>", instead))
    reader.engine.allow_pictures("eve@news.example.org")
    shown = reader.engine.render(message)
    assert shown.facts[0].weight is weight
    assert not shown.remote.shown
    assert shown.html is not None
    assert "/remote/" not in shown.html
    assert shown.remote.pictures
    # Who asks for them all the same gets them.
    assert reader.engine.render(message, view=SHOWN).remote.shown


OWN = "Authentication-Results: mx.own.example; "
CAME = "Received: from x.example (x.example [203.0.113.9]) by mx.own.example; Sat, 1 Jan 2000\r\n"


@pytest.mark.parametrize(
    ("above", "shown"),
    [
        (f"{OWN}dmarc=pass header.from=news.example.org\r\n{CAME}", True),
        (f"{OWN}spf=pass smtp.mailfrom=news.example.org\r\n{CAME}", True),
        (f"{OWN}dmarc=none; spf=softfail smtp.mailfrom=news.example.org\r\n{CAME}", False),
        (f"{OWN}spf=pass smtp.mailfrom=evil.example; dkim=none\r\n{CAME}", False),
        (f"{OWN}dmarc=fail header.from=news.example.org\r\n{CAME}", False),
        # Servers that looked for nothing, and what only a sender wrote
        (f"{OWN}none\r\n{CAME}", True),
        (f"{OWN}iprev=pass policy.iprev=203.0.113.9\r\n{CAME}", True),
        (CAME, True),
        (f"{CAME}{OWN}dkim=none\r\n", True),
    ],
)
def test_what_a_server_did_not_find_proved_gets_none(
    shelf: Shelf, reader: Reader, above: str, shown: bool
) -> None:
    account = shelf.add_account("own", host="imap.own.example")
    message = shelf.put(above.encode() + letter(), account)
    reader.engine.allow_pictures("eve@news.example.org")
    assert reader.engine.render(message).remote.shown is shown
    assert reader.engine.render(message, view=SHOWN).remote.shown


def test_nor_a_file_that_only_claims_it(tmp_path: Path) -> None:
    raw = letter().replace(b"From: Eve", b"From: Mallory <m@evil.example>\r\nFrom: Eve")
    for made in (letter(), raw):
        file = OneFile(made, tmp_path, pictures=True)
        file.allow_pictures("@news.example.org")
        file.allow_pictures("m@evil.example")
        shown = file.render(MessageId(0))
        assert (shown.remote.shown, bool(shown.remote.allowed_by)) == ((made != raw),) * 2
        assert file.render(MessageId(0), view=SHOWN).remote.shown


@pytest.mark.parametrize("who", ["", "@", "eve@news.example.org, x"])
def test_nobody_is_allowed_pictures(reader: Reader, tmp_path: Path, who: str) -> None:
    for engine in (reader.engine, OneFile(letter(), tmp_path)):
        with pytest.raises(Refused, match="neither an address"):
            engine.allow_pictures(who)


def test_an_attached_message_names_its_own(shelf: Shelf, reader: Reader) -> None:
    inner = letter(f"<img src='https://{HOST}/b.png' width=80 height=80>").decode()
    raw = letter(
        "--x\r\nContent-Type: text/plain\r\n\r\nsee\r\n"
        f"--x\r\nContent-Type: message/rfc822\r\n\r\n{inner}\r\n--x--\r\n",
        kind="multipart/mixed; boundary=x",
    )
    message = shelf.put(raw)
    url = f"https://{HOST}/b.png"
    # Even before it was looked at: the engine may be another than the one that showed it.
    assert reader.engine.remote_picture(message, url).data == PNG
    reader.engine.allow_pictures("eve@news.example.org")
    # Whom an attached message is from, only the one who attached it says.
    assert not reader.engine.render(message, view=View(part="2")).remote.shown
    shown = reader.engine.render(message, view=View(part="2", pictures=True))
    assert shown.remote.pictures == (url,)


def test_offline_is_said(shelf: Shelf, tmp_path: Path) -> None:
    message = shelf.put(letter())
    with Tunnels(ProxyKind.SOCKS5) as proxy:
        gone = proxy.named()
        through = shelf.add_account("proxied", gone)
        by_proxy = shelf.put(letter(), through)
        engine = Engine(shelf.profile, network=Network(look_up=lambda host, port: []))
        try:
            with pytest.raises(Offline):
                engine.remote_picture(message, f"https://{HOST}/a.png")
            with pytest.raises(MailError):
                engine.remote_picture(by_proxy, f"https://{HOST}/b.png")
            assert proxy.places == [(HOST, 443)]
        finally:
            engine.close()


def test_a_file_shows_its_pictures_when_told_to(certificates: Certificates, tmp_path: Path) -> None:
    with Website(certificates, PAGES) as site:
        network = Network(
            str(certificates.ca_file), look_up=site.look_up, pictures_from=lambda address: True
        )
        for pictures in (False, True):
            file = OneFile(letter(), tmp_path, pictures=pictures, network=network)
            shown = file.render(MessageId(0))
            assert shown.remote.shown is pictures
            assert site.asked == []
        url = f"https://{HOST}/a.png"
        assert file.remote_picture(MessageId(0), url).data == PNG
        with pytest.raises(Refused):
            file.remote_picture(MessageId(0), f"https://{HOST}/pixel.gif")
        # Hidden again, shown for all of the domain: as long as the window is open.
        sender = "eve@news.example.org"
        assert file.render(MessageId(0)).remote.allowed_by == sender
        file.allow_pictures(sender, False)
        assert not file.render(MessageId(0)).remote.shown
        assert file.render(MessageId(0), view=SHOWN).remote.shown
        file.allow_pictures("@News.Example.org")
        assert file.render(MessageId(0)).remote.allowed_by == "@news.example.org"
