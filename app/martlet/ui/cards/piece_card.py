"""A message that is one of several pieces: which one, which are here, which are not."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from martlet.mail.piece import Piece
from martlet.ui.cards.card import Card

_MOST = 12


class PieceCard(Card):
    """Says what is missing. What is whole is shown instead by whoever renders it."""

    def __init__(self, piece: Piece) -> None:
        super().__init__("file", heading(piece))
        for words in lines(piece):
            self.say(words)


def _tr(text: str) -> str:
    return QCoreApplication.translate("piece", text)


def heading(piece: Piece) -> str:
    if piece.total:
        return _tr("Part {n} of {total} of a larger message").format(
            n=piece.number, total=piece.total
        )
    return _tr("Part {n} of a larger message").format(n=piece.number)


def lines(piece: Piece) -> list[str]:
    """What is here and what is not, as far as anybody knows."""
    here = sorted({*piece.here, piece.number})
    if not piece.total:
        told = _tr("Here are {numbers}. How many there are, the others may say.")
        return [told.format(numbers=_listed(here))]
    known = set(here)
    # A piece may say that there are a billion of them.
    missing = []
    for number in range(1, piece.total + 1):
        if number not in known:
            missing.append(number)
            if len(missing) > _MOST:
                break
    if not missing:
        return [_tr("All of them are here.")]
    count = piece.total - sum(1 <= number <= piece.total for number in known)
    if len(missing) > _MOST:
        return [_tr("{n} of them are not here.").format(n=count)]
    if count == 1:
        return [_tr("Part {numbers} is not here.").format(numbers=missing[0])]
    return [_tr("Parts {numbers} are not here.").format(numbers=_listed(missing))]


def _listed(numbers: Sequence[int]) -> str:
    shown = ", ".join(str(each) for each in numbers[:_MOST])
    return shown + (" …" if len(numbers) > _MOST else "")
