"""Takes words and pictures out of a tree of markup, and the elements that held nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from selectolax.lexbor import LexborHTMLParser, LexborNode

from martlet.mime.writing.quoting import MAX_QUOTES

TEXT = "-text"
_ALONE = frozenset({"img", "br", "hr", "wbr"})
_CELLS = frozenset({"td", "th"})
_ROWS = frozenset({"tr", "tbody", "thead", "table"})
_QUOTES = frozenset({"gmail_quote", "yahoo_quoted", "protonmail_quote", "moz-cite-prefix"})
_NO_WORDS = frozenset({"style", "script", "title", "head", "template", "noscript"})


class Nodes:
    """What can be seen of a tree, in order. A tree must not be changed while this is made.

    leaves: texts, pictures, line ends. quoted: what stands in a quotation, by `mem_id`. deep:
    the elements of quotations inside more than `MAX_QUOTES` - 1 others.
    """

    def __init__(self, tree: LexborHTMLParser) -> None:
        self.leaves: list[LexborNode] = []
        self._elements: list[tuple[LexborNode, str]] = []
        self.quoted: set[int] = set()
        self.deep: list[LexborNode] = []
        body = tree.body
        skipped: set[int] = set()
        levels: dict[int, int] = {}
        for node in body.traverse(include_text=True) if body is not None else ():
            tag, parent = node.tag or "", node.parent
            above = parent.mem_id if parent is not None else 0
            level = levels.get(above, 0)
            if tag == "blockquote":
                level += 1
                if level >= MAX_QUOTES:
                    self.deep.append(node)
            if level:
                levels[node.mem_id] = level
            if level or above in self.quoted or is_quote(node, tag):
                self.quoted.add(node.mem_id)
            if tag in _NO_WORDS or above in skipped:
                skipped.add(node.mem_id)
            elif tag == TEXT or tag in _ALONE:
                self.leaves.append(node)
            elif not tag.startswith("-") and tag != "body":
                self._elements.append((node, tag))

    def texts(self) -> list[LexborNode]:
        return [node for node in self.leaves if node.tag == TEXT]

    def take_out(self, leaves: Sequence[LexborNode]) -> None:
        """These, and what is empty then; the cells of a row that stays are kept."""
        for node in leaves:
            node.decompose()
        for node, tag in reversed(self._elements):
            if tag in _CELLS and node.parent is not None and _holds(node.parent):
                continue
            if node.child is None or (tag in _ROWS and not _holds(node)):
                node.decompose()


def is_quote(node: LexborNode, tag: str) -> bool:
    """Whether an element is what a mail program quotes in."""
    if tag == "blockquote":
        return True
    names = node.attributes.get("class") if tag == "div" else None
    return bool(names) and not _QUOTES.isdisjoint((names or "").split())


def _holds(node: LexborNode) -> bool:
    return bool((node.text() or "").strip()) or node.css_first("img") is not None
