"""From one part of a window to the next by a key, and round again; what is hidden is left out."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from martlet.ui.message_pane import MessagePane

Stop = tuple[QWidget, QWidget]
"""All that belongs to it, and what of it gets the focus."""


def of_message(pane: MessagePane) -> list[Stop]:
    """The message, and its attachments if it has any."""
    stops: list[Stop] = [(pane, pane.body())]
    strong = Qt.FocusPolicy.StrongFocus
    chips = pane.attachments.in_sight()
    chip = next((each for each in chips if each.focusPolicy() == strong), None)
    if chip is not None:
        stops.append((pane.attachments, chip))
    return stops


def go(stops: Sequence[Stop], by: int) -> None:
    """To the next (1) or the one before (-1) of where the focus is; from elsewhere to an end."""
    there = [(whole, target) for whole, target in stops if target.isVisible()]
    focus = QApplication.focusWidget()
    at = 0 if by < 0 else -1
    for number, (whole, _target) in enumerate(there):
        # The last one: the bar of attachments is a part of the pane.
        if focus is not None and (whole is focus or whole.isAncestorOf(focus)):
            at = number
    if there:
        there[(at + by) % len(there)][1].setFocus(Qt.FocusReason.TabFocusReason)
