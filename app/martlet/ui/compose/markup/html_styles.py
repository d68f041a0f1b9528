"""What style sheets and style attributes of foreign HTML say of the few looks a letter knows.

Values become sizes, colours and words of ours; nothing of what was written is passed on, so nothing
is loaded. Selectors are tags, classes, ids and a tag with a class; others are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from martlet.ui.compose.markup.font_stacks import says_nothing
from martlet.ui.compose.markup.html_colours import colour_of

Properties = dict[str, str]

_MOST_RULES = 5_000
_LONGEST_SHEET = 400_000
_LONGEST_STYLE = 6_000
_KNOWN = frozenset(
    {
        "background", "background-color", "border", "border-bottom", "border-left",
        "border-right", "border-style", "border-top", "color", "direction", "display",
        "font-family", "font-size", "font-style", "font-weight", "list-style-type", "list-style",
        "margin", "margin-bottom", "margin-left", "margin-right", "margin-top", "mso-hide",
        "mso-list", "text-align", "text-decoration", "text-decoration-line", "vertical-align",
        "visibility", "white-space", "width", "font",
    }
)  # fmt: skip
_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)
_SELECTOR = re.compile(r"(?:[a-z][a-z0-9]*)?(?:[.#][\w-]+)?", re.IGNORECASE)
_LENGTH = re.compile(r"\s*(-?\d{0,6}(?:\.\d{1,4})?)\s*(pt|px|em|rem|in|cm|mm|%|pc)?\s*")
_POINTS = {"pt": 1.0, "px": 0.75, "em": 12.0, "rem": 12.0, "in": 72.0, "cm": 28.35, "mm": 2.835,
           "pc": 12.0, "": 0.75}  # fmt: skip
_NAMED_SIZES = {
    "xx-small": 7, "x-small": 8, "small": 10, "medium": 0, "large": 14, "x-large": 18,
    "xx-large": 24, "xxx-large": 36,
}  # fmt: skip
_FONT_TAG = {"1": 8, "2": 10, "3": 0, "4": 14, "5": 18, "6": 24, "7": 36}


class Rules:
    """The rules of a document's style sheets."""

    def __init__(self) -> None:
        self._by: dict[str, Properties] = {}
        self._left = _LONGEST_SHEET
        self._memo: dict[tuple[str, str, str, str], Properties] = {}

    def read(self, css: str) -> None:
        """Takes in a style sheet."""
        css, self._left = css[: self._left], max(0, self._left - len(css))
        self._memo.clear()
        for prelude, body in _blocks(_COMMENT.sub(" ", css)):
            said = declarations(body)
            if not said:
                continue
            for selector in prelude.split(",")[:100]:
                selector = selector.strip().lower()
                if selector and _SELECTOR.fullmatch(selector) and len(self._by) < _MOST_RULES:
                    self._by[selector] = {**self._by.get(selector, {}), **said}

    def of(self, tag: str, attributes: dict[str, str]) -> Properties:
        """What an element's own style is: by its tag, its classes, its id, itself."""
        classes, own_id = attributes.get("class", ""), attributes.get("id", "")
        style = attributes.get("style", "")
        if not style and not self._by:
            return {}
        key = (tag, classes, own_id, style)
        known = self._memo.get(key)
        if known is not None:
            return known
        found: Properties = {}
        if self._by:
            for selector in _selectors(tag, classes, own_id):
                found.update(self._by.get(selector, {}))
        if style:
            found.update(declarations(style[:_LONGEST_STYLE]))
        if len(self._memo) < _MOST_RULES:
            self._memo[key] = found
        return found


def _selectors(tag: str, classes: str, own_id: str) -> Iterable[str]:
    yield tag
    names = classes.lower().split()[:20]
    for name in names:
        yield f".{name}"
    for name in names:
        yield f"{tag}.{name}"
    if own_id:
        yield f"#{own_id.lower()}"
        yield f"{tag}#{own_id.lower()}"


def _blocks(css: str) -> Iterable[tuple[str, str]]:
    """Selectors and declarations of the rules that stand in no other; @media screen and the like
    are left out with all that is in them."""
    at = depth = 0
    prelude_from = 0
    prelude = ""
    for match in re.finditer(r"[{};]", css):
        mark, at = match[0], match.end()
        if mark == "{":
            depth += 1
            if depth == 1:
                prelude = css[prelude_from : match.start()]
                body_from = at
        elif mark == "}":
            if depth == 1 and "@" not in prelude:
                yield prelude, css[body_from : match.start()]
            depth = max(0, depth - 1)
            if not depth:
                prelude_from = at
        elif not depth:
            prelude_from = at  # @import and its kind


def declarations(style: str) -> Properties:
    """The known ones of a style attribute, their values in small letters but for names of fonts."""
    found: Properties = {}
    for each in style.split(";"):
        name, mark, value = each.partition(":")
        name = name.strip().lower()
        if mark and name in _KNOWN:
            value = value.replace("!important", "").strip()[:300]
            found[name] = value if name == "font-family" else value.lower()
    return found


def points(value: str) -> float | None:
    """A length in points; None: it is none, or said in per cent."""
    match = _LENGTH.fullmatch(value)
    if match is None or not match[1].strip("-.") or match[2] == "%":
        return None
    return float(match[1]) * _POINTS[match[2] or ""]


def size_of(value: str) -> int | None:
    """A font's size in whole points; 0: the usual one. None: nothing is said."""
    if value in _NAMED_SIZES:
        return _NAMED_SIZES[value]
    if value in _FONT_TAG:
        return _FONT_TAG[value]
    if value.endswith(("em", "%")):
        return None
    size = points(value)
    if size is None or size <= 0:
        return None
    return max(1, min(round(size), 96))


def family_of(value: str) -> str:
    """The first family of a list of fonts; "" for those that only say what kind."""
    first = value.split(",")[0].strip().strip("\"'").strip()
    return "" if says_nothing(first) else first


def paper_of(properties: Properties) -> str | None:
    """The colour of the background; None: nothing is said."""
    value = properties.get("background-color") or properties.get("background")
    if value is None:
        return None
    return colour_of(value.split(" ")[0] if "(" not in value else value)


def is_zero(value: str) -> bool:
    """Whether a length is none to speak of."""
    size = points(value)
    return size is not None and abs(size) < 0.5
