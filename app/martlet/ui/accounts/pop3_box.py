"""What becomes of the copies on a POP3 server, in words, and what is fetched from there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFormLayout, QVBoxLayout, QWidget

from martlet.mail.account import NO_ACCOUNT, Account, AccountId, Protocol
from martlet.ui import dates
from martlet.ui.accounts.numbers import Numbers
from martlet.ui.accounts.options import Options, explained
from martlet.ui.accounts.parts import note, title
from martlet.ui.choice_box import ChoiceBox

_DAYS = (14, 30, 90)
_LIMITS_KB = (0, 100, 500, 2048, 10_240)
_COUNTS = (0, 100, 500, 1000, 5000)
_SIZES_MB = (0, 50, 200, 1000)
_MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Copies:
    """What Account says of them: leave_on_server, leave_days, delete_there."""

    leave: bool
    days: int = 0
    delete_there: bool = True


class Pop3Box(QWidget):
    """Fields of an account that only POP3 has. others: its mail may go to the inbox of those
    whose inbox is on this computer.

    full: with what few people need (by count and size).
    """

    edited = Signal()

    def __init__(
        self,
        account: Account,
        others: Sequence[Account] = (),
        parent: QWidget | None = None,
        *,
        full: bool = False,
    ) -> None:
        super().__init__(parent)
        self.copies: Options[Copies] = Options(self, self.tr("Mail on the server"))
        self._fill(Copies(account.leave_on_server, account.leave_days, account.delete_there))
        self.promise = note(
            self, self.tr("Nothing is deleted there before you have seen this page.")
        )
        self.promise.setVisible(not full)
        self.summaries = QCheckBox(self.tr("Summaries first: fetch only who wrote and about what"))
        self.summaries.setChecked(account.summary_first)
        self.summaries_words = explained(
            self,
            self.tr("You then choose for each: fetch it, leave it, or delete it there."),
        )
        self.limit = self._numbers(_LIMITS_KB, account.limit_kb, self._limit_words)
        self.count = self._numbers(_COUNTS, account.leave_count, self._count_words)
        self.megabytes = self._numbers(_SIZES_MB, account.leave_mb, self._size_words)
        self.into = ChoiceBox(self)
        self._into: list[AccountId] = [NO_ACCOUNT]
        self.into.addItem(self.tr("An inbox of its own"))
        for other in others:
            if other.id != account.id and _inbox_is_here(other):
                self._into.append(other.id)
                self.into.addItem(self.tr("The inbox of {name}").format(name=other.name))
        if account.into in self._into:
            self.into.setCurrentIndex(self._into.index(account.into))
        form = QFormLayout()
        form.setHorizontalSpacing(14)
        form.setVerticalSpacing(8)
        rows: list[tuple[str, ChoiceBox, bool]] = [
            (self.tr("Large messages"), self.limit, True),
            (self.tr("Keep there by number"), self.count, full),
            (self.tr("Keep there by size"), self.megabytes, full),
            (self.tr("New mail goes to"), self.into, len(self._into) > 1),
        ]
        for words, box, shown in rows:
            box.setAccessibleName(words)
            if shown:
                form.addRow(words, box)
            else:
                box.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(9)
        column.addWidget(title(self, self.tr("Mail on the server")))
        column.addWidget(self.promise)
        column.addWidget(self.copies)
        column.addSpacing(4)
        column.addWidget(title(self, self.tr("What is fetched")))
        column.addWidget(self.summaries)
        column.addWidget(self.summaries_words)
        column.addLayout(form)
        self.copies.chosen.connect(self.edited)

    def into_account(self, account: Account) -> Account:
        """The account with what is chosen here; one that is not POP3 stays as it is."""
        if account.incoming is None or account.incoming.protocol is not Protocol.POP3:
            return account
        copies = self.copies.value
        return replace(
            account,
            leave_on_server=copies.leave,
            leave_days=copies.days,
            delete_there=copies.delete_there,
            leave_count=self.count.number() if copies.leave else 0,
            leave_mb=self.megabytes.number() if copies.leave else 0,
            summary_first=self.summaries.isChecked(),
            limit_kb=self.limit.number(),
            into=self._into[self.into.currentIndex()],
        )

    def _fill(self, now: Copies) -> None:
        until = Copies(True)
        for_ever = Copies(True, 0, False)
        self.copies.add(
            until,
            self.tr("Leave it there until I delete it here"),
            self.tr("What you delete here goes there too, once Trash is emptied."),
        )
        self.copies.add(
            for_ever,
            self.tr("Leave it there for ever"),
            self.tr("Whatever you do here, nothing is deleted on the server."),
        )
        known = [until, for_ever]
        for days in _DAYS:
            known.append(Copies(True, days))
            self.copies.add(known[-1], self._days_words(known[-1]))
        take = Copies(False)
        known.append(take)
        self.copies.add(
            take,
            self.tr("Take it away"),
            self.tr(
                "Each message is deleted there once it is safely on this computer, which then has "
                "the only copy."
            ),
        )
        if not now.leave:
            now = take
        if now not in known:
            self.copies.add(now, self._days_words(now))
        self.copies.choose(now)

    def _days_words(self, copies: Copies) -> str:
        if copies.delete_there:
            return self.tr("Leave it there for {days} days").format(days=copies.days)
        return self.tr("Leave it there for {days} days, whatever I delete here").format(
            days=copies.days
        )

    def _numbers(self, offered: Sequence[int], now: int, words: object) -> Numbers:
        say = words if callable(words) else str
        return Numbers([(number, say(number)) for number in offered], now, say(now), self)

    def _limit_words(self, kb: int) -> str:
        if not kb:
            return self.tr("Fetch messages of any size")
        size = dates.size(kb * 1000 if kb < 1000 else kb // 1024 * _MB)
        return self.tr("Over {size}: only the beginning, the rest when asked").format(size=size)

    def _count_words(self, count: int) -> str:
        if not count:
            return self.tr("Any number of messages")
        return self.tr("Only the newest {count}").format(count=count)

    def _size_words(self, mb: int) -> str:
        if not mb:
            return self.tr("Any amount")
        return self.tr("Only the newest {size}").format(size=dates.size(mb * _MB))


def _inbox_is_here(account: Account) -> bool:
    """IMAP has it on the server, where nothing of POP3 can be put."""
    return account.incoming is None or account.incoming.protocol is not Protocol.IMAP
