"""Why a letter can neither go nor close yet: one place that knows, one sentence each.

What takes its time is watched here; whoever sends, closes, keeps or merges asks here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from enum import Enum, auto

from PySide6.QtCore import QCoreApplication, QObject, Signal, SignalInstance


class Reason(Enum):
    """What is under way; what a hand must not get into comes first."""

    PASTING = auto()
    SENDING = auto()
    READING = auto()
    TAKING = auto()
    KEEPING = auto()


LOCKING = frozenset({Reason.PASTING, Reason.SENDING})
"""What is written meanwhile would be lost, or stand in the middle of what comes."""

HOLDING = frozenset({Reason.PASTING, Reason.READING, Reason.TAKING})
"""What belongs to the letter and is not in it yet."""


class Busy(QObject):
    """changed: there are other reasons now."""

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._watched: dict[Reason, Callable[[], bool]] = {}
        self._known: tuple[Reason, ...] = ()

    def watch(self, reason: Reason, asked: Callable[[], bool], told: SignalInstance) -> None:
        """asked: whether it is so now. told: emitted when that may be another."""
        self._watched[reason] = asked
        told.connect(self.look)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """All that is under way now."""
        return tuple(each for each in Reason if each in self._watched and self._watched[each]())

    @property
    def reason(self) -> Reason | None:
        """The first of all that is under way."""
        return next(iter(self.reasons), None)

    def among(self, reasons: Collection[Reason]) -> Reason | None:
        """The first of these that is under way."""
        return next((each for each in self.reasons if each in reasons), None)

    @property
    def locked(self) -> bool:
        """Whether nothing may be written now."""
        return self.among(LOCKING) is not None

    def look(self) -> None:
        """Tells whether it is another now than when this was looked at last."""
        now = self.reasons
        if now != self._known:
            self._known = now
            self.changed.emit()


def status(reason: Reason) -> str:
    """What is under way, in a few words."""
    return {
        Reason.PASTING: _tr("Pasting…"),
        Reason.SENDING: _tr("Sending…"),
        Reason.READING: _tr("Reading recipients…"),
        Reason.TAKING: _tr("Taking in attachments…"),
        Reason.KEEPING: _tr("Saving…"),
    }[reason]


def sentence(reason: Reason) -> str:
    """Why it is not sent, nor merged."""
    return {
        Reason.PASTING: _tr("Text is still being pasted. Try again when all of it is there."),
        Reason.SENDING: _tr("This letter is being sent already."),
        Reason.READING: _tr("Recipients are still being read. Try again when all are there."),
        Reason.TAKING: _tr("A file is still being attached. Try again when it is there."),
        Reason.KEEPING: _tr("This letter is being saved, to be closed."),
    }[reason]


def closing(reason: Reason) -> str:
    """What a letter that is to close waits for."""
    return {
        Reason.PASTING: _tr("Text is still being pasted; the letter closes after that."),
        Reason.SENDING: _tr("The letter is being sent, and closes after that."),
        Reason.READING: _tr("Recipients are still being read; the letter closes after that."),
        Reason.TAKING: _tr("A file is still being attached; the letter closes after that."),
        Reason.KEEPING: _tr("The letter is being saved, and closes after that."),
    }[reason]


def _tr(text: str) -> str:
    return QCoreApplication.translate("Busy", text)
