"""Steps of a scripted SMTP server (see scripted.py), and what it heard of a message."""

from __future__ import annotations

import base64
import contextlib
import select

from .scripted import Conversation, Step, Unexpected, expect, read_to, send

TLS_BEGINS = b"<TLS begins>"
ALERT = b"\x15\x03\x01\x00\x02\x02\x28"  # TLS: handshake failure


def ask(command: str, answer: str | bytes) -> list[Step]:
    """Hears a command and answers it, whole lines."""
    raw = answer.encode() if isinstance(answer, str) else answer
    return [expect(command), send(raw + b"\r\n")]


def ehlo(*offers: str) -> list[Step]:
    """EHLO's answer with these extensions."""
    lines = ["mx.example.org", *offers]
    marks = ["-"] * (len(lines) - 1) + [" "]
    return ask(
        "EHLO [127.0.0.1]", "\r\n".join(f"250{m}{x}" for m, x in zip(marks, lines, strict=True))
    )


def message() -> list[Step]:
    """DATA, its 354 and the message up to the dot."""
    return [*ask("DATA", "354 go on"), read_to(b"\r\n.\r\n")]


def tls_begins() -> Step:
    """The server's part of a handshake, noted among what is heard."""

    def step(talk: Conversation) -> None:
        talk.start_tls()
        talk.heard.append(TLS_BEGINS)

    return step


def chunk() -> Step:
    """Hears BDAT and its bytes (RFC 3030)."""

    def step(talk: Conversation) -> None:
        line = talk.read_to(b"\n")
        name, size, last = line.split()
        if (name, last) != (b"BDAT", b"LAST"):
            raise Unexpected(f"expected BDAT, the client said {line!r}")
        talk.heard += [line, talk.read_exact(int(size))]

    return step


def swallow() -> Step:
    """Hears everything that comes until the client hangs up, and says nothing."""

    def step(talk: Conversation) -> None:
        with contextlib.suppress(Unexpected):
            while True:
                talk.heard.append(talk.read_exact(1))
                talk.heard.append(talk.read_exact(talk.waiting))

    return step


def freeze() -> Step:
    """Reads nothing more and says nothing, until the test is over."""

    def step(talk: Conversation) -> None:
        gone = select.poll()
        gone.register(talk.socket.fileno(), select.POLLHUP)
        gone.poll(20_000)

    return step


def politely() -> Step:
    """Goes on as a server does after a no: nothing fits any more, but RSET and QUIT."""

    def step(talk: Conversation) -> None:
        with contextlib.suppress(Unexpected):
            while True:
                line = talk.read_to(b"\n")
                talk.heard.append(line)
                name = line.split(b" ")[0].strip().upper()
                talk.socket.sendall(_POLITE.get(name, b"503 5.5.1 Not now\r\n"))
                if name == b"QUIT":
                    return

    return step


_POLITE = {
    b"RSET": b"250 2.0.0 fine\r\n",
    b"HELO": b"250 mx.example.org\r\n",
    b"QUIT": b"221 2.0.0 bye\r\n",
    b"*": b"501 5.7.0 given up\r\n",
}


def told_in_clear(heard: list[bytes], *secrets: str) -> list[str]:
    """Which of the secrets were said before TLS began, as they are or in base64."""
    before = heard[: heard.index(TLS_BEGINS)] if TLS_BEGINS in heard else heard
    said = b"".join(before)
    found = []
    for secret in secrets:
        raw = secret.encode()
        # In base64 a secret has three forms, by where in the whole it begins.
        forms = [base64.b64encode(b"\0" * shift + raw)[4:-4] for shift in range(3)]
        if raw in said or any(form and form in said for form in forms):
            found.append(secret)
    return found
