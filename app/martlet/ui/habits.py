"""How this person writes: what the preferences of writing say, read from the settings file."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from enum import Enum
from typing import Any, get_type_hints

from martlet.mail.outgoing import UNDO_S
from martlet.mail.writing import ForwardAs, Place
from martlet.ui.settings import Settings

_PREFIX = "write."


@dataclass(frozen=True, slots=True)
class Habits:
    """undo_s: seconds in which a letter can be taken back. rich: new letters begin rich.

    many: so many in To and Cc are asked about. languages: of spelling, as "en_GB zh" with spaces;
    "": that of the desktop. own_domains: whose addresses are inside, with spaces; "": not asked.
    line_starts: a hyphen, a number, # where a line starts become a list, a heading.
    signature_below: under the quote instead of above it. remind: of forgotten attachments.
    utc, agent: whether letters hide the time zone, and name Martlet.
    """

    undo_s: int = UNDO_S
    rich: bool = True
    place: Place = Place.SMART
    forward: ForwardAs = ForwardAs.INLINE
    signature_below: bool = False
    spell: bool = True
    languages: str = ""
    many: int = 10
    own_domains: str = ""
    remind: bool = True
    receipt: bool = False
    dsn: bool = False
    bcc_self: bool = False
    line_starts: bool = True
    utc: bool = False
    agent: bool = True


def read(settings: Settings) -> Habits:
    """As the settings say; the default for what is not there or makes no sense."""
    found: dict[str, Any] = {}
    hints = get_type_hints(Habits)
    for field in fields(Habits):
        kind, name = hints[field.name], _PREFIX + field.name
        if not settings.has(name):
            continue
        if kind is bool:
            found[field.name] = settings.number(name) != 0
        elif kind is int:
            found[field.name] = max(0, settings.number(name))
        elif issubclass(kind, Enum):
            values = {each.value: each for each in kind}
            if settings.text(name) in values:
                found[field.name] = values[settings.text(name)]
        else:
            found[field.name] = settings.text(name)
    return replace(Habits(), **found)


def write(settings: Settings, habits: Habits) -> None:
    """Keeps them for all later letters."""
    values: dict[str, str | int] = {}
    for field in fields(habits):
        value = getattr(habits, field.name)
        values[_PREFIX + field.name] = str(value.value) if isinstance(value, Enum) else value
    settings.put(**values)
