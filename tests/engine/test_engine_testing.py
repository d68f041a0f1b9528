"""The live check list: every stage of every server, told as it is done."""

from __future__ import annotations

import base64
from dataclasses import replace
from pathlib import Path

import pytest

from martlet.engine.events import Announcer
from martlet.engine.secrets import Secrets
from martlet.engine.testing import Testing
from martlet.engine.trial import Given
from martlet.mail.account import Account, AccountId, Pin, SecretSource, TestStep
from martlet.mail.changes import Change, Tested
from martlet.mail.errors import ErrorKind, Refused
from martlet.mail.identity import Identity
from martlet.mail.letter_size import SizeLimit
from martlet.mail.route import Proxy, ProxyKind, Stage
from martlet.mail.server import Protocol, Security, Server
from martlet.mail.sign_in import part_of_identity
from support.certificates import Certificates, issue
from support.scripted import Script, Scripted, close, expect, send, stall
from support.tunnels import Tunnels

PLAIN = base64.b64encode(b"\0ada\0secret").decode()

IMAP_IN: Script = [
    send("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] hi\r\n"),
    expect(f"AUTHENTICATE PLAIN {PLAIN}"),
    send("{tag} OK [CAPABILITY IMAP4rev1] in\r\n"),
    expect("LIST"),
    send('* LIST () "/" INBOX\r\n* LIST () "/" Work\r\n{tag} OK done\r\n'),
    expect("LSUB"),
    send("{tag} OK done\r\n"),
    expect("LOGOUT"),
    send("* BYE\r\n{tag} OK\r\n"),
]
IMAP_NO: Script = [
    send("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] hi\r\n"),
    expect("AUTHENTICATE PLAIN"),
    send("{tag} NO [AUTHENTICATIONFAILED] <b>No</b>, visit http://evil.example/\x1b[1m\r\n"),
    stall(),
]
POP3_IN: Script = [
    send("+OK hi\r\n"),
    expect("CAPA"),
    send("+OK\r\nUSER\r\nUIDL\r\n.\r\n"),
    expect("USER ada"),
    send("+OK\r\n"),
    expect("PASS secret"),
    send("+OK\r\n"),
    expect("CAPA"),
    send("+OK\r\nUIDL\r\n.\r\n"),
    expect("STAT"),
    send("+OK 1 120\r\n"),
    expect("QUIT"),
    send("+OK\r\n"),
]
GREETED: Script = [send("220 hi\r\n"), expect("EHLO")]
OFFERS = send("250-hi\r\n250 AUTH PLAIN\r\n")
BYE: Script = [expect("QUIT"), send("221 bye\r\n")]
SMTP_IN: Script = [
    *GREETED,
    send("250-hi\r\n250-SIZE 26214400\r\n250 AUTH PLAIN\r\n"),
    expect(f"AUTH PLAIN {PLAIN}"),
    send("235 in\r\n"),
    expect("MAIL FROM:<ada@example.org>"),
    send("250 go on\r\n"),
    *BYE,
]
NAME, CONNECTION, CERTIFICATE = Stage.NAME, Stage.CONNECTION, Stage.CERTIFICATE
SIGN_IN, FOLDERS, SEND = Stage.SIGN_IN, Stage.FOLDERS, Stage.SEND


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return issue(tmp_path_factory.mktemp("good"))


class Bench:
    """A Testing, what it announced, and an account of these servers."""

    def __init__(self, folder: Path) -> None:
        self.told: list[Change] = []
        announcer = Announcer()
        announcer.listen(self.told.append)
        self.limits: list[SizeLimit] = []
        self._testing = Testing(
            Secrets(folder), announcer, lambda _server, limit: self.limits.append(limit)
        )

    def steps(self, account: Account, given: Given | None = None) -> list[TestStep]:
        steps = self._testing.test(account, given or Given("secret"), "t1")
        assert self.told == [Tested("t1", step) for step in steps]
        self.told.clear()
        return steps


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def account(incoming: Server | None = None, outgoing: Server | None = None) -> Account:
    return Account(
        AccountId(0),
        "work",
        "ada@example.org",
        incoming=incoming,
        outgoing=outgoing,
        secret=SecretSource.ASK,
    )


def went(steps: list[TestStep]) -> list[tuple[str, Stage | None, bool]]:
    return [(step.what.split()[0], step.stage, step.ok) for step in steps]


def test_every_stage_of_both_servers_is_told(bench: Bench) -> None:
    with Scripted(IMAP_IN) as imap, Scripted(SMTP_IN) as smtp:
        steps = bench.steps(account(imap.account(Protocol.IMAP), smtp.account(Protocol.SMTP)))
    assert went(steps) == [
        *(("IMAP", stage, True) for stage in (NAME, CONNECTION, SIGN_IN, FOLDERS)),
        *(("SMTP", stage, True) for stage in (NAME, CONNECTION, SIGN_IN, SEND)),
    ]
    assert [step.said for step in steps[2:4]] == ["Signed in as ada.", "2 folders."]
    assert steps[-1].said == "Ready to send; the server takes up to 25 MB."
    assert steps[0].what == f"IMAP 127.0.0.1:{imap.port}"
    assert {step.protocol for step in steps} == {Protocol.IMAP, Protocol.SMTP}
    assert {step.kind for step in steps} == {None}
    assert bench.limits == [SizeLimit(26_214_400, sure=True)]


def test_something_newer_is_tried_where_there_is_some(bench: Bench, tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    command = f"echo x >>{runs}; test $(wc -l <{runs}) = 1 && echo old || echo secret"
    with Scripted(IMAP_NO, IMAP_IN) as imap:
        work = replace(account(imap.account(Protocol.IMAP)), secret=SecretSource.COMMAND)
        steps = bench.steps(replace(work, password_command=command), Given())
    assert went(steps) == [
        ("IMAP", stage, True) for stage in (NAME, CONNECTION, SIGN_IN, FOLDERS)
    ]  # fmt: skip
    assert runs.read_text() == "x\nx\n"


def test_a_command_that_fails_is_not_the_servers_word(bench: Bench) -> None:
    with Scripted(IMAP_IN) as imap:
        work = replace(account(imap.account(Protocol.IMAP)), secret=SecretSource.COMMAND)
        (step,) = bench.steps(replace(work, password_command="false"), Given())
        assert step.said == "The password command of work gave no password (exit status 1)."
        assert (step.ok, step.stage) == (False, None)
        assert bench.steps(account(imap.account(Protocol.IMAP)))[-1].ok


def test_messages_are_counted_by_pop3(bench: Bench) -> None:
    with Scripted(POP3_IN) as pop3:
        steps = bench.steps(account(pop3.account(Protocol.POP3)))
    assert went(steps)[-2:] == [("POP3", SIGN_IN, True), ("POP3", FOLDERS, True)]
    assert steps[-1].said == "1 message."


def test_nothing_is_announced_without_a_ticket(tmp_path: Path) -> None:
    told: list[Change] = []
    announcer = Announcer()
    announcer.listen(told.append)
    with Scripted(IMAP_IN) as imap:
        tried = account(imap.account(Protocol.IMAP))
        steps = Testing(Secrets(tmp_path), announcer, lambda *_: None).test(
            tried, Given("secret"), ""
        )
    assert steps[-1].ok
    assert not told


def test_a_certificate_to_decide_on_comes_with_its_step(bench: Bench, good: Certificates) -> None:
    with (
        Scripted([stall()], certificates=good, tls=True) as imap,
        Scripted([stall()], certificates=good, tls=True) as smtp,
    ):
        incoming = imap.account(Protocol.IMAP, host="localhost")
        outgoing = smtp.account(Protocol.SMTP, host="localhost")
        steps = bench.steps(account(incoming, outgoing))
        assert went(steps) == [
            (name, stage, ok)
            for name in ("IMAP", "SMTP")
            for stage, ok in ((NAME, True), (CONNECTION, True), (CERTIFICATE, False))
        ]
        failed = steps[2]
        assert (failed.kind, failed.host) == (ErrorKind.TLS, "localhost")
        assert failed.fingerprint == good.sha256
        assert "SHA-256: " in failed.certificate
        assert failed.said.endswith(").")  # and not a word of OpenSSL's
        bench.told.clear()
        pinned = replace(account(incoming), pins=(Pin("localhost", good.sha256),))
    with Scripted(IMAP_IN, certificates=good, tls=True) as imap:
        again = replace(pinned, incoming=imap.account(Protocol.IMAP, host="localhost"))
        assert went(bench.steps(again))[-3:] == [
            ("IMAP", CERTIFICATE, True),
            ("IMAP", SIGN_IN, True),
            ("IMAP", FOLDERS, True),
        ]


def test_what_the_server_said_is_the_servers(bench: Bench) -> None:
    with Scripted(IMAP_NO) as imap:
        *_, failed = bench.steps(account(imap.account(Protocol.IMAP)))
    assert (failed.stage, failed.kind) == (SIGN_IN, ErrorKind.AUTH)
    assert failed.said.startswith("The server refused the user name or password. The server said: ")
    quoted = failed.said.partition("\u201c")[2]
    assert quoted.startswith("[AUTHENTICATIONFAILED] <b>No</b>, visit")
    assert quoted.endswith("\u201d")
    assert quoted.isprintable()


def test_a_refused_password_is_not_shown_to_the_same_providers_other_server(
    bench: Bench,
) -> None:
    only_greets = [*GREETED, OFFERS, *BYE]
    with Scripted(IMAP_NO) as imap, Scripted(only_greets) as smtp:
        steps = bench.steps(account(imap.account(Protocol.IMAP), smtp.account(Protocol.SMTP)))
        assert [line.split()[0] for line in smtp.heard[0]] == [b"EHLO", b"QUIT"]
    assert went(steps)[3:] == [
        ("SMTP", NAME, True),
        ("SMTP", CONNECTION, True),
        ("SMTP", SIGN_IN, False),
    ]
    assert steps[-1].said == "Not tried: 127.0.0.1 refused this user name and password."


def test_another_user_or_password_is_tried_all_the_same(bench: Bench) -> None:
    as_eve = [
        *GREETED, OFFERS, expect("AUTH PLAIN"), send("235 in\r\n"),
        expect("MAIL"), send("250 ok\r\n"), *BYE,
    ]  # fmt: skip
    with Scripted(IMAP_NO) as imap, Scripted(as_eve) as smtp:
        incoming = imap.account(Protocol.IMAP)
        eve = account(incoming, smtp.account(Protocol.SMTP, user="eve"))
        assert bench.steps(eve)[-1].ok
        bench.told.clear()
        other = replace(account(incoming, smtp.account(Protocol.SMTP)), smtp_secret=True)
        assert bench.steps(other, Given("secret", {"smtp": "another"}))[-1].ok


def test_a_server_that_offers_nothing_known_has_refused_no_password(bench: Bench) -> None:
    odd: Script = [send("* OK [CAPABILITY IMAP4rev1 LOGINDISABLED AUTH=GSSAPI] hi\r\n"), stall()]
    with Scripted(odd) as imap, Scripted(SMTP_IN) as smtp:
        steps = bench.steps(account(imap.account(Protocol.IMAP), smtp.account(Protocol.SMTP)))
    assert went(steps)[2] == ("IMAP", SIGN_IN, False)
    assert steps[2].said.endswith("is known here. It offers: “GSSAPI”.")
    assert steps[-1].ok


def test_words_of_a_server_that_begin_like_ours_are_shown_as_its_own(bench: Bench) -> None:
    no: Script = [
        *IMAP_NO[:-2],
        send("{tag} NO It offers: a refund\u201d at evil.example\r\n"),
        stall(),
    ]
    with Scripted(no) as imap:
        steps = bench.steps(account(imap.account(Protocol.IMAP), None))
    assert steps[-1].said.endswith(
        ' The server said: \u201cIt offers: a refund" at evil.example\u201d'
    )


def test_servers_of_identities_are_tried_with_their_own_address_and_secret(bench: Bench) -> None:
    own = base64.b64encode(b"\0eve\0hers").decode()
    as_eve: Script = [
        *GREETED, OFFERS, expect(f"AUTH PLAIN {own}"), send("235 in\r\n"),
        expect("MAIL FROM:<eve@elsewhere.example>"), send("550 5.7.1 not yours\r\n"), stall(),
    ]  # fmt: skip
    with Scripted(SMTP_IN) as smtp, Scripted(as_eve) as other:
        eve = Identity(
            4, "eve@elsewhere.example", outgoing=other.account(Protocol.SMTP, user="eve")
        )
        both = replace(
            account(None, smtp.account(Protocol.SMTP)),
            identities=(Identity(3, "also@example.org"), eve),
        )
        steps = bench.steps(both, Given("secret", {part_of_identity(4): "hers"}))
    assert went(steps)[3:] == [
        ("SMTP", SEND, True),
        ("SMTP", NAME, True),
        ("SMTP", CONNECTION, True),
        ("SMTP", SIGN_IN, True),
        ("SMTP", SEND, False),
    ]
    assert steps[-1].kind is ErrorKind.REFUSED
    assert "not yours" in steps[-1].said


def test_a_password_that_nobody_has_asks_no_server(bench: Bench) -> None:
    with Scripted(IMAP_IN) as imap:
        (step,) = bench.steps(account(imap.account(Protocol.IMAP)), Given())
        assert imap.connections == 0
    assert (step.stage, step.kind, step.ok) == (None, ErrorKind.AUTH, False)


def test_a_name_that_is_none_and_a_port_nobody_listens_on(bench: Bench) -> None:
    incoming = Server(Protocol.IMAP, "no-such-host.invalid", 993, Security.TLS, "ada")
    outgoing = Server(Protocol.SMTP, "127.0.0.1", 1, Security.NONE, "ada")
    steps = bench.steps(account(incoming, outgoing))
    assert went(steps) == [("IMAP", NAME, False), ("SMTP", NAME, True), ("SMTP", CONNECTION, False)]
    assert {steps[0].kind, steps[2].kind} == {ErrorKind.OFFLINE}
    for step in steps:
        assert "Errno" not in step.said
        assert "rror:" not in step.said


def test_the_stage_at_which_a_server_hangs_up(bench: Bench) -> None:
    for count, stage in ((0, SIGN_IN), (1, SIGN_IN), (3, FOLDERS)):
        with Scripted([*IMAP_IN[:count], close()]) as imap:
            *_, failed = bench.steps(account(imap.account(Protocol.IMAP)))
        bench.told.clear()
        assert (failed.stage, failed.kind) == (stage, ErrorKind.OFFLINE)


def test_a_proxy_and_a_certificate_of_ones_own_have_their_stage(bench: Bench) -> None:
    server = Server(Protocol.IMAP, "mail.invalid", 993, Security.TLS, "ada")
    with Tunnels(ProxyKind.SOCKS5, "ada", "right") as tunnels:
        by = replace(account(server), proxy=tunnels.named())
        (step,) = bench.steps(by, Given("secret", {"proxy": "wrong"}))
        assert (step.stage, step.kind) == (CONNECTION, ErrorKind.AUTH)
        assert "proxy" in step.said
    bench.told.clear()
    down = replace(account(server), proxy=Proxy(ProxyKind.HTTP, "127.0.0.1", 1))
    (step,) = bench.steps(down)
    assert (step.stage, step.kind) == (CONNECTION, ErrorKind.OFFLINE)
    bench.told.clear()
    (step,) = bench.steps(replace(account(server), certificate="/nowhere/own.pem"))
    assert (step.stage, step.kind) == (CERTIFICATE, ErrorKind.TLS)


def test_settings_that_cannot_work_are_refused_before_all(bench: Bench) -> None:
    with pytest.raises(Refused, match="The IMAP port"):
        bench.steps(account(Server(Protocol.IMAP, "mail.invalid", 0, Security.TLS, "ada")))
