"""What it means that an IMAP server lets nobody in: the response codes of a refused sign-in.

RFC 5530, and RFC 2221 whose referrals are told but never followed: whoever can write one could
have the password sent to a server of their own.
"""

from __future__ import annotations

from martlet.mail.errors import AuthFailed, MailError, Offline, TlsRefused
from martlet.net import sasl_run
from martlet.net.imap_wire import Status
from martlet.net.sasl import Exchange
from martlet.net.words import server_words

NOBODY = "The server cannot let anybody in at the moment."

# The password is not to be asked for; it is tried again later.
_NOT_NOW = {
    "UNAVAILABLE": NOBODY,
    "SERVERBUG": NOBODY,
    "INUSE": "The mailbox is in use by another program.",
    "LIMIT": "The server has too many connections of this account already.",
}
_SENTENCES = {
    "EXPIRED": "The password has expired; the provider wants another one to be set.",
    "AUTHORIZATIONFAILED": "The password is right, but the server does not let this user in.",
    "CONTACTADMIN": "The server lets this user in only after a word with its support.",
    "WEBALERT": "The provider wants a sign-in on its web page first.",
}
# What nobody gets past by trying again.
FINAL = frozenset({*_SENTENCES, "AUTHENTICATIONFAILED", "PRIVACYREQUIRED", "REFERRAL"})


def login_refusal(status: Status, exchange: Exchange | None) -> MailError:
    """The error of a sign-in that was answered NO, BAD or BYE. exchange: None for LOGIN."""
    code = status.code
    # Without its argument, which may be an address to go to.
    shown = f"[{code}] ".encode() if code and code != "CAPABILITY" else b""
    said = server_words(shown + status.text)
    if code in _NOT_NOW:
        return Offline(_NOT_NOW[code], said)
    if code == "PRIVACYREQUIRED":
        return TlsRefused("The server takes no passwords over an unencrypted connection.", said)
    if code == "REFERRAL":
        return AuthFailed(
            "The server says that this mailbox is on another server. Nothing was sent there: "
            "ask the provider for the right settings.",
            said,
        )
    if code in _SENTENCES:
        return AuthFailed(_SENTENCES[code], said)
    if exchange is None:
        return AuthFailed("The server refused the user name or password.", said)
    return sasl_run.refusal(exchange, said)
