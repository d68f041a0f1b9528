"""Senders that are written to be misread, and ordinary ones that must not be suspected."""

from __future__ import annotations

import base64
from email.header import Header

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.mail.message import Address
from martlet.mail.sender_facts import FactKind, SenderFact, Weight, sentence_of
from martlet.mime.headers import envelope, parse_headers
from martlet.mime.sender_around import around
from martlet.mime.sender_named import named
from martlet.mime.sender_values import value
from martlet.mime.sender_written import written

POTUS = "potus@whitehouse.gov"


def facts(block: bytes | str) -> list[SenderFact]:
    """Of a header block."""
    raw = block.encode() if isinstance(block, str) else block
    headers = parse_headers(raw + b"\r\n\r\n")
    head = envelope(headers)
    return [
        *written(headers.get_all("from"), head.sender),
        *named(head.sender, passed_on=False),
        *around(head, headers, ()),
    ]


def kinds(block: bytes | str) -> set[FactKind]:
    return {fact.kind for fact in facts(block)}


def b(text: str) -> str:
    return f"=?utf-8?b?{base64.b64encode(text.encode()).decode()}?="


def q(text: str) -> str:
    return "=?utf-8?Q?" + "".join(f"={byte:02X}" for byte in text.encode()) + "?="


# The published forms: an encoded word where an address stands, cut by NUL, line ends or quotes.
MAILSPLOIT = [
    f"{b(POTUS)}@mailsploit.example",
    f"{q(POTUS)}@mailsploit.example",
    f"<{b(POTUS)}@mailsploit.example>",
    f"{b(POTUS)}{q(chr(0))}{b('(' + POTUS + ')')}@mailsploit.example",
    f"{q(POTUS)}{q(chr(0))}@mailsploit.example",
    f"{b(POTUS + chr(10))}@mailsploit.example",
    f"{b(POTUS)}{q(chr(10))}{q(chr(0))}@mailsploit.example",
    f'"{b(POTUS)}" <{b("test")}@mailsploit.example>',
    f"{b(POTUS + chr(0))} <test@mailsploit.example>",
    f"{b('<' + POTUS + '>')}{q(chr(0))} <test@mailsploit.example>",
    f'{b(POTUS)}{b(">")}{q(chr(0))}" <test@mailsploit.example>',
    f"<{POTUS}>{q(chr(0))} <test@mailsploit.example>",
    f"<{POTUS}\x00@mailsploit.example>",
    f'"{POTUS}"@mailsploit.example',
    f'<"{POTUS}"@mailsploit.example>',
    f'"<{POTUS}>\\"\n test"@mailsploit.example',
    f"test@mailsploit.example (<{POTUS}>)",
    f'"{POTUS}": test@mailsploit.example;',
    f"{POTUS}: test@mailsploit.example;",
    f"{POTUS}, test@mailsploit.example",
    f"<{POTUS}> <test@mailsploit.example>",
    f'"{POTUS}" <test@mailsploit.example>',
    f"{POTUS} <test@mailsploit.example>",
    f"test@mailsploit.example ({POTUS})",
    f"{b(POTUS)} <test@mailsploit.example>",
    f"Potus\r\n\t<{POTUS}>\r\n\t,<test@mailsploit.example>",
    f"Anna <test@mailsploit.example>\r\nFrom: {POTUS}",
    f"From-Name <test@mailsploit.example>\r\nSubject: x\r\nFrom: <{POTUS}>",
    "Anna\u202egro.elpmaxe@moc.live <test@mailsploit.example>",
    f"{b('Anna' + chr(0) + ' Berg')} <test@mailsploit.example>",
    f"{b('Anna' + chr(0x200B) + ' Berg')} <test@mailsploit.example>",
    "Р\u0430ypal <service@mailsploit.example>",
    "PayPal <service@p\u0430ypal.example>",
    "Apple <service@xn--80ak6aa92e.com>",
    "Apple <аррӏе@mailsploit.example>",
]


@pytest.mark.parametrize("line", MAILSPLOIT)
def test_tricks_are_told(line: str) -> None:
    found = facts(f"From: {line}\r\nTo: a@example.org")
    assert any(fact.weight is not Weight.NOTE for fact in found), found


@pytest.mark.parametrize("line", [*MAILSPLOIT[:11], *MAILSPLOIT[12:16]])
def test_two_readings_are_named(line: str) -> None:
    told = [fact for fact in facts(f"From: {line}") if fact.kind is FactKind.BROKEN_FROM]
    assert told
    assert told[0].weight is Weight.WARNING


ORDINARY = [
    "Anna Berg <anna@example.org>",
    '"Berg, Anna" <anna.berg@example.org>',
    "anna@example.org",
    "<anna@example.org>",
    '"anna@example.org" <anna@example.org>',
    "anna@example.org (Anna Berg)",
    "Jürgen Groß <juergen.gross@example.de>",
    f"{b('Müller, Jürgen')} <jm@example.de>",
    f"{q('François @ Café «Été»')} <francois@example.fr>",
    "Łukasz Żółć <lukasz@example.pl>",
    "Nguyễn Văn Đức <duc@example.vn>",
    "Şükrü Öztürk <sukru@example.com.tr>",
    "Вера Росс <vera@example.ru>",
    f"{b('Иван Петров (ООО «Ромашка»)')} <ivan@example.ru>",
    "Сбербанк Online <info@example.ru>",
    "Κώστας Παπαδόπουλος <kostas@example.gr>",
    "Արամ Խաչատրյան <aram@example.am>",
    "王伟 <wangwei@example.cn>",
    f"{b('王小明(研发部)')} <xm.wang@example.com.cn>",
    "陳大文 Chan Tai Man <tmchan@example.com.hk>",
    "山田太郎 <taro@example.co.jp>",
    "ソニー Sony <news@example.co.jp>",
    "楽天カード株式会社 <info@mail.example.co.jp>",
    "김철수 <kim@example.co.kr>",
    f"{b('삼성전자 Samsung')} <noreply@example.com>",
    "محمد علي <m.ali@example.sa>",
    "\u200fדוד כהן <david@example.co.il>",
    "می\u200cخواهم <info@example.ir>",
    "राज\u200dकुमार <raj@example.in>",
    "สมชาย ใจดี <somchai@example.co.th>",
    "\u2068Anna Berg\u2069 <anna@example.org>",
    f"{b(chr(0xFEFF) + 'Anna Berg')} <anna@example.org>",
    "👩\u200d💻 Ada <ada@example.org>",
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f <ada@example.org>",
    "Amazon.de <bestellung@amazon.de>",
    "京东JD.com <service@jd.com>",
    "网易163.com邮箱 <service@163.com>",
    "Jean-Luc.Picard <jl@example.org>",
    "U.S.News <news@example.com>",
    "Booking.com <noreply@mail.booking.com>",
    '"ASP.NET Weekly" <news@example.com>',
    "Dr. Li.Wang <li@example.org>",
    "Node.js Foundation <news@example.org>",
    '"Anna \\"Nan\\" Berg" <anna@example.org>',
    '"John Q. Public" <"john..q"@example.org>',
    f"{q('Tom <3 & Co., News: today')} <news@example.org>",
    "The Sheds <sheds+bounces=anna=example.org@lists.example.org>",
    "µTorrent <info@example.com>",
    "GitHub <noreply@github.com>",
    "Customer Service <support@support.example.com>",
    f"{Header('Österreichische Post – Nachricht zur Sendung', 'utf-8').encode()} <a@example.at>",
]  # fmt: skip


@pytest.mark.parametrize("line", ORDINARY)
def test_ordinary_senders_are_left_alone(line: str) -> None:
    assert facts(f"From: {line}\r\nTo: a@example.org") == []


def test_raw_eight_bit_names() -> None:
    for name, charset in (
        ("山田太郎", "iso-2022-jp"),
        ("王伟先生您好", "gb18030"),
        ("Jürgen", "latin-1"),
    ):
        raw = b"From: " + name.encode(charset) + b" <someone@example.org>"
        assert facts(raw) == []


def test_bueche_is_shown_in_both_forms() -> None:
    (fact,) = facts("From: B <info@bücher.example>")
    assert fact == SenderFact(
        FactKind.PUNYCODE, Weight.NOTE, ("xn--bcher-kva.example", "bücher.example")
    )
    assert kinds("From: B <info@mail.xn--bcher-kva.example>") == {FactKind.PUNYCODE}
    # What no registry would have taken has one form only.
    assert facts("From: B <info@xn--99999999.example>") == []


def test_name_speaks_of_a_site() -> None:
    (fact,) = facts("From: PayPal.com Service <a@example.org>")
    assert fact.kind is FactKind.NAME_IS_SITE
    assert fact.weight is Weight.CAUTION
    assert fact.values == ("PayPal.com", "a@example.org")
    # The same name under another ending is mostly the same house.
    (fact,) = facts("From: Shop.de <a@shop.com>")
    assert fact.weight is Weight.NOTE


def test_name_is_another_address() -> None:
    (fact,) = facts('From: "anna@bank.example" <x@evil.example.net>')
    assert fact.kind is FactKind.NAME_IS_ADDRESS
    assert fact.values == ("anna@bank.example", "x@evil.example.net")
    assert fact.weight is Weight.WARNING
    (fact,) = facts("From: anna＠bank.example <x@example.net>")
    assert fact.kind is FactKind.NAME_IS_ADDRESS
    (fact,) = facts("From: \"'anna@x.example' via Sheds\" <sheds@lists.example.org>")
    assert fact.weight is Weight.CAUTION


def test_letters_of_another_alphabet() -> None:
    (fact, _) = facts("From: Apple <a@mail.xn--80ak6aa92e.com>")
    told = "mail.аррӏе.com only looks like mail.apple.com: its letters are of another alphabet."
    assert sentence_of(fact) == told


def test_an_endless_sender_is_cut_by_programs_at_will() -> None:
    long = "Anna " * 1000
    assert FactKind.BROKEN_FROM in kinds(f"From: {long}<a@bank.example>{long}<b@evil.example>")
    assert FactKind.BROKEN_FROM in kinds(f"From: {long}<b@evil.example>")


def test_no_sender() -> None:
    assert kinds("To: a@example.org") == {FactKind.NO_SENDER}
    assert kinds("From: MAILER-DAEMON (Mail Delivery System)") == {FactKind.NO_SENDER}


def test_several_senders() -> None:
    (fact,) = facts("From: a@example.org, b@example.org\r\nSender: a@example.org")
    assert (fact.kind, fact.weight) == (FactKind.SEVERAL_SENDERS, Weight.CAUTION)
    (fact,) = facts("From: a@example.org\r\nFrom: b@example.org")
    assert (fact.kind, fact.weight) == (FactKind.SEVERAL_SENDERS, Weight.WARNING)
    assert facts("From: A <a@example.org>\r\nFrom: a@example.org") == []


def test_sent_by_other() -> None:
    (fact,) = facts("From: a@example.org\r\nSender: b@other.example")
    assert (fact.kind, fact.weight) == (FactKind.SENT_BY_OTHER, Weight.NOTE)
    assert sentence_of(fact) == "b@other.example sent it for a@example.org."
    assert facts("From: a@mail.example.org\r\nSender: b@example.org") == []
    block = "From: a@example.org\r\nSender: s-bounces@lists.example\r\nList-Id: <s.lists.example>"
    assert facts(block) == []


def test_reply_elsewhere() -> None:
    (fact,) = facts("From: chief@example.org\r\nReply-To: chief.example@gmail.com")
    assert (fact.kind, fact.weight) == (FactKind.REPLY_ELSEWHERE, Weight.CAUTION)
    (fact,) = facts("From: Chief <c@example.org>\r\nReply-To: chief <c.example@gmail.com>")
    assert (fact.kind, fact.weight) == (FactKind.REPLY_ELSEWHERE, Weight.CAUTION)
    (fact,) = facts("From: Form <form@example.org>\r\nReply-To: Bob <bob@gmail.com>")
    assert (fact.kind, fact.weight) == (FactKind.REPLY_ELSEWHERE, Weight.NOTE)
    (fact,) = facts("From: chief@example.org\r\nReply-To: desk@other.example")
    assert (fact.kind, fact.weight) == (FactKind.REPLY_ELSEWHERE, Weight.NOTE)
    (fact,) = facts("From: anna.berg@gmail.com\r\nReply-To: someone.else@gmail.com")
    assert fact.weight is Weight.NOTE
    assert facts("From: a@news.example.co.uk\r\nReply-To: help@example.co.uk") == []
    assert facts("From: a@example.org\r\nReply-To: A <a@EXAMPLE.org>") == []
    # Newsletters and lists answer from elsewhere.
    letter = "From: n@example.org\r\nReply-To: n@sender.example\r\nList-Unsubscribe: <https://x>"
    assert facts(letter) == []
    block = (
        "From: Anna via Sheds <sheds@lists.example>\r\nReply-To: anna@gmail.com\r\n"
        "List-Id: Sheds <sheds.lists.example>"
    )
    assert facts(block) == []
    munged = (
        "From: anna@gmail.com\r\nReply-To: sheds@lists.example\r\nList-Id: <sheds.lists.example>"
    )
    assert facts(munged) == []


@given(st.binary(max_size=400))
def test_any_bytes(raw: bytes) -> None:
    for fact in facts(b"From: " + raw):
        check(fact)


@given(
    st.lists(
        st.sampled_from(
            [
                "a@b.c",
                "<",
                ">",
                '"',
                "(",
                ")",
                ",",
                ":",
                ";",
                "\\",
                "\x00",
                "\n ",
                "=?utf-8?q?=0A?=",
                "=?utf-8?b?QGE=?=",
                "\u202e",
                "\u200b",
                "а",
                "@",
                ".",
                "xn--80ak6aa92e.com",
                "é",
                " ",
                "\r\nFrom: ",
                "\r\nSender: ",
                "\r\nReply-To: ",
                "=?",
                "?=",
            ]
        ),
        max_size=20,
    )
)
def test_any_pieces(pieces: list[str]) -> None:
    for fact in facts("From: " + "".join(pieces)):
        check(fact)


@given(st.text(max_size=300))
def test_values_are_harmless(text: str) -> None:
    told = value(text)
    assert len(told) <= 80
    assert told.isprintable()
    assert "  " not in told


def test_values_do_not_pile_up() -> None:
    assert len(value("a" + "\u0301" * 500)) <= 3
    assert value("a\u3164b\u034f") == "ab"
    assert value("x" * 200).startswith("x" * 49 + "…")


@pytest.mark.parametrize(
    "nasty",
    ["<" * 300_000, '"' * 300_000, "(" * 300_000, "a@" * 150_000, "=?utf-8?q?" * 30_000,
     "a." * 150_000, '\\"' * 100_000, "\u202e" * 100_000, "a@b.c," * 50_000, ": " * 100_000],
)  # fmt: skip
def test_long_fields_end(nasty: str) -> None:
    headers = parse_headers(b"From: " + nasty.encode() + b"\r\n\r\n")
    for fact in written(
        headers.get_all("from"), Address(nasty[:100_000], nasty[:100_000] + "@b.c")
    ):
        check(fact)
    named(Address(nasty[:100_000], "a@b.c"), passed_on=False)


def check(fact: SenderFact) -> None:
    assert sentence_of(fact).isprintable()
    assert all(len(one) <= 80 for one in fact.values)
