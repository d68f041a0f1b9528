"""Uploads that were tried again without knowing of the try before, and what is found under the
name of a draft: none lies there twice, none comes back, nobody else's text is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from martlet.mail.message import DRAFT, SEEN
from support.awkward import Awkward, Call, HangUp, behave
from support.draft_side import Side, texts, with_drafts


def refuse(call: Call) -> bytes:
    return call.no("[OVERQUOTA] full") if call.name == "APPEND" else call.run()


def cut_each(call: Call) -> bytes:
    """The answer to an upload never comes, however often it is tried."""
    if call.name == "APPEND":
        call.run()
        raise HangUp
    return call.run()


def cut_before(call: Call) -> bytes:
    if call.name == "APPEND":
        raise HangUp
    return call.run()


def written_twice(side: Side, server: Awkward) -> None:
    """One version of a letter is there. The next was refused, then tried until the line was cut."""
    letter = side.write("one")
    side.here.sync()
    side.change(letter, "two")
    server.tamper = refuse
    side.here.sync()
    server.tamper = cut_each
    side.here.sync()
    server.tamper = behave


def test_what_such_a_try_left_is_the_drafts_own_though_the_folder_was_compared_since(
    tmp_path: Path,
) -> None:
    with with_drafts() as server, Side(tmp_path, server) as side:
        written_twice(side, server)
        assert "two" in texts(server)
        side.here.sync()
        assert texts(server) == ["two"]
        (row,) = side.rows()
        assert side.here.reader.draft_shown_in(row.id)
        assert side.here.pending() == 0


@pytest.mark.parametrize("sent", [True, False])
def test_a_version_that_was_replaced_is_not_put_there_to_be_deleted(
    tmp_path: Path, sent: bool
) -> None:
    with with_drafts() as server, Side(tmp_path, server) as side:
        letter = side.write("one")
        side.here.sync()
        side.change(letter, "two")
        server.tamper = cut_before
        side.here.sync()
        side.change(letter, "three")
        if sent:
            side.here.engine.send(side.draft(letter), 9999.0)
        put: list[str] = []

        def watch(call: Call) -> bytes:
            put.append(call.name)
            return call.run()

        server.tamper = watch
        side.here.sync()
        side.here.sync()
        assert put.count("APPEND") == (0 if sent else 1)
        assert texts(server) == ([] if sent else ["three"])
        assert side.here.pending() == 0
        assert "elsewhere" not in side.here.said()


def test_of_a_letter_that_was_sent_no_copy_stays(tmp_path: Path) -> None:
    with with_drafts() as server, Side(tmp_path, server) as side:
        letter = side.write("one")
        server.tamper = cut_each
        side.here.sync()
        side.change(letter, "two")
        side.here.engine.send(side.draft(letter), 9999.0)
        side.here.sync()
        server.tamper = behave
        side.here.sync()
        side.here.sync()
        assert texts(server) == []
        assert side.rows() == []


def test_anothers_text_under_the_name_of_a_copy_that_is_to_go_is_shown(tmp_path: Path) -> None:
    """Even where the server lies of what it has taken, and its numbers then add up."""
    with with_drafts() as server, Side(tmp_path, server) as side:
        letter = side.write("one")
        side.here.sync()
        side.change(letter, "two")
        server.tamper = refuse
        side.here.sync()
        folder = server.folder("Drafts")
        folder.uid_validity += 1
        (there,) = folder.letters
        server.mailbox.remove(folder, [there])
        head = there.raw.partition(b"\r\n\r\n")[0]
        server.put("Drafts", head + b"\r\n\r\nsix\r\n", [DRAFT, SEEN])

        def lie(call: Call) -> bytes:
            if call.name != "APPEND":
                return call.run()
            where = b"%d 10001" % folder.uid_validity
            return call.tag + b" OK [APPENDUID " + where + b"] done\r\n"

        server.tamper = lie
        side.here.sync()
        server.tamper = behave
        for _ in range(3):
            side.here.engine.close_draft(letter)
            side.here.sync()
        assert texts(server) == side.texts_here() == ["six", "two"]
