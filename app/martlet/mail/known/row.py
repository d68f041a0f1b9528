"""How a row of the table is written.

A server is "host" (TLS from the first byte, usual port), "host:587" (STARTTLS on that port),
"host:994/tls" (TLS from the first byte on that port), or "" where there is none.
"""

from __future__ import annotations

from martlet.mail.provider import Place, Provider, SignIn, tls
from martlet.mail.server import Protocol, Security
from martlet.mail.sign_in import OAuthSettings

APP, CODE, ON = SignIn.APP_PASSWORD, SignIn.AUTH_CODE, SignIn.SWITCH_ON
BROWSER, PASSWORD = SignIn.BROWSER, SignIn.PASSWORD


def row(
    name: str,
    domains: str,
    imap: str,
    pop3: str,
    smtp: str,
    sign_in: SignIn = PASSWORD,
    help_url: str = "",
    *,
    mx: str = "",
    hosts: str = "",
    oauth: OAuthSettings | None = None,
    files_sent: bool = False,
    local_user: bool = False,
    note: str = "",
) -> Provider:
    """A row; domains, mx and hosts are separated by spaces."""
    return Provider(
        name,
        _place(Protocol.IMAP, imap),
        _place(Protocol.POP3, pop3),
        _place(Protocol.SMTP, smtp),
        sign_in,
        help_url,
        domains=tuple(domains.split()),
        mx=tuple(mx.split()),
        hosts=tuple(hosts.split()),
        oauth=oauth,
        files_sent=files_sent,
        local_user=local_user,
        note=note,
    )


def _place(protocol: Protocol, text: str) -> Place:
    host, _, rest = text.partition(":")
    if not rest:
        return tls(protocol, host)
    port, _, kind = rest.partition("/")
    return Place(host, int(port), Security.TLS if kind == "tls" else Security.STARTTLS)
