"""How a person looks at each message: what is asked of the engine, and how its answer is shown.

Remembered for the run, by message; nothing here is written down.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from martlet.mail.message import MessageId
from martlet.mail.reading import AS_SENT, View

_MOST = 500


class Mode(Enum):
    """AS_SENT: a rich message in its own looks. SIMPLE: its words, links and pictures in ours.
    PLAIN: its text alone."""

    AS_SENT = "as sent"
    SIMPLE = "simple"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Way:
    """view: as Render is asked. plain: text instead of HTML. original: the colours as they were
    sent, on white paper, whatever the window's are."""

    view: View = AS_SENT
    plain: bool = False
    original: bool = False

    @property
    def mode(self) -> Mode:
        if self.plain:
            return Mode.PLAIN
        return Mode.SIMPLE if self.view.simple else Mode.AS_SENT

    def in_mode(self, mode: Mode) -> Way:
        """The same otherwise. Plain text needs no other answer of the engine."""
        if mode is Mode.PLAIN:
            return replace(self, plain=True)
        return replace(self, plain=False, view=replace(self.view, simple=mode is Mode.SIMPLE))


USUAL = Way()


class Ways:
    """Those of messages looked at otherwise than usual; the oldest are forgotten."""

    def __init__(self) -> None:
        self._ways: dict[MessageId, Way] = {}

    def of(self, message: MessageId | None) -> Way:
        return USUAL if message is None else self._ways.get(message, USUAL)

    def put(self, message: MessageId, way: Way) -> None:
        self._ways.pop(message, None)
        if way != USUAL:
            self._ways[message] = way
        if len(self._ways) > _MOST:
            del self._ways[next(iter(self._ways))]
