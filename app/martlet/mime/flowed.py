"""format=flowed (RFC 3676): joined for reading, wrapped for sending."""

from __future__ import annotations

import re

_QUOTE = re.compile(r">+")


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
        flows = rest.endswith(" ") and rest != "-- "
        if joining is not None and (depth != level or rest == "-- "):
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


def flow(text: str, width: int = 72) -> str:
    """Wraps paragraphs with soft line ends and stuffs what needs it (RFC 3676, 4.2 and 4.4)."""
    out: list[str] = []
    for line in text.split("\n"):
        if line == "-- ":
            out.append(line)
            continue
        match = re.match(r"(?:>[ ]?)*", line)
        depth = match[0].count(">") if match else 0
        rest = line[match.end() if match and depth else 0 :].rstrip(" ")
        prefix = ">" * depth + " " if depth else ""
        if not rest:
            out.append(prefix.rstrip())
            continue
        for number, piece in enumerate(_wrapped(rest, max(20, width - len(prefix)))):
            stuffing = " " if not depth and piece.startswith((" ", ">", "From ")) else ""
            if depth and number and piece.startswith(" "):
                stuffing = ""
            out.append(prefix + stuffing + piece)
    return "\n".join(out)


def _wrapped(line: str, width: int) -> list[str]:
    pieces: list[str] = []
    while len(line) > width:
        cut = line.rfind(" ", 0, width)
        # A run of spaces stays together: the soft line end is its last one
        while 0 <= cut < len(line) - 1 and line[cut + 1] == " ":
            cut += 1
        if cut <= 0 or not line[:cut].strip():
            cut = line.find(" ", width)
            while 0 <= cut < len(line) - 1 and line[cut + 1] == " ":
                cut += 1
            if cut < 0:
                break
        pieces.append(line[: cut + 1])
        line = line[cut + 1 :]
    if line:
        pieces.append(line)
    return pieces
