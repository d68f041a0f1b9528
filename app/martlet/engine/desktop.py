"""Mail accounts that the desktop is signed in to: GNOME Online Accounts, over D-Bus.

The desktop keeps and renews the sign-in; it gives a token or a password each time one is needed,
and nothing of it is kept here. KDE's KAccounts has no such service to ask: its accounts lie in a
database of its sign-on daemon that only libraries of its own may read, so it is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from martlet.engine.dbus import Bus, BusTrouble, Place, plain, session_bus
from martlet.engine.patient import NoAnswer, PatientThread
from martlet.mail.account import Account
from martlet.mail.errors import AuthFailed, MailError, Offline
from martlet.mail.server import DEFAULT_PORTS, Protocol, Security, Server
from martlet.mail.sign_in import DesktopAccount
from martlet.net.words import server_words

GOA = "goa:"
SERVICE = "GNOME Online Accounts"
_NAME = "org.gnome.OnlineAccounts"
_ROOT = "/org/gnome/OnlineAccounts"
_ACCOUNT, _MAIL = f"{_NAME}.Account", f"{_NAME}.Mail"
_OAUTH2, _PASSWORD = f"{_NAME}.OAuth2Based", f"{_NAME}.PasswordBased"
LIST_S = 8.0
# The desktop may have to ask the provider for a new token first.
SECRET_S = 40.0

T = TypeVar("T")
Properties = Mapping[str, object]


class Desktop:
    """list_s: how long listing the accounts may take; secret_s: getting a token."""

    def __init__(self, list_s: float = LIST_S, secret_s: float = SECRET_S) -> None:
        self._thread = PatientThread("desktop")
        self._list_s = list_s
        self._secret_s = secret_s

    def accounts(self) -> list[DesktopAccount]:
        """Those with mail; none where the desktop has no such service, or it does not answer."""
        try:
            return self._thread.run(_accounts, self._list_s)
        except (BusTrouble, NoAnswer):
            return []

    def gives_tokens(self, key: str) -> bool:
        """Whether this account gives access tokens; else a password, or it is not there."""
        return any(found.key == key and found.tokens for found in self.accounts())

    def secret(self, account: Account, protocol: Protocol) -> str:
        """A token with time left, or the password for this protocol. AuthFailed, Offline."""
        return self._asked(account, lambda: _secret(account.desktop, protocol))

    def refused(self, account: Account, protocol: Protocol, secret: str) -> bool:
        """A server refused this one; whether the desktop has another now."""
        return self._asked(account, lambda: _renewed(account.desktop, protocol)) != secret

    def _asked(self, account: Account, question: Callable[[], str]) -> str:
        try:
            return self._thread.run(question, self._secret_s)
        except NoAnswer:
            raise Offline(f"{SERVICE} does not answer.", "", account.name) from None
        except BusTrouble as trouble:
            raise _told(account, trouble) from None


def _accounts() -> list[DesktopAccount]:
    with session_bus() as bus:
        found = []
        for path, interfaces in sorted(_objects(bus).items()):
            account, mail = interfaces.get(_ACCOUNT), interfaces.get(_MAIL)
            if account is None or mail is None or _flag(account, "MailDisabled"):
                continue
            if _OAUTH2 not in interfaces and _PASSWORD not in interfaces:
                continue
            address = _text(mail, "EmailAddress") or _text(account, "PresentationIdentity")
            key = GOA + (_text(account, "Id") or path.rsplit("/", 1)[1])
            found.append(
                DesktopAccount(
                    key,
                    SERVICE,
                    server_words(_text(account, "ProviderName"), 80),
                    server_words(address, 320),
                    server_words(_text(mail, "Name"), 200),
                    _OAUTH2 in interfaces,
                    _server(mail, Protocol.IMAP, "Imap", address),
                    _server(mail, Protocol.SMTP, "Smtp", address),
                )
            )
        return found


def _objects(bus: Bus) -> dict[str, dict[str, Properties]]:
    manager = Place(_NAME, _ROOT, "org.freedesktop.DBus.ObjectManager")
    objects = bus.call(manager, "GetManagedObjects")[0]
    return objects if isinstance(objects, dict) else {}


def _place(bus: Bus, key: str) -> tuple[str, dict[str, Properties]]:
    """The object of a key, and its interfaces."""
    wanted = key.removeprefix(GOA)
    for path, interfaces in _objects(bus).items():
        account = interfaces.get(_ACCOUNT)
        if account is not None and _MAIL in interfaces and _text(account, "Id") == wanted:
            return path, interfaces
    raise BusTrouble(f"{_NAME}.Error.NoSuchAccount")


def _secret(key: str, protocol: Protocol) -> str:
    with session_bus() as bus:
        path, interfaces = _place(bus, key)
        return _given(bus, path, interfaces, protocol)


def _renewed(key: str, protocol: Protocol) -> str:
    """After the desktop has looked whether its token is still good. A password is only read again:
    it would be tried once more, and accounts get locked that way.
    """
    with session_bus() as bus:
        path, interfaces = _place(bus, key)
        if _OAUTH2 in interfaces:
            bus.call(Place(_NAME, path, _ACCOUNT), "EnsureCredentials", timeout_s=SECRET_S)
        return _given(bus, path, interfaces, protocol)


def _given(bus: Bus, path: str, interfaces: Mapping[str, Properties], protocol: Protocol) -> str:
    if _OAUTH2 in interfaces:
        answer = bus.call(Place(_NAME, path, _OAUTH2), "GetAccessToken", timeout_s=SECRET_S)
    else:
        which = "smtp-password" if protocol is Protocol.SMTP else "imap-password"
        place = Place(_NAME, path, _PASSWORD)
        answer = bus.call(place, "GetPassword", "s", (which,), SECRET_S)
    if not answer or not isinstance(answer[0], str) or not answer[0]:
        raise BusTrouble(f"{_NAME}.Error.NotAuthorized")
    return answer[0]


def _told(account: Account, trouble: BusTrouble) -> MailError:
    said = server_words(trouble.text) or trouble.name
    if trouble.name.endswith(".NoSuchAccount"):
        return AuthFailed(f"{SERVICE} has no such account any more.", "", account.name)
    if trouble.name.endswith(".NotAuthorized"):
        return AuthFailed(f"{SERVICE} wants you to sign in again, in the settings of the desktop.",
            said, account.name)  # fmt: skip
    if trouble.name in ("NoBus", "org.freedesktop.DBus.Error.ServiceUnknown"):
        return AuthFailed(f"{SERVICE} is not running here.", said, account.name)
    return Offline(f"{SERVICE} has no sign-in to give at the moment.", said, account.name)


def _server(mail: Properties, protocol: Protocol, name: str, address: str) -> Server | None:
    host, colon, port = _text(mail, f"{name}Host").partition(":")
    if not host or not _flag(mail, f"{name}Supported"):
        return None
    security = Security.NONE
    if _flag(mail, f"{name}UseSsl"):
        security = Security.TLS
    elif _flag(mail, f"{name}UseTls"):
        security = Security.STARTTLS
    number = int(port) if colon and port.isascii() and port.isdecimal() else 0
    return Server(
        protocol,
        host,
        number if 0 < number < 65536 else DEFAULT_PORTS[protocol, security],
        security,
        _text(mail, f"{name}UserName") or address,
    )


def _text(properties: Properties, name: str) -> str:
    value = plain(properties.get(name, ""))
    return value if isinstance(value, str) else ""


def _flag(properties: Properties, name: str) -> bool:
    return plain(properties.get(name, False)) is True
