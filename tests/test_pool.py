"""Threads for what takes long: bounded, in order, and nothing a process waits for."""

from __future__ import annotations

import queue
import threading
from functools import partial

from martlet.pool import Pool

WAIT_S = 20.0


def test_jobs_run_beside_each_other_up_to_the_limit() -> None:
    pool = Pool(2, "test:pool")
    together = threading.Barrier(3)
    done: queue.Queue[int] = queue.Queue()

    def meet() -> None:
        together.wait(WAIT_S)
        done.put(0)

    pool.submit(meet)
    pool.submit(meet)
    pool.submit(lambda: done.put(1))
    assert done.empty()
    together.wait(WAIT_S)
    assert sorted(done.get(timeout=WAIT_S) for _ in range(3)) == [0, 0, 1]
    mine = [thread for thread in threading.enumerate() if thread.name == "test:pool"]
    assert len(mine) == 2
    assert all(thread.daemon for thread in mine)


def test_one_at_a_time_keeps_the_order() -> None:
    pool = Pool(1, "test-one")
    done: queue.Queue[int] = queue.Queue()
    for number in range(100):
        pool.submit(partial(done.put, number))
    assert [done.get(timeout=WAIT_S) for _ in range(100)] == list(range(100))


def test_one_owner_cannot_keep_the_others_waiting() -> None:
    pool = Pool(3, "test-each", each=2)
    go_on = threading.Event()
    begun: queue.Queue[str] = queue.Queue()

    def silent() -> None:
        begun.put("silent")
        assert go_on.wait(WAIT_S)

    for _ in range(40):
        pool.submit(silent, "a")
    pool.submit(partial(begun.put, "b"), "b")
    assert sorted(begun.get(timeout=WAIT_S) for _ in range(3)) == ["b", "silent", "silent"]
    assert begun.empty()
    for _ in range(3):  # nor by having been there before
        pool.submit(partial(begun.put, "c"), "c")
        assert begun.get(timeout=WAIT_S) == "c"
    go_on.set()
    assert [begun.get(timeout=WAIT_S) for _ in range(38)] == ["silent"] * 38


def test_owners_take_turns() -> None:
    pool = Pool(1, "test-turns")
    go_on = threading.Event()
    done: queue.Queue[str] = queue.Queue()
    pool.submit(lambda: done.put("" if go_on.wait(WAIT_S) else "late"))
    for whose, number in (("a", 1), ("a", 2), ("a", 3), ("b", 1), ("b", 2), ("c", 1)):
        pool.submit(partial(done.put, f"{whose}{number}"), whose)
    go_on.set()
    found = [done.get(timeout=WAIT_S) for _ in range(7)]
    assert found == ["", "a1", "b1", "c1", "a2", "b2", "a3"]


def test_a_job_of_any_owner_finds_a_thread() -> None:
    pool = Pool(4, "test-many", each=2)
    together = threading.Barrier(5)

    def meet() -> None:
        together.wait(WAIT_S)

    for _ in range(20):
        for whose in ("a", "a", "b", "b"):
            pool.submit(meet, whose)
        together.wait(WAIT_S)


def test_a_bug_in_a_job_costs_the_others_nothing() -> None:
    told: queue.Queue[str] = queue.Queue()
    before = threading.excepthook
    threading.excepthook = lambda args: told.put(args.exc_type.__name__)
    try:
        pool = Pool(1, "test-bug")
        for _ in range(3):
            pool.submit(lambda: [][0])
            assert told.get(timeout=WAIT_S) == "IndexError"
        pool.submit(partial(told.put, "done"))
        assert told.get(timeout=WAIT_S) == "done"
    finally:
        threading.excepthook = before
