"""POP3 sessions against a server that keeps to a script, faults included."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from martlet.mail.account import Protocol, Security
from martlet.mail.errors import AuthFailed, BadServer, MailError, Offline, Refused, TlsRefused
from martlet.mail.route import Route
from martlet.net.pop3 import DEPTH, Pop3Session
from support.certificates import issue
from support.scripted import Script, Scripted, Step, close, expect, reset, send, stall, start_tls

CAPA = [
    expect("CAPA"),
    send("+OK\r\nUSER\r\nUIDL\r\nTOP\r\nPIPELINING\r\nRESP-CODES\r\nSTLS\r\n.\r\n"),
]
CAPA_POOR = [expect("CAPA"), send("-ERR unknown command\r\n")]
LOGIN = [expect("USER ada"), send("+OK\r\n"), expect("PASS secret"), send("+OK 2 messages\r\n")]
HELLO = [send("+OK hello <1.2@host>\r\n")]
NOOP = [expect("NOOP"), send("+OK\r\n")]
OPEN: list[Step] = [*HELLO, *CAPA, *LOGIN, *CAPA]


def open_session(
    server: Scripted,
    security: Security | None = None,
    *,
    auth: str = "",
    ca_file: str = "",
    secret: str = "secret",
    user: str = "ada",
) -> Pop3Session:
    return Pop3Session.open(
        server.account(Protocol.POP3, security, user, auth, "localhost"),
        secret,
        route=Route(ca_file=ca_file),
        timeout_s=30.0,
    )


def said(*steps: Step) -> list[Step]:
    return [*OPEN, *steps, stall()]


def test_a_whole_session() -> None:
    script = [
        *OPEN,
        expect("UIDL"),
        send("+OK\r\n1 abc\r\n2  d/e+f \r\n.\r\n"),
        expect("LIST"),
        send("+OK 2 messages\r\n1 120\r\n2 3400\r\n.\r\n"),
        expect("RETR 1"),
        expect("RETR 2"),
        send("+OK 120 octets\r\nSubject: a\r\n\r\n..\r\n...dots\r\n.\r\n+OK\r\n.\r\n"),
        *NOOP,
        expect("TOP 2 0"),
        send("+OK\r\nSubject: b\r\n\r\n.\r\n"),
        *NOOP,
        expect("DELE 1"),
        expect("DELE 2"),
        send("+OK gone\r\n+OK gone\r\n"),
        expect("QUIT"),
        send("+OK bye\r\n"),
    ]
    with Scripted(script) as server, open_session(server) as session:
        assert session.uidls() == {1: "abc", 2: "d/e+f"}
        assert session.sizes() == {1: 120, 2: 3400}
        assert list(session.retrieve([1, 2])) == [
            (1, b"Subject: a\r\n\r\n.\r\n..dots\r\n"),
            (2, b""),
        ]
        assert session.top(2) == b"Subject: b\r\n\r\n"
        session.delete([1, 2])
        session.quit()


@pytest.mark.parametrize("mechanism", ["", "APOP", "PLAIN"])
def test_a_password_that_is_no_text_is_refused_without_being_told(mechanism: str) -> None:
    capa = [expect("CAPA"), send("+OK\r\nUSER\r\nSASL PLAIN\r\n.\r\n")]
    script = [*HELLO, *capa, stall()]
    with Scripted(script) as server, pytest.raises(AuthFailed) as caught:
        open_session(server, secret="hush\udcff", auth=mechanism)
    assert "hush" not in repr(caught.value)
    assert caught.value.__cause__ is None


def test_without_pipelining_one_thing_at_a_time() -> None:
    script = [
        *HELLO,
        *CAPA_POOR,
        *LOGIN,
        expect("RETR 1"),
        send("+OK\r\none\r\n.\r\n"),
        expect("RETR 2"),
        send("+OK\r\ntwo\r\n.\r\n"),
        *NOOP,
        stall(),
    ]
    with Scripted(script) as server, open_session(server) as session:
        assert dict(session.retrieve([1, 2])) == {1: b"one\r\n", 2: b"two\r\n"}


def test_a_line_of_any_length_comes_through() -> None:
    body = b"x" * 3_000_000 + b"\r\n"
    with (
        Scripted(said(expect("RETR"), send(b"+OK\r\n" + body + b".\r\n"), *NOOP)) as server,
        open_session(server) as session,
    ):
        assert dict(session.retrieve([7])) == {7: body}


def test_a_dot_split_between_two_packets() -> None:
    steps = [
        expect("RETR"),
        send(b"+OK\r\nab\r"),
        send(b"\n"),
        send(b"."),
        send(b"\r"),
        send(b"\n"),
        *NOOP,
    ]
    with Scripted(said(*steps)) as server, open_session(server) as session:
        assert dict(session.retrieve([1])) == {1: b"ab\r\n"}


def test_a_message_the_server_refuses_is_left_out() -> None:
    steps = [expect("RETR 1"), expect("RETR 2"), send("-ERR no such\r\n+OK\r\nb\r\n.\r\n"), *NOOP]
    with Scripted(said(*steps)) as server, open_session(server) as session:
        assert dict(session.retrieve([1, 2])) == {2: b"b\r\n"}
        assert session.refused == {1: "no such"}


def test_an_iterator_given_up_half_way_ends_the_session() -> None:
    script = said(expect("RETR 1"), expect("RETR 2"), send("+OK\r\na\r\n.\r\n+OK\r\nb\r\n"))
    with Scripted(script) as server, open_session(server) as session:
        bodies = session.retrieve([1, 2])
        assert next(bodies) == (1, b"a\r\n")
        del bodies
        with pytest.raises(Offline):
            session.noop()


def test_an_iterator_left_after_its_last_message_does_not() -> None:
    script = said(expect("RETR 1"), send("+OK\r\na\r\n.\r\n"), *NOOP, *NOOP)
    with Scripted(script) as server, open_session(server) as session:
        bodies = session.retrieve([1])
        assert next(bodies) == (1, b"a\r\n")
        del bodies
        session.noop()


def test_what_nonsense_follows_is_not_believed() -> None:
    # The dot of a line "." was not doubled: the rest of the message stands in the next answer.
    steps = [
        expect("RETR 1"),
        expect("RETR 2"),
        send("+OK\r\na\r\n.\r\nb\r\n.\r\n+OK\r\nc\r\n.\r\n"),
    ]
    with (
        Scripted(said(*steps)) as server,
        open_session(server) as session,
        pytest.raises(BadServer),
    ):
        next(session.retrieve([1, 2]))


@pytest.mark.parametrize(
    ("sent", "body"),
    [
        # A line feed, dot, line end within a message that has proper line ends is no end.
        (b"a\r\nb\n.\r\n+OK forged\r\n.\r\n", b"a\r\nb\n.\r\n+OK forged\r\n"),
        (b"a\r\nb\n.\r\n.\r\n", b"a\r\nb\n.\r\n"),
        (b"a\r\nb\n.\nc\r\n.\r\n", b"a\r\nb\n.\nc\r\n"),
        (b"a\r\n\n..\n..\r\n..\r\n.\r\n", b"a\r\n\n..\n..\r\n.\r\n"),
        # A server that gives the file as it is, and ends it properly.
        (b"a\n\nb\n.\r\n", b"a\n\nb\n"),
    ],
)
def test_where_a_message_ends(sent: bytes, body: bytes) -> None:
    with (
        Scripted(said(expect("RETR 1"), send(b"+OK\r\n" + sent), *NOOP)) as server,
        open_session(server) as session,
    ):
        assert dict(session.retrieve([1])) == {1: body}


def test_a_server_that_ends_all_lines_with_a_line_feed() -> None:
    steps = [expect("RETR 1"), send("+OK\na\n..\nb\n.\n"), expect("NOOP"), send("+OK\n")]
    with Scripted(said(*steps)) as server, open_session(server) as session:
        assert dict(session.retrieve([1])) == {1: b"a\n.\nb\n"}


def test_a_large_message_tells_how_far_it_is() -> None:
    body = b"x" * 70 + b"\r\n"
    told: list[int] = []
    steps = [expect("RETR 1"), send(b"+OK\r\n" + body * 3000), send(body * 3000 + b".\r\n"), *NOOP]
    with Scripted(said(*steps)) as server, open_session(server) as session:
        assert session.retrieve_one(1, 432_000, told.append) == body * 6000
    assert told == sorted(told)
    assert told[-1] == 432_003


def test_a_message_far_larger_than_it_is_said_to_be() -> None:
    body = b"x" * 1_000_000
    steps = [expect("RETR 1"), send(b"+OK\r\n"), *[send(body)] * 20]
    with (
        Scripted(said(*steps)) as server,
        open_session(server) as session,
        pytest.raises(BadServer),
    ):
        list(session.retrieve([1], {1: 5}))


def test_no_uidl_is_said_in_a_sentence() -> None:
    script = said(expect("UIDL"), send("-ERR unknown\r\n"), expect("STAT"), send("+OK 3 900\r\n"))
    with (
        Scripted(script) as server,
        open_session(server) as session,
        pytest.raises(BadServer, match="no lasting names"),
    ):
        session.uidls()


def test_an_empty_maildrop_may_refuse_uidl() -> None:
    script = said(expect("UIDL"), send("-ERR none\r\n"), expect("STAT"), send("+OK 0 0\r\n"))
    with Scripted(script) as server, open_session(server) as session:
        assert session.uidls() == {}


@pytest.mark.parametrize("answer", ["1\r\n", "x abc\r\n", "-1 a\r\n", "\r\n", "99999999999 a\r\n"])
def test_a_listing_that_cannot_be_read(answer: str) -> None:
    with (
        Scripted(said(expect("UIDL"), send(f"+OK\r\n{answer}.\r\n"))) as server,
        open_session(server) as session,
        pytest.raises(BadServer, match="UIDL cannot be read"),
    ):
        session.uidls()


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        ("-ERR [AUTH] Wrong", AuthFailed, "user name or password"),
        ("-ERR Wrong", AuthFailed, "user name or password"),
        ("-ERR [IN-USE] Busy", Offline, "in use by another program"),
        ("-ERR mailbox is locked by a POP session", Offline, "in use by another program"),
        ("-ERR your account is locked", AuthFailed, "user name or password"),
        ("-ERR [LOGIN-DELAY] wait", Offline, "less often"),
        ("-ERR [SYS/TEMP] try later", Offline, "passing fault"),
        ("-ERR [SYS/PERM] call us", Refused, "has a fault"),
        ("550 no", BadServer, "does not speak POP3"),
    ],
)
def test_why_signing_in_failed(answer: str, kind: type[MailError], words: str) -> None:
    script = [*HELLO, *CAPA, *LOGIN[:3], send(answer + "\r\n"), stall()]
    with Scripted(script) as server, pytest.raises(kind, match=words) as caught:
        open_session(server)
    assert type(caught.value) is kind
    assert "secret" not in f"{caught.value!r} {caught.value.detail}"


def test_a_refused_user_name() -> None:
    script = [*HELLO, *CAPA, expect("USER"), send("-ERR who\r\n"), stall()]
    with Scripted(script) as server, pytest.raises(AuthFailed):
        open_session(server)


def test_a_greeting_that_says_no() -> None:
    with Scripted([send("-ERR too many\r\n"), stall()]) as server, pytest.raises(Offline) as caught:
        open_session(server)
    assert caught.value.detail == "too many"


def test_another_protocol() -> None:
    with (
        Scripted([send("* OK IMAP4rev1\r\n"), stall()]) as server,
        pytest.raises(BadServer, match="does not speak POP3"),
    ):
        open_session(server)


def test_what_is_too_long_for_the_line_waits_for_the_go_ahead() -> None:
    script = [
        *HELLO,
        expect("CAPA"),
        send("+OK\r\nSASL XOAUTH2\r\n.\r\n"),
        expect(b"AUTH XOAUTH2\r\n"),
        send("+ \r\n"),
        expect(base64.b64encode(b"user=ada\1auth=Bearer " + b"t" * 300 + b"\1\1")),
        send("+OK in\r\n"),
        *CAPA,
        stall(),
    ]
    with Scripted(script) as server:
        open_session(server, auth="XOAUTH2", secret="t" * 300).close()


def test_what_fits_into_the_line_goes_with_it() -> None:
    script = [
        *HELLO,
        expect("CAPA"),
        send("+OK\r\nSASL PLAIN\r\n.\r\n"),
        expect(b"AUTH PLAIN AGFkYQBzZWNyZXQ=\r\n"),
        send("+OK in\r\n"),
        *CAPA,
        stall(),
    ]
    with Scripted(script) as server:
        open_session(server).close()


def test_a_server_that_says_yes_before_scram_is_done_is_a_cheat() -> None:
    script = [
        *HELLO,
        expect("CAPA"),
        send("+OK\r\nSASL SCRAM-SHA-256\r\n.\r\n"),
        expect("AUTH SCRAM-SHA-256 "),
        send("+OK in\r\n"),
        stall(),
    ]
    with Scripted(script) as server, pytest.raises(BadServer, match="without having proved"):
        open_session(server)


def test_apop_where_nothing_else_is_offered() -> None:
    digest = hashlib.md5(b"<1896.697170952@dbc.mtview.ca.us>secret").hexdigest()
    script = [
        send("+OK dewey POP3 server ready <1896.697170952@dbc.mtview.ca.us>\r\n"),
        expect("CAPA"),
        send("+OK\r\nUIDL\r\n.\r\n"),
        expect(f"APOP ada {digest}"),
        send("+OK\r\n"),
        *CAPA,
        stall(),
    ]
    with Scripted(script) as server:
        open_session(server).close()


def test_starttls_asks_anew_and_keeps_nothing(tmp_path: Path) -> None:
    certificates = issue(tmp_path)
    script = [
        *HELLO,
        *CAPA,
        expect("STLS"),
        send("+OK go\r\n"),
        start_tls(),
        *CAPA_POOR,
        *LOGIN,
        stall(),
    ]
    with Scripted(script, certificates=certificates) as server:
        ca_file = str(certificates.ca_file)
        with open_session(server, Security.STARTTLS, ca_file=ca_file) as session:
            assert session.capabilities == {}


@pytest.mark.parametrize(
    "steps",
    [
        [expect("CAPA"), send("+OK\r\nUSER\r\n.\r\n"), stall()],
        [*CAPA, expect("STLS"), send("-ERR not today\r\n"), stall()],
        [*CAPA_POOR, expect("STLS"), send("-ERR unknown\r\n"), stall()],
    ],
)
def test_no_starttls_no_password(steps: Script) -> None:
    with Scripted([*HELLO, *steps]) as server:
        with pytest.raises(TlsRefused, match="does not offer STARTTLS"):
            open_session(server, Security.STARTTLS)
        assert b"secret" not in b"".join(server.heard[0])


@pytest.mark.parametrize("step", range(len(OPEN)))
@pytest.mark.parametrize("ending", [close, reset])
def test_the_line_may_be_lost_at_any_step_of_opening(step: int, ending: Callable[[], Step]) -> None:
    with Scripted([*OPEN[:step], ending()]) as server, pytest.raises(Offline):
        open_session(server).uidls()


@pytest.mark.parametrize("sent", ["", "+OK\r\n", "+OK\r\nSubject: x\r\n", "+OK\r\nbody\r\n."])
def test_half_a_message_is_no_message(sent: str) -> None:
    with (
        Scripted([*OPEN, expect("RETR 1"), send(sent), close()]) as server,
        open_session(server) as session,
        pytest.raises(Offline),
    ):
        list(session.retrieve([1]))


@pytest.mark.parametrize(
    ("steps", "kind"),
    [
        ([close()], Offline),
        ([send("+O"), close()], Offline),
        ([send("-ERR some messages not removed\r\n")], Refused),
        ([send("-ERR [SYS/TEMP] later\r\n")], Offline),
        ([send("hm\r\n")], BadServer),
    ],
)
def test_deletion_is_only_real_when_quit_says_ok(steps: Script, kind: type[MailError]) -> None:
    script = [*OPEN, expect("DELE 1"), send("+OK\r\n"), expect("QUIT"), *steps]
    with Scripted(script) as server, open_session(server) as session:
        session.delete([1])
        with pytest.raises(kind):
            session.quit()


def test_a_refused_deletion_does_not_hold_up_the_others() -> None:
    steps = [expect("DELE 1"), expect("DELE 2"), send("-ERR gone\r\n+OK\r\n"), expect("NOOP")]
    with Scripted(said(*steps, send("+OK\r\n"))) as server, open_session(server) as session:
        assert session.delete([1, 2]) == [2]
        assert session.refused == {1: "gone"}
        session.noop()


def test_more_messages_than_go_on_their_way_at_once() -> None:
    count = DEPTH + 49
    steps: list[Step] = []
    for number in range(1, count + 1):
        steps.append(expect(f"RETR {number}"))
    # All answers come only after all that may be asked at once have been.
    first, rest = steps[:DEPTH], steps[DEPTH:]
    answers = [send(f"+OK\r\nmessage {n}\r\n.\r\n") for n in range(1, count + 1)]
    half = DEPTH // 2
    script = [*first, *answers[:half], *rest, *answers[half:], *NOOP]
    with Scripted(said(*script)) as server, open_session(server) as session:
        got = dict(session.retrieve(range(1, count + 1)))
        assert got == {n: f"message {n}\r\n".encode() for n in range(1, count + 1)}
