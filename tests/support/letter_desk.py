"""An engine without workers, with one account that sends, for letters that nobody is to get."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

from martlet.engine.engine import Engine
from martlet.mail.account import Account, AccountId, Protocol, SecretSource, Security, Server
from martlet.paths import Profile
from martlet.store.reader import Reader

SMTP = Server(Protocol.SMTP, "127.0.0.1", 9, Security.NONE, "a")

_ACCOUNT = Account(
    AccountId(0), "a", "a@example.org", outgoing=SMTP,
    secret=SecretSource.COMMAND, password_command="echo x",
)  # fmt: skip


class LetterDesk:
    """Of a profile, whose account is added with the first. now: the engine's clock in Unix seconds,
    which stands."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.now = 1_700_000_000.0
        self.engine = Engine(Profile(root), clock=lambda: self.now)
        self.reader = Reader(root)
        known = self.reader.accounts()
        self.account = known[0].id if known else self.engine.account_add(_ACCOUNT, "")

    def __enter__(self) -> LetterDesk:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.reader.close()
        self.engine.close()
