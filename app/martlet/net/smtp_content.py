"""The message itself, by DATA (RFC 5321, 4.1.1.4) or BDAT (RFC 3030), and the answer to it.

    upload ... │ the end went out │ its answer
    ───────────┼──────────────────┼────────────────────────────────────────────
    nothing was sent: lost,       │ 2yz sent · 4yz, 5yz not taken
    or the server breaks off      │ lost, silent, anything else: DeliveryUnknown

The end is the final dot, or the last byte of the last chunk. While it is not all written the server
cannot have the message: a write that fails, even the last, has sent nothing.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from martlet.mail.errors import MailError
from martlet.mail.outgoing import RecipientResult
from martlet.net.body import Body
from martlet.net.connect import Waker
from martlet.net.smtp_envelope import answered
from martlet.net.smtp_outcome import DeliveryUnknown, failure
from martlet.net.smtp_parameters import Letter
from martlet.net.smtp_session import SmtpSession
from martlet.net.smtp_words import Reply

_LINE_END = b"\n"[0]

Results = tuple[RecipientResult, ...]


def by_data(session: SmtpSession, letter: Letter, results: Results, final_timeout_s: float) -> str:
    """The message after DATA's 354, its dots stuffed (RFC 5321, 4.5.2). The server's last words."""
    end = b".\r\n" if letter.data.ended else b"\r\n.\r\n"
    return _hand_over(session, letter, _stuffed(letter.data), end, results, final_timeout_s)


def by_bdat(session: SmtpSession, letter: Letter, results: Results, final_timeout_s: float) -> str:
    """The message as one chunk, which is the last. The server's last words."""
    data = letter.data
    end = b"" if data.ended else b"\r\n"
    head = b"BDAT %d LAST\r\n" % (data.size + len(end))
    return _hand_over(session, letter, _chunk(data, head), end, results, final_timeout_s)


def _chunk(data: Body, head: bytes) -> Iterator[bytes | memoryview]:
    """head: goes out with the first piece, not in a packet of its own."""
    pieces = data.pieces()
    yield head + bytes(next(pieces, b""))
    yield from pieces


def _stuffed(data: Body) -> Iterator[bytes | memoryview]:
    at_start = True
    for piece in data.pieces():
        chunk = bytes(piece)
        # Where there is no dot at all, as in most of what is attached, that is all.
        if b"." in chunk:
            stuffed = chunk.replace(b"\n.", b"\n..")
            chunk = b"." + stuffed if at_start and chunk.startswith(b".") else stuffed
        yield chunk
        at_start = piece[-1] == _LINE_END


def _hand_over(
    session: SmtpSession,
    letter: Letter,
    pieces: Iterator[bytes | memoryview],
    end: bytes,
    results: Results,
    final_timeout_s: float,
) -> str:
    _upload(session, letter, pieces, end, results)
    line = session.line
    timeout_s, line.timeout_s = line.timeout_s, final_timeout_s
    try:
        reply = session.answer()
    except MailError as error:
        raise _unknown(f"{error.summary} {error.detail}".strip()) from None
    line.timeout_s = timeout_s
    session.in_step = answered(reply)
    if reply.ok:
        return reply.words
    if reply.temporary or reply.refused:
        raise failure("The server did not take the message", reply, results)
    raise _unknown(reply.words)


def _unknown(detail: str) -> DeliveryUnknown:
    return DeliveryUnknown(
        "The connection was lost after the message was handed over. "
        "It is not known whether it was sent.",
        detail,
    )


def _upload(
    session: SmtpSession,
    letter: Letter,
    pieces: Iterator[bytes | memoryview],
    end: bytes,
    results: Results,
) -> None:
    """Writes the message and its end, as long as the server says nothing."""
    total = letter.data.size
    told = letter.progress or _nobody
    with contextlib.closing(Waker()) as waker:
        # The last one is held back until it is known to be the last: a message that cannot be read
        # to its end has not been sent.
        last: bytes | memoryview = b""
        done = 0
        for number, piece in enumerate(pieces):
            if number:
                _write(session, last, results, waker)
                done += len(last)
                told(min(done, total), total)
            last = piece
        told(total, total)
        _write(session, bytes(last) + end if end else last, results, waker)


def _nobody(done: int, total: int) -> None: ...


def _write(session: SmtpSession, piece: bytes | memoryview, results: Results, waker: Waker) -> None:
    """Writes a piece. A server that has had enough says why, while it listens or as it hangs up."""
    if session.speaks(waker):
        raise _broken_off(session.answer(), results)
    try:
        session.line.write(piece)
    except MailError:
        said = _last_words(session, waker)
        if said is None:
            raise
        raise _broken_off(said, results) from None


def _last_words(session: SmtpSession, waker: Waker) -> Reply | None:
    try:
        return session.answer() if session.speaks(waker) else None
    except MailError:
        return None


def _broken_off(reply: Reply, results: Results) -> MailError:
    return failure("The server broke off the message", reply, results)
