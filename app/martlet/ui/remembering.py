"""What a main window looked like, from one run to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray

from martlet.mail.folder import FolderId

if TYPE_CHECKING:
    from martlet.ui.window import MainWindow


def restore(window: MainWindow) -> None:
    """Size, panes, what was folded away, and the folder that was shown."""
    settings = window.settings
    geometry = settings.text("geometry")
    if geometry:
        window.restoreGeometry(QByteArray.fromBase64(geometry.encode()))
    window.panes.restore(settings.text("panes"))
    window.folders.fold(settings.text("folded"))
    folder = settings.number("folder")
    if folder and window.reader.folder(FolderId(folder)) is not None:
        window.folders.choose(FolderId(folder))
    window.list.setFocus()


def remember(window: MainWindow) -> None:
    """For the next run."""
    folder = window.folders.current_folder()
    window.settings.put(
        geometry=bytes(window.saveGeometry().toBase64().data()).decode("ascii"),
        panes=window.panes.state(),
        folded=window.folders.folded(),
        folder=int(folder.id) if folder is not None else 0,
    )
