"""What is set about spelling: whether, in which languages, and the words a person has taught."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QWidget,
)

from martlet.ui.accounts.parts import Card, note, plain_button
from martlet.ui.compose.spelling.dictionaries import Dictionaries
from martlet.ui.compose.spelling.marks import OWN_WORDS
from martlet.ui.compose.spelling.menu import name_of
from martlet.ui.habits import Habits
from martlet.ui.settings import Settings

_HIGH = 132


class SpellingCard(Card):
    """taken: fields of Habits, by name, that are to be kept. My words are kept here."""

    taken = Signal(dict)

    def __init__(
        self, settings: Settings, dictionaries: Dictionaries, habits: Habits, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._dictionaries = dictionaries
        self._chosen = habits.languages.split()
        self.spell = QCheckBox(self.tr("Check s&pelling while I write"), self)
        self.spell.setChecked(habits.spell)
        self.spell.toggled.connect(lambda on: self.taken.emit({"spell": on}))
        self.column.addWidget(self.spell)
        self.column.addWidget(self._label(self.tr("&Languages, looked at together")))
        self.languages = self._list(self.tr("Languages of spelling"))
        self.column.addWidget(self.languages)
        self.none = note(
            self, self.tr("No dictionaries are installed; those of hunspell and aspell are used.")
        )
        self.column.addWidget(self.none)
        self.desktop = note(self, self.tr("None chosen: the language of the desktop."))
        self.column.addWidget(self.desktop)
        self.column.addWidget(self._label(self.tr("M&y words")))
        self.words = self._list(self.tr("My words"))
        self.column.addWidget(self.words)
        self.remove = plain_button(self, self.tr("Remove"))
        self.remove.setToolTip(self.tr("Removes the chosen word (Del)"))
        self.remove.clicked.connect(self._remove)
        row = QHBoxLayout()
        row.addWidget(self.remove)
        row.addStretch()
        self.column.addLayout(row)
        delete = QShortcut(QKeySequence("Del"), self.words, self._remove)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)
        self._show_words()
        dictionaries.ready.connect(self._show_languages)
        self._show_languages()
        self.languages.itemChanged.connect(lambda _item: self._take_languages())

    def _label(self, words: str) -> QLabel:
        label = QLabel(words, self)
        self._next = label
        return label

    def _list(self, name: str) -> QListWidget:
        rows = QListWidget(self)
        rows.setObjectName("accountList")
        rows.setMaximumHeight(_HIGH)
        rows.setAccessibleName(name)
        self._next.setBuddy(rows)
        return rows

    def _show_languages(self) -> None:
        known = self._dictionaries.languages
        self.languages.blockSignals(True)
        self.languages.clear()
        for each in sorted(known, key=name_of):
            row = QListWidgetItem(name_of(each), self.languages)
            row.setData(Qt.ItemDataRole.UserRole, each)
            on = Qt.CheckState.Checked if each in self._chosen else Qt.CheckState.Unchecked
            row.setFlags(row.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            row.setCheckState(on)
        self.languages.blockSignals(False)
        self.languages.setVisible(bool(known))
        self.none.setVisible(not known)
        self.desktop.setVisible(bool(known) and not self._chosen)

    def _take_languages(self) -> None:
        rows = [self.languages.item(at) for at in range(self.languages.count())]
        checked = [row for row in rows if row.checkState() == Qt.CheckState.Checked]
        on = [str(row.data(Qt.ItemDataRole.UserRole)) for row in checked]
        offered = self._dictionaries.languages
        # What is not installed here just now stays chosen.
        self._chosen = [each for each in self._chosen if each not in offered] + on
        self.desktop.setVisible(not self._chosen)
        self.taken.emit({"languages": " ".join(self._chosen)})

    def _show_words(self) -> None:
        self.words.clear()
        kept = self._settings.text(OWN_WORDS).splitlines()
        self.words.addItems(sorted({word for word in kept if word.strip()}, key=str.casefold))
        self.remove.setEnabled(self.words.count() > 0)

    def _remove(self) -> None:
        chosen = {row.text() for row in self.words.selectedItems()}
        kept = self._settings.text(OWN_WORDS).splitlines()
        if chosen:
            left = "\n".join(word for word in kept if word not in chosen)
            self._settings.put(**{OWN_WORDS: left})
            self._show_words()
