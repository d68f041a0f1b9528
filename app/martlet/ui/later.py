"""When a letter may go later: the usual times, and how a time is said.

Times are those of the clock on the wall, so that "8:00" stays that when the clocks change in
between. Pure but for the person's language. zone: None for that of this computer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from PySide6.QtCore import QCoreApplication, QDate, QLocale, QTime

_EVENING, _MORNING = 18, 8
_HOUR_S = 3600
_SOON_S = 1800  # an evening that is this near is no "later"


def _tr(text: str) -> str:
    return QCoreApplication.translate("later", text)


@dataclass(frozen=True, slots=True)
class Moment:
    """A time that is offered. when: Unix seconds."""

    words: str
    when: float


def moments(now: float, zone: tzinfo | None = None) -> list[Moment]:
    """What is offered at this time (Unix seconds), soonest first."""
    today = datetime.fromtimestamp(now, zone).date()
    found = [Moment(_tr("In 1 hour"), float(int(now / 60) * 60 + _HOUR_S))]
    # Whoever is still awake after midnight means the morning that comes.
    morning = at(today, time(_MORNING), zone)
    if morning - now > _HOUR_S + _SOON_S:
        found.append(Moment(_tr("This morning"), morning))
    evening = at(today, time(_EVENING), zone)
    if evening - now > _SOON_S:
        found.append(Moment(_tr("This evening"), evening))
    tomorrow = at(today + timedelta(days=1), time(_MORNING), zone)
    found.append(Moment(_tr("Tomorrow morning"), tomorrow))
    monday = today + timedelta(days=7 - today.weekday())
    if monday != today + timedelta(days=1):
        found.append(Moment(_tr("Monday morning"), at(monday, time(_MORNING), zone)))
    return found


def at(day: date, clock: time, zone: tzinfo | None = None) -> float:
    """Unix seconds of a time on the wall; one that the clocks skip is as much later."""
    return datetime.combine(day, clock, zone).timestamp()


def said(when: float, now: float, zone: tzinfo | None = None) -> str:
    """A time to come, inside a sentence: "today at 18:00", "on Monday 30 Nov at 08:00"."""
    locale = QLocale()
    moment, today = _wall(when, zone), _wall(now, zone).date()
    clock = locale.toString(QTime(moment.hour, moment.minute), QLocale.FormatType.ShortFormat)
    days = (moment.date() - today).days
    if days == 0:
        return _tr("today at {time}").format(time=clock)
    if days == 1:
        return _tr("tomorrow at {time}").format(time=clock)
    return _tr("on {day} at {time}").format(day=_day(moment.date(), today, locale), time=clock)


def short(when: float, now: float, zone: tzinfo | None = None) -> str:
    """The same for the edge of a menu: "18:00", "Mon 08:00", "30 Nov 08:00"."""
    locale = QLocale()
    moment, today = _wall(when, zone), _wall(now, zone).date()
    clock = locale.toString(QTime(moment.hour, moment.minute), QLocale.FormatType.ShortFormat)
    days = (moment.date() - today).days
    if days == 0:
        return clock
    weekday = locale.dayName(moment.isoweekday(), QLocale.FormatType.ShortFormat)
    return f"{weekday} {clock}"


def _wall(when: float, zone: tzinfo | None) -> datetime:
    """A time on the wall; the last there is for one that no calendar has."""
    try:
        return datetime.fromtimestamp(when, zone)
    except (ValueError, OverflowError, OSError):
        return datetime.max.replace(tzinfo=zone)


def _day(day: date, today: date, locale: QLocale) -> str:
    weekday = locale.dayName(day.isoweekday(), QLocale.FormatType.LongFormat)
    chinese = locale.language() in (QLocale.Language.Chinese, QLocale.Language.Japanese)
    pattern = "M月d日" if chinese else "d MMM"
    if day.year != today.year:
        pattern = f"yyyy年{pattern}" if chinese else f"{pattern} yyyy"
    return f"{weekday} {locale.toString(QDate(day.year, day.month, day.day), pattern)}"
