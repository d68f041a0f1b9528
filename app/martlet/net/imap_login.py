"""How an IMAP session begins: greeting, STARTTLS, signing in, ID and ENABLE.

greeting: OK ──> CAPABILITY ──> [STARTTLS ──> TLS ──> CAPABILITY anew] ──> AUTHENTICATE, LOGIN
          PREAUTH: only when the line is already as private as the account asks
          BYE: Offline
──> CAPABILITY ──> ID, before any SELECT (163.com, 126.com, yeah.net refuse without it), ENABLE
CAPABILITY is asked for only where the greeting and the OK did not tell it. ID and ENABLE are not
waited for: they go out with the next command, which the server answers after them.
"""

from __future__ import annotations

from martlet import __version__
from martlet.mail.errors import AuthFailed, BadServer, Busy, Offline, TlsRefused
from martlet.net import sasl_run
from martlet.net.connect import Line, server_words
from martlet.net.imap_names import quoted
from martlet.net.imap_refusal import FINAL, NOBODY, login_refusal
from martlet.net.imap_talk import Literal, Talk
from martlet.net.imap_wire import Continuation, Status
from martlet.net.sasl import UNFIT, Exchange, NotOffered, in_bytes
from martlet.net.sasl_run import Challenge

_ICLOUD = ("mail.me.com", "icloud.com")


def starttls(line: Line) -> None:
    """The dialogue up to the server's go-ahead for TLS (RFC 9051, 6.2.1).

    What was read beyond it is in this Talk's parser and goes with it. TlsRefused when it is not
    offered, or when the server claims that we are signed in already.
    """
    talk = Talk(line, stranger=True)
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
            raise Offline(NOBODY, error.detail) from None
        except Offline:
            # Some say no by hanging up; tried again like any lost line, that locks accounts.
            if talk.farewell is not None and talk.farewell.code in FINAL:
                raise login_refusal(talk.farewell, None) from None
            raise
    talk.let_in()
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
        raise BadServer(
            f"{talk.line.server.host} does not say what it can do.",
            server_words(done.status.text),
        )


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
    exchange = None if by_command else sasl_run.prepare(line, offered, secret)
    if exchange is None and no_login:
        raise NotOffered(
            f"{server.host} offers no way of signing in that is known here.",
            server_words(f"It offers: {' '.join(offered) or 'none'}"),
        )
    before = talk.capabilities
    talk.capabilities = frozenset()
    if exchange is not None:
        limit = sasl_run.UNLIMITED if "SASL-IR" in before else 0
        status = _exchange(talk, exchange, limit)
    else:
        talk.capabilities = literals = frozenset({"LITERAL+", "LITERAL-"} & before)
        tag = talk.send(b"LOGIN ", _word(server.user), b" ", _word(secret))
        # BAD is a no as well: tried again and again it would lock the account.
        status = talk.finish(tag, tolerant=True).status
        if talk.capabilities == literals:
            talk.capabilities = frozenset()
    if status.kind != "OK":
        raise login_refusal(status, exchange)
    if not talk.capabilities:
        _ask_capabilities(talk)


def _exchange(talk: Talk, exchange: Exchange, initial_limit: int) -> Status:
    """AUTHENTICATE (RFC 9051, 6.2.2; the initial response is RFC 4959)."""
    tag = ""

    def begin(command: bytes) -> None:
        nonlocal tag
        tag = talk.send(command)

    def read() -> Challenge | Status:
        while True:
            response = talk.receive()
            if isinstance(response, Continuation):
                return Challenge(response.text)
            if isinstance(response, Status) and response.tag:
                if response.tag != tag:
                    raise BadServer("The server answered a command that was never given.")
                return response

    return sasl_run.run(
        exchange,
        "AUTHENTICATE",
        begin=begin,
        write=lambda raw: talk.line.write(raw + b"\r\n"),
        read=read,
        ok=lambda status: status.kind == "OK",
        initial_limit=initial_limit,
    )


def _word(text: str) -> bytes | Literal:
    raw = in_bytes(text)
    if any(c in raw for c in b"\r\n\0"):
        raise AuthFailed(UNFIT)
    return quoted(raw) if text.isascii() else Literal(raw)


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
