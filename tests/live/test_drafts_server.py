"""Drafts on a server: one copy of each, whatever is cut off, refused, or changed elsewhere."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from pathlib import Path

import pytest

from martlet.mail.message import DRAFT, SEEN, Address, MessageId
from martlet.mail.outgoing import Draft, DraftId, DraftKind, OutgoingPart, Priority, SendOptions
from martlet.mime.headers import parse_headers
from support.awkward import USUAL, Awkward, Call, HangUp, behave
from support.draft_side import WITHOUT_UIDPLUS, Side, keys, texts, with_drafts

SERVERS = pytest.mark.parametrize("capabilities", [USUAL, WITHOUT_UIDPLUS])


def hang_up_once(server: Awkward, name: str, *, done: bool) -> None:
    """The line is lost at the next such command: once the server has done it, or before."""

    def tamper(call: Call) -> bytes:
        if call.name == name:
            server.tamper = behave
            if done:
                call.run()
            raise HangUp
        return call.run()

    server.tamper = tamper


@SERVERS
def test_a_closed_letter_is_in_drafts_once_however_often_it_is_written(
    tmp_path: Path, capabilities: str
) -> None:
    with with_drafts(capabilities) as server, Side(tmp_path, server) as side:
        letter = side.write("one")
        assert [row.subject for row in side.rows()] == ["Plan"]  # before any server has it
        side.here.sync()
        assert texts(server) == ["one"]
        ((_, flags),) = server.world()["Drafts"]
        assert flags == {DRAFT, SEEN}
        (key,) = keys(server)
        for words in ("two", "three"):
            side.change(letter, words)
            side.here.sync()
            assert texts(server) == [words]
            assert keys(server) == [key]
        side.here.sync()
        assert side.texts_here() == ["three"]
        assert side.here.pending() == 0
        assert not side.here.notices


def test_an_open_letter_is_not_uploaded(tmp_path: Path) -> None:
    with with_drafts() as server, Side(tmp_path, server) as side:
        letter = side.write("one", closed=False)
        side.change(letter, "two", closed=False)
        side.here.sync()
        assert texts(server) == []
        assert side.rows() == []
        side.here.engine.close_draft(letter)
        side.here.sync()
        assert texts(server) == ["two"]


def test_what_is_written_offline_goes_up_once(tmp_path: Path) -> None:
    with with_drafts() as server, Side(tmp_path, server) as side:
        letter = side.write("one")
        for words in ("two", "three", "four"):
            side.change(letter, words)
            assert len(side.rows()) == 1
        before = len(server.commands)
        side.here.sync()
        assert texts(server) == ["four"]
        assert sum(line.startswith(b"APPEND") for line in server.commands[before:]) == 1


@SERVERS
@pytest.mark.parametrize("name", ["APPEND", "UID STORE", "UID EXPUNGE"])
@pytest.mark.parametrize("done", [True, False])
@pytest.mark.parametrize("restart", [True, False])
def test_a_line_lost_at_any_step_leaves_one(
    tmp_path: Path, capabilities: str, name: str, done: bool, restart: bool
) -> None:
    with with_drafts(capabilities) as server, Side(tmp_path, server) as side:
        letter = side.write("one")
        side.here.sync()
        side.change(letter, "two")
        hang_up_once(server, name, done=done)
        side.here.sync()
        assert "one" in texts(server) or "two" in texts(server)
        if restart:
            side.here.restart()
        side.change(letter, "three")
        side.here.sync()
        side.here.sync()
        assert texts(server) == ["three"]
        assert side.texts_here() == ["three"]
        assert side.here.pending() == 0


@SERVERS
@pytest.mark.parametrize("restart", [True, False])
def test_a_letter_given_up_after_its_upload_was_cut_off_is_not_there(
    tmp_path: Path, capabilities: str, restart: bool
) -> None:
    with with_drafts(capabilities) as server, Side(tmp_path, server) as side:
        letter = side.write("one")
        hang_up_once(server, "APPEND", done=True)
        side.here.sync()
        assert texts(server) == ["one"]
        side.here.engine.discard_draft(letter)
        if restart:
            side.here.restart()
        side.here.sync()
        assert texts(server) == []
        assert side.rows() == []


@SERVERS
def test_a_refused_upload_is_said_once_and_tried_again(tmp_path: Path, capabilities: str) -> None:
    def full(call: Call) -> bytes:
        return call.no("[OVERQUOTA] Quota exceeded") if call.name == "APPEND" else call.run()

    with with_drafts(capabilities) as server, Side(tmp_path, server) as side:
        letter = side.write("one")
        side.here.sync()
        server.tamper = full
        side.change(letter, "two")
        for _ in range(3):
            side.here.sync()
        (notice,) = side.here.notices
        assert "stays on this computer" in notice.summary
        assert texts(server) == ["one"]
        assert side.texts_here() == ["two"]
        side.change(letter, "three")
        side.here.sync()
        assert len(side.here.notices) == 1
        assert side.texts_here() == ["three"]
        server.tamper = behave
        side.here.sync()
        side.here.sync()
        assert texts(server) == ["three"]
        assert side.here.pending() == 0


def test_a_folder_that_goes_takes_no_draft_along(tmp_path: Path) -> None:
    with with_drafts() as server, Side(tmp_path, server) as side:
        letter = side.write("one")
        side.here.sync()
        unsent = side.write("two", subject="Other")
        kept = server.mailbox.folders.pop("Drafts")
        side.here.sync()
        assert {draft.id for draft in side.here.reader.drafts_only_here()} == {letter, unsent}
        server.mailbox.folders["Drafts"] = kept
        side.here.sync()
        side.here.engine.close_draft(letter)
        side.here.sync()
        side.here.sync()
        assert texts(server) == ["one", "two"]
        assert side.texts_here() == ["one", "two"]
        assert side.here.reader.drafts_only_here() == []


@SERVERS
def test_another_uidvalidity_multiplies_nothing(tmp_path: Path, capabilities: str) -> None:
    with with_drafts(capabilities) as server, Side(tmp_path, server) as side:
        letter = side.write("one")
        side.here.sync()
        side.change(letter, "two")
        server.folder("Drafts").uid_validity += 7
        side.here.sync()
        side.here.sync()
        side.change(letter, "three")
        side.here.sync()
        side.here.sync()
        assert texts(server) == ["three"]
        assert side.texts_here() == ["three"]


def test_sending_takes_the_draft_away_there_too(tmp_path: Path) -> None:
    with with_drafts() as server, Side(tmp_path, server) as side:
        letter = side.write("one")
        side.here.sync()
        draft = side.draft(letter)
        outbox = side.here.engine.send(draft, 3600)
        assert side.here.engine.save_draft(draft) == letter  # a save that came late
        assert side.here.engine.save_draft(replace(draft, id=DraftId(0))) == 0
        side.here.sync()
        assert texts(server) == []
        assert side.rows() == []
        assert side.here.reader.drafts() == []
        back = side.here.engine.outbox_cancel(outbox)
        assert side.draft(back).key == draft.key
        side.here.engine.close_draft(back)
        side.here.sync()
        assert texts(server) == ["one"]


def test_deleting_the_row_deletes_the_draft_and_undo_brings_it_back(tmp_path: Path) -> None:
    with with_drafts() as server, Side(tmp_path, server) as side:
        letter = side.write("one")
        side.here.sync()
        (row,) = side.rows()
        side.here.engine.delete([row.id], False)
        side.here.sync()
        assert texts(server) == []
        assert side.here.reader.drafts_only_here() == []
        side.here.engine.undo()
        side.here.sync()
        assert texts(server) == ["one"]
        (row,) = side.rows()
        assert side.here.engine.open_draft(row.id).id == letter
        side.here.engine.delete([row.id], True)
        side.here.engine.close_draft(letter)
        side.here.sync()
        assert texts(server) == []
        assert side.here.reader.drafts() == []


def test_undo_passes_over_what_saving_did(tmp_path: Path) -> None:
    with with_drafts() as server, Side(tmp_path, server) as side:
        letter = side.write("one")
        side.here.sync()
        side.change(letter, "two")
        assert side.here.engine.undo() == ""
        side.here.sync()
        assert texts(server) == ["two"]


def test_another_device_goes_on(tmp_path: Path) -> None:
    options = SendOptions(
        dsn=True, receipt=True, priority=Priority.HIGH, headers=(("X-Mine", "ü"),)
    )
    with (
        with_drafts() as server,
        Side(tmp_path / "a", server) as one,
        Side(tmp_path / "b", server) as two,
    ):
        part = one.here.engine.attach_bytes("größe.txt", "text/plain", b"content")
        (account,) = one.here.reader.accounts()
        draft = Draft(
            DraftId(0), account.id, to=(Address("", "bob"),), cc=(Address("Ü", "u@example.org"),),
            bcc=(Address("Sé", "s@example.org"),), subject="旅行", html="<p>Hi <b>you</b></p>",
            parts=(part,), options=options, send_at=time.time() + 1e6,
            in_reply_to="<q@example.org>",
            references=("<p@example.org>", "<q@example.org>"),
            reply_to=(Address("", "answers@example.org"),),
        )  # fmt: skip
        letter = one.here.engine.save_draft(draft, True)
        one.here.sync()
        two.here.sync()
        (row,) = two.rows()
        assert (row.subject, row.attachments) == ("旅行", 1)
        read = two.here.engine.open_draft(row.id)
        written = one.draft(letter)
        assert read.key == written.key
        for name in ("cc", "bcc", "subject", "options", "send_at", "in_reply_to", "references"):
            assert getattr(read, name) == getattr(written, name), name
        assert read.reply_to == written.reply_to
        assert [a.address for a in read.to] == ["bob"]
        assert [(p.name, p.size) for p in read.parts] == [("größe.txt", 7)]
        assert "<b>you</b>" in (read.html or "") or "<strong>you" in (read.html or "")
        two.here.engine.save_draft(replace(read, subject="Reise"), True)
        two.here.sync()
        one.here.sync()
        assert [row.subject for row in one.rows()] == ["Reise"]
        assert one.here.reader.drafts() == []
        assert not one.here.notices


def test_a_forwarded_original_stays_sealed_on_another_device(tmp_path: Path) -> None:
    with (
        with_drafts() as server,
        Side(tmp_path / "a", server) as one,
        Side(tmp_path / "b", server) as two,
    ):
        (account,) = one.here.reader.accounts()
        original = "<p>Theirs</p><div>and <b>more</b></div>"
        draft = Draft(
            DraftId(0), account.id, subject="Fw", html="<div>Mine</div>", original=original,
            kind=DraftKind.FORWARD,
        )  # fmt: skip
        one.here.engine.save_draft(draft, True)
        one.here.sync()
        two.here.sync()
        read = two.here.engine.open_draft(two.rows()[0].id)
        assert (read.kind, read.original) == (DraftKind.FORWARD, original)
        assert "Mine" in (read.html or "")
        assert "Theirs" not in (read.html or "")


def test_a_signature_is_known_on_another_device(tmp_path: Path) -> None:
    with (
        with_drafts() as server,
        Side(tmp_path / "a", server) as one,
        Side(tmp_path / "b", server) as two,
    ):
        (account,) = one.here.reader.accounts()
        html = '<div>Hi</div><div class="moz-signature"><div>-- </div><div>Ada</div></div>'
        one.here.engine.save_draft(Draft(DraftId(0), account.id, subject="S", html=html), True)
        one.here.sync()
        two.here.sync()
        read = two.here.engine.open_draft(two.rows()[0].id)
        assert '<div class="moz-signature"><div>-- </div>' in (read.html or "")


def changed_elsewhere(server: Awkward, text: bytes) -> None:
    """As Thunderbird does: another message for the old one, without our fields."""
    folder = server.folder("Drafts")
    (old,) = [one for one in folder.letters if "\\Deleted" not in one.flags]
    raw = re.sub(rb"(?s)X-Martlet-Draft-I.*?(?=Date:)", b"", old.raw)
    raw = re.sub(rb"Message-ID: .*", b"Message-ID: <tb@example.org>\r", raw)
    server.mailbox.remove(folder, [old])
    server.put("Drafts", raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" + text, [DRAFT, SEEN])


def test_changed_elsewhere_and_not_here_the_newer_one_is_shown(tmp_path: Path) -> None:
    with with_drafts() as server, Side(tmp_path, server) as side:
        side.write("one")
        side.here.sync()
        changed_elsewhere(server, b"theirs\r\n")
        side.here.sync()
        assert side.texts_here() == ["theirs"]
        assert texts(server) == ["theirs"]
        assert not side.here.notices


@SERVERS
def test_changed_on_both_sides_both_are_kept_and_it_is_said(
    tmp_path: Path, capabilities: str
) -> None:
    with with_drafts(capabilities) as server, Side(tmp_path, server) as side:
        letter = side.write("one")
        side.here.sync()
        side.change(letter, "ours")
        changed_elsewhere(server, b"theirs\r\n")
        side.here.sync()
        side.here.sync()
        assert texts(server) == ["ours", "theirs"]
        assert side.texts_here() == ["ours", "theirs"]
        (notice,) = side.here.notices
        assert "both are kept" in notice.summary


def test_changed_elsewhere_while_it_is_open(tmp_path: Path) -> None:
    with with_drafts() as server, Side(tmp_path, server) as side:
        letter = side.write("one")
        side.here.sync()
        side.change(letter, "ours", closed=False)
        changed_elsewhere(server, b"theirs\r\n")
        side.here.sync()
        standing = side.here.reader.draft_standing(letter)
        assert standing is not None
        (row,) = side.rows()
        assert standing.elsewhere == row.id
        side.here.engine.settle_draft(letter)
        side.change(letter, "ours")
        side.here.sync()
        assert texts(server) == ["ours", "theirs"]


def test_deleted_elsewhere(tmp_path: Path) -> None:
    with with_drafts() as server, Side(tmp_path, server) as side:
        gone, newer = side.write("one"), side.write("two", subject="Newer")
        side.here.sync()
        side.change(newer, "ours", closed=False)
        folder = server.folder("Drafts")
        server.mailbox.remove(folder, list(folder.letters))
        side.here.sync()
        assert side.here.reader.draft(gone) is None
        standing = side.here.reader.draft_standing(newer)
        assert standing is not None
        assert standing.elsewhere == MessageId(-1)
        side.change(newer, "ours")
        side.here.sync()
        assert texts(server) == ["ours"]


def test_a_lost_attachment_keeps_the_letter(tmp_path: Path) -> None:
    with with_drafts() as server, Side(tmp_path, server) as side:
        letter = side.write("one", closed=False)
        lost = OutgoingPart("a.txt", "text/plain", 3, "0" * 64)
        draft = replace(side.draft(letter), parts=(lost,))
        side.here.engine.save_draft(draft, True)
        (only,) = side.here.reader.drafts_only_here()
        assert only.id == letter
        side.here.engine.save_draft(replace(draft, parts=()), True)
        side.here.sync()
        assert texts(server) == ["one"]
        assert side.here.reader.drafts_only_here() == []


def test_thunderbirds_drafts_open_well(tmp_path: Path) -> None:
    with with_drafts() as server, Side(tmp_path, server) as side:
        server.put("Drafts", THUNDERBIRD, [DRAFT, SEEN])
        side.here.sync()
        (row,) = side.rows()
        draft = side.here.engine.open_draft(row.id)
        assert [a.address for a in draft.to] == ["bea@example.org"]
        assert [a.address for a in draft.bcc] == ["cy@example.org"]
        assert [a.address for a in draft.reply_to] == ["re@example.org"]
        assert draft.options.receipt
        assert draft.options.dsn
        assert draft.options.priority is Priority.HIGHEST
        assert {(p.name, bool(p.content_id)) for p in draft.parts} == {
            ("dot.png", True),
            ("note.txt", False),
        }
        assert 'src="cid:part1@example.org"' in (draft.html or "")
        side.here.engine.save_draft(replace(draft, subject="Mine now"), True)
        side.here.sync()
        ((raw, _),) = server.world()["Drafts"]
        assert parse_headers(raw).get("subject") == b"Mine now"


THUNDERBIRD = b"""Message-ID: <0c1f@example.org>\r
Date: Sat, 21 Nov 2026 10:00:00 +0100\r
MIME-Version: 1.0\r
User-Agent: Mozilla Thunderbird\r
X-Mozilla-Draft-Info: internal/draft; vcard=0; receipt=1; DSN=1; uuencode=0;\r
 attachmentreminder=0; deliveryformat=1\r
X-Identity-Key: id1\r
X-Priority: 1 (Highest)\r
From: Ada <ada@example.org>\r
To: Bea <bea@example.org>\r
Bcc: cy@example.org\r
Reply-To: re@example.org\r
Subject: Half done\r
Content-Type: multipart/mixed; boundary="m"\r
\r
--m\r
Content-Type: multipart/related; boundary="r"\r
\r
--r\r
Content-Type: text/html; charset=UTF-8\r
Content-Transfer-Encoding: 8bit\r
\r
<!DOCTYPE html><html><head><meta http-equiv="content-type" content="text/html; charset=UTF-8">\r
</head><body><p>Look: <img moz-do-not-send="false" src="cid:part1@example.org" alt=""></p>\r
</body></html>\r
--r\r
Content-Type: image/png; name="dot.png"\r
Content-Disposition: inline; filename="dot.png"\r
Content-Id: <part1@example.org>\r
Content-Transfer-Encoding: base64\r
\r
iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==\r
--r--\r
\r
--m\r
Content-Type: text/plain; charset=UTF-8; name="note.txt"\r
Content-Disposition: attachment; filename="note.txt"\r
\r
note\r
--m--\r
"""
