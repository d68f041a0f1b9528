"""How an SMTP session begins: greeting, EHLO, STARTTLS (RFC 3207), AUTH (RFC 4954).

greeting 220 ──> EHLO ──> [STARTTLS ──> TLS ──> EHLO anew] ──> AUTH, where there is a user
What was said before TLS is forgotten with the session it was said in. A yes to AUTH may come only
from who knows the password (SCRAM); a no that begins with 4 is no word about the password.
"""

from __future__ import annotations

from martlet.mail.errors import AuthFailed, BadServer, MailError, Offline, TlsRefused
from martlet.mail.route import Route
from martlet.mail.server import Server
from martlet.net import sasl_run
from martlet.net.connect import Line, connect, plain_expected, server_words
from martlet.net.sasl import Exchange, NotOffered
from martlet.net.sasl_run import Challenge
from martlet.net.smtp_outcome import wants_tls
from martlet.net.smtp_session import SmtpSession
from martlet.net.smtp_words import Reply, reply_of

# Bytes of base64 in the AUTH command: with it the line may have 512 (RFC 4954, 4).
INITIAL_LIMIT = 400
_GO_ON = 334
_WRONG = 535
_OTHER_WAY = 534
_UNKNOWN_WAY = {500, 501, 502, 503, 504}


def open_session(server: Server, secret: str, *, route: Route, timeout_s: float) -> SmtpSession:
    """Connects, says EHLO and signs in. Raises Offline, TlsRefused, AuthFailed, BadServer."""
    line = connect(server, route=route, timeout_s=timeout_s, starttls=_starttls)
    try:
        session = SmtpSession(line)
        if line.bytes_in == 0:  # after STARTTLS there is no second greeting
            _greeting(session)
        session.greet()
        _sign_in(session, secret)
    except BaseException:
        line.close()
        raise
    return session


def _greeting(session: SmtpSession) -> None:
    reply = session.answer()
    if not reply.ok:
        raise Offline(f"{session.line.server.host} takes no connections now.", reply.words)


def _starttls(line: Line) -> None:
    session = SmtpSession(line)
    _greeting(session)
    session.greet()
    host = line.server.host
    if session.offer("starttls") is None:
        raise TlsRefused(
            f"{host} does not offer STARTTLS, so the connection cannot be made private.",
            server_words(f"It offers: {' '.join(session.offers) or 'nothing'}"),
        )
    reply = session.ask("STARTTLS")
    if reply.temporary:
        raise Offline(f"{host} cannot start TLS now.", reply.words)
    if not reply.ok:
        raise plain_expected(line.server, reply.words)


def _sign_in(session: SmtpSession, secret: str) -> None:
    server = session.line.server
    offered = (session.offer("auth") or "").split()
    # A relay that wants nobody to sign in is sent no credentials. If it does want them after all
    # it will refuse the sender. With EXTERNAL the certificate says who it is.
    nobody = not server.user and server.auth.upper() != "EXTERNAL"
    if nobody or (not offered and not server.auth):
        return
    exchange = sasl_run.prepare(session.line, offered, secret)
    if exchange is None:
        raise NotOffered(
            "The server offers no way of signing in that is known here.",
            server_words(f"It offers: {' '.join(offered)}"),
        )

    def send(raw: bytes) -> None:
        session.line.write(raw + b"\r\n")

    def read() -> Challenge | Reply:
        code, text = session.read()
        return Challenge(text) if code == _GO_ON else reply_of(code, text)

    reply = sasl_run.run(
        exchange,
        "AUTH",
        begin=send,
        write=send,
        read=read,
        ok=lambda last: last.ok,
        initial_limit=INITIAL_LIMIT,
    )
    if not reply.ok:
        raise _not_in(exchange, reply)
    session.signed_in = True


def _not_in(exchange: Exchange, reply: Reply) -> MailError:
    """What an answer other than 235 means (RFC 4954, 6)."""
    if reply.temporary:
        return Offline("The server cannot check the password now.", reply.words)
    if reply.wants_tls:
        return wants_tls(reply)
    if reply.code == _WRONG:
        return sasl_run.refusal(exchange, reply.words)
    if reply.code == _OTHER_WAY:
        # Google says so to who has to use an app password.
        return AuthFailed(
            f"The server does not let you in by {exchange.mechanism}. "
            "It may want an app password, or another way of signing in.",
            reply.words,
        )
    if reply.code in _UNKNOWN_WAY:
        return AuthFailed(
            f"The server did not understand how we sign in ({exchange.mechanism}).", reply.words
        )
    if reply.refused:
        return AuthFailed(f"The server does not let you in: {reply.meaning}.", reply.words)
    return BadServer("The server gave an answer that makes no sense here.", reply.words)
