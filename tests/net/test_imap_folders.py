"""Listing folders, in every dialect and with every oddity."""

from __future__ import annotations

import pytest

from martlet.mail.errors import BadServer, Refused
from martlet.mail.folder import Role
from martlet.mail.sync import FolderStatus
from martlet.net.imap_about import Namespace, Namespaces
from martlet.net.imap_folders import FOLDERS_LIMIT
from support.imap_steps import enter, says, signed_in
from support.scripted import Conversation, Scripted, expect, send, stall

ITEMS = "MESSAGES UIDNEXT UIDVALIDITY UNSEEN"


def test_without_list_status_all_are_asked_at_once() -> None:
    script = [
        *signed_in("IMAP4rev1 CONDSTORE STATUS=SIZE OBJECTID"),
        expect('LIST "" "*"'),
        expect('LSUB "" "*"'),
        send(
            '* LIST () "." INBOX\r\n* LIST (\\Noselect) "." INBOX.Old\r\n'
            '* LIST (\\NoInferiors) "." "INBOX.B&APw-ro"\r\n* LIST () "." Gone\r\nM2 OK\r\n'
            '* LSUB () "." "INBOX.B&APw-ro"\r\nM3 OK\r\n'
        ),
        expect(f'STATUS "Gone" ({ITEMS} HIGHESTMODSEQ SIZE MAILBOXID)'),
        expect('STATUS "INBOX" ('),
        expect('STATUS "INBOX.B&APw-ro" ('),
        send(
            "M4 NO [NONEXISTENT] no such folder\r\n"
            "* STATUS inbox (MESSAGES 7 UNSEEN 1 UIDNEXT 9 UIDVALIDITY 2 MAILBOXID (Fa))\r\n"
            'M5 OK\r\n* STATUS "INBOX.B&APw-ro" (SIZE 12 HIGHESTMODSEQ 8 X-NEW (1 (2)))\r\n'
            "M6 OK\r\n"
        ),
    ]
    with Scripted(script) as server:
        session = enter(server)
        found = {f.name: f for f in session.list_folders(status=True)}
        assert found["INBOX"].status == FolderStatus(7, 9, 2, 1, mailbox_id="Fa")
        assert found["INBOX.Büro"].status == FolderStatus(modseq=8, size=12)
        assert found["INBOX.Büro"].subscribed
        assert not found["INBOX.Büro"].inferiors
        assert found["INBOX.Old"].status is None
        assert not found["INBOX.Old"].selectable
        assert found["Gone"].status is None
        assert found["Gone"].inferiors
        session.close()


def test_list_status_without_list_extended() -> None:
    script = [
        *signed_in("IMAP4rev1 LIST-STATUS"),
        expect(f'LIST "" "*" RETURN (STATUS ({ITEMS}))'),
        expect('LSUB "" "*"'),
        send('* LIST () NIL INBOX\r\n* STATUS "INBOX" (MESSAGES 3)\r\nM2 OK\r\nM3 OK\r\n'),
    ]
    with Scripted(script) as server:
        session = enter(server)
        (inbox,) = session.list_folders(status=True)
        assert inbox.delimiter == ""
        assert inbox.status == FolderStatus(messages=3)
        session.close()


def test_xlist_tells_what_folders_are_for() -> None:
    script = [
        *signed_in("IMAP4rev1 XLIST"),
        expect('XLIST "" "*"'),
        expect("LSUB"),
        send(
            '* XLIST (\\Inbox) "/" "Posteingang"\r\n* XLIST (\\Sent) "/" "[Gmail]/Gesendet"\r\n'
            '* XLIST (\\Spam) "/" "[Gmail]/Spam"\r\nM2 OK\r\nM3 NO no LSUB here\r\n'
        ),
    ]
    with Scripted(script) as server:
        session = enter(server)
        folders = session.list_folders()
        assert all(f.subscribed for f in folders)
        roles = {f.name: f.role for f in folders}
        assert roles == {
            "INBOX": Role.INBOX,
            "[Gmail]/Gesendet": Role.SENT,
            "[Gmail]/Spam": Role.JUNK,
        }
        session.close()


def test_names_out_of_this_world() -> None:
    script = [
        *signed_in("IMAP4rev1 LIST-EXTENDED"),
        *says(
            "LIST",
            '* LIST () "/" "../../etc/passwd"',
            '* LIST () "/" "/absolute"',
            '* LIST () "/" "C:\\\\boot.ini"',
            '* LIST () "/" {3}\r\na\0b',
            '* LIST () "/" {4}\r\na\r\nb',
            '* LIST () "/" ""',
            '* LIST () "/" "B\xfcro"',
            '* LIST () "" "flat"',
        ),
    ]
    with Scripted(script) as server:
        session = enter(server)
        names = [f.name for f in session.list_folders()]
        # They name nothing but themselves; those that no command could name are left out.
        assert names == ["../../etc/passwd", "/absolute", "C:\\boot.ini", "Büro", "flat"]
        assert [said for _, said in session.take_remarks()] == ["a b", "a b"]
        assert session.take_remarks() == []
        session.close()


def test_names_that_read_the_same() -> None:
    script = [
        *signed_in("IMAP4rev1"),
        expect("LIST"),
        expect("LSUB"),
        send(
            '* LIST () "/" "B&APw-ro"\r\n* LIST (\\Sent) "/" "Büro"\r\n* LIST () "/" B&APw-ro\r\n'
            '* LIST () "/" inbox\r\n* LIST () "/" Inbox\r\nM2 OK\r\nM3 BAD what?\r\n'
        ),
        *says('SELECT "B&APw-ro"', end="NO gone"),
    ]
    with Scripted(script) as server:
        session = enter(server)
        assert [f.name for f in session.list_folders()] == ["Büro", "INBOX"]
        assert [said for _, said in session.take_remarks()] == ["Büro"]
        with pytest.raises(Refused):
            session.select("Büro")
        session.close()


def test_a_million_folders_are_refused_in_words() -> None:
    def flood(talk: Conversation) -> None:
        for start in range(0, FOLDERS_LIMIT + 1000, 1000):
            lines = (f'* LIST () "/" f{n}\r\n' for n in range(start, start + 1000))
            talk.socket.sendall("".join(lines).encode())

    script = [*signed_in("IMAP4rev1 LIST-EXTENDED"), expect("LIST"), flood, stall()]
    with Scripted(script) as server:
        session = enter(server)
        with pytest.raises(BadServer, match=f"lists more than {FOLDERS_LIMIT} folders"):
            session.list_folders()
        session.close()


@pytest.mark.parametrize(
    "line",
    ["* LIST INBOX", "* LIST (\\x) 3", "* STATUS INBOX", "* STATUS INBOX 3", '* LIST () "/" (a)'],
)
def test_answers_that_cannot_be_read(line: str) -> None:
    script = [*signed_in("IMAP4rev1 LIST-EXTENDED LIST-STATUS"), *says("LIST", line)]
    with Scripted(script) as server:
        session = enter(server)
        with pytest.raises(BadServer, match="cannot be read"):
            session.list_folders(status=True)
        session.close()


def test_namespaces() -> None:
    answer = '* NAMESPACE (("INBOX." ".")("" NIL)) NIL (("Geteilt&AOQ-" "/" "X" ("y")))'
    script = [*signed_in("IMAP4rev1 NAMESPACE"), *says("NAMESPACE", answer)]
    with Scripted(script) as server:
        session = enter(server)
        assert session.namespaces() == Namespaces(
            (Namespace("INBOX.", "."), Namespace("", "")), (), (Namespace("Geteiltä", "/"),)
        )
        session.close()
    with Scripted(signed_in("IMAP4rev1")) as server:
        session = enter(server)
        assert session.namespaces() == Namespaces()
        session.close()


@pytest.mark.parametrize("answer", ["* NAMESPACE NIL NIL NIL", "* NAMESPACE", "* X-OTHER"])
def test_namespaces_that_are_none(answer: str) -> None:
    script = [*signed_in("IMAP4rev1 NAMESPACE"), *says("NAMESPACE", answer)]
    with Scripted(script) as server:
        session = enter(server)
        assert session.namespaces() == Namespaces()
        session.close()


def test_a_folder_is_made_for_its_purpose() -> None:
    script = [
        *signed_in("IMAP4rev1 CREATE-SPECIAL-USE"),
        *says('CREATE "Entw&APw-rfe" (USE (\\Drafts))'),
        *says('CREATE "Sent" (USE (\\Sent))', end="NO [USEATTR] there is one"),
        *says('CREATE "Sent"\r\n'),
        *says('CREATE "Trash" (USE (\\Trash))', end="BAD what?"),
        *says('CREATE "Trash"\r\n'),
        *says('CREATE "Junk" (USE (\\Junk))', end="NO [ALREADYEXISTS] it is there"),
        *says('CREATE "Other"\r\n'),
    ]
    with Scripted(script) as server:
        session = enter(server)
        session.create("Entwürfe", Role.DRAFTS)
        session.create("Sent", Role.SENT)
        session.create("Trash", Role.TRASH)
        with pytest.raises(Refused, match="make the folder Junk"):
            session.create("Junk", Role.JUNK)
        session.create("Other")
        session.close()
    with Scripted([*signed_in("IMAP4rev1"), *says('CREATE "Sent"\r\n')]) as server:
        session = enter(server)
        session.create("Sent", Role.SENT)
        session.close()
