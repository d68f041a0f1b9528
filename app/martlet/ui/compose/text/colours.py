"""The colours a letter's words can have: few, with names, each readable on white and on dark."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication


@dataclass(frozen=True, slots=True)
class Named:
    """value: "#rrggbb", "" for the reader's own."""

    name: str
    value: str

    @property
    def shown(self) -> str:
        return QCoreApplication.translate("colours", self.name)


# At least 4.5:1 on white and 3:1 on the dark page.
TEXT: tuple[Named, ...] = tuple(
    Named(str(name), value)
    for name, value in (
        (QT_TRANSLATE_NOOP("colours", "Automatic"), ""),
        (QT_TRANSLATE_NOOP("colours", "Red"), "#d6281d"),
        (QT_TRANSLATE_NOOP("colours", "Orange"), "#b75502"),
        (QT_TRANSLATE_NOOP("colours", "Olive"), "#7a7100"),
        (QT_TRANSLATE_NOOP("colours", "Green"), "#1d8039"),
        (QT_TRANSLATE_NOOP("colours", "Teal"), "#077d86"),
        (QT_TRANSLATE_NOOP("colours", "Blue"), "#2e6fdb"),
        (QT_TRANSLATE_NOOP("colours", "Purple"), "#9350c4"),
        (QT_TRANSLATE_NOOP("colours", "Pink"), "#cc3a84"),
        (QT_TRANSLATE_NOOP("colours", "Grey"), "#6f7480"),
    )
)
HIGHLIGHT: tuple[Named, ...] = tuple(
    Named(str(name), value)
    for name, value in (
        (QT_TRANSLATE_NOOP("colours", "None"), ""),
        (QT_TRANSLATE_NOOP("colours", "Yellow"), "#fff19c"),
        (QT_TRANSLATE_NOOP("colours", "Orange"), "#ffd9a8"),
        (QT_TRANSLATE_NOOP("colours", "Green"), "#c9f0ca"),
        (QT_TRANSLATE_NOOP("colours", "Blue"), "#cbe3ff"),
        (QT_TRANSLATE_NOOP("colours", "Purple"), "#e6d6fb"),
        (QT_TRANSLATE_NOOP("colours", "Pink"), "#ffd3e2"),
        (QT_TRANSLATE_NOOP("colours", "Grey"), "#e3e5ea"),
    )
)
INK = "#1a1d24"
"""Goes with every highlight: on a dark screen words would be light on a light ground."""
