"""Cuts HTML of any origin into tags and text, in one pass and in time that grows with its length.

No tree is built, so no depth and no number of open tags can hurt. What is never to be seen
(scripts, comments, frames) comes out as nothing, style sheets as what may be looked into.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import NamedTuple

LONGEST = 16 << 20
MOST_TAGS = 300_000
_LONGEST_VALUE = 16 << 20
_MOST_ATTRIBUTES = 60
_TAG = re.compile(r"""<(/?)([a-zA-Z][^\s/>]{0,60}+)((?:[^>"']++|"[^"]*+"|'[^']*+')*+)>""")
_LOOSE = re.compile(r"<(/?)([a-zA-Z][^\s/>]{0,60}+)([^>]*+)>")
_ANY = re.compile(r"<[^>]*+>")
_ATTRIBUTE = re.compile(r"""([^\s=/>"']++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s>"']*+)))?+""")
_RAW = frozenset(
    ["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "noscript"]
)
_RAW_END = {name: re.compile(f"</{name}(?=[\\s/>])", re.IGNORECASE) for name in _RAW}


class Tag(NamedTuple):
    """attributes: as they are written, for `attributes_of`. closed: <br/>."""

    name: str
    end: bool
    attributes: str
    closed: bool


class Sheet(NamedTuple):
    """What stands in a <style>."""

    css: str


def tokens(markup: str) -> Iterator[Tag | Sheet | str]:
    """Tags, style sheets and text (entities resolved), as they come."""
    markup = markup[:LONGEST]
    at, count, pattern = 0, 0, _TAG
    text_from = 0
    end = len(markup)
    while at < end:
        begin = markup.find("<", at)
        if begin < 0 or count > MOST_TAGS:
            break
        match = pattern.match(markup, begin)
        if match is None and pattern is _TAG and markup[begin + 1 : begin + 2].isalpha():
            # A quote that is never closed: from here on quotes mean nothing, else each tag would
            # be sought to the end.
            loose = _LOOSE.match(markup, begin)
            if loose is not None:
                pattern, match = _LOOSE, loose
        beyond = match.end() if match is not None else _beyond(markup, begin)
        if beyond == begin:
            at = begin + 1  # a bare "<" is text
            continue
        if begin > text_from:
            yield html.unescape(markup[text_from:begin])
        at = text_from = beyond
        if match is None:
            continue
        count += 1
        name = match[2].lower()
        yield Tag(name, bool(match[1]), match[3], match[3].endswith("/"))
        if name in _RAW and not match[1]:
            found = _RAW_END[name].search(markup, at)
            at = text_from = found.start() if found else end
            if name == "style":
                yield Sheet(markup[beyond:at])
    if text_from < end:
        rest = markup[text_from:]
        yield html.unescape(_ANY.sub(" ", rest) if count > MOST_TAGS else rest)


def _beyond(markup: str, begin: int) -> int:
    """Behind a comment, a declaration or the like that begins here; `begin` for a bare "<"."""
    if markup.startswith("<!--", begin):
        if markup.startswith((">", "->"), begin + 4):
            return markup.index(">", begin) + 1
        found = markup.find("-->", begin + 4)
        return found + 3 if found >= 0 else len(markup)
    if markup.startswith(("<!", "<?", "</"), begin):
        found = markup.find(">", begin)
        return found + 1 if found >= 0 else len(markup)
    if markup[begin + 1 : begin + 2].isascii() and markup[begin + 1 : begin + 2].isalpha():
        return len(markup)  # a tag that never ends
    return begin


def attributes_of(written: str) -> dict[str, str]:
    """The attributes of a tag by their names in small letters, the first of each name."""
    found: dict[str, str] = {}
    for number, match in enumerate(_ATTRIBUTE.finditer(written[:_LONGEST_VALUE])):
        if number >= _MOST_ATTRIBUTES:
            break
        name = match[1].lower()
        if name not in found:
            value = match[2] or match[3] or match[4] or ""
            found[name] = html.unescape(value) if "&" in value else value
    return found
