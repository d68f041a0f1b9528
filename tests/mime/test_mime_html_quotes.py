"""Quoted mail is folded, as each program marks it; answers between quotes are not."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from martlet.mime.html import sanitise
from support.harmless import dangers, part_url

LONG = "What was said before, in many words. " * 8
FOLD = '<details class="martlet-quote"><summary class="martlet-quote-line"></summary>'
OPEN = FOLD.replace('"martlet-quote">', '"martlet-quote" open="">')

CASES = {
    "gmail": f'<div dir="ltr">Yes!</div><br><div class="gmail_quote gmail_quote_container">'
    f'<div class="gmail_attr">On Mon, Anna wrote:<br></div><blockquote class="gmail_quote">{LONG}'
    f"<blockquote>older</blockquote></blockquote></div>",
    "outlook": "<div class=WordSection1><p>Yes!</p><div><div style='border:none;border-top:solid "
    "#E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'><p><b>From:</b> Anna<br><b>Sent:</b> Monday</p></div>"
    f"</div><p>{LONG}</p></div>",
    "outlook.com": "<div>Yes!</div><div id='appendonsend'></div><hr><div id='divRplyFwdMsg'>"
    f"<font><b>From:</b> Anna</font></div><div>{LONG}</div>",
    "apple": f"<div>Yes!<br><div>On 1 May, Anna wrote:</div><blockquote type='cite'>{LONG}"
    "</blockquote></div>",
    "thunderbird": "<p>Yes!</p><div class='moz-cite-prefix'>Anna wrote:<br></div>"
    f"<blockquote type='cite' cite='mid:1@x'>{LONG}</blockquote>",
    "yahoo": f"<div>Yes!</div><div id='yahoo_quoted_1' class='yahoo_quoted'>{LONG}</div>",
    "proton": f"<div>Yes!</div><div class='protonmail_quote'>{LONG}</div>",
    "qq": "<div>Yes!</div><div><includetail><div>&nbsp;</div><div style='font-size:12px'>"
    f"------------------&nbsp;原始邮件&nbsp;------------------</div><div>{LONG}</div></includetail></div>",
    "foxmail": "<div>Yes!</div><div>------------------ 原始邮件 ------------------</div>"
    f"<div><b>发件人:</b> Anna</div><div>{LONG}</div>",
    "netease": f"<div>Yes!</div><div id='isReplyContent'><p>在 Anna 写道：</p>{LONG}</div>",
    "plain outlook": f"<p>Yes!<br><br></p><p>-----Original Message-----<br></p><p>{LONG}</p>",
    "german outlook": "<div>Ja!</div><div style='border-top:1pt solid #B5C4DF'><p><b>Von:</b> Anna"
    f"</p></div><p>{LONG}</p>",
}


@pytest.mark.parametrize("name", CASES)
def test_the_quoted_end_is_folded(name: str) -> None:
    html = CASES[name]
    folded = sanitise(html, part_url, fold=True).html
    before, mark, after = folded.partition(FOLD)
    assert mark
    assert folded.count("<details") == folded.count("</details>") == 1
    assert re.search("Yes!|Ja!", before)
    assert LONG.strip()[:30] in after.partition("</details>")[0]
    assert dangers(html) == []
    assert "<details" not in sanitise(html, part_url).html
    simple = sanitise(html, part_url, simple=True, fold=True).html
    assert FOLD in simple


@pytest.mark.parametrize(
    "html",
    [
        f"<blockquote type=cite>{LONG}</blockquote>",
        f"<div class=gmail_quote><div>Anna wrote:</div><blockquote>{LONG}</blockquote></div>",
        f"<p>&nbsp;</p><div id=isReplyContent>{LONG}</div>",
        f"<p>FYI, see below.</p><div class=gmail_quote><div>---------- Forwarded message ---------"
        f"<br>From: Anna</div>{LONG}</div>",
        f"<p>FYI</p><blockquote type=cite><div>Begin forwarded message:</div>{LONG}</blockquote>",
    ],
)
def test_what_is_all_quote_or_passed_on_stays_open(html: str) -> None:
    folded = sanitise(html, part_url, fold=True).html
    assert '<details class="martlet-quote" open>' in folded
    assert folded.count("</details>") == 1


@pytest.mark.parametrize(
    "html",
    [
        "<p>Yes</p><blockquote type=cite>short</blockquote>",
        f"<blockquote type=cite>{LONG}</blockquote><p>My answer</p>",
        f"<blockquote type=cite>{LONG}</blockquote><p>One</p><blockquote type=cite>x</blockquote>",
        f"<p>{LONG}</p>",
        f"<p style='border-top:1px solid red'>{LONG}</p>",
        f"<table><tr><td>x</td></tr></table><p>{LONG}</p><div id=appendonsend></div>",
        f"<p>Hi</p><div class=gmail_quote>Anna wrote:<blockquote>{LONG}</blockquote>"
        f"<p>{LONG} my own answer below</p></div>",
    ],
)
def test_answers_between_quotes_stay(html: str) -> None:
    assert "<details" not in sanitise(html, part_url, fold=True).html


def test_levels_stay_levels() -> None:
    inner = f"<blockquote type=cite>{LONG}</blockquote>"
    html = f"<p>Yes</p><blockquote type=cite>{LONG}{inner}</blockquote>"
    folded = sanitise(html, part_url, fold=True).html
    assert folded.count("<blockquote") == 2
    assert folded.count("<details") == 1


def test_marks_written_by_a_sender_are_nothing() -> None:
    html = f"<p>\ue0f1fold\ue0f1</p><p>Yes</p><blockquote type=cite>{LONG}</blockquote>"
    assert "<details" not in sanitise(html, part_url, fold=True).html


_PIECES = st.sampled_from(
    [*CASES.values(), "<div>", "</div>", "<p>", "<blockquote type=cite>", "</blockquote>", "<td>",
     "<table>", "</table>", LONG, "<details>", "<div id=divRplyFwdMsg>", "<a href=x>", "<ul><li>"]
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.lists(_PIECES, max_size=12).map("".join))
def test_folds_always_pair(html: str) -> None:
    folded = sanitise(html, part_url, fold=True).html
    assert folded.count("<details") == folded.count("</details>")
    plain = re.sub(r"<[^>]*>", "", folded)
    assert plain == re.sub(r"<[^>]*>", "", sanitise(html, part_url).html)
