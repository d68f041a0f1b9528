"""The job queue: urgency, one of each, everyone answered."""

from __future__ import annotations

from concurrent.futures import Future

import pytest

from martlet.engine.jobs import (
    Answer,
    BodiesJob,
    BodyJob,
    FolderJob,
    JobQueue,
    Priority,
    answer,
    answering,
)
from martlet.mail.errors import Offline, Refused, StoreError
from martlet.mail.folder import FolderId
from martlet.mail.message import MessageId

FOLDER = FolderJob(FolderId(1))
BODY = BodyJob(MessageId(9))


def test_the_most_urgent_comes_first_and_ties_in_order() -> None:
    queue = JobQueue()
    queue.put(BodiesJob(FolderId(1)), Priority.PREFETCH)
    queue.put(FOLDER, Priority.FOLDER)
    queue.put(FolderJob(FolderId(2)), Priority.FOLDER)
    queue.put(BODY, Priority.USER)
    order = []
    while (entry := queue.pop()) is not None:
        order.append(entry[0])
    assert order == [BODY, FOLDER, FolderJob(FolderId(2)), BodiesJob(FolderId(1))]


def test_the_same_job_runs_once_and_answers_all() -> None:
    queue = JobQueue()
    first: Future[Answer] = Future()
    second: Future[Answer] = Future()
    queue.put(BODY, Priority.PREFETCH, first)
    queue.put(FOLDER, Priority.FOLDER)
    queue.put(BODY, Priority.USER, second)
    entry = queue.pop()
    assert entry is not None
    assert entry[0] == BODY
    answer(entry[1], None)
    assert first.result(0) is None
    assert second.result(0) is None
    assert queue.pop() == (FOLDER, [])
    assert queue.pop() is None


def test_failing_tells_all_and_empties() -> None:
    queue = JobQueue()
    future: Future[Answer] = Future()
    queue.put(BODY, Priority.USER, future)
    queue.fail(Offline("gone"))
    with pytest.raises(Offline):
        future.result(0)
    assert len(queue) == 0
    assert queue.pop() is None


def test_a_closed_queue_answers_at_once() -> None:
    queue = JobQueue()
    waiting: Future[Answer] = Future()
    queue.put(FOLDER, Priority.FOLDER, waiting)
    queue.close(Offline("over"))
    late: Future[Answer] = Future()
    queue.put(BODY, Priority.USER, late)
    for future in (waiting, late):
        with pytest.raises(Offline):
            future.result(0)
    assert len(queue) == 0


def test_a_bug_in_a_job_reaches_who_waits() -> None:
    future: Future[Answer] = Future()
    with pytest.raises(ZeroDivisionError), answering([future]):
        raise ZeroDivisionError
    with pytest.raises(StoreError):
        future.result(0)


def test_a_job_that_did_a_slice_keeps_those_who_wait() -> None:
    queue = JobQueue()
    waiting: Future[Answer] = Future()
    queue.put(BODY, Priority.USER, waiting)
    for _ in range(3):
        entry = queue.pop()
        assert entry is not None
        queue.again(*entry[:1], Priority.USER, entry[1])
    entry = queue.pop()
    assert entry is not None
    answer(entry[1], None)
    assert waiting.result(0) is None


def test_what_is_stopped_says_so() -> None:
    queue = JobQueue()
    waiting: Future[Answer] = Future()
    queue.put(BODY, Priority.USER, waiting)
    queue.put(FOLDER, Priority.FOLDER)
    assert queue.take_out((BodyJob,)) == [BODY]
    with pytest.raises(Refused):
        waiting.result(0)
    assert queue.pop() == (FOLDER, [])
    assert queue.pop() is None
