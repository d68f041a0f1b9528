"""Decodes one file: pictures, pages of PDF, text. Runs in the preview process only.

Bounded by itself in what it allocates and hands back; what a decoder does beyond that ends the
process, and the window starts another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QColor, QImage, QImageIOHandler, QImageReader, QPainter
from PySide6.QtPdf import QPdfDocument
from shiboken6 import delete

from martlet.mime import charset
from martlet.ui.preview.wire import MAX_PAGES, MAX_PIXELS, MAX_TEXT, Trouble

# Not svg and pdf, which Qt also reads as pictures: the one is a page, the other has its own way.
_FORMATS = frozenset(
    {
        "bmp", "cur", "gif", "icns", "ico", "jfif", "jpeg", "jpg", "pbm", "pgm", "png", "ppm",
        "tif", "tiff", "wbmp", "webp", "xbm", "xpm",
    }
)  # fmt: skip
_ALLOCATED_MB = 320
# What a format that cannot be decoded smaller may unfold to.
_MAX_UNFOLDED = 80_000_000

_LONG_LINE = re.compile(r"[^\n]{2000}(?=[^\n])")


class Unshowable(Exception):
    """There is no preview, for this reason."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.name)
        self.trouble = trouble


class Picture:
    """A picture of any size, decoded anew for each size it is wanted in."""

    def __init__(self, data: bytes) -> None:
        self._data = QByteArray(data)
        QImageReader.setAllocationLimit(_ALLOCATED_MB)
        with _reader(self._data) as reader:
            if bytes(reader.format().data()).decode("ascii", "replace") not in _FORMATS:
                raise Unshowable(Trouble.BROKEN)
            size = reader.size()
            self._turned = bool(
                reader.transformation() & QImageIOHandler.Transformation.TransformationRotate90
            )
            self._shrinks = reader.supportsOption(QImageIOHandler.ImageOption.ScaledSize)
            if not size.isValid():
                size = self._read(reader, QSize()).size()
                self._turned = False
        if size.width() > 100_000 or size.height() > 100_000 or size.isEmpty():
            raise Unshowable(Trouble.TOO_LARGE)
        if size.width() * size.height() > _MAX_UNFOLDED * (4 if self._shrinks else 1):
            raise Unshowable(Trouble.TOO_LARGE)
        self._size = size

    def sizes(self) -> list[tuple[float, float]]:
        size = self._size.transposed() if self._turned else self._size
        return [(float(size.width()), float(size.height()))]

    def draw(self, _page: int, box: QSize) -> QImage:
        if self._turned:
            box = box.transposed()
        wanted = self._size.scaled(box, Qt.AspectRatioMode.KeepAspectRatio)
        wanted = wanted.expandedTo(QSize(1, 1))
        if wanted.width() > self._size.width():
            wanted = self._size
        with _reader(self._data) as reader:
            return self._read(reader, wanted)

    def _read(self, reader: QImageReader, size: QSize) -> QImage:
        if size.isValid() and size != self._size and self._shrinks:
            reader.setScaledSize(size)
        image = reader.read()
        if image.isNull():
            raise Unshowable(Trouble.BROKEN)
        return image


class Document:
    """A PDF document."""

    def __init__(self, data: bytes) -> None:
        self._data = QByteArray(data)
        self._buffer = QBuffer(self._data)
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self._pdf = QPdfDocument()
        self._pdf.load(self._buffer)
        error = self._pdf.error()
        locked = (
            QPdfDocument.Error.IncorrectPassword,
            QPdfDocument.Error.UnsupportedSecurityScheme,
        )
        if error in locked:
            raise Unshowable(Trouble.LOCKED)
        if error is not QPdfDocument.Error.None_ or not self._pdf.pageCount():
            raise Unshowable(Trouble.BROKEN)

    def sizes(self) -> list[tuple[float, float]]:
        """In points; the first pages only of one that has very many."""
        count = min(self._pdf.pageCount(), MAX_PAGES)
        found = [self._pdf.pagePointSize(page) for page in range(count)]
        return [
            (min(max(each.width(), 1.0), 20_000.0), min(max(each.height(), 1.0), 20_000.0))
            for each in found
        ]

    @property
    def cut(self) -> bool:
        return self._pdf.pageCount() > MAX_PAGES

    def draw(self, page: int, box: QSize) -> QImage:
        if not 0 <= page < self._pdf.pageCount():
            raise Unshowable(Trouble.BROKEN)
        points = self._pdf.pagePointSize(page).toSize().expandedTo(QSize(1, 1))
        size = points.scaled(box, Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1))
        drawn = self._pdf.render(page, size)
        if drawn.isNull():
            raise Unshowable(Trouble.BROKEN)
        paper = QImage(drawn.size(), QImage.Format.Format_ARGB32_Premultiplied)
        paper.fill(QColor("white"))
        painter = QPainter(paper)
        painter.drawImage(0, 0, drawn)
        painter.end()
        return paper


def text(data: bytes, label: str) -> tuple[str, bool]:
    """What the bytes say, and whether there is more than what fits. label: the charset it says."""
    cut = len(data) > MAX_TEXT
    read = charset.decode(data[:MAX_TEXT], label)
    read = read.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
    # A line of a hundred thousand letters would hold up whoever lays it out.
    read = _LONG_LINE.sub(r"\g<0>\n", read)
    packed = read.encode("utf-8", "replace")
    if len(packed) > MAX_TEXT:
        cut = True
        read = packed[:MAX_TEXT].decode("utf-8", "ignore")
    return read, cut


def bounded(box: QSize) -> QSize:
    """No larger than what is handed over at most."""
    box = QSize(min(max(box.width(), 1), 8000), min(max(box.height(), 1), 8000))
    share = (MAX_PIXELS / (box.width() * box.height())) ** 0.5
    if share < 1:
        box = QSize(int(box.width() * share), int(box.height() * share))
    return box.expandedTo(QSize(1, 1))


def pixels(image: QImage, box: QSize) -> tuple[QSize, bytes]:
    """The image no larger than the (bounded) box, as premultiplied ARGB."""
    size = image.size()
    if size.width() > box.width() or size.height() > box.height():
        size = size.scaled(box, Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1))
        image = image.scaled(
            size,
            Qt.AspectRatioMode.IgnoreAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
    image = image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
    if image.isNull():
        raise Unshowable(Trouble.TOO_LARGE)
    return image.size(), bytes(image.constBits())[: size.width() * size.height() * 4]


@contextmanager
def _reader(data: QByteArray) -> Iterator[QImageReader]:
    """Ended before its buffer is: some decoders look into that once more when they go."""
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setDecideFormatFromContent(True)
    reader.setAutoTransform(True)
    try:
        yield reader
    finally:
        delete(reader)
        buffer.close()
