"""What was stopped is known for as long as that may matter, and no longer."""

from __future__ import annotations

from martlet.engine.stops import Stops


def test_a_stop_may_come_before_its_work() -> None:
    stops = Stops()
    stops.add("a")
    assert "a" in stops
    assert "b" not in stops
    stops.forget("a")
    assert "a" not in stops
    stops.forget("a")


def test_no_ticket_is_none_and_old_ones_are_forgotten() -> None:
    stops = Stops()
    stops.add("")
    assert "" not in stops
    for number in range(1000):
        stops.add(str(number))
    assert "0" not in stops
    assert "999" in stops
    assert sum(str(number) in stops for number in range(1000)) == 100
