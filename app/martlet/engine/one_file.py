"""An engine of one mail file: renders it and gives its parts as message 0. It has no store and no
accounts; `martlet open` shows what it answers. It asks the network when it is told to: for pictures
and for the keys of signatures.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from martlet.engine.dkim import Signatures
from martlet.engine.network import INTERNET, Network
from martlet.engine.remote_pictures import RemotePictures
from martlet.engine.saving import Saving
from martlet.engine.sender_check import file_facts
from martlet.mail.account import AccountId, AccountState
from martlet.mail.changes import Change
from martlet.mail.errors import Refused
from martlet.mail.folder import FolderId
from martlet.mail.message import MessageId
from martlet.mail.reading import AS_SENT, PartNode, Picture, View
from martlet.mail.rendered import Rendered
from martlet.mail.route import STRAIGHT
from martlet.mail.sender_facts import SenderFact
from martlet.mime.headers import envelope
from martlet.mime.parse import parse
from martlet.mime.part import Message, Part
from martlet.mime.render import attached, render_message
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
        self._allowed = {_sender(self._message)} if pictures else set()
        self._saving = Saving(self._part, open_folder)
        self._signatures = Signatures(self.raw_message, NameServer(network.nameserver))
        self._pictures = RemotePictures(
            network.picture, lambda message_id: (), lambda message_id: STRAIGHT
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
        if view.part and attached(message, view.part) is None:
            raise Refused("The message has no such message attached.")
        address = _sender(message)
        entries = [] if view.part else [address, f"@{address.rpartition('@')[2]}"]
        allowed = [one for one in entries if one in self._allowed]
        wanted = replace(view, pictures=view.pictures or bool(allowed))
        shown = render_message(message_id, message, view=wanted)
        self._pictures.seen(message_id, shown.remote.pictures)
        inner = attached(message, view.part) if view.part else message
        headers = inner.headers if inner is not None else message.headers
        facts = file_facts(shown.envelope, headers, shown.links)
        remote = replace(shown.remote, allowed_by=allowed[0] if allowed else "")
        return replace(shown, view=view, facts=facts, remote=remote)

    def structure(self, message_id: MessageId) -> PartNode:
        return tree(self._message)

    def allow_pictures(self, who: str, allowed: bool = True) -> None:
        if allowed:
            self._allowed.add(who.casefold())
        else:
            self._allowed.discard(who.casefold())

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


def _sender(message: Message) -> str:
    """In small letters, as it is allowed."""
    return envelope(message.headers).sender.address.casefold()
