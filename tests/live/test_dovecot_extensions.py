"""What Dovecot's extensions bring an IMAP session, and what it does where they are missing."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator

import pytest

from martlet.mail.account import Protocol
from martlet.mail.errors import Refused
from martlet.mail.folder import Role
from martlet.mail.route import Route
from martlet.mail.sync import Quota, SyncState
from martlet.net.imap import ImapSession
from martlet.net.waker import Waker
from support.dovecot import Dovecot, installed
from support.overheard import Overheard

pytestmark = pytest.mark.skipif(not installed(), reason="Dovecot is not installed")

SETTINGS = """
protocol imap {
  mail_plugins = $mail_plugins imap_zlib quota imap_quota acl imap_acl
}
plugin {
  quota = count:User quota
  quota_rule = *:storage=10M
  quota_vsizes = yes
  acl = vfile
}
"""
BARE = "IMAP4rev1 SASL-IR"
FILE = bytes(range(256)) * 300


def letter(number: int) -> bytes:
    return (
        f"From: Bruno <bruno@example.org>\r\nTo: ada@example.org\r\nSubject: Letter {number}\r\n"
        f"Message-ID: <letter-{number}@example.org>\r\nDate: Mon, 01 Jan 2024 00:00:00 +0000\r\n"
        f"\r\nDear Ada, this is number {number}. Grüße\r\n"
    ).encode()


def parcel() -> bytes:
    inner = b"Subject: inside\r\nContent-Type: text/plain\r\n\r\nHello\r\n"
    return (
        b"From: b@example.org\r\nSubject: Parcel\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
        b"Content-Type: text/plain; charset=utf-8\r\n\r\nLook.\r\n--b\r\n"
        b"Content-Type: message/rfc822\r\n\r\n" + inner + b"\r\n--b\r\n"
        b"Content-Type: application/octet-stream; name*=utf-8''%C3%BCber.bin\r\n"
        b"Content-Disposition: attachment; filename*=utf-8''%C3%BCber.bin\r\n"
        b"Content-ID: <c@x>\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + b"QUJDREVGR0hJSktM\r\n" * 5000
        + b"--b--\r\n"
    )


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    with Dovecot(settings=SETTINGS) as server:
        yield server


@pytest.fixture(scope="module")
def bare() -> Iterator[Dovecot]:
    with Dovecot(imap_capability=BARE) as server:
        yield server


def enter(dovecot: Dovecot) -> ImapSession:
    server = dovecot.server(Protocol.IMAP)
    return ImapSession.open(
        server, dovecot.password, route=Route(ca_file=dovecot.ca_file), timeout_s=20
    )


@pytest.fixture
def session(dovecot: Dovecot) -> Iterator[ImapSession]:
    made = enter(dovecot)
    yield made
    made.logout()


@pytest.fixture
def folder(session: ImapSession, request: pytest.FixtureRequest) -> str:
    """A new folder with four messages, selected; UIDs 1 to 4."""
    name = "F" + re.sub(r"\W", "-", request.node.name)
    session.create(name)
    for number in range(1, 5):
        session.append(name, letter(number))
    session.select(name)
    return name


def test_signing_in_and_counting_all_folders_takes_two_round_trips(dovecot: Dovecot) -> None:
    with Overheard(dovecot.imap) as line:
        session = ImapSession.open(line.server(Protocol.IMAP, auth="PLAIN"), dovecot.password)
        found = session.list_folders(status=True)
        assert len(line.turns) == 2
        assert [c.split(b" ")[0] for c in line.commands] == [
            b"AUTHENTICATE",
            b"ID",
            b"ENABLE",
            b"LIST",
        ]
        assert all(f.status for f in found if f.selectable)
        session.logout()


def test_counts_are_the_same_however_they_are_asked(dovecot: Dovecot, bare: Dovecot) -> None:
    for server in (dovecot, bare):
        server.deliver_many("bruno", [letter(n) for n in range(3)], "Archive")
        with Overheard(server.imap) as line:
            session = ImapSession.open(line.server(Protocol.IMAP, "bruno"), server.password)
            line.forget()
            folders = {f.name: f for f in session.list_folders(status=True)}
            # LIST and LSUB, then all STATUS together.
            assert len(line.turns) == (1 if server is dovecot else 2)
            alone = session.status(list(folders))
            assert {n: f.status for n, f in folders.items()} == alone
            status = alone["Archive"]
            assert (status.messages, status.unseen, status.uid_next) == (3, 3, 4)
            assert (status.size > 0) is (status.modseq > 0) is (server is dovecot)
            session.logout()


def test_resync_tells_what_went_and_what_changed(session: ImapSession, folder: str) -> None:
    assert {"QRESYNC", "CONDSTORE"} <= session.enabled
    before = session.select(folder)
    state = SyncState(before.uid_validity, before.uid_next, before.modseq)
    assert not before.resynced
    session.unselect()
    assert session.select(folder, since=state).resynced
    session.expunge([1, 3])
    assert session.exists == 2  # VANISHED now counts
    session.store([2], ["\\Seen", "$Forwarded"], [])
    session.append(folder, letter(5))
    session.unselect()
    found = session.select(folder, since=state)
    assert found.resynced
    assert {uid for first, last in found.gone for uid in range(first, last + 1)} == {1, 3}
    assert found.changed == {2: {"\\Seen", "$Forwarded"}, 5: set()}
    assert session.exists == found.exists == 3  # VANISHED (EARLIER) does not
    assert [s.uid for s in session.fetch_new(before.uid_next)] == [5]
    assert list(session.fetch_new(6)) == []
    other = SyncState(before.uid_validity + 1, before.uid_next, before.modseq)
    assert not session.select(folder, since=other).resynced


def test_another_session_hears_of_what_vanishes(dovecot: Dovecot, folder: str) -> None:
    one, other = enter(dovecot), enter(dovecot)
    one.select(folder)
    other.select(folder)
    one.expunge([2, 3])
    other.noop()
    assert other.exists == one.exists == 2
    one.logout()
    other.logout()


def test_without_qresync_select_tells_nothing_more(bare: Dovecot) -> None:
    session = enter(bare)
    assert session.enabled == frozenset()
    session.append("Sent", letter(1))
    found = session.select("Sent", since=SyncState(1, 1, 1))
    assert (found.resynced, found.gone, found.changed) == (False, (), {})
    assert len(list(session.fetch_new(found.uid_next - 1))) == 1
    assert list(session.fetch_new(found.uid_next)) == []
    session.logout()


def test_parts_and_ranges(session: ImapSession, folder: str) -> None:
    uid = session.append(folder, parcel())
    session.select(folder)
    whole = session.fetch_structure(uid)
    assert whole is not None
    text, message, file = whole.children
    assert (whole.section, whole.content_type) == ("", "multipart/mixed")
    assert (text.section, text.parameters) == ("1", {"charset": "utf-8"})
    assert [c.section for c in message.children] == ["2.1"]
    assert (file.filename, file.content_id, file.disposition) == ("über.bin", "<c@x>", "attachment")
    found = session.fetch_sections(uid, ["HEADER", "1", "2.HEADER", "2.1", "3.MIME", ""])
    assert found["1"] == b"Look."
    assert found["2.1"] == b"Hello\r\n"
    assert b"Subject: inside" in found["2.HEADER"]
    assert b"Content-ID: <c@x>" in found["3.MIME"]
    assert found[""] == parcel()
    encoded = session.fetch_sections(uid, ["3"])["3"]
    assert len(encoded) == file.size
    pieces = b""
    while piece := session.fetch_range(uid, "3", len(pieces), 40_000):
        pieces += piece
    assert pieces == encoded
    assert "\\Seen" not in session.fetch_flags(str(uid))[uid]
    session.expunge([uid])
    assert session.fetch_structure(uid) is None
    with pytest.raises(Refused):
        session.fetch_range(uid, "3", 0, 10)


def test_previews_and_dates(session: ImapSession, folder: str) -> None:
    (summary,) = session.fetch_summaries([2], preview=True)
    assert summary.preview == "Dear Ada, this is number 2. Grüße"
    (summary,) = session.fetch_summaries([2])
    assert summary.preview == ""
    dates = session.save_dates([1, 2])
    assert set(dates) == {1, 2}
    assert all(date > 1_500_000_000 for date in dates.values())


def test_the_server_searches(session: ImapSession, folder: str) -> None:
    head = "Subject: x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    session.append(folder, f"{head}Grüße 台北\r\n".encode())
    session.noop()
    assert session.search_text("台北 grüße") == [5]
    assert session.search_text("number dear") == [1, 2, 3, 4]
    assert session.search_text("letter-2@example.org") == [2]
    assert session.search_text("nothing of the kind") == []


def test_quota_rights_and_namespaces(dovecot: Dovecot, bare: Dovecot, session: ImapSession) -> None:
    (quota,) = session.quota("INBOX")
    assert quota == Quota("User quota", "STORAGE", quota.used, 10_240)
    assert set("lrswipt") <= set(session.rights("INBOX"))
    assert session.namespaces().personal[0].delimiter == "/"
    other = enter(bare)
    assert other.quota("INBOX") == ()
    assert other.rights("INBOX") == ""
    assert other.namespaces().personal == ()
    other.logout()


def test_a_folder_is_made_though_its_purpose_is_not_taken() -> None:
    """Dovecot 2.3 knows no USE in CREATE; this one claims that it does."""
    settings = "protocol imap {\n  imap_capability = +CREATE-SPECIAL-USE\n}\n"
    with Dovecot(settings=settings, special_use=False) as dovecot:
        session = enter(dovecot)
        assert "CREATE-SPECIAL-USE" in session.capabilities
        session.create("Gesendet", Role.SENT)
        assert {f.role: f.name for f in session.list_folders()}[Role.SENT] == "Gesendet"
        session.logout()


def test_binary_content_is_kept_and_given(session: ImapSession, folder: str) -> None:
    raw = b"Subject: nul\r\nContent-Type: application/octet-stream\r\n"
    raw += b"Content-Transfer-Encoding: binary\r\n\r\n" + FILE
    uid = session.append(folder, raw)
    session.select(folder)
    ((_, found),) = session.fetch_raw([uid])
    assert found.startswith(b"Subject: nul\r\n")


def test_compressed_all_is_the_same_and_smaller(dovecot: Dovecot, folder: str) -> None:
    session, plain = enter(dovecot), enter(dovecot)
    assert session.compress()
    raw = letter(9) + b"again and again\r\n" * 50_000
    uid = session.append(folder, raw)
    before = session.bytes_out
    assert before < 20_000
    for each in (session, plain):
        each.select(folder)
        assert dict(each.fetch_raw([uid])) == {uid: raw}
        assert len(each.uids()) == 5
    assert session.bytes_in * 10 < plain.bytes_in
    waker = Waker()
    thread = threading.Thread(target=plain.store, args=([1], ["\\Seen"], []))
    thread.start()
    assert session.idle(waker, 60).changed
    thread.join()
    waker.wake()
    assert session.idle(waker, 60).woken
    waker.close()
    session.logout()
    plain.logout()


def test_what_is_not_offered_is_not_tried(bare: Dovecot) -> None:
    session = enter(bare)
    session.select("INBOX")
    assert session.compress() is False
    assert session.notify() is False
    session.unselect()
    assert session.selected == "INBOX"
    session.logout()


def test_notify_tells_of_all_folders(dovecot: Dovecot, folder: str) -> None:
    session, other = enter(dovecot), enter(dovecot)
    session.select(folder)
    assert session.notify()
    waker = Waker()

    def until_told(name: str) -> int:
        while True:
            news = session.idle(waker, 60)
            assert not news.woken
            if name in news.folders:
                return news.folders[name].messages

    other.append("Archive", letter(1))
    count = until_told("Archive")
    assert count == session.status(["Archive"])["Archive"].messages
    other.create("Brand new")
    while not session.idle(waker, 60).listed:
        pass
    other.append(folder, letter(7))
    while not session.idle(waker, 60).changed:
        pass
    assert session.exists == 5
    assert session.notifying
    waker.close()
    session.logout()
    other.logout()


def test_neither_expunge_nor_close_is_ever_said(bare: Dovecot, dovecot: Dovecot) -> None:
    """Everything a session can do to messages and folders, overheard."""
    for server in (bare, dovecot):
        with Overheard(server.imap) as line:
            session = ImapSession.open(line.server(Protocol.IMAP), server.password)
            for name in ("One", "Two"):
                session.create(name)
            for number in range(6):
                session.append("One", letter(number))
            session.select("One")
            session.store([6], ["\\Deleted"], [])
            session.copy([1], "Two")
            session.move([2], "Two")
            done = session.expunge([3])
            session.unselect()
            session.select("Two")
            session.rename("One", "Three")
            session.select("Three")
            assert {1, 4, 5, 6} <= set(session.uids())
            assert done is ("UIDPLUS" in session.capabilities)
            session.delete("Two")
            session.delete("Three")
            session.logout()
            words = [command.split(b" ")[0].upper() for command in line.commands]
            assert b"DELETE" in words
            assert not {b"EXPUNGE", b"CLOSE"} & set(words)
            sent = [c for c in line.commands if b"EXPUNGE" in c.upper()]
            assert all(re.fullmatch(rb"UID EXPUNGE [\d:,]+", command) for command in sent)
