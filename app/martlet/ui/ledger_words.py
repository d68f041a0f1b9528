"""What became of a sent message, in words: one line for all, and each recipient's story. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QCoreApplication

from martlet.mail.outgoing import Delivery, DeliveryKind
from martlet.mail.standing import standing
from martlet.mail.status_words import meaning

_K = DeliveryKind
_BAD = (_K.FAILED, _K.REFUSED, _K.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Story:
    """All that is known of one recipient, oldest first, and how it stands now.

    recipient "": what holds for the whole message.
    """

    recipient: str
    events: tuple[Delivery, ...]
    now: Delivery | None


@dataclass(frozen=True, slots=True)
class Summary:
    """One line. bad: somebody did not get it, or may not have. words "": nothing is known.

    symbol: of icons/, for how it stands at worst.
    """

    words: str
    bad: bool
    symbol: str = "sent"


def _tr(text: str) -> str:
    return QCoreApplication.translate("ledger", text)


def stories(ledger: Sequence[Delivery]) -> list[Story]:
    """By recipient: those it did not reach first, what holds for all last, else in the order they
    were first told of.
    """
    found: dict[str, list[Delivery]] = {}
    names: dict[str, str] = {}
    for line in ledger:
        key = line.recipient.casefold()
        names.setdefault(key, line.recipient)
        found.setdefault(key, []).append(line)
    now = standing(ledger)
    told = [Story(names[key], tuple(lines), now.get(key)) for key, lines in found.items()]
    return sorted(told, key=_place)


def _place(story: Story) -> int:
    if not story.recipient:
        return 2
    return 0 if story.now is not None and story.now.kind in _BAD else 1


def summary(ledger: Sequence[Delivery]) -> Summary:
    """How it stands, the worst last: "Delivered to 2, failed for 1: the mailbox is full"."""
    holds = _holding(ledger)
    bad = any(line.kind in _BAD for line in holds)
    groups = {kind: [line for line in holds if line.kind in kinds] for kind, kinds in _GROUPS}
    alone = len(holds) == 1
    parts = [_part(kind, lines, alone=alone) for kind, lines in groups.items() if lines]
    words = ", ".join(parts)
    present = [kind for kind, lines in groups.items() if lines]
    symbol = _SYMBOLS.get(present[-1], "sent") if present else ""
    return Summary(words[:1].upper() + words[1:], bad, symbol)


# What is said together.
_GROUPS = (
    (_K.ANSWERED, (_K.ANSWERED,)),
    (_K.DELIVERED, (_K.DELIVERED,)),
    (_K.ACCEPTED, (_K.ACCEPTED, _K.RELAYED, _K.EXPANDED)),
    (_K.DEFERRED, (_K.DEFERRED,)),
    (_K.DELAYED, (_K.DELAYED,)),
    (_K.UNKNOWN, (_K.UNKNOWN,)),
    (_K.FAILED, (_K.FAILED, _K.REFUSED)),
)
_SYMBOLS = {
    _K.ANSWERED: "reply", _K.DELIVERED: "check", _K.DEFERRED: "clock", _K.DELAYED: "clock",
    _K.UNKNOWN: "warning", _K.FAILED: "warning",
}  # fmt: skip


def _part(kind: DeliveryKind, lines: Sequence[Delivery], *, alone: bool) -> str:
    one, many = {
        _K.ANSWERED: (_tr("answered"), _tr("answered by {count}")),
        _K.DELIVERED: (_tr("delivered"), _tr("delivered to {count}")),
        _K.ACCEPTED: (_tr("sent"), _tr("sent to {count}")),
        _K.DEFERRED: (_tr("not taken yet"), _tr("not taken yet for {count}")),
        _K.DELAYED: (_tr("delayed"), _tr("delayed for {count}")),
        _K.UNKNOWN: (
            _tr("nobody knows whether it was sent"), _tr("not known for {count}"),
        ),
        _K.FAILED: (_tr("failed"), _tr("failed for {count}")),
    }[kind]  # fmt: skip
    words = one if alone else many.format(count=len(lines))
    reasons = list(dict.fromkeys(meaning(line.status) for line in lines if line.status))
    if kind in (_K.FAILED, _K.DELAYED, _K.DEFERRED) and len(reasons) == 1 and reasons[0]:
        return _tr("{what}: {why}").format(what=words, why=reasons[0])
    return words


def event(line: Delivery) -> str:
    """What happened, by whom it is told."""
    return {
        _K.ACCEPTED: _tr("Accepted by your server"),
        _K.REFUSED: _tr("Refused by your server"),
        _K.DEFERRED: _tr("Put off by your server"),
        _K.UNKNOWN: _tr("The connection was lost before your server confirmed"),
        _K.FILED: _tr("A copy is in Sent"),
        _K.FAILED: _tr("Could not be delivered"),
        _K.DELAYED: _tr("Delayed; it is still being tried"),
        _K.DELIVERED: _tr("Delivered"),
        _K.RELAYED: _tr("Passed on to a server that sends no reports"),
        _K.EXPANDED: _tr("Passed on to all of a mailing list"),
        _K.ANSWERED: _tr("Answered"),
    }[line.kind]


def fate(kind: DeliveryKind) -> str:
    """For a row of a list: what is wrong, or "" when nothing is."""
    if kind is _K.UNKNOWN:
        return _tr("Nobody knows whether it was sent")
    if kind in _BAD:
        return _tr("Not delivered to everyone")
    return _tr("Delayed") if kind in (_K.DELAYED, _K.DEFERRED) else ""


def is_bad(kind: DeliveryKind | None) -> bool:
    """Whether this means that it did not arrive, or may not have."""
    return kind in _BAD


def is_report(line: Delivery) -> bool:
    """Whether a report told this, and not an answer or our server."""
    return bool(line.source) and line.kind is not _K.ANSWERED


def _holding(ledger: Sequence[Delivery]) -> list[Delivery]:
    """What is true now: of each recipient, or of the whole message where nothing is known of any,
    or where it was lost once more after something was.
    """
    now = standing(ledger)
    whole = now.pop("", None)
    if whole is None or (now and whole.kind is not _K.UNKNOWN):
        return list(now.values())
    if whole.kind is not _K.FILED:
        return [*now.values(), whole]
    # Found in Sent, or said to be sent, before its copy was there: it is as good as accepted.
    sent = any(line.kind is not _K.FILED for line in ledger)
    return [replace(whole, kind=_K.ACCEPTED)] if sent else []
