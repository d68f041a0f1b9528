"""People of vCards 2.1, 3.0 and 4.0, in any charset, and any bytes."""

from __future__ import annotations

import quopri

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.mail.cards import Person
from martlet.mime.label import label
from martlet.mime.vcard import MAX_FIELDS, MAX_PEOPLE, people


def read(text: str, charset: str = "utf-8") -> tuple[Person, ...]:
    return people(text.replace("\n", "\r\n").encode(charset), "", "2")


def one(lines: str, version: str = "3.0") -> Person:
    (found,) = read(f"BEGIN:VCARD\nVERSION:{version}\n{lines}\nEND:VCARD\n")
    return found


THREE = """N:Lovelace;Ada;King;Countess;
FN:Ada Lovelace
ORG:Analytical\\, Engines;Research
TITLE:Mathematician
EMAIL;TYPE=INTERNET,PREF:ada@example.org
EMAIL:ada@example.org
TEL;TYPE=WORK,FAX:+44 20 1
TEL;TYPE=cell:+44 7
item1.URL:https://ada.example/
item1.X-ABLabel:_$!<HomePage>!$_
ADR;TYPE=HOME:;;12 St James's Sq.;London;;SW1Y;UK
BDAY:1815-12-10
NOTE:first\\nsecond
PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ
 SkZJRgABAQ==
REV:2020"""


def test_version_three() -> None:
    assert one(THREE) == Person(
        "2",
        "Ada Lovelace",
        "Analytical, Engines, Research",
        ("ada@example.org",),
        ("+44 20 1 (work, fax)", "+44 7 (mobile)"),
        (
            ("Title", "Mathematician"),
            ("Website (HomePage)", "https://ada.example/"),
            ("Address (home)", "12 St James's Sq., SW1Y London, UK"),
            ("Birthday", "1815-12-10"),
            ("Note", "first\nsecond"),
        ),
    )


def test_version_four() -> None:
    found = one(
        'FN:Simon\nEMAIL;PREF=1:mailto:s%2B1@example.org\nTEL;VALUE=uri;TYPE="voice,work":'
        "tel:+1-418-656-9254;ext=102\nBDAY:--0203\nIMPP:xmpp:s@example.org\nKEY:data:x",
        "4.0",
    )
    assert found.addresses == ("s+1@example.org",)
    assert found.phones == ("+1-418-656-9254 ext. 102 (work)",)
    assert found.fields == (("Birthday", "02-03"), ("Chat", "xmpp:s@example.org"))


@pytest.mark.parametrize("charset", ["GBK", "GB2312", "UTF-8", "BIG5"])
def test_version_two_in_quoted_printable(charset: str) -> None:
    name, firm = (
        "王小明",
        "北京市海淀區有限公司名稱很長需要折行" if charset == "BIG5" else "北京大学",
    )

    def qp(text: str) -> str:
        coded = quopri.encodestring(text.encode(charset.lower()))
        return coded.replace(b"\n", b"\r\n").decode("ascii")

    head = f"ENCODING=QUOTED-PRINTABLE;CHARSET={charset}"
    raw = (
        f"BEGIN:VCARD\r\nVERSION:2.1\r\nN;{head}:{qp('王')};{qp('小明')}\r\n"
        f"ORG;CHARSET={charset};QUOTED-PRINTABLE:{qp(firm)}\r\n"
        f"TEL;CELL;VOICE:13800000000\r\nTEL;WORK;FAX:010-1\r\nEMAIL;INTERNET:w@x.example\r\n"
        f"END:VCARD\r\n"
    )
    (found,) = people(raw.encode("ascii"), "", "1")
    assert (found.name, found.organization) == (name, firm)
    assert found.phones == ("13800000000 (mobile)", "010-1 (work, fax)")


def test_raw_bytes_in_a_charset_of_their_own() -> None:
    text = "BEGIN:VCARD\nVERSION:2.1\nFN;CHARSET=GBK:王小明\nNOTE;CHARSET=GBK:备注\nEND:VCARD"
    (found,) = people(text.encode("gbk"), "us-ascii", "1")
    assert (found.name, found.fields) == ("王小明", (("Note", "备注"),))
    (found,) = people("BEGIN:VCARD\nFN:请查收附件中的项目进度\nEND:VCARD".encode("gbk"), "", "1")
    assert found.name == "请查收附件中的项目进度"


def test_a_fold_in_the_middle_of_a_character() -> None:
    whole = "FN:评审会议".encode()
    for place in range(4, len(whole)):
        raw = (
            b"BEGIN:VCARD\nVERSION:3.0\n" + whole[:place] + b"\n " + whole[place:] + b"\nEND:VCARD"
        )
        assert people(raw, "", "1")[0].name == "评审会议"


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        ("N:王;小明;;;", "王小明"),
        ("N:Lovelace;Ada;;Dr.;PhD", "Dr. Ada Lovelace PhD"),
        ("N:;;\nNICKNAME:Bo", "Bo"),
        ("ORG:Engines", "Engines"),
        ("EMAIL:a@b.example", "a@b.example"),
        ("FN: \nN:Only", "Only"),
        ("FN:a\u202eb\\nc\u200b", "ab c"),
    ],
)
def test_names(lines: str, name: str) -> None:
    assert one(lines).name == name


def test_several_people_and_none() -> None:
    assert [p.name for p in read("BEGIN:VCARD\nFN:a\nEND:VCARD\nBEGIN:VCARD\nFN:b\n")] == ["a", "b"]
    assert read("BEGIN:VCARD\nVERSION:4.0\nEND:VCARD\n") == ()
    assert read("no card") == ()


def test_bounds() -> None:
    assert len(read("BEGIN:VCARD\nFN:a\nEND:VCARD\n" * 1_000)) == MAX_PEOPLE
    found = one("FN:x\n" + "\n".join(f"URL:https://x.example/{n}" for n in range(999)))
    assert len(found.fields) == MAX_FIELDS
    semicolons, slashes = ";" * 60_000, "\\" * 60_000
    for piece in ("BEGIN:VCARD\n", "N;", f"ADR:{semicolons}\n", f"ORG:{slashes};\n", "A",
                  "TEL;ENCODING=QUOTED-PRINTABLE:=\n", "PHOTO;ENCODING=B:AAAA\n"):  # fmt: skip
        people(b"BEGIN:VCARD\n" + piece.encode() * (2_000_000 // len(piece)), "", "1")


LINES = st.sampled_from(
    ["BEGIN:VCARD", "END:VCARD", "VERSION:2.1", "VERSION:4.0", "FN:x", "N:a;b;c;d;e;f", "ORG:;",
     "TEL;CELL:1", "TEL:tel:;ext=", "EMAIL:mailto:?", "ADR:", "ADR;WORK:;;\\;;;", "BDAY:----",
     "x.X-ABLABEL:_$!<", "x.URL:u", " fold", "NOTE;QUOTED-PRINTABLE:=E4=\n=BD", "PHOTO;BASE64:",
     "FN;CHARSET=utf-7:+AD", "FN;ENCODING=B:////", ";", ":"]
)  # fmt: skip


@given(st.lists(LINES, max_size=30))
def test_any_order_of_lines(lines: list[str]) -> None:
    for found in read("BEGIN:VCARD\n" + "\n".join(lines)):
        assert label(found.name) == found.name


@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    people(data, "", "1")
    people(b"BEGIN:VCARD\r\n" + data, "gbk", "1")
