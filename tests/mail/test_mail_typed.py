"""Typed and pasted address lists, hosts, slips of the finger."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.mail.message import Address
from martlet.mail.slips import suggestion
from martlet.mail.typed import is_address, is_host, parse_typed
from martlet.mail.visible import visible


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("anna@example.org", [("", "anna@example.org")]),
        ("Anna Berg <anna@example.org>", [("Anna Berg", "anna@example.org")]),
        ('"Berg, Anna" <anna@example.org>', [("Berg, Anna", "anna@example.org")]),
        ("Berg, Anna <anna@example.org>", [("Berg, Anna", "anna@example.org")]),
        ("anna@example.org (Anna Berg)", [("Anna Berg", "anna@example.org")]),
        ("Anna Berg anna@example.org", [("Anna Berg", "anna@example.org")]),
        ("mailto:anna@example.org?subject=x", [("", "anna@example.org")]),
        ("a@x.org; b@x.org,c@x.org\nd@x.org", [("", f"{c}@x.org") for c in "abcd"]),
        ("a@x.org b@x.org", [("", "a@x.org"), ("", "b@x.org")]),
        ("王小明 <w@163.com>，李雷<l@qq.com>、", [("王小明", "w@163.com"), ("李雷", "l@qq.com")]),
        ("O'Brien <o@x.org>, Tom <t@x.org", [("O'Brien", "o@x.org"), ("Tom", "t@x.org")]),
        (' , ;; "Anna <a@x.org>', [('"Anna', "a@x.org")]),
    ],
)
def test_lists_as_people_paste_them(text: str, expected: list[tuple[str, str]]) -> None:
    entries = parse_typed(text)
    assert [(e.address.name, e.address.address) for e in entries] == expected
    assert all(e.valid for e in entries)


@pytest.mark.parametrize(
    "text",
    ["anna", "anna@", "@example.org", "anna@@example.org", "anna@gmail", "a b@c d", "a@b..c"],
)
def test_what_cannot_be_an_address_is_kept_and_marked(text: str) -> None:
    entries = parse_typed(text)
    assert entries
    assert not all(entry.valid for entry in entries)


@given(st.text(max_size=80))
def test_any_text_is_read(text: str) -> None:
    for entry in parse_typed(text):
        assert isinstance(entry.address, Address)
        if entry.valid:
            assert not set(entry.address.address) & set("\r\n\0<>,")


@pytest.mark.parametrize(
    "text",
    ["a@localhost", "jörg@müller.example", '"a b"@x.org', "a+b@x.co.uk", "x@[192.0.2.1]",
     "用户@例子.公司"],
)  # fmt: skip
def test_right_addresses(text: str) -> None:
    assert is_address(text)


@pytest.mark.parametrize("text", ["mail.example.org", "localhost", "192.0.2.7", "::1", "例子.公司"])
def test_right_hosts(text: str) -> None:
    assert is_host(text)


@pytest.mark.parametrize(
    "text", ["", "a b", "http://x.org", "x..org", "-x.org", "1.2.3", "x_.org-"]
)
def test_wrong_hosts(text: str) -> None:
    assert not is_host(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Team: a@x.org, Bo <b@x.org>; c@x.org", ["a@x.org", "Bo <b@x.org>", "c@x.org"]),
        ("undisclosed-recipients:;", []),
        ("收件人：王 <w@x.cn>、l@x.cn", ["王 <w@x.cn>", "l@x.cn"]),
        ("Name\tMail\nAnna Berg\ta@x.org\nBo\tb@x.org", ["Anna Berg <a@x.org>", "Bo <b@x.org>"]),
        ("a@x.org\tAnna\t44 Main St", ["Anna <a@x.org>"]),
        ("Person 1\t+49 30 1\tp1@x.org", ["Person 1 <p1@x.org>"]),
        ("First;Last;Mail\nAnna;Berg;a@x.org\nTom;Li;t@x.org\n",
         ["Anna Berg <a@x.org>", "Tom Li <t@x.org>"]),
        ('"Berg, Anna",a@x.org\n"Li, Tom",t@x.org',
         ['"Berg, Anna" <a@x.org>', '"Li, Tom" <t@x.org>']),
        ("a@x.org\tb@x.org\tc@x.org", ["a@x.org", "b@x.org", "c@x.org"]),
        ("a@x.org,b@x.org\nc@x.org,d@x.org", [f"{c}@x.org" for c in "abcd"]),
        ("a＠x.cn；＜b@x.cn＞", ["a@x.cn", "b@x.cn"]),
        ("\u202aa@x.org\u202c, A\u202enna <b@x.org\u200b>", ["a@x.org", "Anna <b@x.org>"]),
    ],
)  # fmt: skip
def test_lists_of_other_programs(text: str, expected: list[str]) -> None:
    entries = [entry for entry in parse_typed(text) if entry.valid]
    assert [str(entry.address) for entry in entries] == expected


def test_only_a_comma_belongs_to_a_name() -> None:
    entries = parse_typed("somebody\nAnna <a@x.org>")
    assert [(e.address.name, e.valid) for e in entries] == [("", False), ("Anna", True)]


@pytest.mark.parametrize(
    "text",
    ["a\u202eb@x.org", "a\ud800@x.org", "a\u200b@x.org", "a@\u00b4.org", "a\x85@x.org",
     f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.org", '"a\n"@x.org'],
)  # fmt: skip
def test_no_address_of_what_is_not_seen(text: str) -> None:
    assert not is_address(text)


@given(
    st.text(max_size=60),
    st.text(alphabet='\r\n\t\0\u202e\u2028\u200b\ud800a@<>",;:x.', max_size=40),
)
def test_what_is_read_is_one_line_of_seen_characters(name: str, rest: str) -> None:
    for entry in parse_typed(f'{name} <{rest}@x.org>, "{rest}" <{name}@x.org>, {rest}'):
        for text in (entry.address.name, entry.address.address):
            assert visible(text) == text or not entry.valid
            assert not set(text) & set("\r\n\0\u202e\u2028\ud800")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("gmial.com", "gmail.com"), ("gmail.con", "gmail.com"), ("163.con", "163.com"),
     ("qq.co", "qq.com"), ("hotmial.com", "hotmail.com"), ("outlok.com", "outlook.com"),
     ("gmailcom", "gmail.com"), ("Yaho.com", "yahoo.com")],
)  # fmt: skip
def test_slips_in_domains(typed: str, meant: str) -> None:
    assert suggestion(f"Ann@{typed}") == f"Ann@{meant}"


@pytest.mark.parametrize(
    "domain", ["gmail.com", "gmail.de", "mail.com", "web.de", "wed.de", "me.com", "163.net",
               "example.org", "gmx.at", "aol.de", "例子.公司", "ymail.com"]
)  # fmt: skip
def test_no_slip(domain: str) -> None:
    assert suggestion(f"ann@{domain}") == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # As Outlook, Gmail, Apple Mail and tables of contents give them away
        ("'a@x.org'; 'b@x.org' <b@x.org>", ["a@x.org", "b@x.org"]),
        ("a@x.org <mailto:a@x.org>; b@x.org<mailto:b@x.org>", ["a@x.org", "b@x.org"]),
        ("Anna Berg [mailto:a@x.org]", ["Anna Berg <a@x.org>"]),
        ("Anna [a@x.org], Bo {b@x.org}, Cy (c@x.org)",
         ["Anna <a@x.org>", "Bo <b@x.org>", "Cy <c@x.org>"]),
        ("a@x.org (Anna Berg), b@x.org (Klein, Bo)",
         ["Anna Berg <a@x.org>", '"Klein, Bo" <b@x.org>']),
        ("张三〈z@x.cn〉；李四《l@x.cn》、王五【w@x.cn】，赵六（zh@x.cn）",
         ["张三 <z@x.cn>", "李四 <l@x.cn>", "王五 <w@x.cn>", "赵六 <zh@x.cn>"]),
        ("张三 z@x.cn 李四 l@x.cn", ["张三 <z@x.cn>", "李四 <l@x.cn>"]),
        ("a@x.org Anna and b@x.org Bo", ["Anna <a@x.org>", "Bo <b@x.org>"]),
        ("Anna a@x.org und Bo b@x.org", ["Anna <a@x.org>", "Bo <b@x.org>"]),
        ("a@x.org and b@x.org / c@x.org 和 d@x.org", [f"{c}@x.org" for c in "abcd"]),
        ("<a@x.org><b@x.org>", ["a@x.org", "b@x.org"]),
        ("Anna <a@x.org> Bo <b@x.org> (at work)", ["Anna <a@x.org>", "Bo <b@x.org>"]),
        ("• a@x.org\n- Bo <b@x.org>\n3. c@x.org", ["a@x.org", "Bo <b@x.org>", "c@x.org"]),
        ("1. FC Köln <f@x.de>", ['"1. FC Köln" <f@x.de>']),
        ("Write to (a@x.org), b@x.org.", ["b@x.org", "Write to <a@x.org>"]),
        ("„Berg, Anna“ <a@x.org>, Bo – <b@x.org>", ['"Berg, Anna" <a@x.org>', "Bo <b@x.org>"]),
        ("a@例え。テスト", ["a@例え.テスト"]),
        ('"a b"@x.org, a@[192.0.2.1]', ['"a b"@x.org', "a@[192.0.2.1]"]),
    ],
)  # fmt: skip
def test_lists_in_every_form(text: str, expected: list[str]) -> None:
    found = parse_typed(text)
    assert sorted(str(entry.address) for entry in found) == sorted(expected)
    assert all(entry.valid for entry in found)


@pytest.mark.parametrize(
    ("link", "people"),
    [
        ("mailto:a@x.org,b@x.org?cc=c@x.org&bcc=d@x.org&subject=x", ["a@x.org", "b@x.org"]),
        ("mailto:?to=a@x.org&subject=to%3Db@x.org", ["a@x.org"]),
        ("<mailto:%E5%BC%A0+1@x.org>", ["张+1@x.org"]),
        ("MAILTO:a%40x.org; mailto:b@x.org", ["a@x.org", "b@x.org"]),
    ],
)
def test_links_name_recipients_and_nothing_else(link: str, people: list[str]) -> None:
    assert [entry.address.address for entry in parse_typed(link)] == people


@pytest.mark.parametrize(
    "link", ["mailto:a@x.org%0D%0ABcc:%20eve@x.org", "mailto:a@x.org%2Ceve@x.org", "mailto:%00@x"]
)
def test_what_a_link_hides_is_no_recipient(link: str) -> None:
    for entry in parse_typed(link):
        assert not entry.valid
        assert "\n" not in entry.address.address


def test_cards_are_read() -> None:
    cards = (
        "\ufeffBEGIN:VCARD\r\nVERSION:3.0\r\nN:Berg;Anna;;;\r\nFN:Berg\\, Anna\r\n"
        "EMAIL;TYPE=home:anna@home.example\r\nitem1.EMAIL;TYPE=work,pref:anna@\r\n work.example\r\n"
        "END:VCARD\r\nBEGIN:VCARD\r\nVERSION:2.1\r\nN;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:"
        "=E5=BC=A0;=E4=B8=\r\n=89\r\nEMAIL;INTERNET:zhang@x.cn\r\nEND:VCARD\r\n"
        "BEGIN:VCARD\r\nFN:Nobody\r\nTEL:1\r\nEND:VCARD\r\n"
    )
    found = parse_typed(cards)
    assert [(e.address.name, e.address.address, e.valid) for e in found] == [
        ("Berg, Anna", "anna@work.example", True),
        ("三 张", "zhang@x.cn", True),
        ("", "Nobody", False),
    ]


@given(st.text(alphabet='BEGIN:VCARD\n EMAILFN;=@x.org,\\0ADé"<', max_size=200))
def test_any_card_is_read(text: str) -> None:
    for entry in parse_typed(f"BEGIN:VCARD\n{text}"):
        assert visible(entry.address.address) == entry.address.address


@pytest.mark.parametrize(
    "text",
    ["a" * 90_000 + " @b", "(" * 90_000 + "@", "<>" * 45_000, "a@ " * 10_000, "a@" * 45_000,
     "and " * 25_000 + "a@x.org", "- " * 45_000 + "<a@x.org>", "a@b (" * 20_000,
     "a[" * 25_000 + "a@b" * 50_000, "mailto:?to=" + "&to=a@x.org" * 30_000, "a@" + "。" * 90_000,
     "BEGIN:VCARD\n" + "EMAIL:a@x.org\n" * 20_000, "a <" * 100_000],
)  # fmt: skip
def test_a_hostile_list_takes_no_long_time(text: str) -> None:
    assert len(parse_typed(text)) <= len(text)
