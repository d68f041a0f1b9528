"""BODYSTRUCTURE as servers send it, and as they should not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.mail.sync import BodyPart
from martlet.net import charsets
from martlet.net.imap_cursor import Structure, values
from martlet.net.imap_skeleton import PARTS_LIMIT, skeleton
from martlet.net.imap_structure import attachments_hint
from martlet.net.imap_wire import Fetch, Parser

TEXT = b'("TEXT" "PLAIN" ("CHARSET" "utf-8") NIL NIL "QUOTED-PRINTABLE" 10 1 NIL NIL NIL NIL)'
PDF = (
    b'("application" "pdf" ("name" "a.pdf") "<c@x>" "words" "base64" 99 NIL '
    b'("ATTACHMENT" ("filename" "b.pdf")) NIL NIL)'
)


def read(structure: bytes) -> BodyPart:
    part = skeleton(Structure(structure, ()))
    assert part is not None
    return part


def outline(part: BodyPart) -> list[str]:
    return [f"{part.section}:{part.content_type}", *(x for c in part.children for x in outline(c))]


def test_a_single_part() -> None:
    part = read(TEXT)
    assert part == BodyPart("1", "text/plain", {"charset": "utf-8"}, "quoted-printable", 10)


def test_an_attachment() -> None:
    part = read(PDF)
    assert (part.content_id, part.disposition, part.filename) == ("<c@x>", "attachment", "b.pdf")
    assert (part.encoding, part.size, part.parameters) == ("base64", 99, {"name": "a.pdf"})


def test_numbers_of_parts() -> None:
    html = TEXT.replace(b"PLAIN", b"HTML")
    alternative = b"(" + TEXT + html + b' "ALTERNATIVE" ("boundary" "b") NIL NIL NIL)'
    envelope = b'("date" "subject" NIL NIL NIL NIL NIL NIL NIL "<id>")'
    inner = b"(" + TEXT + PDF + b' "MIXED" ("boundary" "c") NIL NIL NIL)'
    forwarded = b'("MESSAGE" "RFC822" NIL NIL NIL "7BIT" 500 %s %s 20 NIL NIL NIL NIL)'
    parts = alternative + forwarded % (envelope, inner) + forwarded % (envelope, TEXT) + PDF
    whole = b"(" + parts + b' "MIXED" ("boundary" "a") NIL NIL NIL)'
    assert outline(read(whole)) == [
        ":multipart/mixed",
        "1:multipart/alternative",
        "1.1:text/plain",
        "1.2:text/html",
        "2:message/rfc822",
        "2.TEXT:multipart/mixed",
        "2.1:text/plain",
        "2.2:application/pdf",
        "3:message/rfc822",
        "3.1:text/plain",
        "4:application/pdf",
    ]
    assert read(whole).parameters == {"boundary": "a"}
    assert outline(read(forwarded % (envelope, inner)))[:2] == [
        "1:message/rfc822",
        "1.TEXT:multipart/mixed",
    ]


@pytest.mark.parametrize(
    ("structure", "lines"),
    [
        # No extension data, no boundary (Exchange).
        (b"(" + TEXT[:-17] + b')"mixed")', [":multipart/mixed", "1:text/plain"]),
        # An empty list where a part should be keeps its number (Yandex, GMX).
        (
            b"(" + TEXT + b"()" + PDF + b' "mixed")',
            [":multipart/mixed", "1:text/plain", "2:application/octet-stream", "3:application/pdf"],
        ),
        (b'(() "mixed" ("boundary" "b") NIL NIL)', [":multipart/mixed", "1:application/oct"]),
        # NIL in place of all parts (Domino), or of one.
        (b'(NIL "alternative" NIL NIL NIL)', [":multipart/alternative"]),
        (b"(" + TEXT + b'NIL "mixed")', [":multipart/mixed", "1:text/plain", "2:application/oct"]),
        # NIL for types.
        (b'(NIL NIL NIL NIL NIL "base64" 3)', ["1:application/octet-stream"]),
        (b'(NIL "plain" NIL NIL NIL NIL NIL)', ["1:text/plain"]),
        (b'("text" NIL NIL NIL NIL "7bit" 3 1)', ["1:text/octet-stream"]),
        # No subtype at all.
        (b"(" + TEXT + PDF + b")", [":multipart/mixed", "1:text/plain", "2:application/pdf"]),
        (b'("application")', ["1:application/octet-stream"]),
        # A message without envelope and body.
        (b'("message" "rfc822" NIL NIL NIL "7bit" 5)', ["1:message/rfc822"]),
        (b'("message" "rfc822" NIL NIL NIL "7bit" 5 NIL NIL 3)', ["1:message/rfc822"]),
        (b'("message" "rfc822" NIL NIL NIL "7bit" 5 (NIL) ())', ["1:message/rfc822", "1.1:"]),
        (b'("te xt" "pl(ain" NIL NIL NIL "7bit" 5)', ["1:application/octet-stream"]),
    ],
)
def test_what_can_be_used_is_taken(structure: bytes, lines: list[str]) -> None:
    found = outline(read(structure))
    assert len(found) == len(lines)
    assert all(line.startswith(wanted) for line, wanted in zip(found, lines, strict=True))


def test_fields_left_out_or_in_quotes() -> None:
    quoted = read(b'("image" "png" NIL NIL NIL "base64" "1234" NIL ("inline" NIL))')
    assert (quoted.size, quoted.disposition, quoted.encoding) == (1234, "inline", "base64")
    missing = read(b'("image" "png" ("name" "l.png") "base64" 77 NIL "attachment")')
    assert (missing.size, missing.encoding, missing.filename) == (77, "base64", "l.png")
    assert missing.disposition == "attachment"
    nothing = read(b'("image" "png" NIL NIL NIL NIL NIL)')
    assert (nothing.size, nothing.encoding) == (0, "")
    odd = read(b'("image" "png" ("name" NIL NIL "x" "type") NIL NIL "x-odd" 99999999999999999999)')
    assert (odd.size, odd.encoding, odd.parameters) == (0, "x-odd", {})


@pytest.mark.parametrize("structure", [b"", b"()", b"NIL", b"(", b"(((", b'"x"', b"(" * 10_000])
def test_what_is_of_no_use(structure: bytes) -> None:
    assert skeleton(Structure(structure, ())) is None


def test_more_parts_than_a_message_has() -> None:
    assert skeleton(Structure(b"(" + TEXT * PARTS_LIMIT + b' "mixed")', ())) is None


@pytest.mark.parametrize(
    ("parameters", "name"),
    [
        (b'"filename" "=?utf-8?B?w7xiZXIucGRm?="', "über.pdf"),
        (b'"filename" "=?iso-8859-1?q?=FC_b?= =?utf-8?q?er?="', "ü ber"),
        (b'"filename*" "utf-8\'de\'%C3%BCber.pdf"', "über.pdf"),
        (b'"filename*" "windows-1252\'\'%80.txt"', "€.txt"),
        (b'"filename*" "nonsense\'\'%C3%BC"', "ü"),
        (b'"filename*" "%FF"', "ÿ"),
        (b'"filename*0*" "utf-8\'\'%C3%BC" "filename*1" "ber" "filename*2*" "%2Epdf"', "über.pdf"),
        (b'"filename*0" "a" "filename*2" "c"', "a"),
        (b'"filename" "=?utf-8?B?!?="', "=?utf-8?B?!?="),
        (b'"FILENAME" "a\\"b\\\\c"', 'a"b\\c'),
        (b'"filename" "a\x00\xe2\x80\xaeb"', "a b"),
        (b'"filename" "\xfc"', "ü"),
        (b'"name" "x"', "fallback"),
    ],
)
def test_names_of_files(parameters: bytes, name: str) -> None:
    part = read(
        b'("a" "b" ("name" "fallback") NIL NIL "7bit" 1 NIL ("attachment" (' + parameters + b")))"
    )
    assert part.filename == name


VALUES = st.recursive(
    st.sampled_from(
        [b"NIL", b'""', b'"text"', b'"plain"', b'"message"', b'"rfc822"', b"7", b'"mixed"', TEXT]
    ),
    lambda inner: st.lists(inner, max_size=9).map(lambda some: b"(" + b" ".join(some) + b")"),
    max_leaves=40,
)


@given(VALUES)
def test_any_lists_are_borne(structure: bytes) -> None:
    part = skeleton(Structure(structure, ()))
    if part is not None:
        sections = [line.partition(":")[0] for line in outline(part)]
        assert len(set(sections)) == len(sections)
    attachments_hint(Structure(structure, ()))


@given(st.binary(max_size=80))
def test_any_bytes_are_borne(raw: bytes) -> None:
    skeleton(Structure(b"(" + raw + b")", ()))


def fetched(data: bytes) -> Fetch:
    parser = Parser()
    parser.feed(data)
    response = parser.next()
    assert isinstance(response, Fetch)
    assert parser.next() is None
    return response


@pytest.mark.parametrize(
    "structure",
    [
        b'("text" "plain" ("name" "a"b.txt") NIL NIL "7bit" 1 1)',
        b'("text" "plain" ("name" "(a" b (") NIL NIL "7bit" 1 1)',
        b'("text" "plain" ("name" "a") b.txt") NIL NIL "7bit" 1 1)',
        b'("text" "plain" ("name" "a\\") NIL NIL "7bit" 1 1)',
        b'("text" "plain" ("name" "x" UID 99 FLAGS (\\Deleted) ") NIL NIL "7bit" 1 1)',
        b'(("text" "plain" NIL NIL NIL "7bit" 1 1)',
    ],
)
def test_unescaped_quotes_cost_the_structure_only(structure: bytes) -> None:
    before = fetched(b"* 1 FETCH (UID 4 FLAGS (\\Seen) BODYSTRUCTURE " + structure + b")\r\n")
    assert before.uid == 4
    between = fetched(
        b"* 1 FETCH (UID 4 BODYSTRUCTURE " + structure + b" BODY[HEADER.FIELDS (X)] {2}\r\nab)\r\n"
    )
    assert between.uid == 4
    assert between.sections == {"BODY[HEADER.FIELDS]": b"ab"}


def test_nested_ten_thousand_deep() -> None:
    deep = b"(" * 10_000 + TEXT + b")" * 10_000
    found = fetched(b"* 1 FETCH (UID 4 BODYSTRUCTURE " + deep + b" BODY[] {1}\r\nx)\r\n")
    assert found.sections == {"BODY[]": b"x"}
    assert found.structure is not None
    assert skeleton(found.structure) is None
    assert attachments_hint(found.structure) == 0


def test_literals_in_a_structure_are_its_own() -> None:
    found = fetched(
        b'* 1 FETCH (BODYSTRUCTURE ("text" "plain" ("name" {3}\r\na"b) NIL NIL "7bit" 1 1) '
        b"BODY[] {1}\r\nx UID 3)\r\n"
    )
    assert found.structure is not None
    assert values(found.structure)
    part = skeleton(found.structure)
    assert part is not None
    assert part.filename == 'a"b'
    assert (found.uid, found.sections) == (3, {"BODY[]": b"x"})


@pytest.mark.parametrize(
    "charset", ["utf-8", "UTF_8", "iso-8859-1", "l1", "ks_c_5601-1987", "cp1252"]
)
def test_charsets_by_their_many_names(charset: str) -> None:
    assert charsets.read("Uber".encode(charset), charset) == "Uber"


@pytest.mark.parametrize(
    ("charset", "raw", "text"),
    [
        ("iso-8859-2", b"\xb1", "ą"),
        ("windows-1251", b"\xdf", "Я"),
        ("koi8-r", b"\xd1", "я"),
        ("x-odd", b"\xc3\xbc", "ü"),
        ("gb18030", "中".encode("gb18030"), "中"),
        ("iso-2022-jp", "あ".encode("iso2022_jp"), "あ"),
        ("us-ascii", b"\xc3\xbc", "ü"),
        ("utf-16", b"\x00", "\0"),
        ("rot13", b"abc", "abc"),
        ("unicode_escape", b"\\x41", "\\x41"),
        ("punycode", b"bcher-kva", "bcher-kva"),
        ("idna", b"xn--bcher-kva", "xn--bcher-kva"),
        ("hex", b"41", "41"),
        ("", b"a", "a"),
        ("../x\0", b"a", "a"),
    ],
)
def test_only_charsets_of_mail_are_read(charset: str, raw: bytes, text: str) -> None:
    assert charsets.read(raw, charset) == text


@pytest.mark.parametrize("charset", ["punycode", "idna", "unicode_escape", "utf-7", "hz", "utf-8"])
def test_a_long_name_is_cut_before_it_is_read(charset: str) -> None:
    said = charset.encode() + b"''" + b"b" * 400_000 + b"-" + b"a9" * 400_000
    part = read(b'("a" "b" ("name*" "' + said + b'") NIL NIL "7bit" 1)')
    assert part.filename.startswith("bbb")
    assert max(map(len, part.parameters.values())) <= 4096
    pieces = b" ".join(b'"name*%d" "%s"' % (number, b"b" * 9000) for number in range(200))
    assert read(b'("a" "b" (' + pieces + b') NIL NIL "7bit" 1)').filename.startswith("bbb")
