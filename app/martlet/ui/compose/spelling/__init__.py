"""Spelling while a letter is written: each paragraph in its own language."""

from martlet.ui.compose.spelling.dictionaries import Dictionaries
from martlet.ui.compose.spelling.marks import Spelling

__all__ = ["Dictionaries", "Spelling"]
