"""How long a job still takes."""

from __future__ import annotations

from martlet.engine.estimate import WINDOW_S, Estimate


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_nothing_is_said_before_enough_is_known() -> None:
    clock = Clock()
    estimate = Estimate(clock)
    assert estimate.left_s(0, 100) < 0
    clock.now += 0.5
    assert estimate.left_s(10, 100) < 0


def test_a_steady_job_is_foretold() -> None:
    clock = Clock()
    estimate = Estimate(clock)
    estimate.left_s(0, 100)
    clock.now += 2
    assert estimate.left_s(20, 100) == 8.0


def test_a_line_that_becomes_slow_shows() -> None:
    clock = Clock()
    estimate = Estimate(clock)
    estimate.left_s(0, 1000)
    for done in (400, 410, 420, 430):
        clock.now += WINDOW_S / 2
        left = estimate.left_s(done, 1000)
    assert left == 570 * WINDOW_S / 20


def test_a_job_that_begins_anew_forgets_the_old_one() -> None:
    clock = Clock()
    estimate = Estimate(clock)
    estimate.left_s(0, 100)
    clock.now += 5
    estimate.left_s(90, 100)
    clock.now += 5
    assert estimate.left_s(0, 50) < 0
