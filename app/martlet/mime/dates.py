"""The Date field (RFC 5322, 3.3 and 4.3), and the forms other software has written instead."""

from __future__ import annotations

import calendar
import re
from datetime import date

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_ZONES = {
    "ut": 0, "utc": 0, "gmt": 0, "z": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5,
    "mst": -7, "mdt": -6, "pst": -8, "pdt": -7, "bst": 1, "cet": 1, "met": 1, "mez": 1,
    "cest": 2, "mest": 2, "mesz": 2, "eet": 2, "eest": 3, "msk": 3, "jst": 9, "hkt": 8,
    "kst": 9, "wet": 0, "west": 1, "akst": -9, "akdt": -8, "hst": -10,
}  # fmt: skip
# As RFC 5322 has it, which nearly all mail keeps to: read at one go.
_USUAL = re.compile(
    rb"(?:[A-Za-z]{3}, ?)?(\d{1,2}) ([A-Za-z]{3}) (\d{4}) (\d\d):(\d\d):(\d\d)"
    rb" ([+-])(\d\d)(\d\d)(?: \([A-Za-z]{1,5}\))?"
)
_EPOCH = date(1970, 1, 1).toordinal()
_COMMENT = re.compile(r"\([^()]*\)?")
_TIME = r"(?P<hour>\d{1,2})[:.](?P<minute>\d{1,2})(?:[:.](?P<second>\d{1,2}))?(?:[.,]\d+)?"
_ZONE = r"\s*(?P<zone>[+-]\s?\d{1,2}:?\d{2}\b|[+-]\d{1,2}\b|[A-Za-z]{1,4}\b)?"
_FORMS = (
    re.compile(
        rf"(?P<day>\d{{1,2}})[\s-]*(?P<month>[A-Za-z]{{3}})[a-z]*\.?[\s,-]*(?P<year>\d{{2,5}})"
        rf"(?:[\s,]+{_TIME}\s*(?P<half>[AaPp][Mm]\b)?{_ZONE})?"
    ),
    re.compile(  # asctime, and the same with a zone before the year
        rf"(?P<month>[A-Za-z]{{3}})[a-z]*\.?\s+(?P<day>\d{{1,2}}),?\s+{_TIME}{_ZONE}\s+(?P<year>\d{{4}})"
    ),
    re.compile(  # "May 5, 2004 10:11"
        rf"(?P<month>[A-Za-z]{{3}})[a-z]*\.?\s+(?P<day>\d{{1,2}}),?\s+(?P<year>\d{{4}})"
        rf"(?:[\s,]+{_TIME}\s*(?P<half>[AaPp][Mm]\b)?{_ZONE})?"
    ),
    re.compile(
        rf"(?P<year>\d{{4}})[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}})(?:[T\s]+{_TIME}{_ZONE})?"
    ),
)


def parse_date(raw: bytes) -> float | None:
    """Unix seconds of a date as written, or None if none can be read."""
    usual = _USUAL.fullmatch(raw)
    if usual is not None:
        day, name, year, hour, minute, second, sign, east_h, east_min = usual.groups()
        month = _MONTHS.get(name.decode("ascii").lower(), 0)
        try:
            days = date(int(year), month, int(day)).toordinal() - _EPOCH
        except ValueError:
            return None
        if year < b"1900" or hour > b"24" or minute > b"59" or second > b"61":
            return None
        seconds = days * 86_400 + (int(hour) * 60 + int(minute)) * 60 + int(second)
        if east_h > b"24" or east_min > b"59":
            return float(seconds)
        east_s = (int(east_h) * 60 + int(east_min)) * 60
        return float(seconds + east_s if sign == b"-" else seconds - east_s)
    found = parse_moment(raw)
    return None if found is None else found[0]


def parse_moment(raw: bytes) -> tuple[float, int | None] | None:
    """Unix seconds, and the offset from UTC in minutes (None: not said, `-0000`)."""
    text = raw[:1000].decode("ascii", "replace")
    if "(" in text:
        text = _COMMENT.sub(" ", text)
    text = " ".join(text.split())
    for form in _FORMS:
        match = form.search(text)
        if match is None:
            continue
        moment = _moment(match)
        if moment is not None:
            return moment
    return None


def _moment(match: re.Match[str]) -> tuple[float, int | None] | None:
    found = match.groupdict()
    name = found["month"]
    month = int(name) if name.isdigit() else _MONTHS.get(name.lower(), 0)
    day, year = int(found["day"]), _year(found["year"])
    hour, minute, second = (int(found[k] or 0) for k in ("hour", "minute", "second"))
    half = (found.get("half") or "").lower()
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "pm" else 0)
    if not (
        1 <= month <= 12 and 1900 <= year <= 9999 and hour < 25 and minute < 60 and second < 62
    ):
        return None
    if not 1 <= day <= calendar.monthrange(year, month)[1]:
        return None
    offset = _offset(found["zone"] or "")
    seconds = calendar.timegm((year, month, day, hour, minute, second))
    return float(seconds - (offset or 0) * 60), offset


def _year(text: str) -> int:
    year = int(text)
    if len(text) == 2:  # RFC 5322, 4.3
        return year + (2000 if year < 50 else 1900)
    return year + 1900 if len(text) == 3 else year


def _offset(zone: str) -> int | None:
    zone = zone.replace(" ", "").lower()
    if zone[:1] in ("+", "-"):
        digits = zone[1:].replace(":", "")
        if len(digits) <= 2:
            digits += "00"
        hours, minutes = int(digits[:-2]), int(digits[-2:])
        if hours > 24 or minutes > 59 or zone == "-0000":
            return None
        return (hours * 60 + minutes) * (-1 if zone[0] == "-" else 1)
    hours_known = _ZONES.get(zone)
    return None if hours_known is None else hours_known * 60
