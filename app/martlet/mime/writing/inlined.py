"""Foreign HTML made fit to stand inside a letter of ours: cleaned, its style sheets written into
its elements, its own parts by `cid:`, small.

Other programs throw style sheets away, and in a letter they would dress its writer's words too.
Nothing is loaded. What is too crowded to be dressed quickly goes without its style sheets.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from contextlib import suppress

import css_inline

from martlet.mime.css_sheet import MAIL, PAGE
from martlet.mime.html import sanitise

# Every rule is looked up for many elements: so many pairs take about a second.
_MOST_RULES = 3_000
_MOST_PAIRS = 20_000_000
_MOST_SHEET = 300_000
# Selectors of many parts are what makes looking slow
_MOST_PARTS = 12
_SHEET = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_SCOPE = f"@scope (.{MAIL})" + "{"
_REMOTE = re.compile(r"martlet-part:/remote/(\d{1,4})(?!\d)")
# Of no weight, which css-inline does not know
_WHERE = re.compile(r":where\((\.[\w-]+)\)")
# As nh3 writes elements: values in double quotes, which may hold < and >
_TAG = re.compile(r'<[a-z][a-z0-9]*(?: [a-z:-]+="[^"]*"| [a-z:-]+)*>')
_NAMED = re.compile(r' (class|id|src)="[^"]*"')
_STYLE = re.compile(r' style="[^"]*"')
# In an element nothing is left that it could outdo, and Outlook drops what has it
_IMPORTANT = re.compile(r"\s*!\s*important\b", re.IGNORECASE)
SIGNATURE = '<div class="moz-signature"'
_SIGNATURE = re.compile(r'<div [^>]*\bclass="(?:[^"]* )?moz-signature[ "]')
_BOXES, _BOXES_END = f'<div class="{MAIL}"><div class="{PAGE}">', "</div></div>"

_INLINER = css_inline.CSSInliner(
    inline_style_tags=False,
    load_remote_stylesheets=False,
    keep_style_tags=False,
    keep_link_tags=False,
)


def inlined(
    html: str, known: Container[str], *, pictures: bool = False, signature: bool = False
) -> str:
    """Body markup without style sheets, classes and names.

    known: Content-IDs that may be shown. pictures: those of the internet stay, as addresses that
    whoever gets the letter may load; without those that only tell that it is read. signature: its
    box keeps the class by which programs know it.
    """

    def part_url(name: str) -> str | None:
        return f"cid:{name}" if name in known else None

    first = sanitise(html, part_url, pictures=pictures)
    markup = _restored(first.html, first.remote.pictures)
    sheet = ""
    found = _SHEET.match(markup)
    if found is not None:
        markup = markup[found.end() :].removeprefix(_BOXES).removesuffix(_BOXES_END)
        sheet = found[1].removeprefix(_SCOPE)
        sheet = _WHERE.sub(r"\1", sheet[:-1]) if sheet != found[1] else ""
    if sheet and _quick(sheet, markup):
        # A sheet it cannot read dresses nothing
        with suppress(css_inline.InlineError):
            markup = _INLINER.inline_fragment(markup, sheet)
    # What was put together from cleaned pieces is cleaned as a whole
    second = sanitise(markup, part_url, pictures=pictures, sheets=False)
    bare = _bare_but_signature if signature else _bare
    return _TAG.sub(bare, _restored(second.html, second.remote.pictures))


def _bare(tag: re.Match[str]) -> str:
    """An element without names; no picture of which nothing is left."""
    if tag[0][:5] in ("<img ", "<img>") and not any(m[1] == "src" for m in _NAMED.finditer(tag[0])):
        return ""
    bare = _NAMED.sub(lambda found: found[0] if found[1] == "src" else "", tag[0])
    return _STYLE.sub(lambda found: _IMPORTANT.sub("", found[0]), bare)


def _bare_but_signature(tag: re.Match[str]) -> str:
    bare = _bare(tag)
    return bare.replace("<div", SIGNATURE, 1) if _SIGNATURE.match(tag[0]) else bare


def _quick(sheet: str, markup: str) -> bool:
    rules = sheet.count("{")
    if len(sheet) > _MOST_SHEET or rules > _MOST_RULES:
        return False
    selectors = rules + sheet.count(",")
    if selectors * markup.count("<") > _MOST_PAIRS:
        return False
    return all(
        len(re.split(r"[\s>+~]+", one.strip())) <= _MOST_PARTS
        for head in re.findall(r"([^{}]*){", sheet)
        for one in head.split(",")
    )


def _restored(markup: str, pictures: Sequence[str]) -> str:
    """With the addresses of the internet in place of their numbers."""

    def address(match: re.Match[str]) -> str:
        number = int(match[1])
        found = pictures[number] if number < len(pictures) else ""
        return found.replace("&", "&amp;").replace('"', "%22").replace("'", "%27")

    return _REMOTE.sub(address, markup) if pictures else markup
