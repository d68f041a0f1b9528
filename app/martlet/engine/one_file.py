"""An engine of one mail file: renders it and gives its parts as message 0. It has no store and no
accounts; `martlet open` shows what it answers. It asks the network when it is told to: for pictures
and for the keys of signatures.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from martlet.engine.dkim import Signatures
from martlet.engine.network import INTERNET, Network
from martlet.engine.remote_pictures import RemotePictures
from martlet.engine.saving import Saving
from martlet.engine.sender_check import file_facts
from martlet.engine.showing import Showing
from martlet.mail.account import AccountId, AccountState
from martlet.mail.address_key import shown_address
from martlet.mail.changes import Change
from martlet.mail.errors import Refused
from martlet.mail.folder import FolderId
from martlet.mail.message import MessageId
from martlet.mail.picture_senders import entries_for, entry_of
from martlet.mail.reading import AS_SENT, PartNode, Picture, View
from martlet.mail.rendered import Rendered
from martlet.mail.route import STRAIGHT
from martlet.mail.sender_facts import SenderFact
from martlet.mime.headers import envelope
from martlet.mime.parse import parse
from martlet.mime.part import Message, Part
from martlet.mime.tree import tree
from martlet.net.dns import NameServer


class OneFile:
    """Answers those verbs of the engine that only read.

    open_folder: for copies other programs open, emptied by `close`. pictures: those from the
    internet are shown, as if its sender's always were; for whom they are is remembered until the
    end only.
    """

    def __init__(
        self,
        raw: bytes,
        open_folder: Path,
        *,
        pictures: bool = False,
        network: Network = INTERNET,
    ) -> None:
        self._raw = raw
        self._message = parse(raw)
        self._allowed = set(entries_for(_sender(self._message))[:1]) if pictures else set()
        self._saving = Saving(self._part, open_folder)
        self._signatures = Signatures(self.raw_message, NameServer(network.nameserver))
        self._pictures = RemotePictures(
            network.picture, lambda message_id: (), lambda message_id: STRAIGHT
        )
        self._showing = Showing(
            self._pictures,
            lambda message_id, message: self._allowed_by(message),
            lambda message_id, *message: file_facts(*message),
            lambda headers: False,
        )

    def listen(self, callback: Callable[[Change], None]) -> None:
        """Nothing ever changes."""

    def start(self) -> None:
        """Nothing is to be started."""

    def close(self) -> None:
        self._saving.clear_opened()

    def account_states(self) -> list[AccountState]:
        return []

    def check_mail(self, account_ids: list[AccountId]) -> None:
        """There is no account."""

    def folder_opened(self, folder_id: FolderId) -> None:
        """There is no folder."""

    def render(self, message_id: MessageId, wait: bool = False, view: View = AS_SENT) -> Rendered:
        message = parse(self._raw, view.charset) if view.charset else self._message
        return self._showing.render(message_id, message, view, {})

    def structure(self, message_id: MessageId) -> PartNode:
        return tree(self._message)

    def allow_pictures(self, who: str, allowed: bool = True) -> None:
        entry = entry_of(who)
        if not entry:
            raise Refused(f"{who[:80]!r} is neither an address nor @ and a domain.")
        if allowed:
            self._allowed.add(entry)
        else:
            self._allowed.discard(entry)

    def check_signature(self, message_id: MessageId) -> list[SenderFact]:
        return self._signatures.check(message_id)

    def remote_picture(self, message_id: MessageId, url: str) -> Picture:
        return self._pictures.get(message_id, url)

    def raw_message(self, message_id: MessageId) -> bytes:
        return self._raw

    def part_bytes(self, message_id: MessageId, part: str) -> bytes:
        return self._saving.part_bytes(message_id, part)

    def save_part(self, message_id: MessageId, part: str, directory: str) -> str:
        return self._saving.save_part(message_id, part, directory)

    def open_part(self, message_id: MessageId, part: str) -> str:
        return self._saving.open_part(message_id, part)

    def _part(self, message_id: MessageId, part: str) -> tuple[Message, Part]:
        found = self._message.part(part)
        if found is None:
            raise Refused(f"The message has no part {part[:20]}.")
        return self._message, found

    def _allowed_by(self, message: Message) -> str:
        found = (one for one in entries_for(_sender(message)) if one in self._allowed)
        return shown_address(next(found, ""))


def _sender(message: Message) -> str:
    return envelope(message.headers).sender.address
