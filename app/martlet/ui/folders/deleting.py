"""Asks before a folder is deleted, and says how much goes with it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from martlet.mail.folder import Folder
from martlet.ui.folder_model import shown_name
from martlet.ui.folders.names import below
from martlet.ui.sheet import Sheet


def contents(folder: Folder, folders: Sequence[Folder]) -> str:
    """What is in it, as a sentence."""

    def tr(text: str) -> str:
        return QCoreApplication.translate("folders", text)

    inner = below(folder, folders)
    count = sum(max(f.total, f.there) for f in (folder, *inner))
    if not count and not inner:
        return tr("It is empty.")
    messages = tr("1 message") if count == 1 else tr("{count:n} messages").format(count=count)
    if not inner:
        return tr("It holds {messages}.").format(messages=messages)
    levels = tr("1 folder") if len(inner) == 1 else tr("{n} folders").format(n=len(inner))
    if not count:
        return tr("It holds {folders} without messages.").format(folders=levels)
    return tr("It holds {folders} and, in all, {messages}.").format(
        folders=levels, messages=messages
    )


class DeleteFolderDialog(Sheet):
    """Accepted: it is to be deleted. trash: where it goes, None when it goes for good."""

    def __init__(
        self,
        folder: Folder,
        folders: Sequence[Folder],
        trash: Folder | None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.for_good = trash is None
        name = shown_name(folder)
        if self.for_good:
            title = self.tr("Delete “{name}” for good?").format(name=name)
            go = self.tr("Delete for good")
            then = self.tr("All of it is deleted here and on the server. This cannot be undone.")
        else:
            title = self.tr("Delete “{name}”?").format(name=name)
            go = self.tr("Move to Trash")
            then = self.tr("It goes to Trash with all that is in it; Undo brings it back.")
        if folder.local and self.for_good:
            then = self.tr("All of it is deleted from this computer. This cannot be undone.")
        self.head(title, go, danger=self.for_good)
        self.setObjectName("deleteFolder")
        self.body.addWidget(self.text(contents(folder, folders), ""))
        self.body.addWidget(self.text(then))
        self.go.clicked.connect(self.accept)
        (self.cancel if self.for_good else self.go).setFocus()
