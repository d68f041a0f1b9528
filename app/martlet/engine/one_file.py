"""An engine of one mail file: renders it and gives its parts as message 0. It has no store and no
accounts; `martlet open` shows what it answers. It asks the network for pictures when it is told to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

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
from martlet.mime.parse import Message, Part, parse
from martlet.mime.render import attached, render_message
from martlet.mime.tree import tree


class OneFile:
    """Answers those verbs of the engine that only read.

    open_folder: for copies other programs open, emptied by `close`. pictures: those from the
    internet are shown without being asked for.
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
        self._always = pictures
        self._saving = Saving(self._part, open_folder)
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
        wanted = replace(view, pictures=view.pictures or self._always)
        shown = render_message(message_id, message, view=wanted)
        self._pictures.seen(message_id, shown.remote.pictures)
        inner = attached(message, view.part) if view.part else message
        headers = inner.headers if inner is not None else message.headers
        facts = file_facts(shown.envelope, headers, shown.links)
        return replace(shown, view=view, facts=facts)

    def structure(self, message_id: MessageId) -> PartNode:
        return tree(self._message)

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
