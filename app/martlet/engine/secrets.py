"""Passwords: the system keyring, a command, or memory for this run.

Never in a file of ours, a log, a traceback or argv. The keyring's backend is named, not chosen by
whatever is installed: some packages put a plain-text one first merely by being there.
"""

from __future__ import annotations

import hashlib
import logging
import subprocess
import sys
from pathlib import Path
from threading import Lock
from typing import Protocol

from martlet.mail.account import Account, AccountId, SecretSource
from martlet.mail.errors import AuthFailed, MailError, Refused

log = logging.getLogger("martlet.secrets")

SERVICE = "Martlet"
COMMAND_TIMEOUT_S = 60
NO_KEYRING = "There is no system keyring here to keep the password in."


class Vault(Protocol):
    """What is used of a keyring backend."""

    def get_password(self, service: str, username: str) -> str | None: ...
    def set_password(self, service: str, username: str, password: str) -> None: ...
    def delete_password(self, service: str, username: str) -> None: ...


def system_vault() -> Vault | None:
    """The keyring of this desktop, or None where none answers."""
    # Imported here: a one-shot command that needs no password does not pay for it.
    from keyring import backend

    classes: list[type[backend.KeyringBackend]] = []
    if sys.platform == "win32":
        from keyring.backends.Windows import WinVaultKeyring

        classes.append(WinVaultKeyring)
    elif sys.platform == "darwin":
        from keyring.backends import macOS

        classes.append(macOS.Keyring)
    else:
        from keyring.backends import SecretService, kwallet

        classes += [SecretService.Keyring, kwallet.DBusKeyring]
    for cls in classes:
        if cls.viable:
            vault: Vault = cls()
            return vault
    return None


class Secrets:
    """The passwords of one profile's accounts."""

    def __init__(self, profile_root: Path, vault: Vault | None = None) -> None:
        self._space = hashlib.sha256(str(profile_root.resolve()).encode()).hexdigest()[:12]
        self._vault = vault
        self._looked = vault is not None
        self._memory: dict[AccountId, str] = {}
        self._lock = Lock()

    def password(self, account: Account) -> str:
        """The account's password. Raises AuthFailed when there is none to be had."""
        with self._lock:
            if account.id in self._memory:
                return self._memory[account.id]
        if account.secret is SecretSource.COMMAND:
            return self._from_command(account)
        if account.secret is SecretSource.KEYRING:
            vault = self._system()
            if vault is not None:
                try:
                    found = vault.get_password(SERVICE, self._key(account.id))
                except Exception as error:
                    # Backends raise what their system gives them (D-Bus, KWallet, Win32); the
                    # account waits for its password whatever it was.
                    raise AuthFailed(
                        f"The system keyring did not give the password of {account.name}.",
                        type(error).__name__,
                        account.name,
                    ) from error
                if found is not None:
                    return found
        raise AuthFailed(f"The password of {account.name} is needed.", "", account.name)

    def keep(self, account: Account, password: str) -> None:
        """Keeps a password the way the account says. Raises Refused when the keyring will not."""
        if account.secret is SecretSource.KEYRING:
            vault = self._system()
            if vault is None:
                raise Refused(
                    NO_KEYRING,
                    "Let Martlet ask for it each time, or name a command that prints it.",
                    account.name,
                )
            try:
                vault.set_password(SERVICE, self._key(account.id), password)
            except Exception as error:
                raise Refused(
                    "The system keyring refused to keep the password.",
                    type(error).__name__,
                    account.name,
                ) from error
        with self._lock:
            self._memory[account.id] = password

    def forget(self, account: Account) -> None:
        """Removes what is kept of this account; nothing kept is not an error."""
        with self._lock:
            self._memory.pop(account.id, None)
        if account.secret is not SecretSource.KEYRING:
            return
        vault = self._system()
        if vault is None:
            return
        try:
            if vault.get_password(SERVICE, self._key(account.id)) is not None:
                vault.delete_password(SERVICE, self._key(account.id))
        except Exception as error:
            log.warning("keyring did not forget account %s: %s", account.id, type(error).__name__)

    def drop_cached(self, account_id: AccountId) -> None:
        """Forgets the copy in memory, so that the keyring or command is asked again."""
        with self._lock:
            self._memory.pop(account_id, None)

    def _key(self, account_id: AccountId) -> str:
        return f"{self._space}/{account_id}"

    def _system(self) -> Vault | None:
        if not self._looked:
            self._vault = system_vault()
            self._looked = True
        return self._vault

    def _from_command(self, account: Account) -> str:
        try:
            done = subprocess.run(
                account.password_command,
                shell=True,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=COMMAND_TIMEOUT_S,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise self._command_failed(account, type(error).__name__) from error
        first = done.stdout.split(b"\n", 1)[0].rstrip(b"\r").decode("utf-8", "replace")
        if done.returncode != 0 or not first:
            raise self._command_failed(account, f"exit status {done.returncode}")
        return first

    @staticmethod
    def _command_failed(account: Account, detail: str) -> MailError:
        return AuthFailed(
            f"The password command of {account.name} gave no password.", detail, account.name
        )
