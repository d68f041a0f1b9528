"""Clients and a host in one process: order, errors, changes, ends."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from link.fake_engine import FakeEngine
from martlet.link import frames, messages
from martlet.link.client import Client, greet
from martlet.link.dispatch import BUG
from martlet.link.host import Host, serve
from martlet.link.local import LocalClient
from martlet.link.lock import ProfileLock
from martlet.link.transport import dial
from martlet.mail.account import Account, AccountId, AccountState, SyncReport, WorkerState
from martlet.mail.changes import Change, FoldersChanged, MessagesChanged
from martlet.mail.errors import MailError, Offline, Refused, StoreError, TlsRefused
from martlet.mail.folder import FolderId
from martlet.mail.message import MessageId
from martlet.mail.outgoing import DraftId
from martlet.mail.reading import Picture
from martlet.paths import Profile

WAIT_S = 20.0


class Hosted:
    """A host on a fake engine, and the clients it was asked for."""

    def __init__(self, root: Path) -> None:
        self.profile = Profile(root)
        self.profile.create()
        self.engine = FakeEngine(self.profile)
        self.host = Host(self.profile, self.engine)
        self.clients: list[Client] = []

    def client(self, lasting: bool = True) -> Client:
        self.clients.append(greet(self.profile, lasting=lasting))
        return self.clients[-1]

    def end(self) -> None:
        for client in self.clients:
            client.close()
        self.engine.close()
        self.host.close()


@pytest.fixture
def hosted(tmp_path: Path) -> Iterator[Hosted]:
    hosted = Hosted(tmp_path)
    yield hosted
    hosted.end()


def test_a_call_is_answered_with_its_type(hosted: Hosted) -> None:
    client = hosted.client()
    assert client.call(messages.AccountStates()) == [AccountState(AccountId(1), WorkerState.IDLE)]
    assert client.call(messages.SetFlags([MessageId(1), MessageId(2)], add=["x"])) == 2
    assert client.call(messages.RawMessage(MessageId(5_000_000))) == bytes(5_000_000)


def test_a_mail_error_arrives_whole(hosted: Hosted) -> None:
    client = hosted.client()
    with pytest.raises(Offline) as caught:
        client.call(messages.Move([MessageId(1)], FolderId(1)))
    assert (caught.value.detail, caught.value.account) == ("refused", "work")
    with pytest.raises(TlsRefused) as refused:
        client.call(messages.AccountAdd(Account(AccountId(0), "w", "w@x"), "secret"))
    assert refused.value.fingerprint == "ab"


@pytest.mark.parametrize(
    "request_",
    [messages.Undo(), messages.Archive([MessageId(1)]), messages.DiscardDraft(DraftId(1))],
)
def test_a_bug_becomes_one_sentence_and_the_line_stays(
    hosted: Hosted, request_: messages.Request[object]
) -> None:
    client = hosted.client()
    with pytest.raises(Refused, match=BUG):
        client.call(request_)
    assert client.call(messages.AccountStates())


def test_quick_verbs_keep_their_order_beside_a_slow_one(hosted: Hosted) -> None:
    client = hosted.client()
    answers: queue.Queue[object] = queue.Queue()
    client.submit(messages.Sync(), answers.put)
    for number in range(50):
        client.submit(messages.CheckMail([AccountId(number)]), answers.put)
    for _ in range(50):
        assert answers.get(timeout=WAIT_S) is None
    assert hosted.engine.asked == [f"check_mail [{number}]" for number in range(50)]
    hosted.engine.go.set()
    assert answers.get(timeout=WAIT_S) == [SyncReport("work", new=3, problems=("one",))]


def test_pictures_that_do_not_come_keep_nothing_waiting(hosted: Hosted) -> None:
    client = hosted.client()
    pictures: queue.Queue[object] = queue.Queue()
    for number in range(100):
        client.submit(messages.RemotePicture(MessageId(1), str(number)), pictures.put)
    assert client.call(messages.RawMessage(MessageId(7)), WAIT_S) == bytes(7)
    assert pictures.empty()
    hosted.engine.go.set()
    came = [pictures.get(timeout=WAIT_S) for _ in range(100)]
    assert {one.data for one in came if isinstance(one, Picture)} == {
        b"%d" % number for number in range(100)
    }


def test_nor_without_a_line(tmp_path: Path) -> None:
    """One that hosts the engine itself asks for no more pictures at once than a host does."""
    engine = FakeEngine(Profile(tmp_path))
    client = LocalClient(engine)
    pictures: queue.Queue[object] = queue.Queue()
    before = threading.active_count()
    for number in range(100):
        client.submit(messages.RemotePicture(MessageId(1), str(number)), pictures.put)
    assert threading.active_count() <= before + 4
    assert client.call(messages.RawMessage(MessageId(7))) == bytes(7)
    engine.go.set()
    assert len([pictures.get(timeout=WAIT_S) for _ in range(100)]) == 100


def test_changes_reach_every_client(hosted: Hosted) -> None:
    first, second = hosted.client(), hosted.client(lasting=False)
    seen: queue.Queue[tuple[str, Change]] = queue.Queue()
    first.on_change = lambda change: seen.put(("first", change))
    second.on_change = lambda change: seen.put(("second", change))
    first.call(messages.SetFlags([MessageId(9)]))
    expected = MessagesChanged(FolderId(7), changed=(MessageId(9),))
    assert {seen.get(timeout=WAIT_S)[0] for _ in range(2)} == {"first", "second"}
    second.call(messages.SetFlags([MessageId(9)]))
    assert seen.get(timeout=WAIT_S)[1] == expected


def test_a_callback_that_fails_does_not_end_the_line(hosted: Hosted) -> None:
    client = hosted.client()

    def fail(change: Change) -> None:
        raise ValueError("not ours")

    client.on_change = fail
    client.call(messages.CheckMail())
    assert client.call(messages.AccountStates())


def test_a_callback_may_not_wait_for_the_link(hosted: Hosted) -> None:
    client = hosted.client()
    caught: queue.Queue[str] = queue.Queue()

    def ask_again(answer: object) -> None:
        try:
            client.call(messages.AccountStates())
        except RuntimeError as error:
            caught.put(str(error))

    client.submit(messages.AccountStates(), ask_again)
    assert "cannot wait" in caught.get(timeout=WAIT_S)


def test_a_client_that_does_not_read_is_dropped_not_waited_for(hosted: Hosted) -> None:
    deaf = dial(hosted.profile.socket)
    deaf.send(frames.encode_request(1, messages.Hello()))
    client = hosted.client()
    many = tuple(MessageId(number) for number in range(2000))
    heard = threading.Event()
    last = FoldersChanged(AccountId(99))
    client.on_change = lambda change: heard.set() if change == last else None
    for _ in range(20):  # the reading client keeps up: it is asked between
        for _ in range(400):
            hosted.engine.announce(MessagesChanged(FolderId(1), added=many))
        assert client.call(messages.AccountStates(), WAIT_S)
    hosted.engine.announce(last)
    assert heard.wait(WAIT_S)
    while deaf.receive() is not None:
        pass  # what was queued, then the end
    deaf.close()


def test_a_lost_line_fails_who_waits_and_tells(hosted: Hosted) -> None:
    client = hosted.client()
    lost = threading.Event()
    answers: queue.Queue[object] = queue.Queue()
    client.on_lost = lost.set
    client.submit(messages.Sync(), answers.put)
    hosted.host.close()
    assert lost.wait(WAIT_S)
    answer = answers.get(timeout=WAIT_S)
    assert isinstance(answer, Offline)
    assert answer.summary == "The mail engine stopped."
    with pytest.raises(Offline):
        client.call(messages.AccountStates())
    late = threading.Event()
    client.on_lost = late.set
    assert late.is_set()


def test_that_the_line_is_lost_is_told_before_requests_fail(hosted: Hosted) -> None:
    """Whoever asks again then asks the next engine."""
    client = hosted.client()
    told: queue.Queue[object] = queue.Queue()

    def lost() -> None:
        told.put("lost")
        raise RuntimeError("a bug of its owner")

    client.on_lost = lost
    client.submit(messages.Sync(), told.put)
    client.submit(messages.Sync(), told.put)
    hosted.host.close()
    assert told.get(timeout=WAIT_S) == "lost"
    assert isinstance(told.get(timeout=WAIT_S), Offline)
    assert isinstance(told.get(timeout=WAIT_S), Offline)


def test_closing_tells_nobody_and_waits_for_no_answer(hosted: Hosted) -> None:
    client = hosted.client()
    lost: list[bool] = []
    client.on_lost = lambda: lost.append(True)
    client.close()
    with pytest.raises(Offline):
        client.call(messages.AccountStates())
    assert lost == []


def test_a_call_may_give_up(hosted: Hosted) -> None:
    client = hosted.client()
    with pytest.raises(Offline, match="does not answer"):
        client.call(messages.Sync(), 0.01)
    assert client.call(messages.AccountStates())


def test_another_protocol_is_refused_in_words(hosted: Hosted) -> None:
    line = dial(hosted.profile.socket)
    client = Client(line)
    with pytest.raises(Refused, match="another version"):
        client.call(messages.Hello(protocol=999))
    with pytest.raises(Refused, match="greeted"):
        client.call(messages.AccountStates())
    client.close()


def test_rubbish_ends_that_line_only(hosted: Hosted) -> None:
    client = hosted.client()
    line = dial(hosted.profile.socket)
    line.send(b"\xc1 rubbish")
    assert line.receive() is None
    line.close()
    assert client.call(messages.AccountStates())


def test_a_closing_host_waits_for_commands(hosted: Hosted) -> None:
    command, window = hosted.client(lasting=False), hosted.client()
    lost = threading.Event()
    window.on_lost = lost.set
    answers: queue.Queue[object] = queue.Queue()
    command.submit(messages.Sync(), answers.put)
    closing = threading.Thread(target=hosted.host.close, args=(WAIT_S,))
    closing.start()
    hosted.engine.go.set()
    assert answers.get(timeout=WAIT_S) == [SyncReport("work", new=3, problems=("one",))]
    command.close()
    closing.join(WAIT_S)
    assert not closing.is_alive()
    assert lost.wait(WAIT_S)


def _serving(profile: Profile, engines: list[FakeEngine], stay: bool) -> threading.Thread:
    def make(profile: Profile) -> FakeEngine:
        engines.append(FakeEngine(profile))
        return engines[-1]

    thread = threading.Thread(
        target=serve, args=(profile, make), kwargs={"stay": stay, "grace_s": 0.01}
    )
    thread.start()
    return thread


def _greet(profile: Profile) -> Client:
    while True:
        try:
            return greet(profile, lasting=True)
        except Offline:
            threading.Event().wait(0.01)


def test_an_engine_ends_after_its_last_client(tmp_path: Path) -> None:
    profile = Profile(tmp_path)
    engines: list[FakeEngine] = []
    thread = _serving(profile, engines, stay=False)
    first, second = _greet(profile), _greet(profile)
    first.close()
    assert second.call(messages.AccountStates())
    second.close()
    thread.join(WAIT_S)
    assert not thread.is_alive()
    assert engines[0].started
    assert engines[0].closed
    with pytest.raises(Offline, match="not running"):
        greet(profile, lasting=True)


def test_an_engine_told_to_stay_ends_when_told_to(tmp_path: Path) -> None:
    profile = Profile(tmp_path)
    thread = _serving(profile, [], stay=True)
    client = _greet(profile)
    client.close()
    thread.join(0.1)
    assert thread.is_alive()
    client = _greet(profile)
    client.call(messages.Shutdown())
    thread.join(WAIT_S)
    assert not thread.is_alive()
    client.close()


def test_one_engine_for_one_profile(tmp_path: Path) -> None:
    profile = Profile(tmp_path)
    lock = ProfileLock(profile)
    assert lock.acquire()
    assert not ProfileLock(profile).acquire()
    assert not serve(profile, FakeEngine, lock_wait_s=0.0)
    lock.release()
    assert ProfileLock(profile).acquire()


def test_a_profile_that_cannot_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match="cannot be used"):
        ProfileLock(Profile(tmp_path / "file" / "profile")).acquire()


def test_a_local_client_has_the_same_ways(tmp_path: Path) -> None:
    engine = FakeEngine(Profile(tmp_path))
    client = LocalClient(engine)
    changes: list[Change] = []
    client.on_change = changes.append
    assert client.call(messages.SetFlags([MessageId(3)])) == 1
    assert changes == [MessagesChanged(FolderId(7), changed=(MessageId(3),))]
    with pytest.raises(Refused, match=BUG):
        client.call(messages.Undo())
    answers: queue.Queue[object] = queue.Queue()
    client.submit(messages.Move([], FolderId(1)), answers.put)
    assert isinstance(answers.get(timeout=WAIT_S), MailError)
    client.close()
