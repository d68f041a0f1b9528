"""How much is kept here, as a choice: of one folder, or of an account. Widgets and words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from martlet.mail.account import Account, Keep
from martlet.ui.choice_box import ChoiceBox

Choice = tuple[Keep | None, int]
_DAYS = (30, 90, 365)


def _tr(text: str) -> str:
    return QCoreApplication.translate("folders", text)


def days_words(days: int) -> str:
    """A span of days as people say it."""
    if days and days % 365 == 0:
        years = days // 365
        return _tr("1 year") if years == 1 else _tr("{count} years").format(count=years)
    return _tr("1 day") if days == 1 else _tr("{count} days").format(count=days)


def keep_words(keep: Keep, days: int) -> str:
    """What is kept, in a few words."""
    match keep:
        case Keep.OFF:
            return _tr("Nothing")
        case Keep.HEADERS:
            return _tr("Headers only")
        case Keep.RECENT:
            return _tr("The newest {span}").format(span=days_words(days))
        case Keep.ALL:
            return _tr("Everything")


class KeepBox(ChoiceBox):
    """Offers what makes sense, and what is set already whatever it is."""

    def __init__(self, choices: list[tuple[str, Choice]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("How much is kept here"))
        self._choices: list[Choice] = []
        for words, choice in choices:
            self._offer(words, choice)

    def choose(self, keep: Keep | None, days: int) -> None:
        """Shows this one, adding it when it is none of the usual."""
        wanted: Choice = (keep, days if keep is Keep.RECENT else 0)
        if wanted not in self._choices:
            self._offer(keep_words(keep or Keep.RECENT, days), wanted)
        self.setCurrentIndex(self._choices.index(wanted))

    def choice(self) -> Choice:
        """The chosen one; days is 0 but for Keep.RECENT."""
        return self._choices[self.currentIndex()]

    def _offer(self, words: str, choice: Choice) -> None:
        self._choices.append(choice)
        self.addItem(words)


def for_folder(account: Account | None, parent: QWidget | None = None) -> KeepBox:
    """What one folder can be set to; the first is what its account says."""
    own = _tr("As the account says")
    if account is not None:
        own = _tr("As the account says: {what}").format(
            what=keep_words(account.keep, account.keep_days)
        )
    choices: list[tuple[str, Choice]] = [(own, (None, 0)), (_tr("Nothing"), (Keep.OFF, 0))]
    return KeepBox(choices + _usual(), parent)


def for_account(parent: QWidget | None = None) -> KeepBox:
    """What an account can be set to."""
    return KeepBox(_usual(), parent)


def _usual() -> list[tuple[str, Choice]]:
    made: list[tuple[str, Choice]] = [(_tr("Headers only"), (Keep.HEADERS, 0))]
    made += [(keep_words(Keep.RECENT, days), (Keep.RECENT, days)) for days in _DAYS]
    return [*made, (_tr("Everything"), (Keep.ALL, 0))]
