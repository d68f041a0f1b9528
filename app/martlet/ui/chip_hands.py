"""What a person does with the chips of an attachment bar: keys, clicks, drags, the context menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QMenu

from martlet.mail.message import Attachment
from martlet.ui import theme
from martlet.ui.attachment_chip import AttachmentChip
from martlet.ui.flow import neighbour

if TYPE_CHECKING:
    from martlet.ui.attachment_bar import AttachmentBar

_DRAG = 12


class ChipHands(QObject):
    """For one bar, which tells what is wanted."""

    def __init__(self, bar: AttachmentBar) -> None:
        super().__init__(bar)
        self._bar = bar
        self._pressed: QPoint | None = None
        self._dragging = False

    def serve(self, chip: AttachmentChip) -> None:
        """This one, as long as it lives."""
        chip.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        chip.clicked.connect(lambda: self._click(chip))
        chip.opened.connect(lambda: self._bar.open_wanted.emit(chip.attachment))
        chip.customContextMenuRequested.connect(
            lambda point: self._menu(chip, chip.mapToGlobal(point))
        )
        chip.on_key, chip.on_mouse = self._key, self._mouse

    def _click(self, chip: AttachmentChip) -> None:
        if chip.fetching:
            self._bar.stop_wanted.emit()
        elif self._bar.message is None:
            self._bar.open_wanted.emit(chip.attachment)
        else:
            self._choose_none()
            self._bar.preview_wanted.emit(chip.attachment)

    def _choose_none(self) -> None:
        for chip in self._bar.chips():
            chip.set_chosen(False)

    def meant(self, attachment: Attachment) -> list[Attachment]:
        """What is to be done with one is done with all that are chosen, if it is one of them."""
        chosen = self._bar.chosen()
        return chosen if attachment in chosen else [attachment]

    def _menu(self, chip: AttachmentChip, point: QPoint) -> None:
        meant = self.meant(chip.attachment)
        menu = QMenu(self._bar)
        if len(meant) == 1:
            if self._bar.message is not None:
                menu.addAction(
                    theme.icon("eye"),
                    self.tr("Look at it"),
                    lambda: self._bar.preview_wanted.emit(chip.attachment),
                )
            opened = menu.addAction(
                theme.icon("open"),
                self.tr("Open"),
                lambda: self._bar.open_wanted.emit(chip.attachment),
            )
            opened.setEnabled(not chip.facts.never_opened)
            menu.addAction(
                theme.icon("save"), self.tr("Save…"), lambda: self._bar.save_wanted.emit(meant)
            )
            menu.addAction(
                theme.icon("copy"), self.tr("Copy"), lambda: self._bar.copy_wanted.emit(meant)
            )
        else:
            count = self._bar.locale().toString(len(meant))
            words = self.tr("Save {count} files…").format(count=count)
            menu.addAction(theme.icon("save"), words, lambda: self._bar.save_wanted.emit(meant))
            words = self.tr("Copy {count} files").format(count=count)
            menu.addAction(theme.icon("copy"), words, lambda: self._bar.copy_wanted.emit(meant))
        if len(self._bar.shown()) > len(meant):
            menu.addSeparator()
            menu.addAction(self.tr("Choose all"), self._choose_all)
            menu.addAction(
                self.tr("Save all…"), lambda: self._bar.save_wanted.emit(list(self._bar.shown()))
            )
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(point)

    def _choose_all(self) -> None:
        for chip in self._bar.chips():
            chip.set_chosen(True)

    def _key(self, chip: AttachmentChip, event: QKeyEvent) -> bool:
        """Whether the key was for the bar; the area around the chips would scroll with arrows."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self._bar.copy_wanted.emit(self.meant(chip.attachment))
        elif event.matches(QKeySequence.StandardKey.Save):
            self._bar.save_wanted.emit(self.meant(chip.attachment))
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self._choose_all()
        elif event.key() == Qt.Key.Key_Escape and chip.current:
            self._bar.leave_wanted.emit()
        elif event.key() == Qt.Key.Key_Escape and self._bar.chosen():
            self._choose_none()
        elif (to := neighbour(self._bar.chips(), chip, event.key())) is not None:
            to.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            return False
        return True

    def _mouse(self, chip: AttachmentChip, event: QMouseEvent) -> bool:
        """A press that moves is a drag: the files are made first, then `start_drag` is called.

        Until the button is let go the chip hears no more of it, or it would take it for a click.
        """
        kind = event.type()
        if kind is QEvent.Type.MouseButtonPress and event.button() is Qt.MouseButton.LeftButton:
            self._pressed, self._dragging = event.position().toPoint(), False
        elif kind is QEvent.Type.MouseMove and self._pressed is not None:
            if (event.position().toPoint() - self._pressed).manhattanLength() > _DRAG:
                self._pressed, self._dragging = None, True
                chip.setDown(False)
                self._bar.drag_wanted.emit(self.meant(chip.attachment))
        elif kind is QEvent.Type.MouseButtonRelease:
            self._pressed = None
            if self._dragging:
                self._dragging = False
                return True
        return self._dragging
