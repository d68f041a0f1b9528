"""Folders and what they are for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NewType

from martlet.mail.account import AccountId, Keep

FolderId = NewType("FolderId", int)


class Role(Enum):
    """What a folder is for (RFC 6154 special-use, and INBOX)."""

    NONE = ""
    INBOX = "inbox"
    DRAFTS = "drafts"
    SENT = "sent"
    ARCHIVE = "archive"
    JUNK = "junk"
    TRASH = "trash"
    ALL = "all"
    FLAGGED = "flagged"
    IMPORTANT = "important"


ROLE_ORDER = (Role.INBOX, Role.DRAFTS, Role.SENT, Role.ARCHIVE, Role.JUNK, Role.TRASH)


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder as the store knows it.

    name: the full path, decoded, with `delimiter` between levels ("" when the server has none).
    total, unread: messages known here.
    local: lives only in this profile (the folders of a POP3 account).
    keep, keep_days: how much is kept here; None: as the account says.
    chosen: the role is the user's own choice.
    rights: MYRIGHTS letters (RFC 4314), "" when not known. there: messages the server has.
    parked: why it is left alone until the user asks, "" if it is not.
    """

    id: FolderId
    account_id: AccountId
    name: str
    delimiter: str
    role: Role
    subscribed: bool = True
    selectable: bool = True
    local: bool = False
    total: int = 0
    unread: int = 0
    keep: Keep | None = None
    keep_days: int = 0
    chosen: bool = False
    rights: str = ""
    there: int = 0
    parked: str = ""

    @property
    def leaf(self) -> str:
        """The last level of the name."""
        return self.name.rsplit(self.delimiter, 1)[-1] if self.delimiter else self.name


# Names servers give these folders when they do not say what they are for (compared casefolded,
# with any INBOX prefix taken off). In the order of PRODUCT 4.3.
ROLE_NAMES: dict[Role, tuple[str, ...]] = {
    Role.SENT: (
        "Sent",
        "Sent Items",
        "Sent Messages",
        "Sent Mail",
        "[Gmail]/Sent Mail",
        "Gesendet",
        "Gesendete Elemente",
        "Gesendete Objekte",
        "Éléments envoyés",
        "Messages envoyés",
        "Enviados",
        "Inviata",
        "Verzonden",
        "Verzonden items",
        "Skickat",
        "Sendt",
        "Отправленные",
        "已发送",
        "已发送邮件",
        "已傳送",
        "寄件備份",
        "送信済み",
    ),
    Role.DRAFTS: (
        "Drafts",
        "Draft",
        "[Gmail]/Drafts",
        "Entwürfe",
        "Brouillons",
        "Borradores",
        "Bozze",
        "Concepten",
        "Utkast",
        "Kladder",
        "Черновики",
        "草稿",
        "草稿箱",
        "草稿夾",
        "下書き",
    ),
    Role.TRASH: (
        "Trash",
        "Deleted Items",
        "Deleted Messages",
        "Bin",
        "[Gmail]/Trash",
        "Papierkorb",
        "Gelöschte Elemente",
        "Corbeille",
        "Éléments supprimés",
        "Papelera",
        "Cestino",
        "Prullenbak",
        "Verwijderde items",
        "Papperskorg",
        "Корзина",
        "已删除",
        "已删除邮件",
        "垃圾桶",
        "ゴミ箱",
    ),
    Role.JUNK: (
        "Junk",
        "Spam",
        "Junk E-mail",
        "Junk Email",
        "Bulk",
        "Bulk Mail",
        "[Gmail]/Spam",
        "Spamverdacht",
        "Courrier indésirable",
        "Indésirables",
        "Correo no deseado",
        "Posta indesiderata",
        "Ongewenste e-mail",
        "Skräppost",
        "垃圾邮件",
        "垃圾郵件",
        "迷惑メール",
    ),
    Role.ARCHIVE: (
        "Archive",
        "Archives",
        "Archiv",
        "Archivo",
        "Archivio",
        "Archief",
        "存档",
        "归档",
    ),
}


def new_folder_name(leaf: str, known: Sequence[Folder]) -> str:
    """Where a new top folder goes: below INBOX where the server keeps all folders there."""
    others = [f for f in known if f.role is not Role.INBOX]
    inbox = next((f for f in known if f.role is Role.INBOX), None)
    if inbox is not None and inbox.delimiter and others:
        prefix = inbox.name + inbox.delimiter
        if all(f.name.casefold().startswith(prefix.casefold()) for f in others):
            return prefix + leaf
    return leaf


def name_for_role(role: Role, known: Sequence[Folder]) -> str:
    """What a folder for this is called when one is made, among those the account has."""
    return new_folder_name(ROLE_NAMES[role][0], known)
