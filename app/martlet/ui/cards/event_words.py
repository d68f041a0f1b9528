"""When an invited event is, in the words and the time of the reader. Pure but for the clock's zone.

A zone that is not known here is named, so that nobody misses an hour.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QDate, QDateTime, QLocale, QTime, QTimeZone

from martlet.mail.cards import Invitation, Method

_DAY_S = 86_400
_LONGEST_ZONE = 64
_UTC = frozenset({"UTC", "UCT", "Universal", "Zulu", "GMT", "Greenwich"})
# Beyond these Qt's calendar has no words.
_FIRST, _LAST = -62_135_596_800, 253_402_300_799


def _tr(text: str) -> str:
    return QCoreApplication.translate("event", text)


def moment(when: float | None, zone: QTimeZone | None = None) -> QDateTime | None:
    """In the zone of the reader, or that one; None for what is no date of any calendar."""
    if when is None or not _FIRST <= when <= _LAST:
        return None
    found = QDateTime.fromSecsSinceEpoch(int(when), QTimeZone.systemTimeZone())
    return found.toTimeZone(zone) if zone is not None else found


def first_day(event: Invitation) -> QDate | None:
    """Of its leaf in the calendar."""
    utc = QTimeZone.utc() if event.all_day else None
    start = moment(event.start, utc)
    return start.date() if start is not None else None


def when(event: Invitation, locale: QLocale) -> str:
    """ "Thursday, 26 November 2026, 14:00 – 15:30, Europe/Berlin", the reader's zone; "" if it does
    not say.
    """
    if event.all_day:
        return _days(event, locale)
    start, end = moment(event.start), moment(event.end)
    if start is None:
        return ""
    words = _span(start, end, locale)
    zone = zone_name(start.timeZone()) or start.timeZoneAbbreviation()
    return _tr("{time}, {zone}").format(time=words, zone=zone)


def zone_name(zone: QTimeZone) -> str:
    """As the world's list of zones has it; that of Greenwich by its short name."""
    name = bytes(zone.id().data()).decode("ascii", "replace").removeprefix("Etc/")
    return _tr("UTC") if name in _UTC else name


def _span(start: QDateTime, end: QDateTime | None, locale: QLocale) -> str:
    words = _tr("{day}, {time}").format(
        day=_day(start.date(), locale), time=_time(start.time(), locale)
    )
    if end is None or end <= start:
        return words
    if end.date() == start.date():
        return f"{words} – {_time(end.time(), locale)}"
    other = _tr("{day}, {time}").format(
        day=_day(end.date(), locale), time=_time(end.time(), locale)
    )
    return f"{words} – {other}"


def elsewhere(event: Invitation, locale: QLocale) -> str:
    """The same start where it is held, if clocks show something else there: "08:00 Asia/Tokyo"."""
    start = moment(event.start)
    if event.all_day or start is None or not event.zone:
        return ""
    zone = _zone(event.zone)
    if zone is None:
        return _tr("The invitation names the time zone “{zone}”").format(zone=event.zone)
    there = start.toTimeZone(zone)
    if there.offsetFromUtc() == start.offsetFromUtc():
        return ""
    words = _time(there.time(), locale)
    if there.date() != start.date():
        words = _tr("{day}, {time}").format(day=_day(there.date(), locale), time=words)
    return _tr("{time} in {zone}").format(time=words, zone=event.zone)


def heading(event: Invitation) -> str:
    """What it is for, and what it is."""
    name = event.summary or _tr("(no title)")
    if event.cancelled or event.method is Method.CANCEL:
        return _tr("Cancelled: {name}").format(name=name)
    if event.method is Method.REPLY:
        return _tr("Answer: {name}").format(name=name)
    if event.method is Method.REQUEST and event.sequence:
        return _tr("Changed: {name}").format(name=name)
    return name


def answer(status: str) -> str:
    """PARTSTAT in words, "" for one who has not answered (RFC 5545, 3.2.12)."""
    return {
        "accepted": _tr("accepted"),
        "declined": _tr("declined"),
        "tentative": _tr("perhaps"),
        "delegated": _tr("sends somebody else"),
    }.get(status, "")


def _zone(name: str) -> QTimeZone | None:
    """By its name here or on Windows; nothing is looked for that is not in the lists of these."""
    if not name.isascii() or len(name) > _LONGEST_ZONE:
        return None
    for each in (name.encode(), QTimeZone.windowsIdToDefaultIanaId(name.encode()).data()):
        if each and QTimeZone.isTimeZoneIdAvailable(each):
            return QTimeZone(each)
    return None


def _days(event: Invitation, locale: QLocale) -> str:
    utc = QTimeZone.utc()
    start = moment(event.start, utc)
    if start is None:
        return ""
    # The end is the day after the last.
    last = moment(event.end - _DAY_S, utc) if event.end is not None else None
    first = _day(start.date(), locale)
    if last is None or last.date() <= start.date():
        return _tr("{day}, all day").format(day=first)
    return f"{first} – {_day(last.date(), locale)}"


def _day(day: QDate, locale: QLocale) -> str:
    return locale.toString(day, QLocale.FormatType.LongFormat)


def _time(time: QTime, locale: QLocale) -> str:
    return locale.toString(time, QLocale.FormatType.ShortFormat)
