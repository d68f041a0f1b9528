"""Several letters over one connection, and what becomes of it between them."""

from __future__ import annotations

import pytest

from martlet.mail.account import Protocol
from martlet.mail.errors import AuthFailed, MailError, Offline
from martlet.net.smtp import Deferred, DeliveryUnknown, Sender, SendRefused, Submission
from support.scripted import Scripted, Step, close, expect, reset, send
from support.smtp_steps import ask, ehlo, message, swallow

RAW = b"Subject: hello\r\n\r\nbody\r\n"
OPEN: list[Step] = [
    send("220 mx\r\n"),
    *ehlo("AUTH PLAIN"),
    *ask("AUTH PLAIN", "235 in"),
]
ENVELOPE = [*ask("MAIL", "250 ok"), *ask("RCPT", "250 ok")]
LETTER = [*ENVELOPE, *message(), send("250 2.0.0 queued\r\n")]
RSET = ask("RSET", "250 ok")
QUIT = ask("QUIT", "221 bye")


def line_to(server: Scripted, timeout_s: float = 5.0) -> Sender:
    account = server.account(Protocol.SMTP)
    return Sender(account, "secret", timeout_s=timeout_s, final_timeout_s=timeout_s)


def go(line: Sender, recipient: str = "bruno@example.org", raw: bytes = RAW) -> Submission:
    return line.submit(sender="ada@example.org", recipients=[recipient], raw=raw)


def test_letters_go_over_one_line() -> None:
    script = [*OPEN, *LETTER, *RSET, *LETTER, *RSET, *LETTER, *QUIT]
    with Scripted(script) as server:
        with line_to(server) as line:
            for _ in range(3):
                assert go(line).said == "250 2.0.0 queued"
        assert server.connections == 1


def test_nothing_is_connected_before_it_is_needed() -> None:
    with Scripted(OPEN) as server:
        with line_to(server) as line, pytest.raises(SendRefused, match="is not a mail address"):
            go(line, "nobody")
        line.close()
        assert server.connections == 0


def test_opened_first_it_is_not_opened_again() -> None:
    with Scripted([*OPEN, *LETTER, *QUIT]) as server:
        with line_to(server).open() as line:
            go(line.open())
        assert server.connections == 1


@pytest.mark.parametrize("answer", ["451 4.3.0 later", "554 5.0.0 never"])
@pytest.mark.parametrize("at", ["MAIL", "RCPT", "DATA", "."])
def test_a_refusal_leaves_the_line_for_the_next(answer: str, at: str) -> None:
    refused = list(ask(at, answer))
    if at in ("RCPT", "DATA"):
        refused = [*ask("MAIL", "250 ok"), *refused]
    if at == "DATA":
        refused = [*ENVELOPE, *ask(at, answer)]
    if at == ".":
        refused = [*ENVELOPE, *message(), send(answer + "\r\n")]
    with Scripted([*OPEN, *refused, *RSET, *LETTER, *QUIT]) as server:
        with line_to(server) as line:
            with pytest.raises((Deferred, SendRefused)):
                go(line)
            go(line)
        assert server.connections == 1


def test_a_letter_too_large_is_not_even_begun() -> None:
    script = [send("220 mx\r\n"), *ehlo("SIZE 100"), *LETTER, *QUIT]
    with Scripted(script) as server, line_to(server) as line:
        with pytest.raises(SendRefused, match="at most"):
            go(line, raw=RAW * 10)
        go(line)


@pytest.mark.parametrize(
    "ending",
    [
        pytest.param([close()], id="closed"),
        pytest.param([reset()], id="reset"),
        pytest.param([send("421 4.4.2 idle for too long\r\n"), close()], id="a word and closed"),
        pytest.param([*ask("RSET", "421 4.4.2 bye"), close()], id="421 to RSET"),
        pytest.param([*ask("RSET", "502 what?"), swallow()], id="no RSET"),
        pytest.param([*RSET, *ask("MAIL", "421 4.7.0 enough for now"), close()], id="421 to MAIL"),
        pytest.param([*RSET, expect("MAIL"), close()], id="closed at MAIL"),
    ],
)
def test_a_line_that_went_stale_is_made_anew(ending: list[Step]) -> None:
    with Scripted([*OPEN, *LETTER, *ending], [*OPEN, *LETTER, *QUIT]) as server:
        with line_to(server) as line:
            go(line)
            assert go(line).said == "250 2.0.0 queued"
        assert server.connections == 2


def test_a_silent_line_is_made_anew() -> None:
    with Scripted([*OPEN, *LETTER, swallow()], [*OPEN, *LETTER, *QUIT]) as server:
        with line_to(server, timeout_s=0.5) as line:
            go(line)
            go(line)
        assert server.connections == 2


def test_a_line_lost_within_a_letter_is_the_letters_error() -> None:
    """From RCPT on it is no stale line: the letter itself may be what the server cannot bear."""
    ending = [*RSET, *ask("MAIL", "250 ok"), expect("RCPT"), close()]
    with Scripted([*OPEN, *LETTER, *ending], [*OPEN, *LETTER, *QUIT]) as server:
        with line_to(server) as line:
            go(line)
            with pytest.raises(Offline):
                go(line)
            assert server.connections == 1
            go(line)
        assert server.connections == 2


def test_a_line_is_made_anew_once() -> None:
    gone: list[Step] = [close()]
    with Scripted([*OPEN, *LETTER, close()], gone) as server, line_to(server) as line:
        go(line)
        with pytest.raises(Offline):
            go(line)
        assert server.connections == 2


def test_a_password_changed_meanwhile_is_refused_once() -> None:
    wrong = [send("220 mx\r\n"), *ehlo("AUTH PLAIN"), *ask("AUTH PLAIN", "535 5.7.8 no"), swallow()]
    with Scripted([*OPEN, *LETTER, close()], wrong) as server, line_to(server) as line:
        go(line)
        with pytest.raises(AuthFailed):
            go(line)
        assert server.connections == 2


def test_what_nobody_knows_is_never_sent_again_by_itself() -> None:
    lost = [*RSET, *ENVELOPE, *message(), close()]
    scripts = [*OPEN, *LETTER, *lost], [*OPEN, *LETTER, *QUIT]
    with Scripted(*scripts) as server, line_to(server) as line:
        go(line)
        with pytest.raises(DeliveryUnknown):
            go(line)
        assert server.connections == 1
        go(line)


@pytest.mark.parametrize("pipelining", [False, True])
def test_rset_goes_along_with_the_next_letter(pipelining: bool) -> None:
    begin = [send("220 mx\r\n"), *ehlo(*(["PIPELINING"] if pipelining else []))]
    with Scripted([*begin, *LETTER, *RSET, *LETTER, *QUIT]) as server, line_to(server) as line:
        go(line)
        go(line)


def test_leaving_raises_nothing() -> None:
    with Scripted([*OPEN, *LETTER, reset()]) as server:
        line = line_to(server)
        go(line)
        line.close()
        line.close()
    with Scripted([close()]) as server, line_to(server) as line, pytest.raises(MailError):
        line.open()
