"""All templates and snippets: found by typing, made, changed, copied, removed and brought back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QInputDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from martlet.link.messages import RemoveTemplate, SaveTemplate
from martlet.mail.changes import TemplatesChanged
from martlet.mail.errors import MailError
from martlet.mail.writing import Template, TemplateId, TemplateKind
from martlet.ui import theme
from martlet.ui.accounts.parts import link_button, plain_button
from martlet.ui.compose.templates.picker import matching
from martlet.ui.compose.templates.snippet_sheet import SnippetSheet
from martlet.ui.compose.templates.template_rows import TemplateRows, said
from martlet.ui.sheet import Sheet

if TYPE_CHECKING:
    from martlet.store.reader import Reader
    from martlet.ui.link import EngineLink

_NEW = TemplateId(0)


def example(words: Callable[[str], str]) -> Template:
    """A snippet to begin with. words: translates."""
    return Template(
        _NEW,
        TemplateKind.SNIPPET,
        words("Thanks"),
        words("tnx"),
        text=words("Dear {{to.first|all}},\n\nthank you for your message. {{cursor}}"),
    )


class TemplatesDialog(Sheet):
    """letter_wanted: a Template is to be seen as a letter, to be changed or sent."""

    letter_wanted = Signal(object)

    def __init__(self, link: EngineLink, reader: Reader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._link = link
        self._reader = reader
        self._removed: Template | None = None
        self.sheet: SnippetSheet | None = None
        self.dialog: QInputDialog | None = None
        self.head(self.tr("Templates and snippets"))
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(self.tr("Search"))
        self.search.setAccessibleName(self.tr("Search"))
        self.search.setClearButtonEnabled(True)
        self.list = QListWidget(self)
        self.list.setObjectName("accountList")
        self.list.setAccessibleName(self.tr("Templates and snippets"))
        self.list.setItemDelegate(TemplateRows(self.list))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.nothing = self.text(
            self.tr(
                "Nothing is kept yet. A template is a whole letter: write one, and choose “Save as "
                "template…” in its menu. A snippet is a few words that go into any letter."
            )
        )
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.offer = plain_button(self, self.tr("Begin with an example"))
        self.new = plain_button(self, self.tr("New snippet…"))
        self.edit = plain_button(self, self.tr("Change…"))
        self.rename = plain_button(self, self.tr("Rename…"))
        self.copy = plain_button(self, self.tr("Duplicate"))
        self.remove = plain_button(self, self.tr("Delete"))
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self.new, self.edit, self.rename, self.copy, self.remove):
            row.addWidget(button)
        row.addStretch()
        self.undone = QLabel(self)
        self.undone.setTextFormat(Qt.TextFormat.PlainText)
        self.undone.setProperty("tone", "second")
        self.undo = link_button(self, self.tr("Undo"))
        again = QHBoxLayout()
        again.addWidget(self.undone)
        again.addWidget(self.undo)
        again.addStretch()
        empty = QVBoxLayout()
        empty.setSpacing(12)
        empty.addStretch()
        empty.addWidget(self.nothing)
        empty.addWidget(self.offer, 0, Qt.AlignmentFlag.AlignHCenter)
        empty.addStretch()
        self.body.addWidget(self.search)
        self.body.addWidget(self.list, 1)
        self.body.addLayout(empty)
        self.body.addLayout(again)
        self.body.addLayout(row)
        self.search.textChanged.connect(lambda _words: self.fill())
        self.list.currentRowChanged.connect(lambda _row: self._enable())
        self.list.itemActivated.connect(lambda _item: self._edit())
        self.new.clicked.connect(lambda: self._sheet(Template(_NEW, TemplateKind.SNIPPET, "")))
        self.offer.clicked.connect(self.begin_example)
        self.edit.clicked.connect(self._edit)
        self.rename.clicked.connect(self._ask_name)
        self.copy.clicked.connect(self._copy)
        self.remove.clicked.connect(self._remove)
        self.undo.clicked.connect(self._undo)
        link.changed.connect(self._heard)
        self.resize(560, 480)
        self._show_undo()
        self.fill()

    @property
    def current(self) -> Template | None:
        """The one that is marked."""
        row = self.list.currentRow()
        if row < 0:
            return None
        found = self.list.item(row).data(Qt.ItemDataRole.UserRole)
        return found if isinstance(found, Template) else None

    def fill(self) -> None:
        """Shows what is kept, as far as it has the words that are looked for."""
        every = self._reader.templates()
        marked = self.current
        self.list.clear()
        for one in matching(every, self.search.text()):
            snippet = one.kind is TemplateKind.SNIPPET
            icon = theme.icon("text" if snippet else "mail")
            item = QListWidgetItem(icon, f"{one.name}\n{said(one)}")
            item.setData(Qt.ItemDataRole.UserRole, one)
            self.list.addItem(item)
            if marked is not None and one.id == marked.id:
                self.list.setCurrentItem(item)
        if self.current is None:
            self.list.setCurrentRow(0)
        self.search.setVisible(bool(every))
        self.list.setVisible(bool(every))
        self.nothing.setVisible(not every)
        self.offer.setVisible(not every)
        self._enable()

    def begin_example(self) -> None:
        """A snippet to look at, change and keep."""
        self._sheet(example(self.tr))

    def _enable(self) -> None:
        some = self.current is not None
        for button in (self.edit, self.rename, self.copy, self.remove):
            button.setEnabled(some)

    def _edit(self) -> None:
        one = self.current
        if one is None:
            return
        if one.kind is TemplateKind.SNIPPET:
            self._sheet(one)
        else:
            self.accept()
            self.letter_wanted.emit(one)

    def _sheet(self, one: Template) -> None:
        sheet = SnippetSheet(one, self._link, self._reader, self)
        self.sheet = sheet
        sheet.accepted.connect(self.fill)
        sheet.open()

    def _ask_name(self) -> None:
        one = self.current
        if one is None:
            return
        dialog = QInputDialog(self)
        dialog.setWindowTitle(self.tr("Rename"))
        dialog.setLabelText(self.tr("Name"))
        dialog.setTextValue(one.name)
        dialog.setMinimumWidth(360)
        dialog.textValueSelected.connect(lambda name: self._save(replace(one, name=name)))
        self.dialog = dialog
        dialog.open()

    def _copy(self) -> None:
        one = self.current
        if one is not None:
            name = self.tr("{name} (copy)").format(name=one.name)
            # A shortcut belongs to one alone.
            self._save(replace(one, id=_NEW, name=name, shortcut=""))

    def _remove(self) -> None:
        one = self.current
        if one is None:
            return

        def removed(_nothing: object) -> None:
            self._removed = one
            self._show_undo()
            self.fill()

        self._link.ask(RemoveTemplate(one.id), removed, self._refused, self)

    def _undo(self) -> None:
        one, self._removed = self._removed, None
        self._show_undo()
        if one is not None:
            self._save(one)

    def _save(self, one: Template) -> None:
        self._link.ask(SaveTemplate(one), lambda _id: self.fill(), self._refused, self)

    def _show_undo(self) -> None:
        gone = self._removed
        self.undone.setVisible(gone is not None)
        self.undo.setVisible(gone is not None)
        if gone is not None:
            self.undone.setText(self.tr("“{name}” is deleted.").format(name=gone.name))

    def _refused(self, error: MailError) -> None:
        self.notice.say(error.summary, error.detail)

    def _heard(self, change: object) -> None:
        if isinstance(change, TemplatesChanged):
            self.fill()
