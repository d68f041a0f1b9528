"""Every step of getting in and out by IMAP, and everything that can go wrong there.

    step × fault ──> which error, and that nothing that signs in was ever said in clear

Two ways: STARTTLS with AUTHENTICATE LOGIN and its two questions, and the LOGIN command over TLS.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import pytest

from martlet.mail.account import Protocol, Security, Server
from martlet.mail.errors import AuthFailed, BadServer, MailError, Offline, Refused, TlsRefused
from martlet.mail.route import Route
from martlet.net.imap import ImapSession
from martlet.net.imap_wire import TEXT_LIMIT
from support.attacks import SECRET, USER
from support.certificates import Certificates, issue
from support.scripted import (
    Conversation,
    Script,
    Scripted,
    Step,
    close,
    expect,
    read_some,
    reset,
    send,
)
from support.smtp_steps import ALERT, swallow, tls_begins, told_in_clear

PHISH = "<b>\x1b[1mlater\u202e</b> see http://phish.example/"
SILENCE_S = 0.5

# In place of the answer; {tag} is the command's.
FAULTS: dict[str, list[Step]] = {
    "NO": [send(f"{{tag}} NO {PHISH}\r\n"), swallow()],
    "BAD": [send(f"{{tag}} BAD {PHISH}\r\n"), swallow()],
    "BYE": [send(f"* BYE {PHISH}\r\n"), close()],
    "closes": [close()],
    "resets": [reset()],
    "silent": [swallow()],
    "half an answer": [send("* O"), close()],
    "garbage": [send(b"\x1b[31m\xff\x00\r\n"), swallow()],
    "endless line": [send(b"* OK " + b"y" * 70_000), swallow()],
    "wrong tag": [send("M99 OK done\r\n"), swallow()],
    "another protocol": [send("250-mx\r\n250 ok\r\n"), swallow()],
    "question": [send("+ \r\n+ \r\n+ \r\n"), swallow()],
    "alert": [send(ALERT), swallow()],
}


@dataclass(frozen=True)
class Beat:
    """What the server hears and then says, when all is well.

    tag: the command's, where it is not the first word of the line heard last.
    """

    name: str
    hears: tuple[Step, ...]
    says: tuple[Step, ...]
    tag: str = ""


def beat(name: str, hears: str, says: str, tag: str = "") -> Beat:
    return Beat(name, (expect(hears),) if hears else (), (send(says + "\r\n"),), tag)


def tagged(tag: str) -> Step:
    """What the server says next is about this command."""

    def step(talk: Conversation) -> None:
        talk.last = tag.encode() + b" "

    return step


BEGIN = [
    beat("greeting", "", "* OK hello"),
    beat("CAPABILITY", "CAPABILITY", "* CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN\r\n{tag} OK"),
    beat("STARTTLS", "STARTTLS", "{tag} OK go on"),
    Beat("handshake", (), (tls_begins(),)),
]
CAN = "IMAP4rev1 ID ENABLE QRESYNC LIST-EXTENDED SPECIAL-USE"
BY_SASL = [
    beat("CAPABILITY over TLS", "CAPABILITY", "* CAPABILITY IMAP4rev1 AUTH=LOGIN\r\n{tag} OK"),
    beat("AUTHENTICATE", "AUTHENTICATE LOGIN", "+ VXNlcm5hbWU6"),
    Beat("name", (expect(),), (send("+ UGFzc3dvcmQ6\r\n"),), "M2"),
    Beat("password", (expect(),), (send("M2 OK in\r\n"),), "M2"),
]
BY_LOGIN = [
    Beat("handshake", (), (tls_begins(),)),
    beat("greeting", "", "* OK hello"),
    beat("CAPABILITY over TLS", "CAPABILITY", "* CAPABILITY IMAP4rev1\r\n{tag} OK"),
    beat("LOGIN", "LOGIN", "{tag} OK in"),
]
INSIDE = [
    beat("CAPABILITY inside", "CAPABILITY", f"* CAPABILITY {CAN}\r\n{{tag}} OK"),
    # All three are asked for before any is answered.
    Beat("ID", (expect("ID"), expect("ENABLE"), expect("LIST")), (send("M4 OK\r\n"),), "M4"),
    beat("ENABLE", "", "* ENABLED QRESYNC\r\nM5 OK", "M5"),
    beat("LIST", "", '* LIST () "/" INBOX\r\nM6 OK', "M6"),
    beat("LOGOUT", "LOGOUT", "* BYE\r\n{tag} OK"),
]
WAYS = {"STARTTLS": [*BEGIN, *BY_SASL, *INSIDE], "TLS": BY_LOGIN}


def script(beats: list[Beat], step: str, fault: list[Step]) -> Script:
    """All is well up to this step, where the fault comes in place of the answer."""
    done: list[Step] = []
    for each in beats:
        done += each.hears
        if each.name == step:
            done += [tagged(each.tag)] if each.tag else []
            return [*done, *([read_some()] if step == "handshake" else []), *fault]
        done += each.says
    raise AssertionError(step)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return issue(tmp_path_factory.mktemp("imap-faults"))


def in_and_out(server: Scripted, way: str, certificates: Certificates, timeout_s: float) -> None:
    """Signs in, lists the folders and leaves."""
    security, auth = (Security.STARTTLS, "LOGIN") if way == "STARTTLS" else (Security.TLS, "")
    account = Server(Protocol.IMAP, "localhost", server.port, security, USER, auth)
    route = Route(ca_file=str(certificates.ca_file))
    session = ImapSession.open(account, SECRET, route=route, timeout_s=timeout_s)
    try:
        assert [folder.name for folder in session.list_folders()] == ["INBOX"]
        session.logout()
    finally:
        session.close()


NEVER_HEARD = ("silent", "question", "alert")  # those that leave the client waiting
INSIDE_OUT = ("ID", "ENABLE", "LIST", "LOGOUT")
NONSENSE = ("garbage", "endless line", "wrong tag", "another protocol")
# LOGOUT is given two seconds, which is long for a test.
CASES = [
    (way, each.name, fault)
    for way in WAYS
    for each, fault in product(WAYS[way], FAULTS)
    if (way == "STARTTLS" or each.name in ("greeting", "LOGIN"))
    and (each.name != "LOGOUT" or fault in ("BYE", "closes", "resets", "garbage"))
]


def expected(way: str, step: str, fault: str) -> tuple[type[MailError], ...]:
    """The errors that may come of it; none when all went well whatever happened."""
    if step == "LOGOUT" or (step in ("ID", "ENABLE") and fault in ("NO", "BAD")):
        return ()
    if step == "handshake":
        cut = fault in ("closes", "resets", "silent", "half an answer")
        # Who hangs up while we speak resets the line, perhaps before its last words are read.
        return (Offline,) if cut else (TlsRefused, Offline) if fault == "BYE" else (TlsRefused,)
    if (step, fault) == ("greeting", "alert") and way == "STARTTLS":
        return (TlsRefused,)
    if fault == "question" and step in ("greeting", "AUTHENTICATE", "name", "password"):
        return (BadServer,)
    if fault in NONSENSE:
        return (BadServer,)
    if fault in ("NO", "BAD"):
        if step in ("AUTHENTICATE", "name", "password", "LOGIN"):
            return (AuthFailed,)
        if fault == "NO" and step in ("STARTTLS", "LIST"):
            return (TlsRefused,) if step == "STARTTLS" else (Refused,)
        return (BadServer,)
    return (Offline,)


@pytest.mark.parametrize(("way", "step", "fault"), CASES)
def test_every_step_and_every_fault(
    way: str, step: str, fault: str, certificates: Certificates
) -> None:
    steps = FAULTS[fault]
    if step in ("ID", "ENABLE") and fault in ("NO", "BAD"):
        # It goes on: only our name is not known, or nothing is switched on.
        later = [each for each in INSIDE if each.name in INSIDE_OUT[INSIDE_OUT.index(step) + 1 :]]
        steps = [steps[0], *(one for each in later for one in (*each.hears, *each.says))]
    elif step in INSIDE_OUT and fault == "endless line":
        # Who has let us in may say more, within reason.
        steps = [send(b"* OK " + b"y" * TEXT_LIMIT), swallow()]
    quiet = SILENCE_S if fault in NEVER_HEARD else 30.0
    caught: MailError | None = None
    with Scripted(script(WAYS[way], step, steps), certificates=certificates) as server:
        try:
            in_and_out(server, way, certificates, quiet)
        except MailError as error:
            caught = error
    wanted = expected(way, step, fault)
    assert type(caught) in wanted if wanted else caught is None, caught
    assert told_in_clear(server.heard[0], USER, SECRET) == []
    # A password is shown once, whatever is said of it; and nothing is tried again by itself.
    assert server.connections == 1
    assert len([line for line in server.heard[0] if told_in_clear([line], SECRET)]) <= 1
    if caught is not None:
        shown = f"{caught.summary} {caught.detail}"
        assert shown.isprintable()
        assert len(shown) < 800
        assert SECRET not in f"{shown} {caught!r}"
        assert "phish" not in caught.summary
