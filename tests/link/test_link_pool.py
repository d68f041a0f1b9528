"""The pool of the slow verbs: bounded, in order, and nothing a process waits for."""

from __future__ import annotations

import queue
import threading
from functools import partial

from martlet.link.pool import Pool

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
