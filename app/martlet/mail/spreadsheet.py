"""Tables as spreadsheets export them (CSV, RFC 4180, and what Excel and WPS make of it). Pure.

Encoding, delimiter and whether the first row is a head are guessed, and can be told. Bounded: what
is larger than a mail merge can be is refused in one sentence.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from martlet.mail.errors import Refused
from martlet.mail.merge import looks_like_address

MOST_BYTES = 32 << 20
MOST_ROWS = 20_000
MOST_COLUMNS = 200
MOST_CELLS = 500_000
LONGEST_CELL = 100_000

DELIMITERS = (",", ";", "\t", "|")
ENCODINGS = ("utf-8", "utf-16", "gb18030", "big5", "cp1252", "shift_jis", "euc-kr", "cp1251")

_GUESSED_FROM = 1 << 16
_SEP = re.compile(r"\Asep=(.)\r?\n", re.IGNORECASE)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Table:
    """rows: each has every column. headed: the first row of the file is its head.

    longer: so many rows had more cells than there are columns, which are left out.
    """

    columns: tuple[str, ...]
    rows: tuple[dict[str, str], ...]
    encoding: str
    delimiter: str
    headed: bool
    longer: int = 0


def read_table(
    data: bytes, *, encoding: str = "", delimiter: str = "", headed: bool | None = None
) -> Table:
    """The table in a file; what is not told is guessed. Refused for what is none, or too large."""
    if len(data) > MOST_BYTES:
        raise Refused(f"This file is too large: at most {MOST_BYTES >> 20} MB can be read.")
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Refused("This is a spreadsheet. Save it as CSV in its program, and choose that file.")
    encoding = encoding or guess_encoding(data)
    text = _CONTROLS.sub("", _decoded(data, encoding))
    told = _SEP.match(text)
    if told:
        text = text[told.end() :]
        delimiter = delimiter or told[1]
    delimiter = delimiter or guess_delimiter(text)
    cells = _filled_rows(text, delimiter)
    if not cells:
        raise Refused("There are no rows in this file.")
    if headed is None:
        headed = not any(map(looks_like_address, cells[0]))
    columns = _columns(cells, headed)
    body = cells[1:] if headed else cells
    rows = tuple(
        {column: row[at] if at < len(row) else "" for at, column in enumerate(columns)}
        for row in body
    )
    longer = sum(1 for row in body if len(row) > len(columns))
    return Table(columns, rows, encoding, delimiter, headed, longer)


def guess_encoding(data: bytes) -> str:
    """One of ENCODINGS: by its mark, by its zeros, by what it can be."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    some = data[:_GUESSED_FROM]
    if some.count(0) * 4 > len(some):
        return "utf-16"
    if data.startswith(codecs.BOM_UTF8) or _is_utf8(some):
        return "utf-8"
    if _is_chinese(some):
        return "gb18030"
    return next((name for name, usual in _EASTERN if _is_written(some, name, usual)), "cp1252")


def guess_delimiter(text: str) -> str:
    """The one that divides most rows into the same number of cells."""
    best, best_score = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        counts = [
            len(row)
            for row, _ in zip(_rows(text[:_GUESSED_FROM], delimiter), range(50), strict=False)
        ]
        counts = [count for count in counts if count]
        if not counts or max(counts) < 2:
            continue
        usual = max(set(counts), key=lambda n: (counts.count(n), n))
        score = (counts.count(usual) / len(counts) if usual > 1 else 0.0, usual)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _decoded(data: bytes, encoding: str) -> str:
    if encoding == "utf-16" and not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        # Without a mark: ASCII's zeros stand at odd places in little endian.
        encoding = (
            "utf-16-le" if data[1:2000:2].count(0) >= data[0:2000:2].count(0) else "utf-16-be"
        )
    elif encoding == "utf-8":
        encoding = "utf-8-sig"
    try:
        return data.decode(encoding, "replace")
    except LookupError:
        raise Refused(f"“{encoding[:40]}” is no encoding that is known here.") from None


def _is_utf8(data: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        return False
    return True


def _is_chinese(data: bytes) -> bool:
    try:
        text = codecs.getincrementaldecoder("gb18030")().decode(data)
    except UnicodeDecodeError:
        return False
    foreign = [char for char in text if ord(char) > 127]
    usual = sum(1 for char in foreign if _is_gb2312(char))
    # Words in a Western encoding seldom pair their accents, and then make rare characters.
    return bool(foreign) and usual * 2 >= len(foreign)


def _is_written(data: bytes, encoding: str, usual: Callable[[str], bool]) -> bool:
    """Whether all of it can be this encoding, and is what is written there: words of several
    characters, most of them usual."""
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(data)
    except UnicodeDecodeError:
        return False
    words = _FOREIGN.findall(text)
    foreign = "".join(words)
    # An accent with the letter behind it makes one character, and they stand alone.
    return len(foreign) > len(words) and sum(map(usual, foreign)) * 2 >= len(foreign)


def _is_traditional(char: str) -> bool:
    """Of the 5,401 usual characters, which stand first in Big5."""
    return b"\xa4\x40" <= char.encode("big5", "replace") <= b"\xc6\x7e"


def _is_japanese(char: str) -> bool:
    """Kana, or of the 2,965 usual characters, which stand first in JIS."""
    return "\u3041" <= char <= "\u30fc" or (
        b"\x88\x9f" <= char.encode("shift_jis", "replace") <= b"\x98\x72"
    )


_FOREIGN = re.compile(r"[^\x00-\x7f]+")
_EASTERN = (("shift_jis", _is_japanese), ("big5", _is_traditional))


def _is_gb2312(char: str) -> bool:
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    """Rows until the end, or until quotes are not closed."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    while True:
        try:
            row = next(reader, None)
        except csv.Error:
            return
        if row is None:
            return
        yield row


def _filled_rows(text: str, delimiter: str) -> list[list[str]]:
    found: list[list[str]] = []
    total = 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise Refused(f"The row in line {line} cannot be read.", str(error)) from error
        if row is None:
            return found
        if not any(cell.strip() for cell in row):
            continue
        if max(map(len, row)) > LONGEST_CELL:
            raise Refused(f"A quotation mark that begins in line {line} does not end.")
        if len(row) > MOST_COLUMNS:
            raise Refused(f"At most {MOST_COLUMNS} columns can be read.")
        total += len(row)
        if len(found) > MOST_ROWS or total > MOST_CELLS:
            raise Refused(f"This table is too large: at most {MOST_ROWS} rows can be read.")
        found.append([cell.replace("\r\n", "\n").replace("\r", "\n").strip() for cell in row])


def _columns(cells: Sequence[Sequence[str]], headed: bool) -> tuple[str, ...]:
    """The head, each name once; without one, letters as a spreadsheet has them."""
    width = len(cells[0]) if headed else max(map(len, cells))
    found: list[str] = []
    for at in range(width):
        name = " ".join(cells[0][at].split())[:100] if headed else ""
        name = re.sub(r"[{}|<>]", "", name) or _letter(at)
        number, once = 2, name
        while name in found:
            name = f"{once} {number}"
            number += 1
        found.append(name)
    return tuple(found)


def _letter(at: int) -> str:
    return chr(65 + at) if at < 26 else f"{_letter(at // 26 - 1)}{chr(65 + at % 26)}"
