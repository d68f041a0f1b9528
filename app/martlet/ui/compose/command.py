"""What a command of a letter's window is: one row of the table in `commands.py`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from martlet.ui.compose.window import ComposeWindow

Do = Callable[["ComposeWindow"], object]
Is = Callable[["ComposeWindow"], bool]


@dataclass(frozen=True, slots=True)
class Command:
    """One row. keys: the first is shown, all work. on: None for one that switches nothing.

    possible: None: always.
    """

    id: str
    text: str
    keys: tuple[str, ...]
    icon: str
    what: Do
    on: Is | None = None
    possible: Is | None = None
