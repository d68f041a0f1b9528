"""The sanitiser: hostile markup comes out harmless, ordinary mail comes out looking the same."""

from __future__ import annotations

import json
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from martlet.mime.html import sanitise, to_text
from support.harmless import dangers, part_url

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "html.jsonl"


def flat(text: str) -> str:
    return text.replace(" ", "").replace('"', "'")


def test_every_vector_of_the_corpus_is_harmless() -> None:
    if not CORPUS.exists():
        pytest.skip("the shared corpus is not beside the repository")
    bad = {}
    with CORPUS.open(encoding="utf-8") as lines:
        for line in lines:
            vector = json.loads(line)
            found = dangers(vector["html"])
            if found:
                bad[f"{vector['corpus']} {vector['id']}"] = found
    assert bad == {}


@pytest.mark.parametrize(
    "html",
    [
        "<p style='background:u\\72l(https://evil.example/x)'>x</p>",
        "<p style='background:url(\"https://evil.example/x\")'>x</p>",
        "<p style='background:image-set(\"https://evil.example/x\" 1x)'>x</p>",
        "<style>@import 'https://evil.example/x.css';</style>",
        "<style>@im\\70ort url(//evil.example/x);</style>",
        "<style>p{background:URL( https://evil.example/x )}</style>",
        "<style>@font-face{font-family:x;src:url(https://evil.example/f)}</style>",
        "<style><!--</style><img src=https://evil.example/x>--></style>",
        "<style>p{color:red}</style><style>a:after{content:'</style><script>alert(1)</script>'}</style>",
        "<img src='https://evil.example/x.png'>",
        "<img src='//evil.example/x.png'>",
        "<img src=' \thttps://evil.example/x.png'>",
        "<img src='\\\\evil.example\\x.png'>",
        "<img srcset='https://evil.example/x 2x' alt=a>",
        "<table background='http://evil.example/x'><tr><td>1</td></tr></table>",
        "<body background='http://evil.example/x'>x",
        "<body style='background:url(http://evil.example/x)'>x",
        "<link rel=stylesheet href=https://evil.example/x.css>",
        "<iframe src=https://evil.example></iframe>",
        "<video poster=https://evil.example/x></video>",
        "<object data=https://evil.example/x></object>",
        "<input type=image src=https://evil.example/x>",
    ],
)
def test_remote_things_are_removed_and_counted(html: str) -> None:
    assert dangers(html) == []
    result = sanitise(html, part_url)
    assert "evil.example" not in result.html
    if "<!--" not in html and "alert" not in html:
        assert result.blocked == 1


@pytest.mark.parametrize(
    "html",
    [
        "<a href='java\nscript:alert(1)'>x</a>",
        "<a href='&#x6A;avascript:alert(1)'>x</a>",
        "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
        "<img src='data:image/svg+xml;base64,PHN2Zz4='>",
        "<img src='data:text/html;base64,PHN2Zz4='>",
        "<svg><style><img src=x onerror=alert(1)></style></svg>",
        "<math><mtext><table><mglyph><style><!--</style><p title='--&gt;&lt;img onerror=x&gt;'>",
        "<form action=https://x.example><button formaction=javascript:alert(1)>x</button></form>",
        "<p onclick=a style='behavior:url(x);-moz-binding:url(y);width:expression(a)'>x",
        "<div style='position:fixed;top:0;left:0'>x</div>",
        "<meta http-equiv=refresh content='0;url=https://x.example'>",
        "<base href='https://x.example/'><a href='/x'>x</a>",
        "<frameset><frame src=x></frameset>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    ],
)
def test_nothing_that_runs_or_moves_survives(html: str) -> None:
    assert dangers(html) == []
    assert "fixed" not in sanitise(html, part_url).html


def test_a_newsletter_keeps_its_looks() -> None:
    html = (
        "<html><head><title>T</title><style>@media only screen and (max-width:600px)"
        "{.w{width:100% !important}} body{margin:0} a:hover{color:#f00}</style></head>"
        '<body bgcolor="#eeeeee" style="margin:0;padding:0;-webkit-text-size-adjust:100%">'
        '<table width="600" cellpadding="0" cellspacing="0" border="0" align="center" '
        'bgcolor="#ffffff" class="w" role="presentation"><tr><td colspan="2" valign="top" '
        'style="padding:10px 20px; background-color:#fafafa; border:1px solid rgb(1, 2, 3); '
        "font-family:Arial,'Helvetica Neue',sans-serif; border-radius:4px; mso-line-height:1\">"
        '<img src="cid:logo@example.org" width="100" height="50%" alt="Logo" style="display:block">'
        '<a href="https://example.org/?a=1&amp;b=2" style="color:#fff">Go</a></td></tr></table>'
    )
    result = sanitise(html, part_url)
    shown = flat(unescape(result.html))
    for piece in (
        "@media only screen and (max-width:600px){",
        "width:100% !important",
        "a:hover{color:#f00}",
        "background-color:#eeeeee",
        "margin:0;padding:0",
        'width="600"',
        'cellpadding="0"',
        'bgcolor="#ffffff"',
        'class="w"',
        'colspan="2"',
        'valign="top"',
        "padding:10px 20px",
        "background-color:#fafafa",
        "border:1px solid rgb(1, 2, 3)",
        "'Helvetica Neue'",
        "border-radius:4px",
        'src="martlet-part:/2"',
        "display:block",
        "https://example.org/?a=1&b=2",
    ):
        assert flat(piece) in shown, piece
    assert result.blocked == 0
    assert "<title" not in result.html


def test_data_pictures_are_shown() -> None:
    html = '<img src="data:image/png;base64,iVBORw0KGgo=">'
    assert "data:image/png;base64,iVBORw0KGgo=" in sanitise(html, part_url).html


def test_the_colour_beside_a_remote_background_stays() -> None:
    html = '<td style="background:#123456 url(https://x.example/a.png) no-repeat">x</td>'
    result = sanitise(f"<table><tr>{html}</tr></table>", part_url)
    assert "#123456" in result.html
    assert result.blocked == 1


def test_deep_nesting_is_survived() -> None:
    html = "<div>" * 20_000 + "x" + "</div>" * 20_000
    assert "x" in sanitise(html, part_url).html
    assert to_text(html) == "x"
    unclosed = "<div><table><td></div></table>" * 20_000 + "<script>alert(1)</script>"
    assert dangers(unclosed) == []
    wide = "<table>" + "<tr><td><p>a<td><b>b</b>" * 5_000 + "</table>"
    assert "<td>" in sanitise(wide, part_url).html
    sanitise("<style>" + "a{(" * 20_000 + "</style>", part_url)


def test_text_of_html() -> None:
    html = (
        "<style>p{}</style><h1>Hi</h1><p>One <b>two</b>\n three<br>four</p><ul><li>a</li><li>b"
        "<ol><li>c</li><li>d</li></ol></li></ul><blockquote><p>said</p><p>more</p></blockquote>"
        "<p><a href='https://x.example/y'>link</a> <a href='https://x.example'>x.example</a></p>"
        "<div style='display:none'>hidden</div><table><tr><td>1</td><td>2</td></tr>"
        "<tr><td>3</td><td>4</td></tr></table><pre>  a\n b</pre><img alt='Logo'>"
    )
    assert to_text(html) == (
        "Hi\n\nOne two three\nfour\n\n* a\n* b\n  1. c\n  2. d\n\n> said\n>\n> more\n\n"
        "link <https://x.example/y> x.example\n\n1  2\n3  4\n\n  a\n b\n\n[Logo]"
    )


_PIECES = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<style>",
        "</style>",
        "<svg>",
        "</svg>",
        "<math>",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<table>",
        "<td>",
        "<a",
        "href=",
        "style=",
        "src=",
        "onerror=",
        '"',
        "'",
        ">",
        "<",
        "/",
        "=",
        "javascript:",
        "url(",
        ")",
        "https://evil.example/",
        "{",
        "}",
        ";",
        ":",
        "\\",
        "@import",
        "@media",
        "<img",
        "<body",
        "<frameset>",
        "<noscript>",
        "</noscript>",
        "<template>",
        "<select>",
        "<li>",
        "<blockquote>",
        "&lt;",
        "&#x3c;",
        "\x00",
        "\n",
        "cid:",
        "data:image/png;base64,",
        "<title>",
        "<textarea>",
        "<xmp>",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(_PIECES | st.text(max_size=5), max_size=40).map("".join))
def test_any_soup_comes_out_harmless(html: str) -> None:
    assert dangers(html) == []
    to_text(html)


def test_large_pictures_in_the_markup_are_shown_as_they_are() -> None:
    data = "data:image/png;base64," + "iVBORw0KGgo+/" * 400_000
    spaced = data.replace("KGgo", "KG\ngo", 1)
    html = f"<p>a<img src='{data}'>b<img alt=x src='{spaced}'></p>"
    for pictures in (False, True):
        for simple in (False, True):
            result = sanitise(html, part_url, pictures=pictures, simple=simple)
            assert result.html.count(data) == 2
            assert not result.cut
    assert sanitise(f"<img src='{data}<'>", part_url).html == "<img>"
    forged = sanitise(f"<img src='{data}'><img src='martlet-part:/data/0'>", part_url).html
    assert "martlet-part" not in forged


def test_what_is_too_long_is_cut_and_says_so() -> None:
    many = sanitise("<b>x</b> " * 200_000, part_url)
    assert many.cut
    assert many.html.count("<b>") == 50_000
    long = sanitise("<p>" + "word " * 1_000_000, part_url)
    assert long.cut
    assert 3_900_000 < len(long.html) < 4_100_000
    picture = "<img src='data:image/png;base64," + "A" * 5_000_000 + "'>"
    assert not sanitise(picture + "<p>x</p>", part_url).cut
    assert sanitise(picture + "x" * 4_500_000, part_url).cut


def test_rules_for_the_page_dress_the_boxes_that_stand_for_it() -> None:
    html = (
        "<html><head><style>html body .k,body.x>p,:root{margin:1px}.body,#html,p.body{margin:2px}"
        "[title='body']{margin:3px}</style></head><body class=x style='padding:1px'><p class=k>y"
    )
    result = sanitise(html, part_url).html
    page, body = "div:where(.martlet-html)", "div:where(.martlet-body)"
    assert f"@scope (.martlet-mail){{{page} {body} .k,{body}.x>p,.martlet-html{{" in result
    assert ".body,#html,p.body{margin:2px}" in result
    assert "[title='body']" in result.replace('"', "'")
    assert result.endswith(
        '</style><div class="martlet-mail"><div class="martlet-html">'
        '<div style="padding:1px" class="martlet-body x"><p class="k">y</p></div></div></div>'
    )
    assert "martlet-" not in sanitise(html, part_url, sheets=False).html
