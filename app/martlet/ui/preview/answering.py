"""Reads one request after the other and answers it; keeps the file that was handed over last."""

from __future__ import annotations

from typing import BinaryIO

import msgspec
from PySide6.QtCore import QSize

from martlet.ui.preview import drawing, wire
from martlet.ui.preview.wire import LENGTHS, MAX_FILE, Answer, Request, Trouble, What


class Desk:
    """For one pipe."""

    def __init__(self) -> None:
        self._data = b""
        self._pdf = False
        self._open: drawing.Picture | drawing.Document | None = None

    def answer_one(self, source: BinaryIO, out: BinaryIO) -> bool:
        """False when there is nothing more to come."""
        lengths = source.read(LENGTHS.size)
        if len(lengths) < LENGTHS.size:
            return False
        head_size, body_size = LENGTHS.unpack(lengths)
        head = source.read(head_size)
        body = source.read(body_size)
        request = msgspec.msgpack.decode(head, type=Request)
        if request.fresh:
            self._data, self._open, self._pdf = body[:MAX_FILE], None, request.pdf
        try:
            answer, made = self._answer(request)
        except drawing.Unshowable as error:
            answer, made = Answer(request.number, error.trouble), b""
        except MemoryError:
            answer, made = Answer(request.number, Trouble.TOO_LARGE), b""
        _write(out, wire.frame(answer, len(made)))
        _write(out, made)
        return True

    def _answer(self, request: Request) -> tuple[Answer, bytes]:
        if request.what is What.READ:
            read, cut = drawing.text(self._data, request.charset)
            return Answer(request.number, cut=cut), read.encode("utf-8", "replace")
        if self._open is None:
            made = drawing.Document if self._pdf else drawing.Picture
            self._open = made(self._data)
        if request.what is What.LOOK:
            cut = isinstance(self._open, drawing.Document) and self._open.cut
            return Answer(request.number, cut=cut), wire.sizes_to_bytes(self._open.sizes())
        box = drawing.bounded(QSize(request.width, request.height))
        size, pixels = drawing.pixels(self._open.draw(request.page, box), box)
        return Answer(request.number, None, size.width(), size.height()), pixels


def _write(out: BinaryIO, data: bytes) -> None:
    """All of it: a pipe takes what it has room for."""
    view = memoryview(data)
    while view:
        view = view[out.write(view) or 0 :]
