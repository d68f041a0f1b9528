"""Every step of sending a letter, and everything that can go wrong there.

    step × fault ──> which error, whether the server had the whole letter, and what went in clear

What a server has wholly heard and not answered may be sent; everything else is certain.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import pytest

from martlet.mail.account import Protocol, Security
from martlet.mail.errors import AuthFailed, BadServer, MailError, Offline, TlsRefused
from martlet.mail.route import Route
from martlet.net.smtp import Deferred, DeliveryUnknown, SendRefused, Submission, submit
from support.certificates import Certificates, issue
from support.scripted import Scripted, Step, close, expect, read_some, read_to, reset, send
from support.smtp_steps import (
    ALERT,
    chunk,
    freeze,
    politely,
    swallow,
    tls_begins,
    told_in_clear,
)

USER, SECRET = "ada-of-the-test", "a-Secret-of-the-test"
END = b"the end of it"
RAW = b"Subject: hello\r\n\r\n" + END + b"\r\n"
# More than the buffers on the way can hold, so that a server that does not read is felt.
LARGE = b"Subject: large\r\n\r\n" + (b"x" * 998 + b"\r\n") * 20_000 + END + b"\r\n"
SILENCE_S = 0.2
SPAN = "y" * 20_000

FAULTS: dict[str, list[Step]] = {
    "later": [
        send("451 4.9.0 <b>\x1b[1mlater\u202e</b> see http://phish.example/\r\n"),
        politely(),
    ],
    "never": [send("554-5.9.0 <b>never</b>\r\n554 5.9.0 and never\r\n"), politely()],
    "hangs up": [send("421 4.3.2 closing\r\n"), close()],
    "closes": [close()],
    "resets": [reset()],
    "silent": [swallow()],
    "half an answer": [send("25"), close()],
    "garbage": [send(b"\x1b[31m\xff\x00\r\n"), swallow()],
    "no code": [send("Error: what?\r\n"), swallow()],
    "endless line": [send("250 " + SPAN), swallow()],
    "endless answer": [send("250-on and on\r\n" * 600), swallow()],
    "alert": [send(ALERT), close()],
}
SENDING = ("MAIL", "RCPT", "second RCPT", "DATA", "upload", "end")
NONSENSE = ("garbage", "no code", "endless line", "endless answer")


@dataclass(frozen=True, slots=True)
class Beat:
    """What the server hears and then says, when all is well."""

    name: str
    hears: tuple[Step, ...]
    says: tuple[Step, ...]


def beat(name: str, hears: Step | None, says: str) -> Beat:
    said = says.replace("\n", "\r\n") + "\r\n"
    return Beat(name, (hears,) if hears else (), (send(said),))


def opening() -> list[Beat]:
    """Greeting, STARTTLS, signing in by LOGIN with its two questions."""
    return [
        beat("greeting", None, "220 mx"),
        beat("EHLO", expect("EHLO"), "250-mx\n250-AUTH PLAIN LOGIN\n250 STARTTLS"),
        beat("STARTTLS", expect("STARTTLS"), "220 go"),
        Beat("handshake", (), (tls_begins(),)),
        beat("EHLO over TLS", expect("EHLO"), "250-mx\n250 AUTH LOGIN"),
        beat("AUTH", expect("AUTH LOGIN"), "334 VXNlcm5hbWU6"),
        beat("name", expect(), "334 UGFzc3dvcmQ6"),
        beat("password", expect(), "235 in"),
    ]


def letter(*hears: Step) -> list[Beat]:
    """MAIL to QUIT. hears: the steps that hear the message itself."""
    by_data = [beat("DATA", expect("DATA"), "354 go on")] if len(hears) == 1 else []
    return [
        beat("MAIL", expect("MAIL FROM"), "250 ok"),
        beat("RCPT", expect("RCPT TO"), "250 ok"),
        beat("second RCPT", expect("RCPT TO"), "250 ok"),
        *by_data,
        Beat("upload", (read_some(),), ()),
        Beat("end", hears, (send("250 2.0.0 queued as 17\r\n"),)),
        beat("QUIT", expect("QUIT"), "221 bye"),
    ]


def in_clear(offer: str) -> list[Beat]:
    """A relay that wants nobody to sign in."""
    return [beat("greeting", None, "220 mx"), beat("EHLO", expect("EHLO"), f"250-mx\n250 {offer}")]


WAYS: dict[str, list[Beat]] = {
    "over TLS": [*opening(), *letter(read_to(b"\r\n.\r\n"))],
    "one by one": [*in_clear("SIZE"), *letter(read_to(b"\r\n.\r\n"))],
    "ahead": [*in_clear("PIPELINING"), *letter(read_to(b"\r\n.\r\n"))],
    "in chunks": [*in_clear("CHUNKING"), *letter(chunk(), lambda talk: None)],
}


def script(beats: list[Beat], step: str, fault: list[Step], *, on: bool = False) -> list[Step]:
    """All is well up to this step, where the fault comes in place of the answer.

    on: it goes on afterwards as if nothing had been.
    """
    done: list[Step] = []
    for number, each in enumerate(beats, 1):
        # What only its own fault has: the handshake and the upload have begun.
        if each.name != "upload" or step == "upload":
            done += each.hears
        if each.name == step == "handshake":
            done.append(read_some())
        if each.name == step:
            return [*done, *fault, *(script(beats[number:], "QUIT", QUIT) if on else [])]
        done += each.says
    raise AssertionError(step)


QUIT: list[Step] = [send("221 bye\r\n")]


def goes_on(step: str, fault: str) -> bool:
    """Whether the letter goes to the others: one of two recipients was accepted."""
    return step == "second RCPT" and fault in ("later", "never")


def expected(step: str, fault: str) -> tuple[type[MailError], ...]:
    """The errors that may come of it; none when the letter is sent whatever happens."""
    if step == "QUIT" or goes_on(step, fault):
        return ()
    if step == "handshake":
        if fault in ("closes", "resets", "silent", "half an answer"):
            return (Offline,)
        # Who hangs up while we speak resets the line, perhaps before its last words are read.
        return (TlsRefused, Offline) if fault in ("hangs up", "alert") else (TlsRefused,)
    if step == "end" and fault not in ("later", "never", "hangs up"):
        return (DeliveryUnknown,)
    if fault in NONSENSE:
        return (BadServer,)
    if (step, fault) == ("greeting", "alert"):
        return (TlsRefused,)
    sending = step in SENDING
    if fault == "later":
        return (Deferred,) if sending else (Offline,)
    if fault == "hangs up" and sending:
        return (Deferred,)
    if fault == "never":
        refusals: dict[str, type[MailError]] = {
            "greeting": Offline,
            "EHLO": TlsRefused,  # HELO has no STARTTLS
            "STARTTLS": TlsRefused,
            "EHLO over TLS": AuthFailed,  # HELO has no AUTH
            "AUTH": AuthFailed,
            "name": AuthFailed,
            "password": AuthFailed,
        }
        return (refusals.get(step, SendRefused),)
    return (Offline,)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return issue(tmp_path_factory.mktemp("smtp-faults"))


def hand_over(
    server: Scripted,
    certificates: Certificates,
    *,
    raw: bytes = RAW,
    security: Security,
    timeout_s: float = 5.0,
    final_timeout_s: float = 5.0,
) -> Submission:
    auth = "" if security is Security.NONE else "LOGIN"
    return submit(
        server.account(Protocol.SMTP, security, USER, auth, "localhost"),
        SECRET,
        sender="ada@example.org",
        recipients=["bruno@example.org", "cleo@example.org"],
        raw=raw,
        route=Route(ca_file=str(certificates.ca_file)),
        timeout_s=timeout_s,
        final_timeout_s=final_timeout_s,
    )


# What comes before the letter is tried once, over TLS; of the letter itself what TLS may change.
CASES = [
    (way, each.name, fault)
    for way in WAYS
    for each, fault in product(WAYS[way], FAULTS)
    if (each.name in SENDING if way != "over TLS" else each.name not in SENDING[:-2])
]


@pytest.mark.parametrize(("way", "step", "fault"), CASES)
def test_every_step_and_every_fault(
    way: str, step: str, fault: str, certificates: Certificates
) -> None:
    steps = FAULTS[fault]
    if step == "upload" and fault == "silent":
        steps = [freeze()]
    elif step == "upload" and fault in ("later", "never"):
        steps = [steps[0], swallow()]  # it hears no commands there
    on = goes_on(step, fault)
    steps = steps[:1] if on else steps
    quiet = SILENCE_S if fault == "silent" else 5.0
    caught: MailError | None = None
    with Scripted(script(WAYS[way], step, steps, on=on), certificates=certificates) as server:
        try:
            done = hand_over(
                server,
                certificates,
                raw=LARGE if step == "upload" else RAW,
                security=Security.STARTTLS if way == "over TLS" else Security.NONE,
                timeout_s=30.0 if step == "end" else quiet,
                final_timeout_s=quiet,
            )
        except MailError as error:
            caught = error
        else:
            second = {"later": 451, "never": 554}[fault] if on else 250
            assert [result.code for result in done.results] == [250, second]
    heard = [line for connection in server.heard for line in connection]
    wanted = expected(step, fault)
    assert isinstance(caught, wanted) if wanted else caught is None, caught
    # Deferred is an Offline by which the server has spoken of the letter itself.
    assert isinstance(caught, Deferred) == (Deferred in wanted)
    # Nothing but the answer to the whole letter may leave it open whether it was sent.
    assert (END in b"".join(heard)) == (on or step in ("end", "QUIT"))
    assert told_in_clear(server.heard[0], USER, SECRET) == []
    assert server.connections == 1
    if caught is not None:
        shown = f"{caught.summary} {caught.detail}"
        assert shown.isprintable()
        assert len(shown) < 800
        assert SECRET not in f"{shown} {caught!r}"
        assert "http://" not in caught.summary.partition("“")[0]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_server_that_does_not_speak_tls_from_the_first_byte(
    fault: str, certificates: Certificates
) -> None:
    quiet = SILENCE_S if fault == "silent" else 5.0
    with (
        Scripted([read_some(), *FAULTS[fault]]) as server,
        pytest.raises(expected("handshake", fault)),
    ):
        hand_over(server, certificates, security=Security.TLS, timeout_s=quiet)
    assert told_in_clear(server.heard[0], USER, SECRET) == []


@pytest.mark.parametrize("security", list(Security))
def test_nobody_is_there(security: Security, certificates: Certificates) -> None:
    with Scripted([]) as server:
        pass
    with pytest.raises(Offline, match="refused the connection"):
        hand_over(server, certificates, security=security)
