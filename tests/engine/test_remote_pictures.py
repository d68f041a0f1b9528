"""Pictures from the internet: each is asked for once, for messages that name it."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from martlet.engine.picture_cache import KEPT_BYTES
from martlet.engine.remote_pictures import RemotePictures
from martlet.mail.errors import MailError, Offline, Refused
from martlet.mail.message import MessageId
from martlet.mail.reading import Picture
from martlet.mail.route import STRAIGHT, Route

ONE, TWO = MessageId(1), MessageId(2)
URL, OTHER = "https://a.example/1.png", "https://a.example/2.png"
PICTURE = Picture("image/png", b"x")


class Net:
    """Answers what it is told to; asked: what it was asked for."""

    def __init__(self, answer: Picture | MailError = PICTURE) -> None:
        self.answer = answer
        self.asked: list[str] = []

    def __call__(self, url: str, route: Route) -> Picture:
        self.asked.append(url)
        if isinstance(self.answer, MailError):
            raise self.answer
        return self.answer


def made(
    fetch: Callable[[str, Route], Picture], clock: Callable[[], float] = lambda: 0.0
) -> RemotePictures:
    """Message 1 names URL and OTHER, no other message names any."""
    return RemotePictures(
        fetch,
        lambda message_id: (URL, OTHER) if message_id == ONE else (),
        lambda message_id: STRAIGHT,
        clock=clock,
    )


def test_what_no_message_names_is_not_fetched() -> None:
    net = Net()
    pictures = made(net)
    for message, url in ((ONE, "https://a.example/3.png"), (TWO, URL), (ONE, "")):
        with pytest.raises(Refused):
            pictures.get(message, url)
    assert net.asked == []
    # Another message naming it lets only that one have it.
    pictures.seen(TWO, [URL])
    assert pictures.get(TWO, URL) == PICTURE
    with pytest.raises(Refused):
        pictures.get(TWO, OTHER)


def test_it_is_fetched_once() -> None:
    net = Net()
    pictures = made(net)
    assert [pictures.get(ONE, URL) for _ in range(3)] == [PICTURE] * 3
    assert net.asked == [URL]


def test_those_who_want_it_at_once_share_it() -> None:
    begun, go_on = threading.Event(), threading.Event()
    net = Net()

    def slow(url: str, route: Route) -> Picture:
        begun.set()
        assert go_on.wait(20)
        return net(url, route)

    pictures = made(slow)
    found: list[Picture] = []
    threads = [
        threading.Thread(target=lambda: found.append(pictures.get(ONE, URL))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    assert begun.wait(20)
    go_on.set()
    for thread in threads:
        thread.join(20)
    assert found == [PICTURE] * 4
    assert net.asked == [URL]


def test_a_refusal_is_remembered_and_being_offline_not_for_long() -> None:
    now = [0.0]
    net = Net(Refused("no"))
    pictures = made(net, lambda: now[0])
    for _ in range(3):
        with pytest.raises(Refused, match="no"):
            pictures.get(ONE, URL)
    now[0] = 1e9
    with pytest.raises(Refused, match="no"):
        pictures.get(ONE, URL)
    assert net.asked == [URL]
    net.answer = Offline("away")
    for _ in range(3):
        with pytest.raises(Offline):
            pictures.get(ONE, OTHER)
    assert net.asked == [URL, OTHER]
    now[0] += 31.0
    net.answer = PICTURE
    assert pictures.get(ONE, OTHER) == PICTURE


def test_each_who_asks_is_told_by_an_error_of_his_own() -> None:
    """One that is raised again and again grows with each, and threads change it for each other."""
    pictures = made(Net(Refused("no", "HTTP 404")))
    errors: list[Refused] = []
    for _ in range(3):
        with pytest.raises(Refused) as found:
            pictures.get(ONE, URL)
        errors.append(found.value)
    assert len(set(map(id, errors))) == 3
    assert {(error.summary, error.detail) for error in errors} == {("no", "HTTP 404")}
    assert all(error.__cause__ is None and error.__context__ is None for error in errors)


def test_with_the_first_all_that_it_shows_are_asked_for() -> None:
    """Which of them a style sheet picks tells nobody anything."""
    urls = [f"https://a.example/{n}" for n in range(50)]
    lock, every = threading.Lock(), threading.Event()
    left, busy, most = set(urls), [0], [0]

    def fetch(url: str, route: Route) -> Picture:
        with lock:
            busy[0] += 1
            most[0] = max(most[0], busy[0])
            left.remove(url)
            if not left:
                every.set()
        with lock:
            busy[0] -= 1
        if url.endswith("7"):
            raise Refused("no")
        return PICTURE

    pictures = made(fetch)
    pictures.seen(ONE, urls)
    assert not every.is_set()
    assert len(left) == 50
    assert pictures.get(ONE, urls[3]) == PICTURE
    assert every.wait(20)
    assert pictures.get(ONE, urls[4]) == PICTURE
    assert most[0] <= 4


def test_few_are_fetched_ahead_however_many_messages_are_shown() -> None:
    lock, go_on, first = threading.Lock(), threading.Event(), threading.Semaphore(0)
    busy, most = [0], [0]

    def silent(url: str, route: Route) -> Picture:
        if url.endswith("/0"):
            return PICTURE
        with lock:
            busy[0] += 1
            most[0] = max(most[0], busy[0])
        first.release()
        assert go_on.wait(20)
        with lock:
            busy[0] -= 1
        return PICTURE

    pictures = made(silent)
    for message in range(40):
        urls = [f"https://{message}.example/{n}" for n in range(10)]
        pictures.seen(MessageId(message), urls)
        assert pictures.get(MessageId(message), urls[0]) == PICTURE
        if message < 3:  # each has two of its own
            assert first.acquire(timeout=20)
            assert first.acquire(timeout=20)
    go_on.set()
    for _ in range(40 * 9 - 6):
        assert first.acquire(timeout=20)
    assert most[0] == 6


def test_silent_hosts_do_not_keep_others_waiting_for_ever() -> None:
    now = [0.0]
    asked: list[str] = []

    def silent(url: str, route: Route) -> Picture:
        asked.append(url)
        now[0] += 20.0
        raise Offline("silent")

    urls = [f"https://{n}.example/a.png" for n in range(300)]
    pictures = RemotePictures(silent, lambda _: urls, lambda _: STRAIGHT, clock=lambda: now[0])
    for url in urls:
        with pytest.raises(Offline):
            pictures.get(ONE, url)
    assert len(asked) == 5
    # It is another matter for another message, and when a person shows this one again.
    with pytest.raises(Offline, match="silent"):
        pictures.get(TWO, urls[100])
    assert len(asked) == 6


def test_a_bug_while_fetching_leaves_nobody_waiting() -> None:
    def broken(url: str, route: Route) -> Picture:
        raise ZeroDivisionError

    pictures = made(broken)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            pictures.get(ONE, URL)


def test_what_is_kept_is_bounded() -> None:
    big = Picture("image/png", bytes(KEPT_BYTES // 4))
    net = Net(big)
    urls = [f"https://a.example/{n}" for n in range(6)]
    pictures = made(net)
    pictures.seen(ONE, urls)
    for url in urls:
        pictures.get(ONE, url)
    pictures.get(ONE, urls[-1])
    assert len(net.asked) == 6
    pictures.get(ONE, urls[0])
    assert len(net.asked) == 7
