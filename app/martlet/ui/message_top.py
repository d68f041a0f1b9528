"""Everything above the body of one message: buttons, head, what became of it, who it is from,
what is broken, cards.

There is one of these and one `BodyView` for each message that is shown; neither knows of another,
so a conversation stacks them: in a column within a scroll area, `set_room(0)` (as tall as it wants
for its width), no actions, and `show_message` when the message comes into sight.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, Qt, QUrl, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QMenu,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from martlet.mail.cards import NO_CARDS
from martlet.mail.message import Address, Attachment, Envelope, MessageId
from martlet.mail.rendered import Rendered
from martlet.ui.address_menu import address_menu, pop_up
from martlet.ui.cards.pile import CardPile
from martlet.ui.head_bar import HeadBar
from martlet.ui.header_block import HeaderBlock
from martlet.ui.ledger_line import LedgerLine
from martlet.ui.link import EngineLink
from martlet.ui.problem_list import ProblemList
from martlet.ui.sender_card import SenderCard

_LEAST = 120
_NAMES = {"text/calendar": "invitation.ics", "text/vcard": "contact.vcf"}


class MessageTop(QWidget):
    """link_clicked: a body elsewhere is to be opened. write_wanted, search_wanted: an Address.
    open_wanted, save_wanted: an Attachment, of a card. said: what was done in passing.
    """

    link_clicked = Signal(QUrl)
    write_wanted = Signal(object)
    search_wanted = Signal(object)
    source_wanted = Signal()
    open_wanted = Signal(object)
    save_wanted = Signal(object)
    said = Signal(str)

    def __init__(
        self,
        link: EngineLink,
        actions: Sequence[QAction] = (),
        more: QMenu | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("messageTop")
        self._message: MessageId | None = None
        self._rendered: Rendered | None = None
        self._room = 0
        # What the menu of an address offers: a window of a file has neither letters nor a list.
        self.may_write = self.may_search = True
        # Whether signatures can be checked: only the engine of a mailbox does.
        self.may_check = True
        self.bar = HeadBar(actions, more, self)
        self.head = HeaderBlock()
        self.ledger = LedgerLine()
        self.sender_card = SenderCard(link)
        self.problems = ProblemList()
        self.cards = CardPile()
        self._inner = QWidget()
        self._inner.setObjectName("messageTop")
        # Labels at their narrowest would ask for more height than those as wide as they are.
        self._inner.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        inside = QVBoxLayout(self._inner)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        for part in (self.head, self.sender_card, self.problems, self.ledger, self.cards):
            inside.addWidget(part)
        inside.addStretch(1)
        self._area = QScrollArea(self)
        self._area.setObjectName("messageTop")
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(self._inner)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self._area)
        # Where it ends, when more of it lies below.
        self._edge = QFrame(self)
        self._edge.setObjectName("topEdge")
        self._edge.setFixedHeight(1)
        self._edge.hide()
        column.addWidget(self._edge)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._connect()
        self._inner.installEventFilter(self)

    # What is shown

    def show_message(self, message_id: MessageId, envelope: Envelope) -> None:
        """The head at once, as the store knows it; all of the message before is forgotten."""
        with self._at_once():
            if message_id != self._message:
                self._rendered = None
                self.sender_card.clear()
                self.problems.show_problems(())
                self.cards.show_cards(NO_CARDS)
                self.head.show_tags(())
                self._area.verticalScrollBar().setValue(0)
            self._message = message_id
            self.head.show_envelope(envelope)

    def show_rendered(self, rendered: Rendered) -> None:
        """What the engine has found in it; also of one whose body is not here yet."""
        self._message, self._rendered = rendered.message_id, rendered
        with self._at_once():
            self.head.show_rendered(rendered)
            signed = self.may_check and not rendered.view.part
            self.sender_card.show_facts(
                rendered.message_id, rendered.facts, signed=signed, links=rendered.links
            )
            self.problems.show_problems(rendered.problems, rendered.notes)
            self.cards.show_cards(rendered.cards)

    def show_tags(self, words: Collection[str]) -> None:
        """The keywords of the message shown."""
        self.head.show_tags(words)
        self.fit()

    def show_back(self, shown: bool) -> None:
        """Shows the way back to the list."""
        self.bar.show_back(shown)

    def check_sender(self) -> None:
        """Unfolds what is known of the sender and has the signature checked."""
        self.sender_card.check()

    # Its size

    def set_narrow(self, narrow: bool) -> None:
        """There is no room for words on buttons, nor for the date beside the names."""
        self.bar.set_narrow(narrow)
        self.head.set_narrow(narrow)
        self.fit()

    def set_room(self, pixels: int) -> None:
        """It gets no taller than this, and scrolls inside; 0: as tall as it wants."""
        self._room = pixels
        self.fit()

    def fit(self) -> None:
        """As tall as what it shows, for the width it has."""
        layout = self._inner.layout()
        if layout is None:
            return
        layout.activate()
        width = max(1, self.width())
        wanted = layout.heightForWidth(width) if layout.hasHeightForWidth() else -1
        if wanted < 0:
            wanted = layout.sizeHint().height()
        bar = 0 if self.bar.isHidden() else self.bar.sizeHint().height()
        most = max(_LEAST, self._room - bar - 1) if self._room else wanted
        self._edge.setVisible(wanted > most)
        self._area.setFixedHeight(min(wanted, most))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.fit()
        return super().eventFilter(watched, event)

    @contextmanager
    def _at_once(self) -> Iterator[None]:
        """Many changes and one layout: each thing shown in sight would cost one of its own."""
        focused = QApplication.focusWidget()
        hidden = focused is None or not self._inner.isAncestorOf(focused)
        if hidden:
            self._inner.hide()
        yield
        if hidden:
            self._inner.show()
        self.fit()

    # What its parts say

    def _connect(self) -> None:
        self.head.picked.connect(self._show_menu)
        self.cards.picked.connect(self._show_menu)
        self.cards.link_clicked.connect(self.link_clicked)
        self.cards.said.connect(self.said)
        self.cards.open_wanted.connect(lambda part: self._with_part(part, self.open_wanted.emit))
        self.cards.save_wanted.connect(lambda part: self._with_part(part, self.save_wanted.emit))
        self.problems.source_wanted.connect(self.source_wanted)

    def _show_menu(self, person: Address, under: QWidget) -> None:
        menu = address_menu(
            self,
            person,
            write=self.write_wanted.emit if self.may_write else None,
            search=self.search_wanted.emit if self.may_search else None,
            said=self.said.emit,
        )
        pop_up(menu, under)

    def _with_part(self, part: str, do: Callable[[Attachment], None]) -> None:
        """The part as an attachment; one that is no attachment (an alternative) is made one."""
        if self._rendered is None:
            return
        found = next((each for each in self._rendered.attachments if each.part == part), None)
        if found is None:
            is_event = any(each.part == part for each in self._rendered.cards.invitations)
            kind = "text/calendar" if is_event else "text/vcard"
            found = Attachment(part, _NAMES[kind], kind, 0)
        do(replace(found, inline=False))
