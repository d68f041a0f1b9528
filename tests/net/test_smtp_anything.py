"""Whatever a server says, to whatever it is asked: a letter goes, or a MailError says why not."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator

from hypothesis import event, given, settings
from hypothesis import strategies as st

from martlet.mail.errors import BadServer, MailError
from martlet.mail.outgoing import SendOptions
from martlet.mail.server import Protocol, Security, Server
from martlet.net.body import Body
from martlet.net.line import Line
from martlet.net.smtp_address import envelope
from martlet.net.smtp_content import by_bdat, by_data
from martlet.net.smtp_envelope import Taken, offer
from martlet.net.smtp_outcome import DeliveryUnknown, SendRefused
from martlet.net.smtp_parameters import Letter
from martlet.net.smtp_session import SmtpSession

SERVER = Server(Protocol.SMTP, "localhost", 587, Security.NONE, "")
LETTER = Letter(
    envelope("ada@example.org", ["bruno@example.org", "cleo@example.org"], SendRefused),
    Body(b"Subject: hello\r\n\r\n.\r\n"),
    SendOptions(dsn=True),
    "17",
)

CODES = st.sampled_from([220, 235, 250, 251, 334, 354, 421, 451, 452, 501, 503, 530, 550, 552, 555])
ENHANCED = st.sampled_from(["", "5.1.1 ", "4.7.1 ", "2.0.0 ", "5.9.99999 "])
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=20)
LINE = st.builds(
    lambda code, mark, enhanced, text: f"{code}{mark}{enhanced}{text}\r\n".encode(),
    CODES,
    st.sampled_from("  -"),
    ENHANCED,
    TEXT,
)
LAST = st.builds(lambda code, text: f"{code} {text}\r\n".encode(), CODES, TEXT)
ANSWER = st.builds(lambda lines, last: b"".join(lines) + last, st.lists(LINE, max_size=1), LAST)
NONSENSE = st.binary(max_size=40).map(lambda raw: raw + b"\n")
SAID = st.lists(st.one_of(ANSWER, ANSWER, ANSWER, NONSENSE), max_size=14)
YES = st.lists(st.sampled_from([b"250 ok\r\n", b"354 go on\r\n"]), min_size=3, max_size=4)
OFFERS = st.sets(st.sampled_from(["pipelining", "chunking", "dsn", "size", "8bitmime"]))


@contextlib.contextmanager
def session_with(said: list[bytes]) -> Iterator[SmtpSession]:
    """A server that answers each line with the next of these, and hangs up after the last."""
    near, far = socket.socketpair()
    with near, far:
        server = threading.Thread(target=_serve, args=(far, said))
        server.start()
        try:
            yield SmtpSession(Line(near, SERVER, 5.0))
        finally:
            near.shutdown(socket.SHUT_RDWR)
            server.join(30)


def _serve(far: socket.socket, said: list[bytes]) -> None:
    left = list(said)
    with contextlib.suppress(OSError):  # the client has had enough
        while data := far.recv(65_536):
            for _ in range(data.count(b"\n")):
                if not left:
                    far.shutdown(socket.SHUT_WR)
                    break
                far.sendall(left.pop(0))


def how_it_ends(what: Callable[[], object]) -> MailError | None:
    try:
        what()
    except MailError as error:
        return error
    return None


@given(SAID)
@settings(max_examples=200)
def test_an_answer_is_read_or_it_is_none(said: list[bytes]) -> None:
    with session_with(said) as session:

        def ask_on() -> None:
            while True:
                reply = session.ask("NOOP")
                assert 200 <= reply.code < 600
                assert reply.words.isprintable()
                assert reply.meaning

        error = how_it_ends(ask_on)
        assert error is not None
        assert error.summary.isprintable()


@given(SAID)
@settings(max_examples=200)
def test_what_is_offered_is_read_or_it_is_nothing(said: list[bytes]) -> None:
    with session_with(said) as session:
        how_it_ends(session.greet)
        assert all(name == name.lower() for name in session.offers)
        assert session.size_limit >= 0


@given(st.one_of(SAID, st.builds(lambda first, then: first + then, YES, SAID)), OFFERS)
@settings(max_examples=500)
def test_a_letter_is_sent_or_the_reason_is_told(said: list[bytes], offers: set[str]) -> None:
    with session_with(said) as session:
        session.offers = dict.fromkeys(offers, "")
        chunk = "chunking" in offers
        taken: list[Taken] = []

        def hand_over() -> None:
            taken.append(offer(session, LETTER, kept=False, data=not chunk))
            way = by_bdat if chunk else by_data
            assert way(session, LETTER, taken[0].results, 5.0)[:1] == "2"

        error = how_it_ends(hand_over)
        if error is None:
            event("sent")
        else:
            event(type(error).__name__)
            assert error.summary.isprintable()
        if isinstance(error, DeliveryUnknown):
            assert taken
        # Nonsense ends the line; only an answer leaves it to the next letter.
        if isinstance(error, BadServer | DeliveryUnknown):
            assert not session.in_step
        for each in taken:
            assert len(each.results) == 2
            assert any(result.code == 250 for result in each.results)
