"""SASL (RFC 4422): what is said to prove who one is, shared by IMAP, POP3 and SMTP.

Exchanges are sans-IO: challenges and answers as raw bytes; `sasl_run` carries them out.
SCRAM-…-PLUS binds to the server's certificate (tls-server-end-point, RFC 5929), which
`tls.end_point` hashes. GSSAPI is not done.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from typing import Protocol

from martlet.mail.errors import AuthFailed, BadServer
from martlet.mail.server import BEARER

# In order of preference. Over TLS the password itself is the most dependable proof: servers offer
# CRAM-MD5 and SCRAM for users whose stored hash does not allow it (Cyrus, old Dovecots).
_OVER_TLS = ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-1", "LOGIN", "CRAM-MD5")
_IN_CLEAR = ("SCRAM-SHA-256", "SCRAM-SHA-1", "CRAM-MD5", "PLAIN", "LOGIN")
# Who offers these has taken the trouble to; the password is safe even from a false certificate.
_BOUND = ("SCRAM-SHA-256-PLUS", "SCRAM-SHA-1-PLUS")
# The secret is an access token; the standard before what it grew out of (RFC 7628).
_BY_TOKEN = ("OAUTHBEARER", "XOAUTH2")
MECHANISMS = frozenset({*_OVER_TLS, *_BOUND, *_BY_TOKEN, "EXTERNAL"})
EXPLAINED_LIMIT = 1000
UNFIT = "The user name or the password holds a character that cannot be."


class NotOffered(AuthFailed):
    """There is no way to sign in that both sides know. Nothing was shown to the server."""


class Exchange(Protocol):
    """One attempt to sign in.

    mechanism: its name, in capitals.
    complete: whether the server has proved and heard all that the mechanism asks for. A server
        that says yes before that is not the one that knows the password.
    explained: what the server said of its refusal beside the refusal itself (XOAUTH2), or b"".
    """

    mechanism: str
    explained: bytes

    @property
    def complete(self) -> bool: ...

    def initial(self) -> bytes | None:
        """What the client says first, or None when the server begins. Called once."""
        ...

    def respond(self, challenge: bytes) -> bytes:
        """The answer to a challenge. Raises AuthFailed or BadServer when there is none."""
        ...


def choose(offered: Iterable[str], wanted: str, *, secure: bool, binding: bool = False) -> str:
    """The mechanism to use, in capitals, or "" when none of those offered is ours.

    wanted: the account's own choice, or "" for the best; BEARER (mail.server): the best for an
    access token. Tokens and client certificates (XOAUTH2, OAUTHBEARER, EXTERNAL) are only used
    when asked for, since the secret is of another kind. secure: whether the line is encrypted;
    without, the password is shown as late as can be. binding: whether SCRAM can be bound to it;
    then -PLUS is used wherever it is offered.
    Raises NotOffered when the wanted one is unknown or not offered.
    """
    names = [name.upper() for name in offered]
    bound = [name for name in _BOUND if binding and name in names]
    if not wanted:
        best = (*bound, *_OVER_TLS) if secure else _IN_CLEAR
        return next((name for name in best if name in names), "")
    wanted = wanted.upper()
    if wanted == BEARER:
        return _for_token(names)
    if wanted not in MECHANISMS:
        raise NotOffered(f"The way of signing in named {wanted} is not known.")
    if f"{wanted}-PLUS" in bound:
        return f"{wanted}-PLUS"
    if wanted in _BOUND and not binding:
        raise NotOffered(f"To sign in by {wanted} the connection must be encrypted.")
    if wanted not in names:
        raise NotOffered(
            f"The server does not offer to sign in by {wanted}.",
            f"It offers: {' '.join(names) or 'none'}",
        )
    return wanted


def _for_token(names: list[str]) -> str:
    found = next((name for name in _BY_TOKEN if name in names), "")
    if not found:
        raise NotOffered(
            "The server does not offer to sign in by browser or token.",
            f"It offers: {' '.join(names) or 'none'}",
        )
    return found


def exchange(
    mechanism: str,
    user: str,
    secret: str,
    *,
    host: str = "",
    port: int = 0,
    binding: bytes | None = None,
) -> Exchange:
    """A fresh exchange. secret: the password, or the access token. host, port: for OAUTHBEARER.

    binding: for SCRAM. With -PLUS the data bound to; without, not None tells the server that we
    could have bound (RFC 5802, 6: "y"), so that it finds out if somebody hid its -PLUS from us.
    Raises AuthFailed when the mechanism cannot carry them.
    """
    in_bytes(user)
    in_bytes(secret)
    match mechanism:
        case "PLAIN":
            if "\0" in user or "\0" in secret:
                raise AuthFailed(UNFIT)
            return _OneAnswer(mechanism, f"\0{user}\0{secret}".encode())
        case "XOAUTH2":
            said = f"user={user}\x01auth=Bearer {secret}\x01\x01"
            return _OneAnswer(mechanism, said.encode(), after_failure=b"")
        case "OAUTHBEARER":  # RFC 7628, 3.1; a comma or equals sign in the name is escaped
            name = user.replace("=", "=3D").replace(",", "=2C")
            place = f"host={host}\x01port={port}\x01" if host else ""
            said = f"n,a={name},\x01{place}auth=Bearer {secret}\x01\x01"
            return _OneAnswer(mechanism, said.encode(), after_failure=b"\x01")
        case "EXTERNAL":
            return _OneAnswer(mechanism, user.encode())
        case "LOGIN":
            return _Login(user, secret)
        case "CRAM-MD5":
            return _CramMd5(user, secret)
        case "SCRAM-SHA-256-PLUS" | "SCRAM-SHA-1-PLUS" if not binding:
            raise AuthFailed(f"There is no certificate that {mechanism} could be bound to.")
        case "SCRAM-SHA-256" | "SCRAM-SHA-1" | "SCRAM-SHA-256-PLUS" | "SCRAM-SHA-1-PLUS":
            from martlet.net.sasl_scram import Scram  # heavy, and seldom wanted

            return Scram(mechanism, user, secret, binding)
        case _:
            raise AuthFailed(f"The way of signing in named {mechanism} is not known.")


def in_bytes(text: str) -> bytes:
    """A user name or a secret as it is sent. Raises AuthFailed, which does not hold it."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise AuthFailed(UNFIT) from None


class _OneAnswer:
    """Mechanisms in which the client speaks once. A challenge after that explains a refusal."""

    def __init__(self, mechanism: str, said: bytes, after_failure: bytes | None = None) -> None:
        self.mechanism = mechanism
        self._said = said
        self._after_failure = after_failure
        self._told = False
        self.explained = b""

    @property
    def complete(self) -> bool:
        return self._told

    def initial(self) -> bytes | None:
        self._told = True
        return self._said

    def respond(self, challenge: bytes) -> bytes:
        if self._after_failure is None:
            raise BadServer(f"The server asked on after {self.mechanism}, which has one answer.")
        self.explained = challenge[:EXPLAINED_LIMIT]
        return self._after_failure


class _Login:
    """LOGIN (draft-murchison-sasl-login): asked for the name, then for the password."""

    mechanism = "LOGIN"
    explained = b""

    def __init__(self, user: str, secret: str) -> None:
        self._answers = [user.encode(), secret.encode()]

    @property
    def complete(self) -> bool:
        return not self._answers

    def initial(self) -> bytes | None:
        return None

    def respond(self, challenge: bytes) -> bytes:
        # The wording of the challenges is not fixed ("Username:", "User Name\0"); their order is.
        if not self._answers:
            raise BadServer("The server asked a third question of LOGIN, which has two.")
        return self._answers.pop(0)


class _CramMd5:
    """CRAM-MD5 (RFC 2195)."""

    mechanism = "CRAM-MD5"
    explained = b""

    def __init__(self, user: str, secret: str) -> None:
        self._user = user.encode()
        self._secret = secret.encode()
        self.complete = False

    def initial(self) -> bytes | None:
        return None

    def respond(self, challenge: bytes) -> bytes:
        if self.complete or not challenge:
            raise BadServer("The server's challenge for CRAM-MD5 is not one.")
        self.complete = True
        digest = hmac.new(self._secret, challenge, "md5").hexdigest()
        return self._user + b" " + digest.encode("ascii")
