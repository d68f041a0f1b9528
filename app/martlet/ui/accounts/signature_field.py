"""A signature among other fields: its words, and a way to the sheet with all there is to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from martlet.mail.identity import Signing
from martlet.ui.accounts.parts import link_button, note
from martlet.ui.accounts.signature_sheet import SignatureSheet

if TYPE_CHECKING:
    from martlet.store.reader import Reader
    from martlet.ui.link import EngineLink


class SignatureField(QWidget):
    """edited: a person changed it. link, reader: for the sheet; without them there is none."""

    edited = Signal()

    def __init__(
        self,
        text: str,
        signing: Signing,
        link: EngineLink | None,
        reader: Reader | None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.signing = signing
        self._link = link
        self._reader = reader
        self.sheet: SignatureSheet | None = None
        self.edit = QPlainTextEdit(text, self)
        self.edit.setTabChangesFocus(True)
        self.edit.setFixedHeight(84)
        self.edit.setAccessibleName(self.tr("Signature"))
        self.more = link_button(self, self.tr("Formatting, pictures, more signatures…"))
        self.more.setVisible(link is not None and reader is not None)
        self.state = note(self)
        row = QHBoxLayout()
        row.addWidget(self.state, 1)
        row.addWidget(self.more)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.edit)
        column.addLayout(row)
        self.setFocusProxy(self.edit)
        self.edit.textChanged.connect(self.edited)
        self.more.clicked.connect(self._open)
        self._show()

    @property
    def text(self) -> str:
        return self.edit.toPlainText().rstrip()

    def _open(self) -> None:
        assert self._link is not None
        assert self._reader is not None
        sheet = SignatureSheet(self.text, self.signing, self._link, self._reader, self.window())
        self.sheet = sheet
        sheet.accepted.connect(lambda: self._take(sheet))
        sheet.open()

    def _take(self, sheet: SignatureSheet) -> None:
        self.signing = sheet.signing
        self.edit.setPlainText(sheet.words_of_main)
        self._show()
        self.edited.emit()

    def _show(self) -> None:
        """A formatted one is changed where its formatting is."""
        rich = self.signing.html is not None
        self.edit.setReadOnly(rich)
        said = [self.tr("With formatting.")] if rich else []
        count = len(self.signing.more)
        if count:
            said.append(
                self.tr("One more.") if count == 1 else self.tr("{n} more.").format(n=count)
            )
        self.state.setText(" ".join(said))
