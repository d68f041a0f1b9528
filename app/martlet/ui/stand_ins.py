"""What stands where a picture is not shown: a quiet field of its size, with what it is in words.

Chromium would draw the mark of a broken picture there, and nothing is broken.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache
from urllib.parse import quote

from martlet.ui.tokens import Tokens

# Whole tags, so that what stands in the value of an attribute is never taken for one.
_TAG = re.compile(r'<([a-zA-Z][^\s/>]*+)((?:\s++[^\s=>"]++(?:="[^"]*+")?+)*+)\s*+/?+>')
_ATTRIBUTE = re.compile(r'\s(alt|width|height|style|src)="([^"]*)"')
_PIXELS = re.compile(r"\s*(\d{1,5})(?:px)?\s*")
_STYLED = re.compile(r"(?:^|;)\s*(?:min-)?(width|height)\s*:")
_NOT_XML = re.compile("[^\t\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]+")
_MOST = 400
_LONGEST = 160
_LINE = 28
_SPACER = 12
_WORDS = 44
_WIDEST = 4000
_LONGEST_TAG = 20_000


def with_stand_ins(markup: str, tokens: Tokens, fonts: str) -> str:
    """The sanitised markup with a `src` for each picture that has none, but is of some size or has
    words. fonts: as CSS has them. Of very many the last stay as they are.
    """
    if "<img" not in markup:
        return markup
    left = _MOST

    def replaced(found: re.Match[str]) -> str:
        nonlocal left
        if found[1] != "img" or not left:
            return found[0]
        known = dict(_ATTRIBUTE.findall(found[2]))
        if "src" in known:
            return found[0]
        made = _of(known, tokens, fonts)
        if not made:
            return found[0]
        left -= 1
        url = "data:image/svg+xml," + quote(made, safe="=:/;,.-")
        # In single quotes: were it ever put inside another value, it could not end that one.
        return f"<img src='{url}'{found[2]}>"

    return _TAG.sub(replaced, markup)


def stand_in(markup: str, source: str, tokens: Tokens, fonts: str) -> str:
    """As SVG, for the first picture of the markup with this `src`, which is not to be had."""
    at = markup.find(f'src="{source}"')
    start = markup.rfind("<img", max(0, at - _LONGEST_TAG), at) if at >= 0 else -1
    found = _TAG.match(markup, start) if start >= 0 else None
    known = dict(_ATTRIBUTE.findall(found[2])) if found is not None else {}
    if known.get("src") != source:
        known = {}
    return _of(known, tokens, fonts) or _picture("", _LINE, _LINE, tokens, fonts)


def _of(known: dict[str, str], tokens: Tokens, fonts: str) -> str:
    words = " ".join(_NOT_XML.sub(" ", html.unescape(known.get("alt", ""))).split())
    if len(words) > _LONGEST:
        words = f"{words[:_LONGEST]}…"
    width, height = _pixels(known.get("width", "")), _pixels(known.get("height", ""))
    styled = set(_STYLED.findall(known.get("style", "").lower()))
    wide = width is not None or "width" in known or "width" in styled
    if not words and height is None and "height" not in styled:
        return ""
    if width is None and not wide:
        width = _room(words)
    elif height is None or width is None:
        width = None  # as wide as it is told to be, and no higher for that
    return _picture(words, width, _LINE if height is None else height, tokens, fonts)


def _pixels(value: str) -> int | None:
    found = _PIXELS.fullmatch(value)
    return min(int(found[1]), _WIDEST) if found is not None else None


def _room(words: str) -> int:
    """About what these words need in one line, in pixels."""
    return min(360, 24 + sum(14 if ord(each) > 0x2E7F else 8 for each in words))


@lru_cache(maxsize=200)
def _picture(words: str, width: int | None, height: int, tokens: Tokens, fonts: str) -> str:
    """As SVG. One without a viewBox is laid out anew in whatever size it is given."""
    size = f'height="{height}"' + (f' width="{width}"' if width is not None else "")
    field = ""
    if height >= _SPACER and (width is None or width >= _SPACER):
        words = words if width is None or width >= _WORDS else ""
        line = "white-space:nowrap;" if height < 2 * _LINE else ""
        field = (
            '<rect width="100%" height="100%" rx="4" fill="' + tokens.soft_quiet + '"/>'
            '<foreignObject width="100%" height="100%">'
            '<div xmlns="http://www.w3.org/1999/xhtml" style="height:100%;box-sizing:border-box;'
            "display:flex;align-items:center;justify-content:center;padding:0 8px;"
            f"font:13px/1.4 {html.escape(fonts)};color:{tokens.text2};overflow:hidden;"
            f'text-align:center"><span style="{line}overflow:hidden;text-overflow:ellipsis">'
            f"{html.escape(words)}</span></div></foreignObject>"
        )
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{field}</svg>'
