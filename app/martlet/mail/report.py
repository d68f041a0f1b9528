"""What a report says became of a message: a delivery status (RFC 3464), or that it was read
(RFC 8098). Anybody can write one: it is what the report says, not what is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Action(Enum):
    """What was done with a message for one recipient (RFC 3464, 2.3.3)."""

    FAILED = "failed"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    RELAYED = "relayed"
    EXPANDED = "expanded"


@dataclass(frozen=True, slots=True)
class Fate:
    """One recipient's line of a report.

    recipient: as it was written to, where the report knows that, else where it went in the end.
    status: the enhanced status code (RFC 3463), or "". said: one line of the far server's words.
    read: the recipient's own program says that the message was shown (RFC 8098).
    """

    recipient: str
    action: Action
    status: str = ""
    said: str = ""
    read: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """A message that tells of another one.

    message_id: of the message told of, with angle brackets, or "". envelope_id: ENVID
    (RFC 3461, 4.4), or "". reporter: the host or address that says so. certain: False where the
    recipients are only addresses that it mentions; those the message went to count.
    """

    message_id: str
    envelope_id: str
    fates: tuple[Fate, ...]
    reporter: str = ""
    certain: bool = True
