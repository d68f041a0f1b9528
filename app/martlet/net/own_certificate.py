"""One's own certificate, shown to servers that ask for it: a PEM file with its key.

What can be wrong with the file has a sentence each. OpenSSL asks for a passphrase on the terminal
when nobody gives one, so one is always given.
"""

from __future__ import annotations

import ssl

from martlet.mail.errors import AuthFailed, TlsRefused
from martlet.mail.route import Route

FILE_LIMIT = 1 << 20  # bytes


def load(context: ssl.SSLContext, route: Route) -> None:
    """Has the context show the route's certificate, where it has one.

    Raises TlsRefused when the file cannot be used, AuthFailed when its passphrase is missing or
    wrong. No server has been spoken to then.
    """
    if not route.certificate:
        return
    path = route.certificate
    _look(path)
    secret = route.certificate_secret.encode(errors="surrogatepass")
    locked = False

    def passphrase() -> bytes:
        nonlocal locked
        locked = True
        return secret

    try:
        context.load_cert_chain(path, password=passphrase)
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        # Raised without its cause and without its words, of which nobody knows what they hold.
        reason = str(getattr(error, "reason", None) or type(error).__name__)
        if locked and not secret:
            raise AuthFailed(f"The key in {path} is locked: its passphrase is needed.") from None
        if reason == "KEY_VALUES_MISMATCH":
            raise TlsRefused(f"The key in {path} is not the one of its certificate.") from None
        if locked:
            raise AuthFailed(f"The passphrase of the key in {path} is wrong.", reason) from None
        raise TlsRefused(f"The certificate in {path} cannot be used.", reason) from None


def _look(path: str) -> None:
    """Raises TlsRefused unless there is a certificate and a key in the file."""
    try:
        with open(path, "rb") as file:
            text = file.read(FILE_LIMIT)
    except OSError as error:
        why = (error.strerror or "it cannot be read").lower()
        raise TlsRefused(f"Your certificate {path} cannot be read: {why}.") from None
    if b"-----BEGIN CERTIFICATE-----" not in text:
        raise TlsRefused(f"There is no certificate in {path}: a PEM file is needed.")
    if b"PRIVATE KEY-----" not in text:
        raise TlsRefused(f"There is no key in {path}: it has to stand with its certificate.")
