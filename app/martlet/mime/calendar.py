"""Invitations: the events of a text/calendar part (RFC 5545, 5546, 6047). Never raises; bounded.

Nothing is answered and nothing goes into a calendar here.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from martlet.mail.cards import Invitation, Method
from martlet.mail.message import Address
from martlet.mime.calendar_zones import Moment, Zones
from martlet.mime.content_lines import Component, Line, components, unescaped
from martlet.mime.label import label, text_of
from martlet.mime.recurrence import in_words

MAX_EVENTS = 50
MAX_PEOPLE = 200
IN_A_SERIES = "one of a series"
_METHODS = {method.value: method for method in Method}
_DURATION = re.compile(
    r"\s*([+-]?)P(?:(\d{1,5})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,7})H)?(?:(\d{1,8})M)?(?:(\d{1,9})S)?)?",
    re.IGNORECASE,
)
_UNITS_S = (3_600, 60, 1)
_DAY_S = 86_400
_MAX_ADDRESS = 320


def invitations(data: bytes, charset: str, part: str, method: str = "") -> tuple[Invitation, ...]:
    """The events of a calendar file, in order, at most MAX_EVENTS.

    part: its section. method: the part's own method parameter, for files without one.
    """
    files = components(data, charset)
    calendars = [one for one in files if one.name == "VCALENDAR"]
    zones = Zones(calendars)
    found: list[Invitation] = []
    for one in calendars or [Component("VCALENDAR", inner=files)]:
        said = (one.value("METHOD") or method).strip().lower()
        meant = _METHODS.get(said, Method.OTHER if said else Method.PUBLISH)
        for event in one.inner:
            if event.name == "VEVENT" and len(found) < MAX_EVENTS:
                found.append(_event(event, meant, part, zones))
    return tuple(found)


def _event(event: Component, method: Method, part: str, zones: Zones) -> Invitation:
    begin_line = event.first("DTSTART")
    begin = _moment(begin_line, zones)
    end = _end(event, begin, zones)
    whole = _whole_days(event)
    begin, end = whole or (begin, end)
    all_day = begin is not None and begin.all_day
    start = begin.seconds if begin is not None else None
    finish = end.seconds if end is not None else None
    if start is not None and finish is not None and finish < start:
        finish = None
    zone = begin_line.parameter("TZID") if begin_line is not None and not all_day else ""
    organizer = event.first("ORGANIZER")
    rule = event.first("RRULE")
    repeats = in_words(rule.value) if rule is not None else ""
    if not repeats and event.first("RECURRENCE-ID") is not None:
        repeats = IN_A_SERIES
    cancelled = event.value("STATUS").strip().upper() == "CANCELLED"
    sequence = event.value("SEQUENCE").strip()
    return Invitation(
        part=part,
        method=method,
        summary=label(event.value("SUMMARY")),
        start=start,
        end=finish,
        all_day=all_day,
        floating=begin is not None and begin.floating and not all_day,
        zone=label(zone, 100),
        location=label(event.value("LOCATION")),
        description=_description(event, method),
        repeats=repeats,
        organizer=_person(organizer) if organizer is not None else None,
        attendees=tuple(
            (_person(line), label(line.parameter("PARTSTAT"), 40).lower() or "needs-action")
            for line in event.all("ATTENDEE")[:MAX_PEOPLE]
        ),
        uid=label(event.value("UID")),
        sequence=int(sequence) if re.fullmatch(r"[0-9]{1,9}", sequence) else 0,
        cancelled=cancelled or method is Method.CANCEL,
    )


def _moment(line: Line | None, zones: Zones, later: int = 0) -> Moment | None:
    if line is None:
        return None
    as_date = line.parameter("VALUE").upper() == "DATE"
    return zones.moment(line.value, line.parameter("TZID").strip(), as_date, later)


def _end(event: Component, begin: Moment | None, zones: Zones) -> Moment | None:
    end = _moment(event.first("DTEND"), zones)
    if end is not None or begin is None:
        return end
    match = _DURATION.match(event.value("DURATION"))
    if match is not None and any(match.groups()[1:]) and match[1] != "-":
        weeks, days, *rest = (int(number or 0) for number in match.groups()[1:])
        # Weeks and days are those of the calendar, whatever the clock does meanwhile (3.3.6)
        on = _moment(event.first("DTSTART"), zones, 7 * weeks + days)
        if on is None:
            return None
        lasts = sum(number * unit for number, unit in zip(rest, _UNITS_S, strict=True))
        return Moment(on.seconds + lasts, begin.all_day, begin.floating)
    # RFC 5545, 3.6.1: a day that says nothing else is one day
    return Moment(begin.seconds + _DAY_S, True) if begin.all_day else None


def _whole_days(event: Component) -> tuple[Moment, Moment] | None:
    """Outlook writes whole days as midnights of some zone, and says so beside it."""
    if event.value("X-MICROSOFT-CDO-ALLDAYEVENT").strip().upper() != "TRUE":
        return None
    days: list[Moment] = []
    for name in ("DTSTART", "DTEND"):
        found = Zones([]).moment(event.value(name), "")
        if found is None or found.seconds % _DAY_S or not found.floating:
            return None
        days.append(Moment(found.seconds, all_day=True))
    return days[0], days[1]


def _description(event: Component, method: Method) -> str:
    told = [event.value("DESCRIPTION")]
    if method not in (Method.PUBLISH, Method.REQUEST):
        told = [*(unescaped(line.value) for line in event.all("COMMENT")[:5]), *told]
    return text_of("\n\n".join(text for text in told if text.strip()))


def _person(line: Line) -> Address:
    value = line.value.strip()
    if value[:7].lower() == "mailto:":
        value = unquote(value[7:].partition("?")[0], errors="replace")
    if "@" not in value or "://" in value:
        # Some name a person by an address of their own server
        value = line.parameter("EMAIL")
    address = "".join(label(value, _MAX_ADDRESS).split())
    # Some escape a name that stands in quotes, too
    name = label(unescaped(line.parameter("CN")))
    return Address("" if name.lower() == address.lower() else name, address)
