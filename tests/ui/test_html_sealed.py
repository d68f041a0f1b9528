"""Mail in real Chromium reaches nothing: every hostile vector, cleaned and as it came.

What it might ask for would show at the proxy it is given, or, without one, in Chromium's own record
of its network, names included. That these hear of it is shown by a page that may.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from pytestqt.qtbot import QtBot

from martlet.link import messages as link
from martlet.mail.message import Address, Attachment, Envelope, MessageId
from martlet.mail.reading import Picture, Remote
from martlet.mail.rendered import Rendered
from martlet.mime.render import render
from martlet.store.database import Database
from martlet.ui.html_view import HtmlView
from support.listener import Serving
from ui.support.rich import html_view
from ui.support.sample import HEADLESS, SampleClient, png

pytestmark = pytest.mark.qt_log_ignore(*HEADLESS, "Sandboxing disabled")
FIRST, LAST = "martlet-first.example", "martlet-last.example"
SHOWN = Path(__file__).parent / "support" / "pages_shown.py"
VECTORS = Path(__file__).parents[3] / "shared" / "corpus" / "html.jsonl"
OWN = (
    "<img src=http://a.example/x.png srcset='http://a.example/2.png 2x'>",
    "<style>@import url(http://b.example/x.css);"
    "@font-face{font-family:x;src:url(http://b.example/x.woff)}"
    "*{font-family:x;background:url(http://b.example/x.png);cursor:url(http://b.example/c),auto}"
    "</style>text",
    "<link rel=stylesheet href=http://c.example/x><link rel=dns-prefetch href=//c.example>"
    "<link rel=preconnect href=http://c.example><link rel=prefetch href=http://c.example/p>"
    "<link rel=prerender href=http://c.example/r><link rel=icon href=http://c.example/i>"
    "<link rel=preload as=image href=http://c.example/l><link rel=manifest href=http://c.example>",
    "<link rel=preconnect href=http://192.0.2.7><link rel=preconnect href=https://[2001:db8::7]>",
    "<meta http-equiv=refresh content='0;url=http://d.example/'><base href=http://d.example/>"
    "<img src=x.png><meta http-equiv=x-dns-prefetch-control content=on><a href=//d.example>a</a>",
    "<iframe src=http://e.example/></iframe><object data=http://e.example/o></object>"
    "<embed src=http://e.example/e><frameset><frame src=http://e.example/f></frameset>",
    "<video poster=http://f.example/p src=http://f.example/v autoplay></video>"
    "<audio src=http://f.example/a autoplay></audio><source src=http://f.example/s>"
    "<track src=http://f.example/t><input type=image src=http://f.example/i>",
    "<svg><image href=http://g.example/x.png /><use href=http://g.example/u#a />"
    "<filter><feImage href=http://g.example/f /></filter></svg>",
    "<form action=http://h.example/><button autofocus>go</button></form>"
    "<a ping=http://h.example/ping href=http://h.example>x</a><body background=http://h.example/b>",
    "<script src=http://i.example/x.js></script><img src=x onerror='fetch(\"http://i.example/\")'>"
    "<iframe srcdoc='<img src=http://i.example/s>'></iframe>",
    "<img src=//j.example/x><img src='martlet-part:/remote/0'><img src='martlet-mail:/9/2'>"
    '<div style=\'background-image:image-set("http://j.example/1" 1x);'
    "list-style:url(http://j.example/l);border-image:url(http://j.example/b)'>x</div>",
)


class Overheard(Serving):
    """A server that takes connections, remembers what was first said, and hangs up."""

    def __init__(self) -> None:
        super().__init__(self._begin, "overheard web")
        self.heard: list[bytes] = []

    def _begin(self, sock: socket.socket) -> Callable[[], None]:
        def serve() -> None:
            with suppress(OSError):
                self.heard.append(sock.recv(2000))
            sock.close()

        return serve


@pytest.fixture
def server() -> Iterator[Overheard]:
    with Overheard() as server:
        yield server


class Answering(SampleClient):
    """Its pictures from the internet come from it, like the parts."""

    def _answer(self, request: link.Request[object]) -> object:
        if isinstance(request, link.RemotePicture):
            return Picture("image/png", png())
        return super()._answer(request)


@pytest.fixture
def client(tmp_path: Path) -> Iterator[SampleClient]:
    database = Database(tmp_path)
    yield Answering(database)
    database.close()


@pytest.fixture
def view(qtbot: QtBot, client: SampleClient) -> Iterator[HtmlView]:
    with html_view(qtbot, client) as view:
        yield view


def message(html: str) -> Rendered:
    return Rendered(MessageId(7), Envelope(sender=Address("", "a@b.example")), html)


def vectors() -> list[str]:
    if not VECTORS.is_file():
        return []
    with VECTORS.open(encoding="utf-8") as lines:
        return [str(json.loads(line)["html"]) for line in lines]


def cleaned(html: str) -> str:
    """As a message of it is rendered with its pictures left out."""
    raw = b"Content-Type: text/html; charset=utf-8\r\n\r\n" + html.encode("utf-8", "replace")
    return render(MessageId(7), raw).html or ""


def everything() -> list[str]:
    came = [*OWN, *vectors()]
    return [*came, *(cleaned(html) for html in came)]


def shown_elsewhere(tmp_path: Path, pages: list[str], flags: str, *more: str) -> None:
    """Shows pages in a process of its own, between two that are opened freely."""
    file = tmp_path / "pages.json"
    file.write_text(json.dumps([f"http://{FIRST}/", *pages, f"http://{LAST}/"]), "utf-8")
    ran = subprocess.run(
        [sys.executable, str(SHOWN), str(file), *more],
        env=os.environ | {"QTWEBENGINE_CHROMIUM_FLAGS": flags},
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]


def but_for(*hosts: str) -> str:
    """The program's own rule for names, with exceptions."""
    rule = " , ".join(("MAP * ~NOTFOUND", *(f"EXCLUDE {host}" for host in hosts)))
    return f'"--host-resolver-rules={rule}"'


def test_behind_a_proxy_nothing_is_asked_for(tmp_path: Path, server: Overheard) -> None:
    shown_elsewhere(tmp_path, [], but_for("127.0.0.1"), str(server.port))
    asked = {said.split(b" ")[1].decode() for said in server.heard}
    assert asked == {f"http://{FIRST}/", f"http://{LAST}/"}  # so it would be heard
    server.heard.clear()
    shown_elsewhere(tmp_path, everything(), "", str(server.port))
    assert not server.heard


def test_no_name_is_looked_up_and_no_address_asked_for(tmp_path: Path) -> None:
    record = tmp_path / "net.json"
    shown_elsewhere(tmp_path, everything(), f"--log-net-log={record} {but_for(FIRST, LAST)}")
    known, *lines = record.read_text("utf-8", "replace").split('"events": [', 1)
    kinds = json.loads(known.rstrip().rstrip(",") + "}")["constants"]["logEventTypes"]
    looked_up, connected, opened = set(), set(), set()
    for line in lines[0].splitlines():
        if not line.startswith("{") or not line.endswith(("},", "}")):
            continue
        event = json.loads(line.rstrip(","))
        said = event.get("params", {})
        if event["type"] == kinds["HOST_RESOLVER_MANAGER_JOB"] and "host" in said:
            looked_up.add(QUrl(said["host"]).host())
        elif event["type"] == kinds["TCP_CONNECT"] and "address_list" in said:
            connected.add(str(said["address_list"]))
        elif event["type"] == kinds["URL_REQUEST_START_JOB"] and "url" in said:
            opened.add(said["url"])
    assert looked_up == {FIRST, LAST}
    assert opened == {f"http://{FIRST}/", f"http://{LAST}/"}
    assert not connected


def test_pictures_from_the_internet_are_those_the_message_names(
    qtbot: QtBot, view: HtmlView, client: SampleClient
) -> None:
    html = "".join(f'<img src="martlet-part:/remote/{n}">' for n in ("0", "1", "2", "-1", "x"))
    urls = ("http://a.example/0.png", "http://a.example/1.png")
    shown = replace(message(html), remote=Remote(urls, shown=True))
    with qtbot.waitSignal(view.finished):
        view.show_message(shown)
    asked = [each.url for each in client.asked if isinstance(each, link.RemotePicture)]
    assert sorted(asked) == sorted(urls)
    client.asked.clear()
    with qtbot.waitSignal(view.finished):
        view.show_message(replace(shown, remote=Remote(urls, shown=False)))
    assert not client.asked


def test_what_calls_itself_a_picture_is_none_of_svg(
    qtbot: QtBot, view: HtmlView, client: SampleClient
) -> None:
    html = '<img src="martlet-part:/2"><img src="martlet-part:/3">'
    parts = (
        Attachment("2", "a.svg", "image/svg+xml", 10, inline=True),
        Attachment("3", "a.png", "image/png\r\nX: y", 10, inline=True),
    )
    with qtbot.waitSignal(view.finished):
        view.show_message(replace(message(html), attachments=parts))
    assert not client.asked
