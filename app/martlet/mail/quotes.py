"""Somebody else's words in a sentence of ours."""

from __future__ import annotations

_QUOTES = str.maketrans("“”„‟", '""""')


def in_quotes(said: str) -> str:
    """The words in quotes that nothing in them can end."""
    return f"“{said.translate(_QUOTES)}”"
