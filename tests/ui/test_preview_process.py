"""The preview process with good and hostile files; the window's side lives through all of it."""

from __future__ import annotations

import struct
import sys
import zlib
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QCoreApplication, QIODevice, QProcess
from PySide6.QtGui import QColor, QImage, QImageWriter
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from martlet.ui.preview import wire
from martlet.ui.preview.process import Job, PreviewProcess, Source, image_of
from martlet.ui.preview.wire import MAX_FILE, Answer, Trouble, What
from ui.support.attached import pdf
from ui.support.sample import png

Outcome = tuple[Answer, bytes] | Trouble


@pytest.fixture
def process(qtbot: QtBot) -> PreviewProcess:
    return PreviewProcess()


def ask(qtbot: QtBot, process: PreviewProcess, source: Source, what: What, **more: int) -> Outcome:
    came: list[Outcome] = []
    process.ask(Job(source, what, lambda *each: came.append(each), came.append, **more))
    qtbot.waitUntil(lambda: bool(came))
    return came[0]


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def bomb(width: int, height: int) -> bytes:
    """A small PNG that says it is this large."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(bytes(4_000_000), 9))
    return b"\x89PNG\r\n\x1a\n" + head + body + chunk(b"IEND", b"")


def test_a_picture_is_looked_at_and_drawn(qtbot: QtBot, process: PreviewProcess) -> None:
    source = Source(png(420, 180))
    looked = ask(qtbot, process, source, What.LOOK)
    assert not isinstance(looked, Trouble)
    assert wire.sizes_from_bytes(looked[1]) == [(420.0, 180.0)]
    drawn = ask(qtbot, process, source, What.DRAW, width=210, height=500)
    assert not isinstance(drawn, Trouble)
    image = image_of(*drawn)
    assert (image.width(), image.height()) == (210, 90)
    assert image.pixelColor(100, 45) == QColor("#00ff00")


def test_pages_of_a_document_are_drawn_on_white(qtbot: QtBot, process: PreviewProcess) -> None:
    source = Source(pdf(3), pdf=True)
    looked = ask(qtbot, process, source, What.LOOK)
    assert not isinstance(looked, Trouble)
    sizes = wire.sizes_from_bytes(looked[1])
    assert sizes is not None
    assert len(sizes) == 3
    drawn = ask(qtbot, process, source, What.DRAW, page=2, width=300, height=400)
    assert not isinstance(drawn, Trouble)
    image = image_of(*drawn)
    assert image.height() <= 400
    assert image.pixelColor(image.width() - 2, image.height() - 2) == QColor("white")


@pytest.mark.parametrize(
    ("data", "charset", "words"),
    [
        ("你好，世界。这是一个测试文件，里面有中文。".encode("gb18030"), "", "世界"),
        ("Grüße aus Köln".encode("latin-1"), "iso-8859-1", "Grüße"),
        ("名前;数量".encode("utf-16"), "", "名前"),
        (b"a\r\nb\0c", "", "a\nb\ufffdc"),
    ],
)
def test_text_is_read_in_its_charset(
    qtbot: QtBot, process: PreviewProcess, data: bytes, charset: str, words: str
) -> None:
    came = ask(qtbot, process, Source(data, charset=charset), What.READ)
    assert not isinstance(came, Trouble)
    assert words in came[1].decode()


def test_text_is_bounded_in_length_and_line(qtbot: QtBot, process: PreviewProcess) -> None:
    came = ask(qtbot, process, Source("灯".encode() * 3_000_000), What.READ)
    assert not isinstance(came, Trouble)
    answer, body = came
    assert answer.cut
    assert len(body) <= wire.MAX_TEXT
    assert max(map(len, body.decode().split("\n"))) <= 2000


@pytest.mark.parametrize(
    ("source", "what"),
    [
        (Source(bomb(60_000, 60_000)), What.LOOK),
        (Source(bomb(60_000, 60_000)), What.DRAW),
        (Source(bomb(8_900, 8_900)), What.DRAW),
        (Source(bomb(2_000_000_000, 2)), What.LOOK),
        (Source(bomb(0, 0)), What.LOOK),
        (Source(png()[:60]), What.DRAW),
        (Source(b""), What.LOOK),
        (Source(b"", pdf=True), What.LOOK),
        (Source(b"\x00" * 4096), What.DRAW),
        (Source(b"<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'/>"), What.DRAW),
        (Source(pdf(1)), What.DRAW),
        (Source(png(), pdf=True), What.LOOK),
        (Source(pdf(2)[:400], pdf=True), What.LOOK),
        (Source(b"%PDF-1.7\n" + b"[" * 300_000, pdf=True), What.LOOK),
    ],
    ids=range(14),
)
def test_a_hostile_file_is_refused_and_the_next_is_shown(
    qtbot: QtBot, process: PreviewProcess, source: Source, what: What
) -> None:
    assert isinstance(ask(qtbot, process, source, what, width=100, height=100), Trouble)
    good = ask(qtbot, process, Source(png()), What.DRAW, width=40, height=40)
    assert not isinstance(good, Trouble)


def test_what_is_too_large_is_never_handed_over(qtbot: QtBot, process: PreviewProcess) -> None:
    assert ask(qtbot, process, Source(bytes(MAX_FILE + 1)), What.READ) is Trouble.TOO_LARGE
    assert not process.pid


def test_a_page_that_is_not_there_is_trouble(qtbot: QtBot, process: PreviewProcess) -> None:
    source = Source(pdf(1), pdf=True)
    came = ask(qtbot, process, source, What.DRAW, page=7, width=9, height=9)
    assert isinstance(came, Trouble)


def test_it_ends_when_nothing_is_asked_and_starts_again(qtbot: QtBot) -> None:
    process = PreviewProcess(idle_ms=1)
    ask(qtbot, process, Source(png()), What.LOOK)
    qtbot.waitUntil(lambda: process.pid == 0)
    assert not isinstance(ask(qtbot, process, Source(png()), What.LOOK), Trouble)


def test_it_goes_with_its_window(qtbot: QtBot, process: PreviewProcess) -> None:
    ask(qtbot, process, Source(png()), What.LOOK)
    pid = process.pid
    assert Path(f"/proc/{pid}").exists()
    process.deleteLater()
    qtbot.waitUntil(lambda: not Path(f"/proc/{pid}").exists())


def fake(program: str) -> list[str]:
    """A process that takes a request and does something else than answer it."""
    return [sys.executable, "-c", f"import os, sys\nos.read(0, 1)\n{program}"]


@pytest.mark.parametrize(
    ("program", "trouble"),
    [
        ("os.abort()", Trouble.DIED),
        ("sys.exit(0)", Trouble.DIED),
        ("os.write(1, b'nonsense' * 100); os.read(0, 1 << 20); os.read(0, 1)", Trouble.DIED),
        ("import signal; signal.pause()", Trouble.SLOW),
    ],
)
def test_one_that_fails_is_replaced_and_its_file_not_tried_again(
    qtbot: QtBot, program: str, trouble: Trouble
) -> None:
    patience_ms = 600 if trouble is Trouble.SLOW else 60_000
    process = PreviewProcess(command=fake(program), patience_ms=patience_ms)
    source = Source(png())
    assert ask(qtbot, process, source, What.LOOK) is trouble
    assert not process.pid
    assert ask(qtbot, process, source, What.LOOK) is Trouble.DIED
    assert not process.pid


def test_one_that_cannot_start_is_told(qtbot: QtBot) -> None:
    process = PreviewProcess(command=["/nonexistent/martlet"])
    assert ask(qtbot, process, Source(png()), What.LOOK) is Trouble.NOT_STARTED
    application = QCoreApplication.instance()
    assert application is not None
    qtbot.waitUntil(lambda: not application.findChildren(QProcess, "martlet-child"))


@pytest.mark.qt_log_ignore("QProcess: Destroyed while process")
def test_one_that_qt_takes_apart_is_not_spoken_to(qtbot: QtBot, process: PreviewProcess) -> None:
    ask(qtbot, process, Source(png()), What.LOOK)
    pid = process.pid
    application = QCoreApplication.instance()
    assert application is not None
    running = application.findChildren(QProcess, "martlet-child")
    (ours,) = [each for each in running if each.processId() == pid]
    delete(ours)
    assert not process.pid
    assert not isinstance(ask(qtbot, process, Source(png()), What.LOOK), Trouble)


def test_too_much_work_is_told_from_a_crash(qtbot: QtBot) -> None:
    spin = "import resource\nresource.setrlimit(resource.RLIMIT_CPU, (1, 9))\nwhile True: pass"
    process = PreviewProcess(command=fake(spin))
    assert ask(qtbot, process, Source(png()), What.LOOK) is Trouble.SLOW


def test_what_a_person_waits_for_goes_first(qtbot: QtBot, process: PreviewProcess) -> None:
    order: list[str] = []

    def job(name: str) -> Job:
        return Job(Source(png()), What.LOOK, lambda *_: order.append(name), lambda _: None)

    for name in ("thumbnail 1", "thumbnail 2"):
        process.ask(job(name), urgent=False)
    process.ask(job("preview"))
    qtbot.waitUntil(lambda: len(order) == 3)
    assert order[0] == "preview"


def test_what_is_forgotten_is_not_called_back(qtbot: QtBot, process: PreviewProcess) -> None:
    source = Source(png())
    called: list[object] = []
    process.ask(Job(source, What.LOOK, lambda *each: called.append(each), called.append))
    process.forget(source)
    ask(qtbot, process, Source(png()), What.LOOK)
    assert not called


@pytest.mark.parametrize("kind", [b"png", b"jpg", b"tiff", b"bmp", b"webp", b"ico", b"ppm"])
def test_pictures_of_many_formats_are_drawn(
    qtbot: QtBot, process: PreviewProcess, kind: bytes
) -> None:
    image = QImage(64, 32, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert QImageWriter(buffer, QByteArray(kind)).write(image)
    drawn = ask(qtbot, process, Source(bytes(buffer.data().data())), What.DRAW, width=16, height=16)
    assert not isinstance(drawn, Trouble)
    red = image_of(*drawn).pixelColor(8, 4)
    assert red.red() > 240
    assert red.green() < 16


def test_of_a_page_zoomed_again_and_again_only_the_last_size_is_drawn(
    qtbot: QtBot, process: PreviewProcess
) -> None:
    source = Source(png())
    drawn: list[int] = []
    for width in range(100, 200):
        job = Job(
            source, What.DRAW, lambda answer, _: drawn.append(answer.width), print, 0, width, width
        )
        process.ask(job)
    qtbot.waitUntil(lambda: bool(drawn))
    assert drawn == [199]
