"""What is said about accounts: how a provider signs people in, security, what a test suggests."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from martlet.mail.account import Account, Pin, Security, TestStep
from martlet.mail.providers import Provider, SignIn

_CONTEXT = "Accounts"


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


def sign_in_hint(provider: Provider) -> str:
    """What the provider wants as password, in words; "" for the usual one."""
    name = provider.name
    match provider.sign_in:
        case SignIn.PASSWORD:
            return ""
        case SignIn.APP_PASSWORD:
            text = _tr("{name} wants an app password here, not your usual one.")
        case SignIn.AUTH_CODE:
            text = _tr(
                "{name} wants the authorisation code (授权码) here, not your password. You get it "
                "when you switch on IMAP or POP3 in the settings of the web mail."
            )
        case SignIn.SWITCH_ON:
            text = _tr("{name}: first switch on IMAP and POP3 in the settings of the web mail.")
        case SignIn.BROWSER:
            text = _tr("{name} lets most accounts in by browser only, which Martlet cannot yet do.")
    return text.format(name=name)


def suggestion(steps: Sequence[TestStep], provider: Provider) -> str:
    """The one thing to try after a test that failed; "" when it went well."""
    failed = next((step for step in steps if not step.ok), None)
    if failed is None:
        return ""
    if failed.fingerprint:
        return _tr("Trust the certificate below only if you know that it is this server's.")
    # Not where it was asked: a host may be called "sign" or "names".
    said = (failed.said if ":" in failed.what else f"{failed.what} {failed.said}").casefold()
    if any(word in said for word in ("password", "sign", "auth", "log in", "login", "credential")):
        return sign_in_hint(provider) or _tr("Check the user name and the password.")
    if any(word in said for word in ("starttls", "tls", "ssl", "certificate", "secure")):
        return _tr("Try the other kind of security; the port follows by itself.")
    if any(word in said for word in ("no server", "not found", "no such", "resolve")):
        return _tr("Check how the server's name is written.")
    return _tr("Check the server's name and the port, and whether you are online.")


def certificate_words(fingerprint: str) -> str:
    """SHA-256 in pairs, so that people can compare it."""
    pairs = [fingerprint[i : i + 2] for i in range(0, len(fingerprint), 2)]
    half = (len(pairs) + 1) // 2
    return "\n".join(":".join(part).upper() for part in (pairs[:half], pairs[half:]) if part)


def with_pin(pins: tuple[Pin, ...], host: str, sha256: str) -> tuple[Pin, ...]:
    """The pins with this one; a host has one pin only."""
    return (*(pin for pin in pins if pin.host != host), Pin(host, sha256))


def summary(account: Account) -> str:
    """A few words about how an account receives and sends."""
    server = account.incoming
    if server is None:
        return _tr("only sends")
    parts = [f"{server.protocol.value.upper()}, {server.host}"]
    if account.outgoing is None:
        parts.append(_tr("only receives"))
    return " · ".join(parts)
