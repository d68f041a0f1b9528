"""A 30 MB message of 40 attachments in the window: its bar, thumbnails and previews.

Run: QT_NO_GLIB=1 PYTHONPATH=app:tests python tests/bench/attachments.py

Prints how long the loop was busy at a stretch (wall time, and this thread's own) while the bar
came, while thumbnails were made and while previews were looked at; what the preview process held
then, and that it ended when nothing was asked of it any more.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable
from email.message import EmailMessage
from functools import partial
from pathlib import Path

from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QCoreApplication,
    QEvent,
    QEventLoop,
    QIODevice,
    Qt,
    QTimer,
)
from PySide6.QtGui import QImage, QImageWriter
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget

from bench.window_probe import Turns
from martlet.engine.one_file import OneFile
from martlet.link.local import LocalClient
from martlet.link.messages import Render
from martlet.mail.message import MessageId
from martlet.mail.rendered import Rendered
from martlet.ui import theme
from martlet.ui.attachment_bar import AttachmentBar
from martlet.ui.attachment_chip import AttachmentChip
from martlet.ui.link import EngineLink
from martlet.ui.preview.pane import PreviewPane
from martlet.ui.preview.process import PreviewProcess

_COUNT = 40
_EACH = 560_000
_IDLE_MS = 2000
_LIMIT_S = 60.0


def picture(at: int) -> bytes:
    """A photograph's worth of pixels."""
    image = QImage(2000, 1500, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor(4 + at % 14))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"jpg")).write(image)
    made = bytes(buffer.data().data())
    return made + random.Random(at).randbytes(_EACH - len(made))


def letter() -> bytes:
    message = EmailMessage()
    message["Subject"] = "Forty photographs"
    message.set_content("Here they are.\n")
    for at in range(_COUNT):
        name = f"IMG_{1000 + at} 港口照片.jpg"
        message.add_attachment(picture(at), maintype="image", subtype="jpeg", filename=name)
    return message.as_bytes()


def wait(done: Callable[[], bool]) -> None:
    """Lets the loop turn until it is so, or a minute is over."""
    loop, look = QEventLoop(), QTimer()
    until = time.monotonic() + _LIMIT_S
    look.timeout.connect(lambda: loop.quit() if done() or time.monotonic() > until else None)
    look.start(5)
    loop.exec()


def wait_a_while() -> None:
    """Until all is laid out and painted."""
    until = time.monotonic() + 0.15
    wait(lambda: time.monotonic() > until)


def resident(pid: int) -> float:
    """MB that a process holds."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * 4096 / 1e6


def said(what: str, turns: Turns) -> None:
    worst = max(turns.wall, default=0.0), max(turns.own, default=0.0)
    print(f"{what}: longest turn {worst[0]:.1f} ms, own {worst[1]:.1f} ms")


def main() -> None:
    application = QApplication([])
    theme.apply(application)
    raw = letter()
    print(f"message: {len(raw) / 1e6:.1f} MB, {_COUNT} attachments")
    with tempfile.TemporaryDirectory() as folder:
        show(raw, Path(folder))


def show(raw: bytes, folder: Path) -> None:
    link = EngineLink(lambda: LocalClient(OneFile(raw, folder), lambda: None))
    window = QWidget()
    window.resize(900, 700)
    bar, body = AttachmentBar(), QLabel("Here they are. 港口照片")
    preview = PreviewPane(link, process=PreviewProcess(window, idle_ms=_IDLE_MS))
    preview.join(bar, body)
    column = QVBoxLayout(window)
    column.addWidget(body, 1)
    column.addWidget(preview, 1)
    column.addWidget(bar)
    window.show()
    wait(window.isVisible)
    came: list[Rendered] = []
    began = time.monotonic()
    link.ask(Render(MessageId(0)), came.append)
    wait(lambda: bool(came))
    print(f"rendered after {(time.monotonic() - began) * 1e3:.0f} ms")
    turns = Turns()
    turns.watch()
    shown = came[0].attachments
    for what, number in (("first bar of a run", 1), ("bar", 0)):
        turns.start()
        QTimer.singleShot(0, partial(bar.show_attachments, shown, MessageId(number)))
        wait(lambda: len(bar.findChildren(AttachmentChip)) == _COUNT)
        wait_a_while()
        said(what, turns)
    turns.start()
    began = time.monotonic()
    wait(lambda: all(chip.thumbnail is not None for chip in bar.in_sight()))
    made = len([chip for chip in bar.findChildren(QWidget) if getattr(chip, "thumbnail", None)])
    print(f"{made} thumbnails after {time.monotonic() - began:.2f} s")
    said("thumbnails", turns)
    print(f"preview process: {resident(preview.process.pid):.0f} MB")
    turns.start()
    for at in range(10):
        began = time.monotonic()
        preview.show_attachment(bar.shown()[at])
        wait(lambda: preview.showing is preview.pages and preview.pages.complete)
        if at in (0, 9):
            print(f"preview {at + 1} after {(time.monotonic() - began) * 1e3:.0f} ms")
    said("previews", turns)
    print(f"preview process: {resident(preview.process.pid):.0f} MB")
    began = time.monotonic()
    wait(lambda: preview.process.pid == 0)
    print(
        f"it ended {time.monotonic() - began:.1f} s after the last was asked (told {_IDLE_MS} ms)"
    )
    link.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


if __name__ == "__main__":
    main()
