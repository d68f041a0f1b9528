"""Which servers are signed in to with a token: none that wants a password, nor the other way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from martlet.engine.bearer import settled
from martlet.engine.desktop import Desktop
from martlet.mail.account import Account, AccountId, Protocol, SecretSource, Security, Server
from martlet.mail.identity import Identity
from martlet.mail.sign_in import DesktopAccount

IN = Server(Protocol.IMAP, "imap.a.example", 993, Security.TLS, "a")
OUT = Server(Protocol.SMTP, "smtp.a.example", 465, Security.TLS, "a")
ELSEWHERE = Server(Protocol.SMTP, "smtp.b.example", 465, Security.TLS, "b")
WORK = Account(AccountId(1), "work", "a@a.example", incoming=IN, outgoing=OUT)


class Desk(Desktop):
    """A desktop with these accounts."""

    def __init__(self, *found: DesktopAccount) -> None:
        super().__init__()
        self._found = list(found)

    def accounts(self) -> list[DesktopAccount]:
        return self._found


TOKENS = DesktopAccount("goa:1", "GNOME", "Google", "a@a.example", tokens=True)
PASSWORD = replace(TOKENS, key="goa:2", tokens=False)


def auths(account: Account) -> tuple[str, str]:
    assert account.incoming is not None
    assert account.outgoing is not None
    return account.incoming.auth, account.outgoing.auth


def with_auth(auth: str) -> Account:
    return replace(WORK, incoming=replace(IN, auth=auth), outgoing=replace(OUT, auth=auth))


@pytest.mark.parametrize(
    ("before", "source", "desktop", "after"),
    [
        ("", SecretSource.OAUTH, "", "BEARER"),
        ("PLAIN", SecretSource.OAUTH, "", "BEARER"),
        ("XOAUTH2", SecretSource.OAUTH, "", "XOAUTH2"),
        ("BEARER", SecretSource.KEYRING, "", ""),
        ("BEARER", SecretSource.ASK, "", ""),
        ("PLAIN", SecretSource.KEYRING, "", "PLAIN"),
        ("XOAUTH2", SecretSource.KEYRING, "", "XOAUTH2"),
        ("BEARER", SecretSource.COMMAND, "", "BEARER"),
        ("", SecretSource.COMMAND, "", ""),
        ("", SecretSource.DESKTOP, "goa:1", "BEARER"),
        ("", SecretSource.DESKTOP, "goa:2", ""),
        ("BEARER", SecretSource.DESKTOP, "goa:9", "BEARER"),
    ],
)
def test_by_where_the_secret_comes_from(
    before: str, source: SecretSource, desktop: str, after: str
) -> None:
    account = replace(with_auth(before), secret=source, desktop=desktop)
    assert auths(settled(account, Desk(TOKENS, PASSWORD))) == (after, after)


def test_servers_with_passwords_of_their_own_get_no_token() -> None:
    account = replace(
        WORK,
        secret=SecretSource.OAUTH,
        smtp_secret=True,
        identities=(
            Identity(1, "b@b.example", outgoing=ELSEWHERE),
            Identity(2, "c@a.example", outgoing=replace(IN, protocol=Protocol.SMTP)),
            Identity(3, "d@a.example"),
        ),
    )
    done = settled(account, Desk())
    assert auths(done) == ("BEARER", "")
    assert [one.outgoing.auth if one.outgoing else None for one in done.identities] == [
        "", "", None,
    ]  # fmt: skip
    shared = settled(replace(account, smtp_secret=False), Desk())
    assert [one.outgoing.auth if one.outgoing else None for one in shared.identities] == [
        "", "BEARER", None,
    ]  # fmt: skip
