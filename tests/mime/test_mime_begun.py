"""How answers and forwarded mail begin: what is quoted, where, how it looks, what goes along."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from martlet.mail.account import AccountId
from martlet.mail.message import Address, MessageId
from martlet.mail.outgoing import Draft, DraftKind, Priority
from martlet.mail.writing import AnswerTo, Place
from martlet.mime.parse import parse
from martlet.mime.subjects import forward_subject, reply_subject
from martlet.mime.writing.forward import attached, inline
from martlet.mime.writing.inlined import inlined
from martlet.mime.writing.quoted_html import prepared
from martlet.mime.writing.quoting import quote, without_signature
from martlet.mime.writing.reply import edit, reply

ME = (Address("", "me@example.org"),)
HEAD = (
    b"From: Anna <anna@x.org>\r\nTo: me@example.org\r\nSubject: Plan\r\nMessage-ID: <m@x>\r\n"
    b"Date: Fri, 21 Nov 1997 09:55:06 -0600\r\n"
)
LIST = b"List-Post: <mailto:l@x.org>\r\n"
SAID = "On 21 Nov 1997 at 09:55, Anna wrote:"


def answered(
    raw: bytes,
    to: AnswerTo = AnswerTo.SENDER,
    place: Place = Place.SMART,
    selection: str = "",
    language: str = "en",
) -> Draft:
    draft, _files = reply(
        parse(raw),
        ME,
        AccountId(1),
        MessageId(7),
        to=to,
        place=place,
        selection=selection,
        language=language,
    )
    return draft


def html_mail(markup: str, head: bytes = HEAD) -> bytes:
    return head + b"Content-Type: text/html; charset=utf-8\r\n\r\n" + markup.encode()


def test_where_an_answer_stands() -> None:
    plain, rich = HEAD + b"\r\nHi", html_mail("<p>Hi</p>")
    above = answered(plain)
    assert (above.text, above.below) == (f"\n\n{SAID}\n> Hi\n", False)
    below = answered(LIST + plain)
    assert (below.text, below.below) == (f"{SAID}\n> Hi\n\n", True)
    assert not answered(LIST + rich).below
    assert not answered(LIST + plain, place=Place.ABOVE).below
    under = answered(rich, place=Place.BELOW)
    assert under.below
    assert under.html is not None
    assert under.html.endswith("</blockquote><p><br></p><p><br></p>")
    assert answered(rich).html == (
        f'<p><br></p><p><br></p><p>{SAID}</p><blockquote type="cite"><p>Hi</p></blockquote>'
    )


def test_the_language_is_the_reader_s() -> None:
    assert answered(HEAD + b"\r\nHi", language="de").text == (
        "\n\nAm 21.11.1997 um 09:55 schrieb Anna:\n> Hi\n"
    )
    assert "<p>Anna 于 1997年11月21日 09:55 写道：</p>" in str(
        answered(html_mail("Hi"), language="zh-CN").html
    )


def test_only_what_was_chosen_is_quoted() -> None:
    plain = HEAD + b"\r\nOne.\nTwo and\nthree.\n-- \nAnna"
    assert answered(plain, selection="two and three.").text.endswith("> Two and\n> three.\n")
    assert answered(plain, selection="Anna").text.endswith("> Anna\n")
    rich = html_mail("<p>One</p><ul><li>Two <b>and</b></li><li>three</li></ul>")
    assert '<blockquote type="cite"><ul><li><b>and</b></li><li>three</li></ul></blockquote>' in str(
        answered(rich, selection="and\nthree").html
    )
    strange = str(answered(rich, selection="<b>not</b>\nthere").html)
    assert "<p>&lt;b&gt;not&lt;/b&gt;<br>there</p>" in strange


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a\n-- \nb", "a"),
        ("a\n--\nb", "a\n--\nb"),
        ("a\n-- \nAnna\n\nOn Monday Bob wrote:\n> old", "a\n\nOn Monday Bob wrote:\n> old"),
        ("a\n-- \nAnna\n> old", "a\n\n> old"),
        ("> a\n> -- \n> b\nc", "> a\n> -- \n> b\nc"),
        ("-- \nb", ""),
    ],
)
def test_signatures_are_not_quoted(text: str, kept: str) -> None:
    assert without_signature(text) == kept


@pytest.mark.parametrize(
    ("markup", "kept", "gone"),
    [
        ('<p>a</p><div class="gmail_signature">Sig</div>', "a", "Sig"),
        ('a<div class="moz-signature">-- <br>Sig</div>', "a", "Sig"),
        ("<p>a</p><p>--&nbsp;</p><p>Sig</p><p>Street</p>", "a", "Street"),
        ("<p>a</p>-- <br>Sig<p>Anna wrote:</p><blockquote>old</blockquote>", "Anna wrote", "Sig"),
        ("<blockquote><div class='gmail_signature'>Sig</div></blockquote>b", "Sig", "nothing"),
        ("<blockquote>-- <br>Sig</blockquote>b", "Sig", "nothing"),
        ("<div class='gmail_signature'>S<blockquote>old</blockquote></div>", "old", "nothing"),
        ("<p>a -- <b>b</b></p>", "b", "nothing"),
    ],
)
def test_signatures_in_markup_are_not_quoted(markup: str, kept: str, gone: str) -> None:
    found = prepared(markup)
    assert kept in found
    assert gone not in found


@pytest.mark.parametrize("blank", ["<div><br></div>", "<br><br>", "<p>&nbsp;</p>\n", "<br>\n"])
@pytest.mark.parametrize("mark", ["<div class='moz-signature'>-- <br>Ada</div>", "<p>-- </p>Ada"])
def test_the_blank_line_above_a_signature_goes_with_it(blank: str, mark: str) -> None:
    bare = "<html><head></head><body><p>Hello</p></body></html>"
    assert prepared(f"<p>Hello</p>{blank}{mark}") == bare
    assert prepared(f"<p>Hello</p>{blank}") != bare  # the writer's own
    below = prepared(f"<p>Hello</p>{blank}{mark}<blockquote>old<br></blockquote>")
    assert "old<br>" in below
    assert "<br>" in prepared(f"Hello<br><img src='cid:a'>{blank}{mark}")


def test_quotes_are_not_deeper_than_one_reads() -> None:
    deep = "<blockquote>x" * 30 + "</blockquote>" * 30
    found = str(answered(html_mail(deep)).html)
    assert found.count("<blockquote") == 9
    assert found.count("x") >= 30
    assert quote(">" * 12 + " a") == ">>>>>>>>> a"
    assert quote("    code\n>     more\n>From") == ">     code\n>>     more\n>> From"


def test_what_outlook_drops_is_not_written_into_elements() -> None:
    sheet = "<style>p{color:#aa0000 !important;margin:0} b{color:#0000aa!IMPORTANT}</style>"
    markup = "<p style='color:#333333;top:1px'>Hi! important <b>now</b></p><i title='! important'>"
    found = str(answered(html_mail(sheet + markup)).html)
    assert "important" not in found.replace("Hi! important", "").replace('title="! important"', "")
    assert "color:#aa0000" in found
    assert "#333333" not in found
    assert '<b style="color:#0000aa">' in found


def test_looks_are_written_into_elements_and_nothing_is_loaded() -> None:
    markup = (
        "<style>.a{color:#123456;background:url(https://t.example/x.gif)} @import 'https://e/x';"
        "p{margin:1px}</style><link rel=stylesheet href='https://e.example/s.css'>"
        "<p class='a b' id=q>Hi</p><img src='https://e.example/logo.png' width=200 height=50>"
        "<img src='https://e.example/open.gif' width=1 height=1><script>x</script>"
        'say class="x" <img src=cid:no> <a href="javascript:x">j</a>'
    )
    found = str(answered(html_mail(markup)).html)
    for word in ("https:", "<style", "<link", "script", "class=", "id=", "<img"):
        assert word not in found.replace('say class="x"', "")
    assert "color:#123456" in found
    assert "margin:1px" in found
    assert 'say class="x"' in found
    going, _files = inline(parse(html_mail(markup)), AccountId(1), MessageId(7), "en")
    assert '<img src="https://e.example/logo.png" width="200" height="50">' in going.original
    assert "open.gif" not in going.original
    assert "s.css" not in going.original
    assert "<script" not in going.original


def test_sheets_too_large_are_left_out_quickly() -> None:
    rules = "".join(f"div p .c{n} span{{color:red}}" for n in range(9_000))
    many = "<style>" + rules + "</style>" + "<p class=c1><span>x</span></p>" * 5_000
    steps = "<style>" + "* " * 60 + "p{color:red}</style>" + "<div>" * 200 + "<p>x"
    for markup in (many, steps):
        began = time.process_time()
        assert "color:red" not in inlined(markup, ())
        assert time.process_time() - began < 20  # not minutes


def test_what_nobody_reads_again_is_quoted_in_part() -> None:
    long = answered(HEAD + b"\r\n" + b"a line\r\n" * 100_000)
    assert len(long.text) < 300_000
    assert long.text.endswith("\n> a line\n> \u2026\n")
    rich = answered(html_mail("<p>a <b>line</b></p>" * 50_000))
    assert rich.html is not None
    assert len(rich.html) < 450_000
    assert "a line<br>" in rich.html
    whole, _files = inline(parse(html_mail("<p>a</p>" * 20_000)), AccountId(1), MessageId(7))
    assert whole.original.count("<p>a</p>") == 20_000


def test_forwarded_inline() -> None:
    plain, _files = inline(parse(HEAD + b"\r\nHi\n-- \nAnna"), AccountId(1), MessageId(7), "en")
    assert plain.text == (
        "\n\n-------- Forwarded message --------\nSubject: Plan\nDate: 21 Nov 1997 at 09:55\n"
        "From: Anna <anna@x.org>\nTo: me@example.org\n\nHi\n-- \nAnna\n"
    )
    assert (plain.html, plain.original, plain.kind) == (None, "", DraftKind.FORWARD)
    rich, _files = inline(parse(html_mail("<p>Hi</p>")), AccountId(1), MessageId(7), "de")
    assert rich.html == "<p><br></p>"
    assert rich.original == (
        "<p>-------- Weitergeleitete Nachricht --------<br><b>Betreff:</b> Plan<br>"
        "<b>Datum:</b> 21.11.1997 um 09:55<br><b>Von:</b> Anna &lt;anna@x.org&gt;<br>"
        "<b>An:</b> me@example.org</p><p>Hi</p>"
    )


def test_forwarded_as_files() -> None:
    one = attached(parse(HEAD + b"\r\nHi"), AccountId(1), MessageId(7))
    assert (one.subject, one.kind, one.references) == ("Fwd: Plan", DraftKind.FORWARD, ("<m@x>",))
    several = attached(parse(HEAD + b"\r\nHi"), AccountId(1), MessageId(7), 3)
    assert (several.subject, several.references) == ("", ())


def test_edited_as_new() -> None:
    head = HEAD + b"Bcc: b@x.org\r\nReply-To: r@x.org\r\nX-Priority: 1\r\n"
    flowed = head + b"Content-Type: text/plain; format=flowed\r\n\r\none \ntwo\n -- \nx"
    again, _files = edit(parse(flowed), AccountId(1), own=True)
    assert again.text == "one two\n-- \nx"
    assert [a.address for a in (*again.bcc, *again.reply_to)] == ["b@x.org", "r@x.org"]
    assert again.options.priority is Priority.HIGHEST
    low = replace(again.options, priority=Priority.LOW)
    assert edit(parse(HEAD + b"Importance: Low\r\n\r\nx"), AccountId(1), own=True)[0].options == low


@pytest.mark.parametrize(
    "subject",
    ["Re: x", "RE: AW: x", "Aw: Re[2]: SV: VS: x", "回复：答复: x", "Antw: R: RIF: x",
     "Odp: YNT: Atb: Bls: x", "返信: x", "Re : x", "Re:Re:re:x"],
)  # fmt: skip
def test_prefixes_become_one(subject: str) -> None:
    assert reply_subject(subject) == "Re: x"
    assert forward_subject("WG: TR: RV: ENC: 转发：Fw: Fwd: x") == "Fwd: x"
    assert reply_subject("Fwd: x") == "Re: Fwd: x"
    assert reply_subject("Reply: x") == "Re: Reply: x"


_PIECES = st.lists(
    st.sampled_from(
        [b"<p>", b"</p>", b"-- ", b"--&nbsp;", b"<br>", b"<blockquote>", b"</blockquote>", b"Hi",
         b"<div class=gmail_signature>", b"</div>", b"<style>p{color:red}</style>", b"wrote:",
         b"<table><tr><td>", b"</table>", b"\xff", b"<img src=cid:x>", b"\x00", b"<a href=x:y>"]
    ),
    max_size=40,
).map(b"".join)  # fmt: skip


@settings(deadline=None)
@given(_PIECES, st.text(max_size=20), st.sampled_from(Place), st.sampled_from(AnswerTo))
def test_anything_can_be_answered_and_passed_on(
    body: bytes, selection: str, place: Place, to: AnswerTo
) -> None:
    raw = HEAD + b"Content-Type: text/html\r\n\r\n" + body
    found = answered(raw, to, place, selection)
    assert found.to
    assert SAID in str(found.html)
    inline(parse(raw), AccountId(1), MessageId(7), "ja")
    edit(parse(raw), AccountId(1), own=False)


def test_an_answer_knows_the_list_that_brought_the_letter() -> None:
    assert answered(HEAD + b"\r\nx").lists == ()
    found = answered(HEAD + b"List-Post: <mailto:l@x.org>\r\n\r\nx", AnswerTo.LIST)
    assert found.lists == ("l@x.org",)
