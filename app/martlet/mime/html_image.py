"""Whether a picture in markup can be seen, and which of several addresses it has is to be used."""

from __future__ import annotations

import re
from collections.abc import Iterable

from selectolax.lexbor import LexborNode

from martlet.mime.css import Declarations
from martlet.mime.css_sheet import Rule

_SIZE = re.compile(r"\s*\+?(\d{1,6})(?:\.\d+)?\s*(?:px|pt)?\s*(?:!\s*important)?\s*\Z", re.I)
_NOTHING = re.compile(r"\s*0*(?:\.0+)?\s*(?:%|[a-z]{1,4})?\s*(?:!\s*important)?\s*\Z", re.I)
_SIMPLE = re.compile(r"(?:[a-z][a-z0-9]*)?([.#][\w-]+)\Z", re.I)
_NAMES = re.compile(r"[.#]([\w-]+)")
_CANDIDATE = re.compile(r"\s*([^\s,]\S*?)(?:\s+(\d+(?:\.\d+)?)([wx]))?\s*(?:,|\Z)")
_TINY = 2
_WIDE = 800
_MAX_UP = 8
_MAX_SET = 10_000


class Hidden:
    """Names (classes, ids) that a message's style sheets hide, for good: not those that another
    rule shows on a narrow window."""

    def __init__(self) -> None:
        self._hidden: set[str] = set()
        self._shown: set[str] = set()

    def see_rules(self, rules: Iterable[Rule]) -> None:
        """Takes in a style sheet."""
        for rule in rules:
            away = hides(rule.declarations)
            if rule.conditions:
                if not away:
                    self._shown.update(_NAMES.findall(rule.selector))
                continue
            if away:
                for one in rule.selector.split(","):
                    match = _SIMPLE.match(one.strip())
                    if match is not None:
                        self._hidden.add(match[1][1:])

    def names(self, attributes: dict[str, str | None]) -> bool:
        """Whether an element with these attributes is hidden by its name."""
        if not self._hidden:
            return False
        named = (attributes.get("class") or "").split()[:20]
        named.append(attributes.get("id") or "")
        return any(name in self._hidden and name not in self._shown for name in named)

    def may_show(self, attributes: dict[str, str | None]) -> bool:
        """Whether a rule for another window may show what this element's style hides."""
        named = (attributes.get("class") or "").split()[:20]
        return any(name in self._shown for name in named)


def hides(declarations: Declarations) -> bool:
    """Whether nothing is seen of what has these."""
    sizes: dict[str, int] = {}
    for name, value in declarations:
        word = value.lower().replace("!important", "").strip()
        if (
            (name == "display" and word == "none")
            or (name == "visibility" and word in ("hidden", "collapse"))
            or (name == "opacity" and _NOTHING.match(word))
            or (name in ("max-height", "max-width") and _NOTHING.match(word))
        ):
            return True
        if name in ("width", "height"):
            size = _size(value)
            if size is not None:
                sizes[name] = size
        elif name in ("margin-left", "margin-top", "text-indent") and word.startswith("-"):
            far = re.match(r"-(\d{4,})", word)
            if far is not None:
                return True
    return bool(sizes) and _is_tiny(sizes.get("width"), sizes.get("height"))


def unseen(node: LexborNode, looks: Declarations, hidden: Hidden) -> tuple[bool, bool]:
    """(it cannot be seen, it is told to be of some size). looks: of its style attribute."""
    attributes = node.attributes
    width, height = _size(attributes.get("width")), _size(attributes.get("height"))
    if _is_tiny(width, height) or "hidden" in attributes or hidden.names(attributes):
        return True, False
    if hides(looks) and not hidden.may_show(attributes):
        return True, False
    told = (width or 0) > _TINY or (height or 0) > _TINY
    return False, told


def ancestors_hide(node: LexborNode, hiding: set[int], hidden: Hidden) -> bool:
    """Whether it lies in what is hidden. hiding: `mem_id`s of elements hidden by their style."""
    above = node.parent
    for _ in range(_MAX_UP):
        if above is None:
            return False
        if above.mem_id in hiding or hidden.names(above.attributes):
            return True
        above = above.parent
    return False


def chosen(srcset: str) -> str:
    """One address of a srcset: the sharpest up to what a message's width needs; "" for none."""
    best, score = "", -1.0
    for match in _CANDIDATE.finditer(" ".join(srcset[:_MAX_SET].split())):
        number = float(match[2] or 1)
        wanted = _WIDE if match[3] == "w" else 1.0
        fits = number / wanted if number <= wanted else wanted / number / 10 + 0.001
        if fits > score:
            best, score = match[1], fits
    return best


def _size(value: str | None) -> int | None:
    match = _SIZE.match(value) if value is not None else None
    return int(match[1]) if match is not None else None


def _is_tiny(width: int | None, height: int | None) -> bool:
    if width == 0 or height == 0:
        return True
    known = [size for size in (width, height) if size is not None]
    return bool(known) and all(size <= _TINY for size in known)
