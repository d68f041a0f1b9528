"""A parsed message made ready for people, with the facts of its sender and, where a person said so,
its pictures from the internet. Whose mail may show them, and what is known of senders, others say:
a profile, or nobody for a mail in a file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from martlet.engine.remote_pictures import RemotePictures
from martlet.mail.errors import Refused
from martlet.mail.message import Envelope, MessageId
from martlet.mail.reading import Link, View
from martlet.mail.rendered import Rendered
from martlet.mail.sender_facts import FactKind, SenderFact, Weight
from martlet.mime.content import Apart
from martlet.mime.headers import Headers
from martlet.mime.part import Message
from martlet.mime.render import attached, render_message

# (message or None for one that lies in another, envelope, headers, links)
Facts = Callable[
    [MessageId | None, Envelope, Headers, Sequence[Link]],
    tuple[SenderFact, ...],
]


class Showing:
    """pictures: is told what a message names. allowed_by(id, message): the entry that lets its
    pictures in, "" for none. facts: of the sender. examined(headers): whether one's own server
    looked for a proof of who sent it."""

    def __init__(
        self,
        pictures: RemotePictures,
        allowed_by: Callable[[MessageId, Message], str],
        facts: Facts,
        examined: Callable[[Headers], bool],
    ) -> None:
        self._pictures = pictures
        self._entry = allowed_by
        self._facts = facts
        self._examined = examined

    def render(
        self,
        message_id: MessageId,
        message: Message,
        view: View,
        apart: Mapping[str, Apart],
        *,
        joined: bool = False,
    ) -> Rendered:
        """joined: out of pieces. Raises Refused when the view is of a message that is not there.

        Pictures are shown if a person said so, now or for all mail of its sender; the latter only
        if nothing warns of somebody who merely says that he is the sender and, where servers look
        for it, something proves that he is. Some servers never do: then his word is taken.
        """
        inner = attached(message, view.part) if view.part else message
        if inner is None:
            raise Refused("The message has no such message attached.")
        allowed_by = "" if view.part else self._entry(message_id, message)
        wanted = replace(view, pictures=view.pictures or bool(allowed_by))
        shown = render_message(message_id, message, apart, wanted)
        about = None if view.part else message_id
        facts = self._facts(about, shown.envelope, inner.headers, shown.links)
        if joined:
            # What a server confirmed is the first piece; anybody may have sent the others.
            facts = tuple(one for one in facts if one.kind is not FactKind.PASSED)
        passed = any(fact.kind is FactKind.PASSED for fact in facts)
        unproved = not passed and self._examined(message.headers)
        if allowed_by and (unproved or _forged(facts)):
            allowed_by = ""
            if not view.pictures:
                shown = render_message(message_id, message, apart, view)
        self._pictures.seen(message_id, shown.remote.pictures)
        remote = replace(shown.remote, allowed_by=allowed_by)
        return replace(shown, view=view, facts=facts, remote=remote)


def _forged(facts: Sequence[SenderFact]) -> bool:
    return any(
        fact.weight is Weight.WARNING or fact.kind is FactKind.SEVERAL_SENDERS for fact in facts
    )
