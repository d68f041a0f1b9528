"""The wizard's last page: how much is kept here, where the password is, the account's name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtWidgets import QFormLayout, QLineEdit, QVBoxLayout, QWidget

from martlet.mail.account import NO_ACCOUNT, Account, Keep, Protocol, SecretSource
from martlet.ui.accounts.options import Options
from martlet.ui.accounts.page import Page
from martlet.ui.accounts.parts import Callout, note, title
from martlet.ui.accounts.plan import free_name, with_name
from martlet.ui.accounts.pop3_box import Pop3Box
from martlet.ui.accounts.secret_box import SecretBox

_Amount = tuple[Keep, int]


class KeepPage(Page):
    """What it says goes into the account; nothing is deleted or fetched before the button."""

    def __init__(self, others: Sequence[Account], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._others = others
        self._account = Account(NO_ACCOUNT, "", "")
        self._pop3 = False
        self._asks_secret = False
        self._touched_name = False
        self.head("", "")
        self.trouble = Callout(self, "danger")
        self.imap = QWidget(self)
        column = QVBoxLayout(self.imap)
        column.setContentsMargins(0, 0, 0, 0)
        self.amount: Options[_Amount] = Options(self.imap, self.tr("How much to keep here"))
        for amount, words, sentence in (
            ((Keep.RECENT, 30), self.tr("The last 30 days"), self.tr("For small disks.")),
            (
                (Keep.RECENT, 365),
                self.tr("The last year"),
                self.tr("Enough for most people; what is older opens when you click on it."),
            ),
            (
                (Keep.ALL, 0),
                self.tr("Everything"),
                self.tr("All of it can be searched and read without network."),
            ),
        ):
            self.amount.add(amount, words, sentence)
        self.amount.choose((Keep.RECENT, 365))
        column.addWidget(self.amount)
        column.addSpacing(4)
        column.addWidget(
            note(
                self.imap,
                self.tr(
                    "Who wrote and about what is kept of every message. Attachments over 1 MB come "
                    "when you open them."
                ),
            )
        )
        self.pop3 = Pop3Box(self._account, others, self)
        self.secret = SecretBox(self)
        self.no_token = Callout(self, "warn")
        self._keyring = True
        self.name = QLineEdit(self)
        self.name.setAccessibleName(self.tr("Account name"))
        self.name.setToolTip(self.tr("As it stands above its folders"))
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        form.addRow(self.tr("Account name"), self.name)
        self.problem_line = note(self, "", "danger")
        self.problem_line.hide()
        for widget in (self.trouble, self.imap, self.pop3, self.secret, self.no_token):
            self.body.addWidget(widget)
            self.body.addSpacing(4)
        self.body.addWidget(title(self, self.tr("In the list of folders")))
        self.body.addLayout(form)
        self.body.addWidget(self.problem_line)
        self.body.addStretch()
        self.name.textEdited.connect(lambda _text: self._named())
        self.secret.edited.connect(lambda: self.show_problem(""))

    @property
    def go(self) -> str:
        if self._account.incoming is None:
            return self.tr("Finish")
        return self.tr("Open the inbox")

    def begin(self) -> None:
        if self._pop3:
            self.pop3.copies.focus()
        elif self._account.incoming is not None:
            self.amount.focus()
        else:
            self.name.setFocus()

    def show_account(self, account: Account) -> None:
        """Asks what has to be asked of this one."""
        self._account = account
        self._pop3 = account.incoming is not None and account.incoming.protocol is Protocol.POP3
        self._asks_secret = account.secret is SecretSource.KEYRING
        if self._pop3:
            self.head(
                self.tr("What becomes of mail on the server"),
                self.tr("You can change all of this later."),
            )
        else:
            self.head(
                self.tr("How much to keep on this computer"),
                self.tr("Mail stays on the server; this is about the copy here."),
            )
        if account.incoming is None:
            self.head(self.tr("Almost done"), self.tr("This account only sends."))
        self.imap.setVisible(not self._pop3 and account.incoming is not None)
        self.pop3.setVisible(self._pop3)
        self.secret.setVisible(self._asks_secret)
        if not self._touched_name:
            self.name.setText(free_name(account.address, [each.name for each in self._others]))
        self.trouble.say("")
        self._warn()

    def show_keyring(self, has: bool) -> None:
        """Whether this computer has a keyring that answers."""
        self._keyring = has
        self.secret.show_keyring(has)
        self._warn()

    @property
    def account(self) -> Account:
        """The account with what was chosen."""
        account = with_name(self._account, self.name.text())
        if self._pop3:
            account = self.pop3.into_account(account)
        else:
            keep, days = self.amount.value
            account = replace(account, keep=keep, keep_days=days or account.keep_days)
        if self._asks_secret:
            account = replace(
                account, secret=self.secret.value, password_command=self.secret.command_text
            )
        return account

    def problem(self) -> str:
        """What keeps one from going on; said on the page."""
        name = self.name.text().strip().casefold()
        found = self.secret.problem() if self._asks_secret else ""
        if any(name == other.name.casefold() for other in self._others):
            found = self.tr("Another account is called “{name}”.").format(name=self.name.text())
            self.name.setFocus()
        self.show_problem(found)
        return found

    def show_problem(self, sentence: str) -> None:
        self.problem_line.setText(sentence)
        self.problem_line.setVisible(bool(sentence))
        if sentence:
            self.reveal(self.problem_line)

    def _warn(self) -> None:
        """What the browser has granted needs a keyring to last."""
        lost = self._account.secret is SecretSource.OAUTH and not self._keyring
        words = self.tr(
            "This computer has no keyring that answers, so you sign in with the browser again each "
            "time you start."
        )
        self.no_token.say(words if lost else "")

    def _named(self) -> None:
        self._touched_name = True
        self.show_problem("")
