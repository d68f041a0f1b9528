"""The names and addresses an account writes from: its main one, the others, and any name at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from martlet.mail.account import Account
from martlet.mail.folder import Folder
from martlet.mail.identity import Identity
from martlet.mail.providers import domain_of
from martlet.mail.sign_in import part_of_identity
from martlet.mail.typed import is_address
from martlet.ui import theme
from martlet.ui.accounts.identity_sheet import IdentitySheet
from martlet.ui.accounts.options import explained
from martlet.ui.accounts.parts import note, plain_button, title
from martlet.ui.accounts.signature_field import SignatureField

if TYPE_CHECKING:
    from martlet.store.reader import Reader
    from martlet.ui.link import EngineLink


class IdentitiesSection(QWidget):
    """edited: a person changed something. folders: the account's, for copies of what is sent."""

    edited = Signal()

    def __init__(
        self,
        account: Account,
        folders: Sequence[Folder] = (),
        parent: QWidget | None = None,
        *,
        link: EngineLink | None = None,
        reader: Reader | None = None,
    ) -> None:
        super().__init__(parent)
        self._link = link
        self._reader = reader
        self._folders = folders
        self._identities: list[Identity] = list(account.identities)
        # A number is not used again: what is kept under it is another identity's secret.
        self._next = max([0, *(each.id for each in account.identities)]) + 1
        self._full_name = account.full_name
        self._secrets: dict[str, str] = {}
        self.sheet: IdentitySheet | None = None
        self.reply_to = QLineEdit(account.reply_to, self)
        self.reply_to.setPlaceholderText(self.tr("the same address"))
        self.reply_to.setAccessibleName(self.tr("Answers go to"))
        self.signing = SignatureField(account.signature, account.signing, link, reader, self)
        self.signature = self.signing.edit
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(8)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        form.addRow(self.tr("Answers go to"), self.reply_to)
        form.addRow(self.tr("Signature"), self.signing)
        self.list = QListWidget(self)
        self.list.setObjectName("accountList")
        self.list.setAccessibleName(self.tr("Other identities"))
        self.list.setMaximumHeight(150)
        self.none = note(
            self, self.tr("None. Add the other addresses whose mail arrives in this account.")
        )
        self.add = plain_button(self, self.tr("Add…"))
        self.change = plain_button(self, self.tr("Change…"))
        self.remove = plain_button(self, self.tr("Remove"))
        buttons = QHBoxLayout()
        for button in (self.add, self.change, self.remove):
            buttons.addWidget(button)
        buttons.addStretch()
        self.catch_all = QCheckBox(
            self.tr("All mail to {domain} is for me").format(domain=domain_of(account.address)),
            self,
        )
        self.catch_all.setChecked(account.catch_all)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(9)
        column.addWidget(title(self, account.address))
        column.addLayout(form)
        column.addSpacing(6)
        column.addWidget(title(self, self.tr("Other identities")))
        column.addWidget(self.none)
        column.addWidget(self.list)
        column.addLayout(buttons)
        column.addSpacing(6)
        column.addWidget(self.catch_all)
        column.addWidget(
            explained(
                self,
                self.tr("Whatever name stands before the @: answers go out from that address."),
            )
        )
        column.addStretch()
        self.add.clicked.connect(self._add)
        self.change.clicked.connect(self._change)
        self.remove.clicked.connect(self._remove)
        self.list.itemActivated.connect(lambda _item: self._change())
        self.reply_to.textEdited.connect(lambda _text: self.edited.emit())
        self.signing.edited.connect(self.edited)
        self.catch_all.toggled.connect(lambda _on: self.edited.emit())
        self._fill()

    def into(self, account: Account) -> Account:
        """The account with these."""
        return replace(
            account,
            reply_to=self.reply_to.text().strip(),
            signature=self.signing.text,
            signing=self.signing.signing,
            identities=tuple(self._identities),
            catch_all=self.catch_all.isChecked(),
        )

    def secrets(self) -> dict[str, str]:
        """Passwords of identities' own servers, as far as they were typed."""
        kept = {part_of_identity(each.id) for each in self._identities if each.outgoing}
        return {part: secret for part, secret in self._secrets.items() if part in kept}

    def problem(self) -> str:
        text = self.reply_to.text().strip()
        if text and not is_address(text):
            return self.tr("“{text}” cannot be a mail address.").format(text=text)
        return ""

    def _fill(self) -> None:
        row = self.list.currentRow()
        self.list.clear()
        for each in self._identities:
            name = each.full_name or each.address
            words = each.address
            if each.outgoing is not None:
                words = self.tr("{address} · sent by {host}").format(
                    address=each.address, host=each.outgoing.host
                )
            self.list.addItem(QListWidgetItem(theme.icon("account"), f"{name}\n{words}"))
        self.list.setCurrentRow(min(max(row, 0), len(self._identities) - 1))
        some = bool(self._identities)
        self.list.setVisible(some)
        self.none.setVisible(not some)
        self.change.setEnabled(some)
        self.remove.setEnabled(some)

    def _add(self) -> None:
        self._show(Identity(self._next, "", self._full_name), None)

    def _change(self) -> None:
        row = self.list.currentRow()
        if row >= 0:
            self._show(self._identities[row], row)

    def _show(self, identity: Identity, row: int | None) -> None:
        sheet = IdentitySheet(
            identity,
            self._folders,
            new=row is None,
            link=self._link,
            reader=self._reader,
            parent=self.window(),
        )
        self.sheet = sheet
        sheet.accepted.connect(lambda: self._take(sheet, row))
        sheet.open()

    def _take(self, sheet: IdentitySheet, row: int | None) -> None:
        made = sheet.identity
        if row is None:
            self._next += 1
            self._identities.append(made)
        else:
            self._identities[row] = made
        typed = sheet.secret.text()
        if typed:
            self._secrets[part_of_identity(made.id)] = typed
        self._fill()
        self.list.setCurrentRow(len(self._identities) - 1 if row is None else row)
        self.edited.emit()

    def _remove(self) -> None:
        row = self.list.currentRow()
        if row >= 0:
            del self._identities[row]
            self._fill()
            self.edited.emit()
