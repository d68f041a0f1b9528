"""Files as the clipboard and a drag carry them to other programs."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QDrag
from PySide6.QtWidgets import QWidget

from martlet.ui import theme


def of(paths: Sequence[str]) -> QMimeData:
    """Every file manager takes addresses; GNOME's wants a word of its own when pasting."""
    data = QMimeData()
    urls = [QUrl.fromLocalFile(path) for path in paths]
    data.setUrls(urls)
    listed = "\n".join(["copy", *(bytes(url.toEncoded().data()).decode() for url in urls)])
    data.setData("x-special/gnome-copied-files", listed.encode())
    return data


def drag(widget: QWidget, paths: Sequence[str]) -> None:
    """Lets a person drop the files somewhere; returns when they have."""
    made = QDrag(widget)
    made.setMimeData(of(paths))
    made.setPixmap(theme.pixmap("file", 28, theme.current().accent, widget.devicePixelRatioF()))
    made.exec(Qt.DropAction.CopyAction)
