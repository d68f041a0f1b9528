"""Whom discovery asked and what they said, folded until somebody wants to know."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from martlet.mail.discovery import Asked
from martlet.ui.accounts.parts import link_button, note


class AskedList(QWidget):
    """Hidden while nobody was asked."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.fold = link_button(self, "")
        self.fold.setCheckable(True)
        self.words = note(self)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.words.setContentsMargins(8, 0, 0, 0)
        self.words.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.fold, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.words)
        self.fold.toggled.connect(self.words.setVisible)
        self.hide()

    def show_asked(self, asked: Sequence[Asked]) -> None:
        hosts = len({one.host for one in asked})
        one, many = self.tr("1 host was asked"), self.tr("{count} hosts were asked")
        self.fold.setText(one if hosts == 1 else many.format(count=hosts))
        self.fold.setAccessibleName(self.fold.text())
        lines = []
        for each in asked:
            said = each.said or (self.tr("answered") if each.ok else self.tr("did not answer"))
            lines.append(f"{'✓' if each.ok else '–'} {each.host}: {said}")
        self.words.setText("\n".join(lines))
        self.fold.setChecked(False)
        self.setVisible(bool(asked))
