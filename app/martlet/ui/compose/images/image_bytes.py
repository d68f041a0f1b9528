"""Pictures of strangers made ready to be shown in a letter, within bounds.

By their bytes and by no label they are one of five kinds; no other reader of Qt ever sees them (SVG
is a document, others are old). None becomes larger than a letter shows, and of many pictures no
more is unpacked than the window has time and memory for.
"""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageIOHandler, QImageReader

from martlet.ui.compose.images.jpeg_scans import in_one_scan

LONGEST = 1600
"""Pixels of the longer side that are kept."""
_PIXELS = 40_000_000
_CHEAP = 8
"""Of a JPEG only what is shown is unpacked, if it is in one scan."""
_LARGEST = 20 << 20
_MARKS = ((b"\x89PNG", "png"), (b"\xff\xd8", "jpeg"), (b"GIF8", "gif"), (b"BM", "bmp"))


def kind_of(data: bytes) -> str:
    """png, jpeg, gif, webp or bmp by the first bytes, else ""."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    return next((kind for mark, kind in _MARKS if data.startswith(mark)), "")


def reader_of(buffer: QBuffer, kind: str) -> QImageReader:
    """Reads this kind and no other, upright."""
    reader = QImageReader(buffer, QByteArray(kind.encode("ascii")))
    reader.setAutoDetectImageFormat(False)
    reader.setAutoTransform(True)
    return reader


class Unpacking:
    """Of the pictures of one letter, or of one paste."""

    def __init__(self) -> None:
        self._left = _PIXELS

    def image(self, data: bytes) -> QImage:
        """No longer than LONGEST; a null one for what is no picture, or too much. Never raises."""
        kind = kind_of(data)
        if not kind or len(data) > _LARGEST:
            return QImage()
        buffer = QBuffer()
        reader = _opened(buffer, data, kind)
        size = reader.size()
        pixels = size.width() * size.height()
        cheap = kind == "jpeg" and in_one_scan(data)
        cost = pixels // _CHEAP if cheap else pixels
        if not size.isValid() or cost > self._left:
            return QImage()
        self._left -= cost
        if max(size.width(), size.height()) > LONGEST:
            reader.setScaledSize(_shown(size))
        return reader.read()


def size_of(data: bytes) -> QSize:
    """The size that `Unpacking.image` gives a picture, by its head alone; an invalid or empty one
    for what says none. Never raises."""
    kind = kind_of(data)
    if not kind or len(data) > _LARGEST:
        return QSize()
    buffer = QBuffer()
    reader = _opened(buffer, data, kind)
    size = _shown(reader.size())
    turned = reader.transformation() & QImageIOHandler.Transformation.TransformationRotate90
    return size.transposed() if turned else size


def _opened(buffer: QBuffer, data: bytes, kind: str) -> QImageReader:
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    return reader_of(buffer, kind)


def _shown(size: QSize) -> QSize:
    if max(size.width(), size.height()) <= LONGEST:
        return size
    return size.scaled(LONGEST, LONGEST, Qt.AspectRatioMode.KeepAspectRatio)
