"""The header fields that a letter's options make: how urgent it is, that the reader is asked for a
receipt (RFC 8098, 2.1), fields of the writer's own.

Each with its CRLF, and ASCII but for addresses that no ASCII can say (RFC 6532). What may not be
set is left out, whoever let it through.
"""

from __future__ import annotations

from martlet.mail.message import Address
from martlet.mail.outgoing import Priority, SendOptions
from martlet.mail.own_headers import MOST, refusal
from martlet.mime.writing.fields import address_field, one_line, text_field

# Every reader knows another one of the three: Outlook Importance, most others X-Priority.
_URGENT: dict[Priority, tuple[str, str, str]] = {
    Priority.HIGHEST: ("1 (Highest)", "High", "urgent"),
    Priority.HIGH: ("2 (High)", "High", "urgent"),
    Priority.LOW: ("4 (Low)", "Low", "non-urgent"),
    Priority.LOWEST: ("5 (Lowest)", "Low", "non-urgent"),
}


def option_fields(options: SendOptions, sender: Address) -> list[str]:
    """Those of a letter from `sender`, who gets the receipts."""
    fields: list[str] = []
    if options.priority in _URGENT:
        number, importance, urgency = _URGENT[options.priority]
        fields += [
            f"X-Priority: {number}\r\n",
            f"Importance: {importance}\r\n",
            f"Priority: {urgency}\r\n",
        ]
    if options.receipt:
        fields.append(address_field("Disposition-Notification-To", [sender]))
    for name, value in options.headers[:MOST]:
        if not refusal(name, value) and one_line(value):
            fields.append(text_field(name.strip(), value))
    return fields
