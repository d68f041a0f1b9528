"""The window of one mail file: no account, no list, only the message."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from martlet.mail.message import Envelope, MessageId
from martlet.mail.rendered import Rendered
from martlet.ui.link import EngineLink
from martlet.ui.reading_window import ReadingWindow
from martlet.ui.settings import Settings

# What the client of `martlet open` answers Render, PartBytes and their like for.
FILE_MESSAGE = MessageId(0)


class FileWindow(ReadingWindow):
    """Asks its link for message 0 and shows it. part: an attached message, in place of its own."""

    def __init__(self, link: EngineLink, file: Path, settings: Settings | None = None) -> None:
        calls = {"sender": lambda: self.pane.top.sender_card.turn()}
        head = ("back", "find", "print", "save")
        super().__init__(link, FILE_MESSAGE, calls, head, settings)
        self._file = file
        self.setWindowTitle(self.tr("Reading {name}…").format(name=file.name))
        top = self.pane.top
        top.may_write = top.may_search = top.may_check = False
        self.inside.message_wanted.connect(self._show_attached)
        self.files.message_wanted.connect(self._show_attached)
        self.pane.show_message(FILE_MESSAGE, Envelope(subject=file.name))
        reading = self.tr("Reading the file…")
        top.head.wait(reading)
        self.pane.text.wait(reading)
        self.pane.painted.connect(self._on_painted)
        self.pane.shown.connect(self._on_shown)

    def _on_painted(self, _rendered: Rendered) -> None:
        self.setWindowTitle(self._file.name)

    def _on_shown(self, _rendered: Rendered) -> None:
        self.pane.body().setFocus()

    def leave(self) -> None:
        """From an attached message back to that of the file; but never away, for nothing would be
        left to go back to: that closes the program.
        """
        if not self.pane.stop_finding() and self.part:
            self._show_attached(self.message, "")

    def _show_attached(self, _message: MessageId, part: str) -> None:
        """In the same window; Escape and a button lead back."""
        self.pane.set_view(replace(self.pane.way.view, part=part))
        self.pane.top.show_back(bool(part))
        self.activateWindow()
