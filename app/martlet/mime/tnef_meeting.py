"""A meeting that Outlook sent as a winmail.dat alone, as the iCalendar file others would have sent
(MS-OXCICAL, read backwards for what a card shows).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from martlet.mail.message import Address
from martlet.mime.inner_file import File
from martlet.mime.label import label
from martlet.mime.mapi import NAMED, Properties

# PidLidLocation, -AppointmentStartWhole, -EndWhole, -SubType (whole days), PidLidGlobalObjectId
_LOCATION, _START, _END, _ALL_DAY = (NAMED | n for n in (0x8208, 0x820D, 0x820E, 0x8215))
_UID = NAMED | 0x0003
_OLD_START, _OLD_END = 0x0060, 0x0061
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
# By the end of the message class, old (in the attribute) and new
_METHODS = {
    "mtgreq": ("REQUEST", ""), "meeting.request": ("REQUEST", ""),
    "mtgcncl": ("CANCEL", ""), "meeting.canceled": ("CANCEL", ""),
    "mtgrespp": ("REPLY", "ACCEPTED"), "meeting.resp.pos": ("REPLY", "ACCEPTED"),
    "mtgrespn": ("REPLY", "DECLINED"), "meeting.resp.neg": ("REPLY", "DECLINED"),
    "mtgrespa": ("REPLY", "TENTATIVE"), "meeting.resp.tent": ("REPLY", "TENTATIVE"),
}  # fmt: skip


def meeting(
    classes: Sequence[str], held: Properties, subject: str, sender: Address, to: Sequence[Address]
) -> File | None:
    """The iCalendar file; None for a message that is no meeting, or says no time.

    classes: what the message calls its class, in any place.
    """
    found = [
        what
        for one in classes
        for name, what in _METHODS.items()
        if one.strip("\x00 ").lower().endswith(f".{name}")
    ]
    begin = _time(held.get(_START)) or _time(held.get(_OLD_START))
    if not found or begin is None:
        return None
    method, answer = found[0]
    end = _time(held.get(_END)) or _time(held.get(_OLD_END))
    form = "%Y%m%d" if held.get(_ALL_DAY) and not begin.hour else "%Y%m%dT%H%M%SZ"
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"METHOD:{method}", "BEGIN:VEVENT"]
    lines += [f"SUMMARY:{_escaped(subject)}", f"DTSTART:{begin.strftime(form)}"]
    lines += [f"DTEND:{end.strftime(form)}"] if end is not None else []
    place, uid = held.get(_LOCATION), held.get(_UID)
    lines += [f"LOCATION:{_escaped(place)}"] if isinstance(place, str) and place else []
    lines += [f"UID:{uid.hex().upper()[:400]}"] if isinstance(uid, bytes) else []
    if answer:
        lines += [_person("ATTENDEE", sender, f";PARTSTAT={answer}")]
    else:
        lines += [_person("ORGANIZER", sender), *(_person("ATTENDEE", one) for one in to)]
    lines += ["END:VEVENT", "END:VCALENDAR", ""]
    data = "\r\n".join(line for line in lines).encode("utf-8", "replace")
    return File("Invitation.ics", "text/calendar", data, charset="utf-8")


def _time(ticks: object) -> datetime | None:
    if not isinstance(ticks, int) or ticks <= 0:
        return None
    try:
        return _EPOCH + timedelta(microseconds=ticks // 10)
    except OverflowError:
        return None


def _person(name: str, who: Address, more: str = "") -> str:
    called = label(who.name).replace('"', "'")
    address = "".join(label(who.address).split())
    return f'{name};CN="{called}"{more}:mailto:{address}'


def _escaped(text: str) -> str:
    text = label(text).replace("\\", "\\\\")
    return text.replace(",", "\\,").replace(";", "\\;")
