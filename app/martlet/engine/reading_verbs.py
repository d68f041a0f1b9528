"""The verbs of the engine that are about reading a message: what is shown of it, what is proved of
it, its parts and bytes. The work is done by `reading`, `dkim`, `saving` and `stored_mail`.
"""

from __future__ import annotations

from martlet.engine.dkim import Signatures
from martlet.engine.reading import Reading
from martlet.engine.saving import Saving
from martlet.engine.stored_mail import StoredMail
from martlet.mail.message import MessageId
from martlet.mail.reading import AS_SENT, PartNode, Picture, View
from martlet.mail.rendered import Rendered
from martlet.mail.sender_facts import SenderFact


class ReadingVerbs:
    """The part of `Engine` that shows mail."""

    def __init__(
        self, mail: StoredMail, reading: Reading, signatures: Signatures, saving: Saving
    ) -> None:
        self._mail = mail
        self._reading = reading
        self._signatures = signatures
        self._saving = saving

    def render(self, message_id: MessageId, wait: bool = False, view: View = AS_SENT) -> Rendered:
        return self._reading.render(message_id, wait, view)

    def structure(self, message_id: MessageId) -> PartNode:
        return self._reading.structure(message_id)

    def allow_pictures(self, who: str, allowed: bool = True) -> None:
        self._reading.allow_pictures(who, allowed)

    def remote_picture(self, message_id: MessageId, url: str) -> Picture:
        return self._reading.remote_picture(message_id, url)

    def check_signature(self, message_id: MessageId) -> list[SenderFact]:
        return self._signatures.check(message_id)

    def part_bytes(self, message_id: MessageId, part: str) -> bytes:
        return self._saving.part_bytes(message_id, part)

    def save_part(self, message_id: MessageId, part: str, directory: str) -> str:
        return self._saving.save_part(message_id, part, directory)

    def open_part(self, message_id: MessageId, part: str) -> str:
        return self._saving.open_part(message_id, part)

    def raw_message(self, message_id: MessageId) -> bytes:
        return self._mail.raw(message_id)
