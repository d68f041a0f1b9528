"""A formatted signature from an HTML file, with the pictures that lie beside it."""

from __future__ import annotations

import html
import os
import re
from dataclasses import replace
from pathlib import Path

from martlet.cli.context import Context, Usage
from martlet.link.messages import AttachFile
from martlet.mail.attached import OutgoingPart
from martlet.paths import expanded

_PICTURE = re.compile(r"""(<img\b[^<>]*?\ssrc=["'])([^"':]+)(["'])""", re.IGNORECASE)
_BREAK = re.compile(r"<br\s*/?>|</(?:div|p|li|tr|h[1-6]|blockquote)>\n?", re.IGNORECASE)
_HIDDEN = ("style", "script", "title", "head")
_HIDING = re.compile(rf"<({'|'.join(_HIDDEN)})\b", re.IGNORECASE)
_SHOWING = {name: re.compile(rf"</{name}\s*>", re.IGNORECASE) for name in _HIDDEN}
# Outlook writes what only Outlook shows in comments with conditions.
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)|<!\[[^\]<]*\]>", re.DOTALL)
_LARGEST = 1 << 20


def read_signature(context: Context, name: str) -> tuple[str, str, tuple[OutgoingPart, ...]]:
    """Its text, its markup, and its pictures, kept in the store. Raises Usage: it cannot be read.

    What in the markup no letter knows falls away when a letter is signed.
    """
    path = expanded(name)
    try:
        markup = path.read_bytes()[:_LARGEST].decode("utf-8", "replace")
    except OSError as error:
        raise Usage(f"{name} cannot be read: {(error.strerror or 'unreadable').lower()}") from error
    markup = _without_hidden(markup).strip()
    found: dict[str, OutgoingPart] = {}

    def kept(match: re.Match[str]) -> str:
        file = path.parent / html.unescape(match[2])
        if not _beside(file, path.parent):
            return match[0]
        with context.client() as client:
            part = client.call(AttachFile.of(file.absolute()))
        if not part.content_type.startswith("image/"):
            return match[0]
        content_id = f"{part.blob[:24]}@martlet"
        found[content_id] = replace(part, content_id=content_id)
        return f"{match[1]}cid:{content_id}{match[3]}"

    markup = _PICTURE.sub(kept, markup)
    return words_of(markup), markup, tuple(found.values())


def _beside(file: Path, folder: Path) -> bool:
    """Whether it lies in this folder or below it: markup that somebody else wrote must not
    send other files of this computer along with every letter."""
    return os.path.isfile(file) and file.resolve().is_relative_to(folder.resolve())


def _without_hidden(markup: str) -> str:
    """Without comments and what browsers show nothing of, each up to its end; what has no end
    stays. In time that grows with its length only."""
    markup = _COMMENT.sub("", markup)
    kept: list[str] = []
    endless: set[str] = set()
    done = 0
    for found in _HIDING.finditer(markup):
        name = found[1].lower()
        if found.start() < done or name in endless:
            continue
        end = _SHOWING[name].search(markup, found.end())
        if end is None:
            endless.add(name)
            continue
        kept.append(markup[done : found.start()])
        done = end.end()
    return "".join(kept) + markup[done:]


def words_of(markup: str) -> str:
    """What of it a plain letter gets."""
    text = _BREAK.sub("\n", re.sub(r"\s+", " ", _without_hidden(markup)))
    text = html.unescape(re.sub(r"<[^<>]*>", "", text))
    return "\n".join(line.strip() for line in text.splitlines()).strip("\n")
