"""One letter of a mail merge as it will go: to whom, under which subject, and its words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from martlet.mail.outgoing import Draft
from martlet.ui import theme
from martlet.ui.compose.text.editor import BodyEditor

if TYPE_CHECKING:
    from collections.abc import Mapping


class MergePreview(QFrame):
    """Shows letters. pictures: those in them, by Content-ID."""

    def __init__(self, pictures: Mapping[str, QImage], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("mergePreview")
        self.to = self._line()
        self.subject = self._line(bold=True)
        self.body: BodyEditor = BodyEditor(self)
        self.body.setReadOnly(True)
        self.body.setAccessibleName(self.tr("The letter as it will be sent"))
        self.body.setMinimumHeight(120)
        for name, image in pictures.items():
            self.body.know_picture(name, image)
        self.files = self._line()
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 8, 1, 6)
        column.setSpacing(4)
        for widget in (self.to, self.subject):
            column.addWidget(widget)
        column.addWidget(self.body, 1)
        column.addWidget(self.files)

    def show_letter(self, draft: Draft) -> None:
        """This one, from its beginning."""
        person = str(draft.to[0]) if draft.to else self.tr("nobody: this row has no address")
        self.to.setText(self.tr("To: {person}").format(person=person))
        self.subject.setText(draft.subject or self.tr("(no subject)"))
        if draft.html is None:
            self.body.load_text(draft.text)
        else:
            self.body.load_html(draft.html)
        self.files.setText(_names(part.name for part in draft.parts if not part.content_id))
        self.files.setVisible(bool(self.files.text()))

    def _line(self, *, bold: bool = False) -> QLabel:
        label = QLabel(self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setContentsMargins(19, 0, 19, 0)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        label.setMinimumWidth(1)
        if bold:
            label.setFont(theme.font(15, bold=True))
        else:
            label.setProperty("tone", "second")
        return label


def _names(names: Iterable[str]) -> str:
    return ", ".join(names)
