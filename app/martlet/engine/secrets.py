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
from typing import Protocol as TypingProtocol

from martlet.mail.account import Account, AccountId, Protocol, SecretSource, Server
from martlet.mail.errors import AuthFailed, MailError, Refused
from martlet.mail.route import Route
from martlet.mail.sign_in import (
    CERTIFICATE,
    CLIENT,
    PASSWORD,
    PROXY,
    SMTP,
    TOKEN,
    part_of_identity,
)

log = logging.getLogger("martlet.secrets")

SERVICE = "Martlet"
COMMAND_TIMEOUT_S = 60
NO_KEYRING = "There is no system keyring here to keep the password in."


class Vault(TypingProtocol):
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
        self._memory: dict[tuple[AccountId, str], str] = {}
        self._lock = Lock()

    def for_server(self, account: Account, server: Server, identity: int = 0) -> str:
        """What signs in to this server of the account: a password or an access token.

        identity: whose own server it is, 0 for the account's. Raises AuthFailed without one.
        """
        own = part_of_identity(identity) if identity else ""
        if not own and account.smtp_secret and server.protocol is Protocol.SMTP:
            own = SMTP
        if own:
            kept = self.part(account, own)
            if kept:
                return kept
        return self.password(account)

    def refused(self, account: Account, server: Server, secret: str, identity: int = 0) -> bool:
        """The server refused this secret; whether there is another one now, worth one more try."""
        with self._lock:
            remembered = self._memory.get((account.id, PASSWORD))
        if account.secret is not SecretSource.COMMAND or remembered is not None:
            return False
        return self.for_server(account, server, identity) != secret

    def route(self, account: Account) -> Route:
        """How the account's servers are reached."""
        return Route(
            account.ca_file,
            account.pins,
            account.proxy,
            self.part(account, PROXY) if account.proxy and account.proxy.user else "",
            account.certificate,
            self.part(account, CERTIFICATE) if account.certificate else "",
        )

    def part(self, account: Account, part: str) -> str:
        """A secret beside the password (mail.sign_in names them); "" when none is kept."""
        with self._lock:
            if (account.id, part) in self._memory:
                return self._memory[account.id, part]
        vault = self._system() if account.secret is not SecretSource.ASK else None
        if vault is None or not account.id:
            return ""
        found = self._asked(vault, account, part) or ""
        with self._lock:
            return self._memory.setdefault((account.id, part), found)

    def password(self, account: Account) -> str:
        """The account's password. Raises AuthFailed when there is none to be had."""
        with self._lock:
            if (account.id, PASSWORD) in self._memory:
                return self._memory[account.id, PASSWORD]
        if account.secret is SecretSource.COMMAND:
            return self._from_command(account)
        if account.secret is SecretSource.KEYRING:
            vault = self._system()
            if vault is not None:
                found = self._asked(vault, account, PASSWORD)
                if found is not None:
                    return found
        raise AuthFailed(f"The password of {account.name} is needed.", "", account.name)

    def keep(self, account: Account, password: str, part: str = PASSWORD) -> None:
        """Keeps a secret the way the account says. Raises Refused when the keyring will not."""
        if account.secret in (SecretSource.KEYRING, SecretSource.OAUTH):
            vault = self._system()
            if vault is None:
                raise Refused(
                    NO_KEYRING,
                    "Let Martlet ask for it each time, or name a command that prints it.",
                    account.name,
                )
            try:
                vault.set_password(SERVICE, self._key(account.id, part), password)
            except Exception as error:
                raise Refused(
                    "The system keyring refused to keep the password.",
                    type(error).__name__,
                    account.name,
                ) from error
        with self._lock:
            self._memory[account.id, part] = password

    def forget(self, account: Account) -> None:
        """Removes what is kept of this account; nothing kept is not an error."""
        self.drop_cached(account.id)
        vault = self._system()
        if vault is None:
            return
        own = [part_of_identity(identity.id) for identity in account.identities]
        for part in (PASSWORD, SMTP, PROXY, CERTIFICATE, CLIENT, TOKEN, *own):
            key = self._key(account.id, part)
            try:
                if vault.get_password(SERVICE, key) is not None:
                    vault.delete_password(SERVICE, key)
            except Exception as error:
                log.warning("keyring kept account %s: %s", account.id, type(error).__name__)
                return

    @property
    def lasting(self) -> bool:
        """Whether there is a keyring here."""
        return self._system() is not None

    def drop_cached(self, account_id: AccountId) -> None:
        """Forgets the copies in memory, so that the keyring or command is asked again."""
        with self._lock:
            for known in [key for key in self._memory if key[0] == account_id]:
                del self._memory[known]

    def _key(self, account_id: AccountId, part: str) -> str:
        return f"{self._space}/{account_id}" + (f"/{part}" if part else "")

    def _asked(self, vault: Vault, account: Account, part: str) -> str | None:
        try:
            return vault.get_password(SERVICE, self._key(account.id, part))
        except Exception as error:
            # Backends raise what their system gives them (D-Bus, KWallet, Win32); the
            # account waits for its password whatever it was.
            raise AuthFailed(
                f"The system keyring did not give the password of {account.name}.",
                type(error).__name__,
                account.name,
            ) from error

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
