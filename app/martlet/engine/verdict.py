"""What follows from one try to send a letter: its next state, and what the ledger says. Pure.

    taken for all, or refused for the rest      -> SENT (whoever refused stands in the problem)
    refused for all                             -> FAILED
    taken for some, put off for others (4yz)    -> QUEUED for the others, later
    put off for all, or still after 24 hours    -> QUEUED; then FAILED, or SENT if some took it
    the server was not reached                  -> QUEUED, for as long as it takes
    password or certificate refused             -> QUEUED until that is settled, or FAILED
    no answer after the final dot               -> UNKNOWN, which nothing here ends

The 24 hours are those in which a server answers and says "later"; being offline is no one's answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from martlet.mail.errors import MailError
from martlet.mail.outgoing import (
    Delivery,
    DeliveryKind,
    OutboxEntry,
    OutboxState,
    RecipientResult,
)
from martlet.mail.status_words import sentence

TRIED_FOR_S = 24 * 3600.0

_STATUS = re.compile(r"(?:^|\s)([245]\.\d{1,3}\.\d{1,3})(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Try:
    """One try of a letter. now: Unix time. later: when the next would be. since: when a server
    first put it off, None for never.
    """

    letter: OutboxEntry
    now: float
    later: float
    since: float | None = None

    @property
    def over(self) -> bool:
        """Whether it has been put off for long enough."""
        return self.since is not None and self.now - self.since >= TRIED_FOR_S


@dataclass(frozen=True, slots=True)
class Verdict:
    """See store.outbox.set_state. lines: for the ledger. refused: some will not get it."""

    state: OutboxState
    problem: str
    detail: str
    results: tuple[RecipientResult, ...]
    recipients: tuple[str, ...]
    not_before: float = 0.0
    lines: tuple[Delivery, ...] = ()
    refused: tuple[RecipientResult, ...] = ()


def taken(one: Try, results: tuple[RecipientResult, ...], said: str, remark: str = "") -> Verdict:
    """The server has the message for at least one of the recipients asked.

    remark: what the ledger is to say of those who have got it.
    """
    every = joined(one.letter.results, results)
    later = tuple(r for r in results if 400 <= r.code < 500)
    if later and not one.over:
        problem = f"The server did not accept it yet for: {_names(later)}."
        lines = tuple(_line(one.now, r, remark=remark) for r in results)
        return Verdict(
            OutboxState.QUEUED, problem, said, every, _addresses(later), one.later, lines
        )
    lines = tuple(
        _gave_up(one, r) if r in later else _line(one.now, r, remark=remark) for r in results
    )
    return _done(one, every, said, lines)


def refused(one: Try, error: MailError, results: tuple[RecipientResult, ...]) -> Verdict:
    """The server takes it for nobody, and never will. results: what it said of each, if it did."""
    told = _told(one, error, results)
    every = joined(one.letter.results, told)
    lines = tuple(_line(one.now, r, DeliveryKind.REFUSED, error.summary) for r in told)
    if _accepted(every):
        return _done(one, every, error.detail, lines)
    recipients = one.letter.recipients
    return Verdict(
        OutboxState.FAILED, error.summary, error.detail, every, recipients, 0.0, lines, told
    )


def put_off(one: Try, error: MailError, results: tuple[RecipientResult, ...]) -> Verdict:
    """The server answered that it does not take it now, for anybody."""
    told = _told(one, error, results)
    every = joined(one.letter.results, told)
    # Who was refused for good beside one that was put off is not asked again.
    left = tuple(r.address for r in told if r.code < 500) or one.letter.recipients
    if not one.over:
        lines = tuple(_line(one.now, r, DeliveryKind.DEFERRED, error.summary) for r in told)
        return Verdict(
            OutboxState.QUEUED, error.summary, error.detail, every, left, one.later, lines
        )
    lines = tuple(_gave_up(one, r, error.summary) for r in told)
    if _accepted(every):
        return _done(one, every, error.detail, lines)
    return Verdict(
        OutboxState.FAILED, _too_long(error.summary), error.detail, every, left, 0.0, lines, told
    )


def not_reached(one: Try, error: MailError) -> Verdict:
    """Nothing was said of this letter: the server, or the way to it, is not there."""
    letter = one.letter
    return Verdict(
        OutboxState.QUEUED,
        error.summary,
        error.detail,
        letter.results,
        letter.recipients,
        one.later,
    )


def unfit(one: Try, error: MailError, *, fails: bool) -> Verdict:
    """A person must do something before this server can be used: it waits for that, or fails."""
    letter = one.letter
    state = OutboxState.FAILED if fails else OutboxState.QUEUED
    return Verdict(state, error.summary, error.detail, letter.results, letter.recipients)


def unknown(one: Try, error: MailError) -> Verdict:
    """The message left, and nobody said whether it arrived."""
    letter = one.letter
    line = Delivery(one.now, "", DeliveryKind.UNKNOWN, "", error.summary)
    return Verdict(
        OutboxState.UNKNOWN,
        error.summary,
        error.detail,
        letter.results,
        letter.recipients,
        0.0,
        (line,),
    )


def joined(
    before: Iterable[RecipientResult], now: Iterable[RecipientResult]
) -> tuple[RecipientResult, ...]:
    """What is known of each recipient: the newest, in the order they were first asked."""
    known = {result.address: result for result in before}
    known.update((result.address, result) for result in now)
    return tuple(known.values())


def status_of(said: str) -> str:
    """The enhanced status code (RFC 3463) in a server's words, or ""."""
    found = _STATUS.search(said)
    return found[1] if found else ""


def _done(
    one: Try, every: tuple[RecipientResult, ...], said: str, lines: tuple[Delivery, ...]
) -> Verdict:
    """Nobody is left to be asked, and at least one has got it."""
    without = tuple(r for r in every if not r.good)
    problem = f"The server did not accept it for: {_names(without)}." if without else ""
    recipients = one.letter.recipients
    return Verdict(OutboxState.SENT, problem, said, every, recipients, 0.0, lines, without)


def _told(
    one: Try, error: MailError, results: tuple[RecipientResult, ...]
) -> tuple[RecipientResult, ...]:
    """What was said of each recipient still to be served, when the message was not taken.

    Who was good enough alone has not got it either: of them it holds what was said of all.
    """
    own = {r.address: r for r in results if not r.good}
    code = int(error.detail[:3]) if error.detail[:3].isdecimal() else 0
    return tuple(
        own.get(who, RecipientResult(who, code, error.detail)) for who in one.letter.recipients
    )


def _accepted(results: Iterable[RecipientResult]) -> bool:
    return any(result.good for result in results)


def _line(
    now: float,
    result: RecipientResult,
    kind: DeliveryKind = DeliveryKind.REFUSED,
    summary: str = "",
    remark: str = "",
) -> Delivery:
    """kind, summary: where the server said nothing that tells. remark: of one who has got it."""
    status = status_of(result.said)
    if result.good:
        return Delivery(now, result.address, DeliveryKind.ACCEPTED, status, remark)
    if result.code:
        kind = DeliveryKind.DEFERRED if result.code < 500 else DeliveryKind.REFUSED
    return Delivery(now, result.address, kind, status, sentence(status, result.said) or summary)


def _gave_up(one: Try, result: RecipientResult, summary: str = "") -> Delivery:
    line = _line(one.now, result, DeliveryKind.DEFERRED, summary)
    if line.kind is not DeliveryKind.DEFERRED:
        return line
    said = _too_long(line.said)
    return Delivery(one.now, result.address, DeliveryKind.REFUSED, line.status, said)


def _too_long(why: str) -> str:
    return f"It could not be sent within {int(TRIED_FOR_S // 3600)} hours. {why}".strip()


def _names(results: Iterable[RecipientResult]) -> str:
    return ", ".join(_addresses(results))


def _addresses(results: Iterable[RecipientResult]) -> tuple[str, ...]:
    return tuple(result.address for result in results)
