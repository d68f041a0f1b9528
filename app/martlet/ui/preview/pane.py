"""An attachment looked at in place of the message's text: picture, PDF, text, attached message, or
its facts. Nothing a sender made is decoded in this process; `looking.py` fetches it.

    hidden --preview_wanted--> its facts --> itself, or why not
       ^                                        └ Download again, when it did not come
       └── Escape, the back button, another message
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, QUrl, Signal
from PySide6.QtGui import QImage, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QApplication,
    QFrame,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from martlet.mail.file_risk import FileFacts
from martlet.mail.file_types import Kind
from martlet.mail.message import Attachment, MessageId
from martlet.mail.rendered import Rendered
from martlet.ui import file_words, pressing
from martlet.ui.attachment_bar import AttachmentBar
from martlet.ui.facts import FactLine
from martlet.ui.link import EngineLink
from martlet.ui.preview.about import AboutPage
from martlet.ui.preview.looking import Looking
from martlet.ui.preview.page_view import Fit, PageView
from martlet.ui.preview.process import PreviewProcess
from martlet.ui.preview.strip import PreviewStrip, under
from martlet.ui.preview.text_page import TextPage
from martlet.ui.preview.thumbnails import Thumbnails

if TYPE_CHECKING:
    from martlet.ui.preview.message_page import MessagePage

_LOWEST = 60
# Below it the emblem of a kind makes way for the buttons.
_ROOMY = 290
_ZOOMS = {
    Qt.Key.Key_Plus: 1,
    Qt.Key.Key_Equal: 1,
    Qt.Key.Key_Minus: -1,
    Qt.Key.Key_Underscore: -1,
}
_OURS = frozenset(
    {*_ZOOMS, Qt.Key.Key_Escape, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Return,
     Qt.Key.Key_Enter, Qt.Key.Key_Space, Qt.Key.Key_Delete, Qt.Key.Key_Backspace}
)  # fmt: skip


class PreviewPane(QFrame):
    """`ready`: what can be shown of the attachment is on screen."""

    ready = Signal()
    left = Signal()
    link_clicked = Signal(QUrl)

    def __init__(
        self,
        link: EngineLink,
        parent: QWidget | None = None,
        *,
        process: PreviewProcess | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("previewPane")
        self._link = link
        self.process = process or PreviewProcess(self)
        self._bar: AttachmentBar | None = None
        self._body: QWidget | None = None
        self._message: MessageId | None = None
        self._attachment: Attachment | None = None
        self._facts = FileFacts(Kind.OTHER)
        self._counted = self._cut = False
        self._looking = Looking(link, self.process, self)
        self._looking.waits.connect(self._wait)
        self._looking.ended.connect(self._end)
        self._looking.known.connect(self._take)
        self._looking.text.connect(self._show_text)
        self._looking.pages.connect(self._show_pages)
        self._looking.drawn.connect(self._show_frame)
        self._looking.message.connect(self._show_message)
        self.strip = PreviewStrip()
        self._risks = FactLine()
        self.pages = PageView()
        self.text = TextPage()
        self.about = AboutPage()
        self._attached: MessagePage | None = None
        self._stack = QStackedWidget()
        self._scrolled = QScrollArea()
        self._scrolled.setFrameShape(QFrame.Shape.NoFrame)
        self._scrolled.setWidgetResizable(True)
        self._scrolled.setWidget(self.about)
        self._scrolled.setStyleSheet(
            "QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; }"
        )
        self._scrolled.setFocusProxy(self.about)
        for page in (self._scrolled, self.pages, self.text):
            self._stack.addWidget(page)
        # Whatever is shown, the bar below keeps its lines.
        self._stack.setMinimumHeight(_LOWEST)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.strip)
        self._risks.setContentsMargins(0, 8, 0, 4)
        column.addWidget(self._risks)
        column.addWidget(self._stack, 1)
        self.strip.back_wanted.connect(self.leave)
        self.strip.open_wanted.connect(self._open)
        self.strip.save_wanted.connect(self._save)
        self.strip.zoom_wanted.connect(self.zoom)
        self.strip.step_wanted.connect(self.step)
        self.about.open_wanted.connect(self._open)
        self.about.save_wanted.connect(self._save)
        self.about.play_wanted.connect(self._play)
        self.about.download_wanted.connect(self._begin)
        self.pages.wanted.connect(self._looking.draw)
        self.pages.paged.connect(self._say_page)
        self.hide()

    def join(self, bar: AttachmentBar, body: QWidget) -> None:
        """Shows what this bar wants looked at, in place of that body."""
        self._bar, self._body = bar, body
        self._thumbnails = Thumbnails(self._link, self.process, bar)
        bar.preview_wanted.connect(self._toggle)
        bar.leave_wanted.connect(self.leave)
        bar.changed.connect(self._bar_changed)

    # What is shown

    @property
    def attachment(self) -> Attachment | None:
        """What is looked at, None while hidden."""
        return self._attachment

    @property
    def showing(self) -> QWidget:
        """The page that is shown."""
        page = self._stack.currentWidget()
        return self.about if page is None or page is self._scrolled else page

    def focus_widget(self) -> QWidget:
        """What takes the focus of that page."""
        page, attached = self.showing, self._attached
        return page if attached is None or page is not attached else attached.body.focus_widget()

    def page_down(self) -> bool:
        """Scrolls a page; False when it is at its end."""
        page = self.showing
        if self._attached is not None and page is self._attached:
            return self._attached.body.page_down()
        if not isinstance(page, QAbstractScrollArea):
            return False
        bar = page.verticalScrollBar()
        if bar.value() >= bar.maximum():
            return False
        # Of text a scroll bar counts lines.
        bar.setValue(bar.value() + max(1, bar.pageStep() - bar.singleStep()))
        return True

    def show_attachment(self, attachment: Attachment) -> None:
        """One of the bar's attachments."""
        bar = self._bar
        if bar is None or bar.message is None:
            return
        had = QApplication.focusWidget()
        self.show()
        if had is None or under(had, bar) or (self._body and under(had, self._body)):
            self.focus_widget().setFocus()
        if self._body is not None:
            self._body.hide()
        self._message, self._attachment = bar.message, attachment
        bar.set_current(attachment.part)
        self._take(file_words.facts_of(attachment))
        self._begin()

    def leave(self) -> bool:
        """Shows the message again; False when it is shown already."""
        if self._attachment is None:
            return False
        part, self._attachment = self._attachment.part, None
        self._looking.leave()
        focused = under(QApplication.focusWidget(), self)
        if self._body is not None:
            self._body.show()
        self.hide()
        self.pages.set_pages([], Fit.WHOLE)
        self.text.show_text("")
        if self._bar is not None:
            self._bar.set_current("")
            chip = self._bar.chip(part)
            if focused and chip is not None:
                chip.setFocus()
        self.left.emit()
        return True

    def step(self, by: int) -> None:
        """To an attachment beside this one."""
        if self._bar is None or self._attachment is None:
            return
        shown = self._bar.shown()
        at = self._at() + by
        if 0 <= at < len(shown):
            self.show_attachment(shown[at])

    def zoom(self, steps: int) -> None:
        """Larger (1), smaller (-1) or fitted again (0)."""
        if self.showing is self.pages:
            self.pages.zoom(steps)
        elif self.showing is self.text:
            self.text.zoom(steps)

    def _toggle(self, attachment: Attachment) -> None:
        """A click on the one that is shown leads back, unless it was given up halfway."""
        if self._attachment is None or attachment.part != self._attachment.part:
            self.show_attachment(attachment)
        elif self._looking.missed:
            self._begin()
        else:
            self.leave()

    def _bar_changed(self) -> None:
        """Another message, or an attachment that came."""
        bar, shown = self._bar, self._attachment
        if bar is None or shown is None:
            return
        now = next((each for each in bar.shown() if each.part == shown.part), None)
        if bar.message != self._message or now is None:
            self.leave()
            return
        self._attachment = now
        bar.set_current(now.part)
        if self._looking.missed and now.here:
            self._begin()  # it came after all

    def _at(self) -> int:
        parts = [each.part for each in self._bar.shown()] if self._bar is not None else []
        part = self._attachment.part if self._attachment is not None else ""
        return parts.index(part) if part in parts else 0

    def _take(self, facts: FileFacts) -> None:
        """Says what is known of it."""
        if self._attachment is None or self._bar is None:
            return
        self._facts = facts
        self.strip.show_file(self._attachment, facts, self._at(), len(self._bar.shown()))
        self._risks.say([("warning", file_words.risk(risk)) for risk in facts.risks])

    def _say(self, words: str) -> None:
        """Its facts in place of itself."""
        if self._attachment is not None:
            self.about.show_file(self._attachment, self._facts, words, missed=self._looking.missed)
            self._turn_to(self._scrolled)

    def _turn_to(self, page: QWidget) -> None:
        had = under(QApplication.focusWidget(), self)
        self._stack.setCurrentWidget(page)
        if page is not self.pages:
            self.pages.set_pages([], Fit.WHOLE)  # what nobody sees is not kept
        if had:
            self.focus_widget().setFocus()

    # What comes of it

    def _begin(self) -> None:
        """What is chosen is fetched and decoded, once more if it did not come."""
        if self._bar is not None and self._message is not None and self._attachment is not None:
            fetch = self._bar.bytes_wanted.emit
            self._looking.begin(self._message, self._attachment, self._facts, fetch)

    def _wait(self, words: str) -> None:
        if words or self.showing is self.about:
            self._say(words)

    def _end(self, words: str) -> None:
        self._say(words)
        self.ready.emit()

    def _show_text(self, text: str, cut: bool) -> None:
        self.text.show_text(text)
        words = self.tr("This is only its beginning; open or save it to read the rest.")
        notes = [("warning", file_words.risk(risk)) for risk in self._facts.risks]
        self._risks.say([*notes, ("info", words)] if cut else notes)
        self.strip.show_place("", zoom=True)
        self._turn_to(self.text)
        self.ready.emit()

    def _show_pages(self, sizes: list[tuple[float, float]], pdf: bool, cut: bool) -> None:
        self._counted, self._cut = pdf, cut
        self.pages.set_pages(sizes, Fit.WIDTH if pdf else Fit.WHOLE)
        name = self._attachment.filename if self._attachment is not None else ""
        self.pages.setAccessibleName(name)
        self._turn_to(self.pages)
        self._say_page(0)

    def _show_frame(self, page: int, image: QImage, size: QSize) -> None:
        self.pages.set_frame(page, image, size)
        if self.pages.complete:
            self.ready.emit()

    def _say_page(self, page: int) -> None:
        count = self.pages.page_count
        words = self.tr("Page {page} of {count}")
        if self._cut:
            words = self.tr("Page {page} of the first {count}")
        words = words.format(page=page + 1, count=count)
        self.strip.show_place(words if self._counted else "", zoom=True)

    def _show_message(self, rendered: Rendered) -> None:
        if self._attached is None:
            from martlet.ui.preview.message_page import MessagePage

            self._attached = MessagePage(self._link)
            self._attached.link_clicked.connect(self.link_clicked)
            self._stack.addWidget(self._attached)
        self._attached.show_rendered(rendered)
        self._turn_to(self._attached)
        self.ready.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.about.emblem.setVisible(self.height() > _ROOMY)

    # Hands

    def _open(self) -> None:
        if self._bar is not None and self._attachment is not None:
            self._bar.open_wanted.emit(self._attachment)

    def _save(self) -> None:
        if self._bar is not None and self._attachment is not None:
            self._bar.save_wanted.emit([self._attachment])

    def _play(self) -> None:
        if self._bar is not None and self._attachment is not None:
            self._bar.play_wanted.emit(self._attachment)

    def event(self, event: QEvent) -> bool:
        if pressing.press(event):
            return True
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self._means_us(event)
        ):
            event.accept()
            return True
        return super().event(event)

    def _means_us(self, event: QKeyEvent) -> bool:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return event.key() in (*_ZOOMS, Qt.Key.Key_0, Qt.Key.Key_S)
        return event.key() in _OURS

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        back = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        steps = {Qt.Key.Key_Left: 1 if back else -1, Qt.Key.Key_Right: -1 if back else 1}
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        elif event.key() in steps and not control:
            self.step(steps[Qt.Key(event.key())])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open()
        elif control and event.key() == Qt.Key.Key_S:
            self._save()
        elif event.key() in _ZOOMS:
            self.zoom(_ZOOMS[Qt.Key(event.key())])
        elif control and event.key() == Qt.Key.Key_0:
            self.zoom(0)
        elif event.key() in _OURS:
            event.accept()  # the message below is not meant
        else:
            super().keyPressEvent(event)
