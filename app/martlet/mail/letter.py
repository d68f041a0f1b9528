"""What a letter says by itself: the writer's own words, and whether they promise an attachment."""

from __future__ import annotations

import re

from martlet.mail.promise_words import ANYWHERE, DENIED, DENIED_BEHIND, PROMISES, SPREAD

_DENIED = re.compile(DENIED, re.IGNORECASE)
_DENIED_BEHIND = re.compile(DENIED_BEHIND, re.IGNORECASE)
_ATTRIBUTION = re.compile(r".{0,300}[:：]\s*\Z")
# "-------- Forwarded message --------": what follows is another's
_FORWARDED = re.compile(r"-{4,} ?[^-\s].{0,200}?-{4,}\s*\Z")
# A subject that was taken over is another's, too.
_ANSWER = re.compile(
    r"\s*(?:re|aw|sv|vs|antw|res|r|rif|ref|odp|ynt|fwd?|wg|tr|rv|enc|vl|vb|pd|doorst"
    r"|回复|回覆|答复|答覆|返信|转发|轉寄|轉發|転送)\s*(?:\[\d+\]|\(\d+\))?\s*[:：]",
    re.IGNORECASE,
)
_READ = 200_000
_NEAR = 40  # characters


def _pattern() -> re.Pattern[str]:
    found = []
    for words in PROMISES.values():
        for word in words.split():
            piece = re.escape(word).replace(r"\*", r"\w*").replace("_", r"\s+")
            found.append(piece)
    # The longest first, so that a word's ending is not left over.
    found.sort(key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(found)})(?!\w)", re.IGNORECASE)


_PROMISE = _pattern()
_WORD = re.compile(r"(?<!\w)\w+")
# Only where one of these begins is the long pattern tried.
_BEGINS = frozenset(
    begin[0][:2].casefold()
    for words in PROMISES.values()
    for word in words.split()
    if (begin := _WORD.match(word.replace("_", " ")))
)
_INSIDE = re.compile(f"{ANYWHERE}|{SPREAD}", re.IGNORECASE)


def own_text(text: str) -> str:
    """The writer's own lines: without quoted ones, the line announcing them, the signature, a
    letter passed on, and a first line that is the subject of an answer."""
    lines: list[str] = []
    for number, line in enumerate(text.splitlines()):
        if line.rstrip("\u00a0") in ("-- ", "--") or _FORWARDED.match(line):
            break
        if number == 0 and _ANSWER.match(line):
            continue
        if line.lstrip().startswith(">"):
            # "On Monday Anna wrote:" belongs to the quote below it
            while lines and not lines[-1].strip():
                lines.pop()
            if lines and _ATTRIBUTION.match(lines[-1]) and not lines[-1].startswith(">"):
                lines.pop()
            lines.append(">")
            continue
        lines.append(line)
    return "\n".join(line for line in lines if line != ">")


def promises_attachment(text: str) -> bool:
    """Whether the writer's own words (quotes and signature left out) speak of an attachment."""
    return bool(promise(text))


def promise(text: str) -> str:
    """The first word of the writer's own that speaks of an attachment, or "".

    One that is said not to be there, or to be another's, does not count. Of very long letters the
    beginning is read.
    """
    own = own_text(text)[:_READ]
    begins = (
        _PROMISE.match(own, word.start())
        for word in _WORD.finditer(own)
        if word[0][:2].casefold() in _BEGINS
    )
    for found in (*filter(None, begins), *_INSIDE.finditer(own)):
        before = own[max(0, found.start() - _NEAR) : found.start()]
        if not (_DENIED.search(before) or _DENIED_BEHIND.match(own, found.end())):
            return found[0]
    return ""
