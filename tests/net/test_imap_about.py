"""Quota, rights, limits, dates and what servers know of messages beside the messages."""

from __future__ import annotations

import pytest

from martlet.mail.errors import BadServer, Refused
from martlet.mail.sync import Quota
from support.imap_steps import enter, enter_inbox, says, selected, signed_in
from support.scripted import Scripted, expect, read_to, send


@pytest.mark.parametrize("offered", ["QUOTA", "QUOTA=RES-STORAGE"])
def test_quota(offered: str) -> None:
    script = [
        *signed_in(f"IMAP4rev1 {offered}"),
        *says(
            'GETQUOTAROOT "INBOX"',
            '* QUOTAROOT INBOX "User quota" ""',
            '* QUOTA "User quota" (STORAGE 10 512 message 20 "100")',
            '* QUOTA "" ()',
            "* QUOTA x nonsense",
        ),
        *says("GETQUOTAROOT", end="NO not yours"),
    ]
    with Scripted(script) as server:
        session = enter(server)
        assert session.quota("INBOX") == (
            Quota("User quota", "STORAGE", 10, 512),
            Quota("User quota", "MESSAGE", 20, 100),
        )
        assert session.quota("Other") == ()
        session.close()


def test_rights() -> None:
    script = [
        *signed_in("IMAP4rev1 ACL"),
        *says('MYRIGHTS "INBOX"', "* MYRIGHTS INBOX lrswi"),
        *says("MYRIGHTS", end="NO [NOPERM] no"),
    ]
    with Scripted(script) as server:
        session = enter(server)
        assert session.rights("INBOX") == "lrswi"
        assert session.rights("Other") == ""
        session.close()


def test_what_is_not_offered_is_not_asked() -> None:
    with Scripted(selected("IMAP4rev1")) as server:
        session = enter_inbox(server)
        assert session.quota("INBOX") == ()
        assert session.rights("INBOX") == ""
        assert session.append_limit("INBOX") == 0
        assert session.save_dates([1]) == {}
        assert session.compress() is False
        assert session.notify() is False
        assert session.search_text("  ") == []
        session.close()


def test_save_dates() -> None:
    script = [
        *selected("IMAP4rev1 SAVEDATE"),
        *says(
            "UID FETCH 1:3 (UID SAVEDATE)",
            '* 1 FETCH (UID 1 SAVEDATE "17-Jul-1996 02:44:25 -0700")',
            "* 2 FETCH (UID 2 SAVEDATE NIL)",
            "* 3 FETCH (FLAGS (\\Seen) UID 3)",
        ),
    ]
    with Scripted(script) as server:
        session = enter_inbox(server)
        assert session.save_dates([1, 2, 3]) == {1: 837596665.0}
        assert len(session.unsolicited) == 1
        session.close()


def test_a_limit_for_all_folders() -> None:
    with Scripted(signed_in("IMAP4rev1 APPENDLIMIT=100")) as server:
        session = enter(server)
        assert session.append_limit("INBOX") == 100
        with pytest.raises(Refused, match=r"larger than the server takes \(100 bytes\)"):
            session.append("INBOX", b"x" * 101)
        session.close()


def test_a_limit_for_each_folder_is_asked_before_large_messages() -> None:
    big = b"x" * 300_000
    script = [
        *signed_in("IMAP4rev1 APPENDLIMIT LITERAL+"),
        expect('APPEND "Sent" {1+}'),
        read_to(b"x\r\n"),
        send("M2 OK\r\n"),
        *says('STATUS "Sent" (APPENDLIMIT)', "* STATUS Sent (APPENDLIMIT 299999)"),
        *says("STATUS", "* STATUS Sent (APPENDLIMIT NIL)"),
        expect('APPEND "Sent" {300000}'),
        send("+ go\r\n"),
        read_to(big + b"\r\n"),
        send("M5 OK\r\n"),
    ]
    with Scripted(script) as server:
        session = enter(server)
        session.append("Sent", b"x")
        with pytest.raises(Refused, match="299999"):
            session.append("Sent", big)
        session.append("Sent", big)
        session.close()


def test_ids_and_labels_of_gmail() -> None:
    script = [
        *selected("IMAP4rev1 X-GM-EXT-1"),
        *says(
            "CONTENT-TYPE)] X-GM-MSGID X-GM-THRID X-GM-LABELS)",
            "* 1 FETCH (X-GM-THRID 1266894439832287888 X-GM-MSGID 1278455344230334865 X-GM-LABELS "
            '("\\\\Inbox" \\\\Sent Important "Mu&API-" {5}\r\na (b)) UID 1 FLAGS () '
            "BODY[HEADER.FIELDS (SUBJECT)] {2}\r\nab)",
        ),
    ]
    with Scripted(script) as server:
        session = enter_inbox(server)
        (summary,) = session.fetch_summaries([1])
        assert summary.email_id == "1278455344230334865"
        assert summary.thread_id == "1266894439832287888"
        assert summary.labels == ("\\Inbox", "\\\\Sent", "Important", "Muò", "a (b)")
        assert summary.header == b"ab"
        session.close()


@pytest.mark.parametrize(
    ("offered", "item", "answer", "preview"),
    [
        ("PREVIEW", " PREVIEW)", 'PREVIEW "Hi  \x07there"', "Hi there"),
        ("PREVIEW PREVIEW=FUZZY", " PREVIEW)", "PREVIEW NIL", ""),
        ("PREVIEW=FUZZY", " PREVIEW (FUZZY))", "PREVIEW (FUZZY {2}\r\nHi)", "Hi"),
        ("PREVIEW=FUZZY", " PREVIEW (FUZZY))", "PREVIEW ()", ""),
        ("X", "CONTENT-TYPE)])", "X-OTHER (a (b))", ""),
    ],
)
def test_previews_and_object_ids(offered: str, item: str, answer: str, preview: str) -> None:
    script = [
        *selected(f"IMAP4rev1 {offered}"),
        *says(item, f"* 1 FETCH (UID 1 {answer} BODY[HEADER.FIELDS (X)] NIL)"),
    ]
    with Scripted(script) as server:
        session = enter_inbox(server)
        (summary,) = session.fetch_summaries([1], preview=True)
        assert summary.preview == preview
        session.close()


def test_object_ids() -> None:
    script = [
        *selected("IMAP4rev1 OBJECTID PREVIEW"),
        *says(
            "CONTENT-TYPE)] EMAILID THREADID)",
            "* 1 FETCH (UID 1 EMAILID (M6d99ac3275bb4e) THREADID (T64b478a75b7ea9) BODY[] NIL)",
            "* 2 FETCH (UID 2 EMAILID (M7) THREADID NIL BODY[] NIL)",
        ),
    ]
    with Scripted(script) as server:
        session = enter_inbox(server)
        one, two = session.fetch_summaries([1, 2])
        assert (one.email_id, one.thread_id) == ("M6d99ac3275bb4e", "T64b478a75b7ea9")
        assert (two.email_id, two.thread_id) == ("M7", "")
        session.close()


def test_words_are_searched_for_by_the_server() -> None:
    script = [
        *selected("IMAP4rev1 ESEARCH LITERAL+"),
        *says('UID SEARCH RETURN (ALL) TEXT "red" TEXT "\\"wine"', '* ESEARCH (TAG "M3") UID'),
        expect('UID SEARCH RETURN (ALL) CHARSET UTF-8 TEXT "red" TEXT {5+}'),
        expect("Wörl"),
        send('* ESEARCH (TAG "M4") UID ALL 5,1:2\r\nM4 OK\r\n'),
        expect("CHARSET"),
        expect("ö"),
        send("M5 NO [BADCHARSET (US-ASCII)] no\r\n"),
    ]
    with Scripted(script) as server:
        session = enter_inbox(server)
        assert session.search_text('red  "wine') == []
        assert session.search_text("red Wörl") == [1, 2, 5]
        with pytest.raises(Refused):
            session.search_text("ö")
        session.close()


@pytest.mark.parametrize("answer", ["* SEARCH 1 x", "* SEARCH 0", "* SEARCH 4294967296"])
def test_searches_that_find_what_cannot_be(answer: str) -> None:
    with Scripted([*selected("IMAP4rev1"), *says("SEARCH", answer)]) as server:
        session = enter_inbox(server)
        with pytest.raises(BadServer):
            session.uids()
        session.close()
