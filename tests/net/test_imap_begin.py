"""How an IMAP session begins: in few round trips, with what each server needs switched on."""

from __future__ import annotations

import pytest

from martlet.mail.account import Protocol
from martlet.mail.errors import AuthFailed, BadServer, Offline, Refused
from martlet.mail.sync import SyncState
from martlet.net.imap import ImapSession
from martlet.net.imap_login import extensions
from support.imap_steps import enter, opened, says, selected, signed_in
from support.scripted import Scripted, close, expect, send

ALL = "IMAP4rev1 ID ENABLE CONDSTORE QRESYNC LIST-EXTENDED LIST-STATUS SPECIAL-USE"
STATUS = "MESSAGES UIDNEXT UIDVALIDITY UNSEEN HIGHESTMODSEQ"


def test_signing_in_and_listing_with_counts_take_two_round_trips() -> None:
    script = [
        send(f"* OK [CAPABILITY {ALL} SASL-IR AUTH=PLAIN] hi\r\n"),
        *says("AUTHENTICATE PLAIN AGFkYQBzZWNyZXQ=", end=f"OK [CAPABILITY {ALL}] in"),
        # All three are there before any is answered.
        expect("M2 ID ("),
        expect("M3 ENABLE CONDSTORE QRESYNC"),
        expect(f'M4 LIST "" "*" RETURN (SUBSCRIBED SPECIAL-USE STATUS ({STATUS}))'),
        send("* ID NIL\r\nM2 OK\r\n* ENABLED QRESYNC CONDSTORE\r\nM3 OK\r\n"),
        send('* LIST (\\Subscribed) "/" INBOX\r\n* STATUS INBOX (MESSAGES 2)\r\nM4 OK\r\n'),
    ]
    with Scripted(script) as server:
        session = enter(server)
        (folder,) = session.list_folders(status=True)
        assert folder.status is not None
        assert folder.status.messages == 2
        assert session.enabled == {"QRESYNC", "CONDSTORE"}
        session.close()


def test_what_is_switched_on() -> None:
    offered = frozenset(["ENABLE", "IMAP4REV1", "IMAP4REV2", "CONDSTORE", "QRESYNC", "UTF8=ACCEPT"])
    everything = ["IMAP4REV2", "CONDSTORE", "QRESYNC"]
    assert extensions(offered, "mail.example.org", utf8=False) == everything
    assert extensions(offered, "example.org", utf8=True) == [*everything, "UTF8=ACCEPT"]
    assert extensions(offered - {"ENABLE"}, "example.org", utf8=True) == []
    assert extensions(frozenset({"ENABLE"}), "example.org", utf8=True) == []


@pytest.mark.parametrize("host", ["imap.mail.me.com", "P42-imap.mail.me.com.", "imap.icloud.com"])
def test_icloud_is_not_asked_for_qresync(host: str) -> None:
    offered = frozenset({"ENABLE", "CONDSTORE", "QRESYNC"})
    assert extensions(offered, host, utf8=False) == ["CONDSTORE"]
    assert "QRESYNC" in extensions(offered, "noticloud.com", utf8=False)


@pytest.mark.parametrize("answer", ["NO never heard of it", "BAD what?", "OK nothing"])
def test_a_server_may_refuse_to_switch_on(answer: str) -> None:
    script = [
        *signed_in("IMAP4rev1 ENABLE QRESYNC CONDSTORE"),
        *says("ENABLE", end=answer),
        *says('SELECT "INBOX" (CONDSTORE)', *opened()),
    ]
    with Scripted(script) as server:
        session = enter(server)
        assert not session.select("INBOX", since=SyncState(9, 5, 7)).resynced
        assert session.enabled == frozenset()
        session.close()


def test_what_the_server_wants_told_is_kept_for_the_log() -> None:
    script = [
        *signed_in("IMAP4rev1"),
        *says("NOOP", "* OK [ALERT] Down for repairs\x07 tonight"),
    ]
    with Scripted(script) as server:
        session = enter(server)
        session.noop()
        assert session.take_remarks() == [
            ("127.0.0.1 has something to tell you.", "Down for repairs tonight")
        ]
        session.close()


def test_our_name_is_not_said_when_it_is_not_to_be() -> None:
    script = [*signed_in("IMAP4rev1 ID"), *says("NOOP")]
    with Scripted(script) as server:
        account = server.account(Protocol.IMAP)
        session = ImapSession.open(account, "secret", client_id=False)
        session.noop()
        session.close()


def test_netease_says_unsafe_login_and_is_explained() -> None:
    script = [
        *signed_in("IMAP4rev1"),
        *says("SELECT", end="NO SELECT Unsafe Login. Please contact kefu@188.com for help"),
    ]
    with Scripted(script) as server:
        session = enter(server)
        with pytest.raises(Refused, match=r"allowed on the provider's web page\.$") as caught:
            session.select("INBOX")
        assert "kefu@188.com" in caught.value.detail
        session.close()


def test_capabilities_are_not_asked_for_when_they_were_told() -> None:
    script = [
        send("* OK hi\r\n"),
        *says("CAPABILITY", "* CAPABILITY IMAP4rev1"),
        *says("LOGIN", "* CAPABILITY IMAP4rev1 IDLE"),
        *says("NOOP"),
    ]
    with Scripted(script) as server:
        session = enter(server)
        assert session.capabilities == {"IMAP4REV1", "IDLE"}
        session.noop()
        session.close()


def test_rev2_means_more_than_it_says() -> None:
    script = [
        *signed_in("IMAP4rev2 AUTH=PLAIN SASL-IR"),
        *says("ENABLE IMAP4REV2", "* ENABLED IMAP4rev2"),
        *says('SELECT "Entwürfe"', *opened()),
        *says("UID SEARCH RETURN (ALL) ALL", '* ESEARCH (TAG "x") UID ALL 4:6'),
        *says('UID MOVE 4 "Café"', end="OK [COPYUID 1 4 9] moved"),
        *says("UNSELECT"),
        *says(
            'LIST "" "*" RETURN (SUBSCRIBED STATUS (MESSAGES UIDNEXT UIDVALIDITY UNSEEN SIZE))',
            '* LIST (\\Subscribed \\Sent) "/" "R&D &AOk-"',
            '* STATUS "R&D &AOk-" (MESSAGES 1 SIZE 4294967296000)',
        ),
    ]
    script[1:3] = says("AUTHENTICATE PLAIN ", end="OK [CAPABILITY IMAP4rev2] in")
    with Scripted(script) as server:
        session = enter(server)
        assert {"MOVE", "UIDPLUS", "ESEARCH", "IDLE", "UNSELECT"} <= session.capabilities
        session.select("Entwürfe")
        assert session.uids() == [4, 5, 6]
        assert session.move([4], "Café") == {4: 9}
        session.unselect()
        assert session.selected == ""
        (folder,) = session.list_folders(status=True)
        # UTF-8 as it stands: nothing in it is modified UTF-7.
        assert folder.name == "R&D &AOk-"
        assert folder.status is not None
        assert folder.status.size == 4_294_967_296_000
        session.close()


def test_utf8_is_asked_for_only_when_wanted() -> None:
    offered = "IMAP4rev1 ENABLE UTF8=ACCEPT LITERAL+"
    letter = "Subject: Grüße\r\n\r\nHallo".encode()
    script = [
        *selected(offered)[:-2],
        *says("ENABLE UTF8=ACCEPT", "* ENABLED UTF8=ACCEPT"),
        *says('SELECT "Entwürfe"', *opened()),
        expect(f'APPEND "Gesendet &" UTF8 (~{{{len(letter)}+}}'),
        expect("Subject: Grüße"),
        expect("\r\n"),
        expect("Hallo)"),
        send("M4 OK [APPENDUID 1 5] done\r\n"),
        *says("SEARCH TEXT {7+}"),
    ]
    script[-1:] = [expect("Grüße"), send("* SEARCH 3\r\nM5 OK\r\n")]
    with Scripted(script) as server:
        session = enter(server, utf8=True)
        session.select("Entwürfe")
        assert session.append("Gesendet &", letter) == 5
        assert session.search_text("Grüße") == [3]
        session.close()
    with Scripted([*signed_in(offered), *says("SELECT", *opened())]) as server:
        session = enter(server)
        session.select("Entw")
        session.close()
        assert not any(b"ENABLE" in line for line in server.heard[0])


@pytest.mark.parametrize(
    ("mechanism", "initial", "after"),
    [
        ("XOAUTH2", "dXNlcj1hZGEBYXV0aD1CZWFyZXIgc2VjcmV0AQE=", "\r\n"),
        ("OAUTHBEARER", "bixhPWFkYSwBaG9zdD0xMjcuMC4wLjEBcG9ydD0", "AQ==\r\n"),
    ],
)
def test_a_token_refused_is_explained(mechanism: str, initial: str, after: str) -> None:
    script = [
        send(f"* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH={mechanism}] hi\r\n"),
        expect(f"AUTHENTICATE {mechanism} {initial}"),
        send("+ eyJzdGF0dXMiOiI0MDAiLCJzY2hlbWVzIjoiQmVhcmVyIn0=\r\n"),
        expect(after),
        send("M1 NO [AUTHENTICATIONFAILED] no\r\n"),
    ]
    with Scripted(script) as server:
        with pytest.raises(AuthFailed) as caught:
            enter(server, auth=mechanism)
        assert caught.value.detail == "[AUTHENTICATIONFAILED] no 400 Bearer"


def test_a_client_certificate_names_nobody_or_somebody() -> None:
    script = [
        send("* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=EXTERNAL] hi\r\n"),
        *says("AUTHENTICATE EXTERNAL =", end="OK [CAPABILITY IMAP4rev1] in"),
        *says("NOOP"),
    ]
    with Scripted(script) as server:
        account = server.account(Protocol.IMAP, user="", auth="EXTERNAL")
        session = ImapSession.open(account, "")
        session.noop()
        session.close()


@pytest.mark.parametrize(
    ("answer", "kind"),
    [("* BYE too many\r\n", Offline), ("M9 OK\r\n", BadServer)],
)
def test_trouble_while_switching_on_is_met_by_the_next_command(
    answer: str, kind: type[Exception]
) -> None:
    script = [*signed_in("IMAP4rev1 ENABLE CONDSTORE"), expect("ENABLE"), send(answer), close()]
    with Scripted(script) as server:
        session = enter(server)
        with pytest.raises(kind):
            session.noop()
        session.close()
