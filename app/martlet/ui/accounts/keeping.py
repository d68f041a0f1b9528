"""How much of an IMAP account is kept here, and what it may fetch: part of the account's form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFormLayout, QLabel, QVBoxLayout, QWidget

from martlet.mail.account import Account
from martlet.mail.sync import Traffic
from martlet.ui import dates, theme
from martlet.ui.accounts.numbers import Numbers
from martlet.ui.folders.keep import for_account

_MB = 1_000_000
_BUDGETS_MB = (0, 100, 500, 1000, 5000, 10_000)
_WHOLE_KB = (256, 1024, 5120, 0)
_EVERYTHING_KB = 1 << 30
_CONNECTIONS = (1, 2, 3, 5, 10)


class KeepingBox(QWidget):
    """Fields of an account that only IMAP has."""

    def __init__(self, account: Account, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = QLabel(self.tr("On this computer"), self)
        title.setFont(theme.font(13, bold=True))
        self.keep = for_account(self)
        self.keep.choose(account.keep, account.keep_days)
        self.whole = Numbers(
            [(kb or _EVERYTHING_KB, self._whole_words(kb)) for kb in _WHOLE_KB],
            account.whole_kb,
            self._whole_words(account.whole_kb),
            self,
        )
        self.budget = Numbers(
            [(mb, self._budget_words(mb)) for mb in _BUDGETS_MB],
            account.month_mb,
            self._budget_words(account.month_mb),
            self,
        )
        self.connections = Numbers(
            [(n, self._connection_words(n)) for n in _CONNECTIONS],
            account.connections,
            self._connection_words(account.connections),
            self,
        )
        self.used = QLabel("", self)
        self.used.setProperty("tone", "third")
        form = QFormLayout()
        form.setHorizontalSpacing(14)
        form.setVerticalSpacing(8)
        for words, box in (
            (self.tr("Keep"), self.keep),
            (self.tr("Attachments"), self.whole),
            (self.tr("Data"), self.budget),
            (self.tr("Connections"), self.connections),
        ):
            box.setAccessibleName(words)
            box.setMinimumWidth(300)
            label = QLabel(words, self)
            label.setBuddy(box)
            # As wide as the widest of the fields above, so that all begin on one line.
            label.setMinimumWidth(self.fontMetrics().horizontalAdvance(self.tr("Account name")))
            form.addRow(label, box)
            if box is self.budget:
                form.addRow("", self.used)
        self.used.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(8)
        column.addWidget(title)
        column.addLayout(form)

    def show_traffic(self, days: Sequence[Traffic]) -> None:
        """What this month's data come to."""
        received, sent = month_bytes(days)
        words = self.tr("This month: {received} received, {sent} sent").format(
            received=dates.size(received), sent=dates.size(sent)
        )
        self.used.setText(words)
        self.used.setVisible(bool(days))

    def into(self, account: Account) -> Account:
        """The account with what is chosen here."""
        keep, days = self.keep.choice()
        return replace(
            account,
            keep=keep or account.keep,
            keep_days=days or account.keep_days,
            whole_kb=self.whole.number(),
            month_mb=self.budget.number(),
            connections=self.connections.number(),
        )

    def _whole_words(self, kb: int) -> str:
        if not kb or kb >= _EVERYTHING_KB:
            return self.tr("Always fetch them with the message")
        size = dates.size(kb * 1000 if kb < 1000 else kb // 1024 * _MB)
        return self.tr("When asked for, in messages over {size}").format(size=size)

    def _budget_words(self, mb: int) -> str:
        if not mb:
            return self.tr("Fetch ahead without a limit")
        return self.tr("Fetch ahead at most {size} a month").format(size=dates.size(mb * _MB))

    def _connection_words(self, number: int) -> str:
        if number == 1:
            return self.tr("One at a time")
        return self.tr("At most {number}").format(number=number)


def month_bytes(days: Sequence[Traffic], now: datetime | None = None) -> tuple[int, int]:
    """Received and sent in this calendar month (UTC, as it is counted)."""
    month = (now or datetime.now(UTC)).strftime("%Y-%m")
    here = [day for day in days if day.day.startswith(month)]
    return sum(day.received for day in here), sum(day.sent for day in here)


def traffic_words(days: Sequence[Traffic]) -> str:
    """A few words on it, "" when there was none."""
    received, sent = month_bytes(days)
    if not received + sent:
        return ""
    text = QCoreApplication.translate("Accounts", "{size} this month")
    return text.format(size=dates.size(received + sent))
