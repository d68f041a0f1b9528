"""A SASL exchange carried out on a line, the same for IMAP, POP3 and SMTP (RFC 4422, 4).

    offered ──prepare──> Exchange ──run──> the server's last reply ──refusal──> AuthFailed
Here are the choice, channel binding, base64, the initial response, cancelling and the bound on how
long a server may go on asking. How a command and a reply look is the protocols' own.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from martlet.mail.errors import AuthFailed, BadServer, MailError
from martlet.net import sasl, tls
from martlet.net.line import Line
from martlet.net.sasl import Exchange
from martlet.net.words import server_words

R = TypeVar("R")

# The longest mechanism there is (SCRAM, with an empty first challenge) takes four.
ROUNDS = 8
UNLIMITED = 1 << 30

_TOKENS = ("XOAUTH2", "OAUTHBEARER")
_RUN_OUT = "The server refused the sign-in: it has run out, or was taken back."
# RFC 7628, 3.2.2 and the numbers that Google and Microsoft put in their place.
_OAUTH_WORDS = {
    "invalid_token": _RUN_OUT,
    "401": _RUN_OUT,
    "insufficient_scope": "The server refused the sign-in: it does not allow mail.",
    "403": "The server refused the sign-in: it does not allow mail.",
    "invalid_request": "The server could not read the sign-in.",
    "400": "The server refused the sign-in: it is not one for this server or this user.",
}


@dataclass(frozen=True, slots=True)
class Challenge:
    """The server goes on asking. text: as it stands on the line, in base64."""

    text: bytes


def prepare(line: Line, offered: Iterable[str], secret: str) -> Exchange | None:
    """The exchange for the line's server, or None when nothing it offers is known here.

    offered: SASL mechanisms, in upper or lower case. The line says who signs in, whether it is
    private and what SCRAM can be bound to. Raises AuthFailed as `sasl.choose`, and TlsRefused
    where credentials may not be sent.
    """
    line.require_private()
    server = line.server
    names = [name.upper() for name in offered]
    plus = any(name.endswith("-PLUS") for name in names)
    binding = tls.end_point(line.peer_certificate) if plus and line.tls else None
    mechanism = sasl.choose(names, server.auth, secure=line.tls, binding=binding is not None)
    if not mechanism:
        return None
    if not mechanism.endswith("-PLUS"):
        # That we could bind is only told to a server that could not (RFC 5802, 6).
        binding = b"" if line.tls and not plus else None
    return sasl.exchange(
        mechanism, server.user, secret, host=server.host, port=server.port, binding=binding
    )


def run(
    exchange: Exchange,
    command: str,
    *,
    begin: Callable[[bytes], object],
    write: Callable[[bytes], object],
    read: Callable[[], Challenge | R],
    ok: Callable[[R], bool],
    initial_limit: int = 0,
) -> R:
    """Carries the exchange out; answers the server's last reply, which may be a refusal.

    command: "AUTH" or "AUTHENTICATE". begin: sends the command; write: sends a line; both are
    given it without its end. read: the next reply. ok: whether a last reply is a yes.
    initial_limit: how many bytes of base64 the command may carry as the initial response, 0 for
    a server that takes none.
    Raises BadServer when the server's questions make no sense, have no end, or when it says yes
    without having proved what the mechanism asks it to prove; AuthFailed as the exchange does.
    """
    first = exchange.initial()
    opening = f"{command} {exchange.mechanism}".encode("ascii")
    if first is not None and len(inline := base64.b64encode(first) or b"=") <= initial_limit:
        opening += b" " + inline
        first = None
    begin(opening)
    reply = read()
    rounds = 0
    while isinstance(reply, Challenge):
        rounds += 1
        try:
            if rounds > ROUNDS:
                raise BadServer("The server goes on asking without end.")
            if first is not None:
                answer, first = first, None
            else:
                answer = exchange.respond(_decoded(reply.text, exchange.mechanism))
        except MailError:
            with contextlib.suppress(MailError):
                write(b"*")  # the exchange is given up (RFC 4954, 4; RFC 5034, 4; RFC 9051, 6.2.2)
            raise
        write(base64.b64encode(answer))
        reply = read()
    if ok(reply) and not exchange.complete:
        raise BadServer("The server let us in without having proved that it knows the password.")
    return reply


def refusal(exchange: Exchange, said: str) -> AuthFailed:
    """The AuthFailed for a server's plain no to this exchange. said: its words, fit to be shown."""
    if exchange.mechanism in _TOKENS:
        told = _explained(exchange.explained)
        detail = " ".join(part for part in (said, told.status, told.schemes) if part)
        return AuthFailed(_OAUTH_WORDS.get(told.status.casefold(), _RUN_OUT), detail)
    if exchange.mechanism == "EXTERNAL":
        return AuthFailed("The server did not accept your certificate for signing in.", said)
    return AuthFailed("The server refused the user name or password.", said)


@dataclass(frozen=True, slots=True)
class _Explained:
    status: str = ""
    schemes: str = ""


def _explained(explained: bytes) -> _Explained:
    """What a server said of a refused token (RFC 7628, 3.2.2), without what could be an address."""
    try:
        told = json.loads(explained)
    except (ValueError, RecursionError):
        return _Explained()
    if not isinstance(told, dict):
        return _Explained()
    return _Explained(
        *(server_words(str(told.get(name, "")), 40) for name in ("status", "schemes"))
    )


def _decoded(text: bytes, mechanism: str) -> bytes:
    try:
        return base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        if mechanism == "LOGIN":
            return b""  # some ask in plain text; the order of its questions is all that counts
        raise BadServer("The server's challenge for signing in cannot be read.") from None
