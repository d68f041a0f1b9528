"""What a person has chosen of a message's text, found again in our own copy of it.

A view tells only the words that are chosen, not where they stand or how they look. They are
compared without white space, quote marks, invisible characters and case, in which views differ.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from martlet.mime.html_prune import Nodes
from martlet.mime.nesting import too_deep

_LEFT_OUT = re.compile(
    r"[\s>\u00a0\u00ad\u034f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffc]+"
)
# What Chromium puts for a picture
_PICTURE = "\ufffc"
_MARKS = re.compile(r"(?:> ?)+")
_MOST = 2_000_000


def of_text(text: str, chosen: str) -> str:
    """What was chosen as it stands in `text`, from its first word to its last, a first line that
    is quoted with its marks. The chosen words as they are if they do not stand there.
    """
    found = _find([text], chosen)
    if found is None:
        return words_alone(chosen)
    line = text.rfind("\n", 0, found.start) + 1
    marks = _MARKS.match(text, line, found.start)
    # Code keeps its indentation
    start = line if not text[line : found.start].strip("> \t") else found.start
    before = marks[0] if marks and start > line else ""
    return before + text[start : found.end]


def words_alone(chosen: str) -> str:
    """What was chosen as it is, without what stands for pictures."""
    return chosen.replace(_PICTURE, "").strip("\n")


def of_html(html: str, chosen: str) -> str | None:
    """The markup of what was chosen, all elements around it kept; None if it does not stand there.

    html: cleaned. What is around the words goes, what stands between them (pictures) stays.
    """
    if not chosen.strip() or too_deep(html):
        return None
    tree = LexborHTMLParser(html)
    nodes = Nodes(tree)
    texts = nodes.texts()
    found = _find([node.text_content or "" for node in texts], chosen)
    if found is None or tree.body is None:
        return None
    first, last = texts[found.first], texts[found.last]
    before, after = True, False
    gone: list[LexborNode] = []
    for node in nodes.leaves:
        before = before and node.mem_id != first.mem_id
        if before or after:
            gone.append(node)
        after = after or node.mem_id == last.mem_id
    beside = _beside(nodes.leaves, first, -1, _at_end(chosen[::-1]))
    beside |= _beside(nodes.leaves, last, 1, _at_end(chosen))
    gone = [node for node in gone if node.mem_id not in beside]
    text = last.text_content or ""
    if found.first == found.last:
        last.replace_with(text[found.start : found.end])
    else:
        first.replace_with((first.text_content or "")[found.start :])
        last.replace_with(text[: found.end])
    nodes.take_out(gone)
    return tree.body.inner_html or None


def _at_end(chosen: str) -> int:
    """How many pictures stand behind the last word."""
    return chosen[len(chosen.rstrip(f"{_PICTURE} \r\n\t")) :].count(_PICTURE)


def _beside(leaves: list[LexborNode], node: LexborNode, step: int, most: int) -> set[int]:
    """So many pictures next to a text, up to the next words."""
    at = next(n for n, leaf in enumerate(leaves) if leaf.mem_id == node.mem_id) + step
    found: set[int] = set()
    while len(found) < most and 0 <= at < len(leaves):
        if leaves[at].tag == "img":
            found.add(leaves[at].mem_id)
        elif (leaves[at].text_content or "").strip():
            break
        at += step
    return found


@dataclass(frozen=True, slots=True)
class _Found:
    """first, last: numbers of pieces. start, end: places in the first and behind it in the last."""

    first: int
    start: int
    last: int
    end: int


def _find(pieces: list[str], chosen: str) -> _Found | None:
    wanted = _bare(chosen)
    if not wanted or len(wanted) > _MOST or sum(map(len, pieces)) > _MOST * 2:
        return None
    bare = [_bare(piece) for piece in pieces]
    at = "".join(bare).find(wanted)
    if at < 0:
        return None
    first, start = _place(pieces, bare, at)
    last, end = _place(pieces, bare, at + len(wanted) - 1)
    return _Found(first, start, last, end + 1)


def _bare(text: str) -> str:
    return _LEFT_OUT.sub("", text).casefold()


def _place(pieces: list[str], bare: list[str], at: int) -> tuple[int, int]:
    """Which piece, and which character of it as it was written."""
    number = 0
    while at >= len(bare[number]):
        at -= len(bare[number])
        number += 1
    seen = 0
    for place, char in enumerate(pieces[number]):
        seen += len(_bare(char))
        if seen > at:
            return number, place
    return number, max(0, len(pieces[number]) - 1)
