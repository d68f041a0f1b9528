"""Which mailing lists are believed to be some, of those that a message says it came by.

Anybody can write List-Post, and name a mailbox of their own there. An answer that goes to a list is
nothing to ask about only where the head agrees with itself, and the person, or people from several
places, wrote to that list before.
"""

from __future__ import annotations

from collections.abc import Sequence

from martlet.mime.headers import Headers
from martlet.mime.writing.answered import is_lists_own
from martlet.store import list_mail
from martlet.store.database import Source


def believed(source: Source, headers: Headers, posts: Sequence[str]) -> tuple[str, ...]:
    """posts: where the list takes mail, as the head says."""
    return tuple(
        post
        for post in posts
        if is_lists_own(headers, post)
        and (list_mail.written_to(source, post) or list_mail.has_writers(source, post))
    )
