"""How somebody signs in: a password, the browser, the desktop, or what a command prints."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from martlet.mail.discovery import Offer
from martlet.mail.providers import SignIn
from martlet.ui.accounts.client_id import ClientIdBox
from martlet.ui.accounts.hint import Opener, ProviderHint
from martlet.ui.accounts.options import Options
from martlet.ui.accounts.parts import note, title
from martlet.ui.accounts.plan import Method, Person, SigningIn
from martlet.ui.accounts.secret_edit import SecretEdit
from martlet.ui.accounts.words import password_name


class SignInBox(QWidget):
    """edited: a person changed something."""

    edited = Signal()

    def __init__(self, parent: QWidget, opener: Opener) -> None:
        super().__init__(parent)
        self._desktop = ""
        self._has_oauth = False
        self._touched = False
        self._name = password_name(SignIn.PASSWORD)
        self._mostly_refused = ""
        self.heading = title(self, "")
        self._opener = opener
        self.method: Options[Method] = Options(self, self.tr("How to sign in"))
        self.method.add(
            Method.BROWSER,
            self.tr("With the browser"),
            self.tr("You sign in on the provider's own page; Martlet never sees your password."),
            self._make_client,
        )
        self.method.add(
            Method.DESKTOP,
            self.tr("With the account of your desktop"),
            self.tr("It is signed in already and lets Martlet in."),
        )
        self.method.add(Method.PASSWORD, self.tr("With a password"), "", self._make_password)
        self.method.add(
            Method.COMMAND,
            self.tr("With a command that prints the password"),
            self.tr("Its first line is the password, or an access token."),
            self._make_command,
        )
        self.method.choose(Method.PASSWORD)
        self.kept = note(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.heading)
        column.addWidget(self.kept)
        column.addWidget(self.method)
        self.method.chosen.connect(self._chosen)
        self.client.edited.connect(self.edited)
        self.password.textEdited.connect(lambda _text: self.edited.emit())
        self.password.textChanged.connect(lambda _text: self._say_kept())
        self.command.textEdited.connect(lambda _text: self.edited.emit())
        self.show_offer(Person(""), None, by_hand=False)

    def _make_client(self, parent: QWidget) -> QWidget:
        self.client = ClientIdBox(parent, self._opener)
        return self.client

    def _make_password(self, parent: QWidget) -> QWidget:
        made = QWidget(parent)
        self.password = SecretEdit(made)
        self.hint = ProviderHint(made, self._opener)
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.password)
        column.addWidget(self.hint)
        return made

    def _make_command(self, parent: QWidget) -> QWidget:
        self.command = QLineEdit(parent)
        self.command.setAccessibleName(self.tr("Command"))
        self.command.setPlaceholderText("pass show mail/example.org")
        return self.command

    def show_offer(self, person: Person, offer: Offer | None, *, by_hand: bool) -> None:
        """What fits this offer; what the person has chosen by hand stays."""
        self._desktop = person.desktop.key if person.desktop is not None else ""
        self._has_oauth = offer is not None and offer.oauth is not None
        if self.password.text() != person.password:
            self.password.setText(person.password)
        self.client.show_oauth(offer.oauth if offer is not None else None)
        sign_in = offer.sign_in if offer is not None else SignIn.PASSWORD
        self._name = password_name(sign_in)
        self.password.setAccessibleName(self._name)
        self.password.setPlaceholderText(self._name)
        self._mostly_refused = ""
        if offer is not None:
            self.hint.say(offer.sign_in, offer.who, offer.help_url)
            self._mostly_refused = offer.who if sign_in is SignIn.BROWSER else ""
        self.be_by_hand(by_hand)
        if not self._touched or not self.method.offers(self.method.value):
            self.method.choose(self._fitting(person, offer))
        self._say_kept()

    def choose(self, method: Method) -> None:
        """Chooses it, and keeps to it."""
        self._touched = True
        self.method.choose(method)
        self._say_kept()

    def be_by_hand(self, by_hand: bool) -> None:
        """By hand there is the command too."""
        command = by_hand or self.method.value is Method.COMMAND
        self.method.offer(Method.COMMAND, command)
        self.method.offer(Method.BROWSER, self._has_oauth)
        self.method.offer(Method.DESKTOP, bool(self._desktop))
        one = not (command or self._has_oauth or self._desktop)
        self.method.be_only(Method.PASSWORD, one)
        self.heading.setText(self._name if one else self.tr("Signing in"))

    @property
    def value(self) -> SigningIn:
        return SigningIn(
            self.method.value,
            self.password.text(),
            self.command.text().strip(),
            self.client.oauth,
            self.client.client_secret,
            self._desktop,
        )

    def problem(self) -> str:
        """What is missing before anybody can sign in, or ""."""
        match self.method.value:
            case Method.PASSWORD if not self.password.text():
                if self._name != password_name(SignIn.PASSWORD):
                    return self.tr("Enter the authorisation code.")
                return self.tr("Enter the password.")
            case Method.COMMAND if not self.command.text().strip():
                return self.tr("Enter the command that prints the password.")
            case Method.BROWSER:
                return self.client.problem()
        return ""

    def focus_problem(self) -> None:
        """The keys go to what is missing."""
        fields = {
            Method.PASSWORD: self.password,
            Method.COMMAND: self.command,
            Method.BROWSER: self.client.client_id,
        }
        field = fields.get(self.method.value)
        if field is not None:
            field.setFocus()
            field.selectAll()

    def _fitting(self, person: Person, offer: Offer | None) -> Method:
        if self._desktop:
            return Method.DESKTOP
        if offer is None or offer.oauth is None:
            return Method.PASSWORD
        if person.by_browser or offer.sign_in is SignIn.BROWSER:
            return Method.BROWSER
        if person.password:
            return Method.PASSWORD
        if offer.oauth.client_id:
            return Method.BROWSER
        return Method.PASSWORD

    def _say_kept(self) -> None:
        """Of a password that was typed where the browser is the way in: it is not lost."""
        unused = self.method.value is Method.BROWSER and bool(self.password.text())
        words = self.tr(
            "Your password is kept in case you choose “With a password”, which {name} mostly "
            "refuses."
        )
        self.kept.setText(words.format(name=self._mostly_refused))
        self.kept.setVisible(unused and bool(self._mostly_refused))

    def _chosen(self) -> None:
        self._touched = True
        self._say_kept()
        self.focus_problem()
        self.edited.emit()
