"""How an IMAP session begins: greeting, STARTTLS, signing in, ID and ENABLE.

greeting: OK ──> CAPABILITY ──> [STARTTLS ──> TLS ──> CAPABILITY anew] ──> AUTHENTICATE, LOGIN
          PREAUTH: only when the line is already as private as the account asks
          BYE: Offline
──> CAPABILITY ──> ID, before any SELECT (163.com, 126.com, yeah.net refuse without it), ENABLE
CAPABILITY is asked for only where the greeting and the OK did not tell it. ID and ENABLE are not
waited for: they go out with the next command, which the server answers after them.
"""

from __future__ import annotations

import base64
import binascii

from martlet import __version__
from martlet.mail.errors import AuthFailed, BadServer, Busy, MailError, Offline, TlsRefused
from martlet.net import sasl, tls
from martlet.net.connect import Line, server_words
from martlet.net.imap_names import quoted
from martlet.net.imap_talk import Literal, Talk
from martlet.net.imap_wire import Continuation, Status

_ICLOUD = ("mail.me.com", "icloud.com")
_NOBODY = "The server cannot let anybody in at the moment."
# A server that is merely busy; the password is not to be asked for (RFC 5530).
_NOT_NOW = {"UNAVAILABLE", "INUSE", "LIMIT", "CONTACTADMIN", "SERVERBUG"}


def starttls(line: Line) -> None:
    """The dialogue up to the server's go-ahead for TLS (RFC 9051, 6.2.1).

    What was read beyond it is in this Talk's parser and goes with it. TlsRefused when it is not
    offered, or when the server claims that we are signed in already.
    """
    talk = Talk(line)
    if _greeting(talk).kind == "PREAUTH":
        raise TlsRefused(
            f"{line.server.host} treats the connection as signed in before it is encrypted."
        )
    if not talk.capabilities:
        _ask_capabilities(talk)
    if "STARTTLS" not in talk.capabilities:
        raise _no_starttls(line, "It offers: " + " ".join(sorted(talk.capabilities)))
    done = talk.finish(talk.send(b"STARTTLS"))
    if done.status.kind != "OK":
        raise _no_starttls(line, server_words(done.status.text))


def sign_in(talk: Talk, secret: str, *, client_id: bool, utf8: bool = False) -> None:
    """Signs in on a fresh line, or after STARTTLS. AuthFailed, TlsRefused, Offline, BadServer.

    utf8: ask for UTF8=ACCEPT (RFC 6855) where it is offered.
    """
    line = talk.line
    preauth = False
    if line.bytes_in == 0:  # after STARTTLS there is no second greeting
        preauth = _greeting(talk).kind == "PREAUTH"
    line.require_private()
    if not talk.capabilities:
        _ask_capabilities(talk)
    if not preauth:
        try:
            _authenticate(talk, secret)
        except Busy as error:
            raise Offline(_NOBODY, error.detail) from None
    if client_id and "ID" in talk.capabilities:
        # Whether it likes our name changes nothing (RFC 2971).
        talk.later(b'ID ("name" "Martlet" "version" %s)' % quoted(_version()))
    if wanted := extensions(talk.capabilities, line.server.host, utf8=utf8):
        talk.later(b"ENABLE " + " ".join(wanted).encode("ascii"))


def extensions(capabilities: frozenset[str], host: str, *, utf8: bool) -> list[str]:
    """What to ENABLE (RFC 5161) of all that is offered."""
    if "ENABLE" not in capabilities:
        return []
    wanted = ["IMAP4REV2", "CONDSTORE", "QRESYNC"]
    if utf8:
        wanted.append("UTF8=ACCEPT")
    offered = capabilities | ({"UTF8=ACCEPT"} if "UTF8=ONLY" in capabilities else set())
    if _is_icloud(host):
        wanted.remove("QRESYNC")
    return [name for name in wanted if name in offered]


def _is_icloud(host: str) -> bool:
    """Apple's iCloud leaves messages out of VANISHED, so that they would stay here for ever."""
    name = host.casefold().rstrip(".")
    return name in _ICLOUD or name.endswith(tuple("." + known for known in _ICLOUD))


def _version() -> bytes:
    return __version__.encode("ascii", "replace")


def _greeting(talk: Talk) -> Status:
    response = talk.receive()
    if not isinstance(response, Status) or response.tag or response.kind not in ("OK", "PREAUTH"):
        raise BadServer(f"{talk.line.server.host} does not greet as an IMAP server does.")
    return response


def _ask_capabilities(talk: Talk) -> None:
    talk.capabilities = frozenset()
    done = talk.finish(talk.send(b"CAPABILITY"))
    if done.status.kind != "OK" or not talk.capabilities:
        raise BadServer(f"{talk.line.server.host} does not say what it can do.")


def _authenticate(talk: Talk, secret: str) -> None:
    line = talk.line
    server = line.server
    offered = sorted(name[5:] for name in talk.capabilities if name.startswith("AUTH="))
    no_login = "LOGINDISABLED" in talk.capabilities
    if no_login and not offered and not line.tls:
        raise TlsRefused(f"{server.host} takes no passwords over an unencrypted connection.")
    wanted = server.auth.upper()
    # LOGIN, the command, is what a server without SASL means by it.
    by_command = wanted in ("LOGIN", "PLAIN") and wanted not in offered and not no_login
    plus = any(name.endswith("-PLUS") for name in offered)
    binding = tls.end_point(line.peer_certificate) if plus and line.tls else None
    mechanism = (
        ""
        if by_command
        else sasl.choose(offered, wanted, secure=line.tls, binding=binding is not None)
    )
    if not mechanism.endswith("-PLUS"):
        # That we could bind is only told to a server that could not.
        binding = b"" if line.tls and not plus else None
    if not mechanism and no_login:
        raise AuthFailed(
            f"{server.host} offers no way of signing in that is known here.",
            f"It offers: {' '.join(offered) or 'none'}",
        )
    before = talk.capabilities
    explained = b""
    talk.capabilities = frozenset()
    literals = {"LITERAL+", "LITERAL-"} & before
    if mechanism:
        exchange = sasl.exchange(
            mechanism, server.user, secret, host=server.host, port=server.port, binding=binding
        )
        status = _exchange(talk, exchange, "SASL-IR" in before)
        explained = exchange.explained
    else:
        talk.capabilities = frozenset(literals)
        status = talk.finish(talk.send(b"LOGIN ", _word(server.user), b" ", _word(secret))).status
        if talk.capabilities == literals:
            talk.capabilities = frozenset()
    if status.kind != "OK":
        raise _login_refusal(status, explained, mechanism or "LOGIN")
    if not talk.capabilities:
        _ask_capabilities(talk)


def _exchange(talk: Talk, exchange: sasl.Exchange, initial_allowed: bool) -> Status:
    first = exchange.initial()
    command = f"AUTHENTICATE {exchange.mechanism}".encode("ascii")
    if first is not None and initial_allowed:
        command += b" " + (base64.b64encode(first) or b"=")
        first = None
    tag = talk.send(command)
    while True:
        response = talk.receive()
        if isinstance(response, Continuation):
            try:
                if first is not None:
                    answer, first = first, None
                else:
                    answer = exchange.respond(_decoded(response.text))
            except MailError:
                talk.line.write(b"*\r\n")
                raise
            talk.line.write(base64.b64encode(answer) + b"\r\n")
        elif isinstance(response, Status) and response.tag == tag:
            if response.kind == "OK" and not exchange.complete:
                raise BadServer(
                    "The server let us in without having proved that it knows the password."
                )
            return response


def _decoded(text: bytes) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise BadServer("The server's challenge for signing in cannot be read.") from None


def _word(text: str) -> bytes | Literal:
    raw = text.encode()
    if any(c in raw for c in b"\r\n\0"):
        raise AuthFailed("The user name or the password holds a character that cannot be.")
    return quoted(raw) if text.isascii() else Literal(raw)


def _login_refusal(status: Status, explained: bytes, mechanism: str) -> MailError:
    code = f"[{status.code}] ".encode() if status.code and status.code != "CAPABILITY" else b""
    said = server_words(code + status.text)
    if status.code in _NOT_NOW:
        return Offline(_NOBODY, said)
    if status.code == "PRIVACYREQUIRED":
        return TlsRefused("The server takes no passwords over an unencrypted connection.", said)
    if mechanism in ("XOAUTH2", "OAUTHBEARER"):
        # {"status":"401","schemes":"Bearer","scope":"..."}, before the NO.
        told = server_words(explained)
        return AuthFailed(
            "The server refused the sign-in; it may have run out.", f"{said} {told}".strip()
        )
    return AuthFailed("The server refused the user name or password.", f"{said} ({mechanism})")


def _no_starttls(line: Line, detail: str) -> TlsRefused:
    return TlsRefused(
        f"{line.server.host} does not offer STARTTLS, so the connection cannot be made private.",
        detail[:500],
    )


def compress(talk: Talk) -> bool:
    """Compresses both directions from here on (RFC 4978). False when it is not offered or given.

    Only after signing in: before, what is compressed together could tell the password by its
    length. Nothing is sent until the server has answered.
    """
    if "COMPRESS=DEFLATE" not in talk.capabilities:
        return False
    done = talk.finish(talk.send(b"COMPRESS DEFLATE"), tolerant=True)
    talk.keep_all(done.answers)
    if done.status.kind != "OK":
        return False
    talk.line.start_deflate(talk.rest())
    return True
