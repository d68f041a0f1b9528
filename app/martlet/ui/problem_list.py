"""What is broken about a message, in its own words, what of it is not shown, and the way to its
source."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from martlet.ui.fact_row import FactRow
from martlet.ui.shown_text import cut, tip

# Of a file that is no mail nothing is broken.
_NO_MAIL = ("This does not look like a mail message.", "This file is empty.")
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
        self._known: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
        self.hide()

    @property
    def told(self) -> list[str]:
        return [row.words for row in self.findChildren(FactRow) if not row.isHidden()]

    def show_problems(self, problems: Sequence[str], notes: Sequence[str] = ()) -> None:
        """notes: what is not shown of a message that is whole; nothing of that is broken."""
        known = (tuple(problems), tuple(notes))
        if known == self._known:
            return
        self._known = known
        found = self._in_order(known[0])
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.setParent(None)
                widget.deleteLater()
        for at, words in enumerate(found[:_SHOWN]):
            told = cut(words, _LONGEST)
            if at == 0 and words not in _NO_MAIL:
                told = self.tr("This message is broken: {what}").format(what=told)
            if at == _SHOWN - 1 and len(found) > _SHOWN:
                rest = self.tr("and {n} more").format(n=len(found) - _SHOWN)
                told = f"{told} ({rest})"
            self._add(FactRow("warning", told, "star"))
        for words in known[1][:_SHOWN]:
            self._add(FactRow("info", cut(words, _LONGEST)))
        everything = (*found, *known[1])
        self.setToolTip(tip("\n".join(cut(each, _LONGEST) for each in everything[:40])))
        self.setVisible(bool(everything))

    def _in_order(self, problems: tuple[str, ...]) -> tuple[str, ...]:
        """That it is no mail at all says most, and the rest follows from it."""
        return tuple(sorted(problems, key=lambda words: words not in _NO_MAIL))

    def _add(self, row: FactRow) -> None:
        if not self._column.count():
            row.row.addWidget(self._source_button(), 0, Qt.AlignmentFlag.AlignTop)
        self._column.addWidget(row)
        row.show()

    def _source_button(self) -> QPushButton:
        button = QPushButton(self.tr("Show source"))
        button.setProperty("kind", "link")
        button.setMaximumHeight(_LINK_HEIGHT)
        button.clicked.connect(self.source_wanted)
        return button
