"""The system keyring: which one it is here, and asking it without waiting for ever.

The backend is named, not chosen by whatever is installed: some packages put a plain-text one first
merely by being there. A keyring may show its user a prompt, so it is given time; one that does not
answer at all costs that time once, and until it does nobody else waits for it.
"""

from __future__ import annotations

import hashlib
import logging
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from martlet.engine.patient import NoAnswer, PatientThread
from martlet.mail.account import Account, AccountId
from martlet.mail.errors import AuthFailed, Refused
from martlet.mail.sign_in import PASSWORD

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

log = logging.getLogger("martlet.secrets")

SERVICE = "Martlet"
NO_KEYRING = "There is no system keyring here to keep the password in."
LOCKED = "The system keyring is locked."
SILENT = "The system keyring does not answer."
ASK_S = 120.0
LOOK_S = 15.0

T = TypeVar("T")
_LOCKED = {"KeyringLocked", "LockedException", "PromptDismissedException"}


class Vault(Protocol):
    """What is used of a keyring backend."""

    def get_password(self, service: str, username: str) -> str | None: ...
    def set_password(self, service: str, username: str, password: str) -> None: ...
    def delete_password(self, service: str, username: str) -> None: ...


def system_vault() -> Vault | None:
    """The keyring of this desktop, or None where none answers."""
    # Imported here: a one-shot command that needs no password does not pay for it.
    if sys.platform == "win32":
        from keyring.backends import Windows

        return _viable(Windows.WinVaultKeyring)
    elif sys.platform == "darwin":
        from keyring.backends import macOS

        return _viable(macOS.Keyring)
    else:
        from keyring.backends import SecretService

        from martlet.engine.kwallet import KWallet

        return _viable(SecretService.Keyring) or KWallet.found()


def _viable(backend: type[KeyringBackend]) -> Vault | None:
    return backend() if backend.viable else None


class Safe:
    """What one profile keeps in the keyring, by account and part.

    vault: None asks `find` for one. ask_s: how long a keyring may take, prompts and all.
    """

    def __init__(
        self,
        profile_root: Path,
        vault: Vault | None,
        find: Callable[[], Vault | None],
        ask_s: float,
    ) -> None:
        self._space = hashlib.sha256(str(profile_root.resolve()).encode()).hexdigest()[:12]
        self._vault = vault
        self._find = find
        self._ask_s = ask_s
        self._thread = PatientThread("keyring")

    @property
    def there(self) -> bool:
        """Whether there is a keyring."""
        try:
            return self._thread.run(lambda: self._system() is not None, min(LOOK_S, self._ask_s))
        except NoAnswer:
            return False

    def read(self, account: Account, part: str = PASSWORD) -> str | None:
        """None where nothing is kept, or there is no keyring. AuthFailed: it did not say."""
        key = self._key(account.id, part)
        try:
            return self._asked(lambda vault: vault.get_password(SERVICE, key))
        except Exception as error:
            # Backends raise what their system gives them (D-Bus, KWallet, Win32), and nobody
            # knows what that holds; the account waits for its password whatever it was.
            raise AuthFailed(
                _sentence(error)
                or f"The system keyring did not give the password of {account.name}.",
                type(error).__name__,
                account.name,
            ) from None

    def write(self, account: Account, secret: str, part: str = PASSWORD) -> None:
        """Refused: there is no keyring, or it will not."""
        key = self._key(account.id, part)

        def write(vault: Vault) -> bool:
            vault.set_password(SERVICE, key, secret)
            return True

        try:
            kept = self._asked(write)
        except Exception as error:
            raise Refused(
                _sentence(error) or "The system keyring refused to keep the password.",
                type(error).__name__,
                account.name,
            ) from None
        if not kept:
            raise Refused(
                NO_KEYRING,
                "Let Martlet ask for it each time, or name a command that prints it.",
                account.name,
            )

    def delete(self, account_id: AccountId, parts: Iterable[str]) -> bool:
        """Nothing kept is not an error. False: the keyring may hold some of it still."""

        def delete(vault: Vault) -> None:
            for part in parts:
                key = self._key(account_id, part)
                if vault.get_password(SERVICE, key) is not None:
                    vault.delete_password(SERVICE, key)

        try:
            self._asked(delete)
        except Exception as error:
            # Whatever a backend raises: the account is gone, and its keyring may be, too.
            log.warning("keyring kept account %s: %s", account_id, type(error).__name__)
            return False
        return True

    def _key(self, account_id: AccountId, part: str) -> str:
        return f"{self._space}/{account_id}" + (f"/{part}" if part else "")

    def _asked(self, question: Callable[[Vault], T]) -> T | None:
        def ask() -> T | None:
            vault = self._system()
            return question(vault) if vault is not None else None

        return self._thread.run(ask, self._ask_s)

    def _system(self) -> Vault | None:
        # Looked for again while there is none: a desktop may start its keyring after us.
        if self._vault is None:
            self._vault = self._find()
        return self._vault


def _sentence(error: Exception) -> str:
    if isinstance(error, NoAnswer):
        return SILENT
    return LOCKED if type(error).__name__ in _LOCKED else ""
