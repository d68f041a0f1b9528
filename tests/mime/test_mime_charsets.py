"""Text in the charsets of the world: labelled rightly, wrongly, not at all, or as a person says."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from martlet.mime.addresses import parse_addresses
from martlet.mime.body import body, body_of
from martlet.mime.charset import codecs_for, decode, is_charset, read
from martlet.mime.content import attachments
from martlet.mime.headers import envelope
from martlet.mime.jis import decode_jis
from martlet.mime.layout import layout
from martlet.mime.parse import parse
from martlet.mime.words import decode_text

CHINESE = "请查收附件中的项目进度报告，如有问题请回复。"
TAIWAN = "請查收附件中的專案進度報告，如有問題請回覆。"
JAPANESE = "会議の資料を添付しましたので、ご確認ください。"
KOREAN = "회의 자료를 첨부하였으니 확인해 주시기 바랍니다."
RUSSIAN = "Высылаю отчёт о ходе работ, прошу подтвердить получение."
GREEK = "Σας στέλνω την αναφορά προόδου, παρακαλώ επιβεβαιώστε."


def text_mail(label: str, raw: bytes) -> bytes:
    return f"Subject: s\r\nContent-Type: text/plain{label}\r\n\r\n".encode() + raw


@pytest.mark.parametrize(
    ("codec", "text", "name"),
    [
        ("gb18030", CHINESE, "gb18030"),
        ("big5", TAIWAN, "big5"),
        ("iso2022_jp", JAPANESE, "iso-2022-jp"),
        ("euc_jp", JAPANESE, "euc-jp"),
        ("cp932", JAPANESE, "shift_jis"),
        ("euc_kr", KOREAN, "euc-kr"),
        ("iso2022_kr", KOREAN, "iso-2022-kr"),
        ("koi8-r", RUSSIAN, "koi8-r"),
        ("cp1251", RUSSIAN, "windows-1251"),
        ("iso8859-7", GREEK, "iso-8859-7"),
        ("utf-8", CHINESE, "utf-8"),
    ],
)
def test_the_label_is_followed_or_done_without(codec: str, text: str, name: str) -> None:
    raw = text.encode(codec)
    labelled = parse(text_mail(f"; charset={name}", raw))
    assert (body(labelled).text, labelled.charset) == (text, name)
    assert body(parse(text_mail("", raw))).text == text
    assert body(parse(text_mail("; charset=us-ascii", raw))).text == text
    assert body(parse(text_mail("; charset=x-no-such-thing", raw))).text == text


@pytest.mark.parametrize(
    ("label", "codec", "text"),
    [
        ("utf-8", "gb18030", CHINESE),
        ("utf-8", "big5", TAIWAN),
        ("utf-8", "latin-1", "Grüße aus Köln, schöne Ostertage"),
        ("iso-8859-1", "utf-8", CHINESE),
        ("windows-1252", "utf-8", "Grüße aus Köln"),
        ("gb2312", "utf-8", CHINESE),
        ("big5", "utf-8", TAIWAN),
        ("euc-kr", "utf-8", KOREAN),
        ("us-ascii", "koi8-r", RUSSIAN),
        ("utf-16", "ascii", "plain words, whatever it says"),
    ],
)
def test_a_label_that_the_bytes_contradict(label: str, codec: str, text: str) -> None:
    assert body(parse(text_mail(f"; charset={label}", text.encode(codec)))).text == text


@pytest.mark.parametrize(
    ("label", "codec", "text"),
    [
        ("gb2312", "big5", TAIWAN),
        ("gbk", "big5", "會議通知"),
        ("big5", "gb18030", CHINESE),
        ("big5", "gb18030", "会议通知"),
        ("shift_jis", "gb18030", CHINESE),
        ("gb2312", "cp932", JAPANESE),
        ("euc-jp", "cp932", JAPANESE),
        ("shift_jis", "euc_jp", JAPANESE),
        ("shift_jis", "euc_kr", KOREAN),
        ("euc-kr", "big5", TAIWAN),
        ("gb2312", "cp1251", RUSSIAN),
        ("koi8-r", "cp1251", RUSSIAN),
        ("windows-1251", "koi8-r", RUSSIAN),
    ],
)
def test_a_label_that_makes_rubbish_of_the_text(label: str, codec: str, text: str) -> None:
    raw = text.encode(codec)
    assert body(parse(text_mail(f"; charset={label}", raw))).text == text
    word = base64.b64encode(raw).decode()
    assert decode_text(f"=?{label}?b?{word}?=".encode()) == text
    people = parse_addresses(f"=?{label}?b?{word}?= <a@b.c>".encode())
    assert people[0].name == text


@pytest.mark.parametrize(
    ("label", "text"),
    [
        # Of the one place in the charset of another, rare names, one odd character, capitals
        ("gb2312", TAIWAN), ("gbk", JAPANESE), ("big5", "瑞典的訪客於週五抵達，淼與鑫同往"),
        ("windows-1251", "Привет"), ("gbk", "喆玥"), ("gbk", "赵喆"), ("gb18030", "囧囧"),
        ("shift_jis", "ｶﾌﾞｼｷｶﾞｲｼｬ"),
        ("shift_jis", "髙橋"), ("euc-kr", "大韓民國"), ("euc-kr", "회의"),
        ("koi8-r", "ПРИВЕТ ВСЕМ"), ("windows-1251", "iPHONE и ОТЧЁТ"), ("gbk", "会"),
        ("iso-8859-1", "ÄÖÜ ÀÉÈ"), ("iso-8859-7", GREEK),
    ],
)  # fmt: skip
def test_a_label_that_fits_is_not_overruled(label: str, text: str) -> None:
    codec = (codecs_for(label) or ("",))[0]
    assert read(text.encode(codec), label)[0] == text


@settings(deadline=None, max_examples=200)
@given(
    st.text(st.sampled_from("".join(sorted(set(CHINESE + TAIWAN + JAPANESE)))), max_size=12),
    st.sampled_from(["gbk", "gb18030"]),
)
def test_what_people_write_is_read_as_it_says(text: str, label: str) -> None:
    assert read(text.encode("gb18030"), label)[0] == text


def test_a_short_word_that_looks_like_utf8_is_what_its_label_says() -> None:
    # The bug of a well-known editor: these two characters of GBK are valid UTF-8
    assert decode("联通".encode("gbk"), "gb2312") == "联通"


def test_a_damaged_character_does_not_overrule_the_label() -> None:
    assert decode(CHINESE.encode("gb18030")[:-1], "gb2312")[:-1] == CHINESE[:-1]
    assert decode(b"caf\xc3\xa9 \xc3\xa9t\xc3\xa9 \xff", "utf-8") == "café été \ufffd"
    assert read(CHINESE.encode()[:-1], "utf-8")[1] == "utf-8"


def test_what_windows_adds_to_iso_2022_jp() -> None:
    raw = b"\x1b$B-!|byu\x1b(B \x1b$B2q5D-j\x1b(IJ]68\x1b(B"
    assert decode(raw, "iso-2022-jp") == "①髙﨑 会議㈱ﾊﾝｶｸ"
    assert decode(raw) == "①髙﨑 会議㈱ﾊﾝｶｸ"
    # One pair that means nothing does not spoil the others
    assert decode_jis(b"\x1b$B2q~~5D\x1b(B").replace("\ufffd", "") in ("会議", "会・議")
    assert decode_jis("会議".encode("iso2022_jp") + b"\x1b$(D0!\x1b(B") == "会議丂"


@settings(deadline=None)
@given(st.text(alphabet="aé①会議カｶ髙", max_size=30))
def test_jis_gives_what_the_codec_gives(text: str) -> None:
    raw = text.encode("iso2022_jp", "ignore")
    assert decode_jis(raw) == raw.decode("iso2022_jp")


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_jis_reads_any_bytes(raw: bytes) -> None:
    decode_jis(raw.replace(b"$", b"\x1b$B")).encode("utf-8")


def test_utf7_is_refused() -> None:
    raw = b"+ADw-script+AD4-alert(1)+ADw-/script+AD4-"
    assert body(parse(text_mail("; charset=utf-7", raw))).text == raw.decode()
    assert parse(text_mail("", raw), "utf-7").root.text() == raw.decode()
    assert not is_charset("utf-7")
    assert codecs_for("UTF-7") is None


@pytest.mark.parametrize(
    "label", ["cp9999", "zlib", "rot13", "idna", "punycode", "unicode_escape", "hex"]
)
def test_codecs_that_are_no_charsets(label: str) -> None:
    assert not is_charset(label)
    assert decode(b"\\x41 xn--a", label) == "\\x41 xn--a"


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf16_with_and_without_a_mark(codec: str) -> None:
    assert decode("Hello, 会议".encode(codec), "utf-16") == "Hello, 会议"


def test_a_person_overrules_all_labels() -> None:
    inner = b"Subject: " + CHINESE.encode("gbk") + b"\r\n\r\n" + CHINESE.encode("gbk")
    name = CHINESE[:6].encode("gbk")
    raw = (
        b"Subject: " + CHINESE.encode("gbk") + b"\r\nFrom: " + name + b" <a@b.c>\r\n"
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
        b"Content-Type: text/plain; charset=iso-8859-1\r\n\r\n" + CHINESE.encode("gbk") + b"\r\n--b"
        b'\r\nContent-Type: application/pdf; name="' + name + b'"\r\n\r\nx\r\n--b\r\n'
        b"Content-Type: message/rfc822\r\n\r\n" + inner + b"\r\n--b--\r\n"
    )
    message = parse(raw, "GBK")
    head = envelope(message.headers)
    assert (head.subject, head.sender.name) == (CHINESE, CHINESE[:6])
    assert dict(message.headers.decoded())["Subject"] == CHINESE
    assert body_of(message, layout(message)).text == CHINESE
    assert message.charset == "gb18030"
    assert body(message).charset == "gb18030"
    assert [part.filename for part in message.walk()][2] == CHINESE[:6]
    attached = message.part("3")
    assert attached is not None
    assert attached.embedded is not None
    assert envelope(attached.embedded.headers).subject == CHINESE
    assert body(attached.embedded).text == CHINESE
    assert [one.filename for one in attachments(message)][1] == f"{CHINESE}.eml"
    # What says itself what it is in stays so
    word = b"=?utf-8?b?5Lya6K6u?="
    assert envelope(parse(b"Subject: " + word + b"\r\n\r\n", "gbk").headers).subject == "会议"
    assert decode_text(b"=?unknown-8bit?q?=BB=E1=D2=E9?=", "gbk") == "会议"


@pytest.mark.parametrize("label", ["iso-8859-1", "windows-1252", "us-ascii", "utf-8", "x-gone"])
def test_a_person_overrules_the_labels_of_words(label: str) -> None:
    raw = CHINESE.encode("gbk")
    word = f"=?{label}?b?{base64.b64encode(raw).decode()}?="
    coded = "".join(f"%{byte:02X}" for byte in raw)
    mail = (
        f"Subject: {word}\r\nFrom: {word} <a@b.c>\r\nTo: a@b.c ({word})\r\n"
        f"Content-Type: application/pdf; name*={label}''{coded}\r\n"
        f'Content-Disposition: attachment; filename="{word}"\r\n\r\n'
    ).encode()
    message = parse(mail, "gb18030")
    head = envelope(message.headers)
    assert (head.subject, head.sender.name, head.to[0].name) == (CHINESE, CHINESE, CHINESE)
    assert message.root.filename == message.root.parameters["name"] == CHINESE


@pytest.mark.parametrize(
    ("label", "codec", "text", "chosen"),
    [
        # Wrong in the way of the body
        ("gb2312", "big5", TAIWAN, "big5"),
        ("koi8-r", "cp1251", RUSSIAN.upper(), "windows-1251"),
        ("iso-8859-1", "iso8859-2", "Zażółć gęślą", "iso-8859-2"),
        ("iso-8859-1", "iso2022_jp", JAPANESE, "iso-2022-jp"),
        # Right, whatever the body is in
        ("utf-8", "utf-8", CHINESE, "gb18030"),
        ("utf-8", "utf-8", "Grüße", "iso-8859-1"),
        ("gb2312", "gb18030", CHINESE, "big5"),
        ("iso-2022-jp", "iso2022_jp", JAPANESE, "shift_jis"),
        ("euc-kr", "cp949", KOREAN, "gb18030"),
        ("koi8-r", "koi8-r", RUSSIAN, "gb18030"),
        ("us-ascii", "ascii", "plain", "utf-16"),
        ("iso-8859-1", "latin-1", "Grüße", "x-no-such"),
    ],
)
def test_labels_that_stay_and_that_do_not(label: str, codec: str, text: str, chosen: str) -> None:
    word = f"=?{label}?b?{base64.b64encode(text.encode(codec)).decode()}?="
    assert decode_text(word.encode(), chosen) == text


def test_an_override_that_nobody_knows_changes_nothing() -> None:
    raw = text_mail("; charset=gbk", CHINESE.encode("gbk"))
    assert body(parse(raw, "no-such")).text == CHINESE


def test_an_override_is_followed_even_if_it_cannot_be_right() -> None:
    found = body(parse(text_mail("; charset=utf-8", CHINESE.encode()), "koi8-r"))
    assert found.charset == "koi8-r"
    assert found.text != CHINESE


def test_plain_ascii_has_no_charset_to_tell() -> None:
    message = parse(text_mail("; charset=utf-8", b"words"))
    assert message.charset == body(message).charset == ""


def test_a_mark_and_a_meta_element_say_more_than_nothing() -> None:
    assert (
        body(parse(text_mail("; charset=gbk", b"\xef\xbb\xbf" + CHINESE.encode()))).text == CHINESE
    )
    html = '<meta http-equiv=x content="text/html; charset=gb2312"><p>会</p>'.encode("gbk")
    for label in ("", "; charset=us-ascii", "; charset=unknown"):
        raw = f"Content-Type: text/html{label}\r\n\r\n".encode() + html
        assert "会" in (body(parse(raw)).html or "")


@settings(deadline=None)
@given(
    st.binary(max_size=300), st.sampled_from(["", "utf-16", "hz", "iso-2022-jp", "gbk", "cp037"])
)
def test_any_bytes_with_any_label(raw: bytes, label: str) -> None:
    for text, name in (read(raw, label), read(raw)):
        text.encode("utf-8")
        assert name == name.lower()
