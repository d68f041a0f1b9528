"""The message pane: what stands above a message, its body, its attachments. Asks for what it shows.

What it is told to show it shows at once as far as the store knows it; the body follows when the
engine has rendered it, and is dropped if something else is shown by then, or in another way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QMenu,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from martlet.mail.changes import Progress, Unit
from martlet.mail.errors import MailError
from martlet.mail.message import Attachment, Envelope, MessageId
from martlet.mail.reading import View
from martlet.mail.rendered import Rendered
from martlet.ui.asking import Asking
from martlet.ui.attachment_bar import AttachmentBar
from martlet.ui.body_view import BodyView
from martlet.ui.downloads import WHOLE, Downloads
from martlet.ui.facts import Centred
from martlet.ui.link import EngineLink
from martlet.ui.message_top import MessageTop
from martlet.ui.preview.pane import PreviewPane
from martlet.ui.rendered import bytes_not_here, is_summary, lacks, same_body
from martlet.ui.rest_bar import RestBar
from martlet.ui.ways import Mode, Way

_NARROW = 560
# Of the pane's height so much at most is for what stands above the text.
_TOP_SHARE = 0.6


class MessagePane(QFrame):
    """`link_clicked`, `link_hovered`, `painted` (something of a Rendered is to be seen) and `shown`
    (it is complete on screen) go up.
    """

    link_clicked = Signal(QUrl)
    link_hovered = Signal(str)
    painted = Signal(object)
    shown = Signal(object)

    def __init__(
        self,
        link: EngineLink,
        actions: Sequence[QAction],
        more: QMenu,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("messagePane")
        self.setMinimumWidth(320)
        self._link = link
        self._rendered: Rendered | None = None
        self._asking = Asking(link, self)
        self._asking.came.connect(self._show)
        self._asking.failed.connect(self._on_failed)
        self.downloads = Downloads()
        self._on_pop3 = False
        self._left: set[MessageId] = set()
        self.top = MessageTop(link, actions, more)
        self.top.link_clicked.connect(self.link_clicked)
        self.head, self.ledger = self.top.head, self.top.ledger
        self.attachments = AttachmentBar()
        self.attachments.focus_left.connect(lambda: self.body().setFocus())
        self.rest = RestBar()
        self.rest.left.connect(self._leave_there)
        self.text = BodyView(link)
        self.text.link_clicked.connect(self.link_clicked)
        self.text.link_hovered.connect(self.link_hovered)
        self.text.painted.connect(self._on_painted)
        self.text.shown.connect(self._on_shown)
        self.text.menu_wanted.connect(self._add_ways)
        self.text.pictures.once_wanted.connect(self._show_pictures)
        self.text.pictures.always_wanted.connect(self._asking.allow)
        self._asking.html_near.connect(self.text.warm)
        self._beside: Sequence[MessageId] = ()
        self.finding = self.text.finding
        self.preview = PreviewPane(link)
        self.preview.join(self.attachments, self.text)
        self.preview.link_clicked.connect(self.link_clicked)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top)
        column.addWidget(self.rest)
        column.addWidget(self.text, 1)
        column.addWidget(self.preview, 1)
        column.addWidget(self.attachments)
        self._empty = Centred(self.tr("Choose a message to read it here."))
        self._empty.setObjectName("messageEmpty")
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self._empty)
        self._pages.addWidget(page)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._pages)

    @property
    def message_id(self) -> MessageId | None:
        """What is shown, or asked for."""
        return self._asking.message

    @property
    def rendered(self) -> Rendered | None:
        """What is on screen, once it is complete."""
        return self._rendered

    def clear(self, words: str = "") -> None:
        """Shows no message, but these words."""
        self._asking.choose(None)
        self.preview.leave()
        self._rendered = None
        self.text.stop_waiting()
        self._empty.say(words or self.tr("Choose a message to read it here."))
        self._pages.setCurrentIndex(0)

    def show_message(
        self,
        message_id: MessageId,
        envelope: Envelope,
        *,
        pop3: bool = False,
        view: View | None = None,
        beside: Sequence[MessageId] = (),
    ) -> bool:
        """Shows the head at once and asks for the body; False when it is shown already.

        pop3: what is not here of it waits on a POP3 server until it is asked for. view: as it is
        to be looked at; None as it was looked at last. beside: what may be opened next, the
        likeliest first, and is here to be read.
        """
        self._beside = beside
        way = self._asking.way_of(message_id)
        if view is not None and view != way.view:
            self._asking.put_way(message_id, replace(way, view=view))
        elif message_id == self.message_id:
            return False
        self._asking.choose(message_id)
        self._on_pop3 = pop3
        self._rendered = None
        self.top.show_message(message_id, envelope)
        self.rest.show_rest(0)
        self.attachments.show_attachments(())
        self._pages.setCurrentIndex(1)
        self.text.wait()
        self._asking.begin()
        return True

    def body_arrived(self, message_id: MessageId) -> None:
        """The body of this message is stored now."""
        self._asking.forget([message_id])
        known = self._rendered
        if message_id == self.message_id and (
            known is None or not known.complete or known.not_here or lacks(known)
        ):
            self._asking.ask()

    def fetch_began(self, message_id: MessageId, attachment: Attachment) -> None:
        """An attachment is on its way."""
        self.downloads.began(message_id, attachment)
        self._show_downloads()

    def fetch_ended(self, message_id: MessageId, attachment: Attachment) -> None:
        """It came, or it will not."""
        self.downloads.ended(message_id, attachment.part)
        self._show_downloads()
        self.body_arrived(message_id)

    def fetch_rest(self) -> MessageId | None:
        """All of the message shown is asked for; None when none is shown."""
        if self._rendered is None:
            return None
        message = self._rendered.message_id
        self.downloads.rest_began(message, bytes_not_here(self._rendered))
        return message

    def rest_ended(self, message_id: MessageId) -> None:
        """It is all here already, or it will not come."""
        self.downloads.ended(message_id)
        if self._rendered is not None and message_id == self.message_id:
            self._show_rest(self._rendered)

    def stop_fetching(self) -> None:
        """Nothing is waited for any more."""
        self.downloads.stop()
        self._show_downloads()

    def set_paused(self, paused: bool) -> None:
        """Whether what is asked for waits."""
        self.attachments.set_paused(paused)
        self.rest.set_paused(paused)

    def _show_downloads(self) -> None:
        if self.message_id is not None:
            self.attachments.show_downloads(self.downloads.of(self.message_id))

    def set_progress(self, progress: Progress) -> None:
        """Some of the message shown, or of one of its attachments, has come."""
        if progress.message_id != self.message_id or progress.unit is not Unit.BYTES:
            return
        names = {each.filename for each in self.attachments.shown()}
        if progress.what in names or self.attachments.waiting:
            self.attachments.show_progress(progress.what, progress.done, progress.total)
        else:
            self.rest.show_progress(progress)

    def show_rendered(self, rendered: Rendered) -> None:
        """Shows a message that is ready (of a file, too)."""
        self._asking.choose(rendered.message_id)
        self._rendered = None
        self._pages.setCurrentIndex(1)
        self._show(rendered)

    @property
    def way(self) -> Way:
        """How the message shown is looked at."""
        return self._asking.way

    def set_view(self, view: View) -> None:
        """Shows the message as the engine answers to this view; remembered for it."""
        self._look(replace(self.way, view=view))

    def set_mode(self, mode: Mode) -> None:
        """As it was sent, simple, or its text alone; remembered for this message."""
        self._look(self.way.in_mode(mode))

    @property
    def view(self) -> View:
        """How the engine is asked for the message shown."""
        return self.way.view

    def toggle_mode(self, mode: Mode) -> None:
        """Simple or plain, or back to how it was sent."""
        self.set_mode(Mode.AS_SENT if self.way.mode is mode else mode)

    def toggle_plain(self) -> None:
        """Text instead of HTML, or back."""
        self.toggle_mode(Mode.PLAIN)

    def toggle_original(self) -> None:
        """In the colours it was sent in, or in those of the window again."""
        self._look(replace(self.way, original=not self.way.original))

    def toggle_quotes(self) -> bool:
        """Folds or unfolds quotes; False when there are none to fold."""
        return self.text.toggle_quotes()

    def forget(self, messages: Sequence[MessageId] | None = None) -> None:
        """These have changed (None: anything may have): nothing of them is shown from memory."""
        self._asking.forget(messages)

    def _show_pictures(self, shown: bool) -> None:
        self.set_view(replace(self.view, pictures=shown))

    def _is_shown(self, rendered: Rendered) -> bool:
        """Whether it is this one, and not one before while its successor is asked for."""
        return self._rendered is not None and rendered.message_id == self.message_id

    def _on_painted(self, rendered: Rendered) -> None:
        if self._is_shown(rendered):
            self.painted.emit(rendered)
            self._asking.expect(self._beside)

    def _on_shown(self, rendered: Rendered) -> None:
        if self._is_shown(rendered):
            self.shown.emit(rendered)

    def _add_ways(self, menu: QMenu) -> None:
        """How a rich message may be looked at, to its context menu."""
        if self._rendered is None or self._rendered.html is None:
            return
        menu.addSeparator()
        for mode, words in (
            (Mode.AS_SENT, self.tr("As it was sent")),
            (Mode.SIMPLE, self.tr("Simple looks")),
            (Mode.PLAIN, self.tr("Plain text")),
        ):
            action = menu.addAction(words)
            action.triggered.connect(lambda _on=False, mode=mode: self.set_mode(mode))
            action.setCheckable(True)
            action.setChecked(self.way.mode is mode)

    def _look(self, way: Way) -> None:
        message = self.message_id
        if message is None or way == self.way:
            return
        self._asking.put_way(message, way)
        known = self._rendered
        if known is not None and known.view == way.view:
            self._rendered = None  # shown anew, however alike it is
            self._show(known)
        else:
            self._asking.ask()

    def begin_finding(self) -> None:
        """Lets a person look for words in what is shown."""
        if self._rendered is not None:
            self.preview.leave()
            self.text.begin_finding()

    def stop_finding(self) -> bool:
        """Ends that, or looking at an attachment; False when nobody was looking."""
        return self.text.stop_finding() or self.preview.leave()

    def zoom(self, steps: int) -> None:
        """Larger (1), smaller (-1) or as it was (0)."""
        if self.preview.attachment is not None:
            self.preview.zoom(steps)
        else:
            self.text.zoom(steps)

    def body(self) -> QWidget:
        """The widget that shows the body now, for the focus."""
        looked_at = self.preview.attachment is not None
        return self.preview.focus_widget() if looked_at else self.text.focus_widget()

    def page_down(self) -> bool:
        """Scrolls a page; False when it is at its end."""
        shown = self.text if self.preview.attachment is None else self.preview
        return shown.page_down()

    def _on_failed(self, error: MailError) -> None:
        self.text.say(error.summary)

    def _show(self, rendered: Rendered) -> None:
        before, self._rendered = self._rendered, rendered
        self.top.show_rendered(rendered)
        if not rendered.complete:
            return
        self._asking.keep(rendered)
        self.text.stop_waiting()
        focused = self.rest.isAncestorOf(QApplication.focusWidget() or self)
        self._show_rest(rendered)
        summary = self._on_pop3 and is_summary(rendered)
        shown = () if summary else rendered.attachments
        self.attachments.show_attachments(shown, rendered.message_id)
        self.downloads.came(rendered.message_id, rendered.attachments)
        self._show_downloads()
        self.rest.go_on(self.downloads.of(rendered.message_id).get(WHOLE))
        if before is not None and before.complete and same_body(before, rendered):
            return  # only an attachment came: what is read stays where it is
        if summary:
            self.text.say(self.tr("Only the headers of this message are here."))
        else:
            self.text.show_rendered(rendered, self.way)
        if focused and self.rest.isHidden():
            self.body().setFocus()

    def _show_rest(self, rendered: Rendered) -> None:
        """How much of it is not here, and what can be done about that."""
        self.rest.show_rest(
            bytes_not_here(rendered),
            summary=self._on_pop3,
            left=rendered.message_id in self._left,
        )

    def _leave_there(self) -> None:
        if self.message_id is not None:
            self._left.add(self.message_id)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.top.set_narrow(self.width() < _NARROW)
        self.top.set_room(int(self.height() * _TOP_SHARE))
