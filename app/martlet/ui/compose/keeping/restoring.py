"""Where a letter's window stood, as words that the store keeps and nobody else reads."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

from martlet.ui.compose.keeping.place import Place, go_to, place_in

if TYPE_CHECKING:
    from martlet.ui.compose.window import ComposeWindow


def words_of(window: ComposeWindow) -> str:
    """Where the writer is now, and where the window stands."""
    place = place_in(window)
    shape = base64.b64encode(place.shape).decode("ascii")
    return json.dumps([place.position, place.anchor, place.scroll, shape])


def restore(window: ComposeWindow, words: str) -> None:
    """There again; words that say nothing leave it as it is."""
    place = _read(words)
    if place is not None:
        go_to(window, place)


def _read(words: str) -> Place | None:
    try:
        position, anchor, scroll, shape = json.loads(words)
        return Place(int(position), int(anchor), int(scroll), base64.b64decode(shape))
    except (ValueError, TypeError):
        return None
