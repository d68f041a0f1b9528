"""Says how much of the message shown is only on the server, and fetches it when that is wanted."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QProgressBar, QWidget

from martlet.mail.changes import Progress
from martlet.ui import dates
from martlet.ui.downloads import Transfer
from martlet.ui.progress_words import time_left
from martlet.ui.quiet_line import QuietLine

_NARROW = 600
_TIGHT = 420


class RestBar(QuietLine):
    """idle --wanted--> fetching (a bar, Stop) --> hidden once all of it is here.

    Of a summary (POP3: only the headers are here) it offers also to leave it there (left), or to
    delete it there (delete_wanted).
    """

    wanted = Signal()
    stop_wanted = Signal()
    left = Signal()
    delete_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("cloud-down", gap=8, parent=parent)
        self._bar = QProgressBar(self._line)
        self._bar.setTextVisible(False)
        self._bar.setFixedSize(110, 5)
        self._bar.setAccessibleName(self.tr("Progress of the download"))
        self._buttons.addWidget(self._bar)
        self.download = self._add(self.tr("Download the rest"), self._begin)
        self.leave = self._add(self.tr("Leave it there"), self._leave)
        self.delete = self._add(self.tr("Delete it there…"), self.delete_wanted)
        self.stop = self._add(self.tr("Stop"), self._stop)
        self._bytes = 0
        self._summary = self._left_there = False
        self._given_up = self._paused = self._fetching = False
        self.show_rest(0)

    def show_rest(self, not_here: int, *, summary: bool = False, left: bool = False) -> None:
        """So many bytes are only on the server; hidden when none are.

        summary: nothing but its headers is here. left: the person wants it to stay there.
        """
        self._bytes = not_here
        self._given_up = False
        self._summary, self._left_there = summary, left
        words = self.tr("{size} of this message is on the server.")
        if left:
            words = self.tr("{size} of this message stays on the server.")
        self._words.setText(words.format(size=dates.size(not_here)))
        rest, whole = self.tr("Download the rest"), self.tr("Download")
        self.download.setText(whole if summary else rest)
        self._show(fetching=False)
        self.setVisible(not_here > 0)

    def show_progress(self, progress: Progress) -> None:
        """Some of it has come."""
        if self.isHidden():
            return
        if progress.total and progress.done >= progress.total:
            return  # what was fetched is shown next, and says how much is left
        if self._given_up or not progress.total:
            return
        share = progress.done / progress.total
        left = time_left(progress.left_s)
        words = self.tr("{done} of {total}").format(
            done=dates.size(round(self._bytes * share)), total=dates.size(self._bytes)
        )
        left = self.tr("paused") if self._paused else left
        self._words.setText(f"{words}  ·  {left}" if left else words)
        self._bar.setRange(0, 1000)
        self._bar.setValue(round(1000 * share))
        self._show(fetching=True)

    def go_on(self, transfer: Transfer | None) -> None:
        """It was on its way when the message was left, or is not."""
        if transfer is not None and transfer.running and not self.isHidden():
            self._wait()

    def set_paused(self, paused: bool) -> None:
        """Whether what is asked for waits."""
        self._paused = paused
        if self._fetching:
            self._wait()

    def _begin(self) -> None:
        self._given_up = False
        self._wait()
        self.wanted.emit()

    def _wait(self) -> None:
        self._words.setText(
            self.tr("Waits until downloading goes on.") if self._paused else self.tr("Downloading…")
        )
        self._bar.setRange(0, int(self._paused))  # one that moves, or stands still
        self._bar.setValue(0)
        self._show(fetching=True)

    def _leave(self) -> None:
        self.show_rest(self._bytes, summary=self._summary, left=True)
        self.left.emit()

    def _stop(self) -> None:
        self.show_rest(self._bytes, summary=self._summary, left=self._left_there)
        self._given_up = True  # whatever still comes
        self.stop_wanted.emit()

    def _show(self, *, fetching: bool) -> None:
        self._fetching = fetching
        self._arrange()
        buttons = (self.stop, self.download, self.leave, self.delete)
        focused = any(each.hasFocus() for each in buttons)
        first = self.stop if fetching else self.download
        first.show()
        if focused:
            first.setFocus()  # what is hidden with the focus would give it away anywhere
        self._bar.setVisible(fetching)
        self.stop.setVisible(fetching)
        self.download.setVisible(not fetching)
        self.leave.setVisible(self._summary and not fetching and not self._left_there)
        self.delete.setVisible(self._summary and not fetching)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Three buttons do not stand beside the words in a narrow pane, but below them."""
        self._stand_below(self._summary and self.width() < _NARROW)
        tight = self.width() < _TIGHT
        for button, words, short in (
            (self.leave, self.tr("Leave it there"), self.tr("Leave")),
            (self.delete, self.tr("Delete it there…"), self.tr("Delete…")),
        ):
            button.setText(short if tight else words)
            button.setAccessibleName(words.rstrip("…"))
            button.setToolTip(words.rstrip("…") if tight else "")
