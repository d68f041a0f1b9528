"""An attachment looked at in place of the message's text: picture, PDF, text, attached message, or
its facts. Nothing a sender made is decoded in this process.

    hidden --preview_wanted--> asked for --bytes--> handed to the preview process --> shown
       ^                          └ not here: fetched first      └ no way, no luck: its facts
       |                               └ stopped, refused: why, and Download again
       └── Escape, the back button, another message
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, QUrl, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QApplication,
    QFrame,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from martlet.link.messages import PartBytes, Render
from martlet.mail.errors import MailError
from martlet.mail.file_risk import FileFacts
from martlet.mail.file_types import Kind
from martlet.mail.message import Attachment, MessageId
from martlet.mail.reading import View
from martlet.mail.rendered import Rendered
from martlet.ui import file_words, pressing
from martlet.ui.attachment_bar import AttachmentBar
from martlet.ui.facts import FactLine
from martlet.ui.link import EngineLink
from martlet.ui.preview import wire
from martlet.ui.preview.about import AboutPage
from martlet.ui.preview.page_view import Fit, PageView
from martlet.ui.preview.process import Job, PreviewProcess, Source, image_of
from martlet.ui.preview.strip import PreviewStrip, under
from martlet.ui.preview.text_page import TextPage
from martlet.ui.preview.thumbnails import Thumbnails
from martlet.ui.preview.ways import Way, way_of
from martlet.ui.preview.wire import MAX_FILE, Answer, Trouble, What

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
        self._source: Source | None = None
        self._turn = 0
        self._cut = False
        self._missed = False
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
        self.about.download_wanted.connect(self._again)
        self.pages.wanted.connect(self._draw)
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
        self._turn += 1
        self._message, self._attachment = bar.message, attachment
        self._forget_source()
        bar.set_current(attachment.part)
        self._take(file_words.facts_of(attachment))
        self._fetch(attachment)

    def leave(self) -> bool:
        """Shows the message again; False when it is shown already."""
        if self._attachment is None:
            return False
        self._turn += 1
        part, self._attachment = self._attachment.part, None
        self._forget_source()
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
        elif self._missed:
            self._again()
        else:
            self.leave()

    def _again(self) -> None:
        """What did not come is asked for once more."""
        if self._attachment is not None:
            self._fetch(self._attachment)

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
        if self._missed and now.here:
            self._again()  # it came after all

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
            self.about.show_file(self._attachment, self._facts, words, missed=self._missed)
            self._turn_to(self._scrolled)

    def _turn_to(self, page: QWidget) -> None:
        had = under(QApplication.focusWidget(), self)
        self._stack.setCurrentWidget(page)
        if page is not self.pages:
            self.pages.set_pages([], Fit.WHOLE)  # what nobody sees is not kept
        if had:
            self.focus_widget().setFocus()

    # Fetching and decoding

    def _fetch(self, attachment: Attachment) -> None:
        bar, message, turn = self._bar, self._message, self._turn
        if bar is None or message is None:
            return
        self._missed = False
        way = way_of(attachment, self._facts)
        if way is Way.MESSAGE:
            self._say(self.tr("Reading the attached message…"))
            self._link.ask(
                Render(message, view=View(part=attachment.part)),
                lambda rendered: self._show_message(turn, rendered),
                lambda error: self._refused(turn, error),
            )
            return
        if way is Way.NONE:
            self._say("")
            self.ready.emit()
            return
        if attachment.size > MAX_FILE:
            self._fail(turn, Trouble.TOO_LARGE)
            return

        def came(data: bytes) -> None:
            self._came(turn, data)

        if attachment.here:
            if self.showing is self.about:
                self._say("")
            self._link.ask(
                PartBytes(message, attachment.part),
                came,
                lambda error: self._refused(turn, error),
            )
        else:
            self._say(self.tr("It is being downloaded…"))
            bar.bytes_wanted.emit(attachment, came, lambda words: self._miss(turn, words))

    def _came(self, turn: int, data: bytes) -> None:
        attachment = self._attachment
        if turn != self._turn or attachment is None:
            return
        self._take(file_words.facts_of(attachment, data))
        way = way_of(attachment, self._facts, data)
        if way in (Way.NONE, Way.MESSAGE, Way.SNIFF):
            self._say("")
            self.ready.emit()
            return
        self._source = source = Source(data, way is Way.PAGES, attachment.charset)
        done = self._show_text if way is Way.TEXT else self._show_pages
        self.process.ask(
            Job(
                source,
                What.READ if way is Way.TEXT else What.LOOK,
                lambda answer, body: done(turn, answer, body),
                lambda trouble: self._fail(turn, trouble),
            )
        )

    def _forget_source(self) -> None:
        if self._source is not None:
            self.process.forget(self._source)
            self._source = None

    def _show_text(self, turn: int, answer: Answer, body: bytes) -> None:
        if turn != self._turn:
            return
        self.text.show_text(body.decode("utf-8", "replace"))
        cut = self.tr("This is only its beginning; open or save it to read the rest.")
        notes = [("warning", file_words.risk(risk)) for risk in self._facts.risks]
        self._risks.say([*notes, ("info", cut)] if answer.cut else notes)
        self.strip.show_place("", zoom=True)
        self._turn_to(self.text)
        self.ready.emit()

    def _show_pages(self, turn: int, answer: Answer, body: bytes) -> None:
        source = self._source
        if turn != self._turn or source is None:
            return
        sizes = wire.sizes_from_bytes(body)
        if sizes is None:
            self._fail(turn, Trouble.BROKEN)
            return
        self._cut = answer.cut
        self.pages.set_pages(sizes, Fit.WIDTH if source.pdf else Fit.WHOLE)
        name = self._attachment.filename if self._attachment is not None else ""
        self.pages.setAccessibleName(name)
        self._turn_to(self.pages)
        self._say_page(0)

    def _draw(self, page: int, width: int, height: int) -> None:
        source, turn = self._source, self._turn
        if source is None:
            return

        def drawn(answer: Answer, body: bytes) -> None:
            if turn == self._turn and answer.width:
                self.pages.set_frame(page, image_of(answer, body), QSize(width, height))
                if self.pages.complete:
                    self.ready.emit()

        self.process.ask(
            Job(
                source,
                What.DRAW,
                drawn,
                lambda trouble: self._fail(turn, trouble),
                page,
                width,
                height,
            )
        )

    def _say_page(self, page: int) -> None:
        count = self.pages.page_count
        words = self.tr("Page {page} of {count}")
        if self._cut:
            words = self.tr("Page {page} of the first {count}")
        words = words.format(page=page + 1, count=count)
        shown = self._source is not None and self._source.pdf
        self.strip.show_place(words if shown else "", zoom=True)

    def _show_message(self, turn: int, rendered: Rendered) -> None:
        if turn != self._turn:
            return
        if self._attached is None:
            from martlet.ui.preview.message_page import MessagePage

            self._attached = MessagePage(self._link)
            self._attached.link_clicked.connect(self.link_clicked)
            self._stack.addWidget(self._attached)
        self._attached.show_rendered(rendered)
        self._turn_to(self._attached)
        self.ready.emit()

    def _refused(self, turn: int, error: MailError) -> None:
        if turn == self._turn:
            self._say(error.summary)
            self.ready.emit()

    def _miss(self, turn: int, words: str) -> None:
        """It does not come from the server, now."""
        if turn == self._turn:
            self._missed = True
            self._say(words)
            self.ready.emit()

    def _fail(self, turn: int, trouble: Trouble) -> None:
        if turn == self._turn:
            self._say(file_words.trouble(trouble))
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
