"""How large a letter's window is and where it stands: like the last one, beside those that are
open, and never out of sight. A letter that is brought back has a place of its own (`keeping`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from martlet.ui.compose.window import ComposeWindow

FIRST = QSize(780, 680)
SMALLEST = QSize(420, 360)
STEP = 30
"""Pixels from one window to the next: so that of each the title is seen."""
_TITLE = 40
"""Pixels kept for a frame that is not there before a window is shown."""
_NAME = "letter.place"


@dataclass(frozen=True, slots=True)
class WindowPlace:
    """at: of the frame; None where windows are not told where they are (Wayland)."""

    size: QSize
    at: QPoint | None = None
    maximised: bool = False


def begin(window: ComposeWindow) -> None:
    """Gives a window its size and place before it is shown for the first time."""
    kept = read(window.settings.text(_NAME))
    others = [each.pos() for each in _open_letters() if each is not window]
    known = [kept.at] if kept.at is not None else others
    if not known:
        # Where a first one stands is known better by the desktop.
        window.resize(_fitting(kept.size, _room(None)))
    else:
        room = _room(known[0])
        rect = fitted(QRect(cascaded(known[0], others, room), kept.size), room)
        window.resize(rect.size())
        window.move(rect.topLeft())
    if kept.maximised:
        window.setWindowState(window.windowState() | Qt.WindowState.WindowMaximized)


def remember(window: ComposeWindow) -> None:
    """Has the next letter be like this one."""
    if window.isMinimized() or not window.isVisible():
        return
    large = window.isMaximized()
    normal = window.normalGeometry() if large else QRect(window.pos(), window.size())
    told = not QGuiApplication.platformName().startswith("wayland")
    place = WindowPlace(normal.size(), normal.topLeft() if told else None, large)
    window.settings.put(**{_NAME: words_of(place)})


def words_of(place: WindowPlace) -> str:
    """As it is kept: "780x680+40+60", "780x680", "780x680+40+60 maximised"."""
    words = f"{place.size.width()}x{place.size.height()}"
    if place.at is not None:
        words += f"{place.at.x():+}{place.at.y():+}"
    return f"{words} maximised" if place.maximised else words


def read(words: str) -> WindowPlace:
    """What `words_of` wrote; anything else is a first window."""
    kept, _, more = words.partition(" ")
    numbers = kept.replace("x", " ").replace("+", " ").replace("-", " -").split()
    try:
        values = [int(each) for each in numbers]
    except ValueError:
        return WindowPlace(FIRST)
    if len(values) not in (2, 4) or any(abs(each) > 100_000 for each in values):
        return WindowPlace(FIRST)
    at = QPoint(*values[2:]) if len(values) == 4 else None
    return WindowPlace(QSize(*values[:2]).expandedTo(SMALLEST), at, more == "maximised")


def cascaded(start: QPoint, others: Sequence[QPoint], room: QRect) -> QPoint:
    """A place beside those of others, from this one on to the right and down; behind the edge of
    the room (the screen) it begins again at its corner."""
    at = QPoint(start)
    for _ in range(len(others) + 1):
        if not any((at - each).manhattanLength() < STEP for each in others):
            break
        at += QPoint(STEP, STEP)
        if not room.contains(at + QPoint(SMALLEST.width(), SMALLEST.height())):
            at = room.topLeft() + QPoint(STEP, STEP)
    return at


def fitted(rect: QRect, room: QRect) -> QRect:
    """The same within the room, no larger than it; its size first, then its place."""
    size = _fitting(rect.size(), room)
    right = room.right() + 1 - size.width()
    bottom = room.bottom() + 1 - size.height() - _TITLE
    left = max(room.left(), min(rect.left(), right))
    top = max(room.top(), min(rect.top(), bottom))
    return QRect(QPoint(left, top), size)


def _fitting(size: QSize, room: QRect) -> QSize:
    return size.boundedTo(room.size() - QSize(0, _TITLE))


def _room(near: QPoint | None) -> QRect:
    """What of the screen is free: the one there, else the one somebody works on."""
    screen = QGuiApplication.screenAt(near + QPoint(STEP, STEP)) if near is not None else None
    if screen is None:
        active = QApplication.activeWindow()
        screen = active.screen() if active is not None else QGuiApplication.primaryScreen()
    return screen.availableGeometry()


def _open_letters() -> list[ComposeWindow]:
    from martlet.ui.compose.window import ComposeWindow

    windows = QApplication.topLevelWidgets()
    return [each for each in windows if isinstance(each, ComposeWindow) and each.isVisible()]
