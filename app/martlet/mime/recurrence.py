"""A rule of repetition (RRULE; RFC 5545, 3.3.10) in plain English. Never raises."""

from __future__ import annotations

import re
from datetime import date

_UNITS = {
    "SECONDLY": "second", "MINUTELY": "minute", "HOURLY": "hour", "DAILY": "day", "WEEKLY": "week",
    "MONTHLY": "month", "YEARLY": "year",
}  # fmt: skip
_DAYS = {
    "MO": "Monday", "TU": "Tuesday", "WE": "Wednesday", "TH": "Thursday", "FR": "Friday",
    "SA": "Saturday", "SU": "Sunday",
}  # fmt: skip
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_NAMES = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last"}
_WORKDAYS = ["MO", "TU", "WE", "TH", "FR"]
_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)\Z")
_UNTIL = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)")
_MAX_LIST = 31
# What no sentence of ours can say; the rule itself then stands behind it
_RARE = ("BYHOUR", "BYMINUTE", "BYSECOND", "BYYEARDAY", "BYWEEKNO")


def in_words(rule: str) -> str:
    """ "every 2 weeks on Monday, until 3 March 2027"; "" for what is no rule."""
    parts = _parts(rule)
    unit = _UNITS.get(parts.get("FREQ", ""))
    if unit is None:
        return ""
    interval = _number(parts.get("INTERVAL", "")) or 1
    every = f"every {unit}" if interval == 1 else f"every {interval} {unit}s"
    said = [every, *_when(parts, unit)]
    if any(name in parts for name in _RARE):
        said.append("at certain times")
    text = " ".join(piece for piece in said if piece)
    count, until = _number(parts.get("COUNT", "")), _until(parts.get("UNTIL", ""))
    if count:
        text += ", once" if count == 1 else f", {count} times"
    elif until:
        text += f", until {until}"
    return text


def _when(parts: dict[str, str], unit: str) -> list[str]:
    months = [_MONTHS[n - 1] for n in _numbers(parts.get("BYMONTH", "")) if 1 <= n <= 12]
    in_months = f"in {_and(months)}" if months else ""
    names = [match for one in parts.get("BYDAY", "").split(",")[:_MAX_LIST]
             if (match := _DAY.match(one.strip()))]  # fmt: skip
    days = [match[2] for match in names]
    places = _numbers(parts.get("BYSETPOS", ""))
    if places and days:
        which = _and([_nth(place) for place in places])
        what = "weekday" if sorted(days) == sorted(_WORKDAYS) else _or([_DAYS[d] for d in days])
        what = "day" if len(set(days)) == 7 else what
        return [f"on the {which} {what}", in_months]
    if days and sorted(days) == sorted(_WORKDAYS) and not any(match[1] for match in names):
        return ["on weekdays", in_months]
    if days:
        told = [f"the {_nth(int(m[1]))} {_DAYS[m[2]]}" if m[1] and int(m[1]) else _DAYS[m[2]]
                for m in names]  # fmt: skip
        return [f"on {_and(told)}", in_months]
    dates = [n for n in _numbers(parts.get("BYMONTHDAY", "")) if 1 <= abs(n) <= 31]
    if not dates:
        return [in_months]
    if unit == "year" and len(dates) == 1 and len(months) == 1 and dates[0] > 0:
        return [f"on {dates[0]} {months[0]}"]
    plain = [str(n) for n in dates if n > 0]
    told = [f"day {_and(plain)}"] if plain else []
    told += ["the last day" if n == -1 else f"the {_nth(n)} day" for n in dates if n < 0]
    return [f"on {_and(told)}", "of the month" if unit != "month" and not months else "", in_months]


def _parts(rule: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for piece in rule[:2000].split(";")[:40]:
        name, equals, value = piece.partition("=")
        if equals:
            found.setdefault(name.strip().upper(), value.strip().upper())
    return found


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 6 else 0


def _numbers(text: str) -> list[int]:
    found = [one.strip() for one in text.split(",")[:_MAX_LIST]]
    return [int(one) for one in found if re.fullmatch(r"[+-]?[0-9]{1,3}", one) and int(one)]


def _until(text: str) -> str:
    match = _UNTIL.match(text)
    try:
        found = date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return ""
    return f"{found.day} {_MONTHS[found.month - 1]} {found.year}" if found else ""


def _nth(number: int) -> str:
    if number in _NAMES:
        return _NAMES[number]
    size = abs(number)
    ending = (
        "th" if size % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(size % 10, "th")
    )
    return f"{size}{ending}" if number > 0 else f"{size}{ending} to last"


def _and(words: list[str]) -> str:
    return _joined(words, "and")


def _or(words: list[str]) -> str:
    return _joined(words, "or")


def _joined(words: list[str], last: str) -> str:
    words = list(dict.fromkeys(words))
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"
