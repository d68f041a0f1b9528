"""Bodies that are elsewhere: what is said of them, what may be opened, and any bytes."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.mail.cards import Elsewhere
from martlet.mime.content import attachments, content
from martlet.mime.external import elsewhere
from martlet.mime.label import label
from martlet.mime.layout import layout
from martlet.mime.parse import parse


def read(parameters: str, phantom: str = "Content-Type: image/gif\n\n") -> Elsewhere | None:
    raw = f"Subject: x\nContent-Type: message/external-body; {parameters}\n\n{phantom}"
    return elsewhere(parse(raw.encode("utf-8")).root)


def known(parameters: str, phantom: str = "Content-Type: image/gif\n\n") -> Elsewhere:
    found = read(parameters, phantom)
    assert found is not None
    return found


def test_a_file_by_anonymous_ftp() -> None:
    found = known(
        'access-type=ANON-FTP; site="ftp.example.org"; directory="pub/pictures";\n'
        ' name="zoo 1.gif"; mode=image; size=5120; expiration="Fri, 14 Jun 1991 19:13:14 -0400"'
    )
    assert found == Elsewhere(
        "1",
        "anon-ftp",
        "pub/pictures/zoo 1.gif on ftp.example.org (FTP)",
        "ftp://ftp.example.org/pub/pictures/zoo%201.gif;type=i",
        "zoo 1.gif",
        "image/gif",
        5120,
        "Fri, 14 Jun 1991 19:13:14 -0400",
    )


@pytest.mark.parametrize(
    ("parameters", "where"),
    [
        ("access-type=local-file; name=/u/nsb/Me.ps; site=*.example.org", "computers of *.exam"),
        ("access-type=local-file; name=/etc/passwd", "/etc/passwd on the sender's computer"),
        ("access-type=afs; name=/afs/a/b.ps", "/afs/a/b.ps (AFS)"),
        ("access-type=tftp; site=t.example; name=boot", "boot on t.example (TFTP)"),
        ("access-type=x-odd; key=value", "key: value"),
        ("access-type=url; url=file:///etc/passwd", "file:///etc/passwd"),
        ("access-type=url; url=javascript:alert%281%29", "javascript:alert%281%29"),
        ('access-type=url; url="http://[::1"', "http://[::1"),
        ('access-type=anon-ftp; site="a b/../@c"; name=x', "x on ab/../@c (FTP)"),
    ],
)
def test_what_nothing_may_open(parameters: str, where: str) -> None:
    found = known(parameters)
    assert found.url == ""
    assert where in found.where


def test_a_url_split_over_lines_and_with_a_name_before_its_host() -> None:
    found = known(
        'access-type=URL; URL="https://bank.example@evil.example/a/\n'
        '  very/long/\n  path%20here?x=1&y=\u00e9#top"',
        'Content-Type: application/pdf; name="2026.pdf"\nContent-ID: <a@b>\n\n',
    )
    assert found.url == "https://evil.example/a/very/long/path%20here?x=1&y=%C3%A9#top"
    assert found.where == found.url
    assert (found.name, found.content_type) == ("2026.pdf", "application/pdf")


def test_a_mail_server_is_asked_by_a_mail_of_ones_own() -> None:
    found = known(
        'access-type=mail-server; server="listserv@bogus.example"; subject="get file"',
        "Content-Type: text/plain\n\nget rfc-mime.txt\nend\n",
    )
    assert found.where == "sent by listserv@bogus.example when asked by mail"
    split = urlsplit(found.url)
    assert (split.scheme, split.path) == ("mailto", "listserv@bogus.example")
    assert parse_qs(split.query) == {"subject": ["get file"], "body": ["get rfc-mime.txt\r\nend"]}
    forgotten = known('access-type=mail-server server="listserv@bogus.example"; subject=x')
    assert forgotten.url == "mailto:listserv@bogus.example?subject=x"
    assert "?cc" not in known('access-type=mail-server; server="a@b?cc=c@d"').url


def test_hosts_are_those_that_dns_knows() -> None:
    found = known('access-type=url; url="https://b\u00fccher.example:8443/"')
    assert found.url == "https://xn--bcher-kva.example:8443/"
    assert known('access-type=url; url="https://%s/"' % ("a" * 3000)).url == ""


def test_what_says_nothing_stays_a_file() -> None:
    raw = b"Content-Type: message/external-body\n\nContent-Type: image/gif\n\n"
    assert elsewhere(parse(raw).root) is None
    assert len(attachments(parse(raw))) == 1
    assert read("access-type=anon-ftp; site=x.example") is None


def test_it_is_neither_text_nor_an_empty_file() -> None:
    raw = (
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nhello\n"
        b"--b\nContent-Type: message/external-body; access-type=url; url=https://x.example/a\n\n"
        b"Content-Type: image/png\n\n--b--\n"
    )
    found = layout(parse(raw))
    assert [part.path for part in found.elsewhere] == ["2"]
    assert found.files == ()
    assert content(parse(raw)).attachments == 0


@given(st.binary(max_size=300), st.binary(max_size=100))
def test_any_bytes(parameters: bytes, phantom: bytes) -> None:
    head = b"Content-Type: message/external-body; access-type="
    for access in (b"url; url=", b"anon-ftp; site=a; name=", b"mail-server; server=", b""):
        found = elsewhere(parse(head + access + parameters + b"\n\n" + phantom).root)
        if found is not None:
            assert label(found.where) == found.where
            assert found.url.isascii()
            assert found.url == "" or found.url.startswith(("http", "ftp:", "mailto:"))


@given(st.text(max_size=80))
def test_any_url(text: str) -> None:
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    for start in ("", "http://", "https://x.example/", "mailto:", "ftp://"):
        found = read(f'access-type=url; url="{start}{quoted}"'.replace("\n", " "))
        if found is not None and found.url:
            assert not any(c in found.url for c in ' \t\r\n<>"')
