"""Which mailing lists are believed to be some, of those that a message says it came by.

Anybody can write List-Post, and name a mailbox of their own there. An answer that goes to a list is
nothing to ask about only where the head agrees with itself, and the person wrote to that list
before; or where the list has a name (List-Id, RFC 2919) and people from several places have written
to it for some days. From lines can be made up, so mail that has just come proves nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from martlet.mime.headers import Headers
from martlet.mime.writing.answered import is_lists_own, list_place
from martlet.store import list_mail
from martlet.store.database import Source

_SETTLED_S = 3 * 86_400
"""How old mail is by which a list is known: whoever sends a trap wants it answered today."""


def believed(source: Source, headers: Headers, posts: Sequence[str], now: float) -> tuple[str, ...]:
    """posts: where the list takes mail, as the head says. now: Unix seconds."""
    named = bool(list_place(headers))
    settled = now - _SETTLED_S
    return tuple(
        post
        for post in posts
        if is_lists_own(headers, post)
        and (
            list_mail.written_to(source, post)
            or (named and list_mail.has_writers(source, post, settled))
        )
    )
