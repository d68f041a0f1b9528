"""Times and sizes as people say them."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QDate, QDateTime, QLocale

_tr = QCoreApplication.translate
# What Qt can count; a message may say any number of a file that is elsewhere.
_LARGEST = 1 << 62


def short(when: float, now: float, locale: QLocale | None = None) -> str:
    """For a list (Unix seconds): today the time, this week the day too, this year day and month."""
    locale = locale or QLocale()
    stamp = QDateTime.fromSecsSinceEpoch(int(when))
    day, today = stamp.date(), QDateTime.fromSecsSinceEpoch(int(now)).date()
    time = locale.toString(stamp.time(), QLocale.FormatType.ShortFormat)
    days = day.daysTo(today)
    if days == 0:
        return time
    if days == 1:
        return _tr("dates", "Yesterday")
    if 1 < days < 7:
        weekday = locale.dayName(day.dayOfWeek(), QLocale.FormatType.ShortFormat)
        return _tr("dates", "{day} {time}").format(day=weekday, time=time)
    if day.year() == today.year():
        return locale.toString(day, _day_and_month(locale))
    return _in_short(day, locale)


def _in_short(day: QDate, locale: QLocale) -> str:
    """As the locale writes it, but not as bare numbers in a row: the C locale's "23 12 2025"."""
    pattern = locale.dateFormat(QLocale.FormatType.ShortFormat)
    if "MMM" not in pattern and all(each.isalpha() or each.isspace() for each in pattern):
        pattern = "d MMM yyyy"
    return locale.toString(day, pattern)


def _day_and_month(locale: QLocale) -> str:
    if locale.language() in (QLocale.Language.Chinese, QLocale.Language.Japanese):
        return "M月d日"
    long_form = locale.dateFormat(QLocale.FormatType.LongFormat)
    month_first = 0 <= long_form.find("M") < long_form.find("d", long_form.find("M"))
    starts_with_month = month_first and long_form.replace("dddd", "").find("d") > long_form.find(
        "M"
    )
    return "MMM d" if starts_with_month else "d MMM"


def full(when: float, locale: QLocale | None = None) -> str:
    """Day, date and time in full, with the zone: for a tooltip."""
    locale = locale or QLocale()
    return locale.toString(QDateTime.fromSecsSinceEpoch(int(when)), QLocale.FormatType.LongFormat)


def stamp(when: float, locale: QLocale | None = None) -> str:
    """Day and time to the second, short: for a log."""
    locale = locale or QLocale()
    moment = QDateTime.fromSecsSinceEpoch(int(when))
    return f"{_in_short(moment.date(), locale)} {moment.time().toString('HH:mm:ss')}"


def spoken(when: float, now: float, locale: QLocale | None = None) -> str:
    """For a header: the day as people say it and always the time."""
    locale = locale or QLocale()
    stamp = QDateTime.fromSecsSinceEpoch(int(when))
    time = locale.toString(stamp.time(), QLocale.FormatType.ShortFormat)
    today = QDateTime.fromSecsSinceEpoch(int(now)).date()
    days = stamp.date().daysTo(today)
    if days == 0:
        day = _tr("dates", "Today")
    elif days == 1:
        day = _tr("dates", "Yesterday")
    else:
        day = _weekday_and_date(stamp.date(), today, locale)
    return _tr("dates", "{day}, {time}").format(day=day, time=time)


def _weekday_and_date(day: QDate, today: QDate, locale: QLocale) -> str:
    weekday = locale.dayName(day.dayOfWeek(), QLocale.FormatType.ShortFormat)
    pattern = _day_and_month(locale)
    if day.year() != today.year():
        pattern = f"yyyy年{pattern}" if "月" in pattern else f"{pattern} yyyy"
    return f"{weekday} {locale.toString(day, pattern)}"


def size(number: int, locale: QLocale | None = None) -> str:
    """Bytes in the unit a person would choose, decimal."""
    locale = locale or QLocale()
    number = max(0, min(number, _LARGEST))
    precision = 0 if number < 1_000_000 else 1
    return locale.formattedDataSize(number, precision, QLocale.DataSizeFormat.DataSizeSIFormat)
