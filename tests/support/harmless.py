"""Reads cleaned markup as two other parsers do, and lists whatever in it could act or fetch.

Its lists are its own: nothing of what it judges is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html.parser import HTMLParser
from itertools import product
from typing import Any
from urllib.parse import urlsplit

import tinycss2
from selectolax.lexbor import LexborHTMLParser

from martlet.mime.html import Sanitised, sanitise


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_ELEMENTS = _set(
    """a abbr acronym address article aside b bdi bdo big blockquote br caption center cite code
    col colgroup dd del details dfn dir div dl dt em figcaption figure font footer h1 h2 h3 h4 h5
    h6 header hgroup hr i img ins kbd li main mark menu nav nobr ol p pre q rp rt ruby s samp
    section small span strike strong style sub summary sup table tbody td tfoot th thead time tr tt
    u ul var wbr"""
)
_FRAME = frozenset({"html", "head", "body"})
_SIMPLE = _ELEMENTS - {"style", "font", "center", "big", "section", "nav", "header", "footer"}
_NO_LOAD = _set(
    """align alt aria-hidden aria-label aria-level bgcolor border bordercolor cellpadding
    cellspacing class clear color colspan datetime dir face frame headers height hspace id lang
    name noshade nowrap open reversed role rowspan rules scope size span start summary title type
    valign value vspace width"""
)
_LINK = re.compile(r"#|(?:https?|mailto|tel|ftp|sms|xmpp|news):", re.IGNORECASE)
_PICTURE = re.compile(
    r"martlet-part:/(?:[\d.]+|remote/\d+)\Z|data:image/(?:png|jpe?g|gif|webp|bmp|avif)[;,]", re.I
)
_IN_MARKUP = re.compile(r"<style>.*?</style>|<[^>]*>", re.DOTALL)
_NUMBERED = re.compile(r"martlet-part:/remote/(\d+)")
_RUNS = re.compile(r"(?:java|vb|live)script:|data:text|data:application", re.IGNORECASE)
_AT_RULES = frozenset({"scope", "media", "supports", "layer"})
_BAD_PROPERTIES = re.compile(
    r"behavior|-moz-binding|animation|transition|transform|cursor|filter|mask|clip|z-index|"
    r"top\Z|left\Z|right\Z|bottom\Z|inset|offset|will-change|backdrop|shape|--|src|pointer|view-|"
    r"scroll|counter-(?:inc|res|set)|anchor|container|contain|user-|zoom|all\Z|perspective|-webkit-mask"
)
_GOOD_SIDES = re.compile(r"(?:margin|padding|border)(?:-|\Z)|text-|vertical|outline-offset")
_BAD_FUNCTIONS = re.compile(
    r"expression|image|attr|paint|element|cross-fade|src|var|env|progid|symbols|script|"
    r"view|scroll|local|format|url-prefix|domain|regexp|if\Z|inherit|random|sibling"
)


def part_url(name: str) -> str | None:
    """A message that holds one picture."""
    return "martlet-part:/2" if name == "logo@example.org" else None


def runs(html: str) -> Iterable[tuple[str, Sanitised]]:
    """The markup cleaned in every mode there is."""
    for pictures, simple, fold in product((False, True), repeat=3):
        mode = f"pictures={pictures} simple={simple} fold={fold}"
        yield mode, sanitise(html, part_url, pictures=pictures, simple=simple, fold=fold)


def dangers(html: str) -> list[str]:
    """What is wrong with the results of cleaning this, in any mode."""
    found = [f"{mode}: {what}" for mode, result in runs(html) for what in judge(result, mode)]
    return list(dict.fromkeys(found))


def judge(result: Sanitised, mode: str) -> list[str]:
    """What is wrong with one result."""
    shown = "pictures=True" in mode
    elements = _SIMPLE if "simple=True" in mode else _ELEMENTS
    found: list[str] = []
    for page in (result.html, f"<div class=x>\n{result.html}\n</div>"):
        for reading in (_conforming(page), _naive(page)):
            for tag, attributes, text in reading:
                if tag not in elements:
                    found.append(f"<{tag}>")
                for name, value in attributes:
                    found.extend(_attribute(tag, name, value or ""))
                if tag == "style":
                    found.extend(_sheet(text))
        for number in _NUMBERED.findall("".join(_IN_MARKUP.findall(page))):
            if int(number) >= (len(result.remote.pictures) if shown else 0):
                found.append(f"picture {number}")
    for url in result.remote.pictures:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            found.append(f"asks for {url}")
    if result.blocked != result.remote.kept_out or result.remote.shown != shown:
        found.append("counts do not agree")
    return found


def _conforming(page: str) -> Iterable[tuple[str, list[tuple[str, str | None]], str]]:
    tree = LexborHTMLParser(f"<!DOCTYPE html><html><head></head><body>{page}</body></html>")
    assert tree.root is not None
    for node in tree.root.traverse():
        tag = node.tag or ""
        if tag in _FRAME and not node.attributes:
            continue
        yield tag, list(node.attributes.items()), node.text() if tag == "style" else ""


class _Naive(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, list[tuple[str, str | None]], str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, attrs, ""))

    def handle_data(self, data: str) -> None:
        if self.found and self.found[-1][0] == "style":
            self.found[-1] = ("style", self.found[-1][1], self.found[-1][2] + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "style":
            self.found.append(("div", [], ""))

    def handle_comment(self, data: str) -> None:
        self.found.append(("!--", [], data))

    def handle_decl(self, decl: str) -> None:
        self.found.append(("!", [], decl))

    def unknown_decl(self, data: str) -> None:
        self.found.append(("!", [], data))

    def handle_pi(self, data: str) -> None:
        self.found.append(("?", [], data))


def _naive(page: str) -> list[tuple[str, list[tuple[str, str | None]], str]]:
    reader = _Naive()
    reader.feed(page)
    reader.close()
    return reader.found


def _attribute(tag: str, name: str, value: str) -> Iterable[str]:
    bare = re.sub(r"[\x00-\x20\x7f-\x9f]", "", value)
    if name == "style":
        yield from _declarations(tinycss2.parse_blocks_contents(value))
    elif (name == "src" and tag == "img") or name == "background":
        if not _PICTURE.match(value):
            yield f"{name}={value}"
    elif name == "href" and tag == "a":
        if not _LINK.match(value):
            yield f"href={value}"
    elif name not in _NO_LOAD:
        yield f"{tag} {name}="
    elif _RUNS.match(bare):
        yield f"{name}={value}"


def _sheet(text: str) -> Iterable[str]:
    if "<" in text:
        yield "< in a style sheet"
    rules = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
    for rule in rules:
        if rule.type != "at-rule" or rule.lower_at_keyword != "scope":
            yield f"a rule beyond the scope: {rule.serialize()[:80]}"
    yield from _rules(rules)


def _rules(rules: Iterable[Any]) -> Iterable[str]:
    for rule in rules:
        if rule.type == "at-rule":
            if rule.lower_at_keyword not in _AT_RULES or rule.content is None:
                yield f"@{rule.at_keyword}"
                continue
            yield from _tokens(rule.prelude)
            inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
            yield from _rules(inner)
        elif rule.type == "qualified-rule":
            yield from _tokens(rule.prelude)
            body = tinycss2.parse_blocks_contents(rule.content)
            yield from _declarations(body)
            if re.search(
                r"\[|:(?!:?(?:before|after|first|last|nth|only|not|is|where|link|empty))",
                tinycss2.serialize(rule.prelude),
            ):
                for token in _flat(rule.content):
                    if "martlet-part:/remote" in str(getattr(token, "value", "")):
                        yield "a picture that tells what a person does"
        else:
            yield f"a {rule.type} in a style sheet"


def _declarations(nodes: Iterable[Any]) -> Iterable[str]:
    for node in nodes:
        if node.type in ("whitespace", "comment"):
            continue
        if node.type != "declaration":
            yield f"a {node.type} among declarations"
            continue
        name = node.lower_name
        if _BAD_PROPERTIES.match(name) and not _GOOD_SIDES.match(name):
            yield f"{name}:"
        if name == "position" and tinycss2.serialize(node.value).strip() != "relative":
            yield "position:"
        yield from _tokens(node.value)


def _tokens(tokens: Iterable[Any]) -> Iterable[str]:
    for token in _flat(tokens):
        url = None
        if token.type == "url":
            url = token.value
        elif token.type == "function" and token.lower_name == "url":
            url = "".join(t.value for t in token.arguments if t.type == "string")
        elif token.type == "function" and _BAD_FUNCTIONS.search(token.lower_name):
            yield f"{token.name}()"
        elif token.type in ("error", "at-keyword"):
            yield f"{token.type} {token.serialize()}"
        if url is not None and not _PICTURE.match(url):
            yield f"url({url})"


def _flat(tokens: Iterable[Any]) -> Iterable[Any]:
    waiting = list(tokens)
    while waiting:
        token = waiting.pop()
        yield token
        waiting.extend(getattr(token, "arguments", None) or ())
        content = getattr(token, "content", None)
        if isinstance(content, list):
            waiting.extend(content)
