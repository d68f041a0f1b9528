"""Submission against a server that keeps to a script: every phase, every fault."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from martlet.mail.account import Protocol, Security
from martlet.mail.errors import AuthFailed, BadServer, MailError, Offline, TlsRefused
from martlet.mail.outgoing import RecipientResult
from martlet.mail.route import Route
from martlet.net.smtp import Deferred, DeliveryUnknown, SendRefused, Submission, check, submit
from support.certificates import issue
from support.scripted import (
    Script,
    Scripted,
    Step,
    close,
    expect,
    read_some,
    read_to,
    reset,
    send,
    stall,
    start_tls,
)

RAW = b"Subject: hello\r\n\r\nbody\r\n"
HELLO = [send("220 mx ESMTP\r\n")]
EHLO = [
    expect("EHLO [127.0.0.1]"),
    send("250-mx\r\n250-SIZE 26214400\r\n250-8BITMIME\r\n250-AUTH PLAIN LOGIN\r\n250 STARTTLS\r\n"),
]
AUTH = [expect("AUTH PLAIN AGFkYQBzZWNyZXQ="), send("235 2.7.0 in\r\n")]
MAIL = [expect("MAIL FROM:<ada@example.org> SIZE=24"), send("250 2.1.0 ok\r\n")]
RCPT = [expect("RCPT TO:<bruno@example.org>"), send("250 2.1.5 ok\r\n")]
DATA = [expect("DATA"), send("354 go on\r\n"), read_to(b"\r\n.\r\n")]
DONE = [send("250 2.0.0 queued as 17\r\n"), expect("QUIT"), send("221 bye\r\n")]
OPEN: list[Step] = [*HELLO, *EHLO, *AUTH]
WHOLE: list[Step] = [*OPEN, *MAIL, *RCPT, *DATA, *DONE]
QUIT: list[Step] = [expect("QUIT"), send("221 bye\r\n")]


def hand_over(
    server: Scripted,
    *recipients: str,
    raw: bytes = RAW,
    sender: str = "ada@example.org",
    security: Security | None = None,
    user: str = "ada",
    auth: str = "",
    ca_file: str = "",
    timeout_s: float = 5.0,
    progress: Callable[[int, int], None] | None = None,
) -> Submission:
    return submit(
        server.account(Protocol.SMTP, security, user=user, auth=auth, host="localhost"),
        "secret",
        sender=sender,
        recipients=recipients or ("bruno@example.org",),
        raw=raw,
        route=Route(ca_file=ca_file),
        timeout_s=timeout_s,
        progress=progress,
        final_timeout_s=timeout_s,
    )


def test_a_message_goes_out() -> None:
    with Scripted(WHOLE) as server:
        done = hand_over(server)
        assert done.results == (RecipientResult("bruno@example.org", 250, "ok"),)
        assert done.said == "250 2.0.0 queued as 17"
        assert server.heard[0][5] == RAW + b".\r\n"


@pytest.mark.parametrize(
    ("raw", "wire"),
    [
        (b".\r\n..\r\n.x\r\n", b"..\r\n...\r\n..x\r\n"),
        (b"no end", b"no end\r\n"),
        (b"a\nb\rc\r\n", b"a\r\nb\r\nc\r\n"),
        (b"x" * 65_535 + b"\n.y\n", b"x" * 65_535 + b"\r\n..y\r\n"),
        (b"x" * 65_534 + b"\r\n.y\r\n", b"x" * 65_534 + b"\r\n..y\r\n"),
        (b"x" * 65_535 + b"\r\n.y\r\n", b"x" * 65_535 + b"\r\n..y\r\n"),
    ],
)
def test_dots_are_stuffed_and_line_ends_made_right(raw: bytes, wire: bytes) -> None:
    script = [*OPEN, expect("MAIL"), send("250 ok\r\n"), *RCPT, *DATA, *DONE]
    with Scripted(script) as server:
        hand_over(server, raw=raw)
        assert server.heard[0][5] == wire + b".\r\n"


def test_progress_is_told_and_ends_at_the_whole() -> None:
    told: list[tuple[int, int]] = []
    raw = b"0123456789abcde\n".replace(b"\n", b"\r\n") * 20_000
    script = [*OPEN, expect("MAIL"), send("250 ok\r\n"), *RCPT, *DATA, *DONE]
    with Scripted(script) as server:
        hand_over(server, raw=raw, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (len(raw), len(raw))
    assert len(told) == -(-len(raw) // 65_536)
    assert told == sorted(told)


def test_some_recipients_refused_others_not() -> None:
    script = [
        *OPEN,
        *MAIL,
        expect("RCPT TO:<nobody@example.org>"),
        send("550-5.1.1 No such\r\n550 5.1.1 user\r\n"),
        *RCPT,
        expect("RCPT TO:<full@example.org>"),
        send("452 4.2.2 Over quota\r\n"),
        *DATA,
        *DONE,
    ]
    with Scripted(script) as server:
        done = hand_over(server, "nobody@example.org", "bruno@example.org", "full@example.org")
    assert done.results == (
        RecipientResult("nobody@example.org", 550, "550 5.1.1 No such user"),
        RecipientResult("bruno@example.org", 250, "ok"),
        RecipientResult("full@example.org", 452, "452 4.2.2 Over quota"),
    )


@pytest.mark.parametrize(
    ("answers", "kind", "words"),
    [
        (["550 5.1.1 x", "550 5.7.1 y"], SendRefused, "all 2 recipients: there is no such address"),
        (["550 5.1.1 x", "451 4.7.1 Greylisted"], Deferred, "for now: “Greylisted”"),
    ],
)
def test_all_recipients_refused(answers: list[str], kind: type[MailError], words: str) -> None:
    rcpt: list[Step] = []
    for answer in answers:
        rcpt += [expect("RCPT"), send(answer + "\r\n")]
    with Scripted([*OPEN, *MAIL, *rcpt, *QUIT]) as server, pytest.raises(kind) as caught:
        hand_over(server, "a@example.org", "b@example.org")
    assert words in str(caught.value)
    assert isinstance(caught.value, SendRefused | Deferred)
    assert [r.code for r in caught.value.results] == [int(a[:3]) for a in answers]


PHASES: dict[str, tuple[list[Step], Step]] = {
    "mail": (OPEN, expect("MAIL")),
    "rcpt": ([*OPEN, *MAIL], expect("RCPT")),
    "data": ([*OPEN, *MAIL, *RCPT], expect("DATA")),
    "dot": ([*OPEN, *MAIL, *RCPT, *DATA[:2]], DATA[2]),
}


@pytest.mark.parametrize("phase", PHASES)
def test_a_passing_refusal_at_each_step_is_deferred(phase: str) -> None:
    before, asked = PHASES[phase]
    script = [*before, asked, send("451 4.3.0 not now\r\n"), *QUIT]
    with Scripted(script) as server, pytest.raises(Deferred, match="not now") as caught:
        hand_over(server)
    assert caught.value.detail == "451 4.3.0 not now"


@pytest.mark.parametrize("phase", PHASES)
def test_a_lasting_refusal_at_each_step_is_refused(phase: str) -> None:
    before, asked = PHASES[phase]
    script = [*before, asked, send("552 5.3.4 too much\r\n"), *QUIT]
    with Scripted(script) as server, pytest.raises(SendRefused, match="the message is too big"):
        hand_over(server)


@pytest.mark.parametrize("step", range(len(WHOLE) - len(DONE) - 1))
@pytest.mark.parametrize("ending", [close, reset])
def test_a_line_lost_before_the_dot_has_sent_nothing(step: int, ending: Callable[[], Step]) -> None:
    with Scripted([*WHOLE[:step], ending()]) as server, pytest.raises(Offline):
        hand_over(server)


def test_a_line_lost_within_the_upload_has_sent_nothing() -> None:
    script = [*OPEN, expect("MAIL"), send("250 ok\r\n"), *RCPT, *DATA[:2], read_some(), reset()]
    with Scripted(script) as server, pytest.raises(Offline):
        hand_over(server, raw=b"x" * 20_000_000)


@pytest.mark.parametrize(
    "after",
    [[close()], [reset()], [send("250 2.0"), close()], [send("hm\r\n"), stall()], [stall()]],
    ids=["close", "reset", "half an answer", "nonsense", "silence"],
)
def test_after_the_dot_without_an_answer_nobody_knows(after: Script) -> None:
    with (
        Scripted([*OPEN, *MAIL, *RCPT, *DATA, *after]) as server,
        pytest.raises(DeliveryUnknown, match="not known whether it was sent") as caught,
    ):
        hand_over(server, timeout_s=0.5)
    assert not isinstance(caught.value, Offline)


@pytest.mark.parametrize("after", [[close()], [expect("QUIT"), close()], [reset()]])
def test_after_the_answer_it_is_sent_whatever_happens(after: Script) -> None:
    with Scripted([*OPEN, *MAIL, *RCPT, *DATA, DONE[0], *after]) as server:
        assert hand_over(server).said == "250 2.0.0 queued as 17"


def test_silence_before_the_dot_is_offline() -> None:
    with Scripted([*OPEN, *MAIL, stall()]) as server, pytest.raises(Offline, match="in time"):
        hand_over(server, timeout_s=0.5)


def test_a_server_that_breaks_off_the_upload_says_why() -> None:
    script = [
        *OPEN,
        expect("MAIL"),
        send("250 ok\r\n"),
        *RCPT,
        *DATA[:2],
        send("552 5.3.4 enough\r\n"),
        close(),
    ]
    with Scripted(script) as server, pytest.raises((SendRefused, Offline)):
        hand_over(server, raw=b"x" * 20_000_000)


def test_too_big_is_known_before_anything_is_sent() -> None:
    with (
        Scripted([*OPEN, *QUIT]) as server,
        pytest.raises(SendRefused, match="accepts at most 25 MB, this message has 31 MB"),
    ):
        hand_over(server, raw=b"x" * (31 << 20))


def test_an_international_address_needs_a_server_that_knows_them() -> None:
    with (
        Scripted([*OPEN, *QUIT]) as server,
        pytest.raises(SendRefused, match="cannot send to or from jürgen@"),
    ):
        hand_over(server, "jürgen@example.org")


def test_smtputf8_is_asked_for_where_it_is_needed() -> None:
    script = [
        *HELLO,
        expect("EHLO"),
        send("250-mx\r\n250-SMTPUTF8\r\n250 8BITMIME\r\n"),
        expect(b"MAIL FROM:<ada@example.org> SMTPUTF8 BODY=8BITMIME\r\n"),
        send("250 ok\r\n"),
        expect("RCPT TO:<jürgen@example.org>".encode()),
        send("250 ok\r\n"),
        *DATA,
        *DONE,
    ]
    with Scripted(script) as server:
        hand_over(server, "jürgen@example.org", raw="Subject: ü\r\n\r\n".encode())


def test_smtputf8_is_asked_for_by_the_header_too() -> None:
    """One of them had it; the other, whose address is ASCII, gets it on the second try."""
    script = [
        *HELLO,
        expect("EHLO"),
        send("250-mx\r\n250-SMTPUTF8\r\n250 8BITMIME\r\n"),
        expect(b"MAIL FROM:<ada@example.org> SMTPUTF8 BODY=8BITMIME\r\n"),
        send("250 ok\r\n"),
        *RCPT,
        *DATA,
        *DONE,
    ]
    raw = "To: grüße@example.org, bruno@example.org\r\n\r\nhi\r\n".encode()
    with Scripted(script) as server:
        hand_over(server, "bruno@example.org", raw=raw)


def test_a_header_that_a_server_cannot_carry_is_not_sent() -> None:
    said = "its header is written in an international way"
    script = [*HELLO, *EHLO, *AUTH, *QUIT]
    with Scripted(script) as server, pytest.raises(SendRefused, match=said):
        hand_over(server, "bruno@example.org", raw="Subject: ü\r\n\r\n".encode())


@pytest.mark.parametrize(
    ("domain", "known"),
    [("münchen.example", "xn--mnchen-3ya.example"), ("straße.example", "xn--strae-oqa.example")],
)
def test_a_domain_alone_is_written_in_ascii(domain: str, known: str) -> None:
    rcpt = [expect(f"RCPT TO:<info@{known}>"), send("250 ok\r\n")]
    with Scripted([*OPEN, *MAIL, *rcpt, *DATA, *DONE]) as server:
        done = hand_over(server, f"info@{domain}")
    assert done.results[0].address == f"info@{domain}"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "no at",
        "a@b>\r\nRCPT TO:<c@d",
        "a@b\nDATA",
        "a b@c",
        "<a@b>",
        "a@",
        "@b",
        "a@b c",
        "a\0@b",
        "\ud800@b",
        "a@\udfff",
        '"\udabc"@b',
    ],
)
def test_an_address_cannot_smuggle_anything_in(address: str) -> None:
    with Scripted([]) as server:
        with pytest.raises(SendRefused, match="is not a mail address"):
            hand_over(server, "bruno@example.org", address)
        if address:
            with pytest.raises(SendRefused, match="is not a mail address"):
                hand_over(server, sender=address)
        assert server.connections == 0


def test_nobody_to_send_to() -> None:
    with Scripted([]) as server, pytest.raises(SendRefused, match="no recipients"):
        submit(server.account(Protocol.SMTP), "", sender="a@example.org", recipients=(), raw=RAW)


def test_an_address_given_twice_is_asked_once() -> None:
    with Scripted(WHOLE) as server:
        assert len(hand_over(server, "bruno@example.org", "bruno@example.org").results) == 1


def test_the_null_sender() -> None:
    script = [*OPEN, expect("MAIL FROM:<> SIZE=24"), send("250 ok\r\n"), *RCPT, *DATA, *DONE]
    with Scripted(script) as server:
        hand_over(server, sender="")


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        ("535 5.7.8 Wrong", AuthFailed, "refused the user name or password"),
        ("454 4.7.0 Later", Offline, "cannot check the password now"),
        ("421 4.3.2 Closing", Offline, "cannot check the password now"),
    ],
)
def test_why_signing_in_failed(answer: str, kind: type[MailError], words: str) -> None:
    script = [*HELLO, *EHLO, AUTH[0], send(answer + "\r\n"), stall()]
    with Scripted(script) as server, pytest.raises(kind, match=words) as caught:
        hand_over(server)
    assert "secret" not in f"{caught.value!r} {caught.value.detail}"


def test_login_and_its_two_questions() -> None:
    script = [
        *HELLO,
        *EHLO,
        expect(b"AUTH LOGIN\r\n"),
        send("334 VXNlcm5hbWU6\r\n"),
        expect("YWRh"),
        send("334 UGFzc3dvcmQ6\r\n"),
        expect("c2VjcmV0"),
        send("235 in\r\n"),
        *WHOLE[len(OPEN) :],
    ]
    with Scripted(script) as server:
        hand_over(server, auth="LOGIN")


def test_a_relay_without_auth_is_sent_no_password() -> None:
    script = [*HELLO, expect("EHLO"), send("250 mx\r\n"), *WHOLE[len(OPEN) :]]
    script[3] = expect("MAIL FROM:<ada@example.org>\r\n")
    with Scripted(script) as server:
        hand_over(server)
        assert b"secret" not in b"".join(server.heard[0])


def test_a_server_that_wants_a_name_after_all() -> None:
    script = [*HELLO, *EHLO, expect("MAIL"), send("530 5.7.0 Authentication required\r\n"), *QUIT]
    with Scripted(script) as server, pytest.raises(AuthFailed, match="wants you to sign in"):
        hand_over(server, user="")


def test_a_mechanism_nobody_here_knows() -> None:
    script = [*HELLO, expect("EHLO"), send("250-mx\r\n250 AUTH NTLM GSSAPI\r\n"), stall()]
    with Scripted(script) as server, pytest.raises(AuthFailed) as caught:
        hand_over(server)
    assert "NTLM" in caught.value.detail


def test_helo_for_a_server_that_knows_no_better() -> None:
    script = [
        *HELLO,
        expect("EHLO"),
        send("502 what\r\n"),
        expect("HELO"),
        send("250 mx\r\n"),
        *WHOLE[len(OPEN) :],
    ]
    script[5] = expect(b"MAIL FROM:<ada@example.org>\r\n")
    with Scripted(script) as server:
        hand_over(server)


@pytest.mark.parametrize("greeting", ["554 go away", "421 busy"])
def test_a_greeting_that_says_no(greeting: str) -> None:
    with (
        Scripted([send(greeting + "\r\n"), stall()]) as server,
        pytest.raises(Offline, match="takes no connections now"),
    ):
        hand_over(server)


@pytest.mark.parametrize("greeting", ["+OK POP3\r\n", "2x0 hm\r\n", "220?\r\n", "\r\n"])
def test_another_protocol(greeting: str) -> None:
    with (
        Scripted([send(greeting), stall()]) as server,
        pytest.raises(BadServer, match="does not speak SMTP"),
    ):
        hand_over(server)


def test_an_answer_without_end() -> None:
    with (
        Scripted([send("220-more\r\n" * 2000), stall()]) as server,
        pytest.raises(BadServer, match="without end"),
    ):
        hand_over(server)


def test_starttls_asks_anew(tmp_path: Path) -> None:
    certificates = issue(tmp_path)
    script = [
        *HELLO,
        *EHLO,
        expect("STARTTLS"),
        send("220 go\r\n250 injected\r\n"),
        start_tls(),
        *EHLO,
        *WHOLE[len(HELLO) + len(EHLO) :],
    ]
    with Scripted(script, certificates=certificates) as server:
        hand_over(server, security=Security.STARTTLS, ca_file=str(certificates.ca_file))


@pytest.mark.parametrize(
    ("steps", "kind"),
    [
        ([expect("EHLO"), send("250 mx\r\n"), stall()], TlsRefused),
        ([*EHLO, expect("STARTTLS"), send("500 no\r\n"), stall()], TlsRefused),
        ([*EHLO, expect("STARTTLS"), send("454 later\r\n"), stall()], Offline),
    ],
)
def test_no_starttls_no_password(steps: Script, kind: type[MailError]) -> None:
    with Scripted([*HELLO, *steps]) as server, pytest.raises(kind):
        hand_over(server, security=Security.STARTTLS)


def test_check_says_what_it_found() -> None:
    with Scripted([*OPEN, *QUIT]) as server:
        account = server.account(Protocol.SMTP)
        assert check(account, "secret", timeout_s=30.0) == "signed in as ada, takes up to 25 MB"
