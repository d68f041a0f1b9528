"""Which part is the text, which its rich form, which a file (RFC 2046, 5.1; RFC 2387; RFC 2183)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain
from urllib.parse import unquote

from martlet.mime.enriched import KINDS
from martlet.mime.external import EXTERNAL, elsewhere
from martlet.mime.part import Message, Part
from martlet.mime.unpack import CONTAINERS
from martlet.mime.words import clean

BODY_TEXT = frozenset(
    {"text/plain", "text/html", "text/enriched", "text/richtext", "text/markdown"}
)
# Nobody sends more; the others stay as they are.
MAX_CONTAINERS = 8
_CID = re.compile(r"cid:([^\s\"'<>)]+)", re.IGNORECASE)
_SOURCE = re.compile(
    r"(?:\b(?:src|background)\s*+=|\burl\()\s*+[\"']?\s*+([^\s\"'<>)]++)", re.IGNORECASE
)
# Of markup longer than this, what it names is not looked for.
_MAX_MARKUP = 16 << 20
_RICH = ("text/html",)
_CALENDARS = frozenset({"text/calendar", "application/ics"})
_MAX_TWINS = 20
_MAX_TWIN = 1 << 20


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of the body: its plain form, its rich form, or both for the same content."""

    text: Part | None
    html: Part | None


@dataclass(frozen=True, slots=True)
class Layout:
    """The blocks of the body in order, and every other leaf (files, pictures) in order.

    problems: of what was unpacked; sentences, English. elsewhere: parts that say where their body
    is; there is nothing of them here to open or to save.
    """

    blocks: tuple[Block, ...]
    files: tuple[Part, ...]
    problems: tuple[str, ...] = ()
    elsewhere: tuple[Part, ...] = ()

    def inline(self) -> dict[str, Part]:
        """Files the rich body shows, by the names it uses (Content-ID or Content-Location)."""
        named: dict[str, Part] = {}
        for part in self.files:
            for name in names(part):
                named.setdefault(name, part)
        if not named:
            return {}
        found: dict[str, Part] = {}
        by_location = any(name != part.content_id for name, part in named.items())
        for block in self.blocks:
            if block.html is None:
                continue
            markup = block.html.text(_MAX_MARKUP)
            forms = [_CID, _SOURCE] if by_location else [_CID]
            for match in chain.from_iterable(form.finditer(markup) for form in forms):
                wanted = match[1].replace("&amp;", "&")
                for name in (wanted, unquote(wanted).strip("<>")):
                    if name in named:
                        found[name] = named[name]
        return found


def names(part: Part) -> list[str]:
    """What a body may call this part: its Content-ID and its Content-Location (RFC 2392, 2557)."""
    found = [part.content_id] if part.content_id else []
    location = part.headers.get("content-location")
    if location:
        text = "".join(clean(location.decode("utf-8", "replace")).split()).strip('<>"')
        if text:
            found.append(text)
    return found


def layout(message: Message) -> Layout:
    """Sorts the leaves of a message. Nothing is lost: each is in a block, a file, or elsewhere; of
    two that are the same invitation, one."""
    blocks: list[Block] = []
    files: list[Part] = []
    _sort(message.root, blocks, files, first=True)
    problems = [problem for block in blocks if block.text for problem in block.text.unpack_problems]
    listed: list[Part] = []
    away: list[Part] = []
    opened = 0
    for part in files:
        if part.content_type == EXTERNAL and elsewhere(part) is not None:
            away.append(part)
            continue
        listed.append(part)
        if part.content_type in CONTAINERS and opened < MAX_CONTAINERS:
            problems += part.unpack_problems
            if part.unpacked:
                opened += 1
                _open(part, blocks, listed)
    files = _without_twins(listed)
    return Layout(tuple(blocks), tuple(files), tuple(dict.fromkeys(problems)), tuple(away))


def _without_twins(files: list[Part]) -> list[Part]:
    """Many send an invitation as a form of the text and as a file: the file is enough."""
    calendars = [part for part in files if part.content_type in _CALENDARS][:_MAX_TWINS]
    named = [part for part in calendars if part.filename and part.size <= _MAX_TWIN]
    twins: set[str] = set()
    for part in calendars if named else ():
        if part.filename or not 0 < part.size <= _MAX_TWIN:
            continue
        data = part.data()
        if data and any(one.data() == data for one in named):
            twins.add(part.path)
    return [part for part in files if part.path not in twins] if twins else files


def _open(part: Part, blocks: list[Block], files: list[Part]) -> None:
    """Lists what a container holds; its text is the message's where that has none of its own."""
    inside = [one for one in part.unpacked if one.disposition == "inline"]
    files += [one for one in part.unpacked if one not in inside]
    if any(_filled(one) for block in blocks for one in (block.text, block.html) if one):
        return
    html = next((one for one in inside if one.content_type in _RICH), None)
    text = next((one for one in inside if one is not html), None)
    if text or html:
        blocks[:] = [Block(text, html)]


def _sort(part: Part, blocks: list[Block], files: list[Part], first: bool) -> None:
    if not part.children:
        _leaf(part, blocks, files, first)
        return
    kind = part.content_type
    if kind == "multipart/alternative":
        _alternative(part, blocks, files)
    elif kind == "multipart/related":
        root = _related_root(part)
        _sort(root, blocks, files, first)
        for child in part.children:
            if child is root:
                continue
            if child.children:
                inner: list[Block] = []
                _sort(child, inner, files, False)
                blocks.extend(inner)
            else:
                files.append(child)
    else:
        for child in part.children:
            if child.content_type == "application/applefile" and kind == "multipart/appledouble":
                continue  # the Macintosh half of the file beside it
            _sort(child, blocks, files, first and child is part.children[0])


def _leaf(part: Part, blocks: list[Block], files: list[Part], first: bool) -> None:
    kind = part.content_type
    if kind.startswith("multipart/"):
        # Its parts could not be told apart; what is in it is shown rather than lost
        blocks.append(Block(part, None))
        return
    is_text = kind in BODY_TEXT and part.disposition != "attachment"
    if not is_text or (part.filename and not first):
        files.append(part)
        return
    if kind == "text/html":
        blocks.append(Block(None, part))
    else:
        blocks.append(Block(part, None))
        files.extend(part.unpacked)


def _alternative(part: Part, blocks: list[Block], files: list[Part]) -> None:
    text: Part | None = None
    html: Part | None = None
    rest: list[Block] = []
    for child in part.children:
        inner: list[Block] = []
        _sort(child, inner, files, True)
        for number, block in enumerate(inner):
            # The later the better (RFC 2046, 5.1.4), but empty ones: some senders leave one behind
            if block.html is not None and number == 0 and (html is None or _filled(block.html)):
                if html is None or _filled(block.html):
                    html = block.html
                text = text or block.text
            elif block.text is not None and number == 0:
                if block.text.content_type in KINDS and text is not None and html is None:
                    html = block.text  # the richer form of what the words are
                elif text is None or (
                    block.text.content_type == "text/plain" and not _filled(text)
                ):
                    text = block.text
            else:
                rest.append(block)
    if html is not None and text is not None and not _filled(html):
        html = None
    if text is not None or html is not None:
        blocks.append(Block(text, html))
    blocks.extend(rest)


def _filled(part: Part) -> bool:
    if part.body_end - part.body_start > 4000:
        return True
    return bool((part.body() or part.data()).strip())


def _related_root(part: Part) -> Part:
    start = part.parameters.get("start", "").strip("<> ")
    for child in part.children:
        if start and child.content_id == start:
            return child
    for child in part.children:
        if child.content_type in _RICH or child.content_type.startswith("multipart/"):
            return child
    return part.children[0]
