"""The source and the headers of a message as text that can be looked at safely. Pure.

Controls and what turns text round are shown as signs, so that what is seen is what is there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_LONG_LINE = 2000
_CONTROLS = {code: 0x2400 + code for code in range(32) if code not in (9, 10, 13)}
_CONTROLS[0x7F] = 0x2421
_HIDDEN = (
    0xAD, 0x61C, 0x180E, *range(0x200B, 0x2010), *range(0x2028, 0x202F), *range(0x2060, 0x2070),
    0xFEFF,
)  # fmt: skip
_SIGNS: dict[int, int | str] = {
    **_CONTROLS,
    **{code: f"\\u{code:04x}" for code in _HIDDEN},
    **{code: f"\\x{code:02x}" for code in range(0x80, 0xA0)},
}
_LINE = re.compile(rf"[^\n]{{{_LONG_LINE}}}(?=[^\n])")
# The clauses of a Received field (RFC 5321, 4.4), but not inside comments.
_CLAUSE = re.compile(r"\s+(?=(?:from|by|via|with|id|for)\s)", re.IGNORECASE)
_MOST_HEADERS = 2000
_LONGEST = 20_000
_MOST_TEXT = 400_000
# No server writes longer ones.
_LONGEST_TRACE = 4000


def source_text(raw: bytes) -> str:
    """These bytes as text: UTF-8 where they are, else as \\xNN; lines too long are broken."""
    text = raw.decode("utf-8", "backslashreplace").replace("\r\n", "\n").replace("\r", "\n")
    return _LINE.sub(lambda found: found[0] + "\n", text.translate(_SIGNS))


def header_text(headers: Sequence[tuple[str, str]]) -> str:
    """Every header, decoded, in order: "Name: value". Of Received each clause has a line."""
    lines: list[str] = []
    shown = size = 0
    for name, value in headers[:_MOST_HEADERS]:
        if size > _MOST_TEXT:
            break
        shown += 1
        size += len(name) + min(len(value), _LONGEST)
        told = " ".join(value[:_LONGEST].split()).translate(_SIGNS)
        name = name[:_LONGEST].translate(_SIGNS)
        if name.casefold() == "received" and len(told) <= _LONGEST_TRACE:
            clauses = received(told)
            lines.append(f"{name}: {clauses[0]}")
            lines.extend(f"    {clause}" for clause in clauses[1:])
        else:
            lines.append(f"{name}: {told}")
        if len(value) > _LONGEST:
            lines.append("    …")
    if len(headers) > shown:
        lines.append("…")
    return _LINE.sub(lambda found: found[0] + "\n    ", "\n".join(lines))


def received(value: str) -> list[str]:
    """From, by, with, id, for and the date of one Received field, each by itself."""
    trace, semicolon, date = value.rpartition(";")
    if not semicolon:
        trace, date = value, ""
    pieces: list[str] = []
    depth, last = 0, 0
    for at, char in enumerate(trace):
        if char == "(":
            depth += 1
        elif char == ")":
            depth = max(0, depth - 1)
        elif char == " " and not depth and _CLAUSE.match(trace, at):
            pieces.append(trace[last:at].strip())
            last = at
    pieces.append(trace[last:].strip())
    pieces.append(date.strip())
    return [piece for piece in pieces if piece] or [""]
