"""What a server said, made fit to be shown: short, one line, without control characters."""

from __future__ import annotations

from martlet.mail.quotes import in_quotes

LIMIT = 300  # characters of a server's text that a person is ever shown


def server_words(text: bytes | str, limit: int = LIMIT) -> str:
    """The text as one printable line of at most `limit` characters.

    Bytes are read as UTF-8 and, where they are not, as Latin-1. Control and bidirectional
    characters become spaces, so that a server can neither paint a terminal nor reorder a sentence.
    """
    said = (text if isinstance(text, str) else _decoded(text[: limit * 8]))[: limit * 4]
    line = " ".join("".join(c if c.isprintable() else " " for c in said).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def quoted(text: bytes | str, limit: int = LIMIT) -> str:
    """The same in quotes, for sentences of ours that hold a server's words."""
    return in_quotes(server_words(text, limit))


def _decoded(text: bytes) -> str:
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError:
        return text.decode("latin-1")
