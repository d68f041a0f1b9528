"""A small editor for words that letters get: a signature, a snippet. The letter's own editor with
few buttons. Plain as long as nothing in it has a look.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt, Signal
from PySide6.QtGui import QImage, QImageReader, QImageWriter, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QInputDialog,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from martlet.link.messages import AttachBytes
from martlet.mail.attached import OutgoingPart
from martlet.mail.errors import MailError
from martlet.ui import theme
from martlet.ui.compose.images.pictures import inline_pictures
from martlet.ui.compose.markup.lines import Line, is_link
from martlet.ui.compose.markup.write_html import write_html
from martlet.ui.compose.markup.write_text import write_text
from martlet.ui.compose.text.document import insert_picture, lines_of
from martlet.ui.compose.text.editor import BodyEditor
from martlet.ui.compose.text.looks import Looks

if TYPE_CHECKING:
    from martlet.store.reader import Reader
    from martlet.ui.link import EngineLink

WIDEST = 400
_LARGEST_SIDE = 1200


@dataclass(frozen=True, slots=True)
class Written:
    """What stands there. html: None when nothing has a look. parts: the pictures in it."""

    text: str
    html: str | None
    parts: tuple[OutgoingPart, ...]


class SmallEditor(QFrame):
    """edited: a person changed something. refused: why a picture was not taken."""

    edited = Signal()
    refused = Signal(str)

    def __init__(self, link: EngineLink, reader: Reader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("smallEditor")
        self._link = link
        self._reader = reader
        self._parts: dict[str, OutgoingPart] = {}
        self._loading = False
        self.dialog: QInputDialog | QFileDialog | None = None
        self.editor: BodyEditor = BodyEditor(self)
        self.editor.document().setDocumentMargin(12)
        self.editor.setAccessibleName(self.tr("Words"))
        self.looks: Looks = Looks(self.editor)
        bar = QHBoxLayout()
        bar.setContentsMargins(8, 4, 8, 4)
        bar.setSpacing(2)
        self.bold = self._button("bold", self.tr("Bold"), "Ctrl+B", self.looks.bold)
        self.italic = self._button("italic", self.tr("Italic"), "Ctrl+I", self.looks.italic)
        self.underline = self._button(
            "underline", self.tr("Underline"), "Ctrl+U", self.looks.underline
        )
        self.to_link = self._button("link", self.tr("Link…"), "Ctrl+K", self.ask_link)
        self.picture = self._button("image", self.tr("Picture…"), "", self.ask_picture)
        for button in (self.bold, self.italic, self.underline, self.to_link, self.picture):
            bar.addWidget(button)
        bar.addStretch()
        self.bar = bar
        line = QFrame(self)
        line.setObjectName("hairline")
        line.setFixedHeight(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addWidget(line)
        column.addWidget(self.editor, 1)
        self.editor.load_html("")
        self.editor.textChanged.connect(self._changed)
        self.editor.picture_given.connect(lambda image: self.take_picture(image, ""))
        self.editor.files_given.connect(self.take_files)
        self.looks.changed.connect(self._show_look)

    def load(self, text: str, html: str | None, parts: Sequence[OutgoingPart] = ()) -> None:
        """Shows words that were kept."""
        self._loading = True
        for part in parts:
            self._parts[part.content_id] = part
        for content_id, image in inline_pictures(self._reader, parts).items():
            self.editor.know_picture(content_id, image)
        if html is None:
            self.editor.load_words(text)
        else:
            self.editor.load_html(html)
        self._loading = False

    def written(self) -> Written:
        """What stands there now."""
        lines = lines_of(self.editor.document())
        while lines and lines[-1].blank and lines[-1].cell is None:
            lines.pop()
        text = write_text(without_pictures(lines))
        if not lines or not self.editor.has_looks():
            return Written(text, None, ())
        used = self.editor.pictures_used()
        parts = tuple(part for name, part in self._parts.items() if name in used)
        return Written(text, write_html(lines), parts)

    def ask_picture(self) -> None:
        """Lets a picture be picked."""
        dialog = QFileDialog(self, self.tr("Choose a picture"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(self.tr("Pictures (*.png *.jpg *.jpeg *.gif *.webp *.bmp)"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(self.take_files)
        self.dialog = dialog
        dialog.open()

    def take_files(self, paths: Sequence[str]) -> None:
        """Takes pictures; asks how each is to be described to those who do not see it."""
        for path in paths:
            reader = QImageReader(path)
            reader.setAutoTransform(True)
            image = reader.read()
            if image.isNull():
                words = self.tr("“{name}” is no picture that could be read.")
                self.refused.emit(words.format(name=Path(path).name))
                continue
            self._describe(image, Path(path).stem)

    def take_picture(self, image: QImage, description: str) -> None:
        """Keeps a picture and puts it in where the cursor is, no larger than letters show it."""
        side = max(image.width(), image.height())
        if side > _LARGEST_SIDE:
            image = image.scaled(
                _LARGEST_SIDE,
                _LARGEST_SIDE,
                Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        QImageWriter(buffer, QByteArray(b"PNG")).write(image)
        cursor = QTextCursor(self.editor.textCursor())

        def arrived(part: OutgoingPart) -> None:
            # Its name tells its bytes: in a letter that quotes another of mine both are right.
            content_id = f"{part.blob[:24]}@martlet"
            self._parts[content_id] = replace(part, content_id=content_id)
            self.editor.know_picture(content_id, image)
            insert_picture(cursor, content_id, description, min(image.width(), WIDEST), WIDEST)

        def failed(error: MailError) -> None:
            self.refused.emit(error.summary)

        name = f"{description or 'picture'}.png"
        data = bytes(buffer.data().data())
        self._link.ask(AttachBytes(name, "image/png", data), arrived, failed, self)

    def ask_link(self) -> None:
        """Makes a link of the selected words, or puts one in."""
        dialog = self._ask(self.tr("Link"), self.tr("Address"), self.looks.now().href or "https://")
        dialog.textValueSelected.connect(self.set_link)
        dialog.open()

    def set_link(self, address: str) -> None:
        address = address.strip()
        if "@" in address and ":" not in address:
            address = f"mailto:{address}"
        elif address and not is_link(address):
            address = f"https://{address}"
        cursor = self.editor.textCursor()
        form = QTextCharFormat()
        form.setAnchor(True)
        form.setAnchorHref(address)
        form.setFontUnderline(True)
        form.setForeground(self.editor.palette().link().color())
        if cursor.hasSelection():
            cursor.mergeCharFormat(form)
        else:
            cursor.insertText(address.removeprefix("mailto:"), form)
        self.editor.setFocus()

    def _describe(self, image: QImage, name: str) -> None:
        dialog = self._ask(
            self.tr("Picture"), self.tr("Described in words, for those who do not see it"), name
        )
        dialog.textValueSelected.connect(lambda words: self.take_picture(image, words.strip()))
        dialog.open()

    def _ask(self, title: str, label: str, value: str) -> QInputDialog:
        dialog = QInputDialog(self)
        dialog.setWindowTitle(title)
        dialog.setLabelText(label)
        dialog.setTextValue(value)
        dialog.setMinimumWidth(380)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.dialog = dialog
        return dialog

    def _button(self, icon: str, words: str, key: str, what: Callable[[], None]) -> QToolButton:
        button = QToolButton(self)
        button.setIcon(theme.icon(icon))
        button.setAccessibleName(words.rstrip("…"))
        button.setToolTip(f"{words.rstrip('…')} ({key})" if key else words.rstrip("…"))
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setShortcut(key)
        button.clicked.connect(lambda _on=False: what())
        return button

    def _show_look(self) -> None:
        look = self.looks.now()
        for button, on in (
            (self.bold, look.bold),
            (self.italic, look.italic),
            (self.underline, look.underline),
        ):
            button.setCheckable(True)
            button.setChecked(on)

    def _changed(self) -> None:
        if not self._loading:
            self.edited.emit()


def without_pictures(lines: Sequence[Line]) -> list[Line]:
    """The lines for plain text: where there was nothing but a picture, there is nothing."""
    found = []
    for line in lines:
        runs = tuple(run for run in line.runs if not run.picture)
        if runs or not line.runs:
            found.append(replace(line, runs=runs))
    return found
