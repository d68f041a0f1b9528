"""What a report says became of a message, in plain words: what happened, why, what to do. Pure.

Anybody can write a report, so it is always "the report says" in the end.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from martlet.mail.report import Action, Fate, Report
from martlet.mail.status_words import meaning
from martlet.ui.shown_text import cut, cut_inside

_WHOLE = 3
# Anybody can write a report about anybody: the first tell what there is to tell.
_READ = 500
_LONGEST = 400
_NAME = 90


def _tr(text: str) -> str:
    return QCoreApplication.translate("report", text)


def heading(report: Report) -> str:
    """What happened, at worst."""
    fates = report.fates
    actions = {fate.action for fate in fates}
    if fates and all(fate.read for fate in fates):
        return _tr("Your message was shown to its reader")
    if Action.FAILED in actions:
        some = actions != {Action.FAILED}
        return (
            _tr("Your message did not reach everyone")
            if some
            else _tr("Your message could not be delivered")
        )
    if Action.DELAYED in actions:
        return _tr("Your message is delayed")
    if fates:
        return _tr("Your message was delivered")
    return _tr("A report about one of your messages")


def symbol(report: Report) -> tuple[str, str]:
    """Symbol and its colour's token."""
    actions = {fate.action for fate in report.fates}
    if Action.FAILED in actions:
        return "error", "danger"
    if Action.DELAYED in actions:
        return "clock", ""
    read = bool(report.fates) and all(fate.read for fate in report.fates)
    return ("eye", "") if read else ("check", "accent")


def lines(fates: Sequence[Fate]) -> list[str]:
    """Who, and what became of it for them; those to whom the same happened together."""
    groups: dict[tuple[str, str], list[str]] = {}
    for fate in fates[:_READ]:
        groups.setdefault((_event(fate), _why(fate)), []).append(cut_inside(fate.recipient, _NAME))
    found = []
    for (event, why), people in groups.items():
        shown = ", ".join(people[:_WHOLE]) or _tr("somebody")
        if len(people) > _WHOLE:
            shown = _tr("{people} and {n} more").format(people=shown, n=len(people) - _WHOLE)
        words = event.format(who=shown)
        found.append(_tr("{what}: {why}.").format(what=words, why=why) if why else f"{words}.")
    return found


def _event(fate: Fate) -> str:
    """With {who} in it."""
    if fate.read:
        return _tr("The mail program of {who} says that it showed the message")
    return {
        Action.FAILED: _tr("It did not reach {who}"),
        Action.DELAYED: _tr("It has not reached {who} yet"),
        Action.DELIVERED: _tr("It reached {who}"),
        Action.RELAYED: _tr("It was passed on to {who}, whose server sends no reports"),
        Action.EXPANDED: _tr("It was passed on to all of the list {who}"),
    }[fate.action]


def _why(fate: Fate) -> str:
    if fate.action not in (Action.FAILED, Action.DELAYED):
        return ""
    return meaning(fate.status, fate.said)


def advice(report: Report) -> str:
    """What to do, "" for nothing."""
    failed = [fate for fate in report.fates[:_READ] if fate.action is Action.FAILED]
    if not failed:
        if any(fate.action is Action.DELAYED for fate in report.fates):
            return _tr("There is nothing to do: it is still being tried.")
        return ""
    kinds = {".".join(fate.status.split(".")[1:]) for fate in failed}
    if kinds <= {"1.1", "1.2", "1.3", "1.6", "1.10"}:
        return _tr("Check the address; then open your message in Sent and send it again.")
    if kinds <= {"2.2", "3.1", "4.1", "4.2", "4.3", "4.5", "4.7"}:
        return _tr("Try again later, or reach them another way.")
    if kinds <= {"2.3", "3.4"}:
        return _tr("Send less at once, or put large files where they can be fetched.")
    return _tr("What the server says may help; else reach them another way.")


def technical(report: Report, most: int = 20) -> list[str]:
    """As the servers put it."""
    told = []
    if report.reporter:
        told.append(_tr("Reported by {who}").format(who=report.reporter))
    for fate in report.fates[:most]:
        words = " ".join(part for part in (fate.status, fate.said) if part)
        if words:
            words = f"{fate.recipient}: {words}" if fate.recipient else words
            told.append(cut(words, _LONGEST))
    if report.message_id:
        told.append(_tr("About the message {id}").format(id=report.message_id))
    return told
