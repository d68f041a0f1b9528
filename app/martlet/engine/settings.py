"""Settings of accounts that cannot work, each refused in one sentence; nobody is asked."""

from __future__ import annotations

from martlet.engine import identities
from martlet.mail.account import Account, Protocol, Proxy, SecretSource, Server
from martlet.mail.errors import Refused
from martlet.net import oauth


def check_settings(account: Account) -> None:
    """Refuses settings that cannot work, in one sentence."""
    name, address = account.name, account.address
    if not name.strip() or any(ord(c) < 32 for c in name):
        raise Refused("The account needs a name.")
    if address.count("@") < 1 or any(c.isspace() or ord(c) < 32 for c in address):
        raise Refused(f"{address[:80]!r} is not an e-mail address.")
    if any(ord(c) < 32 for c in account.full_name):
        raise Refused("The full name must be on one line.")
    if account.secret is SecretSource.COMMAND and not account.password_command.strip():
        raise Refused("The command that prints the password is missing.")
    if account.secret is SecretSource.OAUTH:
        if account.oauth is None:
            raise Refused("It is not known where to sign in by browser.")
        oauth.check(account.oauth)
    if account.secret is SecretSource.DESKTOP and not account.desktop:
        raise Refused("The desktop's account is missing.")
    for server in (account.incoming, account.outgoing):
        if server is not None:
            _check_server(server, account)
    if account.incoming is not None and account.incoming.protocol is Protocol.SMTP:
        raise Refused("SMTP cannot receive mail; incoming is IMAP or POP3.")
    if account.outgoing is not None and account.outgoing.protocol is not Protocol.SMTP:
        raise Refused("Mail goes out by SMTP.")
    identities.check(account)
    if account.proxy is not None:
        _check_proxy(account.proxy)


def _check_server(server: Server, account: Account) -> None:
    what = server.protocol.name
    if not server.host or any(c.isspace() or ord(c) < 33 for c in server.host):
        raise Refused(f"The {what} server's name is missing or has spaces in it.")
    if not 0 < server.port < 65536:
        raise Refused(f"The {what} port must be a number from 1 to 65535.")
    if any(ord(c) < 32 for c in server.user):
        raise Refused(f"The {what} user name must be on one line.")
    if server.auth == "EXTERNAL" and not account.certificate:
        raise Refused("Signing in by EXTERNAL needs a certificate of your own.")


def _check_proxy(proxy: Proxy) -> None:
    if not proxy.host or any(c.isspace() or ord(c) < 33 for c in proxy.host):
        raise Refused("The proxy's name is missing or has spaces in it.")
    if not 0 < proxy.port < 65536:
        raise Refused("The proxy's port must be a number from 1 to 65535.")
    if any(ord(c) < 32 for c in proxy.user):
        raise Refused("The proxy's user name must be on one line.")
