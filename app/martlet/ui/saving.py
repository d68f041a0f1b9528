"""Several attachments saved one after the other: how far it is, and what became of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject

from martlet.mail.errors import MailError
from martlet.mail.message import Attachment


class Saving(QObject):
    """Begins at once; one that fails does not keep the others from being saved.

    save(attachment, saved, failed): saves one. progress(done, total): after each. say: is told the
    end, in words with {folder} in them.
    """

    def __init__(
        self,
        attachments: Sequence[Attachment],
        save: Callable[[Attachment, Callable[[str], None], Callable[[MailError], None]], None],
        progress: Callable[[int, int], None],
        say: Callable[[str], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._left = list(reversed(attachments))
        self._total = len(attachments)
        self._failed: list[tuple[str, MailError]] = []
        self._save = save
        self._progress = progress
        self._say = say
        self._over = False
        self._next()

    def stop(self) -> None:
        """What is not saved by now is not wanted."""
        self._left.clear()
        self._over = True
        self._progress(self._total, self._total)
        self.deleteLater()

    def _next(self) -> None:
        if self._over:
            return
        self._progress(self._total - len(self._left), self._total)
        if not self._left:
            self._say(self._words())
            self.deleteLater()
            return
        each = self._left.pop()
        self._save(each, lambda _path: self._next(), lambda error: self._not(each, error))

    def _not(self, attachment: Attachment, error: MailError) -> None:
        self._failed.append((attachment.filename, error))
        self._next()

    def _words(self) -> str:
        saved = self._total - len(self._failed)
        words = self.tr("Saved {count} files to {folder}")
        if saved == 1:
            words = self.tr("Saved 1 file to {folder}")
        if self._failed:
            name, error = self._failed[0]
            words = self.tr("Saved {count} of {total} files to {folder}. {name}: {why}")
            words = words.replace("{name}", _plain(name)).replace("{why}", _plain(error.summary))
        return words.replace("{count}", str(saved)).replace("{total}", str(self._total))


def _plain(text: str) -> str:
    """Braces doubled, for what is formatted afterwards."""
    return text.replace("{", "{{").replace("}", "}}")
