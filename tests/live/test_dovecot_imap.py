"""IMAP sessions with a real Dovecot, with all it can do and with each of that taken away."""

from __future__ import annotations

import itertools
import re
import threading
from collections.abc import Generator, Iterator

import pytest

from martlet.mail.account import Pin, Protocol, Security
from martlet.mail.errors import AuthFailed, MailError, Offline, Refused, TlsRefused
from martlet.mail.folder import Role
from martlet.mail.route import Route
from martlet.net.imap import IdleNews, ImapSession
from martlet.net.waker import Waker
from support.dovecot import Dovecot, installed

pytestmark = pytest.mark.skipif(not installed(), reason="Dovecot is not installed")

PLAIN = "IMAP4rev1 SASL-IR NAMESPACE"
CAPABILITIES = {
    "all": "",
    "none": PLAIN,
    "no MOVE": f"{PLAIN} UIDPLUS LITERAL+ ESEARCH ENABLE CONDSTORE SPECIAL-USE LIST-EXTENDED",
    "no UIDPLUS": f"{PLAIN} MOVE LITERAL+ IDLE",
    "no CONDSTORE": f"{PLAIN} MOVE UIDPLUS LITERAL+ IDLE ESEARCH",
    "no QRESYNC": f"{PLAIN} MOVE UIDPLUS ESEARCH ENABLE CONDSTORE LIST-EXTENDED LIST-STATUS",
    "no ENABLE": f"{PLAIN} MOVE UIDPLUS CONDSTORE QRESYNC SPECIAL-USE LIST-STATUS UNSELECT",
    "no LITERAL+": f"{PLAIN} MOVE UIDPLUS IDLE ESEARCH ID ENABLE CONDSTORE",
    "LITERAL-": f"{PLAIN} MOVE UIDPLUS LITERAL- LIST-EXTENDED SPECIAL-USE",
}
_numbers = itertools.count(1)


def letter(number: int, size: int = 100) -> bytes:
    return (
        f"From: Bruno <bruno@example.org>\r\nTo: ada@example.org\r\nSubject: Letter {number}\r\n"
        f"Message-ID: <letter-{number}@example.org>\r\nX-Other: not wanted\r\n"
        "Date: Mon, 01 Jan 2024 00:00:00 +0000\r\nContent-Type: multipart/mixed; boundary=b\r\n"
        "\r\n--b\r\nContent-Type: text/plain\r\n\r\n" + "x" * size + "\r\n--b\r\n"
        'Content-Type: image/png; name="a.png"\r\nContent-Disposition: attachment;\r\n'
        ' filename="a.png"\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n--b--\r\n'
    ).encode()


@pytest.fixture(scope="module", params=list(CAPABILITIES))
def dovecot(request: pytest.FixtureRequest) -> Iterator[Dovecot]:
    with Dovecot(imap_capability=CAPABILITIES[request.param]) as server:
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
def folder(session: ImapSession) -> str:
    """A new folder with three messages, selected."""
    name = f'Büro "{next(_numbers)}" & \\台北'
    session.create(name)
    for number in range(1, 4):
        session.append(name, letter(number), ["\\Flagged"] if number == 3 else [], 1_600_000_000.0)
    session.select(name)
    return name


def test_folders_have_their_roles(session: ImapSession) -> None:
    roles = {f.role: f.name for f in session.list_folders() if f.role is not Role.NONE}
    assert roles == {
        Role.INBOX: "INBOX",
        Role.DRAFTS: "Drafts",
        Role.SENT: "Sent",
        Role.ARCHIVE: "Archive",
        Role.JUNK: "Junk",
        Role.TRASH: "Trash",
    }
    assert all(
        f.subscribed and f.selectable for f in session.list_folders() if f.role is not Role.NONE
    )


def test_folder_life(session: ImapSession) -> None:
    def names() -> dict[str, bool]:
        return {f.name: f.subscribed for f in session.list_folders()}

    session.create("Reise/Köln")
    session.subscribe("Reise/Köln")
    assert names()["Reise/Köln"] is True
    session.unsubscribe("Reise/Köln")
    assert names()["Reise/Köln"] is False
    session.rename("Reise", "Fahrt")
    assert "Fahrt/Köln" in names()
    assert "Reise/Köln" not in names()
    with pytest.raises(Refused):
        session.create("Fahrt/Köln")
    session.delete("Fahrt/Köln")
    assert "Fahrt/Köln" not in names()
    with pytest.raises(Refused):
        session.select("Fahrt/Köln")


def test_summaries_and_bodies(session: ImapSession, folder: str) -> None:
    uids = session.uids()
    assert len(uids) == session.exists == 3
    found = sorted(session.fetch_summaries(uids), key=lambda summary: summary.uid)
    for number, summary in enumerate(found, start=1):
        assert f"Subject: Letter {number}\r\n".encode() in summary.header
        assert b"X-Other" not in summary.header
        assert summary.size == len(letter(number))
        assert summary.received == 1_600_000_000.0
        assert summary.attachments_hint == 1
        assert summary.flags == ({"\\Flagged"} if number == 3 else set())
    assert dict(session.fetch_raw(uids)) == {u: letter(n) for n, u in enumerate(uids, start=1)}
    assert list(session.fetch_raw([uids[-1] + 100])) == []
    assert "\\Seen" not in session.fetch_flags()[uids[0]]


def test_a_stream_may_be_given_up(session: ImapSession, folder: str) -> None:
    uids = session.uids()
    stream = session.fetch_raw(uids)
    next(stream)
    assert isinstance(stream, Generator)
    stream.close()
    assert [s.uid for s in session.fetch_summaries(uids[1:2])] == [uids[1]]


def test_flags(session: ImapSession, folder: str) -> None:
    first, second, third = session.uids()
    before = session.modseq
    session.store([first, second], ["\\Seen", "$Forwarded"], ["\\Flagged"])
    session.store([second], [], ["\\Seen"])
    assert session.fetch_flags() == {
        first: {"\\Seen", "$Forwarded"},
        second: {"$Forwarded"},
        third: {"\\Flagged"},
    }
    changed = session.fetch_flags("1:*", before)
    if "CONDSTORE" in session.capabilities:
        assert set(changed) == {first, second}
        assert session.modseq > before > 0
    else:
        assert set(changed) == {first, second, third}


def test_move(session: ImapSession, folder: str) -> None:
    target = folder + " target"
    session.create(target)
    first, second, third = session.uids()
    new = session.move([third, first], target)
    if "UIDPLUS" in session.capabilities or "MOVE" in session.capabilities:
        assert session.uids() == [second]
    else:
        flags = session.fetch_flags()
        assert flags[first] == {"\\Deleted"}
        assert flags[third] == {"\\Flagged", "\\Deleted"}
    assert session.select(target).exists == 2
    # Dovecot tells COPYUID even where it does not announce UIDPLUS.
    assert sorted(new) == [first, third]
    bodies = dict(session.fetch_raw(session.uids()))
    assert bodies[new[first]] == letter(1)
    assert bodies[new[third]] == letter(3)
    assert session.fetch_flags()[new[third]] == {"\\Flagged"}


def test_copy_and_expunge(session: ImapSession, folder: str) -> None:
    first, second, third = session.uids()
    new = session.copy([second], folder)
    assert list(new) == [second]
    session.store([third], ["\\Deleted"], [])
    done = session.expunge([first])
    left = session.uids()
    assert done is ("UIDPLUS" in session.capabilities)
    assert (first in left) is not done
    # What others marked stays.
    assert third in left
    with pytest.raises(Refused):
        session.copy([second], "no such folder")


def test_append_tells_the_uid_and_is_found(session: ImapSession, folder: str) -> None:
    for size in (10, 5_000, 300_000):
        number = next(_numbers) + 1000
        uid = session.append(folder, letter(number, size), ["\\Seen"])
        session.noop()
        assert session.search_message_id(f"<letter-{number}@example.org>") == [uid]
        assert dict(session.fetch_raw([uid])) == {uid: letter(number, size)}
    assert session.search_message_id("nothing@example.org") == []
    with pytest.raises(Refused):
        session.append("no such folder", letter(1))
    session.noop()


def test_status(session: ImapSession, folder: str) -> None:
    found = session.status([folder, "no such folder", "inbox"])
    assert set(found) == {folder, "inbox"}
    assert (found[folder].messages, found[folder].unseen) == (3, 3)
    selected = session.select(folder)
    assert found[folder].uid_validity == selected.uid_validity
    assert found[folder].uid_next == selected.uid_next
    assert session.select(folder, read_only=True).read_only
    assert not session.select(folder).read_only


def test_idle_hears_of_mail_and_flags(dovecot: Dovecot, session: ImapSession, folder: str) -> None:
    waker = Waker()
    session.take_news()
    other = enter(dovecot)
    other.select(folder)
    waits = "IDLE" in session.capabilities
    if waits:
        thread = threading.Thread(target=other.append, args=(folder, letter(7)))
    else:
        other.append(folder, letter(7))
        thread = threading.Thread(target=other.noop)
    thread.start()
    assert session.idle(waker, 60 if waits else 0) == IdleNews(changed=True, woken=False)
    thread.join()
    assert session.exists == 4
    other.store(session.uids()[:1], ["\\Answered"], [])
    assert session.idle(waker, 60 if waits else 0).changed
    session.noop()
    session.take_news()
    waker.wake()
    assert session.idle(waker, 60) == IdleNews(changed=False, woken=True)
    assert session.idle(waker, 0) == IdleNews(changed=False, woken=False)
    other.logout()
    waker.close()


@pytest.fixture(scope="module")
def one() -> Iterator[Dovecot]:
    with Dovecot() as server:
        yield server


@pytest.mark.parametrize("security", list(Security))
@pytest.mark.parametrize("auth", ["", "PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"])
def test_ways_of_signing_in(one: Dovecot, security: Security, auth: str) -> None:
    server = one.server(Protocol.IMAP, security=security, auth=auth)
    session = ImapSession.open(server, one.password, route=Route(ca_file=one.ca_file))
    session.select("INBOX")
    session.logout()
    with pytest.raises(AuthFailed):
        ImapSession.open(server, "wrong", route=Route(ca_file=one.ca_file))


def test_a_mechanism_not_offered(one: Dovecot) -> None:
    with pytest.raises(AuthFailed):
        ImapSession.open(
            one.server(Protocol.IMAP, auth="XOAUTH2"), "x", route=Route(ca_file=one.ca_file)
        )


def test_a_certificate_is_shown_and_may_be_pinned(one: Dovecot) -> None:
    server = one.server(Protocol.IMAP)
    with pytest.raises(TlsRefused) as caught:
        ImapSession.open(server, one.password)
    assert caught.value.fingerprint == one.certificates.sha256
    pin = Pin(server.host, caught.value.fingerprint)
    ImapSession.open(server, one.password, route=Route(pins=(pin,))).logout()


def test_login_without_sasl(one: Dovecot) -> None:
    """LOGIN, with a password that needs quoting and one that needs a literal."""
    passwords = {"ada": 'se"cr\\et', "bruno": "päßword"}
    with Dovecot(passwords, mechanisms="plain") as dovecot:
        for user, password in passwords.items():
            server = dovecot.server(Protocol.IMAP, user=user, auth="LOGIN")
            ImapSession.open(server, password, route=Route(ca_file=dovecot.ca_file)).logout()


def test_many_messages_arrive_whole() -> None:
    """More than a batch, in the order asked for by batches; bodies beside summaries."""
    with Dovecot() as dovecot:
        dovecot.deliver_many("ada", (letter(n) for n in range(1, 1201)))
        session = enter(dovecot)
        assert session.select("INBOX").exists == 1200
        uids = session.uids()
        found = [summary.uid for summary in session.fetch_summaries(uids[::-1])]
        assert sorted(found) == uids
        assert min(found[:250]) == uids[-250]
        for uid, raw in session.fetch_raw(uids):
            assert raw == letter(uid)
        session.store(uids, ["\\Seen"], [])
        assert set(session.fetch_flags().values()) == {frozenset({"\\Seen"})}
        assert len(session.move(uids, "Archive")) == 1200
        session.logout()


def test_the_server_goes_away_and_comes_back() -> None:
    with Dovecot() as dovecot:
        dovecot.deliver("ada", letter(1))
        session = enter(dovecot)
        session.select("INBOX")
        dovecot.stop()
        with pytest.raises(Offline):
            session.noop()
        session.close()
        with pytest.raises(MailError) as caught:
            enter(dovecot)
        assert isinstance(caught.value, Offline)
        dovecot.start()
        session = enter(dovecot)
        assert session.select("INBOX").exists == 1
        session.logout()


def test_roles_by_name_where_the_server_does_not_tell() -> None:
    with Dovecot(special_use=False) as dovecot:
        session = enter(dovecot)
        for name in ("Gesendete Objekte", "Entwürfe", "Papierkorb"):
            session.create(name)
        roles = {f.role: f.name for f in session.list_folders() if f.role is not Role.NONE}
        assert roles == {
            Role.INBOX: "INBOX",
            Role.SENT: "Gesendete Objekte",
            Role.DRAFTS: "Entwürfe",
            Role.TRASH: "Papierkorb",
        }
        session.logout()


def test_no_password_in_what_the_server_logs(one: Dovecot) -> None:
    assert not re.search(r"secret", one.log.read_text("utf-8", "replace"))
