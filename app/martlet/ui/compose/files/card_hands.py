"""What a person does with the cards of a letter's files: keys, clicks, drags, renaming, a menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QLineEdit, QMenu

from martlet.ui import theme
from martlet.ui.compose.files.attachment_card import AttachmentCard
from martlet.ui.flow import neighbour

if TYPE_CHECKING:
    from martlet.ui.compose.files.attachments import AttachmentBar

_DRAG = 12


class CardHands(QObject):
    """For one bar, which tells what is wanted."""

    def __init__(self, bar: AttachmentBar) -> None:
        super().__init__(bar)
        self._bar = bar
        self._pressed: QPoint | None = None
        self._dragging = False
        self._out = False

    def serve(self, card: AttachmentCard) -> None:
        """This one, as long as it lives."""
        card.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        card.customContextMenuRequested.connect(
            lambda point: self._menu(card, card.mapToGlobal(point))
        )
        card.takes, card.on_key, card.on_mouse = self._takes, self._key, self._mouse

    def meant(self, card: AttachmentCard) -> list[AttachmentCard]:
        """What is to be done with one is done with all that are chosen, if it is one of them."""
        chosen = self._bar.chosen()
        return chosen if card in chosen else [card]

    def rename(self, card: AttachmentCard) -> None:
        """A field over the name; Enter and leaving it take what was typed, Escape does not."""
        if card.part is None:
            return
        field = QLineEdit(card.name, card)
        field.setAccessibleName(self.tr("Name of the file"))
        # Over the whole card: of a long name its beginning and as much more as there is room for.
        field.setGeometry(card.rect().adjusted(3, 6, -3, -6))
        field.setMaxLength(200)
        stem, dot, _ending = card.name.rpartition(".")
        typed_over = len(stem) if dot and stem else len(card.name)
        field.setSelection(typed_over, -typed_over)

        def take() -> None:
            if field.isVisible():
                name = field.text()
                close()
                self._bar.renamed.emit(card, name)

        def close() -> None:
            field.hide()
            field.deleteLater()
            card.setFocus()

        field.editingFinished.connect(take)
        field.installEventFilter(self)
        field.show()
        field.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Escape leaves the field that renames, and is no command of the letter's; Enter ends it,
        and does nothing else."""
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            if event.type() is QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() is QEvent.Type.KeyPress and isinstance(watched, QLineEdit):
                card = watched.parentWidget()
                watched.hide()
                watched.deleteLater()
                if card is not None:
                    card.setFocus()
                return True
        if _ends(event) and isinstance(watched, QLineEdit):
            # Left to the field, it goes on to the card, which it would open.
            watched.editingFinished.emit()
            return True
        return super().eventFilter(watched, event)

    def _choose_all(self, chosen: bool) -> None:
        for card in self._bar.cards:
            card.set_chosen(chosen)

    def _menu(self, card: AttachmentCard, point: QPoint) -> None:
        meant = self.meant(card)
        menu = QMenu(self._bar)
        if len(meant) == 1:
            here = card.part is not None
            opened = menu.addAction(
                theme.icon("open"), self.tr("Open"), lambda: self._bar.open_wanted.emit(card)
            )
            opened.setEnabled(here and not card.facts.never_opened)
            named = menu.addAction(
                theme.icon("edit"), self.tr("Rename…"), lambda: self.rename(card)
            )
            named.setEnabled(here)
            menu.addAction(
                theme.icon("remove"),
                self.tr("Remove from the letter"),
                lambda: self._bar.take_out([card]),
            )
        else:
            count = self._bar.locale().toString(len(meant))
            menu.addAction(
                theme.icon("remove"),
                self.tr("Take {count} files out of the letter").format(count=count),
                lambda: self._bar.take_out(meant),
            )
        if len(self._bar.cards) > len(meant):
            menu.addSeparator()
            menu.addAction(self.tr("Choose all"), lambda: self._choose_all(True))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(point)

    def _takes(self, event: QKeyEvent) -> bool:
        standard = QKeySequence.StandardKey
        undoes = event.matches(standard.Undo) and self._bar.taken_out.offered
        return undoes or event.matches(standard.SelectAll) or event.matches(standard.Paste)

    def _key(self, card: AttachmentCard, event: QKeyEvent) -> bool:
        key, held = event.key(), event.modifiers()
        alt = bool(held & Qt.KeyboardModifier.AltModifier)
        control = bool(held & Qt.KeyboardModifier.ControlModifier)
        if key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._bar.take_out(self.meant(card))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not control:
            self._open(card)
        elif key == Qt.Key.Key_F2:
            self.rename(card)
        elif key == Qt.Key.Key_Space:
            card.set_chosen(not card.chosen)
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self._choose_all(True)
        elif event.matches(QKeySequence.StandardKey.Undo) and self._bar.taken_out.offered:
            self._bar.taken_out.put_back()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self._bar.pasted.emit()
        elif key == Qt.Key.Key_Escape and self._bar.chosen():
            self._choose_all(False)
        elif (to := neighbour(self._bar.cards, card, key)) is not None:
            if alt:
                self._bar.put_at(card, self._bar.cards.index(to))
                card.setFocus()
            else:
                to.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            return False
        return True

    def _open(self, card: AttachmentCard) -> None:
        if card.part is not None:
            self._bar.open_wanted.emit(card)

    def _mouse(self, card: AttachmentCard, event: QMouseEvent) -> bool:
        """A press that moves puts the card elsewhere; beyond the bar it is dragged out as a file,
        which has to be made first."""
        kind = event.type()
        at = event.position().toPoint()
        left = event.button() is Qt.MouseButton.LeftButton
        if kind is QEvent.Type.MouseButtonDblClick and left:
            if not card.cross_place().contains(at):
                self._open(card)
        elif kind is QEvent.Type.MouseButtonPress and left:
            self._pressed, self._dragging, self._out = at, False, False
            card.setFocus(Qt.FocusReason.MouseFocusReason)
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                card.set_chosen(not card.chosen)
            elif not card.chosen:
                self._choose_all(False)
        elif kind is QEvent.Type.MouseMove and self._pressed is not None:
            far = (at - self._pressed).manhattanLength() > _DRAG
            self._dragging = self._dragging or far
            if self._dragging and not self._out:
                self._drag(card, event.globalPosition().toPoint())
        elif kind is QEvent.Type.MouseButtonRelease and left:
            pressed, self._pressed = self._pressed, None
            cross = card.cross_place()
            clicked = pressed is not None and not self._dragging and cross.contains(pressed)
            if clicked and cross.contains(at):
                card.removed.emit(card)
        else:
            return False
        return True

    def _drag(self, card: AttachmentCard, where: QPoint) -> None:
        bar = self._bar
        if not bar.rect().contains(bar.mapFromGlobal(where)):
            if card.part is not None:
                self._out, self._pressed = True, None
                bar.drag_wanted.emit([one for one in self.meant(card) if one.part is not None])
            return
        for place, other in enumerate(bar.cards):
            if other is not card and other.rect().contains(other.mapFromGlobal(where)):
                bar.put_at(card, place)
                return


def _ends(event: QEvent) -> bool:
    return (
        isinstance(event, QKeyEvent)
        and event.type() is QEvent.Type.KeyPress
        and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
    )
