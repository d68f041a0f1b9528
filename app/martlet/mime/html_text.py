"""HTML as readable plain text (for the plain form, quoting) and as bare words (for the index)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser, LexborNode

from martlet.mime.html_columns import columns
from martlet.mime.nesting import stripped, too_deep

_SKIPPED = frozenset(
    [
        "head",
        "title",
        "style",
        "script",
        "template",
        "noscript",
        "iframe",
        "object",
        "svg",
        "math",
        "audio",
        "video",
        "select",
        "textarea",
        "-comment",
        "!doctype",
    ]
)
_PARAGRAPH = frozenset(
    [
        "p",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "dl",
        "blockquote",
        "pre",
        "table",
        "hr",
        "figure",
    ]
)
_LINE = frozenset(
    [
        "div",
        "tr",
        "li",
        "dt",
        "dd",
        "section",
        "article",
        "header",
        "footer",
        "main",
        "nav",
        "aside",
        "address",
        "center",
        "form",
        "fieldset",
        "caption",
        "thead",
        "tbody",
        "tfoot",
        "legend",
        "body",
        "html",
        "details",
        "summary",
    ]
)
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE
)
_SPACE = re.compile(r"[ \t\n\r\f]+")
_INVISIBLE = re.compile("[\u00ad\u034f\u200b\u2060\ufeff]+")
# In the words of a search it says nothing; in text it is part of the spelling (Persian).
_JOINERS = re.compile("[\u00ad\u034f\u200b\u200c\u2060\ufeff]+")
_MAX_QUOTES = 9


def words(html: str) -> str:
    """All text that is shown, with no layout: for search and previews."""
    if too_deep(html):
        return stripped(html)
    tree = LexborHTMLParser(html)
    tree.strip_tags(["head", "style", "script", "title", "template", "noscript", "svg"])
    root = tree.body or tree.root
    if root is None:
        return ""
    return _JOINERS.sub("", " ".join(root.text(separator=" ").split()))


def to_text(html: str) -> str:
    """Readable text: paragraphs, lists, `> ` quotes, tables in columns, links with their address,
    pictures by their name.
    """
    return text_and_lines(html)[0]


def text_and_lines(
    html: str, names: Mapping[str, str] = MappingProxyType({})
) -> tuple[str, frozenset[int], Mapping[int, int]]:
    """The same; the numbers of the lines that are code or part of a table; and how deep lines are
    quoted, by their number: those of no quotation may begin with ">" all the same.

    names: of pictures without one, by Content-ID; not for those of a signature, unless they
    are what a link is clicked by: nothing in the letter speaks of them.
    """
    if too_deep(html):
        return stripped(html), frozenset(), {}
    tree = LexborHTMLParser(html)
    root = tree.body or tree.root
    if root is None:
        return "", frozenset(), {}
    writer = _Writer(names)
    # No recursion: mail may nest deeper than Python does
    node: LexborNode | None = root
    while node is not None:
        child = node.child if writer.enter(node) else None
        if child is not None:
            node = child
            continue
        while node is not None:
            writer.leave(node)
            if node.mem_id == root.mem_id:
                node = None
                break
            if node.next is not None:
                node = node.next
                break
            node = node.parent
    return writer.text(), writer.shaped(), writer.depths()


class _Writer:
    """Collects lines while the tree is walked."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names
        self._shaped: set[int] = set()
        self._depths: dict[int, int] = {}
        self._lines: list[str] = []
        self._line: list[str] = []
        self._gap = 0
        self._space = False
        self._quotes = 0
        self._pre = 0
        self._lists: list[int | None] = []
        self._bullet = ""
        self._links: list[tuple[int, str, int]] = []
        self._skipping = 0

    def enter(self, node: LexborNode) -> bool:
        """Writes what stands before a node's children; False: they are not to be visited."""
        tag = node.tag or ""
        if tag == "-text":
            self._add(node.text_content or "")
            return False
        if tag in _SKIPPED or _hidden(node):
            return False
        if tag == "br":
            self._break()
        elif tag == "img":
            alt = " ".join((node.attributes.get("alt") or "").split())
            source = (node.attributes.get("src") or "").partition(":")
            if not alt and source[0].lower() == "cid":
                alt = self._names.get(unquote(source[2]), "")
                if alt and not self._links and _in_signature(node):
                    alt = ""
            if alt:
                self._add(f"[{alt}]")
            return False
        elif tag in ("td", "th"):
            self._space = bool(self._line)
        elif tag == "table" and (rows := columns(node)):
            self._block(2)
            for row in rows:
                self._line.append(row)
                self._end_line(shaped=True)
            self._block(2)
            return False
        elif tag in _PARAGRAPH:
            self._block(1 if tag in ("ul", "ol") and self._lists else 2)
        elif tag in _LINE:
            self._block(1)
        if tag == "blockquote":
            self._quotes += 1
        elif tag == "pre":
            self._pre += 1
        elif tag == "ul":
            self._lists.append(None)
        elif tag == "ol":
            start = node.attributes.get("start") or "1"
            self._lists.append(int(start) if start.isdecimal() and len(start) < 7 else 1)
        elif tag == "li":
            number = self._lists[-1] if self._lists else None
            self._bullet = "* " if number is None else f"{number}. "
            if self._lists and number is not None:
                self._lists[-1] = number + 1
        elif tag == "hr":
            self._line.append("-" * 20)
            self._block(2)
        elif tag == "a":
            target = (node.attributes.get("href") or "").strip()
            self._links.append((len(self._lines), target, len(self._line)))
        return True

    def leave(self, node: LexborNode) -> None:
        tag = node.tag or ""
        if tag == "-text" or tag in _SKIPPED or _hidden(node):
            return
        if tag == "a" and self._links:
            self._link(*self._links.pop())
        if tag in _PARAGRAPH:
            self._block(1 if tag in ("ul", "ol") and len(self._lists) > 1 else 2)
        elif tag in _LINE:
            self._block(1)
        if tag == "blockquote":
            self._quotes -= 1
        elif tag == "pre":
            self._pre -= 1
        elif tag in ("ul", "ol") and self._lists:
            self._lists.pop()

    def text(self) -> str:
        self._end_line()
        while self._lines and not self._lines[-1]:
            self._lines.pop()
        before = next((n for n, line in enumerate(self._lines) if line), 0)
        self._shaped = {number - before for number in self._shaped}
        self._depths = {number - before: depth for number, depth in self._depths.items()}
        return "\n".join(self._lines[before:])

    def shaped(self) -> frozenset[int]:
        """Which lines are to stay as they are; asked after `text`."""
        return frozenset(self._shaped)

    def depths(self) -> dict[int, int]:
        """How deep the quoted lines are; asked after `text`."""
        return self._depths

    def _link(self, line: int, target: str, position: int) -> None:
        lowered = target.lower()
        if not lowered.startswith(("http:", "https:", "mailto:", "tel:", "ftp:")):
            return
        shown = "".join(self._line[position:] if line == len(self._lines) else []).strip()
        bare = target.partition(":")[2].strip("/")
        if not shown and line == len(self._lines):
            return
        if shown.strip("/") in (target.strip("/"), bare, bare.partition("?")[0]):
            return
        self._add(f" <{''.join(target.split())}>")

    def _add(self, text: str) -> None:
        text = _INVISIBLE.sub("", text)
        if self._pre:
            lines = text.replace("\r", "").split("\n")
            for number, line in enumerate(lines):
                if number:
                    self._break()
                if line:
                    self._put(line)
            return
        text = _SPACE.sub(" ", text)
        if not text.strip(" "):
            self._space = self._space or (bool(text) and bool(self._line))
            return
        if text.startswith(" "):
            self._space = self._space or bool(self._line)
        self._put(text.strip(" "))
        self._space = text.endswith(" ")

    def _put(self, text: str) -> None:
        if self._space and self._line and not self._pre:
            self._line.append(" ")
        self._space = False
        self._line.append(text.replace("\u00a0", " "))

    def _block(self, gap: int) -> None:
        if self._line:
            self._end_line()
        self._gap = max(self._gap, gap)

    def _break(self) -> None:
        if not self._line and self._gap and self._lines:
            self._gap = max(self._gap, 2)
            return
        self._end_line(always=True)

    def _end_line(self, always: bool = False, shaped: bool = False) -> None:
        if not self._line and not always:
            return
        quote = "> " * min(max(self._quotes, 0), _MAX_QUOTES)
        written = "".join(self._line)
        # The mark of a signature ends in its space (RFC 3676, 4.3).
        line = written if written == "-- " else written.rstrip()
        if self._gap > 1 and self._lines and self._lines[-1].strip("> "):
            shared = min(len(quote), 2 * self._depths.get(len(self._lines) - 1, 0))
            if shared:
                self._depths[len(self._lines)] = shared // 2
            self._lines.append(quote[:shared].rstrip())
        indent = "  " * max(0, len(self._lists) - 1) if self._lists else ""
        if self._lists:
            indent += self._bullet or "  "
            self._bullet = ""
        whole = quote + indent + line
        if shaped or self._pre > 0:
            self._shaped.add(len(self._lines))
        if quote:
            self._depths[len(self._lines)] = len(quote) // 2
        self._lines.append(whole if line == "-- " else whole.rstrip())
        self._line = []
        self._gap = 0
        self._space = False


def _in_signature(node: LexborNode) -> bool:
    """Whether it stands in what the writer marks as a signature, or in one of those quoted."""
    above = node.parent
    while above is not None:
        if "moz-signature" in (above.attributes.get("class") or "").split():
            return True
        above = above.parent
    return False


def _hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    if not attributes:
        return False
    style = attributes.get("style")
    return "hidden" in attributes or bool(style and _HIDDEN.search(style))
