"""Parts of a long form, one at a time: a row of tabs, and what scrolls below it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QTabBar, QVBoxLayout, QWidget


class SectionTabs(QWidget):
    """`bar` stands where its user puts it; this is what lies below."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bar = QTabBar(parent)
        self.bar.setDrawBase(False)
        self.bar.setExpanding(False)
        self.bar.setAccessibleName(name)
        self._pages = QStackedWidget(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._pages)
        self.bar.currentChanged.connect(self._pages.setCurrentIndex)

    def put(self, words: str, section: QWidget) -> int:
        """One more part, last; its number."""
        area = QScrollArea(self)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget(area)
        column = QVBoxLayout(inside)
        column.setContentsMargins(28, 16, 28, 16)
        column.addWidget(section)
        column.addStretch()
        area.setWidget(inside)
        self._pages.addWidget(area)
        return self.bar.addTab(words)
