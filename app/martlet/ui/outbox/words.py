"""What is said of a letter in the outbox: its state, why, what to do, and each recipient's answer.

Pure. What a server said is given as the server's words, in quotation marks.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QLocale

from martlet.mail.changes import Progress
from martlet.mail.outgoing import OutboxEntry, OutboxState, Priority, RecipientResult, SendOptions
from martlet.mail.status_words import meaning
from martlet.ui import dates, later
from martlet.ui.progress_words import time_left

_MANY = 3
_STATUS = re.compile(r"\s*(?:\d{3}[ -])?([245]\.\d{1,3}\.\d{1,3})\s+")
_TOO_BIG = ("5.2.3", "5.3.4")


def _tr(text: str) -> str:
    return QCoreApplication.translate("outbox", text)


@dataclass(frozen=True, slots=True)
class Answer:
    """One recipient's line. good: True accepted, False refused, None not known yet.

    quoted: what the server said in its own words, or "".
    """

    address: str
    words: str
    good: bool | None
    quoted: str = ""


def answer(result: RecipientResult) -> Answer:
    """What became of one recipient."""
    if result.code == 0:
        return Answer(result.address, _tr("not asked yet"), None)
    if result.good:
        return Answer(result.address, _tr("accepted"), True)
    match = _STATUS.match(result.said)
    means = meaning(match[1]) if match else ""
    for_now = result.code < 500
    if means:
        words = _tr("not now: {why}") if for_now else _tr("refused: {why}")
        words = words.format(why=means)
    else:
        words = _tr("not now") if for_now else _tr("refused")
    said = result.said.strip()
    quoted = said if said.startswith(str(result.code)) else f"{result.code} {said}".strip()
    return Answer(result.address, words, None if for_now else False, quoted)


def accepted(entry: OutboxEntry) -> list[str]:
    """Those whom a server has taken it for already."""
    return [each.address for each in entry.results if each.good]


def offline(entry: OutboxEntry) -> bool:
    """Whether it waits for nothing but the way to its server, which is no error."""
    tried = entry.state is OutboxState.QUEUED and entry.attempts > 0
    return tried and not entry.results and entry.not_before > 0


def state(entry: OutboxEntry, now: float) -> str:
    """What is the matter with it at this moment (Unix seconds)."""
    left_s = entry.not_before - now
    match entry.state:
        case OutboxState.QUEUED if entry.send_at > now and not entry.attempts:
            return _tr("Goes out {when}.").format(when=later.said(entry.send_at, now))
        case OutboxState.QUEUED if left_s > 0 and not entry.attempts:
            return _tr("Goes out in {time}.").format(time=span(left_s))
        case OutboxState.QUEUED if entry.send_at and not entry.attempts:
            return _tr("Its time has come; it goes out as soon as it can.")
        case OutboxState.QUEUED if entry.problem:
            again = _tr("Next try as soon as possible.")
            if left_s > 0:
                again = _tr("Next try in {time}.").format(time=span(left_s))
            return f"{entry.problem} {again}"
        case OutboxState.QUEUED:
            return _tr("Waits to be sent.")
        case OutboxState.SENDING:
            return _tr("Is being sent…")
        case OutboxState.SENT | OutboxState.FILED:
            return entry.problem or _tr("Sent; its copy is still to be put into Sent.")
        case OutboxState.FAILED:
            return entry.problem or _tr("The server refused it.")
        case OutboxState.UNKNOWN:
            return _tr("The connection was lost just as the server should have confirmed.")


def advice(entry: OutboxEntry) -> str:
    """What a person may do about it, or how it goes on by itself; "" for nothing."""
    match entry.state:
        case OutboxState.QUEUED if entry.attempts:
            tries = _tr("Tried once so far.")
            if entry.attempts > 1:
                tries = _tr("Tried {count} times so far.").format(count=entry.attempts)
            if offline(entry):
                return ""  # what there is to say is said; how often it was tried is history
            if not entry.results:
                return tries  # nobody has answered: as long as it takes
            return tries + " " + _tr("It is tried for 24 hours by itself.")
        case OutboxState.FAILED:
            return _failed(entry)
        case OutboxState.UNKNOWN:
            return _tr(
                "It may have arrived, or not; sent again, it could arrive twice. Ask the "
                "recipient, or look into Sent in your web mail."
            )
        case _:
            return ""


def _failed(entry: OutboxEntry) -> str:
    refused = [each for each in entry.results if each.code >= 500]
    statuses = [match[1] for each in refused if (match := _STATUS.match(each.said))]
    if any(each in _TOO_BIG for each in statuses):
        return _tr("Make it smaller: take attachments out, or send them in several letters.")
    taken = accepted(entry)
    if taken and refused:
        words = _tr("{count} of {all} recipients have it. Edit it for the others.")
        return words.format(count=len(taken), all=len(taken) + len(refused))
    if refused and any(status.startswith("5.1.") for status in statuses):
        return _tr("Look whether the address is right: edit the letter and send it again.")
    return _tr("Edit it or send it again; by itself it is not tried any more.")


def options(asked: SendOptions) -> list[str]:
    """What is asked of the servers on the way."""
    return [
        *([_tr("you are told when it is delivered")] if asked.dsn else []),
        *([_tr("only over encrypted connections")] if asked.require_tls else []),
        *([_tr("asks for a read receipt")] if asked.receipt else []),
        *([_URGENT[asked.priority]()] if asked.priority in _URGENT else []),
    ]


_URGENT = {
    Priority.HIGHEST: lambda: _tr("highest priority"),
    Priority.HIGH: lambda: _tr("high priority"),
    Priority.LOW: lambda: _tr("low priority"),
    Priority.LOWEST: lambda: _tr("lowest priority"),
}


def uploaded(progress: Progress, locale: QLocale | None = None) -> str:
    """How much of it has gone up: "3 MB of 12 MB · about 20 seconds left"."""
    done = dates.size(progress.done, locale)
    words = _tr("{done} of {total}").format(done=done, total=dates.size(progress.total, locale))
    left = time_left(progress.left_s)
    return f"{words}  ·  {left}" if left else words


def sending(progress: Progress) -> str:
    """How far it is; at the end the server has still to say yes."""
    if progress.done < progress.total:
        return _tr("Sending: {how_far}").format(how_far=uploaded(progress))
    return _tr("Waits for the server to confirm…")


def standing(states: Sequence[OutboxState]) -> str:
    """How many of several stand how: "2 failed · 1 is being sent · 9 wait"."""
    told = (
        (OutboxState.FAILED, _tr("1 failed"), _tr("{count} failed")),
        (OutboxState.UNKNOWN, _tr("1 may have arrived"), _tr("{count} may have arrived")),
        (OutboxState.SENDING, _tr("1 is being sent"), _tr("{count} are being sent")),
        (OutboxState.QUEUED, _tr("1 waits"), _tr("{count} wait")),
        (OutboxState.SENT, _tr("1 is sent"), _tr("{count} are sent")),
    )
    found = ((states.count(state), one, many) for state, one, many in told)
    return "  ·  ".join(
        one if count == 1 else many.format(count=count) for count, one, many in found if count
    )


def span(seconds: float) -> str:
    """A time to wait, in the one unit a person would take."""
    if seconds < 90:
        # Up, as a countdown is read: the same number everywhere (`countdown`).
        return _tr("{count} s").format(count=max(1, math.ceil(seconds)))
    if seconds < 5400:
        return _tr("{count} min").format(count=round(seconds / 60))
    return _tr("{count} h").format(count=round(seconds / 3600))


def people(addresses: Sequence[str]) -> str:
    """The first few recipients, and how many more there are."""
    shown = ", ".join(addresses[:_MANY])
    more = len(addresses) - _MANY
    if more > 0:
        return _tr("{names} and {number} more").format(names=shown, number=more)
    return shown
