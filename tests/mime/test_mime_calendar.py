"""Invitations: times in any zone, people, rules in words, broken files, any bytes."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.mail.cards import Invitation, Method
from martlet.mail.message import Address
from martlet.mime.calendar import IN_A_SERIES, MAX_EVENTS, MAX_PEOPLE, invitations
from martlet.mime.label import label
from martlet.mime.recurrence import in_words
from martlet.mime.windows_zones import city


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> float:
    return datetime(year, month, day, hour, minute, tzinfo=UTC).timestamp()


def read(event: str, before: str = "METHOD:REQUEST\n", charset: str = "utf-8") -> list[Invitation]:
    text = f"BEGIN:VCALENDAR\n{before}BEGIN:VEVENT\n{event}\nEND:VEVENT\nEND:VCALENDAR\n"
    return list(invitations(text.replace("\n", "\r\n").encode(charset), charset, "2"))


def one(event: str, before: str = "METHOD:REQUEST\n") -> Invitation:
    (found,) = read(event, before)
    return found


GOOGLE = """DTSTART:20261124T013000Z
DTEND:20261124T023000Z
ORGANIZER;CN=Ada Lovelace:mailto:ada@example.org
UID:abc@google.com
ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=TRUE
 ;CN=Ada Lovelace;X-NUM-GUESTS=0:mailto:ada@example.org
ATTENDEE;PARTSTAT=NEEDS-ACTION;CN="Wang\\, Li; Dr.":MAILTO:wang%20li@example.org
ATTENDEE;CN=room@example.org:mailto:room@example.org
ATTENDEE;CN=Cy;EMAIL=cy@icloud.example:/aMTIz/principal/
DESCRIPTION:Line one\\nLine two\\, with \\; and \\\\ and a very long text that i
 s folded in the middle of a word
LOCATION:Room 3\\, 2nd floor
SEQUENCE:2
STATUS:CONFIRMED
SUMMARY:项目评审会议
TRANSP:OPAQUE"""


def test_an_invitation_as_google_writes_it() -> None:
    found = one(GOOGLE)
    assert found.method is Method.REQUEST
    assert (found.summary, found.location) == ("项目评审会议", "Room 3, 2nd floor")
    assert (found.start, found.end) == (at(2026, 11, 24, 1, 30), at(2026, 11, 24, 2, 30))
    assert (found.zone, found.all_day, found.floating, found.repeats) == ("", False, False, "")
    assert found.organizer == Address("Ada Lovelace", "ada@example.org")
    assert found.attendees == (
        (Address("Ada Lovelace", "ada@example.org"), "accepted"),
        (Address("Wang, Li; Dr.", "wangli@example.org"), "needs-action"),
        (Address("", "room@example.org"), "needs-action"),
        (Address("Cy", "cy@icloud.example"), "needs-action"),
    )
    assert found.description.split("\n") == [
        "Line one",
        "Line two, with ; and \\ and a very long text that is folded in the middle of a word",
    ]
    assert (found.uid, found.sequence, found.cancelled) == ("abc@google.com", 2, False)


OUTLOOK_ZONE = """BEGIN:VTIMEZONE
TZID:Our own zone
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""


@pytest.mark.parametrize(
    ("zone", "clock", "expected"),
    [
        ("Our own zone", "20260115T120000", at(2026, 1, 15, 11)),
        ("Our own zone", "20260715T120000", at(2026, 7, 15, 10)),
        ("Our own zone", "20260329T015900", at(2026, 3, 29, 0, 59)),
        ("Our own zone", "20260329T030000", at(2026, 3, 29, 1)),
        ("Our own zone", "20261025T040000", at(2026, 10, 25, 3)),
        ("Asia/Shanghai", "20260115T120000", at(2026, 1, 15, 4)),
        ("/citadel.org/20190914_1/Europe/Berlin", "20260715T120000", at(2026, 7, 15, 10)),
        ("China Standard Time", "20260115T120000", at(2026, 1, 15, 4)),
        ("W. Europe Standard Time", "20260715T120000", at(2026, 7, 15, 10)),
        ("america/new_york", "20260715T120000", None),
        ("(UTC+08:00) Beijing, Chongqing", "20260115T120000", at(2026, 1, 15, 4)),
        ("GMT-0530", "20260115T120000", at(2026, 1, 15, 17, 30)),
        ("UTC", "20260115T120000", at(2026, 1, 15, 12)),
        ("Customized Time Zone", "20260115T120000", None),
        ("../../etc/passwd", "20260115T120000", None),
        ("Europe", "20260115T120000", None),
    ],
)
def test_zones(zone: str, clock: str, expected: float | None) -> None:
    found = one(f'DTSTART;TZID="{zone}":{clock}\nSUMMARY:x', OUTLOOK_ZONE)
    assert found.zone == zone
    if expected is None and found.floating:
        assert found.start == at(2026, int(clock[4:6]), 15, 12)
    elif expected is not None:
        assert (found.start, found.floating) == (expected, False)


def test_a_zone_whose_rule_ended() -> None:
    for winter, summer, hour in (("20101031", "20100328", 11), ("20091025", "20100328", 10)):
        zone = OUTLOOK_ZONE.replace("BYMONTH=3\n", f"BYMONTH=3;UNTIL={summer}T030000Z\n")
        zone = zone.replace("BYMONTH=10\n", f"BYMONTH=10;UNTIL={winter}T030000Z\n")
        found = one("DTSTART;TZID=Our own zone:20260115T120000", zone)
        assert found.start == at(2026, 1, 15, hour)


@pytest.mark.parametrize(
    ("times", "start", "end", "all_day"),
    [
        ("DTSTART;VALUE=DATE:20261224", at(2026, 12, 24), at(2026, 12, 25), True),
        ("DTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20261227", at(2026, 12, 24),
         at(2026, 12, 27), True),
        ("DTSTART;VALUE=DATE:20261224\nDURATION:P1W", at(2026, 12, 24), at(2026, 12, 31), True),
        ("DTSTART:20261224T100000Z\nDURATION:PT1H30M", at(2026, 12, 24, 10),
         at(2026, 12, 24, 11, 30), False),
        ("DTSTART:20261224T100000Z\nDURATION:-PT1H", at(2026, 12, 24, 10), None, False),
        ("DTSTART:20261224T100000Z\nDTEND:20261223T100000Z", at(2026, 12, 24, 10), None, False),
        ("DTSTART;TZID=Asia/Shanghai:20261224T000000\nDTEND;TZID=Asia/Shanghai:20261225T000000\n"
         "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE", at(2026, 12, 24), at(2026, 12, 25), True),
        ("DTSTART:2026-12-24T10:00:00+08:00", at(2026, 12, 24, 2), None, False),
        ("DTSTART:20261324T100000Z", None, None, False),
        ("DTSTART:00000101T000000", None, None, False),
        ("DTSTART:99991231T235959Z", None, None, False),
        ("DTSTART:20260230T100000", None, None, False),
        ("DTSTART:", None, None, False),
        ("SUMMARY:no time", None, None, False),
    ],
)  # fmt: skip
def test_times(times: str, start: float | None, end: float | None, all_day: bool) -> None:
    found = one(times)
    assert (found.start, found.end, found.all_day) == (start, end, all_day)


@pytest.mark.parametrize(
    ("begin", "lasts", "end"),
    [
        # Clocks went forward in the night to 29 March, and back in that to 25 October.
        ("20260328T120000", "P1D", at(2026, 3, 29, 10)),
        ("20260328T120000", "P1W", at(2026, 4, 4, 10)),
        ("20260328T120000", "PT24H", at(2026, 3, 29, 11)),
        ("20260328T120000", "P1DT2H", at(2026, 3, 29, 12)),
        ("20261024T120000", "P1D", at(2026, 10, 25, 11)),
        ("90001024T120000", "P999999D", None),
    ],
)
def test_days_are_those_of_the_clock(begin: str, lasts: str, end: float | None) -> None:
    for zone, rules in (("Europe/Berlin", ""), ("Our own zone", OUTLOOK_ZONE)):
        assert one(f"DTSTART;TZID={zone}:{begin}\nDURATION:{lasts}", rules).end == end


def test_zones_are_known_where_the_system_has_no_table_of_them() -> None:
    code = "from martlet.mime.calendar_zones import Zones; print(Zones([]).moment(*%r).floating)"
    asked = code % (("20260328T120000", "Europe/Berlin"),)
    told = subprocess.run(
        [sys.executable, "-c", asked],
        env={**os.environ, "PYTHONTZPATH": "", "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        check=True,
    )
    assert told.stdout.split() == [b"False"]


def test_floating_time_says_so() -> None:
    found = one("DTSTART:20261224T100000\nDTEND:20261224T110000")
    assert (found.start, found.end) == (at(2026, 12, 24, 10), at(2026, 12, 24, 11))
    assert found.floating


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=DAILY", "every day"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE", "every 2 weeks on Monday and Wednesday"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "every week on weekdays"),
        ("FREQ=MONTHLY;BYDAY=-1FR;COUNT=10", "every month on the last Friday, 10 times"),
        ("FREQ=MONTHLY;BYMONTHDAY=15", "every month on day 15"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "every month on the last day"),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "every month on the last weekday"),
        ("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24", "every year on 24 December"),
        ("FREQ=YEARLY;BYDAY=2SU;BYMONTH=5;UNTIL=20270303T000000Z",
         "every year on the second Sunday in May, until 3 March 2027"),
        ("freq=weekly;until=20271399", "every week"),
        ("FREQ=DAILY;COUNT=1", "every day, once"),
        ("FREQ=HOURLY;BYMINUTE=5", "every hour at certain times"),
        ("FREQ=MONTHLY;BYDAY=22MO", "every month on the 22nd Monday"),
        ("FREQ=NEVER", ""),
        ("", ""),
        ("INTERVAL=2", ""),
    ],
)  # fmt: skip
def test_rules_in_words(rule: str, words: str) -> None:
    assert in_words(rule) == words


@pytest.mark.parametrize("method", list(Method))
def test_what_it_is_for(method: Method) -> None:
    found = one("SUMMARY:x\nCOMMENT:later\\, please\nDESCRIPTION:all", f"METHOD:{method.value}\n")
    assert found.method is method
    assert found.cancelled == (method is Method.CANCEL)
    told = method not in (Method.PUBLISH, Method.REQUEST)
    assert found.description == ("later, please\n\nall" if told else "all")


def test_the_parts_own_method_counts_where_the_file_says_nothing() -> None:
    data = b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\nEND:VEVENT\nEND:VCALENDAR"
    assert invitations(data, "", "1", "REPLY")[0].method is Method.REPLY
    assert invitations(data, "", "1")[0].method is Method.PUBLISH


def test_one_of_a_series_and_a_cancelled_one() -> None:
    event = "RRULE:FREQ=DAILY\nEND:VEVENT\nBEGIN:VEVENT\nRECURRENCE-ID:20260101T000000Z\n"
    first, second = read(event + "STATUS:CANCELLED")
    assert (first.repeats, second.repeats) == ("every day", IN_A_SERIES)
    assert (first.cancelled, second.cancelled) == (False, True)


def test_characters_cut_by_a_fold_and_other_charsets() -> None:
    whole = "SUMMARY:评审会议".encode()
    cut = whole[:12] + b"\r\n " + whole[12:]
    data = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n" + cut + b"\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    assert invitations(data, "", "1")[0].summary == "评审会议"
    words = "请查收附件中的项目进度报告，如有问题请回复。"
    for charset in ("gb18030", "utf-16"):
        assert read(f"SUMMARY:{words}", charset=charset)[0].summary == words
    text = f"BEGIN:VEVENT\nSUMMARY:{words}\nEND:VEVENT".encode("gbk")
    assert invitations(text, "", "1")[0].summary == words


@pytest.mark.parametrize(
    "data",
    [b"", b"BEGIN:VCALENDAR", b"END:VCALENDAR\nEND:VEVENT", b"no calendar", b"BEGIN:VCALENDAR\nx"],
)
def test_what_is_no_calendar(data: bytes) -> None:
    assert invitations(data, "", "1") == ()


def test_lines_that_are_none_and_ends_that_are_missing() -> None:
    found = one('garbage\n;;=:\nATTENDEE;CN="open:mailto:x@y\n:\nSUMMARY;X="a:b;c":yes\n\n \nUID')
    assert found.summary == "yes"
    data = b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:a\nBEGIN:VALARM\nSUMMARY:no\nEND:VCALENDAR\n"
    assert [one.summary for one in invitations(data, "", "1")] == ["a"]


def test_nothing_in_it_turns_or_hides() -> None:
    found = one("SUMMARY:a\u202eb\u200bc\\nd\x07\nORGANIZER;CN=\u2066x^n\u0000y:mailto:a@\u202eb")
    assert found.summary == "abc d"
    assert found.organizer == Address("x y", "a@b")


def test_bounds() -> None:
    event = "SUMMARY:x\n" + "ATTENDEE:mailto:a@b\n" * 5_000
    assert len(one(event.strip()).attendees) == MAX_PEOPLE
    assert len(read("SUMMARY:x\nEND:VEVENT\nBEGIN:VEVENT\n" * 500)) == MAX_EVENTS
    for piece in ("BEGIN:VEVENT\n", "BEGIN:VCALENDAR\n", "X" * 1000 + "\n ", "A;", 'A;B="', "A:\\",
                  "BEGIN:VTIMEZONE\nBEGIN:STANDARD\nDTSTART:16010101T000000\nTZOFFSETTO:+0100\n",
                  "ATTENDEE;CN=a,,,,,\n ,,:x\n", "RDATE:20260101T000000,"):  # fmt: skip
        invitations(b"BEGIN:VCALENDAR\n" + piece.encode() * (2_000_000 // len(piece)), "", "1")


def test_windows_names_lead_to_zones_that_exist() -> None:
    assert city("  china   STANDARD time ") == "Asia/Shanghai"
    assert city("Central Standard Time (Mexico)") == "America/Mexico_City"
    assert city("Nowhere Standard Time") == ""


LINES = st.sampled_from(
    ["BEGIN:VCALENDAR", "END:VCALENDAR", "BEGIN:VEVENT", "END:VEVENT", "METHOD:REPLY",
     "BEGIN:VTIMEZONE", "TZID:Z", "END:VTIMEZONE", "BEGIN:STANDARD", "END:STANDARD",
     "TZOFFSETTO:+0100", "TZOFFSETTO:x", "DTSTART:16010101T000000",
     "DTSTART;TZID=Z:20260101T000000",
     "DTEND;TZID=Europe/Berlin:20260101T010000", "DTSTART;VALUE=DATE:20260101", "DURATION:P1D",
     "RRULE:FREQ=YEARLY;BYDAY=-9SU;BYMONTH=13", "RRULE:FREQ=YEARLY;BYMONTHDAY=-40;UNTIL=19000101",
     "RDATE:20200101T000000,x", "ORGANIZER;CN=x:y", "ATTENDEE", " folded", "SUMMARY:\\", "\t;:"]
)  # fmt: skip


@given(st.lists(LINES, max_size=40))
def test_any_order_of_lines(lines: list[str]) -> None:
    for found in invitations("\r\n".join(lines).encode(), "", "1"):
        assert label(found.summary) == found.summary


@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    for text in (data, b"BEGIN:VEVENT\n" + data, b"BEGIN:VEVENT\nDTSTART;TZID=" + data):
        invitations(text, "", "1")


@given(st.text(max_size=60))
def test_any_rule(text: str) -> None:
    in_words(text)
    in_words(f"FREQ=MONTHLY;{text}")
    in_words(f"FREQ=YEARLY;BYDAY={text};BYMONTH={text};UNTIL={text};COUNT={text}")
