"""How deeply HTML nests, before a parser sees it: parsers take quadratic time on absurd depth."""

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


def too_deep(html: str) -> bool:
    """Whether so many elements stay open at once that parsing is not worth it."""
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
