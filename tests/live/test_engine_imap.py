"""The engine against a real Dovecot: both ways, offline, and news by IDLE."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest

from martlet.engine.engine import Engine
from martlet.mail.account import Account, AccountId, Keep, Protocol, SecretSource, WorkerState
from martlet.mail.changes import MessagesChanged
from martlet.mail.errors import Refused
from martlet.mail.folder import Folder, FolderId, Role
from martlet.mail.message import FLAGGED, SEEN, MessageRow
from martlet.paths import Profile
from martlet.store.reader import Reader
from support.dovecot import Dovecot, installed
from support.watching import Watch

pytestmark = pytest.mark.skipif(not installed(), reason="Dovecot is not installed")


def letter(number: int, subject: str = "") -> bytes:
    message = EmailMessage()
    message["From"] = "Bruno Rossi <bruno@example.org>"
    message["To"] = "Ada <ada@example.org>"
    message["Subject"] = subject or f"Letter {number}"
    message["Date"] = f"Mon, 01 Jan 2024 00:{number // 60 % 60:02}:{number % 60:02} +0000"
    message["Message-ID"] = f"<letter-{number}@example.org>"
    message.set_content(f"This is letter number {number}, about 季度预算.\n")
    return message.as_bytes()


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    with Dovecot() as server:
        yield server


def account(server: Dovecot, user: str = "ada") -> Account:
    return Account(
        AccountId(0),
        "work",
        f"{user}@example.org",
        incoming=server.server(Protocol.IMAP, user),
        secret=SecretSource.ASK,
        ca_file=server.ca_file,
        # The letters here are older than what is kept by default.
        keep=Keep.ALL,
    )


class Bench:
    """An engine on a profile of its own, with one account, and a reader of its store."""

    def __init__(self, root: Path, server: Dovecot, user: str = "ada") -> None:
        self.server = server
        self.user = user
        self.engine = Engine(Profile(root))
        self.account = self.engine.account_add(account(server, user), server.password)
        self.reader = Reader(root)

    def sync(self) -> None:
        (report,) = self.engine.sync([], False)
        assert report.error == ""
        assert report.problems == ()

    def sync_all(self) -> None:
        for report in self.engine.sync([], False):
            assert (report.error, report.problems) == ("", ())

    def folder(self, role: Role) -> Folder:
        return next(f for f in self.reader.folders() if f.role is role)

    def named(self, name: str) -> Folder | None:
        return next((f for f in self.reader.folders() if f.name == name), None)

    def rows(self, folder: FolderId) -> list[MessageRow]:
        return self.reader.page(folder, None, 1000)

    def server_flags(self, folder: str, message_id: str) -> str:
        return self.server.doveadm(
            "fetch", "-u", self.user, "flags", "mailbox", folder,
            "header", "message-id", message_id,
        )  # fmt: skip

    def server_subjects(self, folder: str) -> list[str]:
        said = self.server.doveadm("fetch", "-u", self.user, "hdr.subject", "mailbox", folder)
        return sorted(
            line.removeprefix("hdr.subject: ").strip()
            for line in said.splitlines()
            if line.startswith("hdr.subject")
        )


@pytest.fixture
def bench(tmp_path: Path, dovecot: Dovecot) -> Iterator[Bench]:
    for name in dovecot.doveadm("mailbox", "list", "-u", "ada").split("\n"):
        if name:
            dovecot.doveadm("expunge", "-u", "ada", "mailbox", name, "all")
    made = Bench(tmp_path / "profile", dovecot)
    yield made
    made.engine.close()


def test_everything_comes_newest_first_and_can_be_read_offline(
    bench: Bench, dovecot: Dovecot
) -> None:
    dovecot.deliver_many("ada", [letter(n) for n in range(1, 701)])
    bench.sync()
    inbox = bench.folder(Role.INBOX)
    rows = bench.rows(inbox.id)
    assert (inbox.total, inbox.unread) == (700, 700)
    assert [row.subject for row in rows] == [f"Letter {n}" for n in range(700, 0, -1)]
    assert all(row.has_body for row in rows)
    dovecot.stop()
    try:
        rendered = bench.engine.render(rows[3].id)
        assert "letter number 697" in rendered.text
        assert bench.reader.search("预算", limit=3)[0].subject == "Letter 700"
    finally:
        dovecot.start()
    (report,) = bench.engine.sync([], False)
    assert (report.new, report.removed, report.changed) == (0, 0, 0)


def test_roles_come_from_special_use(bench: Bench) -> None:
    bench.sync()
    roles = {f.role for f in bench.reader.folders()}
    assert {Role.INBOX, Role.SENT, Role.DRAFTS, Role.TRASH, Role.JUNK, Role.ARCHIVE} <= roles


def test_flags_go_both_ways(bench: Bench, dovecot: Dovecot) -> None:
    dovecot.deliver_many("ada", [letter(1), letter(2)])
    bench.sync()
    inbox = bench.folder(Role.INBOX)
    newest, oldest = bench.rows(inbox.id)
    first = ("header", "message-id", "<letter-1@example.org>")
    second = ("header", "message-id", "<letter-2@example.org>")
    bench.engine.set_flags([newest.id], [SEEN, "project"], [])
    assert bench.rows(inbox.id)[0].flags == {SEEN}
    dovecot.doveadm("flags", "add", "-u", "ada", "\\Flagged", "mailbox", "INBOX", *first)
    bench.sync()
    said = bench.server_flags("INBOX", "<letter-2@example.org>")
    assert "\\Seen" in said
    assert "project" in said
    rows = bench.rows(inbox.id)
    assert rows[0].tags == {"project"}
    assert FLAGGED in rows[1].flags
    assert oldest.id == rows[1].id
    dovecot.doveadm("flags", "remove", "-u", "ada", "\\Seen", "mailbox", "INBOX", *second)
    bench.sync()
    assert bench.rows(inbox.id)[0].flags == frozenset()


def test_move_delete_archive_and_undo_reach_the_server(bench: Bench, dovecot: Dovecot) -> None:
    dovecot.deliver_many("ada", [letter(n) for n in range(1, 6)])
    bench.sync()
    inbox, junk, trash = (bench.folder(r) for r in (Role.INBOX, Role.JUNK, Role.TRASH))
    by_subject = {row.subject: row.id for row in bench.rows(inbox.id)}
    dovecot.stop()
    bench.engine.move([by_subject["Letter 1"]], junk.id)
    bench.engine.delete([by_subject["Letter 2"]], False)
    bench.engine.archive([by_subject["Letter 3"]])
    bench.engine.delete([by_subject["Letter 4"]], True)
    # True here at once, with no server.
    assert [row.subject for row in bench.rows(inbox.id)] == ["Letter 5"]
    assert [row.subject for row in bench.rows(trash.id)] == ["Letter 2"]
    dovecot.start()
    bench.sync()
    assert bench.server_subjects("INBOX") == ["Letter 5"]
    assert bench.server_subjects("Junk") == ["Letter 1"]
    assert bench.server_subjects("Trash") == ["Letter 2"]
    assert bench.server_subjects("Archive") == ["Letter 3"]
    bench.engine.move([by_subject["Letter 5"]], junk.id)
    bench.sync()
    assert bench.engine.undo() != ""
    bench.sync()
    assert bench.server_subjects("INBOX") == ["Letter 5"]
    assert [row.subject for row in bench.rows(inbox.id)] == ["Letter 5"]
    assert all(row.uid for row in bench.rows(inbox.id))


def test_what_is_gone_on_the_server_goes_here(bench: Bench, dovecot: Dovecot) -> None:
    dovecot.deliver_many("ada", [letter(n) for n in range(1, 4)])
    bench.sync()
    second = ("header", "message-id", "<letter-2@example.org>")
    dovecot.doveadm("expunge", "-u", "ada", "mailbox", "INBOX", *second)
    dovecot.deliver("ada", letter(9))
    bench.sync()
    inbox = bench.folder(Role.INBOX)
    assert [row.subject for row in bench.rows(inbox.id)] == ["Letter 9", "Letter 3", "Letter 1"]


def test_new_uidvalidity_loses_and_doubles_nothing(bench: Bench, dovecot: Dovecot) -> None:
    dovecot.deliver_many("ada", [letter(n) for n in range(1, 31)])
    bench.sync()
    inbox = bench.folder(Role.INBOX)
    before = {row.id for row in bench.rows(inbox.id)}
    dovecot.doveadm("mailbox", "update", "-u", "ada", "--uid-validity", "4711", "INBOX")
    bench.sync()
    rows = bench.rows(inbox.id)
    assert {row.id for row in rows} == before
    assert all(row.uid and row.has_body for row in rows)


def test_folders_are_made_renamed_and_deleted_on_the_server(bench: Bench, dovecot: Dovecot) -> None:
    bench.sync()
    made = bench.engine.folder_create(bench.account, "旅行 & more")
    bench.sync()
    assert "旅行 & more" in dovecot.doveadm("mailbox", "list", "-8", "-u", "ada")
    dovecot.deliver("ada", letter(1))
    bench.sync()
    (row,) = bench.rows(bench.folder(Role.INBOX).id)
    bench.engine.move([row.id], made)
    bench.sync()
    bench.engine.folder_rename(made, "Reisen")
    bench.sync()
    listed = dovecot.doveadm("mailbox", "list", "-u", "ada").split("\n")
    assert "Reisen" in listed
    assert [r.id for r in bench.rows(made)] == [row.id]
    # A deleted folder is below Trash, and comes back by Undo; both sides agree each time.
    bench.engine.folder_delete(made, False)
    bench.sync()
    listed = dovecot.doveadm("mailbox", "list", "-u", "ada").split("\n")
    assert "Reisen" not in listed
    assert "Trash/Reisen" in listed
    assert [r.id for r in bench.rows(made)] == [row.id]
    assert bench.engine.undo() == "Deletion of folder Reisen"
    bench.sync()
    assert "Reisen" in dovecot.doveadm("mailbox", "list", "-u", "ada").split("\n")
    assert [r.id for r in bench.rows(made)] == [row.id]
    # What others call by another name keeps its mail, with what was fetched of it.
    assert all(r.has_body for r in bench.rows(made))
    dovecot.doveadm("mailbox", "rename", "-u", "ada", "Reisen", "Viajes")
    bench.sync()
    renamed = bench.named("Viajes")
    assert renamed is not None
    assert renamed.id == made
    assert [(r.id, r.has_body) for r in bench.rows(made)] == [(row.id, True)]
    bench.engine.folder_delete(made, True)
    bench.sync()
    assert "Viajes" not in dovecot.doveadm("mailbox", "list", "-u", "ada").split("\n")
    assert bench.named("Reisen") is None


def test_news_come_by_idle(bench: Bench, dovecot: Dovecot) -> None:
    watch = Watch(bench.engine)
    bench.engine.start()
    watch.state(bench.account, Protocol.IMAP, WorkerState.IDLE)
    inbox = bench.folder(Role.INBOX)
    dovecot.deliver("ada", letter(77, "Just now"))
    watch.change(lambda c: isinstance(c, MessagesChanged) and c.folder_id == inbox.id)
    (row,) = bench.rows(inbox.id)
    assert row.subject == "Just now"
    # A change made while the worker idles goes out at once.
    bench.engine.set_flags([row.id], [SEEN], [])
    watch.until(lambda: "\\Seen" in bench.server_flags("INBOX", "<letter-77@example.org>"))


def test_wrong_password_stops_and_is_told(tmp_path: Path, dovecot: Dovecot) -> None:
    engine = Engine(Profile(tmp_path))
    try:
        watch = Watch(engine)
        made = engine.account_add(account(dovecot, "bruno"), "not the password")
        engine.start()
        told = watch.state(made, Protocol.IMAP, WorkerState.NEEDS_PASSWORD)
        assert told.state.problem != ""
        (report,) = engine.sync([], False)
        assert report.error == told.state.problem
        engine.set_password(made, dovecot.password)
        watch.state(made, Protocol.IMAP, WorkerState.IDLE)
    finally:
        engine.close()


def test_unknown_certificate_is_shown_and_can_be_trusted(tmp_path: Path, dovecot: Dovecot) -> None:
    engine = Engine(Profile(tmp_path))
    try:
        watch = Watch(engine)
        made = engine.account_add(replace(account(dovecot), ca_file=""), dovecot.password)
        engine.start()
        told = watch.state(made, Protocol.IMAP, WorkerState.NEEDS_DECISION).state
        assert len(told.fingerprint) == 64
        assert told.certificate != ""
        engine.trust_certificate(made, told.host, told.fingerprint)
        watch.state(made, Protocol.IMAP, WorkerState.IDLE)
    finally:
        engine.close()


def test_a_move_to_another_account_is_an_upload_then_a_deletion(
    bench: Bench, dovecot: Dovecot
) -> None:
    for name in ("INBOX", "Archive"):
        dovecot.doveadm("expunge", "-u", "bruno", "mailbox", name, "all")
    other = bench.engine.account_add(
        replace(account(dovecot, "bruno"), name="other"), dovecot.password
    )
    dovecot.deliver("ada", letter(1))
    bench.sync_all()
    (row,) = bench.rows(bench.folder(Role.INBOX).id)
    target = next(
        f for f in bench.reader.folders() if f.account_id == other and f.role is Role.ARCHIVE
    )
    assert bench.engine.move([row.id], target.id) == 1
    assert [r.subject for r in bench.rows(target.id)] == ["Letter 1"]
    bench.sync_all()
    assert bench.server_subjects("INBOX") == []
    said = dovecot.doveadm("fetch", "-u", "bruno", "hdr.subject", "mailbox", "Archive")
    assert said.count("Letter 1") == 1
    bench.sync_all()
    assert [r.subject for r in bench.rows(target.id)] == ["Letter 1"]


def test_a_copy_can_be_found_by_its_text(bench: Bench, dovecot: Dovecot) -> None:
    dovecot.deliver("ada", letter(5))
    bench.sync()
    (row,) = bench.rows(bench.folder(Role.INBOX).id)
    bench.engine.copy([row.id], bench.folder(Role.ARCHIVE).id)
    bench.sync()
    assert bench.server_subjects("Archive") == ["Letter 5"]
    assert len(bench.rows(bench.folder(Role.ARCHIVE).id)) == 1
    bench.engine.tidy()
    assert len(bench.reader.search("number 5")) == 2


def test_a_pending_deletion_never_hits_mail_of_a_new_uidvalidity(
    bench: Bench, dovecot: Dovecot
) -> None:
    dovecot.deliver_many("ada", [letter(1, "one"), letter(2, "two")], "Reborn")
    bench.sync()
    reborn = bench.named("Reborn")
    assert reborn is not None
    (one,) = [row for row in bench.rows(reborn.id) if row.subject == "one"]
    bench.engine.delete([one.id], True)
    # The same uids name other mail now.
    dovecot.doveadm("mailbox", "delete", "-u", "ada", "-s", "Reborn")
    dovecot.deliver_many("ada", [letter(n, f"precious {n}") for n in (11, 12)], "Reborn")
    dovecot.doveadm("mailbox", "update", "-u", "ada", "--uid-validity", "4000000000", "Reborn")
    bench.sync()
    assert bench.server_subjects("Reborn") == ["precious 11", "precious 12"]
    again = bench.named("Reborn")
    assert again is not None
    assert sorted(row.subject for row in bench.rows(again.id)) == ["precious 11", "precious 12"]


def test_undo_does_not_skip_a_deletion_for_good_in_silence(bench: Bench, dovecot: Dovecot) -> None:
    dovecot.deliver_many("ada", [letter(1), letter(2)])
    bench.sync()
    inbox = bench.folder(Role.INBOX)
    newest, oldest = bench.rows(inbox.id)
    bench.engine.set_flags([newest.id], [FLAGGED], [])
    bench.engine.delete([oldest.id], True)
    bench.sync()
    with pytest.raises(Refused):
        bench.engine.undo()
    assert FLAGGED in bench.rows(inbox.id)[0].flags
    # Asked again, the user means what went before.
    assert bench.engine.undo() != ""
    assert FLAGGED not in bench.rows(inbox.id)[0].flags


def test_marks_that_reading_makes_are_not_undone(bench: Bench, dovecot: Dovecot) -> None:
    dovecot.deliver("ada", letter(1))
    bench.sync()
    inbox = bench.folder(Role.INBOX)
    (row,) = bench.rows(inbox.id)
    bench.engine.set_flags([row.id], [FLAGGED], [])
    bench.engine.set_flags([row.id], [SEEN], [], by_hand=False)
    bench.engine.undo()
    assert bench.rows(inbox.id)[0].flags == {SEEN}
    assert bench.engine.undo() == ""


def test_a_server_with_an_inbox_alone_gets_what_the_user_says(tmp_path: Path) -> None:
    with Dovecot(special_use=False) as plain:
        plain.deliver_many("ada", [letter(1), letter(2), letter(3)])
        bench = Bench(tmp_path / "profile", plain)
        try:
            bench.sync()
            newest, middle, oldest = bench.rows(bench.folder(Role.INBOX).id)
            with pytest.raises(Refused) as asked:
                bench.engine.delete([newest.id], False)
            assert asked.value.detail == "role:trash"
            made = bench.engine.folder_create(bench.account, "Bin for all")
            bench.engine.folder_role(made, Role.TRASH)
            bench.engine.delete([newest.id], False)
            bench.sync()
            assert bench.server_subjects("Bin for all") == ["Letter 3"]
            assert [row.id for row in bench.rows(made)] == [newest.id]
            assert bench.folder(Role.TRASH).id == made
            # Deleted there by another program, and moved here before we knew.
            plain.doveadm("expunge", "-u", "ada", "mailbox", "INBOX",
                          "header", "message-id", "<letter-2@example.org>")  # fmt: skip
            bench.engine.move([middle.id], made)
            (report,) = bench.engine.sync([], False)
            assert report.error == ""
            bench.sync()
            lines = bench.reader.log(bench.account, 99)
            conflicts = [line.sentence for line in lines if line.kind == "conflict"]
            assert conflicts == [
                "Martlet could not move “Letter 2” to Bin for all: no longer on the server."
            ]
            assert [row.id for row in bench.rows(bench.folder(Role.INBOX).id)] == [oldest.id]
            names = plain.doveadm("mailbox", "list", "-u", "ada").split("\n")
            assert sorted(name for name in names if name) == ["Bin for all", "INBOX"]
        finally:
            bench.engine.close()


def test_folders_come_back_after_a_restart(bench: Bench, dovecot: Dovecot, tmp_path: Path) -> None:
    dovecot.deliver("ada", letter(1), "Trips/2024")
    bench.sync()
    trips, inner = bench.named("Trips"), bench.named("Trips/2024")
    assert trips is not None
    assert inner is not None
    (row,) = bench.rows(inner.id)
    bench.engine.folder_rename(trips.id, "Travels")
    bench.sync()
    # An engine that has not worked yet has no thread that could tell the server.
    bench.engine.close()
    bench.engine = Engine(Profile(tmp_path / "profile"))
    bench.engine.folder_delete(trips.id, True)
    bench.engine.close()
    bench.engine = Engine(Profile(tmp_path / "profile"))
    assert bench.engine.undo() == "Deletion of folder Travels"
    assert bench.engine.undo() == "Renaming of folder Trips to Travels"
    bench.engine.set_password(bench.account, dovecot.password)
    bench.sync()
    listed = dovecot.doveadm("mailbox", "list", "-u", "ada").split("\n")
    assert {"Trips", "Trips/2024"} <= set(listed)
    assert not {"Travels", "Travels/2024"} & set(listed)
    assert [r.id for r in bench.rows(inner.id)] == [row.id]
    bench.engine.folder_delete(trips.id, True)
    bench.sync()
    assert "Trips" not in dovecot.doveadm("mailbox", "list", "-u", "ada").split("\n")
    with pytest.raises(Refused, match="folder deleted for good"):
        bench.engine.undo()
