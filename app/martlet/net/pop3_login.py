"""How a POP3 session begins: greeting, capabilities, STLS (RFC 2595), SASL (RFC 5034), USER."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re

from martlet.mail.errors import AuthFailed, BadServer, Offline, TlsRefused
from martlet.net import sasl
from martlet.net.connect import Line
from martlet.net.pop3_wire import Reply, login_refusal, read_lines, read_reply

_STAMP = re.compile(r"<[!-;=?-~]+@[!-;=?-~]+>")

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
    """Signs in on a fresh line and answers what the server can do (asked over TLS if there is TLS).

    The order: SASL, USER and PASS, and APOP where a server offers nothing else.
    """
    # After STLS there is no second greeting.
    stamp = _greeting(line) if line.bytes_in == 0 else ""
    offered = _capabilities(line)
    line.require_private()
    server = line.server
    mechanism = sasl.choose(offered.get("SASL", ()), server.auth, secure=line.tls)
    if mechanism:
        _sasl(line, mechanism, secret)
    elif offered and "USER" not in offered and stamp:
        digest = hashlib.md5((stamp + secret).encode(), usedforsecurity=False).hexdigest()
        _finish(_ask(line, f"APOP {_word(server.user)} {digest}"))
    else:
        reply = _ask(line, f"USER {_word(server.user)}")
        if not reply.ok:
            raise login_refusal(reply)
        _finish(_ask(line, f"PASS {_word(secret)}"))
    return offered


def _greeting(line: Line) -> str:
    """Reads the greeting; answers its time stamp for APOP, or ""."""
    reply = read_reply(line)
    if not reply.ok:
        raise Offline(f"{line.server.host} takes no connections now.", reply.text)
    found = _STAMP.search(reply.text)
    return found[0] if found else ""


def _capabilities(line: Line) -> Capabilities:
    """CAPA (RFC 2449): arguments by capability, in capitals; empty when not known."""
    if not _ask(line, "CAPA").ok:
        return {}
    found: Capabilities = {}
    for raw in read_lines(line, 65_536):
        name, *arguments = raw.decode("ascii", "replace").upper().split() or [""]
        found[name] = tuple(arguments)
    return found


def _sasl(line: Line, mechanism: str, secret: str) -> None:
    server = line.server
    talk = sasl.exchange(mechanism, server.user, secret, host=server.host, port=server.port)
    first = talk.initial()
    # The initial response waits for the server's go-ahead: a line of AUTH holds only 255 bytes
    # (RFC 5034, 4), and servers from before that RFC know no initial response.
    reply = _ask(line, f"AUTH {mechanism}")
    while reply.more:
        if first is not None:
            answer, first = first, None
        else:
            answer = talk.respond(_decoded(reply))
        line.write(base64.b64encode(answer) + b"\r\n")
        reply = read_reply(line)
    _finish(reply)
    if not talk.complete:
        raise BadServer("The server let us in without having proved that it knows the password.")


def _decoded(reply: Reply) -> bytes:
    try:
        return base64.b64decode(reply.text, validate=True)
    except (binascii.Error, ValueError):
        raise BadServer("The server's challenge for signing in cannot be read.") from None


def _finish(reply: Reply) -> None:
    if not reply.ok:
        raise login_refusal(reply)


def _word(text: str) -> str:
    if any(c in text for c in "\r\n\0"):
        raise AuthFailed("The user name or the password holds a character that cannot be.")
    return text


def _no_starttls(line: Line, detail: str) -> TlsRefused:
    return TlsRefused(
        f"{line.server.host} does not offer STARTTLS, so the connection cannot be made private.",
        detail,
    )


def _ask(line: Line, command: str) -> Reply:
    line.write(command.encode() + b"\r\n")
    return read_reply(line)
