"""Reads HTML of any origin as lines for the editor: loads nothing, keeps no styles."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser

from martlet.ui.compose.lines import BREAK, MAX_DEPTH, Line, Run, is_link

_SKIPPED = frozenset({"script", "style", "head", "title", "template", "noscript", "svg", "math"})
_BLOCKS = frozenset(
    {
        "div", "address", "article", "aside", "section", "header", "footer", "main", "nav",
        "center", "table", "tbody", "thead", "tfoot", "tr", "form", "fieldset", "dl", "dd", "dt",
        "figure", "figcaption", "hr", "body", "html",
    }
)  # fmt: skip
_SPACED = frozenset(["p", "h1", "h2", "h3", "h4", "h5", "h6", "pre"])
_LOOKS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "cite": "italic",
    "u": "underline", "ins": "underline", "s": "strike", "del": "strike", "strike": "strike",
    "h1": "bold", "h2": "bold", "h3": "bold", "h4": "bold", "h5": "bold", "h6": "bold",
    "th": "bold",
}  # fmt: skip
_SPACE = re.compile(r"[ \t\n\r\f\u2028\u2029]+")


def read_html(markup: str, has_picture: Callable[[str], bool] = lambda _cid: False) -> list[Line]:
    """The lines of an HTML body. Only pictures whose Content-ID `has_picture` knows are kept."""
    reader = _Reader(has_picture)
    reader.feed(markup)
    reader.close()
    reader.end_line()
    return reader.lines


class _Reader(HTMLParser):
    def __init__(self, has_picture: Callable[[str], bool]) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[Line] = []
        self._has_picture = has_picture
        self._runs: list[Run] = []
        self._looks: dict[str, int] = {"bold": 0, "italic": 0, "underline": 0, "strike": 0}
        self._href = ""
        self._skipped = 0
        self._pre = 0
        self._quote = 0
        self._lists: list[tuple[bool, int]] = []
        self._last_list = 0
        self._in_item = False
        self._gap = False

    def end_line(self, *, forced: bool = False) -> None:
        """Ends the line being read; an empty one counts only when forced (by <br>)."""
        runs = _trimmed(self._runs)
        self._runs = []
        if not runs and not forced:
            return
        ordered, list_id = self._lists[-1] if self._lists and self._in_item else (False, 0)
        line = Line(
            tuple(runs),
            quote=min(self._quote, MAX_DEPTH),
            depth=min(len(self._lists), MAX_DEPTH) if list_id else 0,
            ordered=ordered,
            list_id=list_id,
        )
        last = self.lines[-1] if self.lines else None
        if self._gap and last and not last.blank and not line.depth and last.quote == line.quote:
            self.lines.append(Line(quote=line.quote))
        self._gap = False
        self.lines.append(line)
        if list_id:
            self._in_item = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SKIPPED:
            self._skipped += 1
        if self._skipped:
            return
        values = {name: value or "" for name, value in attrs}
        if tag in _LOOKS:
            self._looks[_LOOKS[tag]] += 1
        match tag:
            case "br":
                if self._in_item and self._runs:
                    self._add(BREAK)
                else:
                    self.end_line(forced=True)
            case "a":
                href = values.get("href", "").strip()
                self._href = href if is_link(href) else ""
            case "img":
                self._picture(values)
            case "td" | "th":
                self._add(" ")
            case "li":
                self.end_line()
                if not self._lists:
                    self._open_list(False)
                self._in_item = True
            case "ul" | "ol":
                self.end_line()
                self._open_list(tag == "ol")
            case "blockquote":
                self.end_line()
                self._in_item = False
                self._quote += 1
            case _ if tag in _BLOCKS or tag in _SPACED:
                self._block(tag)
        if tag == "pre":
            self._pre += 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # "<div/>" opens a div in HTML; but an unclosed skipped element would swallow the rest.
        if tag not in _SKIPPED:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in _SKIPPED:
            self._skipped = max(0, self._skipped - 1)
            return
        if self._skipped:
            return
        if tag in _LOOKS:
            self._looks[_LOOKS[tag]] = max(0, self._looks[_LOOKS[tag]] - 1)
        match tag:
            case "a":
                self._href = ""
            case "li":
                self.end_line()
                self._in_item = False
            case "ul" | "ol":
                self.end_line()
                self._in_item = False
                if self._lists:
                    self._lists.pop()
            case "blockquote":
                self.end_line()
                self._quote = max(0, self._quote - 1)
            case _ if tag in _BLOCKS or tag in _SPACED:
                self._block(tag)
        if tag == "pre":
            self._pre = max(0, self._pre - 1)

    def handle_data(self, data: str) -> None:
        if self._skipped:
            return
        if self._pre:
            first, *rest = data.replace("\r\n", "\n").split("\n")
            self._add(first)
            for line in rest:
                self.end_line(forced=True)
                self._add(line)
            return
        self._add(_SPACE.sub(" ", data))

    def _block(self, tag: str) -> None:
        if self._in_item and self._runs:
            if self._runs[-1].text != BREAK:
                self._add(BREAK)
            return
        if not self._in_item:
            self.end_line()
            self._gap = self._gap or tag in _SPACED

    def _open_list(self, ordered: bool) -> None:
        self._last_list += 1
        self._lists.append((ordered, self._last_list))
        self._in_item = False

    def _picture(self, values: dict[str, str]) -> None:
        src = values.get("src", "")
        content_id = src[4:] if src[:4].casefold() == "cid:" else ""
        if content_id and self._has_picture(content_id):
            width = values.get("width", "")
            self._runs.append(
                Run(
                    values.get("alt", ""),
                    picture=content_id,
                    width=min(int(width), 4000) if width.isdecimal() and len(width) < 5 else 0,
                )
            )

    def _add(self, text: str) -> None:
        if not text:
            return
        if not self._pre and text.startswith(" ") and self._ends_in_space():
            text = text[1:]
        if not text:
            return
        look = self._looks
        run = Run(
            text,
            bold=look["bold"] > 0,
            italic=look["italic"] > 0,
            underline=look["underline"] > 0,
            strike=look["strike"] > 0,
            href=self._href,
        )
        if self._runs and replace(self._runs[-1], text="") == replace(run, text=""):
            self._runs[-1] = replace(run, text=self._runs[-1].text + text)
        else:
            self._runs.append(run)

    def _ends_in_space(self) -> bool:
        return not self._runs or self._runs[-1].text.endswith((" ", BREAK))


def _trimmed(runs: list[Run]) -> list[Run]:
    """Without white space at the end, as a browser shows a line."""
    found = list(runs)
    while found and not found[-1].picture:
        text = found[-1].text.rstrip(f" {BREAK}")
        if text:
            found[-1] = replace(found[-1], text=text)
            break
        found.pop()
    return found
