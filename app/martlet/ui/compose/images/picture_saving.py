"""Saves a picture of a letter as a file: the bytes that are sent, not what is shown of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from martlet.mail.errors import MailError

if TYPE_CHECKING:
    from martlet.store.reader import Reader
    from martlet.ui.compose.window import ComposeWindow


def save_picture(window: ComposeWindow, reader: Reader, content_id: str, path: str) -> None:
    """Writes it there; says so in the window when that fails."""
    part = window.intake.inline_part(content_id)
    try:
        data = reader.part_bytes(part) if part is not None else None
    except MailError as error:
        window.notice.say(error.summary)
        return
    if data is None:
        words = QCoreApplication.translate("compose", "The picture is not there any more.")
        window.notice.say(words)
        return
    try:
        Path(path).write_bytes(data)
    except OSError as error:
        words = QCoreApplication.translate("compose", "The picture could not be saved: {reason}.")
        window.notice.say(words.format(reason=error.strerror or ""))
