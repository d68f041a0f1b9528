"""Which paper a message wants to lie on, told from the colours it sets.

Black on white is no colour: programs write it into every message, and a message that says nothing
else follows the window's theme once those are taken out. The same for a link's ordinary blue.
Borders do not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import IntEnum
from functools import lru_cache

from martlet.mail.reading import Paper
from martlet.mime.css import Declarations
from martlet.mime.css_sheet import Rule


class Tone(IntEnum):
    """NONE: no colour. USUAL: what would be there without it. SET: a choice."""

    NONE = 0
    USUAL = 1
    SET = 2


_INKS = frozenset({"color", "-webkit-text-fill-color"})
_GROUNDS = frozenset({"background", "background-color", "background-image"})
_NO_COLOUR = frozenset(
    {"inherit", "initial", "unset", "revert", "currentcolor", "transparent", "none", "auto"}
)
_BLACK = frozenset({"black", "windowtext", "text", "canvastext", "-webkit-text", "infotext"})
_WHITE = frozenset({"white", "window", "canvas", "-webkit-canvas"})
# The blue and the violet of links in browsers, Outlook, Gmail, Yahoo and Apple Mail
_LINK_INKS = frozenset(
    {
        "blue", "#00f", "#0000ff", "#0000ee", "#00e", "purple", "#800080", "#551a8b",
        "#0563c1", "#954f72", "#467886", "#96607d", "#15c", "#1155cc", "#1a73e8", "#0078d4",
        "#0078d7", "#196ad4", "#0068da", "#338fe9", "rgb(0,0,255)", "rgb(5,99,193)",
        "rgb(17,85,204)", "rgb(0,0,238)", "rgb(149,79,114)", "linktext", "-webkit-link",
        "visitedtext", "rgb(70,120,134)", "rgb(26,115,232)", "rgb(0,120,212)", "rgb(0,120,215)",
    }
)  # fmt: skip
_GROUND_WORDS = frozenset(
    {
        "repeat", "repeat-x", "repeat-y", "no-repeat", "space", "round", "scroll", "fixed",
        "local", "left", "right", "top", "bottom", "center", "cover", "contain", "border-box",
        "padding-box", "content-box", "/",
    }
)  # fmt: skip
_WORD = re.compile(r"[\w-]+\([^()]*\)|[^\s,]+")
_LENGTH = re.compile(r"[-+]?[\d.]+(?:[a-z]{1,5}|%)?\Z")
_RGB = re.compile(
    r"rgba?\(\s*(\d{1,3})\s*[,\s]\s*(\d{1,3})\s*[,\s]\s*(\d{1,3})\s*(?:[,/]\s*([\d.]+%?)\s*)?\)\Z"
)
_DARK_INK = 0x45
_GREYISH = 16
_WHITISH = 0xFA
_LINK_RULE = re.compile(r"(?:\ba|\bspan\.mso\w+|\.?msohyperlink\w*)(?::(?:link|visited))?\Z", re.I)
_MOMENTARY = re.compile(r":(?:hover|active|focus)\b|\[data-og|::selection", re.I)
_DARK = re.compile(r"prefers-color-scheme\s*:\s*dark", re.I)


class Colours:
    """What one message's colours add up to."""

    def __init__(self) -> None:
        self._tone = Tone.NONE
        self._dark = False

    def see(self, tone: Tone) -> None:
        """One more colour."""
        self._tone = max(self._tone, tone)

    def see_rules(self, rules: Iterable[Rule]) -> None:
        """Those of a style sheet."""
        for rule in rules:
            conditions = " ".join(rule.conditions)
            if _DARK.search(conditions):
                self._dark = self._dark or tone_of(rule.declarations, False) > Tone.NONE
            elif "print" not in conditions and not _MOMENTARY.search(rule.selector):
                self.see(tone_of(rule.declarations, names_link(rule.selector)))

    def paper(self) -> Paper:
        """What they want to lie on."""
        if self._dark:
            return Paper.DARK_TOO
        return Paper.LIGHT if self._tone is Tone.SET else Paper.THEME


def names_link(selector: str) -> bool:
    """Whether a rule is about links alone."""
    return all(_LINK_RULE.search(one.strip()) for one in selector.split(","))


def tone_of(declarations: Declarations, link: bool) -> Tone:
    """The strongest colour among them. link: they are those of a link."""
    tone = Tone.NONE
    for name, value in declarations:
        if name in _INKS:
            tone = max(tone, ink(value, link))
        elif name in _GROUNDS:
            tone = max(tone, ground(value))
    return tone


def without_usual(declarations: Declarations, link: bool) -> Declarations:
    """Declarations without the colours that would be there anyway."""
    return tuple(
        (name, value)
        for name, value in declarations
        if not (name in _INKS and ink(value, link) is Tone.USUAL)
        and not (name in _GROUNDS and ground(value) is Tone.USUAL)
    )


@lru_cache(maxsize=1024)
def ink(value: str, link: bool) -> Tone:
    """What a text's colour is."""
    value = _plain(value)
    if value in _NO_COLOUR:
        return Tone.NONE
    if value in _BLACK or (link and value.replace(" ", "") in _LINK_INKS):
        return Tone.USUAL
    parts = _rgb(value)
    if parts is None or parts[3] == 0:
        return Tone.SET
    red, green, blue, _ = parts
    grey = max(red, green, blue) - min(red, green, blue) <= _GREYISH
    return Tone.USUAL if grey and max(red, green, blue) <= _DARK_INK else Tone.SET


@lru_cache(maxsize=1024)
def ground(value: str) -> Tone:
    """What a background is, colour or picture."""
    tone = Tone.NONE
    for word in _WORD.findall(_plain(value)):
        if word in _NO_COLOUR or word in _GROUND_WORDS or _LENGTH.match(word):
            continue
        parts = _rgb(word)
        if parts is not None and parts[3] == 0:
            continue
        if word in _WHITE or (parts is not None and min(parts[:3]) >= _WHITISH):
            tone = max(tone, Tone.USUAL)
        else:
            return Tone.SET
    return tone


def _plain(value: str) -> str:
    return value.lower().replace("!important", "").strip()


def _rgb(value: str) -> tuple[int, int, int, float] | None:
    if value.startswith("#"):
        digits = value[1:]
        if len(digits) in (3, 4):
            digits = "".join(digit * 2 for digit in digits)
        if len(digits) not in (6, 8):
            return None
        try:
            levels = bytes.fromhex(digits)
        except ValueError:
            return None
        return levels[0], levels[1], levels[2], levels[3] / 255 if len(levels) > 3 else 1.0
    match = _RGB.match(value)
    if match is None:
        return None
    alpha = match[4]
    seen = 1.0
    if alpha is not None and alpha.strip(".%") and alpha.count(".") < 2:
        seen = float(alpha.rstrip("%"))
    return int(match[1]), int(match[2]), int(match[3]), seen
