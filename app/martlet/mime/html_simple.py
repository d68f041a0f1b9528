"""The simple form of cleaned markup: words, structure, links and pictures, none of its looks.

Written anew from the tree, tag by tag from a short list. Tables that only place things are taken
apart, row by row; tables that hold data stay tables.
"""

from __future__ import annotations

import html as markup
import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from martlet.mime.html_quotes import FOLD_CLASS, LINE_CLASS

_KEPT = frozenset(
    {
        "a", "abbr", "b", "bdi", "bdo", "blockquote", "br", "cite", "code", "dd", "del", "details",
        "dfn", "dl", "dt", "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr",
        "i", "img", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "rp", "rt", "ruby", "s",
        "samp", "small", "strong", "sub", "summary", "sup", "time", "u", "ul", "var", "wbr",
    }
)  # fmt: skip
_RENAMED = {
    "strike": "s", "tt": "code", "dir": "ul", "menu": "ul", "acronym": "abbr", "div": "div",
    "section": "div", "article": "div", "header": "div", "footer": "div", "main": "div",
    "nav": "div", "aside": "div", "address": "div", "center": "div", "hgroup": "div",
    "caption": "div",
}  # fmt: skip
_TABLE = {
    "table": "table", "tbody": "tbody", "thead": "thead", "tfoot": "tfoot", "tr": "tr",
    "td": "td", "th": "th", "caption": "caption",
}  # fmt: skip
_LAID_OUT = {"tr": "div", "td": "div", "th": "div", "caption": "div"}
_VOID = frozenset({"br", "hr", "img", "wbr"})
_ATTRIBUTES: dict[str, tuple[str, ...]] = {
    "a": ("href",),
    "img": ("src", "alt", "width", "height"),
    "ol": ("start", "reversed", "type"),
    "li": ("value",),
    "td": ("colspan", "rowspan", "align"),
    "th": ("colspan", "rowspan", "align", "scope"),
    "blockquote": ("type",),
    "details": ("open",),
    "time": ("datetime",),
}
_EVERYWHERE = ("dir", "lang")
_OURS = frozenset({FOLD_CLASS, LINE_CLASS})
_BLOCKS = "table, img, h1, h2, h3, h4, ul, ol, hr, blockquote, pre"
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_MANY_WORDS = 250
_MAX_CELLS = 2_000


def simplified(cleaned: str) -> str:
    """The same message without its looks. cleaned: as `html.sanitise` has it, without <style>."""
    body = LexborHTMLParser(cleaned).body
    if body is None:
        return ""
    writer = _Writer()
    # No recursion: mail may nest deeper than Python does
    node: LexborNode | None = body.child
    above: list[LexborNode] = []
    while node is not None:
        child = None
        if writer.enter(node):
            child = node.child
            if child is not None:
                above.append(node)
            else:
                writer.leave(node)
        following = child or node.next
        while following is None and above:
            parent = above.pop()
            writer.leave(parent)
            following = parent.next
        node = following
    return writer.text()


class _Writer:
    """Writes elements while the tree is walked."""

    def __init__(self) -> None:
        self._out: list[str] = []
        # What to write when the element is left, innermost last
        self._ends: list[str] = []
        self._data_tables: list[bool] = []

    def enter(self, node: LexborNode) -> bool:
        """Writes what stands before a node's children; whether it has to be left."""
        tag = node.tag or ""
        if tag == "-text":
            self._out.append(markup.escape(node.text_content or "", quote=False))
            return False
        attributes = node.attributes
        if tag.startswith(("-", "!")) or _HIDDEN.search(attributes.get("style") or ""):
            return False
        if tag == "table":
            self._data_tables.append(holds_data(node))
        name = self._name(tag)
        if not name:
            self._ends.append("")
            return True
        self._out.append(f"<{name}{_attributes(name, attributes)}>")
        self._ends.append("" if name in _VOID else f"</{name}>")
        return True

    def leave(self, node: LexborNode) -> None:
        """Writes what stands behind them."""
        if node.tag == "table":
            self._data_tables.pop()
        self._out.append(self._ends.pop())

    def text(self) -> str:
        """All that was written."""
        return "".join(self._out)

    def _name(self, tag: str) -> str:
        if tag in _KEPT:
            return tag
        if tag in _TABLE:
            inside = bool(self._data_tables) and self._data_tables[-1]
            return _TABLE[tag] if inside else _LAID_OUT.get(tag, "")
        return _RENAMED.get(tag, "")


def _attributes(name: str, found: dict[str, str | None]) -> str:
    kept = [
        (key, found.get(key) or "")
        for key in (*_ATTRIBUTES.get(name, ()), *_EVERYWHERE)
        if key in found
    ]
    ours = _OURS & set((found.get("class") or "").split())
    if ours:
        kept.append(("class", min(ours)))
    return "".join(f' {key}="{markup.escape(value)}"' for key, value in kept)


def holds_data(table: LexborNode) -> bool:
    """Whether a table is one: rows of several short texts, and nothing but texts in them."""
    if table.attributes.get("role") in ("presentation", "none"):
        return False
    several = seen = 0
    for row in rows(table):
        here = cells(row)
        if any(cell.css_first(_BLOCKS) or len(cell.text()) > _MANY_WORDS for cell in here):
            return False
        several += len(here) > 1
        seen += len(here)
        if seen >= _MAX_CELLS:
            break
    return several > 1


def rows(table: LexborNode) -> Iterator[LexborNode]:
    """The rows of a table: of its head, its bodies and its foot."""
    inside = table.child
    while inside is not None:
        if inside.tag == "tr":
            yield inside
        elif inside.tag in ("tbody", "thead", "tfoot"):
            row = inside.child
            while row is not None:
                if row.tag == "tr":
                    yield row
                row = row.next
        inside = inside.next


def cells(row: LexborNode) -> list[LexborNode]:
    """The cells of a row."""
    found: list[LexborNode] = []
    cell = row.child
    while cell is not None and len(found) < _MAX_CELLS:
        if cell.tag in ("td", "th"):
            found.append(cell)
        cell = cell.next
    return found
