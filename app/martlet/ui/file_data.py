"""Files as the clipboard and a drag carry them to other programs."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QFileInfo, QMimeData, Qt, QUrl
from PySide6.QtGui import QDrag
from PySide6.QtWidgets import QWidget

from martlet.ui import theme

# What file managers show that lies elsewhere.
_ELSEWHERE = frozenset(
    ("afc", "dav", "davs", "fish", "ftp", "ftps", "google-drive", "gphoto2", "mtp", "nfs", "recent",
     "sftp", "smb", "trash")
)  # fmt: skip


def of(paths: Sequence[str]) -> QMimeData:
    """Every file manager takes addresses; GNOME's wants a word of its own when pasting."""
    data = QMimeData()
    urls = [QUrl.fromLocalFile(path) for path in paths]
    data.setUrls(urls)
    listed = "\n".join(["copy", *(bytes(url.toEncoded().data()).decode() for url in urls)])
    data.setData("x-special/gnome-copied-files", listed.encode())
    return data


def given(data: QMimeData) -> list[str]:
    """The files that were dragged here or copied: paths, and of what has no path in words, or lies
    on a share, the address. Of pages on the web none."""
    return list(dict.fromkeys(filter(None, map(_given, data.urls()))))


def is_address(given: str) -> bool:
    """Whether a file is given by its address and not by its path."""
    return "://" in given and not given.startswith("/")


def name_of(given: str) -> str:
    """What the file is called."""
    return QUrl(given).fileName() if is_address(given) else QFileInfo(given).fileName()


def _given(url: QUrl) -> str:
    path = url.toLocalFile()
    # Bytes that are no UTF-8 came out of it as this.
    if path and not url.host() and "\ufffd" not in path:
        return path
    elsewhere = path or url.scheme() in _ELSEWHERE
    return bytes(url.toEncoded().data()).decode("ascii") if elsewhere else ""


def drag(widget: QWidget, paths: Sequence[str]) -> None:
    """Lets a person drop the files somewhere; returns when they have."""
    made = QDrag(widget)
    made.setMimeData(of(paths))
    made.setPixmap(theme.pixmap("file", 28, theme.current().accent, widget.devicePixelRatioF()))
    made.exec(Qt.DropAction.CopyAction)
