"""How a letter's window goes: what was written is kept, without a question.

untouched            it goes; a draft that was only looked at is as it was
nothing in it        it goes, and its draft with it
something to come    (a file, a paste, the answer to Send) it goes by itself after that
else                 saved once more, then it goes; told by the main window, with a way back
cannot be saved      it stays, with one sentence
program ends         saved first; it goes only when all other letters can go too (`prepare`)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from martlet.link.messages import CloseDraft, DiscardDraft
from martlet.ui.compose.busy import HOLDING, Reason

if TYPE_CHECKING:
    from martlet.ui.compose.window import ComposeWindow
    from martlet.ui.link import EngineLink


class Closing(QObject):
    """kept: the letter is in the drafts, as this Draft. discarded: this Draft was given up.
    stays: it was to go, and stays. ready: it can go with the others (`settled`).
    changed: it waits to go, or does so no more. again: it was to go already, and was asked again.

    comes_back: the program ends; the letter is to be open again when it starts.
    """

    kept = Signal(object)
    discarded = Signal(object)
    stays = Signal()
    ready = Signal()
    changed = Signal()
    again = Signal()

    def __init__(self, link: EngineLink, window: ComposeWindow) -> None:
        super().__init__(window)
        self._link = link
        self._w = window
        self._done = False
        self._wanted = False
        self._keeping = False
        self._together = False
        self._ready = False
        self._without_files = False
        self.comes_back = False
        window.keeper.saved.connect(self._saved)
        window.keeper.failed.connect(self._failed)
        window.keeper.recovered.connect(self._recovered)
        window.intake.refused.connect(self._not_taken)
        # After all others who hear of it, the keeper first of all.
        window.busy.changed.connect(lambda: QTimer.singleShot(0, self, self._go_on))
        self._trouble = ""

    @property
    def wanted(self) -> bool:
        """Whether it is to go as soon as it can."""
        return self._wanted and not self._done

    @property
    def keeping(self) -> bool:
        """Whether only the answer to the last save is waited for."""
        return self._keeping and not self._done

    @property
    def settled(self) -> bool:
        """Whether it is gone, or can go at once without losing anything."""
        return self._done or (self._ready and not self._w.keeper.dirty)

    def may_go(self) -> bool:
        """Whether the window may close now; else it does so by itself, or stays and says why."""
        if self._done:
            return True
        if self.settled:
            self._go_ready()
            return self._done
        self._want()
        return self._done

    def prepare(self) -> None:
        """The program is to end: the letter is kept, and goes when `close` says so."""
        self.comes_back = self._together = True
        if not self.settled:
            self._want()

    def stay(self) -> None:
        """Not closed after all: it is written on, and kept as an open letter."""
        if not (self._wanted or self._ready or self.comes_back) or self._done:
            return
        if self._keeping or self._ready:
            self._w.keeper.changed()
        self._wanted = self._keeping = self._together = self._ready = False
        self._without_files = self.comes_back = False
        self.changed.emit()
        self.stays.emit()

    def without_files(self) -> None:
        """Goes without the files that are still on their way."""
        self._without_files = True
        self._go_on()

    def leave(self) -> None:
        """Goes at once; what is not kept by now is lost, as its writer decided."""
        self._w.sending.give_up()
        self._end()
        self._w.close()

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

    def _want(self) -> None:
        if self._wanted:
            self.again.emit()
            return
        self._wanted, self._ready = True, False
        if not self._begin():
            self._w.busy.look()
            self.changed.emit()
            if self._w.sending.under_way:
                # Send was pressed before: this is the second time one waits for it.
                self.again.emit()

    def _go_on(self) -> None:
        """What it waited for may have come."""
        if self._wanted and not self._keeping and not self._done and self._begin():
            self._w.close()

    def _begin(self) -> bool:
        """As far as it can go now; whether the window may close."""
        w = self._w
        held = HOLDING - {Reason.TAKING} if self._without_files else HOLDING
        if w.busy.among(held | {Reason.SENDING}) is not None:
            return False
        untouched = not w.touched and not (self.comes_back and w.keeper.draft_id)
        if self._together and (untouched or w.is_empty()):
            self._get_ready()
        elif untouched:
            self._go_untouched()
        elif w.is_empty():
            self._give_up(tell=False)
        else:
            self._keeping = True
            self.changed.emit()
            w.keeper.end(comes_back=self.comes_back)
        return self._done

    def _go_untouched(self) -> None:
        if self._w.keeper.draft_id:
            self._link.ask(CloseDraft(self._w.keeper.draft_id))
        self._end()

    def _get_ready(self) -> None:
        self._wanted = self._keeping = False
        self._ready = True
        self.changed.emit()
        self.ready.emit()

    def _go_ready(self) -> None:
        w = self._w
        if w.touched and w.is_empty():
            self._give_up(tell=False)
        else:
            self._end()

    def _give_up(self, *, tell: bool) -> None:
        """Only once a save under way has ended: its answer may bring the draft's number."""
        letter = self._w.keeper
        waits = False

        def discard() -> None:
            if self._done:
                return  # asked twice while a save was under way
            draft = letter.current()
            if letter.draft_id:
                self._link.ask(DiscardDraft(letter.draft_id))
            self._end()
            if tell:
                self.discarded.emit(draft)
            if waits:
                self._w.close()

        letter.settle(discard)
        waits = not self._done
        if waits:
            self._wanted = self._keeping = True
            self.changed.emit()

    def _end(self) -> None:
        self._done = True
        self._w.keeper.close()
        self._w.intake.close()
        self.changed.emit()

    def _saved(self) -> None:
        w = self._w
        w.top.show_saved(not w.keeper.dirty)
        if not self._keeping or self._done or w.keeper.saving:
            # Saving: the last save waited for this one, and is asked now.
            return
        if w.busy.among(HOLDING) is not None and not self._without_files:
            # Something was put in while it was saved, and is still on its way.
            self._keeping = False
            self.changed.emit()
            return
        if w.keeper.dirty:
            # Something was typed while it was saved.
            w.keeper.end(comes_back=self.comes_back)
            return
        if self._together:
            self._get_ready()
            return
        draft = w.keeper.current()
        self._end()
        if not self.comes_back:
            self.kept.emit(draft)
        w.close()

    def _failed(self, sentence: str) -> None:
        self._trouble = sentence
        self._w.notice.say(sentence)
        if self._keeping:
            self._keeping = False
            self.stay()

    def _not_taken(self) -> None:
        """A file did not come: that is to be seen, and decided about."""
        if not self._keeping:
            self.stay()

    def _recovered(self) -> None:
        if self._w.notice.text == self._trouble:
            self._w.notice.clear()
            self._w.top.show_saved(True)
