"""One identity: name, address, where answers go, signature, and a server of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QGridLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from martlet.mail.folder import Folder
from martlet.mail.identity import Identity
from martlet.mail.server import Protocol, Server
from martlet.mail.typed import is_address
from martlet.ui.accounts.parts import note
from martlet.ui.accounts.plan import guessed_server
from martlet.ui.accounts.secret_edit import SecretEdit
from martlet.ui.accounts.servers import ServerRow
from martlet.ui.accounts.signature_field import SignatureField
from martlet.ui.choice_box import ChoiceBox
from martlet.ui.sheet import Sheet

if TYPE_CHECKING:
    from martlet.store.reader import Reader
    from martlet.ui.link import EngineLink


class IdentitySheet(Sheet):
    """Accepted: `identity` is as it is to be, `secret` the password of its server, "" unchanged.

    folders: the account's, one of which may take the copies of what this identity sends.
    """

    def __init__(
        self,
        identity: Identity,
        folders: Sequence[Folder] = (),
        *,
        new: bool,
        link: EngineLink | None = None,
        reader: Reader | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._given = identity
        self.head(self.tr("New identity") if new else self.tr("Identity"), self.tr("Use it"))
        self.full_name = QLineEdit(identity.full_name, self)
        self.address = QLineEdit(identity.address, self)
        self.reply_to = QLineEdit(identity.reply_to, self)
        self.reply_to.setPlaceholderText(self.tr("the same address"))
        # In the order in which they stand: Tab goes from one to the next as they were made.
        self.signing = SignatureField(identity.signature, identity.signing, link, reader, self)
        self.signature = self.signing.edit
        self.sent = self._sent_box(folders)
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(8)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        fields: tuple[tuple[str, QWidget], ...] = (
            (self.tr("Name"), self.full_name),
            (self.tr("Mail address"), self.address),
            (self.tr("Answers go to"), self.reply_to),
            (self.tr("Signature"), self.signing),
            (self.tr("Copies go to"), self.sent),
        )
        for words, field in fields:
            field.setAccessibleName(words)
            form.addRow(words, field)
        self.own_server = QCheckBox(self.tr("A server of its own for sending"), self)
        self.server_box = QWidget(self)
        self.row = ServerRow(Protocol.SMTP, self.tr("Sending"), self.server_box)
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        self.row.put(grid, 0)
        grid.setColumnStretch(1, 5)
        grid.setColumnStretch(4, 4)
        self.secret = SecretEdit(self.server_box)
        self.secret.setAccessibleName(self.tr("Password of this server"))
        self.secret.setPlaceholderText(
            self.tr("Password of this server") if new else self.tr("Password: unchanged")
        )
        column = QVBoxLayout(self.server_box)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(grid)
        column.addWidget(self.secret)
        self.problem_line = note(self, "", "danger")
        self.problem_line.hide()
        self.body.addLayout(form)
        self.body.addWidget(self.own_server)
        self.body.addWidget(self.server_box)
        self.body.addWidget(self.problem_line)
        self.own_server.setChecked(identity.outgoing is not None)
        if identity.outgoing is not None:
            self.row.show_server(identity.outgoing)
        self.row.be_advanced(False)
        self.server_box.setVisible(identity.outgoing is not None)
        self.own_server.toggled.connect(self._own)
        self.go.clicked.connect(self._use)
        for line in (self.full_name, self.address, self.reply_to):
            line.textEdited.connect(lambda _text: self._forgive())
        self.sent.activated.connect(lambda _at: self._forgive())
        self.own_server.toggled.connect(lambda _on: self._forgive())
        self.row.edited.connect(self._forgive)
        self.setMinimumWidth(640)
        self.address.setFocus() if new else self.full_name.setFocus()

    @property
    def identity(self) -> Identity:
        return replace(
            self._given,
            address=self.address.text().strip(),
            full_name=self.full_name.text().strip(),
            reply_to=self.reply_to.text().strip(),
            signature=self.signing.text,
            signing=self.signing.signing,
            outgoing=self._server(),
            sent=str(self.sent.currentData()),
        )

    def _sent_box(self, folders: Sequence[Folder]) -> ChoiceBox:
        box = ChoiceBox(self)
        box.setSizeAdjustPolicy(ChoiceBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(28)  # paths may be long
        box.addItem(self.tr("The account's folder for sent mail"), "")
        self._there = [each.name for each in folders if each.selectable]
        for name in self._there:
            box.addItem(name, name)
        wanted = self._given.sent
        if wanted and wanted not in self._there:
            box.addItem(self.tr("{name} (not there)").format(name=wanted), wanted)
        box.setCurrentIndex(box.findData(wanted))
        return box

    def _server(self) -> Server | None:
        return self.row.server() if self.own_server.isChecked() else None

    def _own(self, own: bool) -> None:
        if own and is_address(self.address.text().strip()):
            self.row.suggest(guessed_server(self.address.text().strip(), Protocol.SMTP))
        self.server_box.setVisible(own)

    def _use(self) -> None:
        problem = self._problem()
        self._tell(problem)
        if not problem:
            self.accept()

    def _tell(self, problem: str) -> None:
        self.problem_line.setText(problem)
        self.problem_line.setVisible(bool(problem))

    def _forgive(self) -> None:
        """What was wrong is being put right."""
        self._tell("")

    def _problem(self) -> str:
        for field in (self.address, self.reply_to):
            text = field.text().strip()
            if (text or field is self.address) and not is_address(text):
                field.setFocus()
                return self.tr("“{text}” cannot be a mail address.").format(text=text)
        sent = str(self.sent.currentData())
        if sent and sent not in self._there:
            self.sent.setFocus()
            return self.tr("There is no folder “{name}” in this account.").format(name=sent)
        if self.own_server.isChecked():
            if self.row.server() is None:
                return self.tr("Enter the server, or let the account's own send.")
            return self.row.problem()
        return ""
