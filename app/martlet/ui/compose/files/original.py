"""The card under a letter that holds a message passed on, sealed: it goes along just as it was.

Only its first lines are shown, and nothing of it is loaded here. It can be looked at, edited (its
lines become the letter's own then), attached as a file instead, or taken out and put back.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum, auto
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QTextCursor, QTextDocument
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from martlet.mail.message import MessageId
from martlet.mail.outgoing import Draft, OutgoingPart
from martlet.ui import theme
from martlet.ui.compose.markup.long_words import broken_lines
from martlet.ui.compose.markup.read_html import read_html
from martlet.ui.compose.markup.write_text import write_text
from martlet.ui.compose.text.document import insert_lines
from martlet.ui.compose.text.editor import WIDEST_PICTURE
from martlet.ui.compose.text.paper import MARGIN, WIDEST_TEXT
from martlet.ui.flow import FlowLayout, grows_down
from martlet.ui.shown_text import breakable, cut, is_right_to_left

if TYPE_CHECKING:
    from martlet.ui.compose.files.attachment_card import AttachmentCard
    from martlet.ui.compose.window import ComposeWindow

_LOOKED_AT = 30_000
_SUBJECT, _WORDS, _LINES = 160, 260, 2
_SYMBOL = QSize(18, 18)
_REMOTE = re.compile(r"""(?:src="|url\((?:&quot;|["'])?)https?:""", re.IGNORECASE)


class _Place(Enum):
    HERE = auto()
    OUT = auto()
    IN_LETTER = auto()
    ATTACHED = auto()


class OriginalCard(QFrame):
    """changed: it stays or goes now. message_wanted: the stored message is to be shown."""

    changed = Signal()
    message_wanted = Signal(object)

    def __init__(self, window: ComposeWindow, draft: Draft, *, there: bool) -> None:
        super().__init__(window)
        self._w = window
        self._markup = draft.original
        self._source = draft.source
        self._pictures = tuple(p for p in draft.parts if _shows(draft.original, p))
        # Files that came with it are inside of the message when that is attached.
        self._files = frozenset(p.blob for p in draft.parts if not p.content_id)
        self._place = _Place.HERE
        # Since its lines are the letter's own: when undo takes them back, it stands here again.
        self._lines: _Mark | None = None
        # The card it becomes a file on, and the files that are inside of that.
        self._file: AttachmentCard | None = None
        self._inside: tuple[OutgoingPart, ...] = ()
        self.setObjectName("originalSpace")
        outer = QHBoxLayout(self)
        outer.setContentsMargins(MARGIN, 4, MARGIN, 8)
        self._frame = QFrame(self)
        self._frame.setObjectName("card")
        self._frame.setMaximumWidth(WIDEST_TEXT)
        outer.addWidget(self._frame, 1)
        outer.addStretch()
        row = QHBoxLayout(self._frame)
        row.setContentsMargins(14, 10, 12, 8)
        row.setSpacing(12)
        self._mark = QLabel(self._frame)
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        self._column = QVBoxLayout()
        self._column.setSpacing(3)
        row.addLayout(self._column, 1)
        title, facts, words = _shown(self._markup)
        self._title = self._label(title or self.tr("(no subject)"), "", bold=True)
        self._facts = [self._label(line, "second") for line in facts]
        self._said = self._label(words, "third")
        self._remote = self._label(
            self.tr("Its pictures on the internet stay as they are, for the reader to load; "
                    "they are not loaded here."), "third",
        )  # fmt: skip
        foot = QWidget(self._frame)
        self._buttons = FlowLayout(foot, gap=12)
        grows_down(foot)
        self._column.addSpacing(2)
        self._column.addWidget(foot)
        self.show_it = self._button(self.tr("Show"), self._show)
        self.edit = self._button(self.tr("Edit in the letter"), self.into_letter)
        self.attach = self._button(self.tr("Attach instead"), self._attach)
        self.remove = self._button(self.tr("Remove"), lambda: self._put(out=True))
        self.back = self._button(self.tr("Put back"), lambda: self._put(out=False))
        self.show_it.setVisible(there)
        self.attach.setVisible(there)
        self._there = there
        self.setAccessibleName(self.tr("Forwarded message"))
        theme.notifier().changed.connect(self._paint)
        self._paint()
        self._lay()
        window.editor.document().contentsChanged.connect(self._follow)
        window.intake.changed.connect(self._look_at_file)

    @property
    def markup(self) -> str:
        """What goes along below the letter, "" for nothing."""
        return self._markup if self._place is _Place.HERE else ""

    def own(self, part: OutgoingPart) -> bool:
        """Whether a part is a picture that stands in it."""
        return part in self._pictures

    def parts(self) -> tuple[OutgoingPart, ...]:
        """The pictures that go along with it."""
        return self._pictures if self.markup else ()

    def ids(self) -> frozenset[str]:
        """The Content-IDs of these pictures."""
        return frozenset(part.content_id for part in self.parts())

    def stays_in(self) -> None:
        """More was done in the step to undo in which its lines became the letter's own."""
        if self._place is _Place.IN_LETTER:
            self._lines = _mark(self._w.editor.document())

    def into_letter(self) -> None:
        """Its lines become the letter's own, to be edited there."""
        if not self.markup:
            return
        editor, intake = self._w.editor, self._w.intake
        known = {part.content_id for part in self._pictures}
        if editor.rich:
            intake.load(self._pictures, self._w.pictures.begin(self._pictures))
        lines = broken_lines(read_html(self._markup, known.__contains__))
        cursor = QTextCursor(editor.document())
        cursor.beginEditBlock()
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertBlock()
        if editor.rich:
            insert_lines(cursor, lines, editor.palette().link().color(), WIDEST_PICTURE)
        else:
            cursor.insertText(write_text(lines))
        self._lines = None
        cursor.endEditBlock()
        self._become(_Place.IN_LETTER)
        self._lines = _mark(editor.document())
        editor.setFocus()

    def _show(self) -> None:
        if self._source is not None:
            self.message_wanted.emit(MessageId(self._source))

    def _attach(self) -> None:
        if self._source is None:
            return
        self.attach.setEnabled(False)
        (self._file,) = self._w.intake.take_messages([self._source])

    def _look_at_file(self) -> None:
        """It goes as a file once that has arrived, and comes back when that is taken out."""
        if self._file is None:
            return
        bar = self._w.attachments
        if not bar.holds(self._file):
            self._file = None
            self.attach.setEnabled(True)
            if self._place is _Place.ATTACHED:
                self._become(_Place.OUT)
        elif self._file.part is not None and self._place is _Place.HERE:
            inside = [card for card in bar.cards if card.part and card.part.blob in self._files]
            self._inside = tuple(card.part for card in inside if card.part is not None)
            self._become(_Place.ATTACHED)
            bar.remove_all(inside)
            self._w.editor.setFocus()

    def _put(self, *, out: bool) -> None:
        inside, self._inside = self._inside, ()
        if not out and inside:
            self._w.intake.load(inside, {})
        self._become(_Place.OUT if out else _Place.HERE)
        (self.back if out else self.remove).setFocus()

    def _follow(self) -> None:
        """Undo and redo take its lines out of the letter and put them in again."""
        if self._lines is None:
            return
        document = self._w.editor.document()
        if not document.isUndoRedoEnabled():
            self._lines = None  # the letter is another one now, and there is no way back
        elif self._place is _Place.IN_LETTER:
            if document.availableUndoSteps() < self._lines.steps:
                self._become(_Place.HERE)
        elif self._place is _Place.HERE and _mark(document) == self._lines:
            self._become(_Place.IN_LETTER)

    def _become(self, place: _Place) -> None:
        self._place = place
        self._lay()
        self.changed.emit()

    def _lay(self) -> None:
        out = self._place is _Place.OUT
        self.setVisible(bool(self._markup) and self._place in (_Place.HERE, _Place.OUT))
        for label in (*self._facts, self._said):
            label.setVisible(not out and bool(label.text()))
        self._remote.setVisible(not out and bool(_REMOTE.search(self._markup)))
        for button, possible in (
            (self.show_it, self._there), (self.edit, True), (self.attach, self._there),
            (self.remove, True),
        ):  # fmt: skip
            button.setVisible(possible and not out)
        self.back.setVisible(out)
        self._title.setEnabled(not out)

    def _label(self, words: str, tone: str, *, bold: bool = False) -> QLabel:
        label = QLabel(breakable(words), self._frame)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setFont(theme.font(14 if bold else 13, bold=bold))
        if tone:
            label.setProperty("tone", tone)
        if is_right_to_left(words):
            label.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._column.addWidget(label)
        return label

    def _button(self, words: str, run: Callable[[], None]) -> QPushButton:
        button = QPushButton(words, self._frame)
        button.setProperty("kind", "words")
        button.clicked.connect(run)
        self._buttons.addWidget(button)
        return button

    def _paint(self) -> None:
        self._mark.setPixmap(theme.icon("forward").pixmap(_SYMBOL))


class _Mark(NamedTuple):
    """By which a state of the letter is known again that undo and redo come by."""

    steps: int
    characters: int
    last: str


def _mark(document: QTextDocument) -> _Mark:
    return _Mark(
        document.availableUndoSteps(), document.characterCount(), document.lastBlock().text()
    )


def _shows(markup: str, part: OutgoingPart) -> bool:
    if not part.content_id:
        return False
    name = re.escape(part.content_id)
    return re.search(rf"cid:{name}(?![\w.@-])", markup) is not None


def _shown(markup: str) -> tuple[str, list[str], str]:
    """Subject, the lines that say who wrote it when, and how it begins.

    The engine writes the head as one paragraph: a line of dashes, then "Subject: ..." and others.
    """
    texts = [line.text.replace("\u2028", " ").strip() for line in read_html(markup[:_LOOKED_AT])]
    head: list[str] = []
    at = 1 if texts and texts[0].startswith("--------") else 0
    while at < len(texts) and texts[at] and len(head) < 5:
        head.append(texts[at])
        at += 1
    words = [text for text in texts[at:] if text][:_LINES]
    title = head[0].partition(":")[2].strip() if head else ""
    facts = " · ".join(cut(line, _SUBJECT) for line in (head[2:3] + head[1:2]))
    return cut(title, _SUBJECT), [facts] if facts else [], cut(" ".join(words), _WORDS)
