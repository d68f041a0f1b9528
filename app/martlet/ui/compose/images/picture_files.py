"""Picture files for the text of a letter: read aside, turned upright, made smaller when wished.

Nothing here belongs to the window; `read` may run on any thread. The bytes of a file are kept as
they are as long as nobody asks for less: a GIF stays moving, a photograph keeps its quality. Only
what many readers do not know (WebP, BMP) is written anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageWriter, QPainter

from martlet.ui.compose.images.image_bytes import kind_of, reader_of

SUFFIXES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp")
"""Names that promise a picture which others can show. SVG is a document, and no picture."""

LARGEST = 40_000_000
"""Bytes of a file that is looked into."""
HEAVY = 1_500_000
"""Bytes from which it is asked whether less would do."""
WIDE = 1600
"""Pixels of the longer side, made smaller."""
_MOST_PIXELS = 250_000_000
_UNKNOWN_TO_SOME = frozenset({"image/webp", "image/bmp"})
"""Types that Outlook shows as a cross; they are sent as PNG."""


@dataclass(frozen=True, slots=True)
class PictureFile:
    """What was read of a file. data: what is sent; image: what is shown, upright.

    image: no larger than WIDE. moving: more than one frame. lighter: the bytes of it made smaller,
    b"" when it would not help.
    """

    name: str
    content_type: str
    data: bytes
    image: QImage
    moving: bool = False
    lighter: bytes = b""


def promises(path: str) -> bool:
    """Whether the name says that it is a picture."""
    return path.casefold().endswith(SUFFIXES)


def read(path: str) -> PictureFile | None:
    """The picture in a file; None when it is none that can be shown. Never raises on any bytes.

    Raises OSError when the file cannot be read.
    """
    file = Path(path)
    if file.exists() and not file.is_file():
        return None  # a pipe may never end, nor even begin
    with file.open("rb") as opened:
        data = opened.read(LARGEST + 1)
    return None if len(data) > LARGEST else read_bytes(file.name, data)


def read_bytes(name: str, data: bytes) -> PictureFile | None:
    """The same of bytes that are at hand."""
    said = kind_of(data)
    if not said:
        return None
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = reader_of(buffer, said)
    kind = f"image/{said}"
    size = reader.size()
    if not size.isValid() or size.width() * size.height() > _MOST_PIXELS:
        return None
    moving = reader.supportsAnimation() and reader.imageCount() > 1
    if max(size.width(), size.height()) > WIDE:
        # More is never shown, and of a JPEG no more is unpacked then.
        reader.setScaledSize(size.scaled(WIDE, WIDE, Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    if image.isNull():
        return None
    if kind in _UNKNOWN_TO_SOME and not moving:
        name, kind, data = f"{Path(name).stem}.png", "image/png", png(image)
    lighter = b"" if moving or len(data) < HEAVY else lighten(image, len(data))
    return PictureFile(name, kind, data, image, moving, lighter)


def png(image: QImage) -> bytes:
    """It as a PNG."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(buffer.data().data())


def lighten(image: QImage, size: int) -> bytes:
    """It as a JPEG of at most WIDE pixels, without anything but the picture (no place, no camera);
    b"" when that is not clearly less than size (bytes). What lets light through becomes white.
    """
    small = image
    if max(image.width(), image.height()) > WIDE:
        small = image.scaled(
            QSize(WIDE, WIDE),
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
    if small.hasAlphaChannel():
        ground = QImage(small.size(), QImage.Format.Format_RGB32)
        ground.fill(Qt.GlobalColor.white)
        painter = QPainter(ground)
        painter.drawImage(0, 0, small)
        painter.end()
        small = ground
    small = small.convertToFormat(QImage.Format.Format_RGB32)
    for key in small.textKeys():
        small.setText(key, "")
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, QByteArray(b"jpeg"))
    writer.setQuality(85)
    writer.write(small)
    data = bytes(buffer.data().data())
    return data if data and len(data) * 10 < size * 7 else b""
