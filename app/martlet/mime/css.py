"""Style sheets and style attributes reduced to what cannot load, move over or run anything.

Properties, functions and at-rules are allowed by name; all else is left out. Values go through a
real tokenizer, so escapes like `u\\72l(` are seen as what they are. Output never contains `<`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

import tinycss2

from martlet.mime.css_names import FUNCTIONS, PROPERTIES, SELECTORS

_CONDITIONAL = frozenset({"media", "supports", "layer"})
_PLAIN = re.compile(r"[\w\s#%.,!'+\-]+\Z", re.ASCII)
_NESTING = re.compile(r"[(\[{)\]}]")
_MAX_NESTING = 40
MAX_SHEET = 300_000
MAX_INLINE = 20_000

# Takes the URL of a picture in CSS; answers the URL to use, or None to leave it out.
Picture = Callable[[str], str | None]


def clean_inline(style: str, picture: Picture) -> str:
    """A style attribute's declarations that are harmless, "" if none is."""
    if len(style) > MAX_INLINE or _too_deep(style):
        return ""
    if "(" not in style and "\\" not in style and "/*" not in style:
        simple = _simple(style)
        if simple is not None:
            return simple
    return _declarations(tinycss2.parse_blocks_contents(style), picture)


def clean_sheet(css: str, picture: Picture) -> str:
    """A style sheet's rules that are harmless; media queries are kept."""
    if len(css) > MAX_SHEET or _too_deep(css):
        return ""
    css = css.replace("<!--", " ").replace("-->", " ")
    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    return _escaped("\n".join(_rules(rules, picture)))


def _simple(style: str) -> str | None:
    kept: list[str] = []
    for declaration in style.split(";"):
        name, colon, value = declaration.partition(":")
        name = name.strip().lower()
        if not colon:
            if name:
                return None
            continue
        if not _PLAIN.match(value) or value.count("'") % 2:
            return None
        if name in PROPERTIES:
            kept.append(f"{name}:{value.strip()}")
    return ";".join(kept)


def _rules(nodes: Iterable[Any], picture: Picture) -> Iterable[str]:
    for node in nodes:
        if node.type == "qualified-rule":
            selector = _selector(node.prelude)
            body = _declarations(tinycss2.parse_blocks_contents(node.content), picture)
            if selector and body:
                yield f"{selector}{{{body}}}"
        elif node.type == "at-rule":
            name = node.lower_at_keyword
            if name in _CONDITIONAL and node.content is not None:
                condition = _condition(node.prelude)
                inner = tinycss2.parse_rule_list(
                    node.content, skip_comments=True, skip_whitespace=True
                )
                kept = "\n".join(_rules(inner, picture))
                if kept and condition is not None:
                    yield f"@{name} {condition}{{{kept}}}"
            else:
                _count(node, picture)


def _count(node: Any, picture: Picture) -> None:
    """Lets the caller count what an @import or @font-face would have loaded."""
    named = node.lower_at_keyword == "import"
    for token in [*node.prelude, *(node.content or ())]:
        url = _url(token)
        if url is None and named and token.type == "string":
            url = token.value
        if url is not None:
            picture(url)


def _declarations(nodes: Iterable[Any], picture: Picture) -> str:
    kept: list[str] = []
    for node in nodes:
        if node.type != "declaration":
            continue
        name = node.lower_name
        if name not in PROPERTIES and not (name == "position" and _word(node) == "relative"):
            # Counted all the same: it asked for something remote
            _value(node.value, picture)
            continue
        value = _value(node.value, picture)
        if value is not None and value.strip():
            important = " !important" if node.important else ""
            kept.append(f"{name}:{value.strip()}{important}")
    return _escaped(";".join(kept))


def _word(node: Any) -> str:
    return "".join(t.lower_value for t in node.value if t.type == "ident")


def _value(tokens: Iterable[Any], picture: Picture) -> str | None:
    """The value with its pictures replaced, or None if anything in it is not allowed."""
    out: list[str] = []
    good = True
    for token in tokens:
        url = _url(token)
        if url is not None:
            use = picture(url)
            out.append("none" if use is None else f'url("{_css_string(use)}")')
        elif token.type == "function":
            inner = _value(token.arguments, picture)
            if inner is None or token.lower_name not in FUNCTIONS:
                good = False
                for argument in token.arguments:
                    if argument.type == "string":  # image-set("...") loads as well
                        picture(argument.value)
            else:
                out.append(f"{token.lower_name}({inner})")
        elif token.type == "() block":
            inner = _value(token.content, picture)
            good = good and inner is not None
            out.append(f"({inner})")
        elif token.type == "comment":
            continue
        elif token.type in ("error", "{} block", "[] block", "at-keyword"):
            good = False
        else:
            out.append(token.serialize())
    return "".join(out) if good else None


def _url(token: Any) -> str | None:
    if token.type == "url":
        return str(token.value)
    if token.type == "function" and token.lower_name in ("url", "src"):
        return "".join(str(t.value) for t in token.arguments if t.type == "string")
    if token.type == "error" and token.kind == "bad-url":
        return ""
    return None


def _selector(tokens: Iterable[Any]) -> str:
    out: list[str] = []
    for token in tokens:
        if token.type == "function":
            if token.lower_name not in SELECTORS:
                return ""
            inner = _selector(token.arguments)
            out.append(f"{token.lower_name}({inner})")
        elif token.type in ("error", "{} block", "url", "at-keyword", "() block"):
            return ""
        elif token.type == "[] block":
            # [attribute=value]: with nothing left to load, it can tell nobody what it matched
            if any(t.type in ("error", "url", "function") for t in token.content):
                return ""
            out.append(token.serialize())
        elif token.type != "comment":
            out.append(token.serialize())
    return "".join(out).strip()


def _condition(tokens: Iterable[Any]) -> str | None:
    out: list[str] = []
    for token in tokens:
        if token.type == "() block":
            inner = _condition(token.content)
            if inner is None:
                return None
            out.append(f"({inner})")
        elif token.type in ("error", "{} block", "url", "function", "[] block", "at-keyword"):
            return None
        elif token.type != "comment":
            out.append(token.serialize())
    return "".join(out).strip()


def _escaped(css: str) -> str:
    # `<` ends a style element or opens a comment; its escape means the same in a string
    return css.replace("<", "\\3c ")


def _css_string(text: str) -> str:
    return re.sub(r"[\"\\\n\r\f<]", lambda m: f"\\{ord(m[0]):x} ", text)


def _too_deep(css: str) -> bool:
    depth = 0
    for match in _NESTING.finditer(css):
        depth += 1 if match[0] in "([{" else -1
        if depth > _MAX_NESTING:
            return True
        depth = max(depth, 0)
    return False
