"""The list of what a connection test did: a tick or a cross, what was tried, what was said."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from martlet.mail.account import TestStep
from martlet.ui import theme


class StepList(QWidget):
    """Hidden until a test was begun."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(5)
        self._rows: list[QWidget] = []
        self.hide()

    @property
    def texts(self) -> list[str]:
        """What the list says, row by row."""
        return [row.accessibleName() for row in self._rows]

    def clear(self) -> None:
        for row in self._rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows.clear()
        self.hide()

    def begin(self, hosts: Sequence[str]) -> None:
        """A test has begun that asks these hosts."""
        self.clear()
        words = self.tr("Asking {hosts}…").format(hosts=", ".join(dict.fromkeys(hosts)))
        row = QWidget(self)
        row.setAccessibleName(words)
        line = QVBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        line.addWidget(QLabel(words, row))
        busy = QProgressBar(row)
        busy.setRange(0, 0)
        busy.setFixedHeight(4)
        busy.setTextVisible(False)
        line.addWidget(busy)
        self._add(row)

    def show_steps(self, steps: Sequence[TestStep], advice: str) -> None:
        """The test's answer, and the one thing to try when it failed."""
        self.clear()
        for step in steps:
            self._add(self._row(step))
        if steps and all(step.ok for step in steps):
            advice = self.tr("Everything works.")
        if advice:
            label = QLabel(advice, self)
            label.setAccessibleName(advice)
            label.setWordWrap(True)
            label.setFont(theme.font(13, bold=True))
            self._add(label)

    def _row(self, step: TestStep) -> QWidget:
        row = QWidget(self)
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        mark = QLabel(row)
        icon = theme.icon("check", "accent") if step.ok else theme.icon("error", "danger")
        mark.setPixmap(icon.pixmap(QSize(16, 16)))
        mark.setAccessibleName(self.tr("worked") if step.ok else self.tr("failed"))
        what = QLabel(step.what, row)
        what.setTextFormat(Qt.TextFormat.PlainText)
        said = QLabel(step.said, row)
        said.setTextFormat(Qt.TextFormat.PlainText)
        said.setWordWrap(True)
        said.setProperty("tone", "third" if step.ok else "danger")
        said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        top = Qt.AlignmentFlag.AlignTop
        line.addWidget(mark, 0, top)
        line.addWidget(what, 0, top)
        line.addWidget(said, 1, top)
        row.setAccessibleName(f"{mark.accessibleName()}: {step.what} {step.said}".strip())
        return row

    def _add(self, row: QWidget) -> None:
        self._column.addWidget(row)
        self._rows.append(row)
        self.show()
