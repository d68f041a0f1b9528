"""Times of an invitation as Unix seconds: zones of the IANA, of the file itself, of Windows.

Never raises. A zone that nobody knows leaves a time as a clock shows it.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from martlet.mime.content_lines import Component
from martlet.mime.windows_zones import city

_TIME = re.compile(
    r"\s*(\d{4})-?(\d\d)-?(\d\d)(?:[T ]?(\d\d):?(\d\d)(?::?(\d\d))?(?:\.\d{1,9})?)?"
    r"\s*(Z|[+-]\d\d:?\d\d)?"
)
_OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)(?::?\d\d)?\Z")
_NAMED_OFFSET = re.compile(r"\(?(?:GMT|UTC)\s*([+-])(\d{1,2}):?(\d\d)?\)?(?:\s.*)?\Z", re.I)
_KEY = re.compile(r"[A-Za-z][A-Za-z_]{0,30}(?:/[A-Za-z0-9_+-]{1,30}){1,2}\Z")
_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)\Z")
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_UTC_NAMES = frozenset({"utc", "z", "gmt", "etc/utc", "etc/gmt", "coordinated universal time"})
_MAX_DATES = 500
_FIRST, _LAST = 1601, 9990
_LAST_DAY = date(_LAST, 12, 31).toordinal()
_DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Moment:
    """seconds: since 1970 in UTC; of a floating time, as if its clock showed UTC."""

    seconds: float
    all_day: bool = False
    floating: bool = False


@dataclass(frozen=True, slots=True)
class _Change:
    """One of a VTIMEZONE's rules: from when on the clock is so far from UTC."""

    begins: datetime
    offset_s: int
    rule: Mapping[str, str] = field(default_factory=dict)
    dates: tuple[datetime, ...] = ()

    def latest(self, when: datetime) -> datetime | None:
        """The last time before `when` at which it began."""
        if when < self.begins:
            return None
        found = [self.begins, *(one for one in self.dates if one <= when)]
        until = _clock(self.rule.get("UNTIL", ""))
        if self.rule.get("FREQ") == "YEARLY":
            for year in (when.year, when.year - 1):
                one = _in_year(self.rule, self.begins, year)
                if one is not None and self.begins <= one <= when and not (until and one > until):
                    found.append(one)
            if until is not None and until < when:
                last = _in_year(self.rule, self.begins, until.year)
                found += [last] if last is not None and last <= until else []
        return max(found)


class Zones:
    """The zones that a calendar file speaks of."""

    def __init__(self, calendars: list[Component]) -> None:
        self._own: dict[str, tuple[_Change, ...]] = {}
        self._known: dict[str, tzinfo | None] = {}
        for one in calendars:
            for zone in one.inner[:_MAX_DATES]:
                if zone.name == "VTIMEZONE" and len(self._own) < 50:
                    changes = tuple(filter(None, map(_change, zone.inner[:100])))
                    if changes:
                        self._own.setdefault(zone.value("TZID").strip(), changes)

    def moment(self, value: str, zone: str, as_date: bool = False, later: int = 0) -> Moment | None:
        """A DATE or DATE-TIME value; None for what is none. zone: TZID, "" for none. later: so many
        days after, at the same time by the clock there."""
        match = _TIME.match(value)
        if match is None:
            return None
        year, month, day = int(match[1]), int(match[2]), int(match[3])
        if not (_FIRST <= year <= _LAST and 1 <= month <= 12):
            return None
        if not 1 <= day <= calendar.monthrange(year, month)[1]:
            return None
        count = date(year, month, day).toordinal() + later
        if count > _LAST_DAY:
            return None
        on = date.fromordinal(count)
        days = float((on - date(1970, 1, 1)).days * _DAY_S)
        if as_date or match[4] is None:
            return Moment(days, all_day=True)
        hour, minute, second = int(match[4]), int(match[5]), min(int(match[6] or 0), 59)
        if hour > 24 or minute > 59:
            return None
        seconds = days + (hour * 60 + minute) * 60 + second
        if match[7]:
            return Moment(seconds - _offset_s(match[7]))
        if not zone:
            return Moment(seconds, floating=True)
        clock = datetime(on.year, on.month, on.day) + timedelta(
            hours=hour, minutes=minute, seconds=second
        )
        ahead = self._ahead_s(zone, clock)
        return Moment(seconds, floating=True) if ahead is None else Moment(seconds - ahead)

    def _ahead_s(self, zone: str, clock: datetime) -> int | None:
        """Seconds that a clock showing this is ahead of UTC; None if nobody knows the zone."""
        if zone not in self._known:
            self._known[zone] = _by_name(zone)
        known = self._known[zone]
        if known is None and zone in self._own:
            return _by_changes(self._own[zone], clock)
        if known is None:
            known = self._known[zone] = _by_windows_name(zone)
        offset = clock.replace(tzinfo=known).utcoffset() if known is not None else None
        if offset is not None:
            return int(offset.total_seconds())
        match = _NAMED_OFFSET.match(zone.strip())
        if match is None:
            return None
        seconds = (int(match[2]) * 60 + int(match[3] or 0)) * 60
        return -seconds if match[1] == "-" else seconds


def _by_name(zone: str) -> tzinfo | None:
    """A zone of the IANA; some put the name of their own list before it (/example.org/1/...)."""
    text = zone.strip()
    if text.lower() in _UTC_NAMES:
        return UTC
    names = text.split("/")
    for start in range(max(0, len(names) - 3), len(names) - 1):
        key = "/".join(names[start:])
        if _KEY.match(key):
            found = _zone(key)
            if found is not None:
                return found
    return None


def _by_windows_name(zone: str) -> tzinfo | None:
    name = city(zone)
    return _zone(name) if name else None


def _zone(key: str) -> tzinfo | None:
    try:
        return ZoneInfo(key)
    except (KeyError, ValueError, OSError):
        return None


def _change(rules: Component) -> _Change | None:
    begins = _clock(rules.value("DTSTART"))
    to = rules.value("TZOFFSETTO").strip()
    if begins is None or not _OFFSET.match(to):
        return None
    rule = {}
    for piece in rules.value("RRULE").split(";")[:20]:
        name, _, value = piece.partition("=")
        rule[name.strip().upper()] = value.strip().upper()
    dates = [_clock(one) for line in rules.all("RDATE")[:_MAX_DATES]
             for one in line.value.split(",")[:_MAX_DATES]]  # fmt: skip
    return _Change(begins, _offset_s(to), rule, tuple(one for one in dates[:_MAX_DATES] if one))


def _by_changes(changes: tuple[_Change, ...], clock: datetime) -> int:
    best: tuple[datetime, int] | None = None
    for change in changes:
        began = change.latest(clock)
        if began is not None and (best is None or began > best[0]):
            best = (began, change.offset_s)
    return best[1] if best is not None else min(changes, key=lambda one: one.begins).offset_s


def _in_year(rule: Mapping[str, str], begins: datetime, year: int) -> datetime | None:
    """When a yearly rule with a month and a day comes in that year."""
    if not _FIRST <= year <= _LAST:
        return None
    month_text = rule.get("BYMONTH", "")
    month = int(month_text) if re.fullmatch(r"\d{1,2}", month_text) else begins.month
    if not 1 <= month <= 12:
        return None
    length = calendar.monthrange(year, month)[1]
    match = _DAY.match(rule.get("BYDAY", ""))
    by_day = re.fullmatch(r"-?\d{1,2}", rule.get("BYMONTHDAY", ""))
    if match is not None:
        weekday = _DAYS.index(match[2])
        days = [day for day in range(1, length + 1)
                if calendar.weekday(year, month, day) == weekday]  # fmt: skip
        number = int(match[1] or 1)
        place = number - 1 if number > 0 else number
        day = days[place] if -len(days) <= place < len(days) else days[-1]
    elif by_day is not None:
        number = int(by_day[0])
        day = number if number > 0 else length + 1 + number
    else:
        day = begins.day
    return begins.replace(year=year, month=month, day=min(max(day, 1), length))


def _clock(value: str) -> datetime | None:
    """What a clock shows, without a zone."""
    match = _TIME.match(value)
    if match is None:
        return None
    try:
        found = datetime(
            int(match[1]), int(match[2]), int(match[3]),
            int(match[4] or 0), int(match[5] or 0), int(match[6] or 0),
        )  # fmt: skip
    except ValueError:
        return None
    return found if found.year <= _LAST else None


def _offset_s(text: str) -> int:
    match = _OFFSET.match(text)
    if match is None:
        return 0
    seconds = (int(match[2]) * 60 + int(match[3])) * 60
    return -seconds if match[1] == "-" else seconds
