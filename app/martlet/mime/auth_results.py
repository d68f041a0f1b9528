"""Authentication-Results fields taken apart (RFC 8601, 2.2). Bounded; never raises."""

from __future__ import annotations

import re
from dataclasses import dataclass

_READ = 4_000
_MOST = 60
_TOKEN = re.compile(
    r'"(?P<quoted>(?:[^"\\]|\\.)*)(?:"|\\?\Z)|(?P<space>\s+)|(?P<sign>[;()=])|(?P<word>[^\s;()="]+)',
    re.DOTALL,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one method. method, verdict: small ("dkim", "pass"). properties: "header.d",
    "smtp.mailfrom" and the like, small, with their values as written."""

    method: str
    verdict: str
    properties: tuple[tuple[str, str], ...] = ()

    def get(self, name: str) -> str:
        return next((text for key, text in self.properties if key == name), "")


@dataclass(frozen=True, slots=True)
class Results:
    """One field. server: who signs it (authserv-id), small; "" where it is left out."""

    server: str
    results: tuple[Result, ...] = ()


def parse_results(raw: bytes) -> Results:
    """What the field says; what cannot be read of it is passed over."""
    pieces = _pieces(raw[:_READ].decode("utf-8", "replace"))
    first = pieces[0] if pieces else []
    server = ""
    if "=" not in first:
        # A version may follow the name
        server = first[0].casefold() if first else ""
        pieces = pieces[1:]
    found = (_result(piece) for piece in pieces[:_MOST])
    return Results(server, tuple(one for one in found if one is not None))


def _pieces(text: str) -> list[list[str]]:
    """The tokens between semicolons, without white space and comments."""
    pieces: list[list[str]] = [[]]
    depth = 0
    for match in _TOKEN.finditer(text):
        kind, token = match.lastgroup, match[0]
        if kind == "sign" and token in "()":
            depth = depth + 1 if token == "(" else max(0, depth - 1)
        elif depth or kind == "space":
            continue
        elif token == ";" and kind == "sign":
            pieces.append([])
        elif kind == "quoted":
            pieces[-1].append(_ESCAPED.sub(r"\1", match["quoted"]))
        else:
            pieces[-1].append(token)
    return pieces


def _result(tokens: list[str]) -> Result | None:
    """method[/version] = result [reason = ...] *(ptype.property = value)"""
    if len(tokens) < 3 or tokens[1] != "=":
        return None
    method = tokens[0].partition("/")[0].casefold()
    properties: list[tuple[str, str]] = []
    place = 3
    while place + 2 < len(tokens):
        if tokens[place + 1] == "=":
            properties.append((tokens[place].casefold(), tokens[place + 2]))
            place += 3
        else:
            place += 1
    return Result(method, tokens[2].casefold(), tuple(properties))
