"""Questions that hold up one window only, and never the program."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QMessageBox, QWidget


@dataclass(frozen=True, slots=True)
class Choice:
    """A button and what it does. cancels: Esc and the window's cross mean this one."""

    label: str
    role: QMessageBox.ButtonRole
    chosen: Callable[[], None] | None = None
    cancels: bool = False


def ask(
    parent: QWidget, title: str, sentence: str, more: str, choices: Sequence[Choice]
) -> QMessageBox:
    """Opens the question as a window-modal box; the first choice is the default."""
    box = QMessageBox(QMessageBox.Icon.NoIcon, title, sentence, parent=parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setInformativeText(more)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    by_button: dict[QAbstractButton, Choice] = {}
    for number, choice in enumerate(choices):
        button = box.addButton(choice.label, choice.role)
        by_button[button] = choice
        if number == 0:
            button.setProperty("kind", "primary")
            box.setDefaultButton(button)
        elif choice.role is QMessageBox.ButtonRole.DestructiveRole:
            button.setProperty("kind", "danger")
            button.style().polish(button)
        if choice.cancels:
            box.setEscapeButton(button)

    def answered() -> None:
        chosen = by_button.get(box.clickedButton())
        if chosen is not None and chosen.chosen is not None:
            chosen.chosen()

    box.finished.connect(lambda _code: answered())
    box.open()
    return box
