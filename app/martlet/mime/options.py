"""What a written message says of how it is to be sent: the counterpart of `option_fields`."""

from __future__ import annotations

from martlet.mail.outgoing import SendOptions
from martlet.mail.priority import said_by
from martlet.mime.headers import Headers


def options_of(headers: Headers) -> SendOptions:
    """Its priority, by whichever field says it; whether a receipt was asked for."""
    return SendOptions(
        priority=said_by(lambda name: headers.get(name).decode("ascii", "replace")),
        receipt=bool(headers.get("disposition-notification-to")),
    )
