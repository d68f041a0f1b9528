"""Who the message is from, as far as anybody knows: one quiet line, and behind it all the facts.

What pretends to be something else is never folded away. Asking for the signature asks the engine,
which asks DNS: only when the person wants it.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from martlet.link.messages import CheckSignature
from martlet.mail.errors import MailError
from martlet.mail.message import MessageId
from martlet.mail.reading import Link
from martlet.mail.sender_facts import SenderFact, Weight
from martlet.ui import sender_words
from martlet.ui.fact_row import FactRow
from martlet.ui.link import EngineLink
from martlet.ui.shown_text import cut, cut_inside, tip

_LINK_HEIGHT = 22
_MOST = 12
_LINKS = 10
_LONGEST, _LONGEST_TIP = 90, 500


class SenderCard(QWidget):
    """Hidden while there is nothing to say and nobody asks."""

    def __init__(self, link: EngineLink, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._link = link
        self._message: MessageId | None = None
        self._facts: tuple[SenderFact, ...] = ()
        self._links: tuple[Link, ...] = ()
        self._asked = self._unfolded = False
        outer = QVBoxLayout(self)
        outer.setContentsMargins(24, 0, 24, 6)
        outer.setSpacing(4)
        self._warnings = QFrame(self)
        self._warnings.setObjectName("warningBox")
        self._warned = QVBoxLayout(self._warnings)
        self._warned.setContentsMargins(12, 5, 10, 5)
        self._warned.setSpacing(1)
        outer.addWidget(self._warnings)
        self._box = _Clicked(self)
        self._box.setObjectName("factLine")
        outer.addWidget(self._box)
        column = self._column = QVBoxLayout(self._box)
        column.setContentsMargins(10, 4, 6, 4)
        column.setSpacing(1)
        self._line = FactRow("info", "", parent=self._box)
        self._line.label.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.more = QPushButton(self._box)
        self.more.setProperty("kind", "link")
        self.more.setMaximumHeight(_LINK_HEIGHT)
        self.more.clicked.connect(self.turn)
        self._line.row.addWidget(self.more, 0, Qt.AlignmentFlag.AlignTop)
        self._box.clicked = self._click
        column.addWidget(self._line)
        self._details = QWidget(self._box)
        self._told = QVBoxLayout(self._details)
        self._told.setContentsMargins(0, 0, 4, 4)
        self._told.setSpacing(1)
        self._list = QVBoxLayout()
        self._list.setSpacing(1)
        self._told.addLayout(self._list)
        self._result = QVBoxLayout()
        self._result.setSpacing(1)
        self._told.addLayout(self._result)
        foot = QHBoxLayout()
        foot.setContentsMargins(18, 0, 0, 0)
        self.check_button = QPushButton(self.tr("Check the signature"), self._details)
        self.check_button.setProperty("kind", "link")
        self.check_button.setMaximumHeight(_LINK_HEIGHT)
        self.check_button.setToolTip(
            self.tr("Looks up the sender's key in DNS, so that the sender's domain may notice it")
        )
        self.check_button.clicked.connect(self.check)
        foot.addWidget(self.check_button)
        foot.addStretch(1)
        self._told.addLayout(foot)
        self._details.hide()
        column.addWidget(self._details)
        self.hide()

    @property
    def line(self) -> str:
        """The quiet line, "" while there is none."""
        return "" if self.isHidden() or self._box.isHidden() else self._line.words

    @property
    def warnings(self) -> list[str]:
        return [row.words for row in self._warnings.findChildren(FactRow) if not row.isHidden()]

    @property
    def unfolded(self) -> bool:
        return self._unfolded

    @property
    def told(self) -> list[str]:
        """What the unfolded card says."""
        return [row.words for row in self._details.findChildren(FactRow) if not row.isHidden()]

    def clear(self) -> None:
        """Of another message: what was unfolded is folded."""
        self._message, self._facts, self._links = None, (), ()
        self._asked = self._unfolded = False
        _empty(self._result)
        self._details.hide()
        self.hide()

    def show_facts(
        self,
        message: MessageId,
        facts: Sequence[SenderFact],
        *,
        signed: bool = True,
        links: Sequence[Link] = (),
    ) -> None:
        """What is known; the answer about a signature stays while it is the same message.

        signed: False for a message within another, whose signature says nothing of it. links:
        those with a risk, which the facts about links speak of.
        """
        self.check_button.setVisible(signed)
        if message != self._message:
            self.clear()
        self._message = message
        found, risky = tuple(facts[:_MOST]), tuple(links[:_LINKS])
        if (found, risky) == (self._facts, self._links) and not self.isHidden():
            return
        self._facts, self._links = found, risky
        self._say()

    def turn(self) -> None:
        """Unfolds all that is known, or folds it."""
        if self._message is None:
            return
        self._unfolded = self.isHidden() or self._box.isHidden() or not self._unfolded
        self._say()

    def check(self) -> None:
        """Has the signature checked, and tells the outcome here."""
        message = self._message
        if message is None or self._asked or self.check_button.isHidden():
            return
        self._asked = True
        if not self.unfolded:
            self.turn()
        self._tell_result([FactRow("clock", self.tr("Checking…"))])
        self.check_button.setEnabled(False)

        def over(rows: list[FactRow]) -> None:
            if message != self._message:
                for row in rows:
                    row.deleteLater()
                return
            self._asked = False
            self.check_button.setEnabled(True)
            self._tell_result(rows)

        def done(facts: list[SenderFact]) -> None:
            over([_row(fact) for fact in facts[:_MOST]])

        def failed(error: MailError) -> None:
            row = FactRow("info", error.summary)
            row.setToolTip(tip(error.detail))
            over([row])

        self._link.ask(CheckSignature(message), done, failed, self)

    def _say(self) -> None:
        warnings = [fact for fact in self._facts if fact.weight is Weight.WARNING]
        others = [fact for fact in self._facts if fact.weight is not Weight.WARNING]
        _empty(self._warned)
        for fact in warnings:
            _put(self._warned, _row(fact, tone="warning"))
        self._warnings.setVisible(bool(warnings))
        self._warnings.setAccessibleName(" ".join(map(sender_words.sentence, warnings)))
        first = sender_words.weightiest(others)
        if first is not None:
            self._line.say(*_line(first, whole=self.unfolded))
        elif warnings and self._listed():
            self._line.say("info", self.tr("Where the links lead"))
        elif warnings:
            self._line.say("info", self.tr("How the sender was checked"))
        else:
            self._line.say("info", self.tr("Nothing about the sender stands out"))
        _empty(self._list)
        links = list(self._listed())
        if first is None or sender_words.is_of_links(first):
            self._list_links(links)
        for fact in others:
            if fact is not first:
                _put(self._list, _row(fact))
            if sender_words.is_of_links(fact):
                self._list_links(links)
        self._list_links(links)
        weight = first.weight if first is not None else Weight.NOTE
        # With nothing but the same once more behind it, there is nothing to unfold.
        more = bool(self._list.count() or self._result.count()) or not self.check_button.isHidden()
        more = more or (first is not None and sender_words.says_more(first))
        self._details.setVisible(self._unfolded and more)
        self.more.setVisible(more)
        self._box.setVisible(more or self._unfolded or first is not None)
        self._dress(weight)
        self.more.setText(self.tr("Less") if self.unfolded else self.tr("Details"))
        self.more.setAccessibleName(self.tr("What is known of the sender"))
        self.more.setAccessibleDescription(
            self.tr("unfolded") if self.unfolded else self.tr("folded")
        )
        self._box.setAccessibleName(self._line.words)
        self.check_button.setEnabled(not self._asked)
        self.setVisible(bool(self._facts) or self.unfolded)

    def _click(self) -> None:
        if not self.more.isHidden():
            self.turn()

    def _list_links(self, links: list[Link]) -> None:
        """Once, below the first that speaks of them."""
        for link in links:
            _put(self._list, _link_row(link))
        links.clear()

    def _listed(self) -> tuple[Link, ...]:
        """The links, when a fact speaks of them."""
        return self._links if any(map(sender_words.is_of_links, self._facts)) else ()

    def _dress(self, weight: Weight) -> None:
        """A caution stands out; what is only worth knowing is grey words and no more."""
        if self._box.property("weight") == weight.value:
            return
        self._box.setProperty("weight", weight.value)
        stands_out = weight is Weight.CAUTION
        self._line.label.setProperty("tone", "caution" if stands_out else "second")
        # Words without a box begin where all other words of the head do.
        self._column.setContentsMargins(10 if stands_out else 0, 4, 6 if stands_out else 0, 4)
        for widget in (self._box, self._line.label):
            widget.style().unpolish(widget)
            widget.style().polish(widget)

    def _tell_result(self, rows: Sequence[FactRow]) -> None:
        _empty(self._result)
        for row in rows:
            _put(self._result, row)


class _Clicked(QFrame):
    """A line that unfolds wherever it is clicked; keys have the button on it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.clicked = _nothing

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(
            event.position().toPoint()
        ):
            self.clicked()


def _nothing() -> None:
    """Nobody listens yet."""


def _line(fact: SenderFact, *, whole: bool) -> tuple[str, str, str]:
    """whole: with all that is known of it, for nothing says it again below."""
    symbol, colour = sender_words.symbol_of(fact)
    words = sender_words.sentence if whole else sender_words.line_of
    return symbol, words(fact), colour


def _row(fact: SenderFact, *, tone: str = "second") -> FactRow:
    symbol, colour = sender_words.symbol_of(fact)
    return FactRow(symbol, sender_words.sentence(fact), colour, tone=tone)


def _link_row(link: Link) -> FactRow:
    """What is to be seen of a link, and where it leads."""
    leads = cut_inside(link.host or link.href, _LONGEST)
    row = FactRow("link", f"{cut(link.shown, _LONGEST) or '…'} → {leads}")
    row.setToolTip(tip(cut_inside(link.href, _LONGEST_TIP)))
    return row


def _put(column: QVBoxLayout, row: FactRow) -> None:
    column.addWidget(row)
    row.show()


def _empty(column: QVBoxLayout) -> None:
    while (item := column.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()
