"""What a letter takes from what is kept: templates, snippets, and their variables.

Words go in where the cursor is, in one step that can be undone; what is known of the variables in
them is filled in at once, what is not is marked and asked about before the letter goes (`checks`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime, QEvent, QLocale, QObject, QPoint, Qt
from PySide6.QtGui import (
    QGuiApplication,
    QKeyEvent,
    QTextCursor,
)
from PySide6.QtWidgets import QInputDialog, QMenu

from martlet.link.messages import SaveTemplate
from martlet.mail import merge, variables
from martlet.mail.message import Address
from martlet.mail.writing import Template, TemplateId, TemplateKind
from martlet.ui.compose.markup.lines import read_text
from martlet.ui.compose.markup.read_html import read_html
from martlet.ui.compose.markup.write_html import write_html
from martlet.ui.compose.signing.signing_sheet import edit_signatures
from martlet.ui.compose.templates.as_template import as_template
from martlet.ui.compose.templates.fields import fill_document, place_of, tint
from martlet.ui.compose.templates.picker import Picker
from martlet.ui.compose.text.document import insert_lines
from martlet.ui.compose.text.editor import WIDEST_PICTURE
from martlet.ui.compose.text.places16 import before, utf16

if TYPE_CHECKING:
    from martlet.store.reader import Reader
    from martlet.ui.accounts.signature_sheet import SignatureSheet
    from martlet.ui.compose.merge.merge_dialog import MergeDialog
    from martlet.ui.compose.templates.templates_dialog import TemplatesDialog
    from martlet.ui.compose.window import ComposeWindow
    from martlet.ui.link import EngineLink

_HERE = "\ue0c7"  # private use: where {{cursor}} stood
_CURSOR = re.compile(r"\{\{\s*cursor\s*\}\}", re.IGNORECASE)
_MOST_CLIPBOARD = 20_000

NAMES = (
    "to.name", "to.first", "to.address", "me.name", "me.address", "subject", "date", "time",
    "weekday",
)  # fmt: skip
"""What can be put in from a menu; cursor and clipboard are for what is kept."""


def moment() -> dict[str, str]:
    """The variables that say when it is, as people here write it."""
    locale, now = QLocale(), QDateTime.currentDateTime()
    return {
        "date": locale.toString(now.date(), QLocale.FormatType.LongFormat),
        "time": locale.toString(now.time(), QLocale.FormatType.ShortFormat),
        "weekday": locale.dayName(now.date().dayOfWeek()),
    }


class Kept(QObject):
    """Of one letter's window."""

    def __init__(self, window: ComposeWindow, link: EngineLink, reader: Reader) -> None:
        super().__init__(window)
        self._window = window
        self._link = link
        self._reader = reader
        self.picker: Picker | None = None
        self.dialog: QInputDialog | None = None
        self.dialogs: TemplatesDialog | None = None
        self.merging: MergeDialog | None = None
        self.signatures: SignatureSheet | None = None
        # The template that this letter shows, to be kept in its place.
        self.origin: Template | None = None
        # Columns of the table of a merge: fields of this letter too.
        self.columns: tuple[str, ...] = ()
        window.editor.installEventFilter(self)
        window.editor.over.append(tint)

    # What is known

    def me(self) -> Address:
        """Who writes."""
        sender = self._window.header.writer.chosen
        return sender.address if sender is not None else Address("", "")

    def values(self) -> dict[str, str]:
        """What is known for the letter as it stands, by `variables.key`."""
        return merge.values_of(self._window.draft(), self.me(), moment())

    def fill(self) -> None:
        """Fills in all that is known, in one step that can be undone; quotations stay."""
        values = self.values()
        subject = self._window.header.subject
        filled = variables.fill_line(subject.text(), values)
        if filled != subject.text():
            subject.setText(filled)
        fill_document(self._window.editor.document(), values)

    # Putting in

    def choose_snippet(self) -> None:
        """Offers the snippets at the cursor."""
        kept = self._reader.templates(TemplateKind.SNIPPET)
        self._pick(
            self.tr("Insert a snippet"),
            kept,
            self.tr("Snippets are words you write often: an address, a greeting, an answer."),
        ).chosen.connect(self.insert)

    def choose_template(self) -> None:
        """Offers the templates to begin this letter with."""
        kept = self._reader.templates(TemplateKind.TEMPLATE)
        self._pick(
            self.tr("Use a template"),
            kept,
            self.tr("Templates are letters you write again and again. Write one, then choose "
                    "“Save as template…”."),
        ).chosen.connect(self.take)  # fmt: skip

    def take(self, template: Template, *, itself: bool = False) -> None:
        """A whole template: its words, whom it is for, subject and files, where the letter has
        none of its own. itself: to be changed and kept again, so that nothing is filled in.
        """
        header = self._window.header
        for field, people in (
            (header.to, template.to),
            (header.cc, template.cc),
            (header.bcc, template.bcc),
        ):
            known = {one.address for one in field.addresses()}
            field.set_addresses(
                [*field.addresses(), *(p for p in people if p.address not in known)]
            )
        if template.html is not None and not self._window.editor.rich:
            self._window.set_rich(True)
        files = [part for part in template.parts if not part.content_id]
        self._window.intake.load(files, {})
        if not header.subject.text().strip():
            header.subject.setText(variables.fill_line(template.subject, self.values()))
        if itself:
            header.subject.setText(template.subject)
            self.origin = template
            words = self.tr("This is the template “{name}”. Save it again when it is changed.")
            self._window.notice.tell(words.format(name=template.name))
        self.insert(template, as_it_is=itself)

    def insert(self, template: Template, replaced: int = 0, *, as_it_is: bool = False) -> None:
        """Puts words in at the cursor, in place of so many before it (as Qt counts).

        as_it_is: nothing is filled in.
        """
        editor = self._window.editor
        values = {} if as_it_is else self.values()
        if "clipboard" in template.text.casefold():
            values["clipboard"] = QGuiApplication.clipboard().text()[:_MOST_CLIPBOARD]
        values = {name: value.replace(_HERE, "") for name, value in values.items()}
        pictures = [part for part in template.parts if part.content_id]
        cursor = editor.textCursor()
        cursor.beginEditBlock()
        if replaced:
            cursor.setPosition(cursor.position() - replaced, QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()
        start = cursor.position()
        if editor.rich:
            markup = template.html
            if markup is None:
                markup = write_html(read_text(template.text))
            self._window.intake.load(pictures, self._window.pictures.begin(pictures))
            known = {part.content_id for part in pictures}
            if not as_it_is:
                markup = variables.fill_html(_CURSOR.sub(_HERE, markup), values)
            link = editor.palette().link().color()
            insert_lines(cursor, read_html(markup, known.__contains__), link, WIDEST_PICTURE)
        else:
            text = template.text
            if not as_it_is:
                text = variables.fill_text(_CURSOR.sub(_HERE, text), values)
            cursor.insertText(text)
        here = place_of(editor.document().begin(), _HERE, start, cursor.position())
        if here is not None:
            cursor.setPosition(here)
            cursor.deleteChar()
        cursor.endEditBlock()
        editor.setTextCursor(cursor)
        editor.ensureCursorVisible()
        editor.setFocus()

    def choose_field(self) -> None:
        """A menu of the variables that are always known."""
        menu = QMenu(self._window)
        for name in (*self.columns, *NAMES):
            words = f"{{{{{name}}}}}"
            menu.addAction(words).triggered.connect(
                lambda _on=False, put=words: self._put_field(put)
            )
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self._place())

    def _put_field(self, words: str) -> None:
        editor = self._window.editor
        editor.textCursor().insertText(words, editor.look_here())

    def choose_signature(self) -> None:
        """A menu of the signatures of who writes."""
        menu = QMenu(self._window)
        self._window.signer.menu(menu)
        menu.addSeparator()
        menu.addAction(self.tr("Edit signatures…")).triggered.connect(
            lambda _on=False: self.edit_signatures()
        )
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self._place())

    def edit_signatures(self) -> None:
        """Those of who writes; where there is none yet, the first."""
        self.signatures = edit_signatures(self._window, self._link, self._reader)

    # Dialogs

    def merge(self) -> None:
        """This letter, to everybody in a table."""
        from martlet.ui.compose.merge.merge_dialog import MergeDialog
        from martlet.ui.compose.merge.merge_gate import hindered

        self._window.header.take_typed()
        hindrance = hindered(self._window)
        if hindrance:
            self._window.notice.say(hindrance)
            return
        self.merging = MergeDialog(self._window, self._link, self._reader)
        self.merging.show()

    def manage(self) -> None:
        """All templates and snippets."""
        self._open_all()

    def _begin_example(self) -> None:
        self._open_all().begin_example()

    def _open_all(self) -> TemplatesDialog:
        from martlet.ui.compose.templates.templates_dialog import TemplatesDialog

        dialog = TemplatesDialog(self._link, self._reader, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.letter_wanted.connect(lambda one: self.take(one, itself=True))
        self.dialogs = dialog
        dialog.open()
        return dialog

    # Keeping

    def ask_name(self) -> None:
        """Save as template: under which name."""
        dialog = QInputDialog(self._window)
        dialog.setWindowTitle(self.tr("Save as template"))
        dialog.setLabelText(self.tr("Name of the template"))
        name = self.origin.name if self.origin else self._window.header.subject.text().strip()
        dialog.setTextValue(name)
        dialog.setMinimumWidth(380)
        dialog.textValueSelected.connect(self.keep)
        self.dialog = dialog
        dialog.open()

    def keep(self, name: str) -> None:
        """Keeps the letter as a template of this name, without its signature."""

        def kept(_template: TemplateId) -> None:
            words = self.tr("Saved as the template “{name}”.")
            self._window.notice.tell(words.format(name=name))

        made = as_template(self._window, name, self.origin)
        self._link.ask(
            SaveTemplate(made),
            kept,
            lambda error: self._window.notice.say(error.summary, error.detail),
            self,
        )

    # What happens

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tab behind a snippet's shortcut puts the snippet in its place."""
        if event.type() is not QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if event.key() != Qt.Key.Key_Tab or event.modifiers():
            return False
        cursor = self._window.editor.textCursor()
        if cursor.hasSelection():
            return False
        word = re.search(r"\S{1,40}\Z", before(cursor))
        if word is None:
            return False
        for one in self._reader.templates(TemplateKind.SNIPPET):
            if one.shortcut and one.shortcut.casefold() == word[0].casefold():
                self.insert(one, utf16(word[0], len(word[0])))
                return True
        return False

    def _pick(self, title: str, kept: list[Template], nothing: str) -> Picker:
        picker = Picker(title, kept, nothing, self._window)
        picker.example.connect(self._begin_example)
        picker.manage.connect(self.manage)
        self.picker = picker
        picker.open_at(self._place())
        return picker

    def _place(self) -> QPoint:
        """Below the cursor, of the screen."""
        editor = self._window.editor
        return editor.viewport().mapToGlobal(editor.cursorRect().bottomLeft() + QPoint(0, 6))
