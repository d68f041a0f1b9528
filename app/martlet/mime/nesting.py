"""How deeply HTML nests and how crowded its tags are, before a parser sees it.

Parsers take quadratic time on absurd depth, and on absurd numbers of attributes in one tag.
"""

from __future__ import annotations

import re

# Mail by careless software leaves a few hundred elements open; nobody nests this deep in earnest.
MAX_DEPTH = 2_000
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:]*)")
_LEAVES = re.compile(r"<[^<>]*>?")
# They have no content, or close themselves where the next one begins
_FLAT = frozenset(
    {
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param",
        "source", "track", "wbr", "p", "li", "tr", "dt", "dd", "option", "tbody", "thead",
        "tfoot", "html", "head", "body", "o:p",
    }
)  # fmt: skip
_CELLS = frozenset({"td", "th"})
# Shorter markup cannot hold enough attributes to matter.
_SMALL = 50_000
# The grammar of tags (HTML, 13.2.5). A quoted value in which a tag begins and does not end would
# let comments put this out of step with a parser: it is read only if it is short and without
# other quotes, so that whatever begins in it ends in it.
_SPACE = r"[ \t\n\f\r]"
_VALUE = "|".join(
    rf"{q}(?:[^{q}<]++|<(?![a-zA-Z/]))*+(?:{q}|\Z)"
    rf"|{q}[^\"'<]*+(?:<(?:(?![a-zA-Z/])|[^\"'<>]{{0,999}}+>)[^\"'<]*+)*+{q}"
    for q in ('"', "'")
)
_ATTRIBUTE = (
    rf"[ \t\n\f\r/]*+[^ \t\n\f\r/>][^ \t\n\f\r/>=]*+"
    rf"(?:{_SPACE}*+={_SPACE}*+(?:{_VALUE}|(?![\"'])[^ \t\n\f\r>]*+)|(?!{_SPACE}*+=))"
)
_UNCROWDED = re.compile(
    rf"(?:[^<]++|<(?!/?[a-zA-Z])"
    rf"|</?[a-zA-Z][^ \t\n\f\r/>]*+(?:{_ATTRIBUTE}){{0,400}}+[ \t\n\f\r/]*+(?:>|\Z))*+"
)


def too_deep(html: str) -> bool:
    """Whether so many elements stay open at once, or a tag is so long, that parsing is not worth
    it."""
    if len(html) > _SMALL and _crowded(html):
        return True
    if html.count("<") < MAX_DEPTH:
        return False
    stack: list[str] = []
    for match in _TAG.finditer(html):
        name = match[2].lower()
        if name in _FLAT:
            continue
        if not match[1]:
            if name in _CELLS:
                _close_cell(stack)
            stack.append(name)
            if len(stack) > MAX_DEPTH:
                return True
            continue
        # A few wrongly nested ones are closed too, but never out of a table cell
        for back in range(1, min(len(stack), 12) + 1):
            if stack[-back] == name:
                del stack[-back:]
                break
            if stack[-back] in _CELLS and name not in ("table", "td", "th"):
                break
    return False


def _crowded(html: str) -> bool:
    match = _UNCROWDED.match(html)
    return match is None or match.end() < len(html)


def _close_cell(stack: list[str]) -> None:
    for back in range(1, min(len(stack), 12) + 1):
        if stack[-back] == "table":
            return
        if stack[-back] in _CELLS:
            del stack[-back:]
            return


def stripped(html: str) -> str:
    """The text between the tags, for markup nobody should parse."""
    return " ".join(_LEAVES.sub(" ", html).split())
