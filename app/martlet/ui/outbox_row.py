"""One letter of the outbox: what it is, how it stands, and the buttons that make sense now.

It is shown anew in place when the letter changes, so that nothing jumps and the focus stays.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from martlet.mail.changes import Progress
from martlet.mail.outgoing import OutboxEntry, OutboxState, RecipientResult
from martlet.mail.quotes import in_quotes
from martlet.ui import dates, outbox_words, theme
from martlet.ui.later_menu import LaterMenu
from martlet.ui.outbox_words import Answer
from martlet.ui.shown_text import tip

_SYMBOLS = {
    OutboxState.QUEUED: "clock",
    OutboxState.SENDING: "send",
    OutboxState.SENT: "check",
    OutboxState.FILED: "check",
    OutboxState.FAILED: "error",
    OutboxState.UNKNOWN: "warning",
}
_MARK = 17
_MOST = 40
_BAD = (OutboxState.FAILED, OutboxState.UNKNOWN)


class OutboxRow(QFrame):
    """by: who sends it and by which account, in words."""

    def __init__(self, entry: OutboxEntry, by: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("factLine")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.entry = entry
        self._shown: tuple[RecipientResult, ...] | None = None
        self._now = 0.0
        self.subject = self._label()
        self.subject.setFont(theme.font(14, bold=True))
        self._people = self._label("second")
        self.by = self._label("third")
        self._mark = QLabel(self)
        self.state = self._label("second")
        self.advice = self._label("second")
        self.advice.setContentsMargins(_MARK + 8, 0, 0, 0)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(5)
        self.bar.setRange(0, 1000)
        self.bar.setAccessibleName(self.tr("How much of it has gone up"))
        self.bar.hide()
        self.answers = _Answers(self)
        self.send = QPushButton(self)
        self.edit = QPushButton(self.tr("Edit"), self)
        self.edit.setToolTip(self.tr("Takes the letter back and opens it"))
        self.time = QPushButton(self.tr("Change time"), self)
        self.time.setToolTip(self.tr("Another time at which the letter goes out"))
        self.times = LaterMenu(self.time, given=lambda: self.entry.send_at)
        self.time.setMenu(self.times)
        self.time.setIcon(theme.icon("chevron-down"))
        self.time.setIconSize(QSize(14, 14))
        # Behind the words, as it is everywhere.
        turned = Qt.LayoutDirection.LeftToRight
        if not self.isRightToLeft():
            turned = Qt.LayoutDirection.RightToLeft
        self.time.setLayoutDirection(turned)
        self.times.setLayoutDirection(self.layoutDirection())
        self.story = QPushButton(self.tr("History"), self)
        self.story.setToolTip(self.tr("What became of it so far (Ctrl+I)"))
        self.story.setProperty("kind", "words")
        self.story.setCheckable(True)
        self.history = self._label("second")
        self.history.setContentsMargins(_MARK + 8, 2, 0, 2)
        self.history.hide()
        self.story.toggled.connect(self.history.setVisible)
        self.delete = QPushButton(self.tr("Delete…"), self)
        self.delete.setProperty("kind", "words")
        self.arrived = QPushButton(self.tr("It arrived"), self)
        self.again = QPushButton(self.tr("Send again"), self)
        said = QHBoxLayout()
        said.setSpacing(8)
        said.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        said.addWidget(self.state, 1)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(0, 4, 0, 0)
        buttons.setSpacing(8)
        buttons.addWidget(self.delete)
        buttons.addWidget(self.story)
        buttons.addStretch()
        for button in (self.arrived, self.again, self.time, self.edit, self.send):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 12, 12)
        column.setSpacing(5)
        column.addWidget(self.subject)
        column.addWidget(self._people)
        column.addWidget(self.by)
        column.addSpacing(3)
        column.addLayout(said)
        column.addWidget(self.bar)
        column.addWidget(self.answers)
        column.addWidget(self.advice)
        column.addWidget(self.history)
        column.addLayout(buttons)
        theme.notifier().changed.connect(self._paint_mark)
        self.show_entry(entry, by)

    def show_entry(self, entry: OutboxEntry, by: str) -> None:
        """The letter as it stands now."""
        moved = entry.state is not self.entry.state or not self.subject.text()
        later = (entry.attempts, entry.send_at) != (self.entry.attempts, self.entry.send_at)
        self.entry = entry
        subject = entry.subject or self.tr("(no subject)")
        everyone = list(dict.fromkeys([*(r.address for r in entry.results), *entry.recipients]))
        self.subject.setText(subject)
        self._people.setText(self.tr("To {names}").format(names=outbox_words.people(everyone)))
        self._people.setToolTip(tip("\n".join(everyone)))
        self.by.setText(by)
        self.by.setVisible(bool(by))
        self.state.setToolTip(tip(entry.detail))
        self.advice.setText(outbox_words.advice(entry))
        self.advice.setVisible(bool(self.advice.text()))
        if entry.results != self._shown:
            self._shown = entry.results
            answers = [outbox_words.answer(each) for each in entry.results]
            # Of a single recipient the line above says it all but for the server's own words.
            self.answers.say(answers, quotes_only=len(answers) == 1 and bool(entry.problem))
        if moved or later:
            self._show_state()
        for button in (
            self.send,
            self.time,
            self.story,
            self.edit,
            self.delete,
            self.arrived,
            self.again,
        ):
            button.setAccessibleName(f"{button.text().rstrip('…')}: {subject}")
        self.setAccessibleName(f"{subject}, {self._people.text()}")
        self.tell(self._now)

    def _show_state(self) -> None:
        state = self.entry.state
        failed, unknown = state is OutboxState.FAILED, state is OutboxState.UNKNOWN
        waits = state in (OutboxState.QUEUED, OutboxState.FAILED)
        self.send.setText(self.tr("Send again") if failed else self.tr("Send now"))
        for button, shown in (
            (self.send, waits),
            (self.time, state is OutboxState.QUEUED and not self.entry.attempts),
            (self.edit, waits and not self.entry.resent),
            (self.delete, waits),
            (self.arrived, unknown),
            (self.again, unknown),
        ):
            if button.hasFocus() and not shown:
                self.setFocus()  # not to a button of the next letter
            button.setVisible(shown)
        self.state.setProperty("tone", "danger" if state in _BAD else "second")
        self.state.style().unpolish(self.state)
        self.state.style().polish(self.state)
        if state is not OutboxState.SENDING:
            self.bar.hide()
        self._paint_mark()

    def show_story(self, lines: list[str]) -> None:
        """What is known of it so far, oldest first; nothing to press while that is nothing."""
        self.history.setText("\n".join(lines))
        self.story.setVisible(bool(lines))
        if not lines:
            self.story.setChecked(False)

    def tell(self, now: float) -> None:
        """The state in words, at this time."""
        self._now = now
        if self.bar.isHidden():
            words = outbox_words.state(self.entry, now)
            self.state.setText(words)
            self.setAccessibleDescription(words)
        later = self.entry.not_before > now
        detail = [self.entry.detail, dates.full(self.entry.not_before) if later else ""]
        self.state.setToolTip(tip("\n".join(each for each in detail if each)))

    def show_progress(self, progress: Progress) -> None:
        """So much of it has gone up; at the end the server has still to say yes."""
        due = self.entry.state is OutboxState.QUEUED and self.entry.not_before <= self._now
        if not progress.total or not (due or self.entry.state is OutboxState.SENDING):
            return
        self.bar.setValue(min(1000, 1000 * progress.done // progress.total))
        self.bar.show()
        words = self.tr("Waits for the server to confirm…")
        if progress.done < progress.total:
            words = self.tr("Sending: {how_far}").format(how_far=outbox_words.uploaded(progress))
        self.state.setText(words)
        self.setAccessibleDescription(words)

    def _paint_mark(self) -> None:
        state = self.entry.state
        colour = "danger" if state in _BAD else ""
        symbol = "offline" if outbox_words.offline(self.entry) else _SYMBOLS[state]
        self._mark.setPixmap(theme.icon(symbol, colour).pixmap(QSize(_MARK, _MARK)))

    def _label(self, tone: str = "") -> QLabel:
        label = QLabel(self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        if tone:
            label.setProperty("tone", tone)
        return label


class _Answers(QWidget):
    """A line for each recipient; below it what the server said, as the server's words."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 2, 0, 2)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(3)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnMinimumWidth(0, _MARK)
        self._answers: list[Answer] = []
        self._quotes_only = False
        theme.notifier().changed.connect(self._again)

    @property
    def text(self) -> str:
        """All of it, a line each."""
        return "\n".join(
            f"{each.address}: {each.words}" + (f" “{each.quoted}”" if each.quoted else "")
            for each in self._answers
        )

    def say(self, answers: list[Answer], *, quotes_only: bool = False) -> None:
        self._answers, self._quotes_only = answers, quotes_only
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        at = 0
        # Those who did not get it are looked for first.
        shown = sorted(answers, key=lambda each: each.good is True)[:_MOST]
        for each in shown:
            if quotes_only:
                self._quote(each, at)
                at += 1
                continue
            symbol, colour = ("clock", "") if each.good is None else ("check", "")
            if each.good is False:
                symbol, colour = "error", "danger"
            mark = QLabel(self)
            mark.setPixmap(theme.icon(symbol, colour).pixmap(QSize(15, 15)))
            mark.setFixedWidth(_MARK)
            mark.setAlignment(Qt.AlignmentFlag.AlignCenter)
            line = self._line(f"{each.address}: {each.words}", "second")
            self._grid.addWidget(mark, at, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(line, at, 1)
            at += 1
            if each.quoted:
                self._quote(each, at)
                at += 1
        if len(answers) > len(shown):
            words = self.tr("… and {count} more").format(count=len(answers) - len(shown))
            self._grid.addWidget(self._line(words, "third"), at, 1)
        self.setVisible(any(each.quoted for each in answers) if quotes_only else bool(answers))

    def _quote(self, answer: Answer, at: int) -> None:
        if answer.quoted:
            said = self.tr("The server said: {words}").format(words=in_quotes(answer.quoted))
            self._grid.addWidget(self._line(said, "third"), at, 1)

    def _again(self) -> None:
        self.say(self._answers, quotes_only=self._quotes_only)

    def _line(self, text: str, tone: str) -> QLabel:
        label = QLabel(text, self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setProperty("tone", tone)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return label
