"""Printing: JSON lines for programs, tables for people, nothing that steers a terminal."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

_UNSAFE = {code for code in (*range(32), *range(127, 160), 0x2028, 0x2029)}
_UNSAFE |= {*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C}
_ESCAPED = {code: f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" for code in _UNSAFE}
_ONE_LINE = _ESCAPED | {code: " " for code in map(ord, "\t\r\n\x0b\x0c\x85\u2028\u2029")}
_IN_JSON = {code: f"\\u{code:04x}" for code in _UNSAFE if code > 126}
_SEVERAL_LINES = {code: to for code, to in _ESCAPED.items() if code not in (9, 10)}


def one_line(text: str) -> str:
    """Text from outside, fit for a line: line breaks are spaces, what steers a terminal or
    turns the direction of writing is escaped."""
    return text.translate(_ONE_LINE)


def for_terminal(text: str) -> str:
    """Several lines from outside, with what steers a terminal escaped."""
    return text.replace("\r\n", "\n").translate(_SEVERAL_LINES)


def text(value: str) -> None:
    """Prints mail text: as it is into a file or pipe, escaped on a terminal."""
    if sys.stdout.isatty():
        value = for_terminal(value)
    sys.stdout.write(value if value.endswith("\n") else value + "\n")


def raw(value: bytes) -> None:
    """Prints bytes unchanged, but on a terminal as escaped text."""
    if sys.stdout.isatty():
        text(value.decode("utf-8", "replace"))
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(value)
    sys.stdout.buffer.flush()


def say(sentence: str) -> None:
    """Prints one line for a person."""
    print(one_line(sentence))


def error(sentence: str) -> None:
    """Prints one line on stderr."""
    print(f"martlet: {one_line(sentence)}", file=sys.stderr)


def objects(rows: Iterable[dict[str, object]]) -> None:
    """One JSON object a line, UTF-8."""
    import json

    encode = json.JSONEncoder(ensure_ascii=False).encode
    for row in rows:
        sys.stdout.write(json_line(encode(row)))


def json_line(encoded: str) -> str:
    """What JSON leaves as it is may still steer a terminal."""
    return encoded.translate(_IN_JSON) + "\n"


def iso(seconds: float | None) -> str | None:
    """ISO 8601 in UTC to the second, or None for no date or one out of the calendar."""
    if seconds is None:
        return None
    try:
        moment = datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None
    return moment.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def local_date(seconds: float | None) -> str:
    """The date as it is here, to the minute."""
    try:
        moment = datetime.fromtimestamp(seconds or 0.0)
    except (OverflowError, ValueError, OSError):
        return ""
    return moment.strftime("%Y-%m-%d %H:%M") if seconds else ""


def width(text: str) -> int:
    """Terminal columns (UAX 11: wide and fullwidth take two, combining marks none)."""
    if text.isascii():
        return len(text)
    return sum(_columns(char) for char in text)


def _columns(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def cut(text: str, columns: int) -> str:
    """At most that many columns, with an ellipsis where something was left out."""
    if width(text) <= columns:
        return text
    kept, used = [], 0
    for char in text:
        used += _columns(char)
        if used > columns - 1:
            break
        kept.append(char)
    return "".join(kept) + "…"


def size(octets: int) -> str:
    """A size in words, e.g. "3.4 kB"."""
    if octets < 1000:
        return f"{octets} B"
    unit, amount = next(
        (unit, octets / scale)
        for unit, scale in (("kB", 1e3), ("MB", 1e6), ("GB", 1e9))
        if octets < 999.5 * scale or unit == "GB"
    )
    return f"{amount:.1f} {unit}" if amount < 9.95 else f"{amount:.0f} {unit}"


def table(
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    right: frozenset[int] = frozenset(),
    headed: bool = False,
    empty: str = "",
) -> None:
    """Prints aligned columns; on a terminal the last one is cut at its edge, and the head is shown.

    headed: it is shown elsewhere, too. empty: what is said where there are no rows.
    """
    if not rows:
        if empty:
            say(empty)
        return
    cells = [[one_line(cell) for cell in row] for row in rows]
    widths = [max(width(row[i]) for row in [head, *cells]) for i in range(len(head))]
    if sys.stdout.isatty():
        import shutil

        before = sum(widths[:-1]) + 2 * (len(head) - 1)
        widths[-1] = max(shutil.get_terminal_size().columns - before, 10)
    for row in ([list(head)] if headed or sys.stdout.isatty() else []) + cells:
        line = []
        for i, cell in enumerate(row):
            shown = cut(cell, widths[i])
            gap = " " * (widths[i] - width(shown))
            line.append(gap + shown if i in right else shown + gap)
        print("  ".join(line).rstrip())


def count(number: int, what: str) -> str:
    """ "1 message", "2 messages"."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
