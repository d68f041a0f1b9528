"""A letter's files on the disk: opened by other programs or dragged there, as private read-only
copies that the engine writes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from martlet.link.messages import OpenAttached
from martlet.mail.errors import MailError
from martlet.ui import file_words
from martlet.ui.compose.files.attachments import AttachmentBar, AttachmentCard

if TYPE_CHECKING:
    from martlet.ui.link import EngineLink


def by_desktop(path: str) -> bool:
    """Opens a file with the program that the desktop has for it; whether there is one."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(path))


class CardFiles(QObject):
    """open_file: shows a file; False when nothing can. refused: in one sentence why not."""

    refused = Signal(str)

    def __init__(
        self,
        link: EngineLink,
        bar: AttachmentBar,
        parent: QObject,
        *,
        open_file: Callable[[str], bool] = by_desktop,
    ) -> None:
        super().__init__(parent)
        self._link = link
        self._bar = bar
        self._open_file = open_file
        bar.open_wanted.connect(self.open)
        bar.drag_wanted.connect(self._drag)

    def open(self, card: AttachmentCard) -> None:
        """What is never opened from a mail is not opened here either."""
        if card.part is None:
            return
        if card.facts.never_opened:
            self.refused.emit(file_words.risk(card.facts.risks[0]))
            return

        def opened(path: str) -> None:
            if not self._open_file(path):
                words = self.tr("No program on this computer opens “{name}”.")
                self.refused.emit(words.format(name=card.name))

        self._link.ask(OpenAttached(card.part), opened, self._failed, self)

    def _drag(self, cards: Sequence[AttachmentCard]) -> None:
        parts = [card.part for card in cards if card.part is not None]
        paths: list[str] = []

        def written(path: str) -> None:
            paths.append(path)
            if len(paths) == len(parts):
                self._bar.start_drag(paths)

        for part in parts:
            self._link.ask(OpenAttached(part), written, self._failed, self)

    def _failed(self, error: MailError) -> None:
        self.refused.emit(error.summary)
