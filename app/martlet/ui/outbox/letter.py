"""One letter of the outbox: what it is, how it stands, and the buttons that make sense now.

It is shown anew in place when the letter changes, so that nothing jumps and the focus stays.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from martlet.mail.changes import Progress
from martlet.mail.outgoing import OutboxEntry, OutboxState, RecipientResult
from martlet.ui import dates, theme
from martlet.ui.later_menu import LaterMenu
from martlet.ui.outbox import words as outbox_words
from martlet.ui.outbox.answers import MARK_PX, Answers
from martlet.ui.outbox.model import subject as subject_of
from martlet.ui.outbox.rows import symbol
from martlet.ui.shown_text import tip

_BAD = (OutboxState.FAILED, OutboxState.UNKNOWN)


class OutboxLetter(QFrame):
    """by: who sends it and by which account, in words."""

    def __init__(self, entry: OutboxEntry, by: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("factLine")
        self.setProperty("weight", "note")
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
        self.advice.setContentsMargins(MARK_PX + 8, 0, 0, 0)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(5)
        self.bar.setRange(0, 1000)
        self.bar.setAccessibleName(self.tr("How much of it has gone up"))
        self.bar.hide()
        self.answers = Answers(self)
        self.send = QPushButton(self)
        self.edit = QPushButton(self.tr("Edit"), self)
        self.edit.setToolTip(self.tr("Takes the letter back and opens it"))
        self.time = time_button(self)
        self.times = LaterMenu(self.time, given=lambda: self.entry.send_at)
        self.time.setMenu(self.times)
        self.times.setLayoutDirection(self.layoutDirection())
        self.story = QPushButton(self.tr("History"), self)
        self.story.setToolTip(self.tr("What became of it so far (Ctrl+I)"))
        self.story.setProperty("kind", "words")
        self.story.setCheckable(True)
        self.history = self._label("second")
        self.history.setContentsMargins(MARK_PX + 8, 2, 0, 2)
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
        column.setContentsMargins(20, 16, 16, 14)
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
        column.addStretch()
        column.addLayout(buttons)
        theme.notifier().changed.connect(self._paint_mark)
        self.show_entry(entry, by)

    def show_entry(self, entry: OutboxEntry, by: str) -> None:
        """The letter as it stands now."""
        moved = entry.state is not self.entry.state or not self.subject.text()
        later = (entry.attempts, entry.send_at) != (self.entry.attempts, self.entry.send_at)
        self.entry = entry
        subject = subject_of(entry)
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

    def show_story(self, lines: Sequence[str]) -> None:
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
        words = outbox_words.sending(progress)
        self.state.setText(words)
        self.setAccessibleDescription(words)

    def _paint_mark(self) -> None:
        self._mark.setPixmap(theme.icon(*symbol(self.entry)).pixmap(QSize(MARK_PX, MARK_PX)))

    def _label(self, tone: str = "") -> QLabel:
        label = QLabel(self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        if tone:
            label.setProperty("tone", tone)
        return label


def time_button(parent: QWidget) -> QPushButton:
    """For another time; it is given a menu."""
    button = QPushButton(QCoreApplication.translate("outbox", "Change time"), parent)
    button.setToolTip(
        QCoreApplication.translate("outbox", "Another time at which the letter goes out")
    )
    button.setIcon(theme.icon("chevron-down"))
    button.setIconSize(QSize(14, 14))
    # Behind the words, as it is everywhere.
    turned = Qt.LayoutDirection.LeftToRight
    if not parent.isRightToLeft():
        turned = Qt.LayoutDirection.RightToLeft
    button.setLayoutDirection(turned)
    return button
