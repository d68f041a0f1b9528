"""How an account signs in, as typed: a password, a command, the browser, the desktop. Secrets come
over stdin, one a line, in the order of SECRETS; never on the command line.
"""

from __future__ import annotations

import argparse
import sys
import webbrowser
from dataclasses import dataclass, field, replace
from threading import Thread
from typing import Any

from martlet.cli import output
from martlet.cli.context import Context, Usage
from martlet.link.client import Asker
from martlet.link.messages import DesktopAccounts, SignInBegin, SignInCancel, SignInWait
from martlet.mail.account import Account, SecretSource
from martlet.mail.errors import Refused
from martlet.mail.providers import by_name, lookup
from martlet.mail.sign_in import (
    CERTIFICATE,
    CLIENT,
    PASSWORD,
    PROXY,
    SMTP,
    DesktopAccount,
    OAuthSettings,
)

_WAIT_S = 660.0
_CANCEL_S = 5.0

# Option, part, and what an error calls it; also the order of the lines on stdin.
SECRETS = (
    ("password", PASSWORD, "password"),
    ("smtp-password", SMTP, "password for sending"),
    ("client-secret", CLIENT, "client's secret"),
    ("proxy-password", PROXY, "proxy's password"),
    ("certificate-password", CERTIFICATE, "certificate's password"),
)


@dataclass(frozen=True, slots=True)
class Given:
    """What was said about signing in. source: None leaves it as it is."""

    source: SecretSource | None
    command: str = ""
    secrets: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def password(self) -> str:
        return self.secrets.get(PASSWORD, "")

    @property
    def parts(self) -> dict[str, str]:
        """The secrets beside the password."""
        return {part: secret for part, secret in self.secrets.items() if part}


def options(parser: argparse.ArgumentParser) -> None:
    password_options(parser)
    add = parser.add_argument
    add("--client-id", metavar="ID", help="yours, with --oauth; see the provider's developer pages")
    add("--oauth-authorize-url", metavar="URL", help="of a provider that is not known here")
    add("--oauth-token-url", metavar="URL", help="the same")
    add("--oauth-scope", metavar="S", help="the same")
    add("--no-browser", action="store_true", help="with --oauth: only print the page's address")
    for name, part, words in SECRETS:
        if part:
            add(f"--{name}-stdin", action="store_true", help=f"read the {words} from stdin")


def password_options(parser: argparse.ArgumentParser) -> None:
    group = parser.add_mutually_exclusive_group()
    group.add_argument(
        "--password-stdin", action="store_true",
        help="read it from stdin's first line; other secrets follow, one a line, in the order "
        + ", ".join(name for name, _, _ in SECRETS[1:]),
    )  # fmt: skip
    group.add_argument(
        "--password-command", metavar="CMD",
        help="run CMD each time; it prints the password, or with --auth XOAUTH2 an access token",
    )  # fmt: skip
    group.add_argument(
        "--ask-password", action="store_true", help="the window asks once each time it runs"
    )
    group.add_argument(
        "--oauth", metavar="PROVIDER", nargs="?", const="",
        help="sign in with the browser; without PROVIDER at the address's",
    )  # fmt: skip
    group.add_argument(
        "--desktop", metavar="KEY", help="as the desktop does; see: martlet account desktop"
    )


def only_parts(args: Any) -> bool:
    """Whether nothing but secrets beside the password were given."""
    names = [name.replace("-", "_") for name, part, _ in SECRETS if part]
    return any(getattr(args, f"{name}_stdin") for name in names)


def read(args: Any, *, needed: bool) -> Given:
    """What was given, stdin included; asks on a terminal for what is needed. Raises Usage."""
    command = args.password_command
    if command is not None and not command.strip():
        raise Usage("the password command is empty")
    secrets = {
        part: _line(words)
        for name, part, words in SECRETS
        if getattr(args, f"{name.replace('-', '_')}_stdin", False)
    }
    if command is not None:
        return Given(SecretSource.COMMAND, command, secrets)
    if args.ask_password:
        return Given(SecretSource.ASK, "", secrets)
    if args.oauth is not None:
        return Given(SecretSource.OAUTH, "", secrets)
    if args.desktop is not None:
        return Given(SecretSource.DESKTOP, "", secrets)
    if PASSWORD in secrets:
        return Given(SecretSource.KEYRING, "", secrets)
    if not needed:
        return Given(None, "", secrets)
    if secrets or not sys.stdin.isatty():
        raise Usage(
            "give --password-stdin, --password-command CMD, --oauth, --desktop KEY or "
            "--ask-password"
        )
    import getpass

    password = getpass.getpass("Password: ")
    if not password:
        raise Usage("no password was typed")
    return Given(SecretSource.KEYRING, "", {PASSWORD: password})


def _line(words: str) -> str:
    raw = sys.stdin.buffer.readline().rstrip(b"\r\n")
    try:
        secret = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Usage(f"the {words} on stdin is not UTF-8") from None
    if not secret:
        raise Usage(f"there is no {words} on stdin")
    return secret


def applied(args: Any, given: Given, account: Account) -> Account:
    """The account that signs in as was said. Raises Usage."""
    if SMTP in given.secrets:
        account = replace(account, smtp_secret=True)
    if CLIENT in given.secrets and args.oauth is None:
        raise Usage("--client-secret-stdin goes with --oauth")
    if args.oauth is None and (args.client_id or args.oauth_token_url or args.oauth_scope):
        raise Usage("--client-id and what else is about a sign-in by browser go with --oauth")
    if given.source is None:
        return account
    return replace(
        account,
        secret=given.source,
        password_command=given.command,
        oauth=_settings(args, account) if given.source is SecretSource.OAUTH else None,
        desktop=args.desktop or "",
    )


def _settings(args: Any, account: Account) -> OAuthSettings:
    """What is known here, or was before, with what was given."""
    word = args.oauth
    urls = (args.oauth_authorize_url, args.oauth_token_url)
    if all(urls):
        known = OAuthSettings(word or account.address.rpartition("@")[2], *urls, "")
    elif any(urls):
        raise Usage("--oauth-authorize-url and --oauth-token-url go together")
    else:
        provider = by_name(word) if word else lookup(account.address)
        found = account.oauth if not word else None
        if found is None and provider is not None:
            found = provider.oauth
        if found is None:
            raise Usage(
                f"no sign-in by browser is known for {word or account.address!r}; give "
                "--oauth-authorize-url, --oauth-token-url and --oauth-scope"
            )
        known = found
    before = account.oauth.client_id if account.oauth is not None else ""
    return replace(
        known,
        scope=args.oauth_scope if args.oauth_scope is not None else known.scope,
        client_id=args.client_id or before or known.client_id,
    )


def by_browser(context: Context, client: Asker, args: Any, given: Given, account: Account) -> str:
    """Has the person sign in with the browser; the ticket of what that gave."""
    assert account.oauth is not None
    server = account.incoming or account.outgoing
    pending = client.call(
        SignInBegin(
            account.oauth,
            server.user if server is not None else account.address,
            given.secrets.get(CLIENT, ""),
            account.ca_file,
            account.proxy,
            given.secrets.get(PROXY, ""),
        )
    )
    if context.json:
        output.objects([{"url": pending.url}])
    else:
        output.say(f"Sign in with your browser: {pending.url}")
    sys.stdout.flush()
    if not args.no_browser:
        # Beside us: a browser in the foreground would wait for the page that we are to serve.
        Thread(target=webbrowser.open, args=(pending.url,), daemon=True).start()
    try:
        client.call(SignInWait(pending.ticket), _WAIT_S)
    except KeyboardInterrupt:
        # An engine that goes on without us would wait for the browser.
        client.call(SignInCancel(pending.ticket), _CANCEL_S)
        raise
    return pending.ticket


def desktop_account(client: Asker, key: str) -> DesktopAccount:
    """The desktop's account of this key. Raises Refused: there is none."""
    known = client.call(DesktopAccounts())
    for found in known:
        if found.key == key:
            return found
    keys = ", ".join(found.key for found in known) or "none"
    raise Refused(f"The desktop has no mail account {key!r}; there are: {keys}.")


def list_desktop(context: Context) -> int:
    with context.client() as client:
        known = client.call(DesktopAccounts())
    if context.json:
        output.objects(
            {
                "key": one.key,
                "service": one.service,
                "provider": one.provider,
                "address": one.address,
                "full_name": one.full_name,
                "tokens": one.tokens,
            }
            for one in known
        )
        return 0
    output.table(
        ("Key", "Address", "Provider", "Service"),
        [(one.key, one.address, one.provider, one.service) for one in known],
        empty="The desktop has no mail accounts.",
    )
    return 0
