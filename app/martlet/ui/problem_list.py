"""What is broken about a message, in its own words, and the way to its source."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from martlet.ui.fact_row import FactRow
from martlet.ui.shown_text import cut, tip

_SHOWN = 3
_LONGEST = 300
_LINK_HEIGHT = 22


class ProblemList(QWidget):
    """source_wanted: the message as it came is to be seen. Hidden while nothing is wrong."""

    source_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(24, 0, 24, 6)
        box = QFrame(self)
        box.setObjectName("factLine")
        outer.addWidget(box)
        self._column = QVBoxLayout(box)
        self._column.setContentsMargins(10, 4, 6, 4)
        self._column.setSpacing(1)
        self._problems: tuple[str, ...] = ()
        self.hide()

    @property
    def told(self) -> list[str]:
        return [row.words for row in self.findChildren(FactRow) if not row.isHidden()]

    def show_problems(self, problems: Sequence[str]) -> None:
        found = tuple(problems)
        if found == self._problems:
            return
        self._problems = found
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.setParent(None)
                widget.deleteLater()
        for at, words in enumerate(found[:_SHOWN]):
            told = cut(words, _LONGEST)
            if at == 0:
                told = self.tr("This message is broken: {what}").format(what=told)
            if at == _SHOWN - 1 and len(found) > _SHOWN:
                rest = self.tr("and {n} more").format(n=len(found) - _SHOWN)
                told = f"{told} ({rest})"
            row = FactRow("warning", told, "star")
            if at == 0:
                row.row.addWidget(self._source_button(), 0, Qt.AlignmentFlag.AlignTop)
            self._column.addWidget(row)
            row.show()
        self.setToolTip(tip("\n".join(cut(each, _LONGEST) for each in found[:40])))
        self.setVisible(bool(found))

    def _source_button(self) -> QPushButton:
        button = QPushButton(self.tr("Show source"))
        button.setProperty("kind", "link")
        button.setMaximumHeight(_LINK_HEIGHT)
        button.clicked.connect(self.source_wanted)
        return button
