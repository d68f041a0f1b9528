"""One walk over a message's tree: what its elements name is answered, what they set is gathered.

Pictures, backgrounds, styles and links are changed in the tree; `attribute` is what a second
reader of the markup (nh3) is to ask about every attribute, and believes nothing but what was
issued on that walk.
"""

from __future__ import annotations

import html as markup
import re
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from martlet.mail.reading import Link, Paper
from martlet.mime import links
from martlet.mime.css import Declarations, clean_inline, written
from martlet.mime.css_sheet import BODY, MAX_SHEET, Rule, clean_sheet, written_sheet
from martlet.mime.html_image import Hidden, ancestors_hide, chosen, hides, unseen
from martlet.mime.html_names import LOADERS, TAGS
from martlet.mime.html_paper import Colours, Tone, ground, ink, names_link, tone_of, without_usual
from martlet.mime.html_remote import Wanted, is_data

_LINKS = re.compile(r"(?:https?|mailto|tel|ftp|sms|xmpp|news):", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_SCRIPT = re.compile(r"(?:java|vb|live)script:", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x20\x7f-\x9f]+")
_NUMBER = re.compile(r"\s*\d{1,6}(?:\.\d{1,4})?\s*(?:%|px|em|pt)?\s*\Z", re.IGNORECASE)
_REFRESH = re.compile(r"url\s*=\s*[\"']?\s*([^\"'\s>]+)", re.IGNORECASE)
_COLOUR = re.compile(r"#?\w{1,30}\Z", re.ASCII)
_BARE_HEX = re.compile(r"[0-9a-f]{3}(?:[0-9a-f]{3})?\Z", re.IGNORECASE)
_MEDIA = re.compile(r"[\w\s]+|[\w\s]*(?:\([\w\s:.-]*\)[\w\s]*)*", re.ASCII)
_LOADING = ", ".join([*LOADERS, "source", "img[lowsrc]", "img[dynsrc]"])
_MAX_SHEETS = 2 * MAX_SHEET
_MAX_LINKS = 50_000
_MAX_IN_LINK = 20_000


class Visit:
    """The walk, what it found, and what it let pass."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._rules: list[Rule] = []
        self._hidden = Hidden()
        self._hiding: set[int] = set()
        self._colours = Colours()
        self._paper = Paper.LIGHT
        # (element, its declarations, whether they are a link's)
        self._styled: list[tuple[LexborNode, Declarations, bool]] = []
        self._looks: dict[str, tuple[Declarations, Tone, bool]] = {}
        self._usual: list[tuple[LexborNode, str]] = []
        self._styles: set[str] = set()
        self._read = 0
        self._pictures: dict[int, str] = {}  # what a <picture> offers
        self.links: dict[Link, None] = {}

    def outside(self, tree: LexborHTMLParser) -> None:
        """Style sheets, and all that would be loaded by elements that are left out."""
        for node in tree.css("base[href]"):
            self._wanted.set_base(node.attributes.get("href") or "")
        for node in tree.css("meta[http-equiv][content]"):
            found = _REFRESH.search(node.attributes.get("content") or "")
            if found is not None:
                self._wanted.refuse(found[1])
        for node in tree.css(_LOADING):
            self._refuse(node)
        left = _MAX_SHEETS
        for node in tree.css("style"):
            css = node.text()
            left -= len(css)
            if left >= 0:
                self._sheet(css, node.attributes.get("media") or "")
        self._hidden.see_rules(self._rules)
        self._colours.see_rules(self._rules)

    def inside(self, body: LexborNode) -> None:
        """Every element of the body, in the order of the markup."""
        for node in body.traverse():
            tag = node.tag or ""
            attributes = node.attributes
            if not attributes and tag != "img":
                continue
            if tag not in TAGS and tag != "body":
                # It goes, but what it asked for counts
                clean_inline(attributes.get("style") or "", self._wanted, calm=False)
                continue
            looks: Declarations = ()
            if "style" in attributes:
                looks = self._style(node, tag, attributes["style"] or "")
            if tag == "img":
                self._image(node, attributes, looks)
            elif tag == "a" and "href" in attributes:
                self._link(node, attributes["href"] or "")
            if "bgcolor" in attributes:
                self._colour(node, "bgcolor", ground(_colour(attributes["bgcolor"] or "")))
            if "background" in attributes:
                self._background(node, attributes["background"] or "")
            if tag == "font" and "color" in attributes:
                self._colour(node, "color", ink(_colour(attributes["color"] or ""), _in_link(node)))
            elif tag == "body" and "text" in attributes:
                self._colour(node, "text", ink(_colour(attributes["text"] or ""), False))

    def finish(self) -> Paper:
        """Writes the styles into the tree, without usual colours where there are no others."""
        self._paper = self._colours.paper()
        plain = self._paper is Paper.THEME
        for node, looks, link in self._styled:
            style = written(without_usual(looks, link) if plain else looks)
            if style:
                node.attrs["style"] = style
                self._styles.add(style)
            else:
                del node.attrs["style"]
        for node, name in self._usual if plain else ():
            del node.attrs[name]
        return self._paper

    def frame(self, body: LexborNode, named: bool) -> str:
        """The body element's looks, as attributes for a <div> in its place; "" if it has none.

        named: the style sheet may ask for it.
        """
        found = body.attributes
        looks = [found.get("style") or ""]
        for name, style in (("bgcolor", "background-color"), ("text", "color")):
            value = _colour(found.get(name) or "")
            if _COLOUR.match(value):
                looks.insert(0, f"{style}:{value}")
        style = ";".join(filter(None, looks))
        self._styles.add(style)
        name = found.get("class") or ""
        kept = {
            "style": style,
            "class": f"{BODY} {name}".strip() if named else name,
            "id": found.get("id") or "",
            "dir": found.get("dir") or "",
            "lang": found.get("lang") or "",
            "background": found.get("background") or "",
        }
        return "".join(f' {n}="{markup.escape(v)}"' for n, v in kept.items() if v)

    def sheet(self) -> str:
        """All rules as one style sheet, "" if there are none."""
        rules = self._rules
        if self._paper is Paper.THEME:
            rules = [
                Rule(rule.conditions, rule.selector, kept)
                for rule in rules
                if (kept := without_usual(rule.declarations, names_link(rule.selector)))
            ]
        return written_sheet(rules)

    def attribute(self, tag: str, name: str, value: str) -> str | None:
        """The value an attribute may have, None if it may not be: the answer for nh3."""
        if name == "style":
            if value in self._styles:
                return value
            return written(clean_inline(value, self._wanted, calm=False)) or None
        if name in ("src", "background"):
            return value if value in self._wanted.issued or is_data(value) else None
        if name == "href":
            return _target(value)
        if name in ("width", "height") and not _NUMBER.match(value):
            return None
        # No attribute left is a place to run it in; it has no honest use either
        if ":" in value and _SCRIPT.match(_CONTROL.sub("", value)):
            return None
        return value

    def _sheet(self, css: str, media: str) -> None:
        media = " ".join(media.lower().split())
        if media in ("all", "screen"):
            media = ""
        if _MEDIA.fullmatch(media) or not media:
            self._rules.extend(clean_sheet(css, self._wanted, media))

    def _refuse(self, node: LexborNode) -> None:
        tag = node.tag or ""
        attributes = node.attributes
        parent = node.parent
        if tag == "source" and parent is not None and parent.tag == "picture":
            return
        for name in LOADERS.get(tag, ("src", "srcset", "lowsrc", "dynsrc")):
            if tag == "img" and name in ("src", "srcset"):
                continue
            value = attributes.get(name) or ""
            self._wanted.refuse(chosen(value) if name == "srcset" else value)

    def _style(self, node: LexborNode, tag: str, style: str) -> Declarations:
        known = self._looks.get(style)
        if known is None:
            looks = clean_inline(style, self._wanted)
            known = self._looks[style] = looks, tone_of(looks, False), hides(looks)
        looks, tone, away = known
        link = tone is not Tone.NONE and (tag == "a" or _in_link(node))
        self._colours.see(tone_of(looks, link) if link else tone)
        self._styled.append((node, looks, link))
        if away and not self._hidden.may_show(node.attributes):
            self._hiding.add(node.mem_id)
        return looks

    def _colour(self, node: LexborNode, name: str, tone: Tone) -> None:
        self._colours.see(tone)
        if tone is Tone.USUAL:
            self._usual.append((node, name))

    def _background(self, node: LexborNode, url: str) -> None:
        use = self._wanted.picture(url)
        if url.strip():
            self._colours.see(Tone.SET)
        _put(node, "background", use)

    def _image(
        self, node: LexborNode, attributes: dict[str, str | None], looks: Declarations
    ) -> None:
        url = attributes.get("src") or ""
        if not url.strip():
            url = chosen(attributes.get("srcset") or "") or self._beside(node)
            if not url:
                return
        away, told = unseen(node, looks, self._hidden)
        away = away or ancestors_hide(node, self._hiding, self._hidden)
        _put(node, "src", self._wanted.image(url, away, told))

    def _beside(self, image: LexborNode) -> str:
        """An address of the <picture> that an <img> without one lies in."""
        parent = image.parent
        if parent is None or parent.tag != "picture":
            return ""
        known = self._pictures.get(parent.mem_id)
        if known is None:
            sources = islice((one for one in parent.iter() if one.tag == "source"), 10)
            found = (chosen(one.attributes.get("srcset") or "") for one in sources)
            known = self._pictures[parent.mem_id] = next(filter(None, found), "")
        return known

    def _link(self, node: LexborNode, url: str) -> None:
        plain = _CONTROL.sub("", url)
        if plain and not plain.startswith("#") and not _SCHEME.match(plain):
            # As in a browser: beside the mail's <base>, or nowhere
            _put(node, "href", self._wanted.web_address(url))
            plain = node.attributes.get("href") or ""
        self._read += 1
        if self._read > _MAX_LINKS:
            _put(node, "href", None)  # one that nobody has looked at
            return
        found = links.risks(plain, _shown(node))
        if found and len(self.links) >= links.MAX_LINKS:
            _put(node, "href", None)  # nobody would be warned of it
            return
        for risk in found:
            self.links[risk] = None


def _put(node: LexborNode, name: str, value: str | None) -> None:
    if value is not None:
        node.attrs[name] = value
    elif name in node.attributes:
        del node.attrs[name]


def _target(url: str) -> str | None:
    plain = url.strip()
    if plain.startswith("#"):
        return plain
    bare = _CONTROL.sub("", plain)
    return bare if _LINKS.match(bare) else None


def _colour(value: str) -> str:
    value = value.strip()
    return f"#{value}" if _BARE_HEX.match(value) else value


def _in_link(node: LexborNode) -> bool:
    above = node.parent
    for _ in range(3):
        if above is None:
            return False
        if above.tag == "a":
            return True
        above = above.parent
    return False


def _shown(node: LexborNode) -> str:
    said: list[str] = []
    room = _MAX_IN_LINK
    for inner in node.traverse(include_text=True):
        if inner.tag == "-text":
            text = (inner.text_content or "")[:room]
            room -= len(text)
            said.append(text)
        elif inner.tag == "img":
            said.append(f" {(inner.attributes.get('alt') or '')[:1000]} ")
            room -= 10
        if room <= 0:
            break
    return "".join(said)
