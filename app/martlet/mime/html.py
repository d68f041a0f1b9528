"""Hostile HTML made fit to be shown: an allow-list of elements, attributes, schemes and CSS.

An HTML5 parser reads it; `html_visit` looks at all that its elements name, in the order of the
markup; then nh3 has the last word, and takes only addresses and styles that were issued here.
Nothing in the result loads anything but the message's own parts and, when they are to be shown,
pictures that the engine fetches. Links stay: a person follows them, the pane asks. The viewer and
its CSP are walls of their own.
"""

from __future__ import annotations

import html as markup
import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

import nh3
from selectolax.lexbor import LexborHTMLParser

from martlet.mail.reading import NOTHING_REMOTE, Link, Paper, Remote
from martlet.mime import html_quotes
from martlet.mime.css_sheet import MAIL, PAGE
from martlet.mime.html_names import ATTRIBUTES, DROPPED, SCHEMES, TAGS
from martlet.mime.html_remote import Wanted
from martlet.mime.html_simple import simplified
from martlet.mime.html_text import to_text
from martlet.mime.html_visit import Visit
from martlet.mime.nesting import stripped, too_deep

__all__ = ["Sanitised", "sanitise", "to_text"]

# More tags than that, or more characters beside pictures, and no parser is quick
_MAX_TAGS = 100_000
_MAX_SIZE = 4_000_000
_PICTURE = re.compile(r"data:image/[^\"'<>]{1000,}+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sanitised:
    """html: body markup, <style> first; blocked: how many remote things were kept out.

    paper: what it wants to lie on; remote: what it would have from the internet; links: those
    with a risk. cut: it was so long that only its beginning is here.
    """

    html: str
    blocked: int
    paper: Paper = Paper.LIGHT
    remote: Remote = NOTHING_REMOTE
    links: tuple[Link, ...] = ()
    cut: bool = False


def sanitise(
    html: str,
    part_url: Callable[[str], str | None],
    *,
    pictures: bool = False,
    simple: bool = False,
    fold: bool = False,
    sheets: bool = True,
) -> Sanitised:
    """Cleans a message's HTML.

    part_url: gives the URL (scheme martlet-part: or cid:) of the part with this Content-ID or
    Content-Location, or None if the message has no such part.
    pictures: those from the internet are in the markup, as `martlet-part:/remote/NUMBER`.
    simple: words, structure, links and pictures, without looks. fold: quoted mail lies in closed
    <details class="martlet-quote">. sheets: its style sheets are kept. An answer wants neither.
    """
    end = _end(html)
    cut = end < len(html)
    html = html[:end]
    if too_deep(html):
        text = f"<p>{markup.escape(stripped(html))}</p>"
        return Sanitised(text, 0, Paper.THEME, Remote(shown=pictures), cut=cut)
    # Its own answer to U+0000 differs between contexts; nobody writes it in good faith
    tree = LexborHTMLParser(html.replace("\x00", ""))
    wanted = Wanted(part_url, pictures)
    visit = Visit(wanted)
    visit.outside(tree)
    tree.strip_tags(list(DROPPED - {"head"}))
    body = tree.body
    inner, frame, sheet, paper = "", "", "", Paper.THEME
    if body is not None:
        visit.inside(body)
        paper = visit.finish()
        fold = fold and html_quotes.mark(tree, html)
        sheet = visit.sheet() if sheets and not simple else ""
        frame = visit.frame(body, bool(sheet))
        inner = body.inner_html or ""
    cleaned = nh3.clean(
        f"<div{frame}>{inner}</div>" if frame else inner,
        tags=set(TAGS),
        clean_content_tags=set(DROPPED),
        attributes=ATTRIBUTES,
        attribute_filter=visit.attribute,
        url_schemes=set(SCHEMES),
        strip_comments=True,
        link_rel=None,
    )
    cleaned = wanted.restored(cleaned)
    if simple:
        cleaned, paper = simplified(cleaned), Paper.THEME
    if fold:
        cleaned = html_quotes.fold(cleaned)
    if sheet:
        boxes = f'<div class="{MAIL}"><div class="{PAGE}">{cleaned}</div></div>'
        cleaned = f"<style>{sheet}</style>{boxes}"
    remote = wanted.remote()
    return Sanitised(cleaned, remote.kept_out, paper, remote, tuple(visit.links), cut)


def _end(html: str) -> int:
    """Where to stop reading."""
    end = len(html)
    if html.count("<") > _MAX_TAGS:
        end = next(islice(re.finditer("<", html), _MAX_TAGS, None)).start()
    if end <= _MAX_SIZE:
        return end
    room = _MAX_SIZE
    last = 0
    for found in _PICTURE.finditer(html, 0, end):
        if found.start() - last > room:
            break
        room -= found.start() - last
        last = found.end()
    return min(end, last + room)
