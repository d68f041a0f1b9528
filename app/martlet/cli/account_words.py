"""An account's settings in words for a person and as an object for a program."""

from __future__ import annotations

import shlex

from martlet.cli import keeping, output
from martlet.mail.account import Account, Protocol, SecretSource, SentCopies, Server, TestStep
from martlet.mail.route import Proxy

_SECRETS = {
    SecretSource.KEYRING: "password in the system keyring",
    SecretSource.COMMAND: "password printed by a command",
    SecretSource.ASK: "password asked for in each run",
    SecretSource.OAUTH: "sign-in by browser",
    SecretSource.DESKTOP: "sign-in of the desktop",
}
_COPIES = {
    SentCopies.AUTO: "put there unless the server does it",
    SentCopies.ALWAYS: "always put there",
    SentCopies.NEVER: "never put there",
}


def show(account: Account, into: str) -> None:
    """into: the name of the account whose inbox its mail goes to, or ""."""
    output.say(f"Name: {account.name}")
    output.say(f"Address: {account.address}")
    if account.full_name:
        output.say(f"Full name: {account.full_name}")
    for what, server in (("Receives by", account.incoming), ("Sends by", account.outgoing)):
        if server is None:
            output.say(f"{what}: nothing")
        else:
            how = server.auth or "the best offered"
            output.say(f"{what}: {place(server)}, user {server.user}, sign-in {how}")
    output.say(f"Signs in with: {_secret(account)}")
    for what, words in _rest(account, into):
        output.say(f"{what}: {words}")


def _secret(account: Account) -> str:
    words = _SECRETS[account.secret]
    if account.secret is SecretSource.OAUTH and account.oauth is not None:
        words += f" at {account.oauth.provider}, client id {account.oauth.client_id}"
    if account.secret is SecretSource.DESKTOP:
        words += f" ({account.desktop})"
    if account.smtp_secret:
        words += "; another password for sending"
    return words


def _rest(account: Account, into: str) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    if account.incoming is not None and account.incoming.protocol is Protocol.IMAP:
        rows += keeping.of_account(account)
    if account.incoming is not None and account.incoming.protocol is Protocol.POP3:
        rows += _pop3(account, into)
    if account.outgoing is not None:
        rows.append(("Copies in Sent", _COPIES[account.sent_copies]))
    if account.proxy is not None:
        rows.append(("Proxy", proxy_url(account.proxy)))
    if account.ca_file:
        rows.append(("CA file", account.ca_file))
    if account.certificate:
        rows.append(("Own certificate", account.certificate))
    rows += [("Trusted certificate", f"{pin.host} {pin.sha256}") for pin in account.pins]
    return rows


def _pop3(account: Account, into: str) -> list[tuple[str, str]]:
    rows = [("On the server", left_there(account))]
    if account.leave_on_server:
        gone = "deleted there, too" if account.delete_there else "left there"
        rows.append(("What is deleted here for good", gone))
    comes = "only the beginning of each message" if account.summary_first else "whole messages"
    if account.limit_kb and not account.summary_first:
        comes += f", of those over {account.limit_kb} kB only the beginning"
    rows.append(("Comes by itself", comes))
    if account.month_mb:
        rows.append(("Fetched whole in a month", f"{account.month_mb} MB"))
    if into:
        rows.append(("Goes into", f"the inbox of {into}"))
    return rows


def left_there(account: Account) -> str:
    """What becomes of POP3 mail on the server once it is here."""
    if not account.leave_on_server:
        return "nothing stays once it is here"
    days = f" for {output.count(account.leave_days, 'day')}" if account.leave_days else ""
    most = []
    if account.leave_count:
        most.append(f"the newest {output.count(account.leave_count, 'message')}")
    if account.leave_mb:
        most.append(f"{account.leave_mb} MB")
    if not days and not most:
        return "everything stays"
    return f"mail stays{days}" + (f", at most {' and '.join(most)}" if most else "")


def to_trust(account: Account, step: TestStep) -> str:
    """How a certificate that stopped a test could be trusted; "" when that was not it."""
    if not step.fingerprint:
        return ""
    pairs = [step.fingerprint[i : i + 2] for i in range(0, len(step.fingerprint), 2)]
    edit = f"martlet account edit {shlex.quote(account.name)}"
    return (
        f" If it is the right one: {edit} --pin {step.host}={':'.join(pairs).upper()},"
        " or name who signed it with --ca-file FILE"
    )


def place(server: Server | None) -> str:
    if server is None:
        return "-"
    host = f"[{server.host}]" if ":" in server.host else server.host
    return f"{server.protocol.value} {host}:{server.port} {server.security.value}"


def proxy_url(proxy: Proxy) -> str:
    """As it is typed; its password is nowhere but in the keyring."""
    host = f"[{proxy.host}]" if ":" in proxy.host else proxy.host
    who = f"{proxy.user}@" if proxy.user else ""
    return f"{proxy.kind.value}://{who}{host}:{proxy.port}"


def as_object(account: Account) -> dict[str, object]:
    def server(one: Server | None) -> dict[str, object] | None:
        if one is None:
            return None
        return {
            "protocol": one.protocol.value,
            "host": one.host,
            "port": one.port,
            "security": one.security.value,
            "user": one.user,
            "auth": one.auth,
        }

    oauth = account.oauth
    return {
        "id": account.id,
        "name": account.name,
        "address": account.address,
        "full_name": account.full_name,
        "incoming": server(account.incoming),
        "outgoing": server(account.outgoing),
        "secret": account.secret.value,
        "password_command": account.password_command,
        "smtp_secret": account.smtp_secret,
        "oauth": None
        if oauth is None
        else {
            "provider": oauth.provider,
            "authorize_url": oauth.authorize_url,
            "token_url": oauth.token_url,
            "scope": oauth.scope,
            "client_id": oauth.client_id,
        },
        "desktop": account.desktop,
        "ca_file": account.ca_file,
        "certificate": account.certificate,
        "proxy": proxy_url(account.proxy) if account.proxy is not None else "",
        "pins": [{"host": pin.host, "sha256": pin.sha256} for pin in account.pins],
        "leave_on_server": account.leave_on_server,
        "leave_days": account.leave_days,
        "leave_count": account.leave_count,
        "leave_mb": account.leave_mb,
        "delete_there": account.delete_there,
        "summaries": account.summary_first,
        "limit_kb": account.limit_kb,
        "into": account.into,
        "sent_copies": account.sent_copies.value,
        **keeping.as_object(account),
    }
