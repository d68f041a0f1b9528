"""An engine of one mail file: renders it and gives its parts as message 0. It has no store, no
accounts and no network; `martlet open` shows what it answers."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

from martlet.engine.reading import write_new
from martlet.mail.account import AccountId, AccountState
from martlet.mail.changes import Change
from martlet.mail.errors import Refused, StoreError
from martlet.mail.folder import FolderId
from martlet.mail.message import MessageId
from martlet.mail.reading import AS_SENT, PartNode, View
from martlet.mail.rendered import Rendered
from martlet.mime.content import attachments, safe_filename
from martlet.mime.parse import parse
from martlet.mime.render import render
from martlet.mime.tree import tree


class OneFile:
    """Answers those verbs of the engine that only read. open_folder: for copies other programs
    open, emptied by `close`."""

    def __init__(self, raw: bytes, open_folder: Path) -> None:
        self._raw = raw
        self._message = parse(raw)
        self._open_folder = open_folder
        self._opened: list[Path] = []

    def listen(self, callback: Callable[[Change], None]) -> None:
        """Nothing ever changes."""

    def start(self) -> None:
        """Nothing is to be started."""

    def close(self) -> None:
        for path in self._opened:
            path.unlink(missing_ok=True)

    def account_states(self) -> list[AccountState]:
        return []

    def check_mail(self, account_ids: list[AccountId]) -> None:
        """There is no account."""

    def folder_opened(self, folder_id: FolderId) -> None:
        """There is no folder."""

    def render(self, message_id: MessageId, wait: bool = False, view: View = AS_SENT) -> Rendered:
        return render(message_id, self._raw, view=view)

    def structure(self, message_id: MessageId) -> PartNode:
        return tree(self._message)

    def raw_message(self, message_id: MessageId) -> bytes:
        return self._raw

    def part_bytes(self, message_id: MessageId, part: str) -> bytes:
        found = self._message.part(part)
        if found is None:
            raise Refused(f"The message has no part {part[:20]}.")
        return found.data()

    def save_part(self, message_id: MessageId, part: str, directory: str) -> str:
        return str(self._write(part, Path(directory).expanduser()))

    def open_part(self, message_id: MessageId, part: str) -> str:
        try:
            self._open_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError("The attachment could not be opened.", str(error)) from error
        path = self._write(part, self._open_folder)
        path.chmod(stat.S_IRUSR)
        self._opened.append(path)
        return str(path)

    def _write(self, part: str, folder: Path) -> Path:
        data = self.part_bytes(MessageId(0), part)
        known = {one.part: one.filename for one in attachments(self._message)}
        name = known.get(part) or safe_filename("", "application/octet-stream")
        try:
            return write_new(folder, name, data)
        except OSError as error:
            raise StoreError(
                f"{name} could not be saved in {folder}.", error.strerror or ""
            ) from error
