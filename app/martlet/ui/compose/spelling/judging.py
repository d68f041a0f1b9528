"""In which language a paragraph is, and what is wrong in it. Pure.

The language is that of the dictionaries in use which knows most of its words. A paragraph that none
of them knows is in another language, and nothing in it is marked. In a paragraph of few words, any
of the languages will do for each.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from martlet.ui.compose.spelling.words import Word, words_of

FEW = 4
"""Words from which on a paragraph is thought to have one language."""
_FOREIGN_FROM = 5
_FOREIGN = 0.6

Verdict = Callable[[str, str], bool | None]
"""Whether a word (second) is right in a language (first); None: not looked up yet."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """language: "" for none of those in use. unknown: words that must be looked up first."""

    language: str
    wrong: tuple[Word, ...] = ()
    unknown: tuple[str, ...] = ()


def judge(text: str, languages: Sequence[str], verdict: Verdict) -> Judgement:
    """languages: those in use, the preferred one first."""
    words = words_of(text)
    if not words or not languages:
        return Judgement(languages[0] if languages else "")
    unknown: dict[str, None] = {}
    right: dict[str, int] = dict.fromkeys(languages, 0)
    for word in words:
        for language in languages:
            known = verdict(language, word.text)
            if known is None:
                unknown[word.text] = None
            elif known:
                right[language] += 1
    best = max(languages, key=lambda each: right[each])  # the first of equals
    if len(words) >= _FOREIGN_FROM and right[best] < (1 - _FOREIGN) * len(words):
        return Judgement("", (), tuple(unknown))
    in_use = (best,) if len(words) >= FEW else tuple(languages)
    wrong = tuple(
        word
        for word in words
        # What is not known yet is not marked, or each key would make the line flicker.
        if all(verdict(language, word.text) is False for language in in_use)
    )
    return Judgement(best, wrong, tuple(unknown))
