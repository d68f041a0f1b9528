"""Links that are not what they look like, and addresses without what tracks."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from martlet.mail.link_sites import unwrapped
from martlet.mail.reading import LinkRisk
from martlet.mail.tracking import without_tracking
from martlet.mime.html import sanitise
from martlet.mime.links import MAX_LINKS, risks
from support.harmless import part_url

OTHER, NUMBER, ALIKE, USER = (
    LinkRisk.OTHER_SITE,
    LinkRisk.IP_ADDRESS,
    LinkRisk.LOOK_ALIKE,
    LinkRisk.USER_PART,
)
SAFE = "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fbank.example%2Fx&data=1"
SAFE_EVIL = SAFE.replace("bank.example", "evil.example")


@pytest.mark.parametrize(
    ("href", "shown", "risk"),
    [
        ("https://evil.example/", "https://www.bank.example/login", [OTHER]),
        ("https://evil.example/", "www.bank.example", [OTHER]),
        ("https://evil.example/", "bank.com", [OTHER]),
        ("https://evil.example/", " bank.co.uk/login ", [OTHER]),
        ("https://evil.example/", "Go to https://bank.example now", [OTHER]),
        ("https://bank.com.evil.example/", "bank.com", [OTHER]),
        ("https://evil.co.uk/", "bank.co.uk", [OTHER]),
        ("https://evil.github.io/", "https://good.github.io", [OTHER]),
        (SAFE_EVIL, "https://bank.example", [OTHER]),
        ("https://evil.example", "https://b\u200ban\u00adk.com", [OTHER]),
        ("http://192.0.2.7/x", "here", [NUMBER]),
        ("http://3221225991/", "here", [NUMBER]),
        ("http://0xC0000207/", "here", [NUMBER]),
        ("http://0300.0.02.07/", "here", [NUMBER]),
        ("http://[2001:db8::1]/", "here", [NUMBER]),
        ("http://192.0.2.7/", "bank.com", [OTHER, NUMBER]),
        ("https://p\u0430ypal.com/", "here", [ALIKE]),
        ("https://xn--pypal-4ve.com/", "here", [ALIKE]),
        ("https://bank.com@evil.example/", "here", [USER]),
        ("https://bank.com%2Flogin:x@evil.example/", "here", [USER]),
        ("https:\\\\bank.com@evil.example/", "here", [USER]),
        ("https://bank.example/x", "https://www.bank.example", []),
        ("https://click.bank.co.uk/x", "bank.co.uk", []),
        (SAFE, "https://bank.example/x", []),
        ("https://www.google.com/url?q=https://bank.example/&sa=D", "bank.example", []),
        ("https://github.com/a/b/blob/x/setup.py", "setup.py", []),
        ("https://evil.example/", "Click here", []),
        ("https://evil.example/", "v1.2.3 of node.js", []),
        ("https://evil.example/", "a.b", []),
        ("https://user@git.example/x", "here", []),
        ("https://\u043f\u043e\u0447\u0442\u0430.\u0440\u0444/", "here", []),
        ("https://m\u00fcnchen.de/", "here", []),
        ("mailto:a@evil.example", "a@bank.com", []),
        ("https://evil.example/", "a@bank.com", []),
        ("https://", "bank.com", []),
        ("#x", "bank.com", []),
    ],
)
def test_risks(href: str, shown: str, risk: list[LinkRisk]) -> None:
    assert [link.risk for link in risks(href, shown)] == risk


def test_the_host_is_as_dns_knows_it() -> None:
    (link,) = risks("https://p\u0430ypal.com/x", "Pay\nnow\u202e")
    assert (link.host, link.shown) == ("xn--pypal-4ve.com", "Pay now")


@pytest.mark.parametrize(
    "shown",
    [
        "(bank.com)", "“bank.com”", "→ bank.com", "bank.com,", "bank․com", "bank。com",
        "https:/bank.com/", "https:// bank.com", "hxxps://bank.com", "ftp://bank.com", "paypal.in",
        "www.evil.example https://bank.com", "ｂａｎｋ．ｃｏｍ", "ｈｔｔｐｓ：／／bank.example/x",
        "𝐛𝐚𝐧𝐤.com", "bank｡com", "bank.com\u2800", "ba\u034fnk.com", "bank.com…",
    ],
)  # fmt: skip
def test_an_address_in_any_dress_is_one(shown: str) -> None:
    (found,) = risks("https://evil.example/", shown)
    assert found.risk is LinkRisk.OTHER_SITE


@pytest.mark.parametrize(
    "host", ["evilurldefense.com", "evilurldefense.us", "google.evil", "google.evil.co"]
)
def test_what_only_ends_like_one_that_redirects(host: str) -> None:
    for path in ("v3/__https://bank.com__;!!x", "url?q=https://bank.com"):
        assert unwrapped(f"https://{host}/{path}") == f"https://{host}/{path}"


def test_a_long_address_is_looked_at() -> None:
    (found,) = risks("https://evil.example/" + "x" * 30_000, "bank.com")
    assert found.risk is LinkRisk.OTHER_SITE


def test_words_that_show_nothing_do_not_push_an_address_out() -> None:
    nothing = "<i>\u200b</i>" * 500
    html = f"<a href=https://evil.example>{nothing}bank.com</a>"
    (found,) = sanitise(html, lambda _: None).links
    assert found.risk is LinkRisk.OTHER_SITE


def test_a_link_that_nobody_would_be_warned_of_opens_nothing() -> None:
    many = "".join(f"<a href='https://e{n}.example'>bank.com</a>" for n in range(MAX_LINKS + 50))
    found = sanitise(f"{many}<a href='https://good.example'>good</a>", lambda _: None)
    assert len(found.links) == MAX_LINKS
    assert found.html.count("href=") == MAX_LINKS + 1
    assert 'href="https://good.example"' in found.html


def test_the_links_of_a_message() -> None:
    html = (
        "<a href='https://evil.example/a'><b>www.</b><span>bank.example</span></a>"
        "<a href='https://evil.example/b'><img alt='https://bank.example' src='cid:x'></a>"
        "<a href='https://good.example'>good.example</a>"
        "<a href='https://evil.example/a'>www.bank.example</a>"
    )
    for simple in (False, True):
        found = sanitise(html, part_url, simple=simple).links
        assert [link.href for link in found] == ["https://evil.example/a", "https://evil.example/b"]
        assert {link.host for link in found} == {"evil.example"}


@pytest.mark.parametrize(
    ("url", "inner"),
    [
        (SAFE, "https://bank.example/x"),
        ("https://urldefense.com/v3/__https://a.example/x__;!!abc$", "https://a.example/x"),
        ("https://urldefense.com/v3/__https:/a.example/x__;!!abc$", "https://a.example/x"),
        (
            "https://urldefense.proofpoint.com/v2/url?u=https-3A__a.example_x&d=1",
            "https://a.example/x",
        ),
        ("https://l.facebook.com/l.php?u=https%3A%2F%2Fa.example", "https://a.example"),
        ("https://www.google.com/search?q=https", "https://www.google.com/search?q=https"),
        ("https://www.google.com/url?q=javascript:x", "https://www.google.com/url?q=javascript:x"),
        ("https://a.example/?url=https://b.example", "https://a.example/?url=https://b.example"),
    ],
)
def test_what_redirects_is_unwrapped(url: str, inner: str) -> None:
    assert unwrapped(url) == inner


@settings(deadline=None)
@given(st.text(max_size=80), st.text(max_size=80))
def test_anything_may_be_a_link(href: str, shown: str) -> None:
    for link in risks(f"https://{href}", shown):
        assert len(link.shown.splitlines()) < 2
        assert not {"\u202e", "\u2066", "\x1b"} & set(link.shown)
    risks(href, shown)


@pytest.mark.parametrize(
    ("url", "clean"),
    [
        ("https://a.example/?utm_source=x&id=1&utm_medium=y", "https://a.example/?id=1"),
        ("https://a.example/x?fbclid=1", "https://a.example/x"),
        ("https://a.example/x?FBCLID=1#top", "https://a.example/x#top"),
        ("https://a.example/x?a=1&amp;gclid=2", "https://a.example/x?a=1"),
        ("https://a.example/x?q=utm_source%3Dx", "https://a.example/x?q=utm_source%3Dx"),
        ("https://a.example/x#utm_source=mail", "https://a.example/x"),
        ("https://a.example/#/route?utm_x=1", "https://a.example/#/route?utm_x=1"),
        ("https://detail.tmall.com/i?id=5&spm=a1z.2&scm=7", "https://detail.tmall.com/i?id=5"),
        ("https://a.example/?mc_eid=1&mc_cid=2&_hsenc=3&mkt_tok=4", "https://a.example/"),
        ("https://a.example/?b=2&a=1", "https://a.example/?b=2&a=1"),
        ("https://a.example/?=&&x", "https://a.example/?=&&x"),
        ("https://a.example/x?", "https://a.example/x"),
        ("mailto:a@b.example?subject=utm_source=1", "mailto:a@b.example?subject=utm_source=1"),
        ("", ""),
    ],
)
def test_addresses_without_what_tracks(url: str, clean: str) -> None:
    assert without_tracking(url) == clean


@settings(deadline=None)
@given(st.text(max_size=60).map("https://a.example/?".__add__))
def test_stripping_twice_changes_nothing(url: str) -> None:
    assert without_tracking(without_tracking(url)) == without_tracking(url)
