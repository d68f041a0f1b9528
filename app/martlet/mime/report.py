"""Reports of delivery: RFC 3464 and 6533 (delivery status), RFC 8098 (it was read), and bounces in
words by servers that do not write those (`bounce`).

Never raises. That a report speaks of a message of ours is for whoever knows our messages to say.
"""

from __future__ import annotations

import re

from martlet.mail.report import Action, Fate, Report
from martlet.mime.bounce import from_daemon, in_words
from martlet.mime.headers import Headers, fields, parse_headers, parse_message_ids
from martlet.mime.part import Message, Part
from martlet.mime.words import decode_text

_STATUS = frozenset({"message/delivery-status", "message/global-delivery-status"})
_READ = frozenset({"message/disposition-notification", "message/global-disposition-notification"})
_RETURNED_HEADERS = frozenset({"text/rfc822-headers", "message/global-headers"})
_GAP = re.compile(rb"\r?\n(?:[ \t]*\r?\n)+")
_CODE = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_XTEXT = re.compile(r"\\x\{([0-9A-Fa-f]{2,6})\}")
_VAGUE = frozenset({"5.0.0", "4.0.0", "2.0.0", ""})
_BY_CLASS = {"5": Action.FAILED, "4": Action.DELAYED, "2": Action.DELIVERED}

MAX_FATES = 1000
MAX_REPORTS = 20
MAX_SAID = 300
MAX_STATUS = 1 << 20


def report_of(message: Message) -> Report | None:
    """What the message reports of another one; None for one that is no report."""
    root = message.root
    formal = root.content_type == "multipart/report" or root.content_type in _STATUS
    failed = message.headers.get("x-failed-recipients")
    if not formal and not failed and not from_daemon(message.headers):
        return None
    parts = list(message.walk())
    for part in parts:
        if part.content_type in _STATUS:
            return _status(part, _returned(parts))
        if part.content_type in _READ:
            return _read(part)
    return in_words(message, _returned(parts))


def reports(message: Message) -> tuple[Report, ...]:
    """Every report in the message, for a person to read: those that a list or a forwarding server
    wrapped too, and receipts that do not say of which message they are.
    """
    parts = list(message.walk())
    told = [(part, parts) for part in parts[:1]]
    told += [(child, parent.children) for parent in parts for child in parent.children]
    told = [(part, around) for part, around in told if part.content_type in _STATUS | _READ]
    found: list[Report] = []
    for part, around in told[:MAX_REPORTS]:
        if part.content_type in _STATUS:
            report = _status(part, _returned(around))
        else:
            report = _read(part, in_any_case=True)
        found += [report] if report is not None else []
    if not found:
        one = report_of(message)
        return () if one is None else (one,)
    return tuple(found)


def _returned(parts: list[Part]) -> Headers | None:
    """The header of the message reported on."""
    for part in parts:
        if part.content_type in _RETURNED_HEADERS:
            return parse_headers(part.data())
        if part.embedded is not None:
            return part.embedded.headers
    return None


def _status(part: Part, returned: Headers | None) -> Report | None:
    groups = [fields(group + b"\r\n") for group in _GAP.split(part.data()[:MAX_STATUS].strip())]
    envelope_id = reporter = ""
    fates: list[Fate] = []
    for group in groups:
        # Some put the message's own fields and the first recipient's in one group.
        envelope_id = envelope_id or decode_text(group.get("original-envelope-id"))[:200]
        reporter = reporter or _typed(group.get("reporting-mta"))
        fate = _fate(group)
        if fate is not None:
            fates.append(fate)
        if len(fates) >= MAX_FATES:
            break
    if not fates:
        return None
    message_id = _message_id(returned) if returned is not None else ""
    return Report(message_id, envelope_id, tuple(fates), reporter)


def _fate(group: Headers) -> Fate | None:
    written = _address(group.get("original-recipient")) or _address(group.get("final-recipient"))
    if not written:
        return None
    said = _typed(group.get("diagnostic-code"))
    found = _CODE.search(decode_text(group.get("status")))
    status = found[1] if found else ""
    closer = _CODE.search(said)
    if closer and status in _VAGUE and (not status or closer[1][0] == status[0]):
        status = closer[1]
    words = decode_text(group.get("action")).split("(")[0].split()
    action = next((one for one in Action if words and one.value == words[0].lower()), None)
    if action is None:
        action = _BY_CLASS.get(status[:1])
    return None if action is None else Fate(written, action, status, said)


def _read(part: Part, in_any_case: bool = False) -> Report | None:
    """in_any_case: also where it does not say of which message it is."""
    group = fields(part.data()[:MAX_STATUS].strip() + b"\r\n")
    disposition = decode_text(group.get("disposition")).lower().rpartition(";")[2]
    kind = disposition.partition("/")[0].strip()
    if kind not in ("displayed", "deleted"):
        return None
    ids = parse_message_ids(group.get("original-message-id"))
    who = _address(group.get("original-recipient")) or _address(group.get("final-recipient"))
    if not who or not (ids or in_any_case):
        return None
    fate = Fate(who, Action.DELIVERED, read=kind == "displayed")
    return Report(ids[0] if ids else "", "", (fate,), _typed(group.get("reporting-ua")))


def _message_id(headers: Headers) -> str:
    ids = parse_message_ids(headers.get("message-id"))
    return ids[0] if ids else ""


def _typed(raw: bytes) -> str:
    """The value behind "smtp;", "dns;" and the like, on one line."""
    text = " ".join(decode_text(raw[: MAX_SAID * 8]).split())
    kind, semicolon, value = text.partition(";")
    shown = value.strip() if semicolon and len(kind) <= 40 and " " not in kind else text
    return shown[:MAX_SAID]


def _address(raw: bytes) -> str:
    """The address behind "rfc822;" or "utf-8;" (RFC 6533, 3); "" for one of another kind."""
    text = decode_text(raw[:2000])
    kind, semicolon, value = text.partition(";")
    if semicolon and kind.strip().lower() not in ("rfc822", "utf-8"):
        return ""
    address = _XTEXT.sub(_character, value if semicolon else text).strip().strip("<>").strip()
    good = 3 <= len(address) <= 320 and "@" in address[1:-1] and address.isprintable()
    return address if good and not any(c.isspace() for c in address) else ""


def _character(match: re.Match[str]) -> str:
    number = int(match[1], 16)
    return chr(number) if number < 0xD800 or 0xDFFF < number < 0x110000 else ""
