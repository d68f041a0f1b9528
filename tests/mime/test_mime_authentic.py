"""Whose word counts about a sender. A sender must never be able to make it count."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.mail.sender_facts import FactKind, SenderFact, Weight
from martlet.mime.auth_results import Result, parse_results
from martlet.mime.authentic import OwnServer, authentic, own_server
from martlet.mime.headers import parse_headers

MINE = "Authentication-Results: mx.example.org;"
GOOD = "dmarc=pass header.from=bank.example; dkim=pass header.d=bank.example"
BORDER = "Received: from mail.evil.example (mail.evil.example [203.0.113.9]) by mx.example.org; now"
LMTP = "Received: from mx.example.org by store.example.org with LMTP id abc; now"


def own(host: str) -> OwnServer:
    found = own_server(host)
    assert found is not None
    return found


def told(
    *lines: str, host: str = "imap.example.org", sender: str = "a@bank.example"
) -> list[SenderFact]:
    return authentic(parse_headers("\r\n".join(lines).encode() + b"\r\n\r\n"), sender, own(host))


def kinds(
    *lines: str, host: str = "imap.example.org", sender: str = "a@bank.example"
) -> list[FactKind]:
    return [fact.kind for fact in told(*lines, host=host, sender=sender)]


def test_own_word_above_the_border() -> None:
    filtered = "Received: from mx.example.org (localhost [127.0.0.1]) by mx.example.org; now"
    own_hop = "Received: from mx.example.org (mx.example.org [203.0.113.1]) by store.example.org"
    for above in ((), (LMTP,), (LMTP, filtered), (own_hop,)):
        lines = (*above, f"{MINE} {GOOD}", BORDER)
        (fact,) = told(*lines)
        assert fact == SenderFact(
            FactKind.PASSED, Weight.NOTE, ("mx.example.org", "bank.example", "DMARC, DKIM")
        )


def test_failed() -> None:
    (fact,) = told(
        f"{MINE} dmarc=fail header.from=bank.example; dkim=pass header.d=evil.example", BORDER
    )
    assert fact.kind is FactKind.FAILED
    assert fact.values == ("mx.example.org", "bank.example", "DMARC")
    assert kinds(f"{MINE} spf=fail smtp.mailfrom=x@bank.example", BORDER) == [FactKind.FAILED]
    assert kinds(f"{MINE} spf=softfail smtp.mailfrom=x@bank.example", BORDER) == []
    assert kinds(f"{MINE} dkim=temperror header.d=bank.example", BORDER) == []


@pytest.mark.parametrize(
    "said",
    [
        "spf=pass smtp.mailfrom=evil.example",
        "dkim=pass header.d=evil.example",
        "dmarc=pass header.from=evil.example",
        "dmarc=pass",
        "arc=pass header.from=bank.example",
        "dkim=pass (header.d=bank.example) header.d=evil.example",
        'dkim=pass reason="header.d=bank.example" header.d=evil.example',
        'spf=pass smtp.mailfrom="x; dmarc=pass header.from=bank.example"@evil.example',
        "none",
        "",
    ],
)
def test_a_pass_of_another_domain_is_none(said: str) -> None:
    assert kinds(f"{MINE} {said}", BORDER) == []


@pytest.mark.parametrize(
    "lines",
    [
        # Below the border all is the sender's.
        (BORDER, f"{MINE} {GOOD}"),
        (BORDER, f"{MINE} {GOOD}", BORDER),
        # Its own lines between make no inside of it.
        (BORDER, LMTP, f"{MINE} {GOOD}"),
        (BORDER, f"{MINE} {GOOD}", LMTP, BORDER),
        # Another's word.
        (f"Authentication-Results: mx.evil.example; {GOOD}", BORDER),
        (f"Authentication-Results: mx.example.org.evil.example; {GOOD}", BORDER),
        (f"Authentication-Results: evilexample.org; {GOOD}", BORDER),
        (f"Authentication-Results: {GOOD}", BORDER),
        (f"Authentication-Results: (mx.example.org) mx.evil.example; {GOOD}", BORDER),
        (f"ARC-Authentication-Results: i=1; mx.example.org; {GOOD}", BORDER),
        # A name the client gave itself is not what the server saw.
        ("Received: from mx.example.org (unknown [203.0.113.9]) by y", f"{MINE} {GOOD}"),
        ("Received: from mx.example.org ([203.0.113.9]) by mx.example.org", f"{MINE} {GOOD}"),
        ("Received: from mx.example.org by mx.example.org with ESMTP", f"{MINE} {GOOD}"),
        ("Received: from [203.0.113.9] (helo=mx.example.org) by mx.example.org", f"{MINE} {GOOD}"),
        ("Received: from unknown (HELO mx.example.org) (203.0.113.9) by y", f"{MINE} {GOOD}"),
        ("Received: from x (HELO 127.0.0.1) (203.0.113.9) by mx.example.org", f"{MINE} {GOOD}"),
        ("Received: from x (EHLO [127.0.0.1]) (203.0.113.9) by mx.example.org", f"{MINE} {GOOD}"),
        ("Received: from 127.0.0.1 (203.0.113.9) by mx.example.org", f"{MINE} {GOOD}"),
        ("Received: from x (mx.example.org [203.0.113.9] (may be forged)) by y", f"{MINE} {GOOD}"),
        ("Received: from x (me@mx.example.org [203.0.113.9]) by mx.example.org", f"{MINE} {GOOD}"),
        ("Received: from x (port=25 helo=mx.example.org [127.0.0.1]) by y", f"{MINE} {GOOD}"),
        ("Received: from mx.example.org (gw [172.17.0.1]) by mx.example.org", f"{MINE} {GOOD}"),
        ("Received: from x (e [203.0.113.9] with LMTP) by y with ESMTP", f"{MINE} {GOOD}"),
        ("Received: (qmail 1 invoked from network); now", f"{MINE} {GOOD}", BORDER),
    ],
)  # fmt: skip
def test_forged_words_never_count(lines: tuple[str, ...]) -> None:
    assert kinds(*lines) == []


def test_a_true_word_is_not_outdone_by_a_forged_one() -> None:
    fact = told(f"{MINE} dmarc=fail header.from=bank.example", f"{MINE} {GOOD}", BORDER)
    assert [one.kind for one in fact] == [FactKind.FAILED]
    fails = f"{MINE} dkim=fail header.d=bank.example"
    assert kinds(fails, f"{MINE} dkim=pass header.d=bank.example", BORDER) == [FactKind.FAILED]


GMAIL = (
    "Delivered-To: ada@gmail.com",
    "Received: by 2002:a05:6358:7211:b0:1 with SMTP id x; now",
    "X-Received: by 2002:a17:906; now",
    "Return-Path: <a@bank.example>",
    "Received: from mail.bank.example (mail.bank.example. [203.0.113.9]) by mx.google.com with X",
    "Received-SPF: pass (google.com: domain of a@bank.example)",
)
GMAIL_SAYS = (
    "Authentication-Results: mx.google.com;\r\n\tdkim=pass header.i=@bank.example header.s=k;\r\n"
    "\tspf=pass (google.com: domain of a@bank.example designates 203.0.113.9) "
    "smtp.mailfrom=a@bank.example;\r\n\tdmarc=pass (p=REJECT sp=REJECT dis=NONE) "
    "header.from=bank.example"
)


def test_gmail() -> None:
    (fact,) = told(*GMAIL, GMAIL_SAYS, host="imap.gmail.com")
    assert fact.values == ("mx.google.com", "bank.example", "DMARC, DKIM, SPF")
    # Not beyond the sender's own lines, and not of a message it was not the border of.
    assert kinds(*GMAIL, BORDER, GMAIL_SAYS, host="imap.gmail.com") == []
    assert kinds(BORDER, GMAIL_SAYS, host="imap.gmail.com") == []
    again = "Received: from x.example (x.example. [203.0.113.9]) by mx.google.com with SMTP"
    assert kinds(*GMAIL, again, GMAIL_SAYS, host="imap.gmail.com") == []
    other = GMAIL_SAYS.replace("mx.google.com", "mx.google.com.evil.example", 1)
    assert kinds(*GMAIL, other, host="imap.gmail.com") == []
    # What it wrote itself stands topmost; a second field is the sender's.
    nothing = "Authentication-Results: mx.google.com; spf=none"
    assert kinds(*GMAIL, nothing, GMAIL_SAYS, host="imap.gmail.com") == []
    fails = "Authentication-Results: mx.google.com; dmarc=fail header.from=bank.example"
    assert kinds(*GMAIL, fails, GMAIL_SAYS, host="imap.gmail.com") == [FactKind.FAILED]
    # Elsewhere Gmail's word is a stranger's.
    assert kinds(GMAIL_SAYS, *GMAIL) == []


MICROSOFT = (
    "Received: from A.eurprd01.prod.outlook.com (2603:10a6:1::1) by B.eurprd01.prod.outlook.com"
    " with HTTPS; now",
    "Received: from C.eurprd01.prod.outlook.com (2603:10a6:2::1) by A.eurprd01.prod.outlook.com"
    " (2603:10a6:1::1) with Microsoft SMTP Server; now",
)
MICROSOFT_SAYS = (
    "Authentication-Results: spf=pass (sender IP is 203.0.113.9)\r\n smtp.mailfrom=bank.example;"
    " dkim=pass (signature was verified)\r\n header.d=bank.example;dmarc=pass action=none"
    " header.from=bank.example;compauth=pass reason=100"
)
MICROSOFT_BORDER = (
    "Received: from mail.bank.example (203.0.113.9) by D.mail.protection.outlook.com (10.1.1.1)"
    " with Microsoft SMTP Server; now"
)


def test_microsoft() -> None:
    host = "outlook.office365.com"
    (fact,) = told(*MICROSOFT, MICROSOFT_SAYS, MICROSOFT_BORDER, host=host)
    assert fact.values == ("protection.outlook.com", "bank.example", "DMARC, DKIM, SPF")
    assert kinds(MICROSOFT_BORDER, MICROSOFT_SAYS, host=host) == []
    liar = MICROSOFT_BORDER.replace("mail.bank.example", "X.prod.outlook.com")
    assert kinds(liar, MICROSOFT_SAYS, host=host) == []
    none = "Authentication-Results: spf=none; dkim=none; dmarc=none"
    assert kinds(*MICROSOFT, none, MICROSOFT_SAYS, liar, host=host) == []
    assert kinds(MICROSOFT_SAYS, BORDER) == []
    less = "Authentication-Results: spf=none"
    assert kinds(*MICROSOFT, less, MICROSOFT_SAYS, host=host) == []


def test_icloud_says_it_in_several_fields() -> None:
    lines = (
        "Authentication-Results: bimi.icloud.com; bimi=skipped",
        "Authentication-Results: dmarc.icloud.com; dmarc=pass header.from=bank.example",
        "Authentication-Results: dkim-verifier.icloud.com; dkim=pass header.d=bank.example",
        "Authentication-Results: spf.icloud.com; spf=pass smtp.mailfrom=a@bank.example",
    )
    (fact,) = told(*lines, BORDER, host="imap.mail.me.com")
    assert fact.values[2] == "DMARC, DKIM, SPF"


def test_own_server() -> None:
    assert own_server("localhost") is None
    assert own_server("127.0.0.1") is None
    assert own_server("") is None
    assert own("mail.example.co.uk").signs("mx1.example.co.uk")
    assert not own("mail.example.co.uk").signs("mx.other.co.uk")
    assert own("pop.gmx.net").signs("gmx.net")
    assert own("imap.qq.com").signs("mx.qq.com")
    assert own("imap.fastmail.com").signs("mx3.messagingengine.com")
    assert own("imap.yandex.ru").signs("mxfront1.mail.yandex.net")


def test_taken_apart() -> None:
    found = parse_results(
        b'Example.ORG 1; spf=pass (a;b (c) =) smtp.MailFrom=a@b.c; dkim/2 = FAIL reason="x; y=z"'
        b" header.d=d.example ; none"
    )
    assert found.server == "example.org"
    assert found.results == (
        Result("spf", "pass", (("smtp.mailfrom", "a@b.c"),)),
        Result("dkim", "fail", (("reason", "x; y=z"), ("header.d", "d.example"))),
    )


@given(
    st.lists(
        st.sampled_from(
            ["mx.example.org", ";", "=", "(", ")", '"', "\\", " ", "\r\n ", "dmarc", "pass", "dkim",
             "header.d", "bank.example", "header.from", "/", "\x00", "é"]
        ),
        max_size=40,
    )
)  # fmt: skip
def test_any_field(pieces: list[str]) -> None:
    for fact in told("Authentication-Results: " + "".join(pieces), BORDER):
        assert all(one.isprintable() and len(one) <= 80 for one in fact.values)


@given(st.binary(max_size=300))
def test_any_bytes(raw: bytes) -> None:
    parse_results(raw)
    headers = parse_headers(
        b"Received: " + raw + b"\r\nAuthentication-Results: " + raw + b"\r\n\r\n"
    )
    authentic(headers, "a@bank.example", own("imap.gmail.com"))


@pytest.mark.parametrize(
    "unit", ["(", ")", '"', "a=b ", ";", " ", "a", "\\", '\\"', "from x (", "from "]
)
def test_long_fields_end(unit: str) -> None:
    long = unit * (200_000 // len(unit))
    told(f"Received: {long}", f"{MINE} {long}", f"Received: from x ({long}")
    parse_results(long.encode())


@pytest.mark.parametrize(
    ("host", "client", "server"),
    [
        ("mail.isp.example", "static.4.3.2.51.clients.isp.example [51.2.3.4]", "mx.isp.example"),
        ("ssl0.ovh.net", "vps-abcd1234.vps.ovh.net [51.2.3.4]", "mx1.ovh.net"),
        ("imap.secureserver.net", "ip-51-2-3-4.secureserver.net [51.2.3.4]", "p3.secureserver.net"),
        ("imap.isp.example", "h51x2x3x4.isp.example [51.2.3.4]", "mx.isp.example"),
        ("imap.isp.example", "jo.dsl3.isp.example [2a01:4f8::1]", "mx.isp.example"),
    ],
)  # fmt: skip
def test_customers_of_the_house_are_not_the_house(host: str, client: str, server: str) -> None:
    hop = f"Received: from evil ({client}) by {server} with ESMTPS id x; now"
    assert kinds(hop, f"Authentication-Results: {server}; {GOOD}", host=host) == []


def test_hosts_of_the_house_with_numbers_are_the_house() -> None:
    for client in ("mx10.example.org [51.2.10.4]", "server1.example.org [51.2.3.4]"):
        hop = f"Received: from mx ({client}) by store.example.org with ESMTPS id x; now"
        assert kinds(hop, f"{MINE} {GOOD}", BORDER) == [FactKind.PASSED]


@pytest.mark.parametrize(
    "hop",
    [
        "from x with LMTP (evil.example [51.2.3.4]) by mx.example.org with ESMTP id 7; now",
        "from x by y with LMTP (evil.example [51.2.3.4]) by mx.example.org with ESMTP id 7; now",
        "from x by y with LMTP ( (evil.example [51.2.3.4]) by mx.example.org with ESMTP id 7; now",
        'from x (evil.example [51.2.3.4]) by mx.example.org id 7 for <"a with lmtp b"@example.org>',
        "from x (127.0.0.1) (evil.example [51.2.3.4]) by mx.example.org with ESMTP id 7; now",
        "from x (127.0.0.1) by y (evil.example [51.2.3.4]) by mx.example.org with ESMTP id 7; now",
        "by mx.example.org (Postfix, userid 1001) id 7; now",
    ],
)
def test_what_a_client_calls_itself_is_no_word_of_the_house(hop: str) -> None:
    assert kinds(f"Received: {hop}", f"{MINE} {GOOD}") == []


def test_gmail_signs_with_one_name() -> None:
    border = "Received: from evil (evil.example [51.2.3.4]) by mx.google.com with ESMTPS; now"
    for server, known in (("mx.google.com", [FactKind.PASSED]), ("x.mx.google.com", [])):
        line = f"Authentication-Results: {server}; {GOOD}"
        assert kinds(border, line, host="imap.gmail.com") == known
