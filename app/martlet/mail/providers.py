"""Servers of well-known mail providers, and a guess for all others.

Facts only: hosts, ports and what a provider wants as password. Asking the network
(autoconfig, SRV records) is left to others; so is saying it in the user's language.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from martlet.mail.account import DEFAULT_PORTS, Protocol, Security


class SignIn(Enum):
    """What a provider wants from a mail program in place of the web password."""

    PASSWORD = "password"
    APP_PASSWORD = "app_password"
    """A password made for one program in the provider's security settings."""
    AUTH_CODE = "auth_code"
    """授权码: a code shown once when IMAP or POP3 is switched on in the web mail's settings."""
    SWITCH_ON = "switch_on"
    """The usual password, but IMAP and POP3 must first be switched on in the web mail."""
    BROWSER = "browser"
    """Sign-in by browser (OAuth 2) only; most accounts refuse every password."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a server is. host "" means the provider does not offer it."""

    host: str
    port: int
    security: Security


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider's servers. known: from the table, not guessed. help_url: "" where we know none."""

    name: str
    imap: Place
    pop3: Place
    smtp: Place
    sign_in: SignIn = SignIn.PASSWORD
    help_url: str = ""
    known: bool = True
    domains: tuple[str, ...] = field(default=())


def _tls(protocol: Protocol, host: str) -> Place:
    return Place(host, DEFAULT_PORTS[protocol, Security.TLS], Security.TLS)


def _provider(
    name: str,
    domains: str,
    imap: str,
    pop3: str,
    smtp: str,
    sign_in: SignIn = SignIn.PASSWORD,
    help_url: str = "",
    *,
    starttls: bool = False,
) -> Provider:
    """A row of the table. starttls: mail goes out on 587 by STARTTLS, not on 465."""
    out = Place(smtp, 587, Security.STARTTLS) if starttls else _tls(Protocol.SMTP, smtp)
    return Provider(
        name,
        _tls(Protocol.IMAP, imap),
        _tls(Protocol.POP3, pop3),
        out,
        sign_in,
        help_url,
        domains=tuple(domains.split()),
    )


_CODE, _APP, _ON = SignIn.AUTH_CODE, SignIn.APP_PASSWORD, SignIn.SWITCH_ON
_OUTLOOK = "outlook.office365.com"
_YANDEX = "https://id.yandex.com/security/app-passwords"

PROVIDERS: tuple[Provider, ...] = (
    _provider(
        "163", "163.com", "imap.163.com", "pop.163.com", "smtp.163.com",
        _CODE, "https://mail.163.com",
    ),
    _provider(
        "126", "126.com", "imap.126.com", "pop.126.com", "smtp.126.com",
        _CODE, "https://mail.126.com",
    ),
    _provider(
        "yeah.net", "yeah.net", "imap.yeah.net", "pop.yeah.net", "smtp.yeah.net",
        _CODE, "https://mail.yeah.net",
    ),
    _provider(
        "QQ", "qq.com vip.qq.com foxmail.com", "imap.qq.com", "pop.qq.com", "smtp.qq.com",
        _CODE, "https://mail.qq.com",
    ),
    _provider(
        "Sina", "sina.com", "imap.sina.com", "pop.sina.com", "smtp.sina.com",
        _CODE, "https://mail.sina.com.cn",
    ),
    _provider(
        "Sina", "sina.cn", "imap.sina.cn", "pop.sina.cn", "smtp.sina.cn",
        _CODE, "https://mail.sina.com.cn",
    ),
    _provider(
        "Aliyun", "aliyun.com", "imap.aliyun.com", "pop3.aliyun.com", "smtp.aliyun.com",
    ),
    _provider(
        "Gmail", "gmail.com googlemail.com", "imap.gmail.com", "pop.gmail.com", "smtp.gmail.com",
        _APP, "https://myaccount.google.com/apppasswords",
    ),
    _provider(
        "Outlook", "outlook.com outlook.de hotmail.com hotmail.de live.com live.cn msn.com",
        _OUTLOOK, _OUTLOOK, "smtp-mail.outlook.com", SignIn.BROWSER, starttls=True,
    ),
    _provider(
        "Microsoft 365", "office365.com onmicrosoft.com",
        _OUTLOOK, _OUTLOOK, "smtp.office365.com", SignIn.BROWSER, starttls=True,
    ),
    _provider(
        "iCloud", "icloud.com me.com mac.com", "imap.mail.me.com", "", "smtp.mail.me.com",
        _APP, "https://account.apple.com", starttls=True,
    ),
    _provider(
        "Yahoo", "yahoo.com yahoo.de yahoo.fr yahoo.co.uk ymail.com rocketmail.com",
        "imap.mail.yahoo.com", "pop.mail.yahoo.com", "smtp.mail.yahoo.com",
        _APP, "https://login.yahoo.com/account/security",
    ),
    _provider(
        "GMX", "gmx.de gmx.net gmx.at gmx.ch", "imap.gmx.net", "pop.gmx.net", "mail.gmx.net", _ON,
    ),
    _provider("GMX", "gmx.com", "imap.gmx.com", "pop.gmx.com", "mail.gmx.com", _ON),
    _provider(
        "WEB.DE", "web.de", "imap.web.de", "pop3.web.de", "smtp.web.de", _ON, starttls=True
    ),
    _provider(
        "Fastmail", "fastmail.com fastmail.fm", "imap.fastmail.com", "pop.fastmail.com",
        "smtp.fastmail.com", _APP, "https://app.fastmail.com/settings/security",
    ),
    _provider(
        "Mail.ru", "mail.ru bk.ru inbox.ru list.ru", "imap.mail.ru", "pop.mail.ru",
        "smtp.mail.ru", _APP, "https://account.mail.ru/user/2-step-auth/passwords",
    ),
    _provider(
        "Yandex", "yandex.com", "imap.yandex.com", "pop.yandex.com", "smtp.yandex.com",
        _APP, _YANDEX,
    ),
    _provider(
        "Yandex", "yandex.ru ya.ru", "imap.yandex.ru", "pop.yandex.ru", "smtp.yandex.ru",
        _APP, _YANDEX,
    ),
)  # fmt: skip

_BY_DOMAIN = {domain: provider for provider in PROVIDERS for domain in provider.domains}


def domain_of(address: str) -> str:
    """The part behind the last @, in lower case; "" if there is none."""
    return address.rpartition("@")[2].strip().rstrip(".").casefold() if "@" in address else ""


def lookup(address: str) -> Provider | None:
    """The table's row for an address (tenants of onmicrosoft.com included), or None."""
    domain = domain_of(address)
    if domain.endswith(".onmicrosoft.com"):
        domain = "onmicrosoft.com"
    return _BY_DOMAIN.get(domain)


def guess(address: str) -> Provider:
    """The table's row, else imap./pop./smtp. before the domain with TLS; hosts "" without one."""
    found = lookup(address)
    if found is not None:
        return found
    domain = domain_of(address)

    def place(protocol: Protocol, label: str) -> Place:
        return _tls(protocol, f"{label}.{domain}" if domain else "")

    return Provider(
        domain,
        place(Protocol.IMAP, "imap"),
        place(Protocol.POP3, "pop"),
        place(Protocol.SMTP, "smtp"),
        known=False,
    )
