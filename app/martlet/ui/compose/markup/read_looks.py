"""What elements and styles of foreign HTML mean for the looks of a letter."""

from __future__ import annotations

from dataclasses import replace

from martlet.ui.compose.markup.html_colours import colour_of, is_pale
from martlet.ui.compose.markup.html_names import BLOCKS
from martlet.ui.compose.markup.html_styles import Properties, family_of, is_zero, paper_of, size_of
from martlet.ui.compose.markup.lines import Line, Run, is_link

_SPACED = frozenset(["p", "h1", "h2", "h3", "h4", "h5", "h6", "dl"])
_BOLD = frozenset(["b", "strong", "th"])
_ITALIC = frozenset(["i", "em", "cite", "dfn", "var"])
_UNDER = frozenset(["u", "ins"])
_STRIKE = frozenset(["s", "del", "strike"])
_CODE = frozenset(["code", "tt", "kbd", "samp"])


def look_in(look: Run, tag: str, attributes: dict[str, str], said: Properties) -> Run:
    """What text inside an element looks like."""
    bold, italic, underline = look.bold, look.italic, look.underline
    strike, code, href = look.strike, look.code, look.href
    family, size, colour, background = look.family, look.size, look.colour, look.background
    raised = look.raised
    bold = bold or tag in _BOLD
    italic = italic or tag in _ITALIC
    underline = underline or tag in _UNDER
    strike = strike or tag in _STRIKE
    code = code or tag in _CODE
    if tag == "a":
        given = attributes.get("href", "").strip()
        href = given if is_link(given) else ""
    elif tag == "font":
        family = family_of(attributes.get("face", "")) or family
        colour = colour_of(attributes.get("color", "")) or colour
        size = size_of(attributes.get("size", "").strip()) or size
    elif tag in ("sup", "sub"):
        raised = 1 if tag == "sup" else -1
    elif tag == "mark":
        background = "#ffff00"
    elif tag in ("big", "small"):
        size = 14 if tag == "big" else 9
    if said:
        bold = _weight(said.get("font-weight", ""), bold)
        style = said.get("font-style")
        if style is not None:
            italic = style.startswith(("italic", "oblique"))
        drawn = said.get("text-decoration", "") + said.get("text-decoration-line", "")
        underline = underline or "underline" in drawn
        strike = strike or "line-through" in drawn
        if "font-family" in said:
            family = family_of(said["font-family"])
        found = size_of(said.get("font-size", ""))
        size = size if found is None else found
        if "color" in said:
            colour = colour_of(said["color"])
        paper = paper_of(said)
        if paper is not None and tag not in BLOCKS:
            background = paper
        up = said.get("vertical-align", "")
        if up in ("super", "sub"):
            raised = 1 if up == "super" else -1
    return Run(
        "", bold, italic, underline, strike, href, family=family, size=size, colour=colour,
        background=background, code=code, raised=raised,
    )  # fmt: skip


def _weight(value: str, bold: bool) -> bool:
    if value.isdecimal():
        return int(value[:4]) >= 600
    if value in ("bold", "bolder"):
        return True
    return False if value in ("normal", "lighter") else bold


def keeps_space(keeps: bool, said: Properties) -> bool:
    space = said.get("white-space")
    return keeps if space is None else space in ("pre", "pre-wrap", "break-spaces")


def is_hidden(said: Properties, attributes: dict[str, str]) -> bool:
    return (
        said.get("display") == "none"
        or said.get("visibility") == "hidden"
        or said.get("mso-hide") == "all"
        or "hidden" in attributes
    )


def has_gap(tag: str, said: Properties) -> bool:
    """Whether a browser would leave room around it."""
    if tag not in _SPACED:
        return False
    whole = said.get("margin", "").split()
    above = said.get("margin-top", whole[0] if whole else "1em")
    below = said.get("margin-bottom", whole[-1 if len(whole) < 3 else 2] if whole else "1em")
    if len(whole) in (2, 4):
        below = said.get("margin-bottom", whole[0] if len(whole) == 2 else whole[2])
    return not (is_zero(above) and is_zero(below))


def has_border(said: Properties) -> bool:
    for name, value in said.items():
        if name.startswith("border") and value:
            words = value.split()
            if "none" in words or "hidden" in words or words[0] in ("0", "0px", "0pt"):
                continue
            if any(each in ("solid", "dotted", "dashed", "double", "inset") for each in words):
                return True
    return False


def span_of(value: str, most: int) -> int:
    """How many columns or rows something takes; a zero is left as it is."""
    return min(int(value), most) if value.isdecimal() and len(value) < 5 else 1


def pixels_of(value: str) -> int:
    value = value.strip().removesuffix("px")
    return min(int(value), 4000) if value.isdecimal() and len(value) < 5 else 0


def readable(lines: list[Line]) -> list[Line]:
    """Without the colours of words from a dark window: letters are read on white paper."""

    def clear(run: Run, paper: str) -> Run:
        if run.colour and not run.background and not paper and is_pale(run.colour):
            return replace(run, colour="")
        return run

    found = []
    for line in lines:
        paper = line.cell.background if line.cell is not None else ""
        runs = tuple(clear(run, paper) for run in line.runs)
        found.append(line if runs == line.runs else replace(line, runs=runs))
    return found


def plainer(lines: list[Line]) -> list[Line]:
    """Without the font and the size that most of the text has: they are those of its page."""
    weights: dict[tuple[str, int], int] = {}
    for line in lines:
        if line.heading or line.code:
            continue
        for run in line.runs:
            if not run.picture and not run.remote and not run.code:
                key = (run.family, run.size)
                weights[key] = weights.get(key, 0) + len(run.text)
    usual = max(weights, key=lambda key: weights[key], default=("", 0))
    if usual == ("", 0):
        return lines

    def plain(run: Run) -> Run:
        family = "" if run.family == usual[0] else run.family
        size = 0 if run.size == usual[1] else run.size
        if (family, size) == (run.family, run.size):
            return run
        return replace(run, family=family, size=size)

    return [replace(line, runs=tuple(plain(run) for run in line.runs)) for line in lines]
