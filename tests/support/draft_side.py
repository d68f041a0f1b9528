"""An account whose drafts lie on an awkward server, and what both sides have of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from martlet.mail.account import Account, Protocol, Security, Server
from martlet.mail.message import Address, MessageRow
from martlet.mail.outgoing import Draft, DraftId
from martlet.mime.headers import parse_headers
from support.awkward import USUAL, Awkward
from support.passes import Here, account

BEA = Address("Bea", "bea@example.org")
SMTP = Server(Protocol.SMTP, "127.0.0.1", 9, Security.NONE, "ada")
WITHOUT_UIDPLUS = USUAL.replace(" UIDPLUS", "")


def with_drafts(capabilities: str = USUAL) -> Awkward:
    """A server with a folder of drafts."""
    return Awkward(
        capabilities=capabilities,
        folders=[("Drafts", "\\Drafts"), ("Sent", "\\Sent"), ("Trash", "\\Trash")],
    )


def own_account(server: Awkward) -> Account:
    return replace(account(server.account()), outgoing=SMTP)


class Side:
    """One device that writes drafts."""

    def __init__(self, root: Path, server: Awkward) -> None:
        self.server = server
        self.here = Here(root, own_account(server))
        self.here.sync()

    def __enter__(self) -> Side:
        return self

    def __exit__(self, *_: object) -> None:
        self.here.close()

    def write(self, text: str, *, closed: bool = True, subject: str = "Plan") -> DraftId:
        """Saves a new letter."""
        (one,) = self.here.reader.accounts()
        draft = Draft(DraftId(0), one.id, to=(BEA,), subject=subject, text=text)
        return self.here.engine.save_draft(draft, closed)

    def change(self, draft_id: DraftId, text: str, *, closed: bool = True) -> None:
        self.here.engine.save_draft(replace(self.draft(draft_id), text=text), closed)

    def draft(self, draft_id: DraftId) -> Draft:
        found = self.here.reader.draft(draft_id)
        assert found is not None
        return found

    def rows(self, folder: str = "Drafts") -> list[MessageRow]:
        return self.here.reader.page(self.here.folder(folder).id, None, 100)

    def texts_here(self) -> list[str]:
        """What the drafts of the folder say, as a person would open them."""
        found = []
        # In an order that no clock has a say in, as it gives drafts their numbers.
        for row in sorted(self.rows(), key=lambda row: row.id):
            draft = self.here.engine.open_draft(row.id)
            self.here.engine.close_draft(draft.id)
            found.append(draft.text.strip())
        return sorted(found)


def texts(server: Awkward, folder: str = "Drafts") -> list[str]:
    """The bodies of what other clients would show, sorted."""
    return sorted(_body(raw) for raw, flags in server.world()[folder] if "\\Deleted" not in flags)


def keys(server: Awkward, foreign: Collection[str] = ()) -> list[bytes]:
    """Of our letters that other clients would show, but for those that say what others wrote."""
    return [
        parse_headers(raw).get("x-martlet-draft-id").strip()
        for raw, flags in server.world()["Drafts"]
        if "\\Deleted" not in flags and _body(raw) not in foreign
    ]


def _body(raw: bytes) -> str:
    return raw.partition(b"\r\n\r\n")[2].decode().strip()
