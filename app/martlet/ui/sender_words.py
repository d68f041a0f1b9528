"""Facts of a sender in words, and which one stands in the line under the head. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from martlet.mail.sender_facts import FactKind, SenderFact, Weight

_GOOD = frozenset({FactKind.PASSED, FactKind.SIGNED})
"""Unless its weight says otherwise."""
_ORDER = {Weight.WARNING: 0, Weight.CAUTION: 1, Weight.NOTE: 3}


def sentence(fact: SenderFact) -> str:
    """The fact in the person's language; the values are text, not markup."""
    words = QCoreApplication.translate("sender", fact.kind.value)
    return words.format(*fact.values)


def line_of(fact: SenderFact) -> str:
    """The same for one quiet line."""
    if fact.kind is FactKind.PASSED:
        words = QCoreApplication.translate("sender", "Confirmed by {0} to be from {1}")
        return words.format(*fact.values)
    return sentence(fact).removesuffix(".")


def says_more(fact: SenderFact) -> bool:
    """Whether the whole sentence says more than the line."""
    return line_of(fact) != sentence(fact).removesuffix(".")


def is_of_links(fact: SenderFact) -> bool:
    """Whether it speaks of the links of the message, which can be listed."""
    return "LINK" in fact.kind.name


def symbol_of(fact: SenderFact) -> tuple[str, str]:
    """Symbol and the token of its colour."""
    if fact.weight is Weight.WARNING:
        return "error", "danger"
    if fact.weight is Weight.CAUTION:
        return "warning", "star"
    return ("check", "accent") if fact.kind in _GOOD else ("info", "")


def weightiest(facts: Sequence[SenderFact]) -> SenderFact | None:
    """What the line says: a caution, else who confirms it, else whatever is known."""
    return min(facts, key=_weight, default=None)


def _weight(fact: SenderFact) -> int:
    good = fact.kind in _GOOD and fact.weight is Weight.NOTE
    return 2 if good else _ORDER[fact.weight]
