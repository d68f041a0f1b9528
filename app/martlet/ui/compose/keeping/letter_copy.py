"""Writes the words of a letter to a file its writer chooses, without the mail engine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QFileDialog

from martlet.mail.file_name import file_name
from martlet.mail.outgoing import Draft

if TYPE_CHECKING:
    from martlet.ui.compose.window import ComposeWindow


def save_copy(window: ComposeWindow, draft: Draft) -> QFileDialog:
    """Asks where to, and writes it there; the window says how that went."""
    dialog = QFileDialog(window, _tr("Save a copy"))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilter(_tr("Text files (*.txt)"))
    dialog.setDefaultSuffix("txt")
    dialog.selectFile(file_name(f"{draft.subject or _tr('Letter')}.txt"))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda path: write_copy(window, draft, path))
    dialog.open()
    return dialog


def write_copy(window: ComposeWindow, draft: Draft, path: str) -> None:
    """Writes whom it is for, its subject and its words, as UTF-8."""
    people = ((_tr("To"), draft.to), (_tr("Cc"), draft.cc), (_tr("Bcc"), draft.bcc))
    head = [f"{name}: {', '.join(str(each) for each in some)}" for name, some in people if some]
    words = "\n".join([*head, f"{_tr('Subject')}: {draft.subject}", "", draft.text])
    try:
        Path(path).write_text(f"{words}\n", encoding="utf-8", errors="replace")
    except OSError as error:
        window.notice.say(
            _tr("The copy could not be saved: {reason}.").format(reason=error.strerror or "")
        )
        return
    window.notice.tell(_tr("A copy of the words is in “{name}”.").format(name=Path(path).name))


def _tr(text: str) -> str:
    return QCoreApplication.translate("compose", text)
