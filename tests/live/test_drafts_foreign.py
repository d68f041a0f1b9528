"""Drafts on a server that others write to, by programs that keep the Message-ID, and on one that
does not keep what it takes: no text is lost, and what went wrong is said."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from martlet.mail.message import DRAFT, SEEN
from martlet.mail.outgoing import DraftId
from martlet.mime.writing.draft_same import same_letter
from support.awkward import USUAL, Awkward, Call, HangUp, behave
from support.draft_side import WITHOUT_UIDPLUS, Side, texts, with_drafts

SERVERS = pytest.mark.parametrize("capabilities", [USUAL, WITHOUT_UIDPLUS])


def keeps_nothing(call: Call) -> bytes:
    return call.ok() if call.name == "APPEND" else call.run()


def keeps_nothing_and_says_where(call: Call) -> bytes:
    if call.name == "APPEND":
        return call.tag + b" OK [APPENDUID 1 77] done\r\n"
    return call.run()


def changed_there(server: Awkward, text: bytes, *, ours: bool = False) -> None:
    """Another message for the one that is there, under its Message-ID. ours: with our fields."""
    folder = server.folder("Drafts")
    (old,) = [one for one in folder.letters if "\\Deleted" not in one.flags]
    head = old.raw.partition(b"\r\n\r\n")[0]
    if not ours:
        head = re.sub(rb"(?s)X-Martlet-Draft-I.*?(?=Date:)", b"", head)
    server.mailbox.remove(folder, [old])
    server.put("Drafts", head + b"\r\n\r\n" + text + b"\r\n", [DRAFT, SEEN])


@pytest.mark.parametrize("lies", [keeps_nothing, keeps_nothing_and_says_where])
def test_a_server_that_keeps_nothing_costs_nothing(tmp_path: Path, lies: object) -> None:
    with with_drafts() as server, Side(tmp_path, server) as side:
        server.tamper = keeps_nothing if lies is keeps_nothing else keeps_nothing_and_says_where
        letter = side.write("hours of words")
        for _ in range(5):
            side.here.sync()
            assert side.draft(letter).text == "hours of words"
            side.write("another", closed=False)  # has all drafts looked at
        (notice,) = side.here.notices
        assert "did not keep it" in notice.summary
        assert letter in {one.id for one in side.here.reader.drafts_only_here()}
        before = server.names().count("APPEND")
        side.here.sync()
        assert server.names().count("APPEND") == before
        server.tamper = behave
        side.change(letter, "more words")
        side.here.sync()
        assert texts(server) == ["more words"]
        assert side.texts_here() == ["more words"]


def test_a_letter_that_is_to_come_back_does(tmp_path: Path) -> None:
    with with_drafts() as server, Side(tmp_path, server) as side:
        letter = side.write("one")
        side.here.sync()
        side.here.engine.save_draft(side.draft(letter), True, "in the corner")
        folder = server.folder("Drafts")
        server.mailbox.remove(folder, list(folder.letters))
        side.here.sync()
        ((draft, _),) = side.here.reader.letters_to_restore()
        assert (draft.id, draft.text) == (letter, "one")
        (notice,) = side.here.notices
        assert "deleted elsewhere" in notice.summary


@SERVERS
@pytest.mark.parametrize("ours", [True, False], ids=["fields kept", "fields dropped"])
def test_changed_on_both_sides_under_one_message_id(
    tmp_path: Path, capabilities: str, ours: bool
) -> None:
    with with_drafts(capabilities) as server, Side(tmp_path, server) as side:
        letter = side.write("one")
        side.here.sync()
        side.change(letter, "our")
        changed_there(server, b"two", ours=ours)  # as long as what was there
        side.here.sync()
        side.here.sync()
        assert texts(server) == ["our", "two"]
        assert side.texts_here() == ["our", "two"]
        (notice,) = side.here.notices
        assert "both are kept" in notice.summary


def test_changed_there_while_it_is_open_under_one_message_id(tmp_path: Path) -> None:
    with with_drafts() as server, Side(tmp_path, server) as side:
        letter = side.write("one")
        side.here.sync()
        side.change(letter, "our", closed=False)
        changed_there(server, b"two", ours=True)
        side.here.sync()
        standing = side.here.reader.draft_standing(letter)
        assert standing is not None
        assert [standing.elsewhere] == [row.id for row in side.rows()]
        side.change(letter, "more")
        side.here.sync()
        side.here.sync()
        assert texts(server) == ["more", "two"]


@SERVERS
def test_what_a_cut_off_try_left_is_looked_at_before_it_is_taken_for_ours(
    tmp_path: Path, capabilities: str
) -> None:
    def cut(call: Call) -> bytes:
        if call.name == "APPEND":
            call.run()
            raise HangUp
        return call.run()

    with with_drafts(capabilities) as server, Side(tmp_path, server) as side:
        letter = side.write("one")
        server.tamper = cut
        side.here.sync()
        server.tamper = behave
        changed_there(server, b"two", ours=True)
        side.here.sync()
        side.change(letter, "our")
        side.here.sync()
        side.here.sync()
        assert texts(server) == ["our", "two"]
        assert side.texts_here() == ["our", "two"]


def test_another_uidvalidity_makes_nobody_elses_text_ours(tmp_path: Path) -> None:
    with with_drafts() as server, Side(tmp_path, server) as side:
        letter = side.write("one")
        side.here.sync()
        changed_there(server, b"two", ours=True)
        server.folder("Drafts").uid_validity += 1
        side.here.sync()
        if side.here.reader.draft(letter) is not None:
            side.change(letter, "our")
        side.here.sync()
        side.here.sync()
        assert "two" in texts(server)
        assert side.texts_here() == texts(server)


def test_a_copy_that_a_person_made_stays(tmp_path: Path) -> None:
    with with_drafts() as server, Side(tmp_path, server) as side:
        letter = side.write("one")
        side.here.sync()
        (row,) = side.rows()
        side.here.engine.copy([row.id], side.here.folder("Drafts").id)
        for _ in range(3):
            side.here.sync()
        assert texts(server) == ["one", "one"]
        side.change(letter, "two")
        side.here.sync()
        side.here.sync()
        assert texts(server) == ["one", "two"]


def test_two_drafts_under_one_message_id_are_two(tmp_path: Path) -> None:
    def put(server: Awkward, text: bytes) -> None:
        head = b"From: ada@example.org\r\nSubject: a\r\nMessage-ID: <m1@x>\r\n\r\n"
        server.put("Drafts", head + text + b"\r\n", [DRAFT, SEEN])

    with with_drafts() as server, Side(tmp_path, server) as side:
        put(server, b"one")
        put(server, b"two")
        side.here.sync()
        draft = side.here.engine.open_draft(side.rows()[0].id)
        side.here.engine.close_draft(draft.id)
        for _ in range(3):
            side.here.sync()
        assert texts(server) == ["one", "two"]
        assert side.texts_here() == ["one", "two"]


def test_a_draft_that_came_back_while_it_waits_to_go_out_keeps_what_is_written(
    tmp_path: Path,
) -> None:
    with with_drafts() as server, Side(tmp_path, server) as side:
        letter = side.write("one")
        side.here.sync()
        ((raw, _),) = server.world()["Drafts"]
        side.here.engine.send(side.draft(letter), 36_000)
        side.here.sync()
        server.put("Drafts", raw, [DRAFT, SEEN])
        side.here.sync()
        draft = side.here.engine.open_draft(side.rows()[0].id)
        assert draft.id != DraftId(0)
        side.change(draft.id, "an hour of words")
        side.here.sync()
        side.here.sync()
        assert texts(server) == ["an hour of words"]


def test_what_is_the_same_draft() -> None:
    head = b"From: a@x\r\nTo: b@x\r\nSubject: s\r\nX-Martlet-Draft-Info: e30=\r\n"
    raw = head + b"\r\none\r\n"
    assert same_letter(raw, b"X-Server: y\r\n" + raw.replace(b"\r\n", b"\n"))
    told_anew = head + b"Content-Type: text/html\r\n\r\n<p>one</p>"
    assert same_letter(raw, told_anew)
    assert not same_letter(raw, raw.replace(b"one", b"two"))
    assert not same_letter(raw, raw.replace(b"b@x", b"c@x"))
    assert not same_letter(raw, raw.replace(b"X-Martlet-Draft-Info: e30=\r\n", b""))
