"""What is said about accounts: how providers sign people in, security, where settings are from."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from martlet.mail.account import Account, Pin, Security
from martlet.mail.discovery import FoundBy
from martlet.mail.providers import SignIn
from martlet.mail.server import Protocol

_CONTEXT = "Accounts"

# What net.sasl and the protocols know, strongest first; a server's best one is chosen without it.
_SASL = (
    "SCRAM-SHA-256",
    "SCRAM-SHA-1",
    "CRAM-MD5",
    "PLAIN",
    "LOGIN",
    "EXTERNAL",
    "BEARER",
    "OAUTHBEARER",
    "XOAUTH2",
)


def _tr(text: str) -> str:
    return QCoreApplication.translate(_CONTEXT, text)


def security_name(security: Security) -> str:
    match security:
        case Security.TLS:
            return _tr("TLS")
        case Security.STARTTLS:
            return _tr("STARTTLS")
        case Security.NONE:
            return _tr("None")


def mechanisms(protocol: Protocol) -> tuple[str, ...]:
    """What a person may insist on with this protocol: SASL mechanisms, and POP3's own two."""
    return (*_SASL, "USER", "APOP") if protocol is Protocol.POP3 else _SASL


def sign_in_hint(sign_in: SignIn, name: str) -> str:
    """What the provider wants as password, in words; "" for the usual one."""
    match sign_in:
        case SignIn.PASSWORD:
            return ""
        case SignIn.APP_PASSWORD:
            text = _tr(
                "{name} wants an app password here, not your usual one. You make it in your "
                "account's security settings."
            )
        case SignIn.AUTH_CODE:
            text = _tr(
                "{name} wants the authorisation code (授权码) here, not your password. You get it "
                "when you switch on IMAP or POP3 in the settings of the web mail."
            )
        case SignIn.SWITCH_ON:
            text = _tr(
                "{name} takes your usual password, but first IMAP and POP3 must be switched on in "
                "the settings of the web mail."
            )
        case SignIn.BROWSER:
            text = _tr(
                "{name} lets most accounts in by browser only; a password is mostly refused."
            )
    return text.format(name=name)


def help_words(sign_in: SignIn, name: str) -> str:
    """What the link to the provider's page says."""
    match sign_in:
        case SignIn.APP_PASSWORD:
            return _tr("Make an app password…")
        case SignIn.AUTH_CODE:
            return _tr("Get the authorisation code…")
        case SignIn.SWITCH_ON:
            return _tr("Open the settings of {name}…").format(name=name)
        case _:
            return _tr("How {name} lets mail programs in…").format(name=name)


def password_name(sign_in: SignIn) -> str:
    """What the provider calls that which is typed as password."""
    if sign_in is SignIn.AUTH_CODE:
        return _tr("Authorisation code (授权码)")
    return _tr("Password")


def found_by(by: FoundBy, domain: str) -> str:
    """Where settings come from, in a few words."""
    match by:
        case FoundBy.TABLE:
            text = _tr("From the list of providers that comes with Martlet.")
        case FoundBy.AUTOCONFIG:
            text = _tr("{domain} publishes these settings itself.")
        case FoundBy.WELL_KNOWN:
            text = _tr("{domain} publishes these settings on its web site.")
        case FoundBy.ISPDB:
            text = _tr("From Thunderbird's public list of providers.")
        case FoundBy.SRV:
            text = _tr("From the name server of {domain}.")
        case FoundBy.MX:
            text = _tr("From the provider that takes in the mail of {domain}.")
        case FoundBy.GUESS:
            text = _tr("These are a guess; compare them with what your provider says.")
    return text.format(domain=domain)


def protocol_sentence(protocol: Protocol) -> str:
    """What IMAP and POP3 mean for a person."""
    if protocol is Protocol.POP3:
        return _tr(
            "Mail is fetched to this computer. Your other devices do not see what you do here."
        )
    return _tr("Mail stays on the server, with a copy here. It looks the same on all your devices.")


def certificate_words(fingerprint: str) -> str:
    """SHA-256 in pairs, so that people can compare it."""
    pairs = [fingerprint[i : i + 2] for i in range(0, len(fingerprint), 2)]
    half = (len(pairs) + 1) // 2
    return "\n".join(":".join(part).upper() for part in (pairs[:half], pairs[half:]) if part)


def certificate_facts(words: str) -> list[tuple[str, str]]:
    """The engine's lines about a certificate as label and fact; its fingerprint is left out."""
    labels = {
        "for": _tr("Issued to"),
        "belongs to": _tr("Belongs to"),
        "issued by": _tr("Issued by"),
        "valid": _tr("Valid"),
    }
    facts: list[tuple[str, str]] = []
    for line in words.splitlines():
        label, colon, fact = line.partition(": ")
        if not line.strip() or label.casefold() == "sha-256":
            continue
        known = labels.get(label.casefold(), label) if colon else ""
        facts.append((known, fact if colon else line))
    return facts


def with_pin(pins: tuple[Pin, ...], host: str, sha256: str) -> tuple[Pin, ...]:
    """The pins with this one; a host has one pin only."""
    return (*(pin for pin in pins if pin.host != host), Pin(host, sha256))


def server_words(host: str, port: int, security: Security) -> str:
    """A server in a few words."""
    words = f"{host} · {port} · {security_name(security)}"
    return words if security is not Security.NONE else f"{words} ({_tr('not encrypted')})"


def summary(account: Account) -> str:
    """A few words about how an account receives and sends."""
    server = account.incoming
    if server is None:
        return _tr("only sends")
    parts = [f"{server.protocol.value.upper()}, {server.host}"]
    if account.outgoing is None:
        parts.append(_tr("only receives"))
    return " · ".join(parts)
