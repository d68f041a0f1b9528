"""An IMAP session with servers that break off, refuse, lie or interrupt."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from martlet.mail.account import Protocol, Security
from martlet.mail.errors import (
    AuthFailed,
    BadServer,
    Busy,
    ErrorKind,
    MailError,
    Offline,
    Refused,
    TlsRefused,
)
from martlet.mail.route import Route
from martlet.net.imap import IdleNews, ImapSession
from martlet.net.imap_wire import Exists, Expunge, Fetch
from martlet.net.waker import Waker
from support.certificates import Certificates, issue
from support.scripted import Script, Scripted, close, expect, read_to, send, stall, start_tls

FULL = "IMAP4rev1 IDLE MOVE UIDPLUS LITERAL+ ESEARCH"


def signed_in(capabilities: str = FULL) -> Script:
    return [
        send(f"* OK [CAPABILITY {capabilities}] hello\r\n"),
        expect("LOGIN"),
        send(f"{{tag}} OK [CAPABILITY {capabilities}] in\r\n"),
    ]


def selected(capabilities: str = FULL) -> Script:
    return [
        *signed_in(capabilities),
        expect("SELECT"),
        send("* 3 EXISTS\r\n* OK [UIDVALIDITY 9] ok\r\n* OK [UIDNEXT 10] ok\r\n{tag} OK done\r\n"),
    ]


def enter(server: Scripted, timeout_s: float = 10.0) -> ImapSession:
    return ImapSession.open(server.account(Protocol.IMAP), "secret", timeout_s=timeout_s)


def enter_inbox(server: Scripted) -> ImapSession:
    session = enter(server)
    session.select("INBOX")
    return session


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return issue(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def waker() -> Iterator[Waker]:
    made = Waker()
    yield made
    made.close()


def test_select_tells_what_the_server_said() -> None:
    with Scripted(selected()) as server:
        session = enter_inbox(server)
        assert session.selected == "INBOX"
        assert session.exists == 3
        assert session.unsolicited == ()
        session.close()


def test_no_to_select_is_refused_in_the_servers_words() -> None:
    script = [*signed_in(), expect("SELECT"), send("{tag} NO [NONEXISTENT] gone \x07away\r\n")]
    script += [expect("NOOP"), send("{tag} OK\r\n"), expect("LOGOUT"), close()]
    with Scripted(script) as server:
        session = enter(server)
        with pytest.raises(Refused) as caught:
            session.select("Old")
        assert caught.value.detail == "[NONEXISTENT] gone away"
        assert session.selected == ""
        session.noop()
        session.logout()


def test_a_folder_without_uidvalidity_is_a_bad_server() -> None:
    script = [*signed_in(), expect("SELECT"), send("* 3 EXISTS\r\n{tag} OK done\r\n")]
    with Scripted(script) as server:
        session = enter(server)
        with pytest.raises(BadServer):
            session.select("INBOX")
        session.close()


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("* 1 FETCH (UID 1 BODY[] {100}\r\nhalf", Offline),
        ("* 1 FETCH (UID 1 BODY[] {3}\r\nabc)\r\n* BYE shutting down\r\n", Offline),
        ("* 1 FETCH (UID 1 BODY[] {3}\r\nabc)\r\n{tag} BAD what?\r\n", BadServer),
        ("* 1 FETCH (UID 1 BODY[] {3}\r\nabc)\r\nX9 OK done\r\n", BadServer),
        ("* 1 FETCH (UID 1 BODY[] {99999999999}\r\n", BadServer),
        ("* 1 FETCH (UID 1 BODY[] \r\n", BadServer),
        ("\x16\x03\x01garbage\r\n", BadServer),
    ],
)
def test_breaks_in_the_middle_of_a_fetch(said: str, kind: type[MailError]) -> None:
    script = [*selected(), expect("UID FETCH 1:3"), send(said), close()]
    with Scripted(script) as server:
        session = enter_inbox(server)
        with pytest.raises(kind):
            list(session.fetch_raw([1, 2, 3]))
        session.close()


def test_silence_ends_in_offline() -> None:
    with Scripted([*signed_in(), expect("NOOP"), stall()]) as server:
        session = enter(server, timeout_s=0.5)
        with pytest.raises(Offline):
            session.noop()
        session.close()


def test_news_in_between_is_kept_and_answers_are_not_mixed_up() -> None:
    script = [
        *selected(),
        expect("UID FETCH 1,3"),
        send(
            "* 4 EXISTS\r\n* 2 FETCH (FLAGS (\\Seen) UID 2)\r\n"
            "* 1 FETCH (UID 1 BODY[] {3}\r\none)\r\n* 2 EXPUNGE\r\n"
            '* 2 FETCH (BODY[] "three" UID 3)\r\n* 0 RECENT\r\n{tag} OK done\r\n'
        ),
    ]
    with Scripted(script) as server:
        session = enter_inbox(server)
        assert list(session.fetch_raw([1, 3])) == [(1, b"one"), (3, b"three")]
        assert session.take_news() == [
            Exists(4),
            Fetch(2, uid=2, flags=frozenset({"\\Seen"})),
            Expunge(2),
        ]
        assert session.exists == 3
        assert not session.unsolicited
        session.close()


def test_a_fetch_given_up_does_not_disturb_the_next() -> None:
    script = [
        *selected(),
        expect("UID FETCH 1:2"),
        send("* 1 FETCH (UID 1 BODY[] {3}\r\none)\r\n* 2 FETCH (UID 2 BODY[] {3}\r\ntwo)\r\n"),
        expect("UID FETCH 3"),
        send("M3 OK done\r\n* 3 FETCH (UID 3 BODY[] {5}\r\nthree)\r\n{tag} OK done\r\n"),
    ]
    with Scripted(script) as server:
        session = enter_inbox(server)
        bodies = session.fetch_raw([1, 2])
        assert next(bodies) == (1, b"one")
        assert isinstance(bodies, Generator)
        bodies.close()
        assert list(session.fetch_raw([3])) == [(3, b"three")]
        session.close()


def test_a_no_among_several_fetches_comes_last() -> None:
    script = [
        *selected(),
        expect("UID FETCH 1:10"),
        send("{tag} NO [EXPUNGEISSUED] some are gone\r\n"),
        expect("UID FETCH 11"),
        send("* 1 FETCH (UID 11 BODY[] {3}\r\none)\r\n{tag} OK done\r\n"),
    ]
    with Scripted(script) as server:
        session = enter_inbox(server)
        bodies = session.fetch_raw(list(range(1, 12)))
        assert next(bodies) == (11, b"one")
        with pytest.raises(Refused):
            next(bodies)
        session.close()


@pytest.mark.parametrize("auth", ["", "PLAIN"])
def test_logindisabled_is_honoured(auth: str) -> None:
    script = [send("* OK [CAPABILITY IMAP4rev1 LOGINDISABLED] hi\r\n"), stall()]
    with Scripted(script) as server, pytest.raises(TlsRefused):
        ImapSession.open(server.account(Protocol.IMAP, auth=auth), "secret", timeout_s=30.0)
    assert server.heard == [[]]


def test_bad_credentials_are_not_a_bad_server() -> None:
    script = [
        send("* OK hi\r\n"),
        expect("CAPABILITY"),
        send("* CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR\r\n{tag} OK\r\n"),
        expect("AUTHENTICATE PLAIN AGFkYQBzZWNyZXQ="),
        send("{tag} NO [AUTHENTICATIONFAILED] wrong\r\n"),
    ]
    with Scripted(script) as server:
        with pytest.raises(AuthFailed) as caught:
            enter(server)
        assert "secret" not in repr(caught.value) + caught.value.detail


def test_a_busy_server_is_offline() -> None:
    script = [
        send("* OK [CAPABILITY IMAP4rev1] hi\r\n"),
        expect('LOGIN "ada" "secret"'),
        send("{tag} NO [UNAVAILABLE] later\r\n"),
    ]
    with Scripted(script) as server, pytest.raises(Offline):
        enter(server)


def test_a_server_too_busy_to_take_the_password_is_offline() -> None:
    script = [
        send("* OK [CAPABILITY IMAP4rev1] hi\r\n"),
        expect("LOGIN"),
        send("{tag} NO [UNAVAILABLE] later\r\n"),
    ]
    with Scripted(script) as server, pytest.raises(Offline) as caught:
        ImapSession.open(server.account(Protocol.IMAP), "gehe\xedm", timeout_s=30.0)
    assert caught.value.detail == "[UNAVAILABLE] later"


@pytest.mark.parametrize("code", ["INUSE", "UNAVAILABLE"])
def test_a_busy_folder_leaves_the_session_well(code: str) -> None:
    script = [*signed_in(), expect("SELECT"), send(f"{{tag}} NO [{code}] locked\r\n")]
    script += [expect("NOOP"), send("{tag} OK\r\n"), expect("NOOP")]
    script += [send(f"{{tag}} NO [{code}] later\r\n"), expect("NOOP"), send("{tag} OK\r\n")]
    with Scripted(script) as server:
        session = enter(server)
        with pytest.raises(Busy) as caught:
            session.select("Old")
        assert caught.value.detail == f"[{code}] locked"
        assert caught.value.kind is ErrorKind.REFUSED
        session.noop()
        with pytest.raises(Busy):
            session.noop()
        session.noop()
        session.close()


def test_without_sasl_ir_the_answer_waits_for_the_challenge() -> None:
    script = [
        send("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi\r\n"),
        expect("AUTHENTICATE PLAIN\r\n"),
        send("+ \r\n"),
        expect("AGFkYQBzZWNyZXQ="),
        send("M1 OK in\r\n"),
        expect("CAPABILITY"),
        send("* CAPABILITY IMAP4rev1 ID\r\n{tag} OK\r\n"),
        expect('ID ("name" "Martlet"'),
        send("* ID NIL\r\n{tag} OK\r\n"),
        expect("NOOP"),
        send("{tag} OK\r\n"),
    ]
    with Scripted(script) as server:
        session = enter(server)
        session.noop()
        assert session.capabilities == {"IMAP4REV1", "ID"}
        session.close()


@pytest.mark.parametrize("greeting", ["* BYE full\r\n", "+OK POP3\r\n", "* NO\r\n", "hello\r\n"])
def test_a_greeting_that_is_none(greeting: str) -> None:
    with Scripted([send(greeting)]) as server, pytest.raises((Offline, BadServer)):
        enter(server)


def open_starttls(server: Scripted, certificates: Certificates) -> ImapSession:
    account = server.account(Protocol.IMAP, Security.STARTTLS, host="localhost")
    return ImapSession.open(
        account, "secret", route=Route(ca_file=str(certificates.ca_file)), timeout_s=30.0
    )


def test_preauth_before_tls_is_refused(certificates: Certificates) -> None:
    script = [send("* PREAUTH [CAPABILITY IMAP4rev1 STARTTLS] welcome\r\n"), stall()]
    with Scripted(script, certificates=certificates) as server:
        with pytest.raises(TlsRefused):
            open_starttls(server, certificates)
        assert server.heard == [[]]


@pytest.mark.parametrize("answer", ["{tag} NO not now\r\n", "{tag} BAD what\r\n"])
def test_starttls_not_given_is_refused(certificates: Certificates, answer: str) -> None:
    for offered in ("IMAP4rev1 STARTTLS", "IMAP4rev1 AUTH=PLAIN"):
        script = [
            send("* OK hi\r\n"),
            expect("CAPABILITY"),
            send(f"* CAPABILITY {offered}\r\n{{tag}} OK\r\n"),
        ]
        if "STARTTLS" in offered:
            script += [expect("STARTTLS"), send(answer)]
        with (
            Scripted(script, certificates=certificates) as server,
            pytest.raises((TlsRefused, BadServer)),
        ):
            open_starttls(server, certificates)


def test_what_was_said_before_tls_is_forgotten(certificates: Certificates) -> None:
    script = [
        send("* OK [CAPABILITY IMAP4rev1 STARTTLS X-EVIL] hi\r\n"),
        expect("STARTTLS"),
        # In one piece with the go-ahead: an injected answer to the first command over TLS.
        send(
            "{tag} OK go\r\n* CAPABILITY IMAP4rev1 AUTH=LOGIN X-EVIL\r\nM1 OK injected\r\n"
            '* LIST () "/" injected\r\n'
        ),
        start_tls(),
        expect("CAPABILITY"),
        send("* CAPABILITY IMAP4rev1\r\n{tag} OK\r\n"),
        expect("LOGIN"),
        send("{tag} OK in\r\n"),
        expect("CAPABILITY"),
        send("* CAPABILITY IMAP4rev1\r\n{tag} OK\r\n"),
        expect('LIST "" "*"'),
        send('* LIST () "/" INBOX\r\n{tag} OK\r\n'),
        expect("LSUB"),
        send("{tag} OK\r\n"),
    ]
    with Scripted(script, certificates=certificates) as server:
        session = open_starttls(server, certificates)
        assert session.capabilities == {"IMAP4REV1"}
        assert [folder.name for folder in session.list_folders()] == ["INBOX"]
        session.close()


def test_idle_returns_at_once_with_news(waker: Waker) -> None:
    script = [
        *selected(),
        expect("IDLE"),
        send("+ idling\r\n* OK still here\r\n* 3 EXISTS\r\n* 4 EXISTS\r\n"),
        expect("DONE"),
        send("* 1 EXPUNGE\r\nM3 OK\r\n"),
        expect("IDLE"),
        send("+ idling\r\n"),
        expect("DONE"),
        send("{tag} OK\r\n".replace("{tag}", "M4")),
    ]
    with Scripted(script) as server:
        session = enter_inbox(server)
        assert session.idle(waker, 60) == IdleNews(changed=True, woken=False)
        assert session.exists == 3
        waker.wake()
        assert session.idle(waker, 60) == IdleNews(changed=False, woken=True)
        session.close()


def test_news_from_before_ends_the_next_idle(waker: Waker) -> None:
    script = [*selected(), expect("NOOP"), send("* 4 EXISTS\r\n{tag} OK\r\n"), stall()]
    with Scripted(script) as server:
        session = enter_inbox(server)
        session.noop()
        assert session.idle(waker, 60) == IdleNews(changed=True, woken=False)
        session.close()


def test_without_idle_it_waits_and_asks(waker: Waker) -> None:
    script = [*selected("IMAP4rev1"), expect("NOOP"), send("* 4 EXISTS\r\n{tag} OK\r\n")]
    with Scripted(script) as server:
        session = enter_inbox(server)
        assert session.idle(waker, 0) == IdleNews(changed=True, woken=False)
        session.close()


def test_idle_ends_with_the_line(waker: Waker) -> None:
    with Scripted([*selected(), expect("IDLE"), send("+ \r\n* BYE bye\r\n")]) as server:
        session = enter_inbox(server)
        with pytest.raises(Offline):
            session.idle(waker, 60)
        session.close()


def test_move_without_move_and_uidplus_never_expunges() -> None:
    script = [
        *selected("IMAP4rev1"),
        expect('UID COPY 1:2 "Archive"'),
        send("{tag} OK\r\n"),
        expect("UID STORE 1:2 +FLAGS.SILENT (\\Deleted)"),
        send("{tag} OK\r\n"),
        expect("LOGOUT"),
    ]
    with Scripted(script) as server:
        session = enter_inbox(server)
        assert session.move([2, 1], "Archive") == {}
        session.logout()


def test_copyuid_that_does_not_add_up_is_ignored() -> None:
    script = [
        *selected(),
        expect("UID MOVE 1:2"),
        send("* OK [COPYUID 5 1:2 7] moved\r\n* 1 EXPUNGE\r\n{tag} OK\r\n"),
    ]
    with Scripted(script) as server:
        session = enter_inbox(server)
        assert session.move([1, 2], "Archive") == {}
        session.close()


def test_a_refused_literal_is_not_sent(tmp_path: Path) -> None:
    script = [
        *signed_in("IMAP4rev1"),
        expect('APPEND "Sent" (\\Seen) {9}'),
        send("{tag} NO [OVERQUOTA] full\r\n"),
        expect("NOOP"),
        send("{tag} OK\r\n"),
    ]
    with Scripted(script) as server:
        session = enter(server)
        with pytest.raises(Refused, match="full"):
            session.append("Sent", b"Subject:x", ["\\Seen"])
        session.noop()
        session.close()


def test_literal_minus_waits_beyond_4096_bytes() -> None:
    script = [
        *signed_in("IMAP4rev1 LITERAL- UIDPLUS"),
        expect("APPEND"),
        read_to(b"x" * 10 + b"\r\n"),
        send("M2 OK [APPENDUID 7 41] ok\r\n"),
        expect("{5000}\r\n"),
        send("+ go\r\n"),
        read_to(b"y" * 5000 + b"\r\n"),
        send("M3 OK [APPENDUID 7 42] ok\r\n"),
    ]
    with Scripted(script) as server:
        session = enter(server)
        assert session.append("Sent", b"x" * 10, date=0.0) == 41
        assert session.append("Sent", b"y" * 5000) == 42
        session.close()
        assert b'" 1-Jan-1970 00:00:00 +0000" {10+}' in server.heard[0][1]


@pytest.mark.parametrize("flag", ["a b", "(x)", "x\r\nA1 DELETE INBOX", "", "ä"])
def test_flags_that_could_inject_are_refused(flag: str) -> None:
    with Scripted(selected()) as server:
        session = enter_inbox(server)
        with pytest.raises(Refused):
            session.store([1], [flag], [])
        session.close()


def test_names_that_cannot_be_spelled_are_sent_as_the_server_spells_them() -> None:
    script = [
        *signed_in("IMAP4rev1"),
        expect("LIST"),
        send('* LIST () "/" "R&D"\r\n* LIST (\\Noselect) NIL NIL\r\n{tag} OK\r\n'),
        expect("LSUB"),
        send('* LSUB () "/" "R&D"\r\n{tag} OK\r\n'),
        expect('STATUS "R&D" ('),
        send('* STATUS "R&D" (MESSAGES 2 UIDNEXT 5 UNSEEN 1)\r\n{tag} OK\r\n'),
    ]
    with Scripted(script) as server:
        session = enter(server)
        names = [(f.name, f.delimiter, f.subscribed) for f in session.list_folders()]
        assert names == [("R&D", "/", True), ("NIL", "", False)]
        assert session.status(["R&D"])["R&D"].messages == 2
        session.close()


def test_search_without_esearch() -> None:
    script = [
        *selected("IMAP4rev1"),
        expect('UID SEARCH HEADER MESSAGE-ID "<a@b>"'),
        send("* SEARCH 9 4 (MODSEQ 7)\r\n{tag} OK\r\n"),
        expect("UID SEARCH ALL"),
        send("* SEARCH\r\n* 4 EXISTS\r\n{tag} OK\r\n"),
    ]
    with Scripted(script) as server:
        session = enter_inbox(server)
        assert session.search_message_id("a@b") == [4, 9]
        assert session.uids() == []
        assert session.unsolicited == (Exists(4),)
        session.close()
