"""Hostile HTML made fit to be shown: an allow-list of elements, attributes, schemes and CSS.

An HTML5 parser reads it, `css` cleans the styles, nh3 has the last word on the markup. Nothing in
the result loads anything but the message's own parts; what would have is counted as blocked. Links
stay: a person follows them, the pane asks. The viewer and its CSP are walls of their own.
"""

from __future__ import annotations

import html as markup
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote

import nh3
from selectolax.lexbor import LexborHTMLParser

from martlet.mail.reading import NOTHING_REMOTE, Link, Paper, Remote
from martlet.mime.css import clean_inline, clean_sheet
from martlet.mime.html_text import to_text
from martlet.mime.nesting import stripped, too_deep

__all__ = ["Sanitised", "sanitise", "to_text"]

_TAGS = set(
    [
        "a",
        "abbr",
        "acronym",
        "address",
        "article",
        "aside",
        "b",
        "bdi",
        "bdo",
        "big",
        "blockquote",
        "br",
        "caption",
        "center",
        "cite",
        "code",
        "col",
        "colgroup",
        "dd",
        "del",
        "details",
        "dfn",
        "dir",
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
        "figure",
        "font",
        "footer",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "i",
        "img",
        "ins",
        "kbd",
        "li",
        "main",
        "mark",
        "menu",
        "nav",
        "nobr",
        "ol",
        "p",
        "pre",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "section",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "summary",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "time",
        "tr",
        "tt",
        "u",
        "ul",
        "var",
        "wbr",
    ]
)
_DROPPED = set(
    [
        "applet",
        "audio",
        "base",
        "canvas",
        "embed",
        "frame",
        "frameset",
        "head",
        "iframe",
        "link",
        "math",
        "meta",
        "noembed",
        "noframes",
        "noscript",
        "object",
        "param",
        "plaintext",
        "script",
        "select",
        "style",
        "svg",
        "template",
        "textarea",
        "title",
        "video",
        "xmp",
    ]
)
_GENERIC = set(
    [
        "align",
        "alt",
        "background",
        "bgcolor",
        "border",
        "bordercolor",
        "cellpadding",
        "cellspacing",
        "class",
        "color",
        "colspan",
        "dir",
        "face",
        "headers",
        "height",
        "hspace",
        "id",
        "lang",
        "name",
        "nowrap",
        "reversed",
        "role",
        "rowspan",
        "scope",
        "size",
        "span",
        "start",
        "style",
        "summary",
        "title",
        "type",
        "valign",
        "value",
        "vspace",
        "width",
        "aria-label",
        "aria-hidden",
        "aria-level",
        "datetime",
        "clear",
    ]
)
_ATTRIBUTES: dict[str, set[str]] = {
    "*": _GENERIC,
    "a": {"href"},
    "img": {"src", "usemap"},
    "blockquote": {"type"},
}
_LINKS = re.compile(r"(?:https?|mailto|tel|ftp|sms|xmpp|news):", re.IGNORECASE)
_REMOTE = re.compile(
    r"(?:[a-z][a-z0-9+.-]*:)?[\\/]{2}|(?:https?|ftp|file|ws|wss|blob):", re.IGNORECASE
)
_SCRIPT = re.compile(r"(?:java|vb|live)script:", re.IGNORECASE)
_DATA = re.compile(
    r"data:image/(?:png|jpe?g|gif|webp)(?:;[a-z0-9=._-]{1,40})*;base64,[A-Za-z0-9+/=%\s_-]*\Z", re.I
)
_CONTROL = re.compile(r"[\x00-\x20\x7f-\x9f]+")
_NUMBER = re.compile(r"\s*\d{1,6}(?:\.\d{1,4})?\s*(?:%|px|em|pt)?\s*\Z", re.IGNORECASE)
_LOADERS = (
    "script[src], link[href], iframe[src], frame[src], object[data], embed[src], video[src], "
    "video[poster], audio[src], source[src], source[srcset], track[src], input[src], bgsound[src], "
    "img[srcset], img[lowsrc], img[dynsrc], image[href], use[href], applet[code]"
)
_LOADING = frozenset({"src", "href", "data", "poster", "srcset", "lowsrc", "dynsrc", "code"})
_SCHEMES = {"http", "https", "mailto", "tel", "ftp", "sms", "xmpp", "news", "data", "cid"}
_SCHEMES.add("martlet-part")


@dataclass(frozen=True, slots=True)
class Sanitised:
    """html: body markup, <style> first; blocked: how many remote things were kept out.

    paper: what it wants to lie on; remote: what it would have from the internet; links: those
    with a risk.
    """

    html: str
    blocked: int
    paper: Paper = Paper.LIGHT
    remote: Remote = NOTHING_REMOTE
    links: tuple[Link, ...] = ()


def sanitise(
    html: str,
    part_url: Callable[[str], str | None],
    *,
    pictures: bool = False,
    simple: bool = False,
    fold: bool = False,
) -> Sanitised:
    """Cleans a message's HTML.

    part_url: gives the URL (scheme martlet-part: or cid:) of the part with this Content-ID or
    Content-Location, or None if the message has no such part.
    pictures: those from the internet are in the markup, as `martlet-part:/remote/NUMBER`.
    simple: words, structure, links and pictures, without looks. fold: quoted mail lies in closed
    <details class="martlet-quote">, for a window; not for an answer.
    """
    if too_deep(html):
        return Sanitised(f"<p>{markup.escape(stripped(html))}</p>", 0)
    cleaning = _Cleaning(part_url)
    # Its own answer to U+0000 differs between contexts; nobody writes it in good faith
    tree = LexborHTMLParser(html.replace("\x00", ""))
    for node in tree.css(_LOADERS):
        for name, value in node.attributes.items():
            if name in _LOADING and not (node.tag == "img" and name == "src"):
                cleaning.note(value or "")
    styles: list[str] = []
    for node in tree.css("style"):
        kept = clean_sheet(node.text(), cleaning.picture)
        if kept:
            styles.append(f"<style>{kept}</style>")
    body = tree.body
    inner = (body.inner_html or "") if body is not None else ""
    frame = _frame(dict(body.attributes)) if body is not None else ""
    if frame:
        inner = f"<div{frame}>{inner}</div>"
    cleaned = nh3.clean(
        inner,
        tags=_TAGS,
        clean_content_tags=_DROPPED,
        attributes=_ATTRIBUTES,
        attribute_filter=cleaning.attribute,
        url_schemes=_SCHEMES,
        strip_comments=True,
        link_rel=None,
    )
    return Sanitised("".join(styles) + cleaned, cleaning.blocked)


def _frame(attributes: dict[str, str | None]) -> str:
    """The body element's looks, as attributes for a <div> in its place."""
    style = attributes.get("style") or ""
    color = attributes.get("text") or ""
    if re.fullmatch(r"#?\w{1,30}", color):
        style = f"color:{color};{style}"
    background = attributes.get("bgcolor") or ""
    if re.fullmatch(r"#?\w{1,30}", background):
        style = f"background-color:{background};{style}"
    kept = {
        "style": style,
        "class": attributes.get("class") or "",
        "id": attributes.get("id") or "",
        "dir": attributes.get("dir") or "",
        "lang": attributes.get("lang") or "",
        "background": attributes.get("background") or "",
    }
    return "".join(f' {n}="{markup.escape(v)}"' for n, v in kept.items() if v)


class _Cleaning:
    """What one run knows: how to name parts, and how much was kept out."""

    def __init__(self, part_url: Callable[[str], str | None]) -> None:
        self._part_url = part_url
        self._styles: dict[str, str] = {}
        self.blocked = 0

    def note(self, url: str) -> None:
        """Counts a URL that is not shown, if it is remote."""
        if _REMOTE.match(_CONTROL.sub("", url)):
            self.blocked += 1

    def picture(self, url: str) -> str | None:
        """The URL to load a picture from, or None, counted if it was remote."""
        url = url.strip()
        plain = _CONTROL.sub("", url)
        if plain[:4].lower() == "cid:":
            return self._part(unquote(plain[4:]).strip("<>"))
        if plain[:5].lower() == "data:":
            return plain if _DATA.match(plain) else None
        if plain:
            found = self._part(plain)
            if found is not None:
                return found
        self.note(plain)
        return None

    def _part(self, name: str) -> str | None:
        return self._part_url(name)

    def attribute(self, tag: str, name: str, value: str) -> str | None:
        """nh3 asks this about every attribute that is allowed by name."""
        if tag not in _TAGS:  # it goes with its element, and was counted before
            return None
        if name == "style":
            return self._style(value)
        if name == "href":
            return _link(value)
        if name == "src":
            return self.picture(value)
        if name == "background":
            return self.picture(value)
        if name == "usemap":
            return None
        if name in ("width", "height") and not _NUMBER.match(value):
            return None
        # No attribute left is a place to run it in; it has no honest use either
        return None if _SCRIPT.match(_CONTROL.sub("", value)) else value

    def _style(self, style: str) -> str | None:
        if "(" in style or "\\" in style:  # may hold a URL, and each one counts
            return clean_inline(style, self.picture) or None
        if style not in self._styles:
            self._styles[style] = clean_inline(style, self.picture)
        return self._styles[style] or None


def _link(url: str) -> str | None:
    plain = url.strip()
    if plain.startswith("#"):
        return plain
    bare = _CONTROL.sub("", plain)
    return bare if _LINKS.match(bare) else None
