"""An SMTP conversation over a Line: commands and answers, what EHLO offers (RFC 5321).

How it begins is in smtp_begin.py. What is then sent, and what a failure in each phase means, is in
smtp_envelope.py and smtp_content.py.
"""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Callable

from martlet.mail.errors import BadServer, MailError, Offline
from martlet.net.connect import Line, Waker, Woken, server_words
from martlet.net.line import SLOW_AFTER
from martlet.net.smtp_words import Reply, reply_of

# An address literal: the name of this computer is nobody's business (RFC 5321, 4.1.3).
OWN_NAME = "[127.0.0.1]"
REPLY_LINES = 500
LINE_LIMIT = 8192
FAREWELL_S = 5.0

_CODE = re.compile(rb"([2-5][0-9][0-9])([ -]|$)")
_OFFER = re.compile(r"([A-Za-z0-9][A-Za-z0-9-]*)[ =]?(.*)")  # "AUTH=LOGIN" is from before RFC 2554


class SmtpSession:
    """One conversation. Every method raises only MailErrors.

    offers: what EHLO offered: parameters by extension, in small letters.
    signed_in: the server knows who we are. begun: a letter was offered.
    in_step: each command sent has had its answer, so that another letter may follow.
    """

    def __init__(self, line: Line, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.line = line
        self._clock = clock
        self.offers: dict[str, str] = {}
        self.signed_in = False
        self.begun = False
        self.in_step = True

    def ask(self, command: str) -> Reply:
        """Sends a command (without CR or LF) and waits for its answer."""
        self.line.write(encoded(command))
        return self.answer()

    def answer(self) -> Reply:
        """Waits for an answer, of one line or of several (RFC 5321, 4.2.1)."""
        code, text = self.read()
        return reply_of(code, text)

    def read(self) -> tuple[int, bytes]:
        """The next answer: its code, and its lines joined by line feeds."""
        host = self.line.server.host
        texts: list[bytes] = []
        begun = self._clock()
        for _ in range(REPLY_LINES):
            raw = self.line.read_line(LINE_LIMIT).rstrip(b"\r\n")
            if (found := _CODE.match(raw)) is None:
                raise BadServer(f"{host} does not speak SMTP.", server_words(raw))
            texts.append(raw[4:].strip())
            if found[2] != b"-":
                return int(found[1]), b"\n".join(texts)
            if self._clock() - begun > SLOW_AFTER * self.line.timeout_s:
                raise Offline(f"{host} did not answer in time.", "its answer has no end")
        raise BadServer(f"{host} sent an answer without end.")

    def speaks(self, waker: Waker) -> bool:
        """Whether the server says something, or has hung up, without having been asked."""
        return self.line.wait(waker, 0.0) is Woken.DATA

    def greet(self) -> None:
        """EHLO, or HELO for a server that knows no better; fills `offers`."""
        self.line.write(encoded(f"EHLO {OWN_NAME}"))
        code, text = self.read()
        reply = reply_of(code, text)
        if reply.ok:
            self.offers = _offers(text)
        elif reply.refused:
            reply = self.ask(f"HELO {OWN_NAME}")
        if not reply.ok:
            raise Offline(f"{self.line.server.host} does not want to talk to us.", reply.words)

    def offer(self, name: str) -> str | None:
        """The parameters of an extension in small letters, or None when it is not offered."""
        return self.offers.get(name)

    @property
    def size_limit(self) -> int:
        """The most bytes a message may have (RFC 1870), 0 when the server does not say."""
        size = (self.offer("size") or "").strip()
        return int(size) if size.isascii() and size.isdigit() and len(size) < 19 else 0

    def farewell(self) -> None:
        """QUIT, whose answer changes nothing any more, and the end of the connection."""
        self.line.timeout_s = min(self.line.timeout_s, FAREWELL_S)
        with contextlib.suppress(MailError):
            self.ask("QUIT")
        self.line.close()

    def close(self) -> None:
        """Drops the connection without a word."""
        self.in_step = False
        self.line.close()


def encoded(command: str) -> bytes:
    """A command as it goes out; UTF-8, which is ASCII where SMTPUTF8 was not agreed on."""
    if "\r" in command or "\n" in command:
        raise ValueError("a command is one line")
    return command.encode() + b"\r\n"


def _offers(text: bytes) -> dict[str, str]:
    """Extensions by name (RFC 5321, 4.1.1.1); the first line is the server's name."""
    found: dict[str, str] = {}
    for raw in text.split(b"\n")[1:]:
        if offer := _OFFER.fullmatch(raw.decode("latin-1")):
            name = offer[1].lower()
            # Ways of signing in may come in both the old and the new form.
            found[name] = f"{found.get(name, '')} {offer[2]}".strip()
    return found
