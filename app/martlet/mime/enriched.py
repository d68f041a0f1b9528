"""text/enriched (RFC 1896) and text/richtext (RFC 1341, 7.1.3) as HTML and as plain text.

The HTML still has to be cleaned like any other. Never raises; takes time in proportion to the text.
"""

from __future__ import annotations

import html as markup
import re

KINDS = frozenset({"text/enriched", "text/richtext"})
_TOKEN = re.compile(r"<<|<(/?)([A-Za-z0-9-]{1,60})>|(\n+)|[^<\n]+|<")
_LT = re.compile(r"<lt>", re.IGNORECASE)
_COMMENT_END = re.compile(r"</comment>", re.IGNORECASE)
_PARAM_END = re.compile(r"</param>", re.IGNORECASE)
_MAX_OPEN = 100
_MAX_PARAM = 300
# Nobody marks up more by hand; longer text is shown without its looks.
MAX_MARKED = 1 << 20

_ELEMENTS = {
    "bold": ("<b>", "</b>"), "italic": ("<i>", "</i>"), "underline": ("<u>", "</u>"),
    "fixed": ('<span style="font-family:monospace">', "</span>"),
    "smaller": ("<small>", "</small>"), "bigger": ("<big>", "</big>"),
    "superscript": ("<sup>", "</sup>"), "subscript": ("<sub>", "</sub>"),
    "excerpt": ('<blockquote type="cite">', "</blockquote>"),
    "center": ('<div style="text-align:center">', "</div>"),
    "flushleft": ('<div style="text-align:left">', "</div>"),
    "flushright": ('<div style="text-align:right">', "</div>"),
    "flushboth": ('<div style="text-align:justify">', "</div>"),
    "nofill": ('<div style="white-space:pre-wrap">', "</div>"),
    "indent": ('<div style="margin-left:2em">', "</div>"),
    "indentright": ('<div style="margin-right:2em">', "</div>"),
    "outdent": ("<div>", "</div>"), "outdentright": ("<div>", "</div>"),
    "samepage": ("", ""), "paragraph": ("<p>", "</p>"), "signature": ("<small>", "</small>"),
    "heading": ("<p><b>", "</b></p>"), "footing": ("<p><small>", "</small></p>"),
    "comment": ("", ""), "lang": ("", ""), "verbatim": ("", ""),
    "color": ("", "</span>"), "fontfamily": ("", "</span>"), "paraindent": ("", "</div>"),
}  # fmt: skip
_BLOCKS = frozenset({"excerpt", "paraindent", "nofill", "center", "flushleft", "flushright",
                     "flushboth", "indent", "indentright", "paragraph"})  # fmt: skip
_COLOR = re.compile(r"[A-Za-z]{1,20}\Z|([0-9a-fA-F]{1,4}),([0-9a-fA-F]{1,4}),([0-9a-fA-F]{1,4})\Z")
_FAMILY = re.compile(r"[\w ,-]{1,80}\Z")
_SIGNS = {"nl": "\n", "np": "\n", "lt": "<", "iso-8859-1": "", "us-ascii": ""}


def to_html(text: str, content_type: str) -> str:
    """The same looks in HTML."""
    writer = _Html()
    _walk(text, content_type, writer)
    return writer.text()


def to_text(text: str, content_type: str) -> str:
    """The words, quotes marked with "> "."""
    writer = _Plain()
    _walk(text, content_type, writer)
    return writer.text()


class _Html:
    """Writes markup; elements are closed in the order in which they were opened."""

    def __init__(self) -> None:
        self._out: list[str] = []
        self._open: list[str] = []

    def words(self, text: str) -> None:
        self._out.append(markup.escape(text))

    def lines(self, count: int) -> None:
        self._out.append("<br>" * min(count, 50))

    def begin(self, name: str, param: str) -> None:
        if len(self._open) >= _MAX_OPEN:
            return
        self._open.append(name)
        start = _ELEMENTS[name][0]
        if name == "color":
            start = f'<span style="color:{_color(param)}">' if _color(param) else "<span>"
        elif name == "fontfamily":
            family = param if _FAMILY.match(param) else ""
            start = f'<span style="font-family:{family}">' if family else "<span>"
        elif name == "paraindent":
            start = f'<div style="{_indent(param)}">'
        self._out.append(start)

    def end(self, name: str) -> None:
        if name not in self._open:
            return
        while True:
            closed = self._open.pop()
            self._out.append(_ELEMENTS[closed][1])
            if closed == name:
                return

    def text(self) -> str:
        while self._open:
            self._out.append(_ELEMENTS[self._open.pop()][1])
        return "".join(self._out)


class _Plain:
    def __init__(self) -> None:
        self._lines: list[str] = []
        self._line: list[str] = []
        self._quotes = 0

    def words(self, text: str) -> None:
        first, *rest = text.split("\n")
        self._line.append(first)
        for line in rest:
            self.lines(1)
            self._line.append(line)

    def lines(self, count: int) -> None:
        for _ in range(min(count, 100)):
            self._lines.append("> " * min(self._quotes, 9) + "".join(self._line).rstrip())
            self._line = []

    def begin(self, name: str, param: str) -> None:
        if name in _BLOCKS and "".join(self._line).strip():
            self.lines(1)
        self._quotes += name == "excerpt"

    def end(self, name: str) -> None:
        if name in _BLOCKS and "".join(self._line).strip():
            self.lines(1)
        self._quotes -= name == "excerpt" and self._quotes > 0

    def text(self) -> str:
        self.lines(1)
        return "\n".join(line.rstrip() for line in self._lines).strip("\n")


def _walk(text: str, content_type: str, writer: _Html | _Plain) -> None:
    old = content_type == "text/richtext"
    if old:
        text = _LT.sub("<<", text)
    position, plain = 0, 0
    last_comment = max((match.start() for match in _COMMENT_END.finditer(text)), default=-1)
    if len(text) > MAX_MARKED:
        writer.words(_TOKEN.sub(lambda match: "" if match[2] else match[0], text))
        return
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            break
        position = match.end()
        closes, name, breaks = match[1], (match[2] or "").lower(), match[3]
        if name == "param":
            # Data of the command before it that takes none
            end = None if closes else _PARAM_END.search(text, position, position + _MAX_PARAM)
            position = end.end() if end is not None else position
        elif name == "comment" and not closes and position <= last_comment:
            end = _COMMENT_END.search(text, position)
            position = end.end() if end is not None else position
        elif name in ("nofill", "verbatim"):
            plain = max(0, plain + (-1 if closes else 1))
            writer.end(name) if closes else writer.begin(name, "")
        elif name in _ELEMENTS:
            if closes:
                writer.end(name)
            else:
                param, position = _param(text, position)
                writer.begin(name, param)
        elif name in _SIGNS and not closes:
            sign = _SIGNS[name] if old else ""
            writer.lines(1) if sign == "\n" else writer.words(sign)
        elif breaks is not None:
            if plain:
                writer.lines(len(breaks))
            elif old or len(breaks) == 1:
                writer.words(" ")
            else:
                # RFC 1896: n line ends are n-1; one is a space
                writer.lines(len(breaks) - 1)
        elif not name:
            writer.words("<" if match[0] == "<<" else match[0])


def _param(text: str, position: int) -> tuple[str, int]:
    """The <param> that follows a command, and where the text goes on."""
    if text[position : position + 7].lower() != "<param>":
        return "", position
    end = _PARAM_END.search(text, position + 7, position + _MAX_PARAM)
    if end is None:
        return "", position + 7
    return text[position + 7 : end.start()].strip(), end.end()


def _color(param: str) -> str:
    match = _COLOR.match(param.replace(" ", ""))
    if match is None:
        return ""
    if match[1] is None:
        return match[0].lower()
    return "#" + "".join(f"{int(part.ljust(4, '0')[:2], 16):02x}" for part in match.groups())


def _indent(param: str) -> str:
    words = [word.strip().lower() for word in param.split(",")[:10]]
    left = min(words.count("left") + words.count("in"), 5)
    right = min(words.count("right"), 5)
    return f"margin-left:{left * 2}em;margin-right:{right * 2}em"
