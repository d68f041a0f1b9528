"""Whether a letter is plain or rich, and how it is turned from one into the other.

The kind is a property of the document, so that undo and redo turn the letter, too: all that a turn
does is one step, behind which the letter stands as it was, with its looks and pictures.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QTextCursor, QTextDocument, QTextFormat

from martlet.ui.compose.text.formats import make_plain

if TYPE_CHECKING:
    from martlet.ui.compose.text.editor import BodyEditor

_RICH = QTextFormat.Property.UserProperty + 11
_SAID = QTextFormat.Property.UserProperty + 12

Part = Callable[[], None]


class Turning(QObject):
    """rich: which kind the letter is. changed: undo or redo made it another one."""

    changed = Signal()

    def __init__(self, editor: BodyEditor) -> None:
        super().__init__(editor)
        self.rich = False
        self._document = editor.document()
        self._busy = self._other = False
        # What asks the letter when its text changes finds it to be what it is by then.
        self._document.contentsChange.connect(self._look)
        self._document.contentsChanged.connect(self._tell)

    def begin(self, rich: bool) -> None:
        """Another letter stands in the document, from which no undo leads back."""
        self.rich = rich
        _say(self._document, rich)

    def turn(
        self, rich: bool, before: Sequence[Part], replace: Callable[[QTextCursor], None],
        after: Sequence[Part],
    ) -> None:  # fmt: skip
        """Makes the letter one of this kind, in one step to undo.

        before: what is done to it as it was; each finds what those before it did. replace: puts in
        what it holds then. after: what is done to the new one.
        """

        def become() -> None:
            self.rich = rich
            cursor = QTextCursor(self._document)
            _empty(cursor)
            replace(cursor)

        self._busy = True
        try:
            first = QTextCursor(self._document)
            first.beginEditBlock()
            _say(self._document, rich)
            first.endEditBlock()
            # Where the cursor goes after undo and redo Qt takes from the last of what is done;
            # with this it is right, with words it may be a place that is no more.
            parts: list[Part] = [*before, become, *after, partial(_say, self._document, rich)]
            for part in parts:
                self._joined(part)
        finally:
            self._busy = False

    def _joined(self, part: Part) -> None:
        """Does this in one step to undo with what was done last."""
        cursor = QTextCursor(self._document)
        cursor.joinPreviousEditBlock()
        try:
            part()
        finally:
            cursor.endEditBlock()

    def _look(self) -> None:
        if self._busy:
            return
        said = self._document.rootFrame().frameFormat().property(_RICH)
        rich = bool(said)
        if said is not None and rich != self.rich:
            self.rich, self._other = rich, True

    def _tell(self) -> None:
        if self._other:
            self._other = False
            self.changed.emit()


def _say(document: QTextDocument, rich: bool) -> None:
    frame = document.rootFrame()
    form = frame.frameFormat()
    form.setProperty(_RICH, rich)
    said = form.property(_SAID)
    form.setProperty(_SAID, said + 1 if isinstance(said, int) else 1)  # always a change
    frame.setFrameFormat(form)


def _empty(cursor: QTextCursor) -> None:
    """Takes out everything, looks of paragraphs too."""
    cursor.select(QTextCursor.SelectionType.Document)
    cursor.removeSelectedText()
    make_plain(cursor)
