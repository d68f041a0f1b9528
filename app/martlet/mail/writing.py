"""How letters are begun: whom an answer goes to, where it stands, what is at hand for them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NewType

from martlet.mail.message import Address
from martlet.mail.outgoing import DraftId, OutboxId, OutgoingPart

TemplateId = NewType("TemplateId", int)


class AnswerTo(Enum):
    """Whom an answer goes to."""

    SENDER = "sender"
    ALL = "all"
    LIST = "list"


class Place(Enum):
    """Where an answer stands. SMART: above the quote, but below it in plain answers to a list."""

    ABOVE = "above"
    BELOW = "below"
    SMART = "smart"


class ForwardAs(Enum):
    """INLINE: in the letter, its files with it. ATTACHED: as a message/rfc822."""

    INLINE = "inline"
    ATTACHED = "attached"


@dataclass(frozen=True, slots=True)
class Group:
    """People that are written to together, by one name."""

    name: str
    members: tuple[Address, ...]


class TemplateKind(Enum):
    """TEMPLATE: a whole letter to begin with. SNIPPET: words put in where the cursor is."""

    TEMPLATE = "template"
    SNIPPET = "snippet"


@dataclass(frozen=True, slots=True)
class Template:
    """A letter or words kept to be used again, with variables such as {{to.name}} in them.

    id 0: not saved yet. shortcut: a word that becomes a snippet when Tab follows it, or "".
    html: None for plain ones. parts: its files and pictures. to, cc, bcc: of a template, whom such
    letters always go to. updated: Unix seconds.
    """

    id: TemplateId
    kind: TemplateKind
    name: str
    shortcut: str = ""
    subject: str = ""
    text: str = ""
    html: str | None = None
    parts: tuple[OutgoingPart, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()
    updated: float = 0.0


@dataclass(frozen=True, slots=True)
class TakenBack:
    """Letters of a merge taken back. draft: the letter they were made from; left: gone already,
    and which of them those are."""

    draft: DraftId
    taken: int
    left: int
    gone: tuple[OutboxId, ...] = ()
