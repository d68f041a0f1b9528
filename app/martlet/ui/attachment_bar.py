"""Attachments of the message shown: names and sizes always in sight, looked at, opened, saved,
copied, dragged out, one or several.

    Space or click: look at it    Enter or double click: open    arrows: to another
    Ctrl+click, Ctrl+Space, Ctrl+A: choose several    Ctrl+C: copy    Ctrl+S: save

What is not here is fetched on the way; a click on one that is on its way stops that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from martlet.mail.message import Attachment, MessageId
from martlet.ui import dates, file_data, theme
from martlet.ui.attachment_chip import AttachmentChip
from martlet.ui.chip_hands import ChipHands
from martlet.ui.downloads import Transfer
from martlet.ui.flow import FlowLayout

_LINES = 3
_NARROW = 560
_GAP = 6
# Chips made at once; what a hostile message brings beyond that follows in slices.
_FIRST = 12
_SLICE = 8
_PAUSE_MS = 4
# More than a person looks through; the others come when they are asked for.
_MOST = 200


class AttachmentBar(QFrame):
    """Says what is to be done with which attachments; is told what to drag.

    bytes_wanted(Attachment, then, refused): one that may not be here is wanted as bytes; refused
    is told in words why they do not come. stop_wanted: the person does not want to wait for one
    any more. leave_wanted: enough was seen of one. moved: other chips are in sight now.
    focus_left: it was here, and there is nothing more that could have it.
    """

    preview_wanted = Signal(object)
    leave_wanted = Signal()
    open_wanted = Signal(object)
    stop_wanted = Signal()
    save_wanted = Signal(object)
    copy_wanted = Signal(object)
    drag_wanted = Signal(object)
    play_wanted = Signal(object)
    bytes_wanted = Signal(object, object, object)
    changed = Signal()
    moved = Signal()
    focus_left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("attachmentBar")
        self.setAccessibleName(self.tr("Attachments"))
        outer = self._outer = QHBoxLayout(self)
        outer.setContentsMargins(24, 8, 24, 8)
        outer.setSpacing(10)
        self._row = QWidget()
        self._chips = FlowLayout(self._row, gap=_GAP)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setStyleSheet(
            "QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; }"
        )
        area.setWidget(self._row)
        scroll = area.verticalScrollBar()
        scroll.valueChanged.connect(lambda _value: self.moved.emit())
        scroll.rangeChanged.connect(self._keep_current)
        scroll.actionTriggered.connect(self._let_go)
        self._area = area
        outer.addWidget(area, 1)
        side = self._side = QVBoxLayout()
        side.setSpacing(1)
        side.addStretch()
        self._all = QToolButton()
        self._all.setIcon(theme.icon("save"))
        self._all.setAccessibleName(self.tr("Save all attachments"))
        self._all.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._all.clicked.connect(lambda: self.save_wanted.emit(list(self._shown)))
        side.addWidget(self._all)
        self._label = QLabel()
        self._label.setProperty("tone", "second")
        self._label.setFont(theme.font(11))
        self._label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        side.addWidget(self._label)
        side.addStretch(1)
        outer.addLayout(side)
        self._rest = QPushButton(self._row)
        self._rest.setProperty("kind", "link")
        self._rest.clicked.connect(self._make_rest)
        self._rest.hide()
        self._most = _MOST
        self._shown: tuple[Attachment, ...] = ()
        self._message: MessageId | None = None
        self._by_part: dict[str, AttachmentChip] = {}
        self._hands = ChipHands(self)
        self._narrow = False
        self._current = ""
        self._held = False  # the current one stays in sight until a person scrolls
        self._paused = False
        self._saving = ""
        self._more = QTimer(self)
        self._more.setInterval(_PAUSE_MS)
        self._more.timeout.connect(self._make_more)
        self.hide()

    # What is shown

    def show_attachments(
        self, attachments: Sequence[Attachment], message_id: MessageId | None = None
    ) -> None:
        """Shows those that are not pictures inside the text; hides itself when there are none.

        message_id: whose they are; None while they cannot be looked at.
        """
        shown = tuple(each for each in attachments if not each.inline)
        if shown == self._shown and message_id == self._message:
            return
        same = message_id == self._message and _parts(shown) == _parts(self._shown)
        self._shown, self._message = shown, message_id
        if same:
            for each in shown:
                if (chip := self._by_part.get(each.part)) is not None:
                    chip.set_attachment(each)
        else:
            self._make_anew()
        self._say()
        self._fit()
        self.setVisible(bool(shown))
        self.changed.emit()

    def _make_anew(self) -> None:
        focused = self.isAncestorOf(QApplication.focusWidget() or self)
        if focused and not self._shown:
            self.focus_left.emit()
        old: list[QWidget] = []
        while (item := self._chips.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None and widget is not self._rest:
                old.append(widget)
        self._by_part = {}
        self._most = _MOST
        self._saving = ""
        self._all.setEnabled(True)
        self._make(_FIRST)
        for chip in self._first() if focused else ():
            chip.show()
            chip.setFocus()  # before those that have it are hidden, and give it away anywhere
        for widget in (*old, self._rest):
            widget.hide()
        for widget in old:
            widget.deleteLater()
        if self._unmade():
            self._more.start()
        self._area.verticalScrollBar().setValue(0)

    def _make_more(self) -> None:
        self._make(_SLICE)
        if not self._unmade():
            self._more.stop()
            if len(self._by_part) < len(self._shown):
                left = len(self._shown) - len(self._by_part)
                count = self.locale().toString(left)
                self._rest.setText(self.tr("{count} more…").format(count=count))
                self._chips.addWidget(self._rest)
                self._rest.show()
        self._fit()

    def _unmade(self) -> bool:
        return len(self._by_part) < min(len(self._shown), self._most)

    def _make_rest(self) -> None:
        """The next of very many."""
        self._chips.removeWidget(self._rest)
        self._rest.hide()
        self._most += _MOST
        self._more.start()

    def _make(self, count: int) -> None:
        first = len(self._by_part)
        for each in self._shown[first : min(first + count, self._most)]:
            chip = self._by_part[each.part] = self._chip(each)
            self._chips.addWidget(chip)
            chip.set_paused(self._paused)
        if not first:
            for chip in list(self._by_part.values())[:1]:
                chip.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def _say(self) -> None:
        count = len(self._shown)
        self._all.setText(self.tr("Save all…") if count > 1 else self.tr("Save…"))
        total = dates.size(sum(each.size for each in self._shown))
        words = self.tr("{count} files, {size}").format(
            count=self.locale().toString(count), size=total
        )
        narrow = self._narrow = self.width() < _NARROW
        self._all.setToolTip(words if count > 1 else "")
        self._side.setStretch(0, 1 if count == 1 else 0)  # beside one it stands at its middle
        self._all.setToolButtonStyle(
            Qt.ToolButtonStyle.ToolButtonIconOnly
            if narrow
            else Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        )
        self._label.setText(self._saving or words)
        self._label.setVisible(bool(self._saving) or (count > 1 and not narrow))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._narrow is not (self.width() < _NARROW):
            self._say()
        self._fit()
        self._keep_current()
        self.moved.emit()

    def _fit(self) -> None:
        """As many lines as the names need, three at most; then it scrolls."""
        self._outer.activate()
        line = max((chip.sizeHint().height() for chip in self._first()), default=0)
        most = _LINES * line + (_LINES - 1) * _GAP
        if line and self._chips.heightForWidth(self._area.width()) > most:
            most += line // 3  # the next line looks out, so that nobody misses it
        self._area.setFixedHeight(min(self._chips.heightForWidth(self._area.width()), most))

    def _first(self) -> list[AttachmentChip]:
        return list(self._by_part.values())[:1]

    @property
    def message(self) -> MessageId | None:
        """Whose attachments these are, None while they cannot be looked at."""
        return self._message

    def shown(self) -> tuple[Attachment, ...]:
        return self._shown

    def chip(self, part: str) -> AttachmentChip | None:
        """That of this part, None when there is none."""
        return self._by_part.get(part)

    def chips(self) -> list[AttachmentChip]:
        """All that are made, in their order."""
        return list(self._by_part.values())

    def in_sight(self) -> list[AttachmentChip]:
        """Chips that a person can see now."""
        seen = self._area.viewport().rect()
        seen.moveTop(self._area.verticalScrollBar().value())
        return [chip for chip in self._by_part.values() if chip.geometry().intersects(seen)]

    def chosen(self) -> list[Attachment]:
        """Those chosen beside one another."""
        return [chip.attachment for chip in self._by_part.values() if chip.chosen]

    def set_current(self, part: str) -> None:
        """Which one is looked at, "" for none; it is brought into sight."""
        self._current = part
        for known, chip in self._by_part.items():
            chip.set_current(known == part)
        self._held = True
        self._show_current()

    def _let_go(self) -> None:
        self._held = False

    def _keep_current(self) -> None:
        """Lines were filled anew, perhaps after it was brought into sight."""
        if self._current and self._held:
            QTimer.singleShot(0, self, self._show_current)

    def _show_current(self) -> None:
        chip = self._by_part.get(self._current)
        if chip is not None:
            self._area.ensureWidgetVisible(chip, 0, 4)

    # What comes

    def show_progress(self, name: str, done: int, total: int) -> None:
        """So much of the attachment of this name has come."""
        named = [chip for chip in self._by_part.values() if chip.attachment.filename == name]
        if not named:  # one that the engine knows by another name: the one that is waited for
            named = [chip for chip in self._by_part.values() if chip.fetching]
        if len(named) == 1 and not named[0].attachment.here:
            named[0].show_progress(done, total)
            self._fit()

    def show_saving(self, done: int, total: int) -> None:
        """So many of several are saved; all of them: nothing more is said."""
        words = self.tr("Saving {done} of {total}…")
        self._saving = words.format(done=done + 1, total=total) if done < total else ""
        self._all.setEnabled(not self._saving)
        self._say()

    @property
    def waiting(self) -> bool:
        """Whether any attachment is on its way."""
        return any(chip.fetching for chip in self._by_part.values())

    def show_downloads(self, known: Mapping[str, Transfer]) -> None:
        """Which are on their way, and of which something is kept."""
        for part, chip in self._by_part.items():
            transfer = known.get(part)
            if transfer is None:
                chip.stop()
            elif transfer.running:
                chip.fetch(transfer.done)
            else:
                chip.stop(transfer.done)
        self._fit()

    def set_paused(self, paused: bool) -> None:
        """Whether what is fetched waits."""
        self._paused = paused
        for chip in self._by_part.values():
            chip.set_paused(paused)
        self._fit()

    # What a person does: see chip_hands.py

    def _chip(self, attachment: Attachment) -> AttachmentChip:
        chip = AttachmentChip(attachment)
        chip.focused.connect(lambda: self._focus(chip))
        self._hands.serve(chip)
        return chip

    def _focus(self, chip: AttachmentChip) -> None:
        """One stop for Tab: the chip that had the focus last."""
        for each in self._by_part.values():
            strong = each is chip
            each.setFocusPolicy(Qt.FocusPolicy.StrongFocus if strong else Qt.FocusPolicy.ClickFocus)
        self._area.ensureWidgetVisible(chip, 0, 4)

    def start_drag(self, paths: Sequence[str]) -> None:
        """Drags files out to another program, unless the button was let go meanwhile."""
        if QApplication.mouseButtons() & Qt.MouseButton.LeftButton:
            file_data.drag(self, paths)


def _parts(attachments: Sequence[Attachment]) -> list[tuple[str, str]]:
    return [(each.part, each.filename) for each in attachments]
