"""The letters that are open in a main window: found by their draft, brought back after a crash or a
new start, told of when they go.

A draft is open once: whoever asks for it again gets its window.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QLockFile, QObject, QTimer

from martlet.link.messages import DiscardDraft, OpenDraft, SaveDraft
from martlet.mail.message import MessageId
from martlet.mail.outgoing import Draft, DraftId

if TYPE_CHECKING:
    from pathlib import Path

    from martlet.ui.compose import ComposeWindow
    from martlet.ui.window import MainWindow


class Letters(QObject):
    """For one main window; `Windows` makes and keeps the windows themselves."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._w = window
        self._quitting = False
        self._offered = DraftId(0)
        self._lock: QLockFile | None = None
        window.windows.letter_opened.connect(self._opened)

    def open(self, message_id: MessageId) -> None:
        """Goes on with the draft that this row of a folder shows."""
        known = self._w.reader.draft_shown_in(message_id)
        if known is not None and self._w.windows.bring_letter(known):
            return
        self._w.link.ask(OpenDraft(message_id), self._show)

    def restore(self, lock_file: Path) -> None:
        """Opens the letters again that were open when the last window ended, at their places.

        Nothing is done while another window of this profile is there: they may be open in it.
        """
        lock = QLockFile(str(lock_file))
        lock.setStaleLockTime(0)
        if not lock.tryLock(0):
            return
        self._lock = lock
        letters = self._w.reader.letters_to_restore()
        if not letters:
            return
        from martlet.ui.compose.keeping.restoring import restore

        for draft, place in letters:
            letter = self._w.windows.write(None, draft)
            if letter is not None:
                restore(letter, place)

    def leave(self) -> None:
        """The window is gone: another may bring its letters back."""
        if self._lock is not None:
            self._lock.unlock()
            self._lock = None

    def may_quit(self) -> bool:
        """Whether no letter is open any more. Else they are kept, to be open again at the next
        start, and the main window closes by itself after them: after all, or none."""
        open_now = self._w.windows.open_letters()
        self._quitting = bool(open_now)
        for letter in open_now:
            letter.closing.prepare()
        self._go_together()
        return not self._w.windows.open_letters()

    def _go_together(self) -> None:
        """Closes all of them once each can go: else some would be gone and the program stay."""
        letters = self._w.windows.open_letters()
        if self._quitting and all(letter.closing.settled for letter in letters):
            for letter in letters:
                letter.close()

    def _show(self, draft: Draft) -> None:
        self._w.windows.write(None, draft)

    def _opened(self, letter: ComposeWindow) -> None:
        if letter.keeper.draft_id and letter.keeper.draft_id == self._offered:
            # What is written on again is not discarded from here.
            self._w.toast.hide()
        letter.closing.kept.connect(self._kept)
        letter.closing.discarded.connect(self._discarded)
        letter.closing.stays.connect(self._stays)
        letter.closing.ready.connect(self._go_together)
        letter.elsewhere.other_wanted.connect(lambda other: self.open(MessageId(other)))
        letter.destroyed.connect(self._gone)

    def _gone(self) -> None:
        if self._quitting:
            QTimer.singleShot(0, self._w, self._quit)

    def _quit(self) -> None:
        if not self._quitting:
            return
        if self._w.windows.open_letters():
            self._go_together()
            return
        self._quitting = False
        self._w.close()

    def _stays(self) -> None:
        """One of them could not be kept: nothing is quit over that."""
        self._quitting = False
        for letter in self._w.windows.open_letters():
            letter.closing.stay()

    def _kept(self, draft: Draft) -> None:
        self._offered = draft.id
        self._w.toast.say(
            self.tr("Saved in Drafts"), lambda: self._discard(draft), label=self.tr("Discard")
        )

    def _discard(self, draft: Draft) -> None:
        self._w.link.ask(DiscardDraft(draft.id))
        self._tell(draft, lambda _draft_id: None)

    def _discarded(self, draft: Draft) -> None:
        """From its own window: taken back, it is open again."""

        def again(draft_id: DraftId) -> None:
            self._w.windows.write(None, replace(draft, id=draft_id))

        self._tell(draft, again)

    def _tell(self, draft: Draft, then: Callable[[DraftId], None]) -> None:
        self._w.toast.say(
            self.tr("Draft discarded"), lambda: self._w.link.ask(SaveDraft(draft, True), then)
        )
