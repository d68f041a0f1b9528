"""How a letter's window goes: what was written is kept, without a question.

untouched            it goes; a draft that was only looked at is as it was
nothing in it        it goes, and its draft with it
else                 saved once more, then it goes; told by the main window, with a way back
cannot be saved      it stays, with one sentence
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from martlet.link.messages import CloseDraft, DiscardDraft

if TYPE_CHECKING:
    from martlet.ui.compose.window import ComposeWindow
    from martlet.ui.link import EngineLink


class Closing(QObject):
    """kept: the letter is in the drafts, as this Draft. discarded: this Draft was given up.
    stays: it was to go, and stays.

    comes_back: the program ends; the letter is to be open again when it starts.
    """

    kept = Signal(object)
    discarded = Signal(object)
    stays = Signal()

    def __init__(self, link: EngineLink, window: ComposeWindow) -> None:
        super().__init__(window)
        self._link = link
        self._w = window
        self._done = False
        self._under_way = False
        self.comes_back = False
        window.keeper.saved.connect(self._saved)
        window.keeper.failed.connect(self._failed)
        window.keeper.recovered.connect(self._recovered)
        self._trouble = ""

    def may_go(self) -> bool:
        """Whether the window may close now; else it does so by itself, or stays and says why."""
        w = self._w
        if self._done:
            return True
        if self._under_way or w.sending.under_way:
            return False
        if w.intake.busy:
            w.notice.say(self.tr("A file is still being attached; the letter closes after that."))
            self._stay()
            return False
        if not w.touched and not (self.comes_back and w.keeper.draft_id):
            if w.keeper.draft_id:
                self._link.ask(CloseDraft(w.keeper.draft_id))
            self._end()
            return True
        if w.is_empty():
            self._give_up(tell=False)
            return self._done
        self._under_way = True
        w.keeper.end(comes_back=self.comes_back)
        return False

    def discard(self) -> None:
        """Gives the letter up, as its writer asked."""
        if not self._w.sending.under_way:
            self._give_up(tell=not self._w.is_empty())
            if self._done:
                self._w.close()

    def finish(self) -> None:
        """The letter was sent: it goes, and nothing of it is kept."""
        self._end()
        self._w.close()

    def _give_up(self, *, tell: bool) -> None:
        """Only once a save under way has ended: its answer may bring the draft's number."""
        letter = self._w.keeper

        def discard() -> None:
            draft = letter.current()
            if letter.draft_id:
                self._link.ask(DiscardDraft(letter.draft_id))
            self._end()
            if tell:
                self.discarded.emit(draft)
            if self._under_way:
                self._w.close()

        letter.settle(discard)
        self._under_way = not self._done

    def _end(self) -> None:
        self._done = True
        self._w.keeper.close()
        self._w.intake.close()

    def _stay(self) -> None:
        self._under_way = False
        self.comes_back = False
        self.stays.emit()

    def _saved(self) -> None:
        w = self._w
        w.top.show_saved(not w.keeper.dirty)
        if not self._under_way or self._done:
            return
        if w.keeper.dirty:
            # Something was typed while it was saved.
            w.keeper.end(comes_back=self.comes_back)
            return
        draft = w.keeper.current()
        self._end()
        if not self.comes_back:
            self.kept.emit(draft)
        w.close()

    def _failed(self, sentence: str) -> None:
        self._trouble = sentence
        self._w.notice.say(sentence)
        if self._under_way:
            self._stay()

    def _recovered(self) -> None:
        if self._w.notice.text == self._trouble:
            self._w.notice.clear()
            self._w.top.show_saved(True)
