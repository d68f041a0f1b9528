"""Which signature a letter has, and how it follows who writes, what kind of letter it is, and what
its writer chooses. Where it stands and how it is found again is in `signature`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QTextCursor
from PySide6.QtWidgets import QMenu

from martlet.mail.identity import Identity, Signature, SignaturePlace
from martlet.mail.outgoing import DraftKind
from martlet.ui.compose.files.intake import Intake
from martlet.ui.compose.images.letter_pictures import LetterPictures
from martlet.ui.compose.markup.lines import Line
from martlet.ui.compose.signing.signature import find, place, sign, signature_lines, swap, wrapped
from martlet.ui.compose.text.document import lines_of
from martlet.ui.compose.text.editor import WIDEST_PICTURE, BodyEditor

_REMEMBERED = 8


class Signer(QObject):
    """identity: who writes now, None while no account can. below: the habit of signing under what
    is quoted. over: something goes along below the letter that does not stand in the editor.

    Above what is quoted a signature has no mark (`SEPARATOR`): all that follows one counts as
    signature, and is greyed or cut by those who read and answer.
    """

    def __init__(
        self,
        editor: BodyEditor,
        intake: Intake,
        pictures: LetterPictures,
        identity: Callable[[], Identity | None],
        kind: DraftKind,
        parent: QObject,
        *,
        below: bool = False,
        over: bool = False,
    ) -> None:
        super().__init__(parent)
        self._editor = editor
        self._intake = intake
        self._pictures = pictures
        self._identity = identity
        self._kind = kind
        self._below = below
        self._over = over
        self._mark = True
        self._signature = Signature()
        self._lines: tuple[Line, ...] = ()
        # Those that undo and redo may bring back, the last one first.
        self._had: list[tuple[Signature, tuple[Line, ...]]] = []

    @property
    def lines(self) -> Sequence[Line]:
        """The lines of the signature that the letter has, or had until somebody changed them."""
        self._look()
        return self._lines

    @property
    def current(self) -> Signature:
        self._look()
        return self._signature

    def begin(self, *, fresh: bool) -> int | None:
        """Signs a letter just begun, and answers the block; finds the signature in any other."""
        self._take(self._usual())
        if fresh:
            document = self._editor.document()
            document.setUndoRedoEnabled(False)
            first = self._sign()
            document.setUndoRedoEnabled(True)
            document.setModified(False)
            self._editor.moveCursor(QTextCursor.MoveOperation.Start)
            return first
        there = lines_of(self._editor.document())
        # Without a mark its words might be the writer's own: only where it has none.
        for one in self.choices():
            for mark in (True,) if self._mark else (True, False):
                lines = self._lines_of(one, mark)
                if find(there, lines) is not None:
                    self._signature, self._lines, self._mark = one, lines, mark
                    return None
        return None

    def sender_changed(self) -> None:
        """Another identity writes. What the writer changed by hand is left as it is."""
        self._become(self._usual())

    def choose(self, signature: Signature) -> bool:
        """The writer wants this one. False: the one before is not there as it was."""
        return self._become(signature)

    def choices(self) -> tuple[Signature, ...]:
        """The signatures of who writes now."""
        identity = self._identity()
        return () if identity is None else identity.signatures()

    def menu(self, parent: QMenu) -> None:
        """Fills a menu with the signatures to choose from, and none."""
        parent.clear()
        self._look()
        named = [(one.name or self.tr("Standard"), one) for one in self.choices()]
        for words, one in [*named, (self.tr("None"), Signature())]:
            action = QAction(words.replace("&", "&&"), parent)
            action.setCheckable(True)
            same = one.empty if self._signature.empty else one == self._signature
            action.setChecked(same)
            action.triggered.connect(lambda _on=False, chosen=one: self._chosen(chosen))
            parent.addAction(action)

    def leave_rich(self) -> None:
        """The letter is about to become plain: a rich signature gives way to its words."""
        if self._editor.rich:
            plain = signature_lines(self._signature, rich=False, mark=self._mark)
            if self._swap(self.lines, plain):
                self._lines = plain
                self._remember()

    def come_rich(self) -> None:
        """The letter has become rich: so does its signature."""
        if self._editor.rich:
            self._become(self._signature)

    def wrapped(self, markup: str) -> str:
        """The letter's markup, its signature in a box that other programs know."""
        for lines in (self._lines, *(lines for _, lines in self._had)):
            boxed = wrapped(markup, lines)
            if boxed != markup:
                return boxed
        return markup

    def _chosen(self, signature: Signature) -> None:
        if not self.choose(signature):
            # Not where it was: what the writer made of it stays, and the new one comes too.
            self._take(signature)
            self._sign()

    def _usual(self) -> Signature:
        identity = self._identity()
        if identity is None:
            return Signature()
        signing = identity.signing
        if self._kind is DraftKind.REPLY:
            return identity.signature_of(signing.reply)
        if self._kind is DraftKind.FORWARD:
            return identity.signature_of(signing.forward)
        return Signature("", identity.signature, signing.html, signing.parts)

    def _goes_below(self) -> bool:
        identity = self._identity()
        place = SignaturePlace.USUAL if identity is None else identity.signing.place
        if place is SignaturePlace.USUAL:
            return self._below
        return place is SignaturePlace.BELOW

    def _take(self, signature: Signature) -> None:
        identity = self._identity()
        self._mark = (identity is None or identity.signing.mark) and not self._above()
        self._signature, self._lines = signature, self._lines_of(signature, self._mark)
        self._remember()

    def _above(self) -> bool:
        """Whether a signature comes to stand above something that was not written now."""
        lines = lines_of(self._editor.document())
        return self._over or (place(lines) != len(lines) and not self._goes_below())

    def _remember(self) -> None:
        one = (self._signature, self._lines)
        self._had = [one, *(each for each in self._had if each != one)][:_REMEMBERED]

    def _look(self) -> None:
        """Undo and redo exchange signatures too: the letter has the one that stands there."""
        if len(self._had) < 2:
            return
        there = self._editor.taken.lines()
        if not self._lines or find(there, self._lines) is None:
            for signature, lines in self._had:
                if lines and find(there, lines) is not None:
                    self._signature, self._lines = signature, lines
                    return

    def _become(self, signature: Signature) -> bool:
        self._look()
        before, lines = self._signature, self._lines
        self._take(signature)
        if self._swap(lines, self._lines):
            return True
        self._signature, self._lines = before, lines
        return False

    def _sign(self) -> int | None:
        document, link = self._editor.document(), self._editor.palette().link().color()
        return sign(document, self._lines, link, WIDEST_PICTURE, below=self._goes_below())

    def _swap(self, old: Sequence[Line], new: Sequence[Line]) -> bool:
        document, link = self._editor.document(), self._editor.palette().link().color()
        return swap(document, old, new, link, WIDEST_PICTURE, below=self._goes_below())

    def _lines_of(self, signature: Signature, mark: bool) -> tuple[Line, ...]:
        if self._editor.rich and signature.parts:
            # Their names tell their bytes apart: what is quoted of my own mail has the same.
            self._intake.load(signature.parts, self._pictures.begin(signature.parts))
        return signature_lines(signature, rich=self._editor.rich, mark=mark)
