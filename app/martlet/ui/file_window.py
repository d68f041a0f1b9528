"""The window of one mail file: no account, no list, only the message."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from martlet.mail.message import Envelope, MessageId
from martlet.mail.rendered import Rendered
from martlet.ui.link import EngineLink
from martlet.ui.reading_window import ReadingWindow

# What the client of `martlet open` answers Render, PartBytes and their like for.
FILE_MESSAGE = MessageId(0)


class FileWindow(ReadingWindow):
    """Asks its link for message 0 and shows it. part: an attached message, in place of its own."""

    def __init__(self, link: EngineLink, file: Path) -> None:
        super().__init__(link, FILE_MESSAGE, {}, ("back", "find", "print", "save"))
        self.setWindowTitle(file.name)
        top = self.pane.top
        top.may_write = top.may_search = top.may_check = False
        self.inside.message_wanted.connect(self._show_attached)
        self.files.message_wanted.connect(self._show_attached)
        self.pane.show_message(FILE_MESSAGE, Envelope(subject=file.name))
        self.pane.shown.connect(self._on_shown)

    def _on_shown(self, rendered: Rendered) -> None:
        self.pane.body().setFocus()

    def leave(self) -> None:
        """From an attached message back to that of the file, and then away."""
        if self.part and not self.pane.stop_finding():
            self._show_attached(self.message, "")
        elif not self.part:
            super().leave()

    def _show_attached(self, _message: MessageId, part: str) -> None:
        """In the same window; Escape and a button lead back."""
        self.pane.set_view(replace(self.pane.way.view, part=part))
        self.pane.top.show_back(bool(part))
        self.activateWindow()
