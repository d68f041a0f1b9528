"""Passwords and tokens: the system keyring, a command, the browser's sign-in, the desktop's, or
memory for this run.

Never in a file of ours, a log, a traceback or argv: what a keyring raises is not passed on, since
nobody knows what it holds. Which keyring, and how it is asked, is in `vault`.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path
from threading import Lock

from martlet.engine import password_command
from martlet.engine.access_tokens import AccessTokens
from martlet.engine.desktop import Desktop
from martlet.engine.grants import Grants
from martlet.engine.parts import lasts, needed, parts_for, wanted
from martlet.engine.password_command import CommandFailed
from martlet.engine.vault import ASK_S, Safe, Vault, system_vault
from martlet.mail.account import Account, AccountId, Protocol, SecretSource, Server
from martlet.mail.changes import Notice
from martlet.mail.errors import AuthFailed, ErrorKind, Refused
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


class Secrets:
    """The secrets of one profile's accounts.

    vault: None looks for the system's keyring. clock: Unix time. ask_s: how long a keyring may
    take, which may be showing a prompt. command_s: the same for a password command.
    """

    def __init__(
        self,
        profile_root: Path,
        vault: Vault | None = None,
        *,
        clock: Callable[[], float] = time.time,
        desktop: Desktop | None = None,
        ask_s: float = ASK_S,
        command_s: float = password_command.TIMEOUT_S,
        find: Callable[[], Vault | None] = system_vault,
    ) -> None:
        self._safe = Safe(profile_root, vault, find, ask_s)
        self._command_s = command_s
        self._memory: dict[tuple[AccountId, str], str] = {}
        self._printed: dict[AccountId, str] = {}
        self._lock = Lock()
        self._told: Callable[[Notice], None] | None = None
        self._warned: set[AccountId] = set()
        self.grants = Grants(clock)
        self.tokens = AccessTokens(self, clock)
        self.desktop = desktop or Desktop()

    def listen(self, told: Callable[[Notice], None]) -> None:
        """Calls back with what the user must be told."""
        self._told = told

    def for_server(self, account: Account, server: Server, identity: int = 0) -> str:
        """What signs in to this server of the account: a password or an access token.

        identity: whose own server it is, 0 for the account's. Raises AuthFailed without one.
        "" where one's own certificate signs in (EXTERNAL).
        """
        if server.auth.upper() == "EXTERNAL":
            return ""
        for part in parts_for(account, server, identity):
            kept = self.part(account, part) if part else self.password(account, server.protocol)
            if kept:
                return kept
        raise needed(account, server)

    def refused(self, account: Account, server: Server, secret: str, identity: int = 0) -> bool:
        """The server refused this secret; whether there is another one now, worth one more try."""
        for part in parts_for(account, server, identity):
            if part and self.part(account, part) == secret:
                return self._changed(account, part, secret)
        if account.secret is SecretSource.OAUTH:
            return self.tokens.refused(account, secret)
        if account.secret is SecretSource.DESKTOP:
            return self.desktop.refused(account, server.protocol, secret)
        with self._lock:
            remembered = self._memory.get((account.id, PASSWORD))
        if remembered is not None and remembered != secret:
            return True
        if account.secret is SecretSource.KEYRING:
            return self._changed(account, PASSWORD, secret)
        if account.secret is not SecretSource.COMMAND or remembered is not None:
            return False
        printed = self._from_command(account)
        if printed == secret:
            return False
        with self._lock:
            self._printed[account.id] = printed
        return True

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
        if account.secret is SecretSource.ASK or not account.id:
            return ""
        return self._read(account, part) or ""

    def password(self, account: Account, protocol: Protocol = Protocol.IMAP) -> str:
        """The account's password or access token. Raises AuthFailed when there is none to be had,
        and for a token what asking for it raises.
        """
        if account.secret is SecretSource.OAUTH:
            return self.tokens.fresh(account)
        if account.secret is SecretSource.DESKTOP:
            return self.desktop.secret(account, protocol)
        with self._lock:
            if (account.id, PASSWORD) in self._memory:
                return self._memory[account.id, PASSWORD]
            printed = self._printed.pop(account.id, "")
        if account.secret is SecretSource.COMMAND:
            return printed or self._from_command(account)
        found = self._read(account, PASSWORD) if account.secret is SecretSource.KEYRING else None
        if found is None:
            raise AuthFailed(f"The password of {account.name} is needed.", "", account.name)
        return found

    def keep(self, account: Account, password: str, part: str = PASSWORD) -> None:
        """Keeps a secret the way the account says. Raises Refused when the keyring will not.

        Without a keyring a sign-in by browser holds for this run; the user is told once.
        """
        try:
            if lasts(account, part):
                self._safe.write(account, password, part)
        except Refused as error:
            if part not in (TOKEN, CLIENT):
                raise
            self._warn(account, error)
        with self._lock:
            self._memory[account.id, part] = password

    def granted(self, ticket: str) -> str:
        """The access token of a sign-in by browser that no account has yet. Refused: not known."""
        return self.grants.look(ticket).tokens.access

    def take(self, account: Account, ticket: str) -> None:
        """Keeps what a sign-in by browser gave as this account's. Refused: not known, not its."""
        grant = self.grants.look(ticket)
        wanted = account.oauth
        if wanted is None or (wanted.token_url, wanted.client_id) != (
            grant.settings.token_url,
            grant.settings.client_id,
        ):
            raise Refused("This sign-in by browser belongs to other settings.", "", account.name)
        if grant.client_secret:
            self.keep(account, grant.client_secret, CLIENT)
        self.keep(account, grant.tokens.refresh, TOKEN)
        self.tokens.take(account, grant.tokens, grant.got)
        self.grants.drop(ticket)

    def forget(self, account: Account) -> None:
        """Removes what is kept of this account; nothing kept is not an error."""
        self.drop_cached(account.id)
        own = [part_of_identity(identity.id) for identity in account.identities]
        every = (PASSWORD, SMTP, PROXY, CERTIFICATE, CLIENT, TOKEN, *own)
        if self._safe.delete(account.id, every) or self._told is None:
            return
        if any(lasts(account, part) for part in wanted(account)):
            self._told(
                Notice(
                    account.name,
                    ErrorKind.REFUSED,
                    f"The system keyring may still hold the password of {account.name}.",
                    "It did not let Martlet delete it.",
                )
            )

    def forget_unused(self, old: Account, new: Account) -> None:
        """Removes what the settings wanted before and want no more."""
        unused = tuple(wanted(old) - wanted(new))
        if not unused:
            return
        with self._lock:
            for part in unused:
                if part:  # a password may just have been given for this run
                    self._memory.pop((new.id, part), None)
        self._safe.delete(new.id, unused)

    @property
    def lasting(self) -> bool:
        """Whether there is a keyring here."""
        return self._safe.there

    def drop_cached(self, account_id: AccountId) -> None:
        """Forgets the copies in memory, so that the keyring or command is asked again."""
        self.tokens.drop(account_id)
        with self._lock:
            self._printed.pop(account_id, None)
            for known in [key for key in self._memory if key[0] == account_id]:
                del self._memory[known]

    def _changed(self, account: Account, part: str, refused: str) -> bool:
        """Whether the keyring has another one by now. The one that was refused is forgotten."""
        if not lasts(account, part):
            return False
        with self._lock:
            if self._memory.get((account.id, part)) == refused:
                del self._memory[account.id, part]
        found = self._safe.read(account, part)
        return found is not None and found != refused

    def _read(self, account: Account, part: str) -> str | None:
        """From the keyring, remembered from then on: it may go away, or be locked."""
        found = self._safe.read(account, part)
        if found is not None or part:
            with self._lock:
                return self._memory.setdefault((account.id, part), found or "")
        return found

    def _warn(self, account: Account, error: Refused) -> None:
        log.warning("account %s: its sign-in is not kept: %s", account.id, error.summary)
        with self._lock:
            if account.id in self._warned:
                return
            self._warned.add(account.id)
        if self._told is not None:
            self._told(
                Notice(
                    account.name,
                    ErrorKind.REFUSED,
                    f"The sign-in of {account.name} could not be kept in a system keyring; "
                    "it holds until Martlet ends.",
                    error.summary,
                )
            )

    def _from_command(self, account: Account) -> str:
        try:
            return password_command.first_line(account.password_command, self._command_s)
        except CommandFailed as error:
            raise AuthFailed(
                # Words of ours, not of a server, as which a detail is shown.
                f"The password command of {account.name} gave no password ({error}).",
                "",
                account.name,
            ) from None
