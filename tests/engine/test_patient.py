"""What may never come back is waited for only so long, and only once."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from martlet.engine.patient import NoAnswer, PatientThread

WAIT_S = 20.0


def told(call: Callable[[], object]) -> object:
    """What a call answers, or the error's type."""
    try:
        return call()
    except Exception as error:
        return type(error)


def test_answers_and_errors_come_back() -> None:
    thread = PatientThread("test")
    assert thread.run(lambda: 7, WAIT_S) == 7
    with pytest.raises(ZeroDivisionError):
        thread.run(lambda: 1 // 0, WAIT_S)
    assert thread.run(threading.get_ident, WAIT_S) != threading.get_ident()


def test_once_it_hangs_nobody_waits_until_it_has_come_back() -> None:
    thread, go, done = PatientThread("test"), threading.Event(), threading.Event()
    late: list[int] = []

    def hang() -> None:
        go.wait()
        done.set()

    behind: list[object] = []
    queued = threading.Thread(
        target=lambda: behind.append(told(lambda: thread.run(lambda: late.append(1), 0.1)))
    )
    queued.start()
    queued.join(WAIT_S)
    assert behind == [None]
    late.clear()
    assert told(lambda: thread.run(hang, 0.05)) is NoAnswer
    for _ in range(3):
        assert told(lambda: thread.run(lambda: late.append(1), WAIT_S)) is NoAnswer
    go.set()
    assert done.wait(WAIT_S)
    while told(lambda: thread.run(lambda: 7, WAIT_S)) is NoAnswer:
        pass  # it is on its way back
    assert late == []


def test_many_ask_at_once() -> None:
    thread = PatientThread("test")
    got: list[int] = []
    threads = [
        threading.Thread(target=lambda n=n: got.append(thread.run(lambda: n, WAIT_S)))
        for n in range(20)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join(WAIT_S)
    assert sorted(got) == list(range(20))
