"""Which paper a message wants, and black on white that is no colour at all."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from martlet.mail.reading import Paper
from martlet.mime.html import sanitise
from martlet.mime.html_paper import Tone, ground, ink
from support.harmless import part_url

OUTLOOK = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style><!--
@font-face {font-family:"Cambria Math"; panose-1:2 4 5 3 5 4 6 3 2 4;}
p.MsoNormal, li.MsoNormal {margin:0cm; font-size:11.0pt; font-family:"Calibri",sans-serif;}
a:link, span.MsoHyperlink {mso-style-priority:99; color:#0563C1; text-decoration:underline;}
a:visited, span.MsoHyperlinkFollowed {color:#954F72;}
span.EmailStyle17 {mso-style-type:personal-compose; color:windowtext;}
.MsoChpDefault {mso-style-type:export-only;}
@page WordSection1 {size:612.0pt 792.0pt; margin:70.85pt;}
div.WordSection1 {page:WordSection1;}
--></style><!--[if gte mso 9]><xml><o:shapedefaults v:ext="edit"/></xml><![endif]--></head>
<body lang="EN-US" link="#0563C1" vlink="#954F72" style="word-wrap:break-word">
<div class="WordSection1"><p class="MsoNormal">Hello<o:p></o:p></p>
<p class=MsoNormal><a href="https://x.example"><span style="color:#0563C1">x</span></a></p>
<p class="MsoNormal"><span style='font-size:10pt;color:black;background:white'>Bye</span></p>
</div></body></html>"""
GMAIL = """<div dir="ltr"><div class="gmail_default" style="font-family:arial;color:rgb(34,34,34)">
Hi <a href="https://x.example" style="color:rgb(17,85,204)" target="_blank">x</a></div></div>
<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid
rgb(204,204,204);padding-left:1ex">said</blockquote>"""
APPLE = """<html><head><style>body{font-family:Helvetica}</style></head><body
style="overflow-wrap:break-word; -webkit-nbsp-mode:space; line-break:after-white-space;">
<span style="caret-color: rgb(0, 0, 0); color: rgb(0, 0, 0);">Hi</span><br></body></html>"""


@pytest.mark.parametrize("html", [OUTLOOK, GMAIL, APPLE])
def test_what_programs_write_by_themselves_follows_the_theme(html: str) -> None:
    result = sanitise(html, part_url)
    assert result.paper is Paper.THEME
    for word in ("windowtext", "color:black", "background:white", "0563C1", "34,34,34", "17,85"):
        assert word not in result.html
    assert "Hi" in result.html or "Hello" in result.html


@pytest.mark.parametrize(
    ("html", "paper"),
    [
        ("<p>plain</p>", Paper.THEME),
        ("<p style='border:1px solid red;outline:1px solid blue'>x</p>", Paper.THEME),
        ("<table border=1 bordercolor=red><tr><td>x</table>", Paper.THEME),
        ("<p style='color:inherit;background:transparent'>x</p>", Paper.THEME),
        ("<p style='background:none repeat scroll 0 0'>x</p>", Paper.THEME),
        ("<p style='background:rgba(255,0,0,0)'>x</p>", Paper.THEME),
        ("<font color=#000000>x</font>", Paper.THEME),
        ("<body bgcolor=white text=black>x", Paper.THEME),
        ("<body bgcolor=FFFFFF text='#000'>x", Paper.THEME),
        ("<style>a:hover{color:red}</style>x", Paper.THEME),
        ("<style>@media print{p{color:red}}</style>x", Paper.THEME),
        ("<style>[data-ogsc] p{color:red}</style>x", Paper.THEME),
        ("<p style='color:red'>x</p>", Paper.LIGHT),
        ("<p style='color:#666'>x</p>", Paper.LIGHT),
        ("<p style='color:blue'>x</p>", Paper.LIGHT),
        ("<p style='color:white'>x</p>", Paper.LIGHT),
        ("<font color=red>x</font>", Paper.LIGHT),
        ("<table bgcolor='#eeeeee'><tr><td>x</table>", Paper.LIGHT),
        ("<body bgcolor='#123456'>x", Paper.LIGHT),
        ("<body text=navy>x", Paper.LIGHT),
        ("<body background='https://x.example/y.png'>x", Paper.LIGHT),
        ("<p style='background:linear-gradient(red,blue)'>x</p>", Paper.LIGHT),
        ("<p style='background:#fff url(https://x.example/y.png)'>x</p>", Paper.THEME),
        ("<p style='background:black;color:white'>x</p>", Paper.LIGHT),
        ("<style>.x{background-color:#f4f4f7}</style>x", Paper.LIGHT),
        ("<a style='color:red' href=x>x</a>", Paper.LIGHT),
        (
            "<style>@media (prefers-color-scheme:dark){p{color:#fff}}</style><p style='color:red'>",
            Paper.DARK_TOO,
        ),
        ("<style>@media (prefers-color-scheme: dark){p{margin:0}}</style>x", Paper.THEME),
        ("<style>@media (PREFERS-COLOR-SCHEME: DARK){p{background:#000!important}}</style>x",
         Paper.DARK_TOO),
    ],
)  # fmt: skip
def test_paper(html: str, paper: Paper) -> None:
    assert sanitise(html, part_url).paper is paper


def test_usual_colours_stay_where_others_are() -> None:
    html = "<p style='color:#000;background:#fff'>x</p><p style='color:red'>y</p>"
    assert "color:#000;background:#fff" in sanitise(html, part_url).html
    alone = sanitise("<body bgcolor=white text=black><p style='color:#000;margin:0'>x", part_url)
    assert alone.html == '<p style="margin:0">x</p>'
    assert alone.paper is Paper.THEME


def test_the_simple_form_has_no_colours() -> None:
    result = sanitise("<body bgcolor=red><font color=red>x</font>", part_url, simple=True)
    assert (result.paper, result.html) == (Paper.THEME, "<div>x</div>")


@settings(deadline=None)
@given(st.text(max_size=30))
def test_any_value_has_a_tone(value: str) -> None:
    assert ink(value, True) in Tone
    assert ground(value) in Tone
