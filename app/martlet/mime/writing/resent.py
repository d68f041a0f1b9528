"""A message sent on as it is: Resent- fields before it (RFC 5322, 3.6.6), nothing else changed; and
the message that a report brings back.
"""

from __future__ import annotations

from collections.abc import Sequence

from martlet.mail.message import Address
from martlet.mime.part import Message
from martlet.mime.writing.compose import strip_bcc
from martlet.mime.writing.dating import written
from martlet.mime.writing.fields import address_field, ids_field


def resent(
    raw: bytes,
    sender: Address,
    to: Sequence[Address],
    message_id: str,
    date: float,
    *,
    utc: bool = False,
) -> bytes:
    """The message for these, from `sender`. date: Unix seconds; utc: see `dating.written`.

    Bcc and Resent-Bcc are left out; every other byte is as it was.
    """
    fields = (
        f"Resent-Date: {written(date, utc=utc)}\r\n"
        + address_field("Resent-From", [sender])
        + address_field("Resent-To", to)
        + ids_field("Resent-Message-ID", [message_id])
    )
    # In UTF-8, as addresses are that no ASCII can say (RFC 6532); all else is ASCII
    return fields.encode("utf-8") + strip_bcc(raw)


def returned(report: Message) -> Message | None:
    """The message that a report carries whole; None when it brings back its header at most."""
    for part in report.walk():
        if part.path and part.embedded is not None and part.embedded.raw.strip():
            return part.embedded
    return None
