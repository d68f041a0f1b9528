"""One snippet: its name, the word that becomes it when Tab follows, and its words."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFormLayout, QLineEdit, QWidget

from martlet.link.messages import SaveTemplate
from martlet.mail.errors import MailError
from martlet.mail.writing import Template
from martlet.ui.compose.text.small_editor import SmallEditor
from martlet.ui.sheet import Sheet

if TYPE_CHECKING:
    from martlet.store.reader import Reader
    from martlet.ui.link import EngineLink


class SnippetSheet(Sheet):
    """Accepted once it is kept."""

    def __init__(
        self, snippet: Template, link: EngineLink, reader: Reader, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._given = snippet
        self._link = link
        self.head(self.tr("Snippet") if snippet.id else self.tr("New snippet"), self.tr("Save"))
        self.name = QLineEdit(snippet.name, self)
        self.name.setAccessibleName(self.tr("Name"))
        self.shortcut = QLineEdit(snippet.shortcut, self)
        self.shortcut.setAccessibleName(self.tr("Shortcut"))
        self.shortcut.setPlaceholderText(self.tr("a word that Tab turns into it, such as tnx"))
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(8)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        form.addRow(self.tr("Name"), self.name)
        form.addRow(self.tr("Shortcut"), self.shortcut)
        self.words = SmallEditor(link, reader, self)
        self.words.setMinimumHeight(170)
        self.words.load(snippet.text, snippet.html, snippet.parts)
        self.body.addLayout(form)
        self.body.addWidget(self.words, 1)
        self.body.addWidget(
            self.text(
                self.tr(
                    "{{to.first}}, {{me.name}}, {{date}} and others are filled in; {{cursor}} is "
                    "where you go on writing, {{clipboard}} what you copied last. "
                    "{{to.first|friend}} says what stands there when it is not known."
                )
            )
        )
        self.words.refused.connect(self.notice.say)
        self.go.clicked.connect(self._save)
        self.setMinimumWidth(540)
        (self.words.editor if snippet.name else self.name).setFocus()

    @property
    def snippet(self) -> Template:
        written = self.words.written()
        return replace(
            self._given,
            name=self.name.text().strip(),
            shortcut=self.shortcut.text().strip(),
            text=written.text,
            html=written.html,
            parts=written.parts,
        )

    def _save(self) -> None:
        snippet = self.snippet
        if not snippet.text.strip() and not snippet.parts:
            self.notice.say(self.tr("Write the words of the snippet."))
            self.words.editor.setFocus()
            return

        def refused(error: MailError) -> None:
            self.notice.say(error.summary, error.detail)

        self._link.ask(SaveTemplate(snippet), lambda _id: self.accept(), refused, self)
