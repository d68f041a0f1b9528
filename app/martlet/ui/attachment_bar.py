"""Attachments of the message shown: names and sizes always in sight, opened, saved, dragged out.

What is not here is fetched by the engine on the way; a click on one that is on its way stops that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, Qt, QUrl, Signal
from PySide6.QtGui import QDrag, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QScrollArea, QToolButton, QWidget

from martlet.mail.message import Attachment
from martlet.ui import dates, theme
from martlet.ui.attachment_chip import AttachmentChip
from martlet.ui.downloads import Transfer
from martlet.ui.flow import FlowLayout

_HIGHEST = 116


class AttachmentBar(QFrame):
    """Says which attachment is to be opened, saved or dragged; is told what to drag.

    stop_wanted: the person does not want to wait for one any more.
    """

    open_wanted = Signal(object)
    stop_wanted = Signal()
    save_wanted = Signal(object)
    drag_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("attachmentBar")
        self.setAccessibleName(self.tr("Attachments"))
        outer = self._outer = QHBoxLayout(self)
        outer.setContentsMargins(24, 8, 16, 8)
        outer.setSpacing(10)
        self._label = QLabel()
        self._label.setProperty("tone", "second")
        outer.addWidget(self._label)
        self._row = QWidget()
        self._chips = FlowLayout(self._row, gap=6)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setStyleSheet(
            "QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; }"
        )
        area.setWidget(self._row)
        self._area = area
        outer.addWidget(area, 1)
        self._all = QToolButton()
        self._all.setText(self.tr("Save all…"))
        self._all.setIcon(theme.icon("save"))
        self._all.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._all.clicked.connect(lambda: self.save_wanted.emit(list(self._shown)))
        outer.addWidget(self._all)
        self._shown: tuple[Attachment, ...] = ()
        self._by_part: dict[str, AttachmentChip] = {}
        self._pressed: QPoint | None = None
        self._paused = False
        self.hide()

    def show_attachments(self, attachments: Sequence[Attachment]) -> None:
        """Shows those that are not pictures inside the text; hides itself when there are none."""
        shown = tuple(each for each in attachments if not each.inline)
        if shown == self._shown:
            return
        self._shown = shown
        self._by_part = {}
        while (item := self._chips.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for each in self._shown:
            chip = self._by_part[each.part] = self._chip(each)
            self._chips.addWidget(chip)
            chip.set_paused(self._paused)
        total = dates.size(sum(each.size for each in self._shown))
        self._label.setText(
            self.tr("1 file")
            if len(self._shown) == 1
            else self.tr("{count} files, {size}").format(count=len(self._shown), size=total)
        )
        self._all.setVisible(len(self._shown) > 1)
        self._fit()
        self.setVisible(bool(self._shown))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """As many lines as the names need, three at most; then it scrolls."""
        self._outer.activate()
        self._area.setFixedHeight(min(self._chips.heightForWidth(self._area.width()), _HIGHEST))

    def shown(self) -> tuple[Attachment, ...]:
        return self._shown

    def chip(self, part: str) -> AttachmentChip | None:
        """That of this part, None when there is none."""
        return self._by_part.get(part)

    def show_progress(self, name: str, done: int, total: int) -> None:
        """So much of the attachment of this name has come."""
        named = [chip for chip in self._by_part.values() if chip.attachment.filename == name]
        if not named:  # one that the engine knows by another name: the one that is waited for
            named = [chip for chip in self._by_part.values() if chip.fetching]
        if len(named) == 1 and not named[0].attachment.here:
            named[0].show_progress(done, total)
            self._fit()

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

    def _chip(self, attachment: Attachment) -> AttachmentChip:
        chip = AttachmentChip(attachment)
        chip.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        chip.clicked.connect(lambda: self._click(chip))
        chip.customContextMenuRequested.connect(
            lambda point: self._menu(attachment, chip.mapToGlobal(point))
        )
        chip.setProperty("attachment", attachment)
        chip.installEventFilter(self)
        return chip

    def _click(self, chip: AttachmentChip) -> None:
        if chip.fetching:
            self.stop_wanted.emit()
        else:
            self.open_wanted.emit(chip.attachment)

    def _menu(self, attachment: Attachment, point: QPoint) -> None:
        menu = QMenu(self)
        menu.addAction(
            theme.icon("open"), self.tr("Open"), lambda: self.open_wanted.emit(attachment)
        )
        menu.addAction(
            theme.icon("save"), self.tr("Save…"), lambda: self.save_wanted.emit([attachment])
        )
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(point)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A press that moves is a drag: the file is made first, then `start_drag` is called."""
        if isinstance(event, QMouseEvent):
            if event.type() is QEvent.Type.MouseButtonPress:
                self._pressed = event.position().toPoint()
            elif event.type() is QEvent.Type.MouseMove and self._pressed is not None:
                if (event.position().toPoint() - self._pressed).manhattanLength() > 12:
                    self._pressed = None
                    if isinstance(watched, QToolButton):
                        watched.setDown(False)
                    self.drag_wanted.emit(watched.property("attachment"))
                    return True
            elif event.type() is QEvent.Type.MouseButtonRelease:
                self._pressed = None
        return super().eventFilter(watched, event)

    def start_drag(self, path: str) -> None:
        """Drags a file out to another program."""
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(path)])
        drag = QDrag(self)
        drag.setMimeData(data)
        drag.setPixmap(theme.pixmap("file", 28, theme.current().accent, self.devicePixelRatioF()))
        drag.exec(Qt.DropAction.CopyAction)
