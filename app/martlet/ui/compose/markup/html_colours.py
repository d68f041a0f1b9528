"""Colours as CSS writes them, as "#rrggbb"."""

from __future__ import annotations

import re
from colorsys import hls_to_rgb

_HEX = re.compile(r"#?([0-9a-f]{3,8})")
_RGB = re.compile(
    r"rgba?\(\s*([\d.]+%?)[\s,]+([\d.]+%?)[\s,]+([\d.]+%?)(?:[\s,/]+([\d.]+%?))?\s*\)"
)
_HSL = re.compile(
    r"hsla?\(\s*([\d.]+)(?:deg)?[\s,]+([\d.]+)%[\s,]+([\d.]+)%(?:[\s,/]+([\d.]+%?))?\s*\)"
)
# Those that mail and web pages use; an unknown name is no colour.
_NAMES = {
    "black": "#000000", "white": "#ffffff", "red": "#ff0000", "green": "#008000",
    "blue": "#0000ff", "yellow": "#ffff00", "orange": "#ffa500", "purple": "#800080",
    "gray": "#808080", "grey": "#808080", "silver": "#c0c0c0", "maroon": "#800000",
    "navy": "#000080", "teal": "#008080", "olive": "#808000", "lime": "#00ff00",
    "aqua": "#00ffff", "cyan": "#00ffff", "fuchsia": "#ff00ff", "magenta": "#ff00ff",
    "brown": "#a52a2a", "pink": "#ffc0cb", "gold": "#ffd700", "darkred": "#8b0000",
    "darkgreen": "#006400", "darkblue": "#00008b", "lightgray": "#d3d3d3",
    "lightgrey": "#d3d3d3", "darkgray": "#a9a9a9", "darkgrey": "#a9a9a9",
    "lightblue": "#add8e6", "lightgreen": "#90ee90", "lightyellow": "#ffffe0",
    "crimson": "#dc143c", "tomato": "#ff6347", "indigo": "#4b0082", "violet": "#ee82ee",
    "skyblue": "#87ceeb", "steelblue": "#4682b4", "royalblue": "#4169e1",
    "darkorange": "#ff8c00", "chocolate": "#d2691e", "salmon": "#fa8072", "khaki": "#f0e68c",
    "turquoise": "#40e0d0", "dimgray": "#696969", "dimgrey": "#696969",
    "slategray": "#708090", "whitesmoke": "#f5f5f5", "windowtext": "#000000",
    "window": "#ffffff", "canvastext": "#000000", "canvas": "#ffffff",
}  # fmt: skip


def colour_of(value: str) -> str:
    """ "#rrggbb"; "" for none, for what cannot be seen through to, and for what is no colour."""
    value = value.strip().lower()
    if value in _NAMES:
        return _NAMES[value]
    found = _HEX.fullmatch(value)
    if found:
        digits = found[1]
        if len(digits) in (3, 4):
            digits = "".join(each * 2 for each in digits)
        if len(digits) == 8 and int(digits[6:], 16) < 0x20:
            return ""
        return f"#{digits[:6]}" if len(digits) in (6, 8) else ""
    found = _RGB.fullmatch(value)
    if found:
        if not _opaque(found[4]):
            return ""
        return "#" + "".join(f"{_channel(found[n]):02x}" for n in (1, 2, 3))
    found = _HSL.fullmatch(value)
    if found and _opaque(found[4]):
        hue, full, light = (_number(found[n]) for n in (1, 2, 3))
        rgb = hls_to_rgb(hue % 360 / 360, min(light, 100) / 100, min(full, 100) / 100)
        return "#" + "".join(f"{round(each * 255):02x}" for each in rgb)
    return ""


def is_pale(colour: str) -> bool:
    """Whether words of this colour ("#rrggbb") can hardly be read on white: a contrast below 3:1
    (WCAG 2).
    """
    light = 0.0
    for start, weight in ((1, 0.2126), (3, 0.7152), (5, 0.0722)):
        part = int(colour[start : start + 2], 16) / 255
        light += weight * (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4)
    return 1.05 / (light + 0.05) < 3


def _opaque(alpha: str | None) -> bool:
    if alpha is None:
        return True
    return _number(alpha.rstrip("%")) / (100 if alpha.endswith("%") else 1) > 0.12


def _channel(text: str) -> int:
    value = _number(text.rstrip("%"))
    return max(0, min(255, round(value * 2.55 if text.endswith("%") else value)))


def _number(text: str) -> float:
    try:
        return min(float(text[:12]), 1e6)
    except ValueError:
        return 0.0
