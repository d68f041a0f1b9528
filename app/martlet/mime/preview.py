"""The one line of a body that a message list shows: what is new in it."""

from __future__ import annotations

from martlet.mime.subjects import bare_subject

LENGTH = 200
_LOOKED_AT = 4000


def preview(text: str, subject: str) -> str:
    """One line of at most 200 characters, without quotes, signature and the subject said again.

    A line that ends in a colon just before a quote names who is quoted and goes with it. A text
    that is nothing but quotes is shown as it is.
    """
    head = text[:_LOOKED_AT]
    own: list[str] = []
    named: list[str] = []
    size = 0
    for line in head.split("\n"):
        if line == "-- " or size > LENGTH:
            break
        if line.lstrip().startswith(">"):
            named = []
            continue
        words = line.split()
        if not words:
            continue
        own += named
        named = words if words[-1].endswith((":", "：")) else []
        own += [] if named else words
        size = sum(map(len, own)) + len(own)
    own += named
    line = " ".join(own) or " ".join(head.split())
    title = " ".join(bare_subject(subject).split())
    rest = line[len(title) :].lstrip(" .:–—-|")
    # "Invoice 7" is no repetition in "Invoice 70": what follows must not be the same word.
    if title and rest and line.startswith(title) and not line[len(title)].isalnum():
        line = rest
    if not line.isprintable():
        line = "".join(c for c in line if c.isprintable())
    return line if len(line) <= LENGTH else line[: LENGTH - 1].rstrip() + "…"
