"""The fonts to choose from in a letter; what may stand in for each is in `font_stacks`."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

FAMILIES = (
    "", "Arial", "Verdana", "Tahoma", "Trebuchet MS", "Georgia", "Times New Roman", "Courier New",
)  # fmt: skip
"""Those that most recipients have; "" is the usual one."""


def shown(family: str) -> str:
    """What a person reads for it."""
    return family or QCoreApplication.translate("fonts", "Usual font")
