"""A message whose parts have come one by one, put together as the server has it."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from martlet.mail.errors import Refused
from martlet.mail.sync import Location
from martlet.mime import skeleton
from martlet.net.imap import ImapSession

log = logging.getLogger("martlet.transfers")

# Looked at on the server; with more, or longer ones, it is not worth it.
_MOST_SPANS = 20
_LONGEST_SPAN = 256 << 10


def put_together(
    session: ImapSession, place: Location, shape: bytes, bodies: Mapping[str, bytes]
) -> bytes | None:
    """The raw message of a skeleton and all the bodies it lacks; None unless it is byte by byte
    the server's, whose folder of the message is selected.

    For that it must be as long, and all between the parts be the same there: what mailers write
    before a first boundary, or after a last one, is not in the skeleton.
    """
    whole = skeleton.fill(shape, bodies)
    if len(whole) != place.size:
        return None
    spans = [(start, end) for start, end in skeleton.frame(whole) if start < end]
    if len(spans) > _MOST_SPANS or max(end - start for start, end in spans) > _LONGEST_SPAN:
        return None
    try:
        for start, end in spans:
            if session.fetch_range(place.uid, "", start, end - start) != whole[start:end]:
                return None
    except Refused as error:
        log.info("message %s is not put together: %s", place.id, error.summary)
        return None
    return whole
