"""Questions that hold up one window only, and never the program."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QLabel, QMessageBox, QWidget


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
    """Opens the question as a window-modal box. The first choice is the default and stands last
    in the line, where one looks for it; what leads back stands first."""
    box = QMessageBox(QMessageBox.Icon.NoIcon, title, sentence, parent=parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setInformativeText(more)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    by_button: dict[QAbstractButton, Choice] = {}
    for choice in reversed(choices):
        # Of one role, or every desktop would put them into an order of its own.
        button = box.addButton(choice.label, QMessageBox.ButtonRole.ActionRole)
        by_button[button] = choice
        if choice is choices[0]:
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
    _dress(box)
    box.open()
    return box


def _dress(box: QMessageBox) -> None:
    """As sheets are: the same edge, and no empty column where other boxes have a picture."""
    grid = box.layout()
    if not isinstance(grid, QGridLayout):
        return
    grid.setContentsMargins(24, 20, 24, 18)
    grid.setVerticalSpacing(12)
    for row, name in enumerate(("qt_msgbox_label", "qt_msgbox_informativelabel")):
        label = box.findChild(QLabel, name)
        if isinstance(label, QLabel):
            grid.removeWidget(label)
            grid.addWidget(label, row, 0, 1, grid.columnCount())
