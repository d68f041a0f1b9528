"""Pictures of strangers in a letter: by content, small, and never too many at once."""

from __future__ import annotations

import struct
import zlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize
from PySide6.QtGui import QImage, QImageWriter

from martlet.mail.outgoing import OutgoingPart
from martlet.ui.compose.images.image_bytes import LONGEST, Unpacking, kind_of
from martlet.ui.compose.images.jpeg_scans import in_one_scan
from martlet.ui.compose.images.picture_files import read_bytes
from martlet.ui.compose.images.pictures import inline_pictures
from ui.compose_fakes import FakeReader

PART = OutgoingPart("p.png", "image/png", 100, "a", "a@x")
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' width='60' height='60'><rect width='9'/></svg>"
XPM = b'/* XPM */\nstatic char*x[]={"2 2 1 1","a c #00ff00","aa","aa"};'
TIFF = b"II*\x00\x08\x00\x00\x00"


def png(side: int) -> bytes:
    """Square, of one colour: few bytes for many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(
            ">I", zlib.crc32(kind + data)
        )  # fmt: skip

    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    rows = zlib.compress(bytes(side + 1) * side)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def written(image: QImage, kind: str) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(kind.encode())).write(image)
    return bytes(buffer.data().data())


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp", "bmp"])
def test_each_kind_is_known_by_its_bytes(kind: str) -> None:
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(0x336699)
    data = written(image, kind)
    assert kind_of(data) == kind
    assert Unpacking().image(data).size() == image.size()
    found = read_bytes(f"a.{kind}", data)
    assert found is not None
    assert found.image.size() == image.size()


@pytest.mark.parametrize("data", [SVG, XPM, TIFF, b"", b"\x89PNG", b"BM", b"RIFF1234WEBP"])
def test_whatever_it_is_called_nothing_else_is_read(data: bytes) -> None:
    assert Unpacking().image(data).isNull()
    assert read_bytes("a.png", data) is None
    assert inline_pictures(FakeReader(blobs={"a": data}).reader, [PART]) == {}


def test_large_ones_are_shown_small() -> None:
    image = Unpacking().image(png(3000))
    assert (image.width(), image.height()) == (LONGEST, LONGEST)


def test_of_many_only_so_much_is_unpacked() -> None:
    store = FakeReader(blobs={"a": png(4000)})
    parts = [replace(PART, content_id=f"{n}@x") for n in range(40)]
    found = inline_pictures(store.reader, parts)
    assert list(found) == ["0@x", "1@x"]
    assert Unpacking().image(png(8000)).isNull()


def jpeg(side: int, *, progressive: bool) -> bytes:
    """Square and grey."""
    image = QImage(side, side, QImage.Format.Format_Grayscale8)
    image.fill(0x77)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, QByteArray(b"jpeg"))
    writer.setProgressiveScanWrite(progressive)
    writer.write(image)
    return bytes(buffer.data().data())


def test_a_progressive_one_costs_all_its_pixels() -> None:
    strips, whole = jpeg(6500, progressive=False), jpeg(6500, progressive=True)
    assert in_one_scan(strips)
    assert not in_one_scan(whole)
    assert Unpacking().image(strips).width() == LONGEST
    assert Unpacking().image(whole).isNull()
    small = jpeg(60, progressive=True)
    assert Unpacking().image(small).size() == QSize(60, 60)


def test_one_colour_after_another_is_held_whole_as_well() -> None:
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 17, 8, 9000, 9000, 3) + bytes(9)
    exif = b"\xff\xe1" + struct.pack(">H", 6) + b"\xff\xc2\xff\xda"  # is looked at by nobody
    tables = b"\xff\xc4" + struct.pack(">H", 5) + bytes(3)
    start = b"\xff\xd8" + exif + tables + b"\xff" + frame
    all_three = b"\xff\xda" + struct.pack(">HB", 12, 3) + bytes(9)
    first = b"\xff\xda" + struct.pack(">HB", 8, 1) + bytes(9)
    assert in_one_scan(start + all_three)
    assert not in_one_scan(start + first)
    assert not in_one_scan(start)
    assert not in_one_scan(b"\xff\xd8" + all_three)


@pytest.mark.qt_log_ignore(".")  # what the decoders say of broken bytes
@given(st.sampled_from([b"\x89PNG\r\n\x1a\n", b"\xff\xd8", b"GIF89a", b"BM"]), st.binary())
def test_any_bytes_are_taken(mark: bytes, rest: bytes) -> None:
    Unpacking().image(mark + rest)
    in_one_scan(mark + rest)
