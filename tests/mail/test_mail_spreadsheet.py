"""Tables from files: encodings, delimiters, heads, quotes, and what is refused."""

from __future__ import annotations

import codecs
import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.mail.errors import Refused
from martlet.mail.spreadsheet import Table, read_table

CHINESE = "姓名,邮箱,公司\r\n王小明,wang@example.cn,北京大学出版社\r\n李雷,li@example.cn,华为\r\n"
GERMAN = "Name;E-Mail;Straße\r\nJörg Müßig;joerg@example.de;Große Gasse 1\r\n"


def rows(table: Table) -> list[list[str]]:
    return [list(row.values()) for row in table.rows]


@pytest.mark.parametrize(
    ("data", "encoding", "delimiter"),
    [
        (CHINESE.encode(), "utf-8", ","),
        (codecs.BOM_UTF8 + CHINESE.encode(), "utf-8", ","),
        (CHINESE.encode("gb18030"), "gb18030", ","),
        (codecs.BOM_UTF16_LE + CHINESE.replace(",", "\t").encode("utf-16-le"), "utf-16", "\t"),
        (codecs.BOM_UTF16_BE + CHINESE.encode("utf-16-be"), "utf-16", ","),
    ],
)
def test_chinese_exports_of_excel_and_wps(data: bytes, encoding: str, delimiter: str) -> None:
    table = read_table(data)
    assert (table.encoding, table.delimiter, table.headed) == (encoding, delimiter, True)
    assert table.columns == ("姓名", "邮箱", "公司")
    assert rows(table)[1] == ["李雷", "li@example.cn", "华为"]


def test_german_excel_in_its_own_code_page() -> None:
    table = read_table(GERMAN.encode("cp1252"))
    assert (table.encoding, table.delimiter) == ("cp1252", ";")
    assert rows(table) == [["Jörg Müßig", "joerg@example.de", "Große Gasse 1"]]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("姓名,郵箱\r\n陳大文,chan@example.hk\r\n黃小明,wong@example.hk\r\n", "big5"),
        ("名前,メール\r\n山田太郎,yamada@example.jp\r\n", "shift_jis"),
        ("お名前,住所\r\n佐藤花子,東京都千代田区\r\n", "shift_jis"),
        ("Name,Mail\r\nÄrzte,a@example.de\r\nÅsa Ångström,b@example.se\r\n", "cp1252"),
        ("Nom,Mél\r\nFrançois Lefèvre à Orléans,f@example.fr\r\n", "cp1252"),
        ("Nome;Cidade\r\nJoão Conceição;São Paulo\r\n", "cp1252"),
    ],
)
def test_code_pages_of_other_places(text: str, encoding: str) -> None:
    table = read_table(text.encode(encoding))
    assert table.encoding == encoding
    assert [*table.columns, *rows(table)[0]] == re.split("[,;\r\n]+", text.strip())[:4]


def test_words_of_other_languages_in_a_chinese_table() -> None:
    table = read_table("姓名,邮箱,sum\r\nBruno Öß,b@example.org,5 €\r\n".encode("gb18030"))
    assert table.encoding == "gb18030"
    assert rows(table) == [["Bruno Öß", "b@example.org", "5 €"]]


def test_utf_16_without_its_mark() -> None:
    assert rows(read_table("a,b\r\n1,2\r\n".encode("utf-16-le"))) == [["1", "2"]]
    assert rows(read_table("a,b\r\n1,2\r\n".encode("utf-16-be"))) == [["1", "2"]]


def test_the_line_by_which_excel_is_told_the_delimiter() -> None:
    assert rows(read_table(b"sep=|\r\na|b,c\r\n1|2,3\r\n")) == [["1", "2,3"]]


def test_quotes_newlines_blank_rows_and_missing_cells() -> None:
    table = read_table(
        b'name,text\r\n"Berg, Anna","two\r\nlines ""so"""\r\n,\r\n\r\nBob\r\nC,d,e\r\n'
    )
    assert rows(table) == [["Berg, Anna", 'two\nlines "so"'], ["Bob", ""], ["C", "d"]]
    assert table.longer == 1


def test_without_a_head_columns_are_called_as_in_a_spreadsheet() -> None:
    table = read_table(b"Anna,a@example.org\nBob,b@example.org\n")
    assert (table.columns, table.headed, len(table.rows)) == (("A", "B"), False, 2)
    assert read_table(b"Anna,a@example.org\n", headed=True).columns == ("Anna", "a@example.org")


def test_columns_of_one_name_and_of_none() -> None:
    assert read_table(b"name,name,,{{x}}\n1,2,3,4\n").columns == ("name", "name 2", "C", "x")


@pytest.mark.parametrize(
    "data",
    [b"", b"\n\n , \n", b"PK\x03\x04...", b"a,b\n" * 20_002, b'a,b\n"' + b"x" * 200_000],
    ids=["empty", "blank", "workbook", "long", "unclosed"],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(data: bytes) -> None:
    with pytest.raises(Refused) as refused:
        read_table(data)
    assert refused.value.summary.endswith(".")


def test_an_unknown_encoding_is_refused() -> None:
    with pytest.raises(Refused):
        read_table(b"a,b", encoding="klingon")


cell = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12).map(str.strip)


@given(st.lists(st.tuples(cell, cell, cell), min_size=1, max_size=8))
def test_what_csv_writes_comes_back(cells: list[tuple[str, str, str]]) -> None:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([("one", "two", "three"), *cells])
    table = read_table(out.getvalue().encode(), encoding="utf-8", delimiter=",", headed=True)
    assert rows(table) == [list(row) for row in cells if any(row)]


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        table = read_table(data)
    except Refused:
        return
    assert all(tuple(row) == table.columns for row in table.rows)
