"""Reads a time as people type it: a date, a time of day, or how long from now."""

from __future__ import annotations

import argparse
import re
from datetime import datetime, timedelta

from martlet.cli.context import Usage

LATER = "--later"
_LONGEST = timedelta(days=3650)
_SPAN = re.compile(r"\+(\d{1,5})\s*(m|min|h|d)\Z")
_UNITS = {"m": "minutes", "min": "minutes", "h": "hours", "d": "days"}


def later_option(parser: argparse.ArgumentParser) -> None:
    """What holds a letter back until a time; `held_back` reads it."""
    parser.add_argument(
        LATER,
        metavar="WHEN",
        help="not before 18:30, '2026-11-22 09:00', +30m, +2h, +1d; Martlet must run then, or sync",
    )


def held_back(text: str | None) -> tuple[datetime | None, float]:
    """Until when a letter waits, and how many seconds that is; None and 0 when it need not.

    Raises Usage: it cannot be read, or is over."""
    if text is None:
        return None, 0.0
    now = datetime.now()
    later = moment(text, now)
    return later, later.timestamp() - now.timestamp()


def moment(text: str, now: datetime, option: str = LATER) -> datetime:
    """The time that is meant: `18:30` (the next one), `2026-11-22 09:00`, `+2h`.

    It is what a clock on the wall will show, whatever summer time does until then. now: in the
    zone that is meant; naive for that of this computer. Answered with a zone. Raises Usage: it
    cannot be read, is over, or further away than an engine takes; option: what it was given with.
    """
    words = text.strip()
    span = _SPAN.match(words)
    if span is not None:
        seconds = timedelta(**{_UNITS[span[2]]: int(span[1])}).total_seconds()
        return _zoned(datetime.fromtimestamp(now.timestamp() + seconds, now.tzinfo))
    try:
        if re.fullmatch(r"\d{1,2}:\d{2}", words):
            clock = datetime.strptime(words, "%H:%M")
            found = now.replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0)
            return _zoned(found if found > now else found + timedelta(days=1))
        found = datetime.fromisoformat(words)
    except ValueError as error:
        raise Usage(
            f"{option}: {text!r} is no time; write 18:30, 2026-11-22 09:00, +30m, +2h or +1d"
        ) from error
    found = _zoned(found if found.tzinfo else found.replace(tzinfo=now.tzinfo))
    if found <= _zoned(now):
        raise Usage(f"{option}: {text!r} is over")
    if found > _zoned(now) + _LONGEST:
        raise Usage(f"{option}: {text!r} is more than ten years away")
    return found


def _zoned(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.astimezone()
