"""What a printed message says besides itself: people, date and subject above, its files below."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

from martlet.mail.message import Address
from martlet.mail.rendered import Rendered
from martlet.ui import dates


def _tr(text: str) -> str:
    return QCoreApplication.translate("print", text)


def headers(rendered: Rendered) -> list[tuple[str, str]]:
    """Names and values, in the order of a letter; what is empty is left out."""
    head = rendered.envelope
    rows = (
        (_tr("From"), _people((head.sender,))),
        (_tr("To"), _people(head.to)),
        (_tr("Cc"), _people(head.cc)),
        (_tr("Date"), _date(head.date)),
    )
    return [(name, value) for name, value in rows if value]


def files(rendered: Rendered) -> list[tuple[str, str]]:
    """Names and sizes of what is attached."""
    listed = (each for each in rendered.attachments if not each.inline)
    return [(each.filename, dates.size(each.size)) for each in listed]


def subject(rendered: Rendered) -> str:
    return rendered.envelope.subject or _tr("(no subject)")


def attachments_title() -> str:
    return _tr("Attachments")


def above(rendered: Rendered) -> str:
    """The head as markup of ours."""
    rows = "".join(_row(name, value) for name, value in headers(rendered))
    title = escape(subject(rendered))
    return f'<div class="martlet-head"><h1>{title}</h1><table>{rows}</table></div>'


def below(rendered: Rendered) -> str:
    """The list of files as markup of ours; "" without any."""
    listed = files(rendered)
    if not listed:
        return ""
    rows = "".join(_row(name, size) for name, size in listed)
    title = escape(attachments_title())
    return f'<div class="martlet-foot"><h2>{title}</h2><table>{rows}</table></div>'


def _row(name: str, value: str) -> str:
    return f"<tr><td>{escape(name)}</td><td>{escape(value)}</td></tr>"


def _people(people: Iterable[Address]) -> str:
    return ", ".join(str(each) for each in people if each.address or each.name)


def _date(when: float | None) -> str:
    if when is None:
        return ""
    at = QDateTime.fromSecsSinceEpoch(int(when)) if abs(when) < 1e11 else QDateTime()
    return QLocale().toString(at, QLocale.FormatType.LongFormat) if at.isValid() else ""
