"""Signing in once more with something newer, and when that is no use."""

from __future__ import annotations

from pathlib import Path

import pytest

from martlet.engine.secrets import Secrets
from martlet.engine.signing_in import signed_in
from martlet.engine.trial import Given
from martlet.mail.account import Account, AccountId, Protocol, SecretSource, Security, Server
from martlet.mail.errors import AuthFailed
from martlet.mail.route import Route
from martlet.net.sasl import NotOffered
from support.vaults import DictVault

IMAP = Server(Protocol.IMAP, "imap.a.example", 993, Security.TLS, "a")


@pytest.mark.parametrize(("error", "runs"), [(AuthFailed, 2), (NotOffered, 1)])
def test_a_newer_secret_is_looked_for_only_where_one_was_refused(
    tmp_path: Path, error: type[AuthFailed], runs: int
) -> None:
    counted = tmp_path / "runs"
    work = Account(
        AccountId(3), "work", "a@b.example", incoming=IMAP, secret=SecretSource.COMMAND,
        password_command=f"echo x >>{counted}; wc -l <{counted}",
    )  # fmt: skip
    tried: list[str] = []

    def attempt(secret: str, route: Route) -> None:
        tried.append(secret.strip())
        raise error("No.")

    with pytest.raises(error):
        signed_in(Secrets(tmp_path, DictVault()), work, IMAP, attempt)
    assert tried == [str(number + 1) for number in range(runs)]
    assert counted.read_text() == "x\n" * runs


def test_what_a_person_gave_is_not_shown() -> None:
    given = Given("hunter2", {"smtp": "hunter3"}, "ticket4")
    assert repr(given) == "Given()"
