"""What is asked with MAIL and RCPT beside the addresses: SIZE, DSN, SMTPUTF8, REQUIRETLS.

What a server does not offer is not asked for; whether that is a reason not to send is judged by
`forbidden`, before anything is sent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from martlet.mail.outgoing import SendOptions
from martlet.net.body import Body
from martlet.net.smtp_address import Envelope
from martlet.net.smtp_outcome import SendRefused
from martlet.net.smtp_session import SmtpSession
from martlet.net.smtp_words import megabytes

ENVELOPE_ID_LIMIT = 100  # RFC 3461, 4.4
ORIGINAL_LIMIT = 500  # RFC 3461, 4.2

PLAIN = SendOptions()

_NOT_XTEXT = re.compile(r"[^!-*,-<>-~]")
_NOT_UNICODE_XTEXT = re.compile(r"[^!-*,-<>-\[\]-~]")


@dataclass(frozen=True, slots=True)
class Letter:
    """What is handed over. data: the message, its lines ended by CRLF.

    envelope_id, original, progress: see smtp.submit.
    """

    envelope: Envelope
    data: Body = field(repr=False)
    options: SendOptions = PLAIN
    envelope_id: str = ""
    original: Mapping[str, str] = field(default_factory=dict)
    progress: Callable[[int, int], None] | None = None


def forbidden(session: SmtpSession, letter: Letter) -> SendRefused | None:
    """Why this letter may not even be offered to this server, if so."""
    host = session.line.server.host
    limit = session.size_limit
    size = letter.data.size
    if limit and size > limit:
        return SendRefused(
            f"The server accepts at most {megabytes(limit, up=False)}, "
            f"this message has {megabytes(size, up=True)}."
        )
    needy = letter.envelope.international
    if needy and session.offer("smtputf8") is None:
        return SendRefused(
            f"The server cannot send to or from {needy}: "
            "it does not know international addresses (SMTPUTF8)."
        )
    if letter.data.wide_head and session.offer("smtputf8") is None:
        return SendRefused(
            "The server cannot send this message: its header is written in an international way "
            "that the server does not know (SMTPUTF8)."
        )
    if letter.options.require_tls:
        if not session.line.verified:
            return SendRefused(
                "This message may only travel encrypted, between servers that prove who they are "
                f"(REQUIRETLS). The connection to {host} is not like that."
            )
        if session.offer("requiretls") is None:
            return SendRefused(
                "This message may only travel encrypted, between servers that prove who they are. "
                f"{host} cannot promise that (REQUIRETLS)."
            )
    return None


def of_mail(session: SmtpSession, letter: Letter, dsn: bool) -> str:
    """The parameters of MAIL, each after a space. dsn: whether to ask as RFC 3461 says."""
    asked = ""
    if session.offer("size") is not None:
        asked += f" SIZE={letter.data.size}"
    if letter.envelope.international or letter.data.wide_head:
        # Also where only those are left whose own addresses are ASCII (RFC 6531, 3.2).
        asked += " SMTPUTF8"
    if session.offer("8bitmime") is not None and not letter.data.ascii:
        asked += " BODY=8BITMIME"
    if letter.options.require_tls:
        asked += " REQUIRETLS"
    if dsn:
        # What comes back needs no copy of the message: it is kept here.
        asked += " RET=HDRS"
        if known := envelope_id(letter.envelope_id):
            asked += f" ENVID={known}"
    return asked


def of_recipient(session: SmtpSession, letter: Letter, shown: str, wire: str, dsn: bool) -> str:
    """The parameters of one RCPT, each after a space."""
    if not dsn:
        return ""
    # Without being asked servers tell of failures and delays as they always did.
    asked = " NOTIFY=SUCCESS,FAILURE,DELAY" if letter.options.dsn else ""
    original = letter.original.get(shown, shown)
    if not original.isascii() and session.offer("smtputf8") is None:
        original = wire  # RFC 6533, 3: only who knows SMTPUTF8 knows that type of address
    named = _original(original)
    return f"{asked} ORCPT={named}" if len(named) <= ORIGINAL_LIMIT else asked


def envelope_id(known: str) -> str:
    """ENVID's value in xtext, "" when it cannot be one (RFC 3461, 4.4 and 4)."""
    if not known.isascii() or not known.isprintable():
        return ""
    value = xtext(known)
    return value if len(value) <= ENVELOPE_ID_LIMIT else ""


def xtext(text: str) -> str:
    """ASCII as a parameter may carry it (RFC 3461, 4)."""
    return _NOT_XTEXT.sub(lambda found: f"+{ord(found[0]):02X}", text)


def _original(address: str) -> str:
    """ORCPT's value (RFC 3461, 4.2; RFC 6533, 3), in ASCII whatever the address."""
    if address.isascii():
        return f"rfc822;{xtext(address)}"
    coded = _NOT_UNICODE_XTEXT.sub(lambda found: f"\\x{{{ord(found[0]):X}}}", address)
    return f"utf-8;{coded}"
