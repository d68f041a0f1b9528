"""What hostile markup tries: to run, to fetch, to reach out of its box, to take forever."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from martlet.mime.html import sanitise
from martlet.mime.html_quotes import fold
from martlet.mime.html_remote import Wanted
from martlet.mime.html_visit import Visit
from support.harmless import dangers, judge, part_url, runs

EVIL = "https://evil.example/x"

MUTATIONS = [
    "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>",
    "<math><mtext><table><mglyph><style><math><img src onerror=alert(1)></style></math>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<math><mtext><h1><a><h6></a></h6><mglyph><svg><mtext><style><a title='</style>"
    "<img src onerror=alert(1)>'></style></h1>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><style></template><img src=x onerror=alert(1)></style></template>",
    "<xmp><p title='</xmp><img src=x onerror=alert(1)>'></xmp>",
    "<title><a title='</title><img src=x onerror=alert(1)>'></title>",
    "<textarea><a title='</textarea><img src=x onerror=alert(1)>'></textarea>",
    "<noembed><a title='</noembed><img src=x onerror=alert(1)>'></noembed>",
    "<iframe><a title='</iframe><img src=x onerror=alert(1)>'></iframe>",
    "<select><template><style><!--</style><a rel='--></style></template></select>"
    "<img id=x src onerror=alert(1)>'>",
    "<svg><annotation-xml><foreignobject><style><!--</style><p title='--><img src onerror=1>'>",
    "<math><annotation-xml encoding='text/html'><style><img src=x onerror=1></style></math>",
    "<svg><desc><b></desc><img src=x onerror=alert(1)>",
    "<table><caption><svg><title><table><caption><img src=x onerror=1></caption></table>",
    "<a href='x'><table><a href='javascript:alert(1)'><tr><td></a></table>",
    "<p id='&#39;><img src=x onerror=1>'><b><p></b>",
    "<![CDATA[<img src=x onerror=1>]]>",
    "<!--[if mso]><img src=x onerror=1><![endif]-->",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!--!><img src=x onerror=alert(1)>--!>",
    "<?xml ?><img src=x onerror=1>",
    "<!DOCTYPE x [<!ENTITY y '<img src=x onerror=1>'>]>&y;",
    "<img src=x:x onerror=alert(1)//",
    "<img/src/onerror=alert(1)>",
    "<img src='x' style='background:url(\"javascript:alert(1)\")'>",
    "<details open ontoggle=alert(1)><summary>x",
    "<a href='\x01javascript:alert(1)'>x</a><a href='java&Tab;script:alert(1)'>y</a>",
    "<a href='//evil.example'>x</a><a href='/\\evil.example'>y</a><a href='vbscript:x'>z</a>",
    "<a href='data:text/html;base64,PHN2Zz4='>x</a><a href='blob:https://x'>y</a>",
    "<a href='intent://x#Intent;scheme=http;end'>x</a><a href='ms-msdt:/id x'>y</a>",
    "<a href='file:///etc/passwd'>x</a><a href='martlet-mail:/1/page'>y</a>",
    "<img src='martlet-mail:/1/page'><img src='martlet-part:/remote/0'><img src='martlet-part:/9'>",
    "<div class='martlet-html'><style>.martlet-page{display:none}</style></div>",
    "<style>p{}</style></div></div></div></body></html><img src=x onerror=alert(1)>",
    "<dialog open>x</dialog><marquee onstart=alert(1)>x</marquee><portal src=https://evil.example>",
    "<input autofocus onfocus=alert(1)><button popovertarget=x>y</button><div popover id=x>z</div>",
    "<a href=x ping=https://evil.example download target=_top>x</a>",
    "<object data=javascript:alert(1)><embed src=//evil.example/x></object>",
    "<isindex action=javascript:alert(1)><keygen><output>x</output><slot>y</slot>",
    "<frameset onload=alert(1)><frame src=javascript:alert(1)></frameset>",
    "<svg><use href='https://evil.example/x#y'/><image href='https://evil.example/x'/>"
    "<a xlink:href='javascript:alert(1)'><text>x</text></a><animate attributeName=href to=x></svg>",
    "<p \ue0f1fold\ue0f1>\ue0f1fold\ue0f1\ue0f1end\ue0f1</p>",
    "<o:p>x</o:p><v:rect><v:fill src='https://evil.example/x'/></v:rect><xml><x>y</x></xml>",
]

STYLES = [
    f"background:u\\72l({EVIL})",
    f"background:u\\000072\\00006c({EVIL})",
    f"background:url/**/({EVIL})",
    f"background:url( '{EVIL}' )",
    f"background:\\75 \\72 \\6c ('{EVIL}')",
    f"background:image-set('{EVIL}' 1x)",
    f"background:-webkit-image-set(url({EVIL}) 1x)",
    f"background:cross-fade(url({EVIL}), url({EVIL}))",
    f"background:-webkit-cross-fade(url({EVIL}), url({EVIL}), 50%)",
    f"background:image({EVIL})",
    f"background:src('{EVIL}')",
    f"background:attr(data-x url, url({EVIL}))",
    "background:attr(title type(<url>))",
    "background:paint(x)",
    "background:element(#x)",
    "background:-moz-element(#x)",
    f"--x:url({EVIL});background:var(--x)",
    f"background:var(--y, url({EVIL}))",
    "background:env(x)",
    f"content:url({EVIL})",
    f"cursor:url({EVIL}),auto",
    f"list-style-image:url({EVIL})",
    f"list-style:url({EVIL})",
    f"border-image:url({EVIL}) 1",
    f"mask:url({EVIL})",
    f"-webkit-mask-image:url({EVIL})",
    f"-webkit-mask-box-image:url({EVIL})",
    f"filter:url({EVIL}#x)",
    f"backdrop-filter:url({EVIL}#x)",
    f"clip-path:url({EVIL}#x)",
    f"shape-outside:url({EVIL})",
    f"offset-path:url({EVIL}#x)",
    f"fill:url({EVIL}#x)",
    f"marker-start:url({EVIL}#x)",
    f"behavior:url({EVIL})",
    f"-moz-binding:url({EVIL}#x)",
    "width:expression(alert(1))",
    "width:exp/**/ression(alert(1))",
    "width:\\65xpression(alert(1))",
    "-o-link:'javascript:alert(1)';-o-link-source:current",
    "position:fixed;top:0;left:0;width:100vw;height:100vh;z-index:2147483647",
    "position:absolute;inset:0",
    "position:sticky;top:0",
    "p\\6fsition:fixed",
    "position:relative;position:fixed !important",
    "position:relative;top:-9999px;left:-9999px;z-index:9",
    "animation:x 1s infinite;transition:all 1s",
    "transform:translateY(-500px);will-change:transform",
    "all:unset;display:block",
    "anchor-name:--x;position-anchor:--x",
    "view-timeline:--x;scroll-timeline:--y;container-name:x",
    f"background:url({EVIL}",
    f'background:url("{EVIL}',
    f"background:red;}}*{{background:url({EVIL})}}",
    f"color:red;/*;*/background:url({EVIL});/*",
    f"background:url({EVIL})\\",
    "color:red</style><img src=x onerror=1>",
    "font-family:'</style><script>alert(1)</script>'",
    "content:'\\3c/style\\3e\\3cscript\\3e'",
]

SHEETS = [
    f"@import '{EVIL}';",
    f"@import url({EVIL});",
    f"@import url('{EVIL}') screen;",
    f"@import url({EVIL}) layer(x) supports(display:grid);",
    f"@import\\20 '{EVIL}';",
    f"@\\69mport '{EVIL}';",
    f"@charset 'x';@import '{EVIL}';",
    f"/**/@import/**/'{EVIL}'/**/;",
    f"<!--@import '{EVIL}';-->",
    f"@font-face{{font-family:x;src:url({EVIL})}}",
    f"@font-face{{font-family:x;src:local(x),url({EVIL});unicode-range:U+61}}",
    f"@namespace url({EVIL});",
    f"@counter-style x{{system:cyclic;symbols:url({EVIL})}}",
    f"@property --x{{syntax:'<url>';inherits:true;initial-value:url({EVIL})}}",
    f"@page{{background:url({EVIL})}}",
    f"@document url({EVIL}){{p{{color:red}}}}",
    f"@keyframes x{{from{{background:url({EVIL})}}}}",
    f"@-webkit-keyframes x{{from{{background:url({EVIL})}}}}",
    "@view-transition{navigation:auto}",
    "@container (min-width:1px){p{color:red}}",
    f"@starting-style{{p{{background:url({EVIL})}}}}",
    "@font-palette-values --x{font-family:x}",
    f"@media screen{{@import '{EVIL}';p{{color:red}}}}",
    f"@supports (background:url({EVIL})){{p{{color:red}}}}",
    f"input[value^='a']{{background:url({EVIL})}}",
    f"a:visited{{background:url({EVIL})}}",
    f"p{{color:red;& b{{background:url({EVIL})}}}}",
    f"p{{color:red}}}}}}}}*{{background:url({EVIL})}}",
    "}}} .martlet-page{display:none} body{display:none}",
    ".martlet-page,body.paper,html{display:none;position:fixed}",
    "@scope (body){*{display:none}}",
    "@scope{*{display:none}}} *{display:none",
    f"p{{background:url({EVIL}",
    f"p[title='{{}}']{{background:url(\"{EVIL}\")}}",
    f"p[x=\"]{{}} @import '{EVIL}';",
    "::part(x){color:red}::slotted(p){color:red}:host{color:red}:host-context(x){color:red}",
    "p{content:'</style><script>alert(1)</script>'}",
    "p{color:red}</sty",
    "a::after{content:attr(href)}",
    "p{color:red}<!--</style><img src=x onerror=1>-->",
    "@media print and (x:url(y)){p{color:red}}",
    "@layer x;@layer y{p{color:red}}",
    ":is([style*='position'],p){color:red}",
]


@pytest.mark.parametrize("html", MUTATIONS)
def test_markup_that_changes_its_meaning(html: str) -> None:
    assert dangers(html) == []
    # Once more: the result itself is markup that somebody parses
    assert dangers(sanitise(html, part_url).html) == []


@pytest.mark.parametrize("style", STYLES)
def test_styles_that_act(style: str) -> None:
    quoted = style.replace('"', "&quot;")
    html = f'<p style="{quoted}">x</p><style>p{{{style}}}</style>'
    assert dangers(html) == []
    for _, result in runs(html):
        assert "evil.example" not in result.html


@pytest.mark.parametrize("css", SHEETS)
def test_style_sheets_that_act(css: str) -> None:
    html = f"<style>{css}</style><p>x</p>"
    assert dangers(html) == []
    for _, result in runs(html):
        assert "evil.example" not in result.html


@pytest.mark.parametrize(
    ("html", "other"),
    [
        (f"<link rel=preload as=image href={EVIL}>", 1),
        (f"<link rel=dns-prefetch href={EVIL}><link rel=preconnect href={EVIL}2>", 2),
        (f"<link rel=prefetch href={EVIL}><link rel=icon href={EVIL}>", 1),
        (f"<meta http-equiv=refresh content='0; url={EVIL}'>", 1),
        (f"<form action={EVIL}><input type=image src={EVIL}2></form>", 2),
        (f"<iframe src={EVIL}></iframe><frame src={EVIL}>", 1),
        (f"<audio src={EVIL}></audio><video src={EVIL}2 poster={EVIL}3></video>", 3),
        (f"<video><source src={EVIL}><track src={EVIL}2></video>", 2),
        (f"<object data={EVIL}></object><embed src={EVIL}>", 1),
        (f"<svg><image href={EVIL} /><use xlink:href='{EVIL}2#x' /></svg>", 2),
        (f"<script src={EVIL}></script>", 1),
        (f"<style>@font-face{{font-family:x;src:url({EVIL})}}</style>", 1),
        (f"<style>@import '{EVIL}';@import url({EVIL});</style>", 1),
        (f"<p style='cursor:url({EVIL})'>x</p>", 1),
        (f"<style>a:hover{{background:url({EVIL})}}</style>", 1),
        (f"<style>a[href]{{background:url({EVIL})}}</style>", 1),
        (f"<style>@media (max-width:600px){{p{{background:url({EVIL})}}}}</style>", 1),
        ("<img src=ftp://evil.example/x>", 1),
        ("<img src=file:///x><img src='\\\\server\\share'>", 1),
        ("<base href=https://evil.example/><p>x</p>", 0),
        ("<a href=https://evil.example/>x</a>", 0),
    ],
)
def test_what_is_never_fetched_is_counted(html: str, other: int) -> None:
    result = sanitise(html, part_url, pictures=True)
    assert result.remote.other == other
    if "server" not in html:
        assert result.remote.pictures == ()
    assert dangers(html) == []


_PIECES = r"""<p> </p> <div <img <a <td <table> </table> <style> </style> <svg> </svg> <math>
<mtext> <!-- --> <![CDATA[ ]]> <template> </template> <noscript> <select> <title> <blockquote>
<details> <picture> <source <body <base <font <center> <li> href= src= srcset= style= background=
class= color= bgcolor= type=cite width=1 height=1 onerror= " ' > < / = ; : { } ( ) \ \3c @import
@media @scope url( https://evil.example/a.png //evil.example/b https://evil.example/open?x
javascript: cid:logo@example.org data:image/png;base64,AA== martlet-part:/remote/0 position:fixed
background:red color:#000 &lt; &#x3c; &quot;"""
_ALPHABET = st.sampled_from([*_PIECES.split(), "\n", "\x00"])
_SOUP = st.lists(_ALPHABET | st.just(" ") | st.text(max_size=4), max_size=50).map("".join)


@settings(max_examples=400, deadline=None)
@given(_SOUP)
def test_soup_comes_out_harmless_in_every_mode(html: str) -> None:
    assert dangers(html) == []


@settings(max_examples=200, deadline=None)
@given(_SOUP)
def test_a_second_cleaning_finds_nothing_to_take_out(html: str) -> None:
    once = sanitise(html, part_url)
    twice = sanitise(once.html, part_url)
    assert twice.remote.pictures == ()
    assert (twice.remote.trackers, twice.remote.other) == (0, 0)
    assert judge(twice, "") == []


@settings(max_examples=150, deadline=None)
@given(st.lists(_ALPHABET | st.text(max_size=4), max_size=40).map("".join))
def test_any_style_sheet_stays_in_its_scope(css: str) -> None:
    assert dangers(f"<style>{css}</style>") == []
    assert dangers(f"<p style='{css}'>") == []


def test_pictures_are_the_same_whether_shown_or_not() -> None:
    html = "".join(f"<p style='background:url(https://a.example/{n % 7}.png)'>x" for n in range(20))
    remotes = {(r.remote.pictures, r.remote.trackers, r.remote.other) for _, r in runs(html)}
    assert remotes == {(tuple(f"https://a.example/{n}.png" for n in range(7)), 0, 0)}


CROWD = " ".join(f"a{n}=1" for n in range(100_000))


def _many(piece: str, size: int) -> str:
    return piece * (size // len(piece))


@pytest.mark.parametrize(
    "html",
    [
        _many("<b>x</b> ", 1_000_000),
        _many("<p style='color:rgb(1,2,3);background:url(x)'>x", 1_000_000),
        f"<p {CROWD}>x",
        f"</p {CROWD}>x",
        f"<!--<a x=\"--><p y='\">' {CROWD}>x",
        f"<!--<a x=\"--><p y='>\"z=' {CROWD}>x'",
        f'<!--<a x="--><p {CROWD}><!--">-->x',
        f'<svg><style><a x="</style><p {CROWD}">">x',
        f"<p a='<>' {CROWD}>x",
        "<style>" + _many("a{color:red}", 290_000) + "</style>x",
        "<style>" + _many("a{b:url(", 290_000) + "</style>x",
        _many("<style>p{color:re\\64}</style>", 1_000_000) + "x",
        "<p style='" + _many("color:red;", 19_000) + "'>x",
        _many("<a href=https://a.example>www.b.example", 1_000_000),
        _many("<blockquote type=cite>x", 500_000),
        _many("<div id=divRplyFwdMsg>x", 500_000),
        _many("<img src=https://a.example/x width=1>", 1_000_000) + "x",
        _many("<table><tr><td>x", 30_000),
        "<img src='data:image/png;base64," + "A" * 3_000_000 + "'>x",
        _many("<img srcset='" + " " * 9_000 + "'>", 1_000_000) + "x",
        "<p>" + "x" * 3_000_000,
        _many("&lt;", 1_000_000) + "x",
        "<img srcset='" + _many("a b c,", 1_000_000) + "'>x",
        "<a href='https://a.example/" + "?" * 100_000 + "'>" + "a." * 100_000 + "</a>x",
        _many("<!--", 500_000) + "x",
    ],
    ids=range(25),
)
def test_absurd_amounts_come_to_an_end(html: str) -> None:
    for simple in (False, True):
        result = sanitise(html, part_url, pictures=True, simple=simple, fold=True)
        assert result.blocked == result.remote.kept_out


def test_random_bytes_of_a_real_template() -> None:
    chance = random.Random(7)
    page = (
        "<html><head><style>@media (max-width:9px){.a{color:red}} .b{background:url(x.png)}</style>"
        "</head><body bgcolor=#fff><table><tr><td background='https://e.example/x.png' class=a>"
        "<a href='https://e.example'><img src='https://e.example/y.png' width=1></a></table>"
        "<blockquote type=cite>said</blockquote></body></html>"
    )
    for _ in range(300):
        at, length = chance.randrange(len(page)), chance.randrange(1, 20)
        other = chance.randrange(len(page))
        broken = page[:at] + page[other : other + length] + page[at + length :]
        assert dangers(broken) == [], broken
        assert not re.search(r"(?:src|background)=\"https?:", sanitise(broken, part_url).html)


def test_the_second_reader_believes_only_what_was_issued() -> None:
    visit = Visit(Wanted(part_url, pictures=True))
    assert visit.attribute("p", "style", f"background:url({EVIL})") == "background:none"
    assert visit.attribute("p", "style", "position:fixed;color:red") == "color:red"
    assert visit.attribute("img", "src", EVIL) is None
    assert visit.attribute("img", "src", "martlet-part:/2") is None
    assert visit.attribute("td", "background", "martlet-part:/remote/0") is None
    assert visit.attribute("a", "href", "javascript:alert(1)") is None


def test_a_rule_for_some_windows_names_no_picture_however_it_is_written() -> None:
    for css in (
        f"@media (max-width:9px){{p{{background:url({EVIL})}}}}",
        f"@media (max-width:9px){{p{{background:\\75rl({EVIL})}}}}",
        f"@supports (color:red){{p{{background:url({EVIL})}}}}",
    ):
        remote = sanitise(f"<style>{css}</style>", part_url, pictures=True).remote
        assert (remote.pictures, remote.other) == ((), 1), css
    by_kind = f"<style media='(max-width:9px)'>p{{background:url({EVIL})}}</style>"
    assert sanitise(by_kind, part_url, pictures=True).remote.pictures == ()


def test_marks_that_do_not_pair_are_taken_out() -> None:
    def marks(*kinds: str) -> str:
        return "".join(f"{kind}\ue0f1{kind}\ue0f1" for kind in kinds)

    assert fold(marks("end", "fold")) == "endfold"
    assert fold(marks("fold")) == "fold"
    assert fold(marks("fold", "fold", "end", "end")) == "foldfoldendend"
    assert fold(marks("open", "end")).count("details") == 2


def test_many_pictures_in_one_place_are_looked_at_once() -> None:
    for pictures in ("<source>" * 9_000 + "<img>" * 50_000, "<img>" * 50_000 + "<source>" * 9_000):
        assert sanitise(f"<picture>{pictures}</picture>", lambda _: None).remote.pictures == ()
    html = "<picture><source><source srcset='https://a.example/1.png 2x'><img></picture>"
    assert sanitise(html, lambda _: None).remote.pictures == ("https://a.example/1.png",)


def test_a_long_base_is_joined_so_often_only() -> None:
    base = "https://a.example/" + "../a/" * 1_500
    pictures = "".join(f"<img src='{'../' * 30}{number}'>" for number in range(20_000))
    found = sanitise(f"<base href='{base}'>{pictures}", lambda _: None)
    assert 0 < len(found.remote.pictures) < 300


def test_a_large_picture_is_not_repeated_by_a_text_that_names_it() -> None:
    picture = f"data:image/png;base64,{'A' * 100_000}"
    named = 'src="martlet-part:/data/0" '
    found = sanitise(f"<img src='{picture}'><p>{named * 1_000}", lambda _: None).html
    assert f'<img src="{picture}">' in found
    assert len(found) < 200_000


def test_marks_of_quotes_in_attributes_end_none() -> None:
    marks = "\ue0f1fold\ue0f1 x \ue0f1end\ue0f1"
    quote = f"<blockquote type=cite>{'quoted words ' * 60}</blockquote>"
    for html in (f"<p title='{marks}'>t</p>", f"<a href='https://a.example/{marks}'>t</a>"):
        found = sanitise(f"<p>hello there</p>{html}{quote}", lambda _: None, fold=True).html
        assert "<details" not in found
        assert "\ue0f1" not in found


def test_comments_that_never_end_are_read_once() -> None:
    found = sanitise(f"<style>p{{color:red}}{'/* a ' * 50_000}</style>x", lambda _: None)
    assert "p{color:red}" in found.html
