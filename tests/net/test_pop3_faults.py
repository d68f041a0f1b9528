"""Every step of a POP3 pass × every fault: the error is the right one, and no mail is harmed.

After the fault the same profile meets the same mailbox in good health: then each message is here
once, whole, and gone there, as the account wants it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from martlet.mail.account import Protocol, Security
from martlet.mail.errors import AuthFailed, BadServer, MailError, Offline, Refused, TlsRefused
from support.certificates import Certificates, issue
from support.pop3_here import Pop3Here, letter
from support.pop3_maildrop import Fault, Maildrop
from support.scripted import Scripted, close, expect, send, stall, start_tls

LETTERS = [letter(1), letter(2), letter(3)]
SILENT_S = 0.5

# What a fault comes to wherever it happens; ERR and those that are understood stand below.
ALWAYS: dict[Fault, type[MailError]] = {
    Fault.CLOSES: Offline,
    Fault.SILENT: Offline,
    Fault.GARBAGE: BadServer,
    Fault.ENDLESS: BadServer,
    Fault.HALF: Offline,
    Fault.LONE_CR: Offline,
}
ERR: dict[str, type[MailError] | None] = {
    "greeting": Offline,
    "CAPA": None,  # a server too old to say what it can do
    "UTF8": None,
    "AUTH": AuthFailed,
    "answer": AuthFailed,
    "USER": AuthFailed,
    "PASS": AuthFailed,
    "LIST": None,  # then sizes are not known
    "UIDL": None,  # then headers tell messages apart, and nothing is deleted
    "TOP": None,
    "RETR 2": None,  # the others come
    "DELE 2": None,
    "QUIT": Refused,
}
STEPS = tuple(ERR)
# Steps whose answer has many lines.
LISTS = ("CAPA", "LIST", "UIDL", "TOP", "RETR 2")
CASES = [
    *((step, fault, kind) for step in STEPS for fault, kind in ALWAYS.items()),
    *((step, Fault.ERR, kind) for step, kind in ERR.items()),
    *((step, Fault.NO_DOT, Offline) for step in LISTS),
    *((step, Fault.WRONG_COUNT, None) for step in LISTS),
    *((step, Fault.LONE_LF, None) for step in STEPS),
]


def unix(raws: Iterable[bytes]) -> Counter[bytes]:
    """A server that ends its lines with a line feed alone has such messages."""
    return Counter(
        raw.replace(b"\r\n", b"\n")
        for raw in (raws.elements() if isinstance(raws, Counter) else raws)
    )


def capabilities(step: str) -> list[str]:
    """With what takes a session to the step."""
    offered = ["USER", "UIDL", "TOP", "PIPELINING", "STLS"]
    if step in ("AUTH", "answer"):
        offered.append("SASL CRAM-MD5")
    if step == "UTF8":
        offered.append("UTF8")
    return offered


@pytest.mark.parametrize(
    ("step", "fault", "kind"), CASES, ids=lambda value: getattr(value, "value", None)
)
def test_a_fault_at_a_step(
    tmp_path: Path, step: str, fault: Fault, kind: type[MailError] | None
) -> None:
    drop = Maildrop(LETTERS, capabilities=capabilities(step))
    quiet = fault in (Fault.SILENT, Fault.LONE_CR)
    with Scripted(drop.talk(fault, step), drop.talk()) as server:
        account = server.account(Protocol.POP3)
        headers = step == "TOP"
        with Pop3Here(tmp_path, account, leave_on_server=False, summary_first=headers) as here:
            error: MailError | None = None
            try:
                here.pass_over(SILENT_S if quiet else 30.0)
            except MailError as caught:
                error = caught
            assert type(error) is (kind or type(None))
            assert error is None or "secret" not in f"{error!r} {error.detail}"
            # Whatever is here is whole, and whatever has gone there is here.
            assert unix(here.raws()) <= unix(LETTERS)
            assert error is None or here.gone() == set()
            assert step == "QUIT" or error is None or len(drop.letters) == 3
            assert unix(here.raws()) >= unix(set(LETTERS) - set(drop.letters.values()))
            here.change(summary_first=False)
            here.pass_over()
            assert unix(here.raws()) == unix(LETTERS)
            here.pass_over()
            assert drop.letters == {}
            assert here.subjects() == ["1", "2", "3"]


def test_nobody_listens(tmp_path: Path) -> None:
    with Scripted([close()]) as server:
        account = server.account(Protocol.POP3)
    with Pop3Here(tmp_path, account) as here, pytest.raises(Offline):
        here.pass_over()


@pytest.mark.parametrize("at", range(0, 200, 16))
def test_cut_off_anywhere_within_a_message(tmp_path: Path, at: int) -> None:
    drop = Maildrop(LETTERS)
    raw = b"+OK\r\n" + LETTERS[1].replace(b"\r\n.", b"\r\n..") + b".\r\n"
    script = [
        send("+OK hello\r\n"),
        expect("CAPA"),
        send("-ERR\r\n"),
        expect("USER"),
        send("+OK\r\n"),
        expect("PASS"),
        send("+OK\r\n"),
        expect("LIST"),
        send(
            "".join(f"{n} {len(x)}\r\n" for n, x in enumerate(LETTERS, 1)).join(
                ("+OK\r\n", ".\r\n")
            )
        ),
        expect("UIDL"),
        send("+OK\r\n1 u1\r\n2 u2\r\n3 u3\r\n.\r\n"),
        expect("RETR 1"),
        send(b"+OK\r\n" + LETTERS[0].replace(b"\r\n.", b"\r\n..") + b".\r\n"),
        expect("RETR 2"),
        send(raw[: min(at, len(raw) - 1)]),
        close(),
    ]
    with Scripted(script, drop.talk()) as server:
        account = server.account(Protocol.POP3)
        with Pop3Here(tmp_path, account, leave_on_server=False) as here:
            driver = here.driver()
            with pytest.raises(Offline):
                here.pass_over(driver=driver)
            assert here.raws() == Counter(LETTERS[:1])
            here.pass_over(driver=driver)
            assert here.raws() == Counter(LETTERS)
            assert drop.letters == {}


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return issue(tmp_path_factory.mktemp("tls"))


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        *ALWAYS.items(),
        (Fault.ERR, TlsRefused),
    ],
    ids=lambda value: getattr(value, "value", None),
)
def test_a_fault_at_stls(
    tmp_path: Path, certificates: Certificates, fault: Fault, kind: type[MailError]
) -> None:
    drop = Maildrop(LETTERS)
    with Scripted(drop.talk(fault, "STLS"), drop.talk(), certificates=certificates) as server:
        account = server.account(Protocol.POP3, Security.STARTTLS, host="localhost")
        ca_file = str(certificates.ca_file)
        with Pop3Here(tmp_path, account, ca_file=ca_file) as here:
            quiet = fault in (Fault.SILENT, Fault.LONE_CR)
            with pytest.raises(kind) as caught:
                here.pass_over(SILENT_S if quiet else 30.0)
            assert type(caught.value) is kind
            assert not any(line.startswith(("USER", "PASS", "AUTH")) for line in drop.heard)
            assert here.pass_over() == 3


def test_stls_stripped_from_what_is_offered(tmp_path: Path) -> None:
    drop = Maildrop(LETTERS, capabilities=["USER", "UIDL"])
    with Scripted(drop.talk()) as server:
        account = server.account(Protocol.POP3, Security.STARTTLS)
        with Pop3Here(tmp_path, account) as here, pytest.raises(TlsRefused):
            here.pass_over()
    assert drop.heard == ["CAPA"]


def test_what_was_said_before_tls_is_thrown_away(
    tmp_path: Path, certificates: Certificates
) -> None:
    injected = "+OK go\r\n+OK evil\r\nUSER\r\nEXPIRE 0\r\n.\r\n+OK\r\n+OK signed in\r\n"
    script = [
        send("+OK hello\r\n"),
        expect("CAPA"),
        send("+OK\r\nSTLS\r\n.\r\n"),
        expect("STLS"),
        send(injected),
        start_tls(),
        expect("CAPA"),
        send("+OK\r\nUSER\r\n.\r\n"),
        expect("USER ada"),
        send("+OK\r\n"),
        expect("PASS secret"),
        send("-ERR [AUTH] no\r\n"),
        stall(),
    ]
    with Scripted(script, certificates=certificates) as server:
        account = server.account(Protocol.POP3, Security.STARTTLS, host="localhost")
        with (
            Pop3Here(tmp_path, account, ca_file=str(certificates.ca_file)) as here,
            pytest.raises(AuthFailed),
        ):
            here.pass_over()


@pytest.mark.parametrize(
    "greeting",
    ["+OK already signed in, 3 messages\r\n", "+OK\r\n+OK\r\n+OK signed in\r\n", "+OK [AUTH]\r\n"],
)
def test_a_greeting_that_claims_we_are_signed_in_changes_nothing(
    tmp_path: Path, greeting: str
) -> None:
    # There is no PREAUTH in POP3: without TLS nothing is said but CAPA and STLS.
    script = [send(greeting), expect("CAPA"), send("+OK\r\nUSER\r\n.\r\n"), stall()]
    with Scripted(script) as server:
        account = server.account(Protocol.POP3, Security.STARTTLS)
        with Pop3Here(tmp_path, account) as here, pytest.raises((TlsRefused, BadServer)):
            here.pass_over()
        assert b"PASS" not in b"".join(server.heard[0])
