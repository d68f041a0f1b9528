"""The engine against servers that are not Dovecot: Cyrus, twice, and Courier.

Cyrus has every extension and other ideas of them; with its old names, as Courier, it keeps all
folders below "INBOX." and parts their names by dots. Courier has no MOVE, CONDSTORE or special use.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from martlet.engine.engine import Engine
from martlet.mail.account import AccountId, Protocol, WorkerState
from martlet.mail.folder import Role
from martlet.mail.message import FLAGGED, SEEN
from martlet.mime.headers import parse_headers
from martlet.net.imap import ImapSession
from martlet.paths import Profile
from support import courier, cyrus
from support.courier import Courier
from support.cyrus import Cyrus
from support.passes import Here, World, account, letter
from support.watching import Watch

NO_CYRUS = pytest.mark.skipif(not cyrus.installed(), reason="Cyrus is not here")
NO_COURIER = pytest.mark.skipif(not courier.installed(), reason="Courier is not here")
ROLES = {"Archive": Role.ARCHIVE, "Trash": Role.TRASH, "Sent": Role.SENT, "Drafts": Role.DRAFTS}
NAMES = ("旅行", "Ünïcode & more", "Projects")


@dataclass(slots=True)
class Place:
    """One server, another client on it, and what comes before a folder's name."""

    server: Cyrus | Courier
    user: str
    other: ImapSession
    prefix: str
    delimiter: str

    def put(self, number: int, folder: str = "INBOX", flags: frozenset[str] = frozenset()) -> None:
        self.other.append(self.name(folder), letter(number), flags, None)

    def name(self, leaf: str) -> str:
        return leaf if leaf == "INBOX" else self.prefix + leaf

    def uid(self, number: int, folder: str = "INBOX") -> int:
        self.other.select(self.name(folder))
        (uid,) = self.other.search_message_id(f"<{number}@example.org>")
        return uid

    def world(self) -> World:
        found: World = Counter()
        for folder in self.other.list_folders():
            if folder.selectable:
                self.other.select(folder.name)
                for summary in self.other.fetch_summaries(self.other.uids()):
                    subject = parse_headers(summary.header).get("subject").decode()
                    flags = summary.flags - {"\\Recent"}
                    if "\\Deleted" not in flags:
                        found[folder.name, subject, flags] += 1
        return found


@pytest.fixture(
    scope="module",
    params=[
        pytest.param("cyrus", marks=NO_CYRUS),
        pytest.param("cyrus-inbox-prefix", marks=NO_CYRUS),
        pytest.param("courier", marks=NO_COURIER),
    ],
)
def server(request: pytest.FixtureRequest) -> Iterator[Cyrus | Courier]:
    made = Courier() if request.param == "courier" else Cyrus(inbox_prefix="-" in request.param)
    with made:
        yield made


@pytest.fixture
def place(request: pytest.FixtureRequest, server: Cyrus | Courier) -> Iterator[Place]:
    # Every test has a user, and so a mailbox, of its own.
    user = "u" + str(abs(hash(request.node.name)) % 10**9)
    other = ImapSession.open(server.server(user), server.password)
    dots = isinstance(server, Courier) or server.inbox_prefix
    place = Place(server, user, other, "INBOX." if dots else "", "." if dots else "/")
    if isinstance(server, Courier):
        for name in ROLES:
            other.create(place.name(name))
            other.subscribe(place.name(name))
    for number in range(1, 8):
        place.put(number)
    place.put(20, "Archive", frozenset({SEEN}))
    other.create(place.name("Plans"))
    other.subscribe(place.name("Plans"))
    place.put(21, "Plans")
    yield place
    other.close()


@pytest.fixture
def here(tmp_path: Path, place: Place) -> Iterator[Here]:
    user = place.user
    with Here(tmp_path / "profile", account(place.server.server(user))) as made:
        report = made.sync()
        assert (report.error, report.problems) == ("", ()), made.said()
        # No worker that carries over each change at once.
        made.restart()
        yield made


def settle(here: Here, place: Place) -> None:
    for _ in range(2):
        report = here.sync()
        assert (report.error, report.problems) == ("", ()), here.said()
    assert here.pending() == 0
    assert here.world() == place.world()
    assert sum(here.bodies().values()) == place.world().total()


def test_first_pass(here: Here, place: Place) -> None:
    settle(here, place)
    roles = {f.leaf: f.role for f in here.reader.folders() if f.role is not Role.NONE}
    assert roles.items() >= (ROLES | {"INBOX": Role.INBOX}).items()
    assert {f.delimiter for f in here.reader.folders()} == {place.delimiter}


def test_flags_and_keywords_go_both_ways(here: Here, place: Place) -> None:
    here.engine.set_flags([here.row(1).id, here.row(2).id], [SEEN, "project", "$Forwarded"], [])
    here.engine.set_flags([here.row(20, place.name("Archive")).id], [FLAGGED], [SEEN])
    place.other.select("INBOX")
    place.other.store([place.uid(3)], [FLAGGED, "urgent"], [])
    settle(here, place)
    assert here.row(1).flags | here.row(1).tags == {SEEN, "project", "$Forwarded"}
    assert here.row(3).flags | here.row(3).tags == {FLAGGED, "urgent"}
    here.restart()
    here.engine.set_flags([here.row(1).id], [], ["project"])
    place.other.store([place.uid(3)], [], ["urgent"])
    settle(here, place)
    assert "project" not in here.row(1).tags
    assert "urgent" not in here.row(3).tags


def test_moves_copies_and_deletions_from_here(here: Here, place: Place) -> None:
    archive = here.role(Role.ARCHIVE)
    here.engine.move([here.row(1).id, here.row(2).id], archive.id)
    here.engine.copy([here.row(3).id], archive.id)
    here.engine.delete([here.row(4).id], False)
    here.engine.delete([here.row(5).id], True)
    settle(here, place)
    assert here.subjects() == ["3", "6", "7"]
    assert here.subjects(archive.name) == ["1", "2", "3", "20"]
    assert here.subjects(place.name("Trash")) == ["4"]


def test_moves_and_deletions_from_there(here: Here, place: Place) -> None:
    place.other.select("INBOX")
    place.other.move([place.uid(1)], place.name("Archive"))
    place.other.select("INBOX")
    place.other.expunge([place.uid(2)])
    place.put(8)
    settle(here, place)
    assert here.subjects() == ["3", "4", "5", "6", "7", "8"]
    assert here.subjects(place.name("Archive")) == ["1", "20"]


def test_folders_of_all_names_are_made_renamed_and_deleted(here: Here, place: Place) -> None:
    (one,) = here.reader.accounts()
    for name in NAMES:
        made = here.engine.folder_create(one.id, place.name(name))
        here.engine.copy([here.row(1).id], made)
    settle(here, place)
    assert {place.name(name) for name in NAMES} <= set(here.names())
    here.restart()
    new = place.name("搬家")
    here.engine.folder_rename(here.folder(place.name(NAMES[0])).id, new)
    settle(here, place)
    assert here.subjects(new) == ["1"]
    assert place.name(NAMES[0]) not in here.names()
    here.restart()
    here.engine.folder_subscribe(here.folder(new).id, False)
    here.engine.folder_delete(here.folder(place.name(NAMES[1])).id, True)
    settle(here, place)
    listed = {f.name: f for f in place.other.list_folders()}
    assert not listed[new].subscribed
    assert place.name(NAMES[1]) not in listed


def test_a_folder_renamed_there_keeps_its_messages(here: Here, place: Place) -> None:
    place.other.rename(place.name("Plans"), place.name("Old"))
    settle(here, place)
    assert here.subjects(place.name("Old")) == ["21"]
    place.other.delete(place.name("Old"))
    settle(here, place)
    assert place.name("Old") not in here.names()


def test_a_folder_made_anew_has_new_uidvalidity(here: Here, place: Place) -> None:
    place.other.delete(place.name("Plans"))
    place.other.create(place.name("Plans"))
    place.put(40, "Plans")
    place.put(21, "Plans")
    settle(here, place)
    assert here.subjects(place.name("Plans")) == ["21", "40"]


def test_all_of_it_offline_then_at_once(here: Here, place: Place) -> None:
    (one,) = here.reader.accounts()
    work = here.engine.folder_create(one.id, place.name("Work"))
    here.engine.move([here.row(1).id], work)
    here.engine.set_flags([here.row(1, place.name("Work")).id], [SEEN], [])
    here.engine.folder_rename(work, place.name("Play"))
    here.engine.move([here.row(2).id], work)
    here.engine.move([here.row(2, place.name("Play")).id], here.role(Role.ARCHIVE).id)
    here.engine.delete([here.row(3).id], False)
    here.engine.undo()
    place.put(9)
    settle(here, place)
    assert place.name("Play") in here.names(), here.said()
    assert here.subjects(place.name("Play")) == ["1"]
    assert here.subjects() == ["3", "4", "5", "6", "7", "9"]


def test_news_in_idle(here: Here, place: Place) -> None:
    here.engine.close()
    here.engine = Engine(Profile(here.root))
    watch = Watch(here.engine)
    here.engine.start()
    watch.until(lambda: len(here.subjects()) == 7)
    place.put(30)
    watch.until(lambda: "30" in here.subjects())
    watch.state(AccountId(1), Protocol.IMAP, WorkerState.IDLE)
    uid = place.uid(1)
    place.other.store([uid], [FLAGGED], [])
    watch.until(lambda: FLAGGED in here.row(1).flags)
    place.other.expunge([uid])
    watch.until(lambda: "1" not in here.subjects())
