"""format=flowed (RFC 3676): joined for reading, wrapped for sending.

What is wrapped are paragraphs, at spaces: an address of the web stays whole, and text without
spaces (Chinese, Japanese) stays in one line, which the transfer encoding breaks and every reader
shows wrapped. DelSp is never sent: see decisions/0027.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterator, Mapping

WIDTH = 72
# Quoted lines are left as they came as long as all readers show them in one.
_QUOTED_WIDTH = 98
_NARROWEST = 20
_QUOTE = re.compile(r">+")
_MARKS = re.compile(r"(?:> ?)+")
_SIGNATURE = "-- "
# Code, tables and what else has a shape: broken, it would mean something else.
_SHAPED = re.compile(r" {4}|\t|[^\s.!?:;,] {2,}\S|[|+][-=|+ ]")
_SHAPED_QUOTE = re.compile(r"[ \t]|[+-](?=\S)|@@ |[^\s.!?:;,] {2,}\S")
_HUNK = re.compile(r"^@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@", re.MULTILINE)
_IN_PATCH = re.compile(
    r"[ +@\\]|-(?!- \Z)|===|"
    r"(?:diff|index|Index:|new|deleted|old|similarity|rename|copy|Binary|GIT)\b"
)
_STUFFED = (" ", ">", "From ")
NOTHING: frozenset[int] = frozenset()


def unflow(text: str, delsp: bool = False) -> str:
    """Joins flowed lines. delsp: DelSp=yes, the space at the line's end is not part of the text."""
    out: list[str] = []
    joining: list[str] | None = None
    level = 0
    for line in text.split("\n"):
        match = _QUOTE.match(line)
        depth = match.end() if match else 0
        rest = line[depth:]
        if rest.startswith(" "):  # stuffed
            rest = rest[1:]
        flows = rest.endswith(" ") and rest != _SIGNATURE
        if joining is not None and (depth != level or rest == _SIGNATURE):
            out.append(_quoted(level, "".join(joining)))
            joining = None
        if flows and delsp:
            rest = rest[:-1]
        if joining is None:
            joining, level = [rest], depth
        else:
            joining.append(rest)
        if not flows:
            out.append(_quoted(level, "".join(joining)))
            joining = None
    if joining is not None:
        out.append(_quoted(level, "".join(joining)))
    return "\n".join(out)


def _quoted(level: int, text: str) -> str:
    return f"{'>' * level} {text}" if level and text else ">" * level + text


def flow(
    text: str,
    width: int = WIDTH,
    unbroken: Container[int] = NOTHING,
    depths: Mapping[int, int] | None = None,
) -> str:
    """Wraps paragraphs with soft line ends and stuffs what needs it (RFC 3676, 4.2 and 4.4).

    unbroken: numbers of lines that are left in one, as are those of a shape of their own.
    depths: how deep lines are quoted, each level by "> "; no other is. None: by their marks.
    """
    out: list[str] = []
    for number, line in enumerate(text.split("\n")):
        if line == _SIGNATURE:
            out.append(line)
            continue
        depth, rest = _unquoted(line) if depths is None else _at_depth(line, depths.get(number, 0))
        prefix = ">" * depth + " " if depth else ""
        if depth:
            whole = len(line) <= _QUOTED_WIDTH or _SHAPED_QUOTE.match(rest) is not None
        else:
            whole = number in unbroken or _SHAPED.search(rest) is not None
        pieces = [rest] if whole else _wrapped(rest, max(_NARROWEST, width - len(prefix)))
        for piece in pieces:
            stuffing = " " if not depth and piece.startswith(_STUFFED) else ""
            out.append((prefix + stuffing + piece) if piece else prefix.rstrip())
    return "\n".join(out)


def _unquoted(line: str) -> tuple[int, str]:
    """How deep a line is quoted by its marks, and what it says."""
    match = _MARKS.match(line)
    if match is None:
        return 0, line.rstrip(" ")
    return match[0].count(">"), line[match.end() :].rstrip(" ")


def _at_depth(line: str, depth: int) -> tuple[int, str]:
    return depth, line[2 * depth :].rstrip(" ")


def has_patch(text: str) -> bool:
    """Whether there is a patch among the writer's own lines. Its spaces at line ends mean
    something, which flowed text takes for soft ends: such a letter is sent as fixed lines.
    """
    return _HUNK.search(text) is not None


def fixed(text: str, width: int = WIDTH) -> str:
    """A letter with a patch: prose broken for good, the patch and quoted lines as they are."""
    out: list[str] = []
    lines = text.split("\n")
    inside = False
    for number, line in enumerate(lines):
        after = lines[number + 1] if number + 1 < len(lines) else ""
        begins = _HUNK.match(line) or line.startswith(("diff --git ", "Index: "))
        if begins or (line.startswith("--- ") and after.startswith("+++ ")):
            inside = True
        elif not (_IN_PATCH.match(line) or (not line and _IN_PATCH.match(after))):
            inside = False
        if inside or line == _SIGNATURE or line.startswith(">") or _SHAPED.search(line):
            out.append(line)
        else:
            out += [piece.rstrip(" ") for piece in _wrapped(line, width)]
    return "\n".join(out)


def _wrapped(line: str, width: int) -> list[str]:
    """Pieces that end in a space but for the last; together they are the line."""
    pieces: list[str] = []
    current, columns = "", 0
    for word in _words(line):
        size = _columns(word)
        bare = size - (len(word) - len(word.rstrip(" ")))
        # A soft end that leaves "-- " alone would begin a signature
        alone = current == _SIGNATURE or not current.strip(" ")
        if current and columns + bare > width and not alone:
            pieces.append(current)
            current, columns = "", 0
        current += word
        columns += size
    return [*pieces, current]


def _words(line: str) -> Iterator[str]:
    """Words with the spaces behind them; the first with those before it."""
    start = 0
    for match in re.finditer(r"(?<=\S) +", line):
        yield line[start : match.end()]
        start = match.end()
    if start < len(line) or not line:
        yield line[start:]


def _columns(text: str) -> int:
    """How wide it is where every letter is as wide as another, or twice as wide."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
