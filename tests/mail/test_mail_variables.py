"""Variables in braces: what is one, what is filled in, and that a value is never more than text."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.mail.variables import (
    broken_up,
    fields,
    fields_of_html,
    fill_html,
    fill_line,
    fill_text,
    keyed,
    own_fields,
    unfilled,
)

VALUES = {"to.name": "Anna <b>Berg</b>", "company": "R&D\r\nLtd", "empty": " ", "名字": "小明"}
nasty = st.text(alphabet=st.sampled_from("{}|<>&;\"'/ab\r\n\x00\u2028 =:名\xa0.-"), max_size=60)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Dear {{to.name}},", ["to.name"]),
        ("{{ to.name }}{{名字}}", ["to.name", "名字"]),
        ("{{first  name|friend}}", ["first name"]),
        ("{{}} {{ }} {{a\nb}} {{{x}}} {x}", ["x"]),
        ("{{" + "a" * 101 + "}}", []),
        ("{{a|}}", ["a"]),
    ],
)
def test_what_is_a_variable(text: str, names: list[str]) -> None:
    assert [one.name for one in fields(text)] == names


def test_what_is_known_is_filled_in_and_the_rest_stays() -> None:
    text = (
        "Dear {{TO.Name}} of {{company}}, {{other}} {{empty}} {{empty|none}} {{other|}}{{cursor}}."
    )
    assert (
        fill_text(text, VALUES) == "Dear Anna <b>Berg</b> of R&D\nLtd, {{other}} {{empty}} none ."
    )
    left = unfilled(own_fields(text), VALUES)
    assert [one.name for one in left] == ["other", "empty"]


def test_a_value_is_not_read_for_variables() -> None:
    assert fill_text("{{a}}", {"a": "{{b}}", "b": "secret"}) == "{{b}}"
    assert fill_line("{{a}}", {"a": "{{b}}", "b": "secret"}) == "{{b}}"
    assert fill_html("<div>{{a}}{{b}}</div>", {"a": "{{", "b": "x}}"}) == "<div>{{x}}</div>"


def test_a_value_in_a_line_cannot_end_it() -> None:
    filled = fill_line("Hello {{a}}", {"a": "x\r\nBcc: all@example.org\x0bY\u2028z\x00"})
    assert filled == "Hello x Bcc: all@example.org Y z"


def test_what_others_wrote_is_left_alone() -> None:
    text = "{{a}}\n> {{a}}\n>{{a}}\n{{a}}\n-------- Forwarded message --------\n{{a}}"
    assert fill_text(text, {"a": "1"}) == (
        "1\n> {{a}}\n>{{a}}\n1\n-------- Forwarded message --------\n{{a}}"
    )
    markup = '<div>{{a}}</div><blockquote type="cite"><div>{{a}}</div></blockquote><div>{{a}}</div>'
    assert fill_html(markup, {"a": "1"}) == (
        '<div>1</div><blockquote type="cite"><div>{{a}}</div></blockquote><div>1</div>'
    )
    assert len(fields_of_html(markup)) == 2


def test_markup_in_a_value_is_words() -> None:
    assert fill_html("<div>{{a}}</div>", {"a": "<img src=x onerror=y>&\nb"}) == (
        "<div>&lt;img src=x onerror=y&gt;&amp;<br>b</div>"
    )


def test_a_variable_may_change_its_looks_in_the_middle() -> None:
    markup = "<div>x {{to.<b>na</b>me|a &amp; b}} y<b> {{c}}</b></div>"
    assert fill_html(markup, {"to.name": "Anna", "c": "d"}) == "<div>x Anna<b></b> y<b> d</b></div>"
    assert fill_html(markup, {}) == "<div>x a &amp; b<b></b> y<b> {{c}}</b></div>"
    assert fill_html("<div>{{a</div><div>b}}</div>", {"a b": "1"}) == "<div>{{a</div><div>b}}</div>"


@pytest.mark.parametrize(
    ("address", "value", "found"),
    [
        ("https://x.org/?id={{id}}&amp;l=1", 'a&b"<', "https://x.org/?id=a%26b%22%3C&amp;l=1"),
        ("{{id}}", "https://x.org/?a=1&b=2", "https://x.org/?a=1&amp;b=2"),
        ("{{id}}", "javascript:alert(1)", "{{id}}"),
        ("{{id}}", "file:///etc/passwd", "{{id}}"),
    ],
)
def test_addresses_of_links(address: str, value: str, found: str) -> None:
    assert fill_html(f'<a href="{address}">x</a>', {"id": value}) == f'<a href="{found}">x</a>'


def test_names_are_known_however_they_are_spelled() -> None:
    assert keyed({"First  Name": "", "first name": "Anna", "FIRST NAME": "no"}) == {
        "first name": "Anna"
    }


@given(nasty, nasty)
def test_nothing_raises_and_nothing_is_left_to_fill(text: str, value: str) -> None:
    every = {one.name.casefold(): value for one in fields(text)}
    filled = fill_line(text, every)
    assert not set("\r\n\x00\u2028") & set(fill_line("{{a}}", {"a": value}))
    if value.strip() and "{" not in value and "}" not in value and "{{{" not in text:
        assert not [one for one in fields(filled) if one.name.casefold() in every]


@given(nasty)
def test_a_value_never_adds_a_tag(value: str) -> None:
    markup = '<div>a <b>{{x}}</b> <a href="https://h/{{x}}">{{x}}</a></div>'
    filled = fill_html(markup, {"x": value})
    tags = re.findall(r"<(?!br>)[^<>]*>", filled)
    assert [tag.split(" ")[0].rstrip(">") for tag in tags] == [
        "<div",
        "<b",
        "</b",
        "<a",
        "</a",
        "</div",
    ]
    assert re.search(r'href="https://h/[A-Za-z0-9%._~{}-]*"', filled)


@given(nasty)
def test_escaped_text_reads_back_the_same(value: str) -> None:
    filled = fill_html("<div>{{x|-}}</div>", {"x": value})
    words = html.unescape(filled[5:-6].replace("<br>", "\n"))
    expected = re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "", re.sub(r"\r\n?", "\n", value)).strip("\n")
    assert words == (expected if value.strip() else "-")


def test_what_somebody_else_wrote_has_no_variables() -> None:
    assert broken_up("a {{b}} {{{c}}} {d}") == "a { {b}} { { {c}}} {d}"
    assert not fields(broken_up("{{{{a}}}} {{b|c}}"))
    assert not fields_of_html(broken_up("<div>{<b></b>{a}} {<i>{b}</i>}</div>"))
    assert broken_up("{" + "<a>" * 100_000 + "<") == "{" + "<a>" * 100_000 + "<"
