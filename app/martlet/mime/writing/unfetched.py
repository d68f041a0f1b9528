"""Takes out of a letter's markup the pictures on the internet that nobody fetched.

A draft remembers where such a picture lies (`data-src`), so that its writer can still have it put
in. Nobody else is to learn the address, or to ask for it: only the words for it are sent.
"""

from __future__ import annotations

import re

_PICTURE = re.compile(r"<img(?=[\s/])[^<>]*>", re.IGNORECASE)
_MARK = re.compile(r"""[\s/]data-src\s*=\s*(?:"[^"<>]*"|'[^'<>]*'|[^\s"'<>]*)""", re.IGNORECASE)
_SHOWN = re.compile(r"[\s/]src\s*=", re.IGNORECASE)
_WORDS = re.compile(r"""[\s/]alt\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)')""", re.IGNORECASE)


def without_unfetched(html: str) -> str:
    """The markup of a letter's own words with those pictures' words in their place."""
    if "data-src" not in html.lower():
        return html
    return _PICTURE.sub(_words, html)


def _words(found: re.Match[str]) -> str:
    picture = found[0]
    bare = _MARK.sub("", picture)
    if bare == picture:
        return picture
    if _SHOWN.search(bare):
        return bare
    words = _WORDS.search(bare)
    return "" if words is None else words[1] or words[2] or ""
