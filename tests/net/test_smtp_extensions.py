"""What SMTP servers can do beyond RFC 5321: commands ahead, chunks, DSN, REQUIRETLS, early no's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.mail.account import Protocol, Security
from martlet.mail.errors import BadServer, Refused
from martlet.mail.outgoing import SendOptions
from martlet.mail.route import STRAIGHT, Pin, Route
from martlet.net.body import PIECE
from martlet.net.smtp import Deferred, SendRefused, Submission, submit
from martlet.net.smtp_parameters import PLAIN, envelope_id, xtext
from support.certificates import issue
from support.scripted import (
    Conversation,
    Scripted,
    Step,
    close,
    expect,
    read_some,
    read_to,
    send,
)
from support.smtp_steps import ask, chunk, ehlo, message, swallow

RAW = b"Subject: hello\r\n\r\n.dot\r\n"
WIRE = b"Subject: hello\r\n\r\n..dot\r\n.\r\n"
GREETING = send("220 mx\r\n")
MAIL = ask("MAIL FROM:<ada@example.org>", "250 ok")
RCPT = ask("RCPT TO:<bruno@example.org>", "250 ok")
QUIT = ask("QUIT", "221 bye")
DONE: list[Step] = [send("250 2.0.0 queued as 17\r\n"), *QUIT]
WISHES = SendOptions(dsn=True)


def hand_over(
    server: Scripted,
    *recipients: str,
    raw: bytes = RAW,
    sender: str = "ada@example.org",
    security: Security | None = None,
    route: Route = STRAIGHT,
    options: SendOptions = PLAIN,
    envelope_id: str = "",
    original: Mapping[str, str] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Submission:
    return submit(
        server.account(Protocol.SMTP, security, user="", host="localhost"),
        "",
        sender=sender,
        recipients=recipients or ("bruno@example.org",),
        raw=raw,
        route=route,
        timeout_s=30.0,
        final_timeout_s=30.0,
        options=options,
        envelope_id=envelope_id,
        original=original,
        progress=progress,
    )


# Commands ahead of their answers (RFC 2920)


def flight(count: int) -> Step:
    """Hears so many commands before it answers any."""

    def step(talk: Conversation) -> None:
        talk.heard += [talk.read_to(b"\n") for _ in range(count)]

    return step


def test_mail_rcpt_and_data_go_in_one_flight() -> None:
    script = [
        GREETING,
        *ehlo("PIPELINING"),
        flight(4),
        send("250 ok\r\n250 ok\r\n550 5.1.1 who?\r\n354 go on\r\n"),
        read_to(b"\r\n.\r\n"),
        *DONE,
    ]
    with Scripted(script) as server:
        done = hand_over(server, "bruno@example.org", "nobody@example.org")
    assert [result.code for result in done.results] == [250, 550]
    assert server.heard[0][-2] == WIRE


def test_nobody_accepted_but_data_was_means_a_message_for_nobody() -> None:
    script = [
        GREETING,
        *ehlo("PIPELINING"),
        flight(4),
        send("250 ok\r\n550 5.1.1 who?\r\n451 4.2.1 later\r\n354 go on\r\n"),
        expect(b".\r\n"),
        send("554 5.5.1 no valid recipients\r\n"),
        *QUIT,
    ]
    with Scripted(script) as server, pytest.raises(Deferred) as caught:
        hand_over(server, "nobody@example.org", "bruno@example.org")
    assert [result.code for result in caught.value.results] == [550, 451]
    assert b"Subject" not in b"".join(server.heard[0])


@pytest.mark.parametrize("answer", ["250 ok\r\n", "421 bye\r\n", ""])
def test_a_message_for_nobody_that_is_taken_ends_the_line(answer: str) -> None:
    script = [
        GREETING,
        *ehlo("PIPELINING"),
        flight(3),
        send("250 ok\r\n550 5.1.1 who?\r\n354 go on\r\n"),
        expect(b".\r\n"),
        send(answer),
        close(),
    ]
    with Scripted(script) as server, pytest.raises(SendRefused, match="no such address"):
        hand_over(server, "nobody@example.org")


def test_the_sender_refused_and_all_else_accepted_sends_not_even_a_dot() -> None:
    script = [
        GREETING,
        *ehlo("PIPELINING"),
        flight(3),
        send("550 5.7.1 not you\r\n250 ok\r\n354 go on\r\n"),
        swallow(),
    ]
    with Scripted(script) as server, pytest.raises(SendRefused, match="“not you”"):
        hand_over(server)
    assert server.heard[0][-1] == b"DATA\r\n"


def test_a_server_that_hangs_up_in_the_middle_of_the_flight() -> None:
    script = [
        GREETING,
        *ehlo("PIPELINING"),
        flight(4),
        send("250 ok\r\n250 ok\r\n421 4.3.2 closing\r\n"),
        close(),
    ]
    with Scripted(script) as server, pytest.raises(Deferred, match="takes no messages now"):
        hand_over(server, "a@example.org", "b@example.org")


def test_thousands_of_recipients_and_a_server_that_talks_much() -> None:
    """Whoever sends all before reading stands still with a server that does it the same way."""
    people = [f"someone-{number}@example.org" for number in range(5000)]
    waiting = 0

    def crowd(talk: Conversation) -> None:
        nonlocal waiting
        for _ in people:
            talk.last = talk.read_to(b"\n")
            talk.socket.sendall(b"250-2.1.5 %s\r\n250 2.1.5 ok\r\n" % (b"much " * 80))
            waiting = max(waiting, talk.waiting)

    script = [GREETING, *ehlo("PIPELINING"), *MAIL, crowd, *message(), *DONE]
    with Scripted(script) as server:
        done = hand_over(server, *people)
    assert [result.address for result in done.results] == people
    assert {result.code for result in done.results} == {250}
    assert waiting < 20_000


@pytest.mark.parametrize("extra", ["250 ok too\r\n", "451 4.3.0 no\r\n"])
def test_an_answer_too_many_before_the_message_stops_it(extra: str) -> None:
    script = [
        GREETING,
        *ehlo("PIPELINING"),
        flight(3),
        send(f"250 ok\r\n250 ok\r\n354 go on\r\n{extra}"),
        swallow(),
    ]
    with Scripted(script) as server, pytest.raises((BadServer, Deferred)):
        hand_over(server)
    assert b"Subject" not in b"".join(server.heard[0])


def test_too_many_recipients_in_the_old_words_are_tried_again() -> None:
    other = ask("RCPT TO:<x@example.org>", "552 too many recipients")
    full = ask("RCPT TO:<y@example.org>", "552 5.2.2 mailbox full")
    with Scripted([GREETING, *ehlo(), *MAIL, *RCPT, *other, *full, *message(), *DONE]) as server:
        done = hand_over(server, "bruno@example.org", "x@example.org", "y@example.org")
    assert [result.code for result in done.results] == [250, 452, 552]


# The message in a chunk (RFC 3030)


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
def test_a_chunk_has_the_bytes_as_they_are(size: int) -> None:
    raw = (b"\r\n." + b"x" * size)[:size]
    told: list[tuple[int, int]] = []
    with Scripted([GREETING, *ehlo("CHUNKING"), *MAIL, *RCPT, chunk(), *DONE]) as server:
        hand_over(server, raw=raw, progress=lambda done, total: told.append((done, total)))
    whole = raw if raw.endswith(b"\n") else raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    assert server.heard[0][-2].rstrip(b"\r\n") == whole.rstrip(b"\r\n")
    assert told[-1][0] == told[-1][1]
    assert told == sorted(told)


def test_nothing_of_a_chunk_goes_to_nobody() -> None:
    nobody = ask("RCPT TO", "550 5.1.1 who?")
    with (
        Scripted([GREETING, *ehlo("CHUNKING"), *MAIL, *nobody, *QUIT]) as server,
        pytest.raises(SendRefused),
    ):
        hand_over(server)


# A server that does not wait for the end


@pytest.mark.parametrize("offer", ["8BITMIME", "CHUNKING"])
@pytest.mark.parametrize("tls", [False, True])
def test_an_upload_ends_as_soon_as_the_server_says_no(
    offer: str, tls: bool, tmp_path: Path
) -> None:
    certificates = issue(tmp_path) if tls else None
    begin = expect("BDAT") if offer == "CHUNKING" else expect("DATA")
    go_on = [] if offer == "CHUNKING" else [send("354 go on\r\n")]
    script = [
        GREETING,
        *ehlo(offer),
        *MAIL,
        *RCPT,
        begin,
        *go_on,
        read_some(),
        send("552 5.3.4 enough\r\n"),
        swallow(),
    ]
    raw = b"x" * 30_000_000
    route = Route(ca_file=str(certificates.ca_file)) if certificates else Route()
    with (
        Scripted(script, certificates=certificates, tls=tls) as server,
        pytest.raises(SendRefused, match="broke off the message: the message is too big"),
    ):
        hand_over(server, raw=raw, route=route)
    assert sum(map(len, server.heard[0])) < len(raw)


def test_the_one_who_watches_may_stop_the_upload() -> None:
    class Enough(Refused):
        pass

    def stop(done: int, total: int) -> None:
        if done > total // 2:
            raise Enough("Stopped.")

    script = [GREETING, *ehlo(), *MAIL, *RCPT, *ask("DATA", "354 go on"), swallow()]
    raw = b"x" * 400_000 + b"\r\n"
    with Scripted(script) as server, pytest.raises(Enough):
        hand_over(server, raw=raw, progress=stop)
    assert not b"".join(server.heard[0]).endswith(b"\r\n.\r\n")


# Reports of delivery (RFC 3461, RFC 6533)


def test_what_is_asked_when_reports_are_wanted() -> None:
    script = [
        GREETING,
        *ehlo("DSN"),
        *ask("MAIL FROM:<ada@example.org> RET=HDRS ENVID=17+2B4+3D21+20x\r\n", "250 ok"),
        *ask(
            "RCPT TO:<bruno@example.org> NOTIFY=SUCCESS,FAILURE,DELAY "
            "ORCPT=rfc822;b+2Bc@example.net\r\n",
            "250 ok",
        ),
        *ask(
            "RCPT TO:<c=d@example.org> NOTIFY=SUCCESS,FAILURE,DELAY "
            "ORCPT=rfc822;c+3Dd@example.org\r\n",
            "250 ok",
        ),
        *message(),
        *DONE,
    ]
    with Scripted(script) as server:
        done = hand_over(
            server,
            "bruno@example.org",
            "c=d@example.org",
            options=WISHES,
            envelope_id="17+4=21 x",
            original={"bruno@example.org": "b+c@example.net"},
        )
    assert (done.dsn, done.envelope_id) == (True, "17+4=21 x")


def test_reports_of_failure_can_be_tied_to_the_message_without_being_asked_for() -> None:
    script = [
        GREETING,
        *ehlo("DSN"),
        *ask("MAIL FROM:<ada@example.org> RET=HDRS ENVID=17\r\n", "250 ok"),
        *ask("RCPT TO:<bruno@example.org> ORCPT=rfc822;bruno@example.org\r\n", "250 ok"),
        *message(),
        *DONE,
    ]
    with Scripted(script) as server:
        done = hand_over(server, envelope_id="17")
    assert (done.dsn, done.envelope_id) == (False, "17")


def test_a_server_that_knows_no_reports_is_asked_for_none() -> None:
    script = [
        GREETING,
        *ehlo(),
        *ask("MAIL FROM:<ada@example.org>\r\n", "250 ok"),
        *ask("RCPT TO:<bruno@example.org>\r\n", "250 ok"),
        *message(),
        *DONE,
    ]
    with Scripted(script) as server:
        done = hand_over(server, options=WISHES, envelope_id="17")
    assert (done.dsn, done.envelope_id) == (False, "")


@pytest.mark.parametrize("code", [501, 504, 555])
@pytest.mark.parametrize("ahead", [False, True])
def test_a_server_that_stumbles_over_what_it_offered(code: int, ahead: bool) -> None:
    dropped = [*ask("RCPT", "503 what?"), *ask("DATA", "503 what?")] if ahead else []
    script = [
        GREETING,
        *ehlo("DSN", *(["PIPELINING"] if ahead else [])),
        *ask("MAIL FROM:<ada@example.org> RET=HDRS", f"{code} 5.5.4 what?"),
        *dropped,
        *ask("RSET", "250 ok"),
        *ask("MAIL FROM:<ada@example.org>\r\n", "250 ok"),
        *ask("RCPT TO:<bruno@example.org>\r\n", "250 ok"),
        *message(),
        *DONE,
    ]
    with Scripted(script) as server:
        done = hand_over(server, options=WISHES, envelope_id="17")
    assert (done.dsn, done.envelope_id) == (False, "")


@pytest.mark.parametrize("ahead", [False, True])
def test_a_server_that_stumbles_over_the_recipients(ahead: bool) -> None:
    script = [
        GREETING,
        *ehlo("DSN", *(["PIPELINING"] if ahead else [])),
        *MAIL,
        *ask("RCPT TO:<bruno@example.org> ORCPT", "555 5.5.4 what?"),
        *(ask("DATA", "503 what?") if ahead else []),
        *ask("RSET", "250 ok"),
        *ask("MAIL FROM:<ada@example.org>\r\n", "250 ok"),
        *ask("RCPT TO:<bruno@example.org>\r\n", "250 ok"),
        *message(),
        *DONE,
    ]
    with Scripted(script) as server:
        assert hand_over(server, envelope_id="17").envelope_id == ""


def test_what_is_refused_without_reports_too_is_refused() -> None:
    bad = "501 5.1.3 no address"
    script = [
        GREETING,
        *ehlo("DSN"),
        *MAIL,
        *ask("RCPT TO:<bruno@example.org> ORCPT", bad),
        *ask("RSET", "250 ok"),
        *MAIL,
        *ask("RCPT TO:<bruno@example.org>\r\n", bad),
        *QUIT,
    ]
    with Scripted(script) as server, pytest.raises(SendRefused, match="not written as it should"):
        hand_over(server)


def test_an_international_recipient_is_named_in_ascii() -> None:
    orcpt = "ORCPT=utf-8;j\\x{FC}rgen\\x{2B}x@m\\x{FC}nchen.example"
    script = [
        GREETING,
        *ehlo("DSN", "SMTPUTF8"),
        *ask("MAIL FROM:<ada@example.org> SMTPUTF8 RET=HDRS\r\n", "250 ok"),
        expect(f"RCPT TO:<jürgen+x@münchen.example> {orcpt}\r\n".encode()),
        send("250 ok\r\n"),
        *message(),
        *DONE,
    ]
    with Scripted(script) as server:
        hand_over(server, "jürgen+x@münchen.example")


def test_a_domain_beyond_ascii_is_named_as_it_is_sent() -> None:
    wire = "info@xn--mnchen-3ya.example"
    rcpt = ask(f"RCPT TO:<{wire}> ORCPT=rfc822;{wire}\r\n", "250 ok")
    with Scripted([GREETING, *ehlo("DSN"), *MAIL, *rcpt, *message(), *DONE]) as server:
        hand_over(server, "info@münchen.example")


@given(st.text(max_size=130))
def test_an_envelope_id_is_one_word_or_none(text: str) -> None:
    value = envelope_id(text)
    assert len(value) <= 100
    assert value.isascii()
    assert not set(value) & set(" =\r\n\0\x7f")
    if value:
        assert value == xtext(text)


# Verified TLS all the way (RFC 8689)

PRIVATE = SendOptions(require_tls=True)


def test_requiretls_is_asked_for_where_it_is_offered(tmp_path: Path) -> None:
    certificates = issue(tmp_path)
    script = [
        GREETING,
        *ehlo("REQUIRETLS"),
        *ask("MAIL FROM:<ada@example.org> REQUIRETLS\r\n", "250 ok"),
        *RCPT,
        *message(),
        *DONE,
    ]
    with Scripted(script, certificates=certificates, tls=True) as server:
        hand_over(server, options=PRIVATE, route=Route(ca_file=str(certificates.ca_file)))


def test_who_cannot_promise_it_is_not_asked_to_send(tmp_path: Path) -> None:
    certificates = issue(tmp_path)
    script = [GREETING, *ehlo("SIZE"), *QUIT]
    with (
        Scripted(script, certificates=certificates, tls=True) as server,
        pytest.raises(SendRefused, match="localhost cannot promise that"),
    ):
        hand_over(server, options=PRIVATE, route=Route(ca_file=str(certificates.ca_file)))


def test_a_certificate_that_is_only_known_is_not_enough(tmp_path: Path) -> None:
    certificates = issue(tmp_path)
    script = [GREETING, *ehlo("REQUIRETLS"), *QUIT]
    with (
        Scripted(script, certificates=certificates, tls=True) as server,
        pytest.raises(SendRefused, match="is not like that"),
    ):
        hand_over(
            server, options=PRIVATE, route=Route(pins=(Pin("localhost", certificates.sha256),))
        )


def test_without_tls_nobody_is_even_asked() -> None:
    with (
        Scripted([GREETING, *ehlo("REQUIRETLS"), *QUIT]) as server,
        pytest.raises(SendRefused, match="set up without encryption"),
    ):
        hand_over(server, options=PRIVATE)
    assert server.connections == 0
