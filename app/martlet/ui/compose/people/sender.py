"""Who a letter is from: a line of all identities that can send, or an address typed by hand.

What is chosen is shown with name and address. A typed address must be one of the account's: a plus
form of an identity's, or any name at the domain where the account takes all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QStackedWidget, QWidget

from martlet.mail.account import Account, AccountId
from martlet.mail.identity import Identity
from martlet.mail.message import Address
from martlet.mail.sender import identity_of, sender_of
from martlet.mail.typed import parse_typed
from martlet.ui.choice_box import ChoiceBox
from martlet.ui.compose.people.recipients import BARE_EDIT

_ANOTHER = -1


@dataclass(frozen=True, slots=True)
class Sender:
    """One that a letter can be from. address: as it is written into From."""

    account: Account
    identity: Identity
    address: Address


class SenderLine(QStackedWidget):
    """changed: the letter is from another now. wrong: what is typed and cannot be, or ""."""

    changed = Signal()

    def __init__(self, accounts: Sequence[Account], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._accounts = [a for a in accounts if a.outgoing is not None]
        self._senders = [
            Sender(account, identity, sender_of(identity))
            for account in self._accounts
            for identity in account.every_identity()
        ]
        self._own = len(self._senders)
        self.wrong = ""
        self.box = ChoiceBox(self)
        self.box.setAccessibleName(self.tr("From"))
        self.box.setProperty("kind", "bare")
        self.box.setSizeAdjustPolicy(
            ChoiceBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.box.setMinimumContentsLength(12)
        self.edit = _OtherAddress(self)
        self.edit.setAccessibleName(self.tr("Another address to send from"))
        self.edit.setPlaceholderText(self.tr("shop+me@example.org"))
        self.edit.setStyleSheet(BARE_EDIT)
        self.setFocusProxy(self.box)
        self.addWidget(self.box)
        self.addWidget(self.edit)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._fill()
        self._last = self.box.currentIndex()
        self.box.currentIndexChanged.connect(self._chosen)
        self.edit.returnPressed.connect(self.take_typed)
        self.edit.left.connect(self.take_typed)
        self.edit.given_up.connect(self._back)

    @property
    def chosen(self) -> Sender | None:
        """Who it is from; None where no account can send."""
        at = self.box.currentData()
        return self._senders[at] if isinstance(at, int) and 0 <= at < len(self._senders) else None

    def load(self, account_id: AccountId, sender: Address | None) -> None:
        """As a draft says it; the main identity where that is nobody of this account any more."""
        account = next((a for a in self._accounts if a.id == account_id), None)
        if account is None:
            self._choose(0)
            return
        address = sender.address.casefold() if sender is not None else account.address.casefold()
        name = sender.name if sender is not None else ""
        for at, each in enumerate(self._senders):
            same = each.address.address.casefold() == address and name in ("", each.address.name)
            if each.account.id == account_id and same:
                self._choose(at)
                return
        identity = identity_of(account, address) if sender is not None else None
        if sender is not None and identity is not None:
            self._add(Sender(account, identity, sender))
            return
        first = (at for at, each in enumerate(self._senders) if each.account.id == account_id)
        self._choose(next(first, 0))

    def choose(self, address: str) -> None:
        """Takes this address, if it is one of the senders'."""
        for at, each in enumerate(self._senders):
            if each.address.address.casefold() == address.casefold():
                self._choose(at)
                return
        self._take(address)

    def renew(self, account: Account) -> None:
        """This account was changed, its addresses were not."""
        known = {each.id: each for each in account.every_identity()}
        self._accounts = [account if a.id == account.id else a for a in self._accounts]
        self._senders = [
            replace(s, account=account, identity=known.get(s.identity.id, s.identity))
            if s.account.id == account.id
            else s
            for s in self._senders
        ]

    def of(self, addresses: Sequence[str]) -> str:
        """The first of these addresses that is one of the person's own, or ""."""
        mine = (each for each in addresses if any(identity_of(a, each) for a in self._accounts))
        return next(mine, "")

    def write_another(self) -> None:
        """Lets an address be typed, beginning with the one chosen."""
        sender = self.chosen
        self.edit.setText(str(sender.address) if sender is not None else "")
        self.setCurrentWidget(self.edit)
        at = self.edit.text().rfind("@")
        self.edit.setFocus()
        self.edit.setCursorPosition(max(0, at))

    def take_typed(self) -> None:
        """What was typed is the sender, or is said to be none."""
        if self.currentWidget() is self.edit:
            self._take(self.edit.text())

    def _take(self, text: str) -> None:
        typed = parse_typed(text)
        entry = typed[0] if len(typed) == 1 and typed[0].valid else None
        if not text.strip():
            self._back()
            return
        if entry is None:
            self._refuse(text.strip())
            return
        chosen = self.chosen
        known = [chosen.account] if chosen is not None else []
        for account in [*known, *self._accounts]:
            identity = identity_of(account, entry.address.address)
            if identity is not None:
                name = entry.address.name or identity.full_name
                self.setCurrentWidget(self.box)
                self.wrong = ""
                self._add(Sender(account, identity, Address(name, entry.address.address)))
                return
        self._refuse(entry.address.address)

    def _refuse(self, text: str) -> None:
        self.wrong = text
        self.setCurrentWidget(self.edit)
        self.changed.emit()

    def _back(self) -> None:
        """Nothing else was typed."""
        told, self.wrong = bool(self.wrong), ""
        self.setCurrentWidget(self.box)
        if told:
            self.changed.emit()

    def _add(self, sender: Sender) -> None:
        """A sender that is no identity of its own: one at most is kept."""
        if any(each.address == sender.address for each in self._senders[: self._own]):
            self.choose(sender.address.address)
            return
        self._senders[self._own :] = [sender]
        self.box.blockSignals(True)
        self._fill()
        self.box.blockSignals(False)
        self._last = -2
        self._choose(self._own)

    def _choose(self, at: int) -> None:
        found = self.box.findData(at)
        if found == self.box.currentIndex():
            self._chosen(found)
        else:
            self.box.setCurrentIndex(found)

    def _fill(self) -> None:
        self.box.clear()
        addresses = [each.address.address.casefold() for each in self._senders]
        for at, each in enumerate(self._senders):
            text = str(each.address)
            if self.box.isRightToLeft():
                text = f"\u2066{text}\u2069"  # the angle brackets stay around the address
            if addresses.count(addresses[at]) > 1:
                text = f"{text}  –  {each.account.name}"
            self.box.addItem(text, at)
            self.box.setItemData(
                at,
                self.tr("Goes out by the account {name}").format(name=each.account.name),
                Qt.ItemDataRole.ToolTipRole,
            )
        if self._senders:
            self.box.insertSeparator(self.box.count())
            self.box.addItem(self.tr("Edit address…"), _ANOTHER)

    def _chosen(self, index: int) -> None:
        if self.box.itemData(index) == _ANOTHER:
            self.box.blockSignals(True)
            self.box.setCurrentIndex(max(0, self._last))
            self.box.blockSignals(False)
            self.write_another()
            return
        if index == self._last:
            return
        self._last = index
        sender = self.chosen
        self.box.setToolTip(str(sender.address) if sender is not None else "")
        self.changed.emit()


class _OtherAddress(QLineEdit):
    """left: the line is left with what stands in it. given_up: by Escape."""

    left = Signal()
    given_up = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAcceptDrops(False)
        self.editingFinished.connect(self._finished)

    def _finished(self) -> None:
        if not self.hasFocus():
            self.left.emit()

    def event(self, event: QEvent) -> bool:
        """Escape ends the typing, not the letter."""
        override = event.type() == QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
            return
        super().keyPressEvent(event)
