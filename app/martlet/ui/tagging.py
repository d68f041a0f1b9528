"""Puts tags on messages and takes them off: by number, by menu. They are keywords on the server."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QInputDialog, QLineEdit, QMenu

from martlet.link.messages import SetFlags
from martlet.mail.message import MessageRow
from martlet.mail.tags import is_possible, keyword
from martlet.ui import tags, theme
from martlet.ui.link import EngineLink
from martlet.ui.paint import dot
from martlet.ui.settings import Settings

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from martlet.store.reader import Reader

_KEYS = 9


def _words(reader: Reader, settings: Settings) -> set[str]:
    """Those of the servers, and those made here: not every server tells which it has."""
    return {*reader.tags(), *settings.text("tags").split()}


def known(reader: Reader, settings: Settings) -> tuple[tags.Tag, ...]:
    """All there are, the first nine with a key each."""
    return tags.known(_words(reader, settings))


class Tagging(QObject):
    """rows: what is chosen. say: told what was done, and whether that can be taken back."""

    def __init__(
        self,
        link: EngineLink,
        reader: Reader,
        settings: Settings,
        window: QWidget,
        rows: Callable[[], list[MessageRow]],
        say: Callable[[str, bool], None],
    ) -> None:
        super().__init__(window)
        self._link = link
        self._reader = reader
        self._settings = settings
        self._window = window
        self._rows = rows
        self._say = say

    def known(self) -> tuple[tags.Tag, ...]:
        """All there are, the first nine with a key each."""
        return known(self._reader, self._settings)

    def number(self, number: int) -> None:
        """The tag of this key: on all that is chosen, or off when all have it."""
        there = self.known()
        if not 1 <= number <= len(there):
            told = self.tr("No tag has the number {n} yet. {key}, “New tag…” makes one.")
            key = QKeySequence("Ctrl+T").toString(QKeySequence.SequenceFormat.NativeText)
            self._say(told.format(n=number, key=key), False)
            return
        self.turn(there[number - 1])

    def turn(self, tag: tags.Tag) -> None:
        rows = self._rows()
        if not rows:
            return
        has = all(tag in tags.of(row.tags) for row in rows)
        if has:
            one = self.tr("Removed “{name}” from 1 message")
            many = self.tr("Removed “{name}” from {n} messages")
            self._set(rows, (), _spelt(tag, rows), one, many, tag.name)
        else:
            one = self.tr("Tagged 1 message “{name}”")
            many = self.tr("Tagged {n} messages “{name}”")
            self._set(rows, (tag.word,), (), one, many, tag.name)

    def clear(self) -> None:
        """Takes all tags off."""
        rows = self._rows()
        words = {word for row in rows for word in row.tags if tags.is_tag(word)}
        if words:
            one = self.tr("Removed all tags from 1 message")
            many = self.tr("Removed all tags from {n} messages")
            self._set(rows, (), sorted(words), one, many, "")

    def menu(self) -> QMenu:
        """All tags, those checked that every chosen message has."""
        menu = QMenu(self._window)
        menu.aboutToHide.connect(menu.deleteLater)
        rows = self._rows()
        own = {word for row in rows for word in row.tags}
        for at, tag in enumerate(
            tags.known({*_words(self._reader, self._settings), *own}), start=1
        ):
            key = f"\t{at}" if at <= _KEYS else ""
            action = menu.addAction(tag.name.replace("&", "&&") + key)
            worn = bool(rows) and all(tag in tags.of(row.tags) for row in rows)
            tokens = theme.current()
            # A menu has room for an icon or for a tick.
            action.setIcon(dot(tags.colour(tag, tokens), tokens.raised if worn else ""))
            action.setCheckable(True)
            action.setChecked(worn)
            action.triggered.connect(lambda _on=False, tag=tag: self.turn(tag))
        menu.addSeparator()
        menu.addAction(self.tr("New tag…")).triggered.connect(self.ask)
        clear = menu.addAction(self.tr("Remove all tags") + "\t0")
        clear.setEnabled(any(tags.is_tag(word) for word in own))
        clear.triggered.connect(self.clear)
        return menu

    def ask(self) -> None:
        """Asks for the name of a tag that is not there yet, and puts it on."""
        dialog = QInputDialog(self._window)
        dialog.setWindowTitle(self.tr("New tag"))
        dialog.setLabelText(self.tr("One word. It goes to the server and to your other programs."))
        dialog.setTextEchoMode(QLineEdit.EchoMode.Normal)
        dialog.textValueSelected.connect(self.put)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def put(self, name: str) -> None:
        """A tag by the name a person gives it; spaces become lines below."""
        word = "_".join(name.split())
        if not is_possible(word) or not tags.is_tag(word):
            if word:
                self._say(self.tr("“{name}” cannot be a tag.").format(name=word), False)
            return
        self._settings.put(tags=" ".join(sorted({*self._settings.text("tags").split(), word})))
        if not any(tags.tag_of(word) in tags.of(row.tags) for row in self._rows()):
            self.turn(tags.tag_of(word))

    def _set(
        self,
        rows: list[MessageRow],
        add: Iterable[str],
        remove: Iterable[str],
        one: str,
        many: str,
        name: str,
    ) -> None:
        ids = [row.id for row in rows]
        words = (one if len(rows) == 1 else many).format(n=len(rows), name=name)
        request = SetFlags(
            ids, add=[keyword(word) for word in add], remove=[keyword(word) for word in remove]
        )
        self._link.ask(request, lambda _n: self._say(words, True))


def _spelt(tag: tags.Tag, rows: list[MessageRow]) -> list[str]:
    """However the messages spell it: keywords are case-insensitive, stores are not."""
    return sorted({word for row in rows for word in row.tags if tags.tag_of(word) == tag})
