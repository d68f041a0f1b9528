"""A field for a file's path, with a button to look for it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QWidget

from martlet.ui.accounts.parts import plain_button


class PathField(QWidget):
    """edited: a person typed or chose one."""

    edited = Signal()

    def __init__(self, parent: QWidget, name: str, path: str) -> None:
        super().__init__(parent)
        self._name = name
        self.text = QLineEdit(path, self)
        self.text.setAccessibleName(name)
        self.text.setPlaceholderText(self.tr("none"))
        self.look = plain_button(self, self.tr("Choose…"))
        self.look.setAccessibleName(self.tr("Choose a file: {what}").format(what=name))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.text, 1)
        row.addWidget(self.look)
        self.setFocusProxy(self.text)
        self.text.textEdited.connect(lambda _text: self.edited.emit())
        self.look.clicked.connect(self._choose)

    @property
    def path(self) -> str:
        return self.text.text().strip()

    def _choose(self) -> None:
        dialog = QFileDialog(self, self._name)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters(
            [self.tr("Certificates (*.pem *.crt *.cer)"), self.tr("All files (*)")]
        )
        dialog.fileSelected.connect(self._chosen)
        dialog.open()

    def _chosen(self, path: str) -> None:
        self.text.setText(path)
        self.edited.emit()
