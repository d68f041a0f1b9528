"""What a message would have from the internet: pictures, trackers, the rest."""

from __future__ import annotations

import pytest

from martlet.mail.reading import Remote
from martlet.mime.html import sanitise
from support.harmless import dangers, part_url

PIXEL = "https://img.shop.example/u/3f2a"


def remote(html: str) -> Remote:
    return sanitise(html, part_url, pictures=True).remote


@pytest.mark.parametrize(
    "url",
    [
        "https://acme.us1.list-manage.com/track/open.php?u=1&id=2&e=3",
        "https://mandrillapp.com/track/open.php?u=1&id=2",
        "https://u123.ct.sendgrid.net/wf/open?upn=abc",
        "https://links.shop.example/wf/open?upn=abc",
        "https://d1.hubspotemail.net/e2t/o/abc/def",
        "https://email.shop.example/o/eJwVyEEOhCAMAEC_AjcgJm0",
        "https://x7k.r.eu-west-1.awstrack.me/I0/0102/abc=1",
        "https://pstmrk.it/open?m=v3_1.abc",
        "https://x.mjt.lu/oo/ABC/def/e.gif",
        "https://r.mail.shop.example/tr/op/abc",
        "https://trk.klaviyomail.com/o?x=1",
        "https://click.exct.net/open.aspx?ffcb10-x",
        "https://na.salesforce.com/servlet/servlet.ImageServer?oid=1&esid=2",
        "https://go.shop.example/trk?t=1&mid=x",
        "https://eotrx.substackcdn.com/open?token=abc",
        "https://email.mg1.substack.com/o/eJx",
        "https://shop.cmail20.com/t/r-o-abc-l/o.gif",
        "https://shop.acemlnb.com/lt.php?nl=1&l=open",
        "https://e.shop.example/e/o/ZGdUT0JRRUFBQUFBQUFB==",
        "https://count.mail.163.com/beacon/webmail.gif?x=1",
        "https://sctrack.sendcloud.net/track/open/abc.gif",
        "https://github.com/notifications/beacon/ABC.gif",
        "https://www.facebook.com/email_open_log_pic.php?mid=1",
        "https://www.google-analytics.com/collect?v=1",
        "HTTPS://WWW.Mltrk.IO/pixel/x",
        "//links.shop.example/wf/open?upn=abc",
    ],
)
def test_known_trackers_are_never_fetched(url: str) -> None:
    html = f"<img src='{url}' width=600 height=80><p style='background:url({url})'>x"
    result = sanitise(html, part_url, pictures=True)
    assert (result.remote.pictures, result.remote.trackers, result.blocked) == ((), 1, 1)
    assert "remote" not in result.html


@pytest.mark.parametrize(
    "markup",
    [
        f"<img src={PIXEL} width=1 height=1>",
        f"<img src={PIXEL} width='1px' height='1px'>",
        f"<img src={PIXEL} width=0>",
        f"<img src={PIXEL} height=1>",
        f"<img src={PIXEL} style='width:1px;height:1px'>",
        f"<img src={PIXEL} style='width:1px !important;height:1px'>",
        f"<img src={PIXEL} style='display:none'>",
        f"<img src={PIXEL} style='DISPLAY : none !important'>",
        f"<img src={PIXEL} style='visibility:hidden'>",
        f"<img src={PIXEL} style='opacity:0.0'>",
        f"<img src={PIXEL} style='max-height:0'>",
        f"<img src={PIXEL} style='margin-left:-9999px'>",
        f"<img src={PIXEL} hidden>",
        f"<div style='display:none'><p><img src={PIXEL}></p></div>",
        f"<style>.t{{display:none}}</style><img class=t src={PIXEL}>",
        f"<style>#t,p{{width:1px;height:1px}}</style><img id=t src={PIXEL}>",
        f"<style>td.t{{visibility:hidden}}</style><div class='a t'><img src={PIXEL}></div>",
        "<img src=https://img.shop.example/pixel.gif?id=77>",
        "<img src=https://img.shop.example/open?id=77>",
        "<img src=https://img.shop.example/a.php?action=open>",
    ],
)
def test_what_cannot_be_seen_is_a_tracker(markup: str) -> None:
    assert remote(markup) == Remote(trackers=1, shown=True)
    assert dangers(markup) == []


@pytest.mark.parametrize(
    "markup",
    [
        "<img src=https://shop.example/spacer.gif width=1 height=20>",
        "<img src=https://shop.example/img/blank.gif width=1 height=1>",
        "<img src=https://shop.example/line.png width=600 height=1>",
        "<img src=https://shop.example/logo.png width=120>",
        "<img src=https://shop.example/logo.png width='100%'>",
        "<img src=https://shop.example/logo.png style='max-width:100%;display:block'>",
        "<img src=https://shop.example/open-house.png?x=1 width=600>",
        "<img src=https://shop.example/track/open-air.jpg width=600>".replace("track/", "tracks/"),
        "<img src=https://pixel.shop.example/hero.jpg>",
        "<style>@media (max-width:9px){.m{display:block!important}}</style>"
        "<img class=m style='display:none' src=https://shop.example/mobile.png>",
        "<style>.m{display:none}@media (max-width:9px){.m{display:block}}</style>"
        "<img class=m src=https://shop.example/mobile.png>",
        "<picture><source srcset='https://shop.example/a.webp'><img src=https://shop.example/a.png>"
        "</picture>",
    ],
)
def test_what_can_be_seen_is_a_picture(markup: str) -> None:
    found = remote(markup)
    assert (len(found.pictures), found.trackers, found.other) == (1, 0, 0)


def test_pictures_are_numbered_in_the_order_of_the_markup() -> None:
    html = (
        "<style>.b{background:url(http://a.example/0.png)}</style><body>"
        "<table background='//a.example/1.png'><tr><td style='background:url(https://a.example/2)'>"
        "<img src='https://a.example/3.png'><img src='http://a.example/0.png'>"
        "<img srcset='https://a.example/4s.png 1x, https://a.example/4b.png 3x'></table>"
    )
    result = sanitise(html, part_url, pictures=True)
    assert result.remote.pictures == (
        "http://a.example/0.png",
        "https://a.example/1.png",
        "https://a.example/2",
        "https://a.example/3.png",
        "https://a.example/4s.png",
    )
    numbers = [result.html.index(f"martlet-part:/remote/{n}") for n in range(5)]
    assert numbers == sorted(numbers)
    assert result.html.count("martlet-part:/remote/0") == 2
    assert result.blocked == 0
    kept_out = sanitise(html, part_url)
    assert kept_out.remote.pictures == result.remote.pictures
    assert (kept_out.blocked, kept_out.remote.shown) == (5, False)
    assert "remote" not in kept_out.html


def test_addresses_are_read_as_a_browser_does() -> None:
    html = (
        "<img src=' https:\\\\a.example\\1.png'><img src='https:a.example/2.png'>"
        "<img src='\\\\\\\\a.example/3.png'><img src='ht\ntps://a.example/4 b.png'>"
        "<img src='https://'><img src='http://[::'><img src='x.png'><img src='?'>"
    )
    assert remote(html).pictures == (
        "https://a.example/1.png",
        "https://a.example/2.png",
        "https://a.example/3.png",
        "https://a.example/4%20b.png",
    )


def test_a_base_makes_relative_addresses_absolute() -> None:
    html = (
        "<base href='https://a.example/news/'><base href='https://b.example/'>"
        "<img src='1.png'><img src='/2.png'><a href='../more?x=1'>more</a><a href='#top'>top</a>"
    )
    result = sanitise(html, part_url, pictures=True)
    assert result.remote.pictures == (
        "https://a.example/news/1.png",
        "https://a.example/2.png",
    )
    assert 'href="https://a.example/more?x=1"' in result.html
    assert 'href="#top"' in result.html
    bare = sanitise("<base href='javascript:x'><img src=1.png><a href='/x'>x</a>", part_url)
    assert (bare.remote.pictures, bare.html) == ((), "<img><a>x</a>")


def test_what_a_style_sheet_picks_by_what_a_person_does_is_not_fetched() -> None:
    url = "https://a.example/x.png"
    for selector in ("a:hover", "a:visited", "details[open]", ".x:focus-within", "a:not(:hover)"):
        found = sanitise(f"<style>{selector}{{background:url({url})}}</style>", part_url).remote
        assert (found.pictures, found.other) == ((), 1), selector
    own = f"<style>a:hover{{background:url(cid:logo@example.org),url({url})}}</style>"
    assert "martlet-part:/2" in sanitise(own, part_url).html
    calm = f"<style>td.x:first-child::before{{background:url({url})}}</style>"
    assert sanitise(calm, part_url).remote.pictures == (url,)


def test_amounts_have_an_end() -> None:
    found = remote("".join(f"<img src=https://a.example/{n}.png width=9>" for n in range(3_000)))
    assert (len(found.pictures), found.other) == (1_000, 2_000)


def test_own_pictures_are_none_of_the_internet() -> None:
    html = (
        "<img src='cid:logo@example.org' width=1><img src='CID:%6Cogo%40example.org'>"
        "<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw=' width=1 height=1>"
        "<td background='cid:logo@example.org'><p style='background:url(cid:logo@example.org)'>"
    )
    result = sanitise(html, part_url)
    assert result.remote == Remote()
    assert result.html.count("martlet-part:/2") == 3
    assert "data:image/gif" in result.html
