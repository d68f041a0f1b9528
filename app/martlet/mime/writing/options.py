"""What a written message says of how it is to be sent: the counterpart of `option_fields`."""

from __future__ import annotations

from martlet.mail.outgoing import SendOptions
from martlet.mail.own_headers import MOST, refusal
from martlet.mail.priority import said_by
from martlet.mime.headers import Headers

_OURS = b"Martlet"


def options_of(headers: Headers) -> SendOptions:
    """Its priority, by whichever field says it; whether a receipt was asked for; of a letter of
    ours also the fields that its writer has put in.
    """
    return SendOptions(
        priority=said_by(lambda name: headers.get(name).decode("ascii", "replace")),
        receipt=bool(headers.get("disposition-notification-to")),
        headers=_own(headers) if headers.get("user-agent").strip() == _OURS else (),
    )


def _own(headers: Headers) -> tuple[tuple[str, str], ...]:
    """What may be set by hand: other programs' fields may too, and are none of the writer's."""
    found = ((name, " ".join(value.split())) for name, value in headers.decoded())
    return tuple(one for one in found if not refusal(*one))[:MOST]
