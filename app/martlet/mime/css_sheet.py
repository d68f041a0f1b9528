"""Style sheets reduced to rules that are harmless, kept to the message's own markup.

Selectors of a mail's page (`html`, `body`, `:root`) are turned to the two boxes that stand for it
(`PAGE`, `BODY`). The whole lies in an @scope of a box around them (`MAIL`; selectors in a scope do
not reach its root), so that nothing dresses the frame that the window puts around. Media queries
stay; a rule that depends on the window, on what a person does or on attributes names no picture
from elsewhere, for asking for it would tell the sender.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any

import tinycss2

from martlet.mime.css import (
    Asked,
    Declarations,
    clean_inline,
    declarations,
    escaped,
    ordinary,
    refuse_all,
    too_deep,
    url_of,
    written,
)
from martlet.mime.css_names import SELECTORS

MAIL = "martlet-mail"
PAGE = "martlet-html"
BODY = "martlet-body"
MAX_SHEET = 300_000
_MAX_CACHED = 60_000

_CONDITIONAL = frozenset({"media", "supports", "layer"})
_PSEUDO = re.compile(r":{1,2}([\w-]+)")
_CALM = frozenset(
    {
        "root", "first-child", "last-child", "only-child", "nth-child", "nth-last-child",
        "nth-of-type", "first-of-type", "last-of-type", "not", "is", "where", "before", "after",
        "first-line", "first-letter", "link", "empty",
    }
)  # fmt: skip
# A rule, and what else mail's style sheets are made of, where nothing is out of the ordinary
_BODY = r"""\{((?>[^{}\\"'@<]|"[^"\\\n<]*"|'[^'\\\n<]*')*+)\}"""
_BRACKETS = r"""\[[\w-]++(?:[~^$*|]?=(?:[\w-]++|"[\w\s./:-]*+"|'[\w\s./:-]*+'))?\]"""
_RULE = re.compile(rf"\s*+((?>[\w\s.#*>+~,:-]|{_BRACKETS})++){_BODY}", re.ASCII)
_MEDIA = re.compile(r"\s*+@media\b([\w\s(),:.-]++)\{", re.ASCII | re.IGNORECASE)
_IDLE = re.compile(
    rf"\s*+@(?:font-face|page|-ms-viewport|viewport)\b[\w\s:-]*+{_BODY}", re.A | re.I
)
_CHARSET = re.compile(r"""\s*+@charset\s*+["'][\w-]*+["']\s*+;""", re.ASCII | re.IGNORECASE)
_IMPORT = re.compile(
    r"""\s*+@import\s+(?:url\(\s*)?(?:"([^"\\\n]*+)"|'([^'\\\n]*+)'|([^\s"'()\\;{}]++))"""
    r"""\s*\)?[^;{}"'\\()]*+;""",
    re.ASCII | re.IGNORECASE,
)
_END = re.compile(r"\s*+\}")
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)  # one left open goes to the end
_LOADS = re.compile(r"url|src", re.IGNORECASE)
_PAGE_NAMES = re.compile(
    r"(?<![\w.#:\[\"'=-])(?:(html)|(body))(?![\w-])|(:root)(?![\w-])", re.IGNORECASE | re.ASCII
)
_CLOSED = re.compile(r"[\w\s]+|[\w\s]*(?:\([\w\s:.,-]*\)[\w\s,]*)*", re.A)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. conditions: the at-rules around it, outermost first ("@media print")."""

    conditions: tuple[str, ...]
    selector: str
    declarations: Declarations


@dataclass(frozen=True, slots=True)
class _Raw:
    """A rule whose declarations are yet to be cleaned."""

    conditions: tuple[str, ...]
    selector: str
    style: str


def clean_sheet(css: str, asked: Asked, media: str = "") -> tuple[Rule, ...]:
    """A style sheet's rules that are harmless; media queries are kept.

    media: what the whole sheet is for ("print"), fit to be written; "" for everything.
    """
    around = (f"@media {media}",) if media else ()
    if len(css) > MAX_SHEET:
        return ()
    simple = _remembered(css) if len(css) < _MAX_CACHED else _ordinary(css)
    if simple is not None:
        found, imported = simple
        for url in imported:
            asked.refuse(url)
        return tuple(_finished(found, asked, around))
    if too_deep(css) or not asked.afford(len(css)):
        return ()
    css = css.replace("<!--", " ").replace("-->", " ")
    nodes = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    return tuple(_rules(nodes, asked, around))


def _finished(
    found: Iterable[Rule | _Raw], asked: Asked, around: tuple[str, ...]
) -> Iterator[Rule]:
    for rule in found:
        conditions = (*around, *rule.conditions)
        if isinstance(rule, Rule):
            yield Rule(conditions, rule.selector, rule.declarations) if around else rule
            continue
        calm = not conditions and _is_calm(rule.selector)
        body = clean_inline(rule.style, asked, calm)
        if body:
            yield Rule(conditions, rule.selector, body)


def written_sheet(rules: Iterable[Rule]) -> str:
    """Rules as a style sheet, "" for none."""
    out: list[str] = []
    for conditions, group in groupby(rules, key=lambda rule: rule.conditions):
        lines = [f"{rule.selector}{{{written(rule.declarations)}}}" for rule in group]
        if lines:
            heads = "".join(f"{condition}{{" for condition in conditions)
            out.append(f"{heads}{chr(10).join(lines)}{'}' * len(conditions)}")
    if not out:
        return ""
    return f"@scope (.{MAIL}){{{chr(10).join(out)}}}"


def _ordinary(css: str) -> tuple[tuple[Rule | _Raw, ...], tuple[str, ...]] | None:
    """(rules, what is imported) of a sheet without anything unusual; None if it has some.

    Whatever this makes of a sheet, each piece that it lets out was read by the strict patterns.
    """
    css = _COMMENT.sub(" ", css)
    if "\\" in css or "<" in css:
        return None
    rules: list[Rule | _Raw] = []
    imported: list[str] = []
    conditions: tuple[str, ...] = ()
    position, end = 0, len(css.rstrip())
    while position < end:
        if (match := _RULE.match(css, position)) is not None:
            selector = _ours(" ".join(match[1].split()))
            found = ordinary(match[2])
            if found is None:
                rules.append(_Raw(conditions, selector, match[2]))
            elif found:
                rules.append(Rule(conditions, selector, found))
        elif (match := _MEDIA.match(css, position)) is not None and not conditions:
            condition = " ".join(match[1].split())
            if not _CLOSED.fullmatch(condition):
                return None
            conditions = (f"@media {condition}",)
        elif conditions and (match := _END.match(css, position)) is not None:
            conditions = ()
        elif (match := _IMPORT.match(css, position)) is not None:
            imported.append(match[1] or match[2] or match[3] or "")
        elif (match := _IDLE.match(css, position)) is not None and not _LOADS.search(match[1]):
            pass
        elif (match := _CHARSET.match(css, position)) is None:
            return None
        position = match.end()
    return (tuple(rules), tuple(imported)) if not conditions else None


_remembered = lru_cache(maxsize=64)(_ordinary)


def _rules(nodes: Iterable[Any], asked: Asked, conditions: tuple[str, ...]) -> Iterator[Rule]:
    for node in nodes:
        if node.type == "qualified-rule":
            selector = escaped(_selector(node.prelude))
            calm = not conditions and _is_calm(selector)
            content = tinycss2.parse_blocks_contents(node.content)
            if not selector:
                refuse_all(node.content, asked)
                continue
            body = declarations(content, asked, calm)
            if body:
                yield Rule(conditions, selector, body)
        elif node.type == "at-rule":
            name = node.lower_at_keyword
            condition = _condition(node.prelude) if name in _CONDITIONAL else None
            if condition is not None and node.content is not None:
                inner = tinycss2.parse_rule_list(
                    node.content, skip_comments=True, skip_whitespace=True
                )
                yield from _rules(inner, asked, (*conditions, f"@{name} {escaped(condition)}"))
            else:
                _refuse(node, asked)


def _is_calm(selector: str) -> bool:
    if "[" in selector:
        return False
    return all(name.lower() in _CALM for name in _PSEUDO.findall(selector))


def _refuse(node: Any, asked: Asked) -> None:
    """Counts what an @import or @font-face would have loaded: one thing, however often it says."""
    named = node.lower_at_keyword == "import"
    for token in [*node.prelude, *(node.content or ())]:
        url = url_of(token)
        if url is None and named and token.type == "string":
            url = token.value
        if url is not None:
            asked.refuse(url)


def _selector(tokens: Iterable[Any]) -> str:
    out: list[str] = []
    for token in tokens:
        if token.type == "function":
            if token.lower_name not in SELECTORS:
                return ""
            inner = _selector(token.arguments)
            if not inner:
                return ""
            out.append(f"{token.lower_name}({inner})")
        elif token.type in ("error", "{} block", "url", "at-keyword", "() block", "string"):
            return ""
        elif token.type == "[] block":
            # With nothing to load, it can tell nobody what it matched
            if any(t.type not in _IN_BRACKETS for t in token.content):
                return ""
            out.append(token.serialize())
        elif token.type == "ident" and not (out and out[-1] in (".", ":")):
            out.append(_ours(token.serialize()))
        elif token.type == "ident" and out[-1] == ":" and token.lower_value == "root":
            out[-1] = f".{PAGE}"
        elif token.type == "comment":
            out.append(" ")
        else:
            out.append(token.serialize())
    return "".join(out).strip()


_IN_BRACKETS = frozenset({"ident", "string", "whitespace", "literal", "number", "hash", "comment"})


def _ours(selector: str) -> str:
    """The mail's page and body as the boxes that stand for them, with the same specificity."""
    return _PAGE_NAMES.sub(_box, selector)


def _box(match: re.Match[str]) -> str:
    if match[3]:
        return f".{PAGE}"
    return f"div:where(.{PAGE if match[1] else BODY})"


def _condition(tokens: Iterable[Any]) -> str | None:
    out: list[str] = []
    for token in tokens:
        if token.type == "() block":
            inner = _condition(token.content)
            if inner is None:
                return None
            out.append(f"({inner})")
        elif token.type in _NO_CONDITION:
            return None
        elif token.type != "comment":
            out.append(token.serialize())
    return "".join(out).strip()


_NO_CONDITION = frozenset(
    {"error", "{} block", "url", "function", "[] block", "at-keyword", "string"}
)
