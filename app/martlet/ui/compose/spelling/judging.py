"""In which language a paragraph is, and what is wrong in it. Pure.

The words of each alphabet are judged by themselves. Their language is that of the dictionaries in
use which knows most of them. What none of them knows is in another language, and nothing of it is
marked; nor are some words in a row that another of them knows, a phrase or a name of that language.
Among few words, any of the languages will do for each.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from martlet.ui.compose.spelling.scripts import alphabet, written_in
from martlet.ui.compose.spelling.words import Word, words_of

FEW = 4
"""Words from which on a paragraph is thought to have one language."""
_FOREIGN_FROM = 5
_FOREIGN = 0.6
# Words in a row of another language, from which on they are thought to be meant so.
_PHRASE = 3

Verdict = Callable[[str, str], bool | None]
"""Whether a word (second) is right in a language (first); None: not looked up yet."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """language: "" for none of those in use. unknown: words that must be looked up first."""

    language: str
    wrong: tuple[Word, ...] = ()
    unknown: tuple[str, ...] = ()


def judge(text: str, languages: Sequence[str], verdict: Verdict) -> Judgement:
    """languages: those in use, the preferred one first. Its language is that of most words."""
    by_alphabet: dict[str, list[Word]] = {}
    for word in words_of(text):
        by_alphabet.setdefault(alphabet(word.text[0]), []).append(word)
    if not by_alphabet or not languages:
        return Judgement(languages[0] if languages else "")
    # The sort is stable: of equals the first
    found = [
        _judge(words, [each for each in languages if written_in(each, letters)], verdict)
        for letters, words in sorted(by_alphabet.items(), key=lambda one: -len(one[1]))
    ]
    return Judgement(
        found[0].language,
        tuple(sorted((word for each in found for word in each.wrong), key=lambda w: w.start)),
        tuple(dict.fromkeys(word for each in found for word in each.unknown)),
    )


def _judge(words: Sequence[Word], languages: Sequence[str], verdict: Verdict) -> Judgement:
    """The words of one alphabet. languages: those that are written in it."""
    if not languages:
        return Judgement("")
    known = {each: [verdict(each, word.text) for word in words] for each in languages}
    unknown = {word.text: None for n, word in enumerate(words)
               if any(known[each][n] is None for each in languages)}  # fmt: skip
    right = {each: sum(map(bool, known[each])) for each in languages}
    best = max(languages, key=lambda each: right[each])  # the first of equals
    if len(words) >= _FOREIGN_FROM and right[best] < (1 - _FOREIGN) * len(words):
        return Judgement("", (), tuple(unknown))
    few = len(words) < FEW
    meant = set[int]() if few else _phrases([known[each] for each in languages if each != best])
    in_use = tuple(languages) if few else (best,)
    wrong = tuple(
        word
        for n, word in enumerate(words)
        # What is not known yet is not marked, or each key would make the line flicker.
        if n not in meant and all(known[each][n] is False for each in in_use)
    )
    return Judgement(best, wrong, tuple(unknown))


def _phrases(others: Sequence[Sequence[bool | None]]) -> set[int]:
    """Which words stand in a row of words that one and the same of these languages knows."""
    found: set[int] = set()
    for known in others:
        begun = 0
        for n, right in enumerate([*known, False]):
            if right:
                continue
            if n - begun >= _PHRASE:
                found.update(range(begun, n))
            begun = n + 1
    return found
