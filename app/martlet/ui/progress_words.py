"""How far a long job is, in words. Pure."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QCoreApplication, QLocale

from martlet.mail.changes import NO_MESSAGE, Progress, Unit
from martlet.mail.folder import Role
from martlet.ui import dates
from martlet.ui.folder_model import role_name


def _tr(text: str) -> str:
    return QCoreApplication.translate("progress", text)


def how_far(progress: Progress, locale: QLocale | None = None) -> str:
    """What is fetched or sent and how much of it: "Inbox: 1,200 of 4,000 headers"."""
    locale = locale or QLocale()
    if progress.outbox_id:
        subject = progress.what or _tr("(no subject)")
        progress = replace(progress, what=_tr("Sending “{subject}”").format(subject=subject))
    elif progress.what.upper() == "INBOX" and progress.message_id == NO_MESSAGE:
        progress = replace(progress, what=role_name(Role.INBOX))
    if progress.unit is Unit.BYTES:
        done, total = dates.size(progress.done, locale), dates.size(progress.total, locale)
        if not progress.total:
            return f"{progress.what}: {done}"
        return _tr("{what}: {done} of {total}").format(what=progress.what, done=done, total=total)
    done = locale.toString(progress.done)
    if not progress.total:
        text = (
            _tr("{what}: {done} headers")
            if progress.unit is Unit.HEADERS
            else _tr("{what}: {done} messages")
        )
        return text.format(what=progress.what, done=done)
    text = (
        _tr("{what}: {done} of {total} headers")
        if progress.unit is Unit.HEADERS
        else _tr("{what}: {done} of {total} messages")
    )
    return text.format(what=progress.what, done=done, total=locale.toString(progress.total))


def time_left(seconds: float) -> str:
    """About how long it still takes, as people say it; "" when it is not known (negative)."""
    if seconds < 0:
        return ""
    if seconds < 8:
        return _tr("a few seconds left")
    if seconds < 50:
        return _tr("about {count} seconds left").format(count=10 * max(1, round(seconds / 10)))
    minutes = round(seconds / 60)
    if minutes <= 1:
        return _tr("about a minute left")
    if minutes < 55:
        return _tr("about {count} minutes left").format(count=minutes)
    hours = round(seconds / 3600)
    if hours <= 1:
        return _tr("about an hour left")
    return _tr("about {count} hours left").format(count=hours)
