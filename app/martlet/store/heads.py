"""Envelopes as columns of the message table."""

from __future__ import annotations

from martlet.mail.message import Address, Envelope
from martlet.store.codec import addresses
from martlet.store.database import Row

ENVELOPE_COLUMNS = (
    "subject, from_name, from_address, to_list, cc_list, bcc_list, reply_to, date, message_id,"
    " in_reply_to, refs"
)


def envelope_of(row: Row) -> Envelope:
    """An envelope from a row of ENVELOPE_COLUMNS."""
    references = tuple(row[10].split(" ")) if row[10] else ()
    return Envelope(
        row[0], Address(row[1], row[2]), addresses(row[3]), addresses(row[4]), addresses(row[5]),
        addresses(row[6]), row[7] or None, row[8], row[9], references,
    )  # fmt: skip
