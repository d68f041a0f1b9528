"""Declarations of CSS reduced to what cannot load, move over or run anything.

Properties and functions are allowed by name; all else is left out. Values go through a real
tokenizer, so that escapes like `u\\72l(` are seen as what they are; ordinary ones through one
pattern that lets nothing but words, numbers, strings and colours pass. Output never contains `<`.
Rules and selectors are the subject of `css_sheet`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Protocol

import tinycss2

from martlet.mime.css_names import FUNCTIONS, PROPERTIES

# ((property in small letters, value), ...), both fit to be written as they are
Declarations = tuple[tuple[str, str], ...]

MAX_INLINE = 20_000
_MAX_NESTING = 40
_NESTING = re.compile(r"[(\[{)\]}]")
_MAX_CACHED = 600
# Possessive throughout: a value is read once, whatever it is.
_ORDINARY = re.compile(
    r"""
    [\s;]*+ ([a-zA-Z-]++) \s*+ : (
        (?> (?<![\w-]) (?:rgb|hsl)a? \( [\d\s.,%/]*+ \)
          | [\w\s#%.,!+-] | / (?!\*)
          | ' [^'"\\<>\x00-\x1f]*+ ' | " [^'"\\<>\x00-\x1f]*+ "
        )++
    ) (?:;|\Z)
    """,
    re.VERBOSE | re.ASCII,
)


class Asked(Protocol):
    """Who answers for what a style sheet would load."""

    def picture(self, url: str, calm: bool = True) -> str | None:
        """The URL to load a picture from, or None to leave it out.

        calm: it is loaded whatever the person does and however the window is.
        """

    def refuse(self, url: str) -> None:
        """Something that is loaded in no case: a font, a style sheet."""

    def afford(self, size: int) -> bool:
        """Whether so many characters may still be read the slow way."""


def clean_inline(style: str, asked: Asked, calm: bool = True) -> Declarations:
    """The declarations of a style attribute or a rule that are harmless."""
    if len(style) > MAX_INLINE:
        return ()
    found = _remembered(style) if len(style) < _MAX_CACHED else ordinary(style)
    if found is not None:
        return found
    if too_deep(style) or not asked.afford(len(style)):
        return ()
    return declarations(tinycss2.parse_blocks_contents(style), asked, calm)


def written(found: Declarations) -> str:
    """Declarations as CSS."""
    return ";".join([f"{name}:{value}" for name, value in found])


def ordinary(style: str) -> Declarations | None:
    """What is harmless of declarations without anything out of the ordinary; None if there is."""
    kept: list[tuple[str, str]] = []
    position = 0
    while position < len(style):
        match = _ORDINARY.match(style, position)
        if match is None:
            return None if style[position:].strip("; \t\r\n\f") else tuple(kept)
        name = match[1].lower()
        value = " ".join(match[2].split())
        if value and (name in PROPERTIES or (name == "position" and value == "relative")):
            kept.append((name, value))
        position = match.end()
    return tuple(kept)


_remembered = lru_cache(maxsize=2048)(ordinary)


def declarations(nodes: Iterable[Any], asked: Asked, calm: bool) -> Declarations:
    """The same of what a tokenizer found."""
    kept: list[tuple[str, str]] = []
    for node in nodes:
        if node.type != "declaration":
            continue
        name = node.lower_name
        if name not in PROPERTIES and not (name == "position" and _word(node) == "relative"):
            # Counted all the same: it asked for something remote
            refuse_all(node.value, asked)
            continue
        value = _value(node.value, asked, calm)
        if value is not None and value.strip():
            important = " !important" if node.important else ""
            kept.append((name, escaped(value.strip()) + important))
    return tuple(kept)


def _word(node: Any) -> str:
    return "".join(t.lower_value for t in node.value if t.type == "ident")


def refuse_all(tokens: Iterable[Any], asked: Asked) -> None:
    """Counts every address in what is left out."""
    for token in tokens:
        url = url_of(token)
        if url is not None:
            asked.refuse(url)
        elif token.type == "function":
            if token.lower_name.endswith("image-set"):
                for argument in token.arguments:
                    if argument.type == "string":
                        asked.refuse(argument.value)
            refuse_all(token.arguments, asked)
        elif token.type in ("() block", "[] block", "{} block"):
            refuse_all(token.content, asked)


def _value(tokens: Iterable[Any], asked: Asked, calm: bool) -> str | None:
    """The value with its pictures replaced, or None if anything in it is not allowed."""
    tokens = list(tokens)
    if not _allowed(tokens):
        refuse_all(tokens, asked)
        return None
    return _replaced(tokens, asked, calm)


def _allowed(tokens: list[Any], inside: bool = False) -> bool:
    for token in tokens:
        if token.type in ("error", "{} block", "[] block", "at-keyword"):
            return False
        if token.type == "function" and url_of(token) is None:
            if token.lower_name not in FUNCTIONS or not _allowed(token.arguments, inside=True):
                return False
        elif token.type == "() block" and not (inside and _allowed(token.content, inside=True)):
            return False
    return True


def _replaced(tokens: list[Any], asked: Asked, calm: bool) -> str:
    out: list[str] = []
    for token in tokens:
        url = url_of(token)
        if url is not None:
            use = asked.picture(url, calm)
            out.append("none" if use is None else f'url("{_css_string(use)}")')
        elif token.type == "function":
            out.append(f"{token.lower_name}({_replaced(token.arguments, asked, calm)})")
        elif token.type == "() block":
            out.append(f"({_replaced(token.content, asked, calm)})")
        elif token.type == "comment":
            out.append(" ")
        else:
            out.append(token.serialize())
    return "".join(out)


def url_of(token: Any) -> str | None:
    """The address that a token names, None if it is no url() at all."""
    if token.type == "url":
        return str(token.value)
    if token.type == "function" and token.lower_name in ("url", "src"):
        return "".join(str(t.value) for t in token.arguments if t.type == "string")
    if token.type == "error" and token.kind == "bad-url":
        return ""
    return None


def escaped(css: str) -> str:
    """`<` ends a style element or opens a comment; its escape means the same in a string."""
    return css.replace("<", "\\3c ")


def _css_string(text: str) -> str:
    return re.sub(r"[\"\\\n\r\f<]", lambda m: f"\\{ord(m[0]):x} ", text)


def too_deep(css: str) -> bool:
    """Whether blocks nest deeper than anybody writes in earnest; tokenizers recurse."""
    depth = 0
    for match in _NESTING.finditer(css):
        depth += 1 if match[0] in "([{" else -1
        if depth > _MAX_NESTING:
            return True
        depth = max(depth, 0)
    return False
