"""The document an HTML message is shown in: our frame and style sheet around its own markup."""

from __future__ import annotations

import re

from martlet import assets
from martlet.mail.message import MessageId
from martlet.ui.tokens import Tokens

SCHEME = "martlet-mail"
_PART = re.compile(r"""(?<=["'(])martlet-part:/+""")
_COLOURS = re.compile(
    r"""\bbgcolor\s*=|[\s;"'{](?:background|background-color|color)\s*:|<font[^>]+color""",
    re.IGNORECASE,
)


def sets_colours(html: str) -> bool:
    """Whether the mail chooses colours itself, so that ours would not go with them."""
    return _COLOURS.search(html) is not None


def document(
    message_id: MessageId, html: str, tokens: Tokens, families: list[str], size: int
) -> bytes:
    """The whole page. `html` is sanitised markup whose pictures are `martlet-part:/PART`."""
    paper = tokens.dark and sets_colours(html)
    values = {
        "scheme": "dark" if tokens.dark else "light",
        "page": tokens.page,
        "text": tokens.text,
        "text2": tokens.text2,
        "accent": tokens.accent,
        "line": tokens.line,
        "handle": tokens.handle,
        "size": str(size),
        "fonts": ", ".join(f"'{name}'" for name in families) + ", sans-serif",
    }
    style = _fill(_resource("message.css"), values)
    body = _PART.sub(f"{SCHEME}:/{message_id}/", html)
    page = {"style": style, "kind": "paper" if paper else "plain", "body": body}
    return _fill(_resource("frame.html"), page).encode()


def _fill(template: str, values: dict[str, str]) -> str:
    return re.sub(r"\{\{(\w+)\}\}", lambda found: values[found.group(1)], template)


def _resource(name: str) -> str:
    return assets.path(f"resources/html/{name}").read_text("utf-8")
