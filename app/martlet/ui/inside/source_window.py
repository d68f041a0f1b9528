"""The source of a message: its bytes as text, a stretch at a time, and saved whole.

Fifty megabytes in a text field would hold up the window: the beginning is shown, more when it is
asked for, and the file that is saved has all of it.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QKeySequence, QShortcut, QTextCursor
from PySide6.QtWidgets import QWidget

from martlet.ui import dates
from martlet.ui.inside.text_window import HeaderNames, TextWindow
from martlet.ui.inside.words import source_text
from martlet.ui.shown_text import cut

FIRST = 400_000
_STEP = 2_000_000
_LINES = 10_000
# Beyond this even looking for a word takes too long.
MOST = 16_000_000


class SourceWindow(TextWindow):
    """save: is given the bytes to write."""

    def __init__(
        self,
        subject: str,
        raw: bytes,
        save: Callable[[bytes, QWidget], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("sourceWindow", "", parent)
        title = self.tr("Source: {subject}").format(subject=cut(subject, 80))
        self.setWindowTitle(title)
        self.text.setAccessibleName(title)
        self._raw = raw
        self._shown = 0
        self._names = HeaderNames(self)
        self.more = self.offer(self.tr("Show &more"), self.show_more)
        self.save_button = self.offer(self.tr("&Save…"), lambda: save(raw, self))
        QShortcut(QKeySequence(QKeySequence.StandardKey.Save), self, self.save_button.click)
        self.show_more()
        self._names.mark()
        self.text.moveCursor(QTextCursor.MoveOperation.Start)
        self.text.setFocus()

    def show_more(self) -> None:
        """The next stretch of it; each time as much as is there already."""
        before = self._shown
        until = min(len(self._raw), before + min(max(FIRST, before), _STEP), MOST)
        # Not in the middle of a line, nor of a letter, if one ends soon.
        line_end = self._raw.find(b"\n", until, until + 4000)
        until = len(self._raw) if until == len(self._raw) else max(until, line_end + 1)
        until = self._not_too_many_lines(before, until)
        text = source_text(self._raw[before:until])
        self._shown = until
        if before:
            cursor = QTextCursor(self.text.document())
            cursor.movePosition(QTextCursor.MoveOperation.End)
            cursor.insertText(text)
        else:
            self.text.setPlainText(text)
        left = len(self._raw) - until
        size = dates.size(len(self._raw), self.locale())
        if left:
            self.note.setText(
                self.tr("The first {part} of {size}. Save it to see all.").format(
                    part=dates.size(until, self.locale()), size=size
                )
            )
        else:
            self.note.setText(size)
        self.more.setVisible(bool(left) and until < MOST)

    def _not_too_many_lines(self, start: int, until: int) -> int:
        """A line costs more than what stands on it."""
        end = start
        for _ in range(_LINES):
            end = self._raw.find(b"\n", end, until) + 1
            if not end:
                return until
        return end
