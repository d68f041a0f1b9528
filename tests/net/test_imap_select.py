"""Selecting with and without QRESYNC, and the news of a selected folder."""

from __future__ import annotations

import pytest

from martlet.mail.errors import BadServer, Offline, Refused
from martlet.mail.sync import SyncState
from martlet.net.imap_wire import Vanished
from support.imap_steps import enter, enter_inbox, opened, says, selected, signed_in
from support.scripted import Script, Scripted, close, expect, send

RESYNC = "IMAP4rev1 ENABLE CONDSTORE QRESYNC OBJECTID"
STATE = SyncState(uid_validity=9, uid_next=8, modseq=70)


def resyncing(*lines: str, end: str = "OK done") -> Script:
    return [
        *signed_in(RESYNC),
        *says("ENABLE CONDSTORE QRESYNC", "* ENABLED CONDSTORE QRESYNC"),
        *says('SELECT "INBOX" (QRESYNC (9 70))', *lines, end=end),
    ]


def test_all_that_has_changed_comes_with_select() -> None:
    script = resyncing(
        *opened(4),
        "* OK [HIGHESTMODSEQ 90] ok",
        "* OK [MAILBOXID (F2-a)] ok",
        "* OK [PERMANENTFLAGS (\\Seen \\*)] ok",
        "* VANISHED (EARLIER) 9:7,3",
        "* VANISHED (EARLIER) 20",
        "* 2 FETCH (UID 5 FLAGS (\\Seen) MODSEQ (81))",
        "* 4 FETCH (FLAGS (\\seen $New) UID 8 MODSEQ (90))",
    )
    with Scripted(script) as server:
        session = enter(server)
        found = session.select("INBOX", since=STATE)
        assert found.resynced
        assert found.gone == ((7, 9), (3, 3), (20, 20))
        assert found.changed == {5: {"\\Seen"}, 8: {"\\Seen", "$New"}}
        assert (found.exists, found.modseq, found.mailbox_id) == (4, 90, "F2-a")
        assert found.permanent_flags == {"\\Seen", "\\*"}
        # Those from before never counted, and nothing of it is news.
        assert (session.exists, session.modseq, session.unsolicited) == (4, 90, ())
        session.close()


@pytest.mark.parametrize(
    "lines",
    [
        ("* 4 EXISTS", "* OK [UIDVALIDITY 10] new", "* OK [HIGHESTMODSEQ 90] ok"),
        ("* 4 EXISTS", "* OK [UIDVALIDITY 9] ok", "* OK [NOMODSEQ] none kept"),
        ("* 4 EXISTS", "* OK [UIDVALIDITY 9] ok"),
    ],
)
def test_a_folder_made_anew_or_without_memory_is_not_resynced(lines: tuple[str, ...]) -> None:
    with Scripted(resyncing(*lines, "* 1 FETCH (UID 5 FLAGS ())")) as server:
        session = enter(server)
        found = session.select("INBOX", since=STATE)
        assert (found.resynced, found.gone, found.changed) == (False, (), {})
        session.close()


def test_nothing_known_before_is_a_plain_select() -> None:
    script = [
        *signed_in(RESYNC),
        *says("ENABLE", "* ENABLED QRESYNC"),
        *says('SELECT "INBOX" (CONDSTORE)\r\n', *opened(), "* OK [HIGHESTMODSEQ 7] ok"),
        *says('EXAMINE "INBOX" (CONDSTORE)\r\n', *opened(), end="OK [READ-ONLY] ok"),
    ]
    with Scripted(script) as server:
        session = enter(server)
        assert session.select("INBOX", since=SyncState(9, 0, 0)).modseq == 7
        assert session.select("INBOX", read_only=True).read_only
        session.close()


def test_what_is_said_of_the_folder_before_is_not_mixed_in() -> None:
    script = [
        *resyncing(*opened(2), "* OK [HIGHESTMODSEQ 90] ok"),
        *says(
            'SELECT "Old" (QRESYNC (9 70))',
            "* VANISHED 1",
            "* 1 FETCH (UID 2 FLAGS (\\Deleted))",
            "* 1 EXISTS",
            "* OK [CLOSED] gone",
            *opened(5),
            "* OK [HIGHESTMODSEQ 91] ok",
            "* 5 FETCH (UID 6 FLAGS ())",
            end="OK [READ-ONLY] done",
        ),
    ]
    with Scripted(script) as server:
        session = enter(server)
        session.select("INBOX", since=STATE)
        found = session.select("Old", since=STATE)
        assert (found.exists, found.gone, found.changed) == (5, (), {6: frozenset()})
        assert found.read_only
        session.close()


def test_messages_that_vanish_while_selected_are_counted_off() -> None:
    script = [
        *selected("IMAP4rev1", exists=10),
        *says("NOOP", "* VANISHED 3:5,9", "* VANISHED (EARLIER) 1:2", "* 2 EXPUNGE"),
        *says("NOOP", "* VANISHED 1:4000000000", "* 99 EXPUNGE"),
        *says("NOOP", "* VANISHED 1:*"),
    ]
    with Scripted(script) as server:
        session = enter_inbox(server)
        session.noop()
        assert session.exists == 5
        assert session.take_news()[0] == Vanished(b"3:5,9", earlier=False)
        session.noop()
        assert session.exists == 0
        with pytest.raises(BadServer):
            session.noop()
        session.close()


@pytest.mark.parametrize("validity", ["0", "4294967296", "x", "99999999999999999999"])
def test_a_uidvalidity_that_is_none_is_said_in_words(validity: str) -> None:
    script = [*signed_in("IMAP4rev1"), *says("SELECT", f"* OK [UIDVALIDITY {validity}] ok")]
    with Scripted(script) as server:
        session = enter(server)
        with pytest.raises(BadServer, match="The server gives the messages in INBOX no lasting"):
            session.select("INBOX")
        assert session.selected == ""
        session.close()


def test_leaving_a_folder_deletes_nothing() -> None:
    for offered in ("IMAP4rev1 UNSELECT", "IMAP4rev1"):
        script = [*selected(offered)]
        if "UNSELECT" in offered:
            script += says("UNSELECT")
        script += says('DELETE "INBOX"', end="NO not the inbox")
        with Scripted(script) as server:
            session = enter_inbox(server)
            with pytest.raises(Refused):
                session.delete("INBOX")
            assert session.selected == ("" if "UNSELECT" in offered else "INBOX")
            session.close()


def test_a_bye_in_the_middle_of_select() -> None:
    script = [*signed_in("IMAP4rev1"), expect("SELECT"), send("* 1 EXISTS\r\n* BYE\r\n"), close()]
    with Scripted(script) as server:
        session = enter(server)
        with pytest.raises(Offline, match="ended the connection"):
            session.select("INBOX")
        session.close()
