"""Proxies: what is asked of them, what their answers mean, and what they cannot do to us."""

from __future__ import annotations

import socket

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from martlet.mail.account import Protocol, Security, Server
from martlet.mail.errors import AuthFailed, BadServer, MailError, Offline, Refused
from martlet.mail.route import Proxy, ProxyKind, Route, Stage
from martlet.net.connect import Line, connect
from martlet.net.proxy import HEADER_LIMIT, ask
from support.certificates import Certificates, issue
from support.scripted import (
    Conversation,
    Script,
    Scripted,
    Step,
    Unexpected,
    close,
    read_to,
    send,
    stall,
)
from support.tunnels import Tunnels

SOCKS5, HTTP = ProxyKind.SOCKS5, ProxyKind.HTTP
DONE = b"\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x50"
HELLO: Script = [send("hello\r\n"), stall()]


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return issue(tmp_path_factory.mktemp("good"), "mail.invalid", "localhost")


def nothing_more() -> Step:
    """The client hangs up without another byte."""

    def step(talk: Conversation) -> None:
        if data := talk.socket.recv(100):
            raise Unexpected(f"the client went on: {data!r}")

    return step


def by(
    proxy: Scripted, kind: ProxyKind, user: str = "", secret: str = "", host: str = "mail.invalid"
) -> Line:
    """A plain line through a scripted proxy to a server that nobody but the proxy can know."""
    route = Route(proxy=Proxy(kind, "127.0.0.1", proxy.port, user), proxy_secret=secret)
    server = Server(Protocol.IMAP, host, 993, Security.NONE, "ada")
    return connect(server, route=route, timeout_s=30.0, starttls=None)


def refused(
    script: Script, kind: ProxyKind, user: str = "", secret: str = "", host: str = "mail.invalid"
) -> MailError:
    """What came of it. The proxy's name is told, and nothing is said after its answer."""
    with Scripted(script) as proxy, pytest.raises(MailError) as caught:
        by(proxy, kind, user, secret, host).close()
    if secret:
        assert secret not in f"{caught.value.summary} {caught.value.detail} {caught.value!r}"
    return caught.value


@pytest.mark.parametrize("kind", [SOCKS5, HTTP])
@pytest.mark.parametrize("user", ["", "ada"])
def test_tls_runs_through_the_tunnel_to_the_servers_own_name(
    good: Certificates, kind: ProxyKind, user: str
) -> None:
    stages: list[Stage] = []
    with (
        Scripted(HELLO, certificates=good, tls=True) as server,
        Tunnels(kind, user, "pässword") as proxy,
    ):
        route = Route(str(good.ca_file), (), proxy.named(), "pässword", reached=stages.append)
        account = server.account(Protocol.IMAP, host="mail.invalid")
        line = connect(account, route=route, timeout_s=30.0, starttls=None)
        assert line.read_line() == b"hello\r\n"
        line.close()
        # The name went to the proxy as it is.
        assert proxy.places == [("mail.invalid", server.port)]
    assert stages == [Stage.NAME, Stage.CONNECTION, Stage.CERTIFICATE]


@pytest.mark.parametrize("kind", [SOCKS5, HTTP])
def test_a_proxy_cannot_put_itself_in_the_servers_place(
    good: Certificates, kind: ProxyKind
) -> None:
    with Scripted(HELLO, certificates=good, tls=True) as server, Tunnels(kind) as proxy:
        route = Route(str(good.ca_file), (), proxy.named())
        account = server.account(Protocol.IMAP, host="other.invalid")
        with pytest.raises(MailError, match=r"is for mail\.invalid, localhost, not for other\."):
            connect(account, route=route, timeout_s=30.0, starttls=None)


@pytest.mark.parametrize("kind", [SOCKS5, HTTP])
def test_a_server_that_is_down_behind_a_proxy(kind: ProxyKind) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = int(listener.getsockname()[1])
    with Tunnels(kind) as proxy:
        server = Server(Protocol.IMAP, "mail.invalid", port, Security.TLS, "ada")
        with pytest.raises(Offline, match=rf"^The proxy 127\.0\.0\.1 port {proxy.port} "):
            connect(server, route=Route(proxy=proxy.named()), timeout_s=30.0, starttls=None)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_socks5_is_given_addresses_as_such(host: str) -> None:
    place = b"\x01\x7f\x00\x00\x01" if "." in host else b"\x04" + bytes(15) + b"\x01"
    script: Script = [
        read_to(b"\x05\x01\x00"),
        send(b"\x05\x00"),
        read_to(b"\x05\x01\x00" + place + b"\x03\xe1"),
        send(DONE),
        *HELLO,
    ]
    with Scripted(script) as proxy:
        line = by(proxy, SOCKS5, host=host)
        assert line.read_line() == b"hello\r\n"
        line.close()


@pytest.mark.parametrize(
    "bound", [b"\x01" + bytes(6), b"\x04" + bytes(18), b"\x03\x04name\x00\x50", b"\x03\x00\x00\x50"]
)
def test_what_comes_with_the_answer_of_socks5_is_the_servers(bound: bytes) -> None:
    # All in one packet: the answer's end is known to the byte.
    script: Script = [
        read_to(b"\x05\x01\x00"),
        send(b"\x05\x00"),
        read_to(b"\x03\xe1"),
        send(b"\x05\x00\x00" + bound + b"hello\r\n"),
        stall(),
    ]
    with Scripted(script) as proxy:
        line = by(proxy, SOCKS5)
        assert line.read_line() == b"hello\r\n"
        line.close()


@pytest.mark.parametrize(
    "answer",
    [
        "HTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.0 204 Whatever\r\nContent-Length: 7\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200\r\nX: " + "y" * 9000 + "\r\n\r\n",
    ],
)
def test_what_comes_with_the_answer_of_http_is_the_servers(answer: str) -> None:
    script: Script = [read_to(b"\r\n\r\n"), send(answer + "hello\r\n"), stall()]
    with Scripted(script) as proxy:
        line = by(proxy, HTTP)
        assert line.read_line() == b"hello\r\n"
        assert proxy.heard[0] == [
            b"CONNECT mail.invalid:993 HTTP/1.1\r\nHost: mail.invalid:993\r\n\r\n"
        ]
        line.close()


@given(st.lists(st.integers(1, 60), max_size=12))
@settings(max_examples=25, deadline=None)
def test_an_http_answer_in_pieces_is_read_to_the_byte(cuts: list[int]) -> None:
    whole = b"HTTP/1.1 200 OK\r\nVia: \r\n\rx\r\nB: c\r\n\r\nhello"
    pieces, rest = [], whole
    for cut in cuts:
        pieces.append(rest[:cut])
        rest = rest[cut:]
    near, far = socket.socketpair()
    with near, far:
        for piece in (*pieces, rest):
            far.sendall(piece)
        server = Server(Protocol.IMAP, "mail.invalid", 993, Security.TLS, "ada")
        ask(near, Proxy(HTTP, "proxy.invalid", 3128), "", server, 5.0)
        assert near.recv(100) == b"hello"


@given(st.sampled_from(ProxyKind), st.lists(st.binary(max_size=40), max_size=6))
@settings(max_examples=100, deadline=None)
def test_whatever_a_proxy_says_it_is_a_sentence_or_a_yes(
    kind: ProxyKind, pieces: list[bytes]
) -> None:
    beginnings = {SOCKS5: b"\x05\x00\x05", HTTP: b"HTTP/1.1 "}
    for said in (b"".join(pieces), beginnings[kind] + b"".join(pieces)):
        near, far = socket.socketpair()
        with near, far:
            far.sendall(said)
            far.shutdown(socket.SHUT_WR)
            server = Server(Protocol.IMAP, "mail.invalid", 993, Security.TLS, "ada")
            try:
                ask(near, Proxy(kind, "proxy.invalid", 1, "ada"), "tops3cret", server, 5.0)
            except MailError as error:
                shown = f"{error.summary} {error.detail}"
                told = shown.isprintable() and "proxy.invalid" in shown and "tops3" not in shown
            else:
                told = said.startswith(beginnings[kind])
        assert told


def asked(answer: int) -> Script:
    return [
        read_to(b"\x05\x01\x00"),
        send(b"\x05\x00"),
        read_to(b"\x03\xe1"),
        send(b"\x05%c\x00\x01" % answer + bytes(6)),
        nothing_more(),
    ]


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (1, Offline, "it does not say why"),
        (2, Refused, "it does not allow that"),
        (3, Offline, "the network there cannot be reached"),
        (4, Offline, "there is none of that name"),
        (5, Offline, "the server refused the connection"),
        (6, Offline, "did not answer in time"),
        (7, BadServer, "makes no connections"),
        (8, BadServer, "does not know this kind of address"),
        (9, Offline, "its answer means nothing"),
        (255, Offline, "its answer means nothing"),
    ],
)
def test_each_answer_of_socks5_is_a_sentence(
    answer: int, kind: type[MailError], words: str
) -> None:
    error = refused(asked(answer), SOCKS5)
    assert type(error) is kind
    assert error.summary.startswith("The proxy 127.0.0.1 port ")
    assert "could not connect to mail.invalid port 993: " in error.summary
    assert words in error.summary


CHOSEN = [read_to(b"\x00")]


@pytest.mark.parametrize(
    ("script", "user", "kind", "words"),
    [
        ([*CHOSEN, send(b"\x05\xff"), nothing_more()], "", AuthFailed, "wants a user name"),
        ([*CHOSEN, send(b"\x05\x02"), nothing_more()], "", AuthFailed, "wants a user name"),
        ([*CHOSEN, send(b"\x05\x01"), nothing_more()], "", BadServer, "was not offered"),
        ([*CHOSEN, send(b"\x04\x00"), nothing_more()], "", BadServer, "does not speak SOCKS5"),
        ([*CHOSEN, send(b"HTTP/1.1 400"), close()], "", BadServer, "may be an HTTP proxy"),
        ([read_to(b"\x02"), send(b"\x05\xff"), nothing_more()], "ada", AuthFailed, "another way"),
        (
            [read_to(b"\x02"), send(b"\x05\x02"), read_to(b"tops3cret"), send(b"\x01\x01")],
            "ada", AuthFailed, "refused the user name or password",
        ),
        ([*CHOSEN, close()], "", Offline, "closed the connection"),
        ([*CHOSEN, send(b"\x05"), close()], "", Offline, "closed the connection"),
        (
            [*CHOSEN, send(b"\x05\x00"), read_to(b"\x03\xe1"), send(b"\x05\x00\x00\x01\x00")],
            "", Offline, "closed the connection",
        ),
        (
            [*CHOSEN, send(b"\x05\x00"), read_to(b"\x03\xe1"), send(b"\x05\x00\x00\x09xxxx"),
             nothing_more()],
            "", BadServer, "cannot be read",
        ),
        (
            [*CHOSEN, send(b"\x05\x00"), read_to(b"\x03\xe1"), send(b"\x00\x00\x00\x01xxxx"),
             nothing_more()],
            "", BadServer, "does not speak SOCKS5",
        ),
    ],
)  # fmt: skip
def test_socks5_that_says_something_else(
    script: Script, user: str, kind: type[MailError], words: str
) -> None:
    error = refused(script, SOCKS5, user, "tops3cret" if user else "")
    assert type(error) is kind
    assert words in error.summary
    assert "proxy 127.0.0.1" in error.summary


def header(answer: str) -> Script:
    return [read_to(b"\r\n\r\n"), send(answer), nothing_more()]


@pytest.mark.parametrize(
    ("answer", "user", "kind", "words"),
    [
        ("HTTP/1.1 407 Log in\r\n\r\n", "", AuthFailed, "wants a user name and a password"),
        (
            "HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=x\r\n\r\n",
            "ada", AuthFailed, "refused the user name or password",
        ),
        (
            "HTTP/1.1 407 No\r\nProxy-Authenticate: NTLM\r\n\r\n",
            "ada", AuthFailed, "wants another way of signing in",
        ),
        ("HTTP/1.1 403 Forbidden\r\n\r\n", "", Refused, "does not connect to mail.invalid port"),
        ("HTTP/1.1 301 Moved\r\nLocation: http://evil/\r\n\r\n", "", Refused, "does not connect"),
        ("HTTP/1.1 101 Switching\r\n\r\n", "", Refused, "does not connect"),
        ("HTTP/1.1 502 Bad gateway\r\n\r\n", "", Offline, "does not connect"),
        ("HTTP/1.1 2000 OK\r\n\r\n", "", BadServer, "does not answer as an HTTP proxy"),
        ("HTTP/2 200 OK\r\n\r\n", "", BadServer, "does not answer as an HTTP proxy"),
        ("* OK IMAP4rev1 ready\r\n", "", BadServer, "does not answer as an HTTP proxy"),
    ],
)  # fmt: skip
def test_each_answer_of_http_is_a_sentence(
    answer: str, user: str, kind: type[MailError], words: str
) -> None:
    error = refused(header(answer), HTTP, user, "tops3cret" if user else "")
    assert type(error) is kind
    assert words in error.summary
    assert error.summary.startswith("The proxy 127.0.0.1 port ")


def test_a_header_without_end_is_not_read_for_ever() -> None:
    flood = "HTTP/1.1 200 OK\r\n" + "X: y\r\n" * HEADER_LIMIT
    error = refused([read_to(b"\r\n\r\n"), send(flood), stall()], HTTP)
    assert isinstance(error, BadServer)


@pytest.mark.parametrize("kind", [SOCKS5, HTTP])
def test_a_proxy_that_says_nothing_is_named(kind: ProxyKind) -> None:
    with Scripted([stall()]) as proxy:
        route = Route(proxy=Proxy(kind, "127.0.0.1", proxy.port))
        server = Server(Protocol.IMAP, "mail.invalid", 993, Security.TLS, "ada")
        with pytest.raises(Offline, match=r"The proxy 127.* did not answer in time"):
            connect(server, route=route, timeout_s=0.1, starttls=None)


@pytest.mark.parametrize("kind", [SOCKS5, HTTP])
def test_a_proxy_that_drips_is_not_waited_for(kind: ProxyKind) -> None:
    near, far = socket.socketpair()
    with near, far:
        far.sendall(b"\x05" if kind is SOCKS5 else b"HTTP/1.1 2")
        server = Server(Protocol.IMAP, "mail.invalid", 993, Security.TLS, "ada")
        with pytest.raises(Offline, match="did not answer in time"):
            ask(near, Proxy(kind, "proxy.invalid", 1), "", server, 0.05)


@pytest.mark.parametrize("kind", [SOCKS5, HTTP])
def test_a_proxy_that_is_down_is_named_not_the_server(kind: ProxyKind) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = int(listener.getsockname()[1])
    server = Server(Protocol.IMAP, "mail.invalid", 993, Security.TLS, "ada")
    route = Route(proxy=Proxy(kind, "127.0.0.1", port))
    with pytest.raises(Offline, match=f"The proxy 127.0.0.1 port {port} refused") as caught:
        connect(server, route=route, timeout_s=30.0, starttls=None)
    assert "mail.invalid" not in caught.value.summary


@pytest.mark.parametrize("host", ["a..b", "", "x" * 70, "\0"])
def test_a_proxy_whose_name_cannot_be_one(host: str) -> None:
    server = Server(Protocol.IMAP, "mail.invalid", 993, Security.TLS, "ada")
    with pytest.raises(Offline, match="proxy"):
        connect(server, route=Route(proxy=Proxy(SOCKS5, host, 1)), timeout_s=30.0, starttls=None)


@pytest.mark.parametrize("kind", [SOCKS5, HTTP])
@pytest.mark.parametrize(
    "host", ["a b", "x\r\nEvil: 1", "a..b", "", "h\u00e4/x", "a" * 300, "a:b\u00e4", "[::1]"]
)
def test_no_host_is_written_into_a_request_that_is_none(kind: ProxyKind, host: str) -> None:
    error = refused([nothing_more()], kind, host=host)
    assert isinstance(error, Offline)
    assert "There is no server named" in error.summary


def test_names_of_other_scripts_go_as_the_dns_writes_them() -> None:
    with Scripted([read_to(b"\r\n\r\n"), send("HTTP/1.1 200\r\n\r\n"), *HELLO]) as proxy:
        by(proxy, HTTP, host="m\u00fcller.example").close()
        assert b"CONNECT xn--mller-kva.example:993 " in proxy.heard[0][0]


@pytest.mark.parametrize(("user", "secret"), [("a" * 256, "§"), ("ada", "§" * 128), ("ada", "")])
def test_a_user_or_password_socks5_has_no_room_for(user: str, secret: str) -> None:
    error = refused([read_to(b"\x02"), send(b"\x05\x02"), nothing_more()], SOCKS5, user, secret)
    assert isinstance(error, AuthFailed)


def test_basic_knows_no_user_with_a_colon() -> None:
    assert isinstance(refused([nothing_more()], HTTP, "a:b", "§"), AuthFailed)


@pytest.mark.parametrize("kind", [SOCKS5, HTTP])
@pytest.mark.parametrize(("user", "secret"), [("ada\udc80", "x"), ("ada", "x\udc80")])
def test_what_is_no_text_is_told_to_no_proxy(kind: ProxyKind, user: str, secret: str) -> None:
    near, far = socket.socketpair()
    with near, far:
        far.sendall(b"\x05\x02")
        server = Server(Protocol.IMAP, "mail.invalid", 993, Security.TLS, "ada")
        with pytest.raises(AuthFailed, match="cannot be told"):
            ask(near, Proxy(kind, "proxy.invalid", 1, user), secret, server, 5.0)
