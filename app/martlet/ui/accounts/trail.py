"""Where in the wizard one is: its steps on one line, the present one marked."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from martlet.ui import theme


class Trail(QWidget):
    """Says nothing that the pages do not say; it is not for keys."""

    def __init__(self, steps: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._labels: list[QLabel] = []
        row = QHBoxLayout(self)
        row.setContentsMargins(28, 18, 28, 0)
        row.setSpacing(9)
        for at, words in enumerate(steps):
            if at:
                arrow = QLabel("›", self)
                arrow.setProperty("tone", "third")
                row.addWidget(arrow)
            label = QLabel(words, self)
            label.setFont(theme.font(12))
            row.addWidget(label)
            self._labels.append(label)
        row.addStretch()

    def show_step(self, at: int) -> None:
        for number, label in enumerate(self._labels):
            label.setProperty("tone", "accent" if number == at else "third")
            label.style().unpolish(label)
            label.style().polish(label)
        words = self.tr("Step {number} of {count}: {what}").format(
            number=at + 1, count=len(self._labels), what=self._labels[at].text()
        )
        self.setAccessibleName(words)
