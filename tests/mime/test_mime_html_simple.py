"""The simple form: words, structure, links and pictures, and nothing of a message's own looks."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from martlet.mime.html import sanitise
from martlet.mime.html_text import words
from support.harmless import dangers, part_url


def simple(html: str, pictures: bool = False) -> str:
    return sanitise(html, part_url, simple=True, pictures=pictures).html


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p style='color:red' class=x id=y>a</p>", "<p>a</p>"),
        ("<center><font size=7 color=red>a</font></center>", "<div>a</div>"),
        ("<style>p{color:red}</style><h1>a</h1>", "<h1>a</h1>"),
        ("<h2>a</h2><ul><li>b<ol start=3><li>c</ol></ul>",
         '<h2>a</h2><ul><li>b<ol start="3"><li>c</li></ol></li></ul>'),
        ("<blockquote type=cite>a</blockquote>", '<blockquote type="cite">a</blockquote>'),
        ("<a href='https://x.example/?a=1&amp;b=2' style='x'>a</a>",
         '<a href="https://x.example/?a=1&amp;b=2">a</a>'),
        ("<img src='cid:logo@example.org' alt='\"<x>' width=9 style='float:left'>",
         '<img src="martlet-part:/2" alt="&quot;&lt;x&gt;" width="9">'),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>",
         "<table><tbody><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></tbody></table>"),
        ("<table><tr><th>a<th>b<tr><td colspan=2 bgcolor=red>c<tr><td>d<td>e</table>",
         '<table><tbody><tr><th>a</th><th>b</th></tr><tr><td colspan="2">c</td></tr>'
         "<tr><td>d</td><td>e</td></tr></tbody></table>"),
        ("<table width=600><tr><td><h1>a</h1></td></tr><tr><td>b</td></tr></table>",
         "<div><div><h1>a</h1></div></div><div><div>b</div></div>"),
        ("<table role=presentation><tr><td>a<td>b<tr><td>c<td>d</table>",
         "<div><div>a</div><div>b</div></div><div><div>c</div><div>d</div></div>"),
        ("<table><tr><td><table><tr><td>1<td>2<tr><td>3<td>4</table></table>",
         "<div><div><table><tbody><tr><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr>"
         "</tbody></table></div></div>"),
        ("<div style='display:none'>preheader</div><p>a</p>", "<p>a</p>"),
        ("a<br>b &lt;c&gt; &amp; d<hr><pre> e\n f</pre>",
         "a<br>b &lt;c&gt; &amp; d<hr><pre> e\n f</pre>"),
        ("<p dir=rtl lang=he>\u05d0</p>", '<p dir="rtl" lang="he">\u05d0</p>'),
        ("<strike>a</strike><tt>b</tt><u>c</u>", "<s>a</s><code>b</code><u>c</u>"),
        ("", ""),
    ],
)  # fmt: skip
def test_the_simple_form(html: str, expected: str) -> None:
    assert simple(html) == expected
    assert dangers(html) == []


def test_pictures_are_there_when_they_are_shown() -> None:
    html = "<table><tr><td><img src=https://x.example/a.png alt=A></table>"
    assert simple(html) == '<div><div><img alt="A"></div></div>'
    assert 'src="martlet-part:/remote/0"' in simple(html, pictures=True)


_PIECES = st.sampled_from(
    ["<p>", "</p>", "<table>", "<tr>", "<td>", "<th>", "</table>", "<ul>", "<li>", "</ul>", "<b>",
     "</b>", "<a href=https://x.example>", "</a>", "<pre>", "<div>", "</div>", "<span>", "one ",
     "&lt;b&gt;", "<br>", "<img alt=x>", "<blockquote>", "<details>", "<font color=red>"]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(_PIECES, max_size=40).map("".join))
def test_no_word_is_lost_and_nothing_changes_twice(html: str) -> None:
    once = simple(html)
    whole = sanitise(html, part_url).html
    assert "".join(words(once).split()) == "".join(words(whole).split())
    assert once.count("<td") == once.count("</td>")
    assert dangers(html) == []
