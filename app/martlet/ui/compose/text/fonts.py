"""The fonts of a letter: families that recipients have, each with what may stand in for it."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

# The name it is called by, and its stack; the first name is the one that is kept in the letter.
FAMILIES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (str(QT_TRANSLATE_NOOP("fonts", "Usual font")), ()),
    ("Arial", ("Arial", "Helvetica", "Liberation Sans", "sans-serif")),
    ("Verdana", ("Verdana", "DejaVu Sans", "Geneva", "sans-serif")),
    ("Tahoma", ("Tahoma", "DejaVu Sans Condensed", "sans-serif")),
    ("Trebuchet MS", ("Trebuchet MS", "Fira Sans", "sans-serif")),
    ("Georgia", ("Georgia", "DejaVu Serif", "serif")),
    ("Times New Roman", ("Times New Roman", "Liberation Serif", "Times", "serif")),
    ("Courier New", ("Courier New", "Liberation Mono", "monospace")),
)
MONOSPACE = "monospace"


def stack(family: str) -> list[str]:
    """The families to try, the named one first; [] for the usual one."""
    for name, families in FAMILIES:
        if family and name == family:
            return list(families)
    return [family] if family else []


def shown(family: str) -> str:
    """What a person reads for it."""
    return family or QCoreApplication.translate("fonts", FAMILIES[0][0])
