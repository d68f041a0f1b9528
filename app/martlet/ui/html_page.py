"""The document an HTML message is shown in: our frame and style sheet around its own markup."""

from __future__ import annotations

import re

from PySide6.QtCore import QCoreApplication

from martlet import assets
from martlet.mail.reading import Paper
from martlet.mail.rendered import Rendered
from martlet.ui.stand_ins import stand_in, with_stand_ins
from martlet.ui.tokens import LIGHT, Tokens

SCHEME = "martlet-mail"
_FOLDED = '<details class="martlet-quote">'
_PART = re.compile(r"""(?<=["'(])martlet-part:/+""")
_STYLE = re.compile(r"<style\b[^>]*>.*?</style", re.IGNORECASE | re.DOTALL)
_PREFERS = re.compile(r"\(\s*prefers-color-scheme\s*:\s*(dark|light)\s*\)", re.IGNORECASE)


def document(
    rendered: Rendered,
    tokens: Tokens,
    families: list[str],
    size: int,
    *,
    number: int = 0,
    original: bool = False,
    unfolded: bool = False,
    above: str = "",
    below: str = "",
) -> bytes:
    """The whole page. number: the one that its parts are served under (`html_parts.py`).

    original: the colours it was sent in, on white paper. unfolded: quotes are open. above, below:
    markup of ours around it, for printing.

    Whether a mail sees a light or a dark screen is written into its style here, and not left to
    Chromium, which knows the system's scheme only.
    """
    paper = rendered.paper
    sheet = _on_sheet(rendered, tokens, original=original)
    dark = tokens.dark and not sheet
    kind = "theme" if paper is Paper.THEME else "own"
    if sheet:
        kind += " paper"
    values = {
        "scheme": "dark" if dark else "light",
        "page": tokens.page,
        "text": tokens.text,
        "text2": tokens.text2,
        "accent": tokens.accent,
        "line": tokens.line,
        "soft": tokens.soft_quiet,
        "handle": tokens.handle,
        "size": str(size),
        "fonts": _fonts(families),
        "mono": ", ".join(f"'{_quoted(name)}'" for name in ("monospace", *families[1:])),
        "paper": LIGHT.page,
        "ink": LIGHT.text,
        "ink2": LIGHT.text2,
        "blue": LIGHT.accent,
        "edge": LIGHT.line,
        "show": _words(QCoreApplication.translate("quotes", "Show quoted text")),
        "hide": _words(QCoreApplication.translate("quotes", "Hide quoted text")),
    }
    values |= {f"quote{n}": colour for n, colour in enumerate((LIGHT if sheet else tokens).quotes)}
    style = _fill(_resource("message.css"), values)
    html = _STYLE.sub(lambda found: _seen(found.group(0), dark), rendered.html or "")
    html = with_stand_ins(html, LIGHT if sheet else tokens, values["fonts"])
    if unfolded:
        html = html.replace(_FOLDED, f"{_FOLDED[:-1]} open>")
    page = {
        "style": style,
        "kind": kind,
        "body": _PART.sub(f"{SCHEME}:/{number}/", html),
        "above": above,
        "below": below,
    }
    return _fill(_resource("frame.html"), page).encode("utf-8", "replace")


def field(
    rendered: Rendered, what: str, tokens: Tokens, families: list[str], *, original: bool = False
) -> bytes:
    """As SVG: in place of a picture of the page (`PART` or `remote/N`) that is not to be had."""
    on = LIGHT if _on_sheet(rendered, tokens, original=original) else tokens
    source = f"martlet-part:/{what}"
    return stand_in(rendered.html or "", source, on, _fonts(families)).encode("utf-8", "replace")


def has_folds(html: str) -> bool:
    """Whether quotes of it can be folded."""
    return '<details class="martlet-quote"' in html


def _on_sheet(rendered: Rendered, tokens: Tokens, *, original: bool) -> bool:
    """Whether it lies on white paper in a dark window."""
    return tokens.dark and (original or rendered.paper is Paper.LIGHT)


def _fonts(families: list[str]) -> str:
    return ", ".join(f"'{_quoted(name)}'" for name in families) + ", sans-serif"


def _words(text: str) -> str:
    """As a string of CSS."""
    return '"' + text.replace("\\", "").replace('"', "").replace("<", "") + '"'


def _seen(style: str, dark: bool) -> str:
    """What asks for the screen's colours gets them as they are around this message."""
    always, never = "(min-width: 0px)", "(max-width: 0px)"

    def answer(found: re.Match[str]) -> str:
        return always if (found.group(1).lower() == "dark") is dark else never

    return _PREFERS.sub(answer, style)


def _quoted(name: str) -> str:
    return name.replace("\\", "").replace("'", "")


def _fill(template: str, values: dict[str, str]) -> str:
    return re.sub(r"\{\{(\w+)\}\}", lambda found: values[found.group(1)], template)


def _resource(name: str) -> str:
    return assets.path(f"resources/html/{name}").read_text("utf-8")
