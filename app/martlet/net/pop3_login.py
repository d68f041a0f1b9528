"""How a POP3 session begins: greeting, capabilities, STLS (RFC 2595), SASL (RFC 5034), USER.

greeting ──> CAPA ──> [STLS ──> TLS ──> CAPA anew] ──> [UTF8] ──> AUTH, or USER and PASS, or APOP
──> CAPA, which may tell more now (LOGIN-DELAY and EXPIRE of this user; RFC 2449, 6)
"""

from __future__ import annotations

import hashlib
import re

from martlet.mail.errors import AuthFailed, Offline, TlsRefused
from martlet.net import sasl, sasl_run
from martlet.net.connect import Line, server_words
from martlet.net.pop3_wire import Reply, login_refusal, read_lines, read_reply
from martlet.net.sasl import Exchange
from martlet.net.sasl_run import Challenge

_STAMP = re.compile(r"<[!-;=?-~]+@[!-;=?-~]+>")
# A line of AUTH holds 255 bytes, its end among them (RFC 5034, 4).
_LINE = 255

Capabilities = dict[str, tuple[str, ...]]


def starttls(line: Line) -> None:
    """The dialogue up to the server's go-ahead for TLS. TlsRefused when it does not offer it."""
    _greeting(line)
    offered = _capabilities(line)
    # A server too old for CAPA may still know STLS; one that lists what it knows is believed.
    if offered and "STLS" not in offered:
        raise _no_starttls(line, f"It offers: {' '.join(offered)}")
    reply = _ask(line, "STLS")
    if not reply.ok:
        raise _no_starttls(line, reply.text)


def sign_in(line: Line, secret: str) -> Capabilities:
    """Signs in on a fresh line and answers what the server can do, asked again afterwards.

    The order: SASL, USER and PASS, and APOP where a server offers nothing else. Raises AuthFailed,
    TlsRefused, Offline (also when the mailbox is in use), Refused, BadServer.
    """
    # After STLS there is no second greeting.
    stamp = _greeting(line) if line.bytes_in == 0 else ""
    offered = _capabilities(line)
    line.require_private()
    if "UTF8" in offered:
        # Only before signing in (RFC 6856, 2.1). Refused, it changes nothing: most mail comes
        # as it is anyway.
        _ask(line, "UTF8")
    _authenticate(line, secret, offered, stamp)
    return (_capabilities(line) or offered) if offered else {}


def _authenticate(line: Line, secret: str, offered: Capabilities, stamp: str) -> None:
    server = line.server
    mechanisms = offered.get("SASL", ())
    wanted = server.auth.upper()
    by_user = wanted == "USER" or (wanted in ("PLAIN", "LOGIN") and wanted not in mechanisms)
    exchange = None
    if not by_user and wanted != "APOP":
        exchange = sasl_run.prepare(line, mechanisms, secret)
    if exchange is not None:
        reply = _exchange(line, exchange)
        if not reply.ok:
            raise login_refusal(reply, exchange)
    elif wanted == "APOP" or (offered and "USER" not in offered and stamp):
        _apop(line, secret, stamp)
    elif offered and "USER" not in offered and not line.tls:
        raise TlsRefused(f"{server.host} takes no passwords over an unencrypted connection.")
    else:
        reply = _ask(line, f"USER {_word(server.user)}")
        if not reply.ok:
            raise login_refusal(reply)
        _finish(_ask(line, f"PASS {_word(secret)}"))


def _apop(line: Line, secret: str, stamp: str) -> None:
    """RFC 1939, 7. MD5 has been broken for this since 2007: it only keeps eavesdroppers out."""
    if not stamp:
        raise AuthFailed("The server does not offer to sign in by APOP.")
    digest = hashlib.md5(stamp.encode() + sasl.in_bytes(secret), usedforsecurity=False).hexdigest()
    _finish(_ask(line, f"APOP {_word(line.server.user)} {digest}"))


def _exchange(line: Line, exchange: Exchange) -> Reply:
    """AUTH (RFC 5034). What does not fit into its line waits for the server's go-ahead."""

    def read() -> Challenge | Reply:
        reply = read_reply(line, challenge=True)
        return Challenge(reply.text.encode("latin-1")) if reply.more else reply

    def write(raw: bytes) -> None:
        line.write(raw + b"\r\n")

    return sasl_run.run(
        exchange,
        "AUTH",
        begin=write,
        write=write,
        read=read,
        ok=lambda reply: reply.ok,
        initial_limit=_LINE - len(f"AUTH {exchange.mechanism} \r\n"),
    )


def _greeting(line: Line) -> str:
    """Reads the greeting; answers its time stamp for APOP, or ""."""
    reply = read_reply(line)
    if not reply.ok:
        raise Offline(f"{line.server.host} takes no connections now.", reply.text)
    found = _STAMP.search(reply.text)
    return found[0] if found else ""


def _capabilities(line: Line) -> Capabilities:
    """CAPA (RFC 2449): arguments by capability, in capitals; empty when not known."""
    reply = _ask(line, "CAPA")
    if not reply.ok:
        return {}
    found: Capabilities = {}
    for raw in read_lines(line, 65_536, bare=reply.bare):
        name, *arguments = raw.decode("ascii", "replace").upper().split() or [""]
        if name:
            found[name] = tuple(arguments)
    return found


def _finish(reply: Reply) -> None:
    if not reply.ok:
        raise login_refusal(reply)


def _word(text: str) -> str:
    """As typed: "recent:ada@gmail.com", which has Gmail list the last 30 days again, is a name."""
    if any(c in text for c in "\r\n\0"):
        raise AuthFailed(sasl.UNFIT)
    sasl.in_bytes(text)
    return text


def _no_starttls(line: Line, detail: str) -> TlsRefused:
    return TlsRefused(
        f"{line.server.host} does not offer STARTTLS, so the connection cannot be made private.",
        server_words(detail),
    )


def _ask(line: Line, command: str) -> Reply:
    line.write(command.encode() + b"\r\n")
    return read_reply(line)
