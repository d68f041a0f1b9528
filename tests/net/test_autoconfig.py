"""What domains publish about their mail servers, and what strangers could write instead."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.mail.errors import BadServer
from martlet.mail.server import Protocol, Security, Server
from martlet.net.autoconfig import SIZE_LIMIT, Published, parse

ADDRESS = "ada@example.org"

IMAP = """<incomingServer type="imap">
  <hostname>imap.example.org</hostname><port>993</port><socketType>SSL</socketType>
  <username>%EMAILADDRESS%</username><authentication>password-cleartext</authentication>
</incomingServer>"""
SMTP = """<outgoingServer type="smtp">
  <hostname>smtp.%EMAILDOMAIN%</hostname><port>587</port><socketType>STARTTLS</socketType>
  <username>%EMAILLOCALPART%</username><authentication>password-encrypted</authentication>
</outgoingServer>"""


def config(*servers: str, head: str = "") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}<clientConfig version="1.1">'
        f'<emailProvider id="example.org"><domain>example.org</domain>'
        f"<displayName>Example Mail</displayName>{''.join(servers)}"
        "</emailProvider></clientConfig>"
    ).encode()


def incoming(**said: str) -> str:
    """An incoming server as usual but for what is said here; "" leaves an element out."""
    parts = {
        "hostname": "imap.example.org",
        "port": "993",
        "socketType": "SSL",
        "username": "%EMAILADDRESS%",
        "authentication": "password-cleartext",
    } | said
    inner = "".join(f"<{name}>{text}</{name}>" for name, text in parts.items() if text)
    return f'<incomingServer type="imap">{inner}</incomingServer>'


def read(*servers: str) -> Published:
    return parse(config(*servers), ADDRESS, "example.org")


def test_what_a_domain_publishes() -> None:
    assert read(IMAP, SMTP) == Published(
        (Server(Protocol.IMAP, "imap.example.org", 993, Security.TLS, ADDRESS),),
        (Server(Protocol.SMTP, "smtp.example.org", 587, Security.STARTTLS, "ada"),),
        "Example Mail",
    )


def test_imap_comes_first_and_the_rest_stays_in_order() -> None:
    pop = IMAP.replace("imap", "pop3").replace("993", "995")
    second = IMAP.replace("SSL", "STARTTLS").replace("993", "143")
    found = read(pop, IMAP, second)
    assert [(one.protocol, one.port) for one in found.incoming] == [
        (Protocol.IMAP, 993), (Protocol.IMAP, 143), (Protocol.POP3, 995),
    ]  # fmt: skip


def test_what_a_browser_is_needed_for() -> None:
    both = "<authentication>OAuth2</authentication><authentication>password-cleartext"
    assert read(incoming(authentication="OAuth2")).browser
    assert not read(IMAP.replace("<authentication>password-cleartext", both)).browser


def test_a_relay_that_wants_nobody_to_sign_in() -> None:
    free = SMTP.replace("password-encrypted", "client-IP-address")
    assert read(IMAP, free).outgoing[0].user == ""


def test_a_port_may_be_left_out_and_a_name_in_another_script() -> None:
    assert read(incoming(port="")).incoming[0].port == 993
    assert read(incoming(hostname="IMAP.Müller.example.")).incoming[0].host == (
        "imap.xn--mller-kva.example"
    )
    assert read(incoming(hostname="IMAP.Straße.example")).incoming[0].host == (
        "imap.xn--strae-oqa.example"
    )


def test_plain_is_for_this_computer_only() -> None:
    assert read(incoming(hostname="127.0.0.1", socketType="plain", port="1143")).incoming
    with pytest.raises(BadServer):
        read(incoming(socketType="plain", port="143"))


@pytest.mark.parametrize(
    "said",
    [
        {"port": "0"},
        {"port": "99999"},
        {"port": "-1"},
        {"port": "９９３"},
        {"port": "993 "*3},
        {"hostname": ""},
        {"hostname": "a b"},
        {"hostname": "imap.example.org\x7f"},
        {"hostname": "imap.example.org&#10;evil"},
        {"hostname": "evil.example/"},
        {"hostname": "user@evil.example"},
        {"hostname": "[::1]"},
        {"hostname": "a" * 300},
        {"socketType": "maybe"},
        {"socketType": ""},
        {"username": "ada&#10;LOGOUT"},
        {"username": "a" * 400},
        {"authentication": "GSSAPI"},
        {"authentication": "none"},
    ],
)  # fmt: skip
def test_servers_that_cannot_be_are_left_out(said: dict[str, str]) -> None:
    found = read(incoming(**said), SMTP)
    assert found.incoming == ()
    assert found.outgoing


def test_an_address_is_filled_in_once() -> None:
    found = parse(config(incoming()), "%EMAILDOMAIN%@example.org", "example.org")
    assert found.incoming[0].user == "%EMAILDOMAIN%@example.org"


LAUGHS = "<!DOCTYPE clientConfig [" + "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(12)
) + "]>"  # fmt: skip


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<html><body>Not found</body></html>",
        b"<clientConfig/>",
        b"<clientConfig><emailProvider/></clientConfig>",
        config(head=LAUGHS).replace(b"Example Mail", b"&l11;"),
        config(head='<!DOCTYPE clientConfig SYSTEM "file:///etc/passwd">'),
        config(head='<!DOCTYPE x [<!ENTITY e SYSTEM "https://evil.example/">]>'),
        config(IMAP)[:-40],
        b"<a>" * 50_000,
        b"<a>" * 50 + b"</a>" * 50,
        config(IMAP) + b" " * SIZE_LIMIT,
        config(IMAP).replace(b"UTF-8", b"x-nothing"),
        config(IMAP).replace(b"UTF-8", b"utf-32"),
        b"\xff\xfe\x00",
        config(IMAP).replace(b"993", b"993\x00"),
    ],
)
def test_what_is_no_such_file(raw: bytes) -> None:
    with pytest.raises(BadServer, match=r"^example\.org publishes settings") as caught:
        parse(raw, ADDRESS, "example.org")
    assert caught.value.detail.isprintable()


def test_a_document_type_is_refused_before_it_can_do_anything() -> None:
    raw = config(head=LAUGHS).replace(b"Example Mail", b"&l11;")
    with pytest.raises(BadServer) as caught:
        parse(raw, ADDRESS, "example.org")
    assert "document type" in caught.value.detail


@given(st.binary(max_size=400))
def test_any_bytes(raw: bytes) -> None:
    with pytest.raises(BadServer):
        parse(raw, ADDRESS, "example.org")


@given(
    st.text(max_size=40),
    st.text(max_size=40),
    st.text(max_size=10),
    st.sampled_from(["SSL", "STARTTLS", "plain", "x"]),
    st.text(max_size=30),
)
def test_any_words_in_a_file(host: str, user: str, port: str, kind: str, name: str) -> None:
    def safe(text: str) -> str:
        return text.replace("&", "&amp;").replace("<", "&lt;")

    raw = config(
        incoming(hostname=safe(host), username=safe(user), port=safe(port), socketType=kind)
    ).replace(b"Example Mail", safe(name).encode("utf-8", "surrogatepass"))
    try:
        found = parse(raw, ADDRESS, "example.org")
    except BadServer:
        return
    assert found.name.isprintable()
    for server in found.incoming:
        assert server.host.isascii()
        assert not set(server.host) & set(" /@\r\n")
        assert 0 < server.port < 65536
        assert server.user.isprintable()
        assert server.security is not Security.NONE or server.host in ("localhost", "127.0.0.1")


@given(st.binary(max_size=60), st.integers(0, 600))
def test_bytes_thrown_into_a_file(junk: bytes, place: int) -> None:
    raw = config(IMAP, SMTP)
    with contextlib.suppress(BadServer):
        parse(raw[:place] + junk + raw[place:], ADDRESS, "example.org")
