"""A choice between a few numbers in words, and the one that is set whatever it is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from martlet.ui.choice_box import ChoiceBox


class Numbers(ChoiceBox):
    """offered: numbers and their words; now: the one that is set, with its words."""

    def __init__(
        self, offered: Sequence[tuple[int, str]], now: int, now_words: str, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._numbers = [number for number, _words in offered]
        for _number, words in offered:
            self.addItem(words)
        if now not in self._numbers:
            self._numbers.append(now)
            self.addItem(now_words)
        self.setCurrentIndex(self._numbers.index(now))

    def number(self) -> int:
        return self._numbers[self.currentIndex()]
