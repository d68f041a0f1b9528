"""An engine and a store that the tests of the composer, accounts and outbox answer for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar, cast

from PySide6.QtCore import QObject
from shiboken6 import isValid

from martlet.link.messages import Request
from martlet.mail.account import Account, AccountId, Protocol, Security, Server
from martlet.mail.errors import MailError
from martlet.mail.folder import Folder
from martlet.mail.letter_size import SizeLimit
from martlet.mail.message import Address, Envelope, MessageId
from martlet.mail.outgoing import (
    Delivery,
    Draft,
    DraftId,
    OutboxEntry,
    OutboxId,
    OutboxState,
    OutgoingPart,
)
from martlet.mail.sync import LogEntry, Traffic
from martlet.mail.writing import Group, Template, TemplateKind
from martlet.store.drafts import Standing
from martlet.ui.link import EngineLink

if TYPE_CHECKING:
    from martlet.store.reader import Reader

R = TypeVar("R")
A = TypeVar("A", bound=Request[Any])


@dataclass
class Asked:
    request: Request[Any]
    done: Callable[[Any], None] | None
    failed: Callable[[MailError], None] | None
    owner: QObject | None = None

    def answer(self, result: object = None) -> None:
        if self.done is not None and self._is_heard:
            self.done(result)

    def refuse(self, error: MailError) -> None:
        assert self.failed is not None
        if self._is_heard:
            self.failed(error)

    @property
    def _is_heard(self) -> bool:
        return self.owner is None or isValid(self.owner)


class FakeLink(EngineLink):
    """Notes what is asked; the test answers when it wants to."""

    def __init__(self) -> None:
        QObject.__init__(self)
        self.asked: list[Asked] = []
        # What no engine has yet, and whether there is none.
        self.unheard: list[Request[Any]] = []
        self.gone = False

    @property
    def away(self) -> bool:
        return self.gone

    def withdraw(self, request: Request[Any]) -> bool:
        found = any(each is request for each in self.unheard)
        self.unheard = [each for each in self.unheard if each is not request]
        return found

    def ask(
        self,
        request: Request[R],
        done: Callable[[R], None] | None = None,
        failed: Callable[[MailError], None] | None = None,
        owner: QObject | None = None,
    ) -> None:
        self.asked.append(Asked(request, done, failed, owner))
        if self.gone:
            self.unheard.append(request)

    def of(self, kind: type[A]) -> list[A]:
        return [one.request for one in self.asked if isinstance(one.request, kind)]

    def last(self, kind: type[A]) -> Asked:
        return next(one for one in reversed(self.asked) if isinstance(one.request, kind))


@dataclass
class FakeReader:
    stored: list[Account] = field(default_factory=list)
    people: list[Address] = field(default_factory=list)
    entries: list[OutboxEntry] = field(default_factory=list)
    kept: dict[DraftId, Draft] = field(default_factory=dict)
    standings: dict[DraftId, Standing] = field(default_factory=dict)
    blobs: dict[str, bytes] = field(default_factory=dict)
    limits: dict[AccountId, SizeLimit] = field(default_factory=dict)
    told: list[Delivery] = field(default_factory=list)
    lines: list[LogEntry] = field(default_factory=list)
    days: list[Traffic] = field(default_factory=list)
    heads: dict[MessageId, Envelope] = field(default_factory=dict)
    listed: list[Folder] = field(default_factory=list)
    templates_kept: list[Template] = field(default_factory=list)
    groups_kept: list[Group] = field(default_factory=list)

    def accounts(self) -> list[Account]:
        return list(self.stored)

    def account(self, name_or_id: str | int) -> Account | None:
        return next((a for a in self.stored if name_or_id in (a.id, a.name)), None)

    def folders(self, account_id: AccountId | None = None) -> list[Folder]:
        return [each for each in self.listed if account_id in (None, each.account_id)]

    def complete(self, prefix: str, limit: int) -> list[Address]:
        found = [p for p in self.people if prefix.casefold() in str(p).casefold()]
        return found[:limit]

    def outbox(self) -> list[OutboxEntry]:
        return list(self.entries)

    def outbox_standing(self) -> list[tuple[OutboxId, OutboxState]]:
        return [(one.id, one.state) for one in self.entries if one.state is not OutboxState.FILED]

    def outbox_some(self, ids: Iterable[OutboxId]) -> list[OutboxEntry]:
        wanted = set(ids)
        return [one for one in self.entries if one.id in wanted]

    def deliveries(
        self, message_id_header: str, account_id: AccountId | None = None
    ) -> list[Delivery]:
        return list(self.told)

    def outbox_soon(self, until: float, also: Iterable[OutboxId] = ()) -> list[OutboxEntry]:
        return list(self.entries)

    def outbox_count(self) -> int:
        return len(self.entries)

    def outbox_tally(self, among: Iterable[OutboxId]) -> Counter[OutboxState]:
        wanted = set(among)
        return Counter(each.state for each in self.entries if each.id in wanted)

    def log(self, account_id: AccountId, limit: int) -> list[LogEntry]:
        return self.lines[:limit]

    def traffic(self, account_id: AccountId) -> list[Traffic]:
        return list(self.days)

    def size_limit(self, account_id: AccountId, identity: int = 0) -> SizeLimit:
        return self.limits.get(account_id, SizeLimit())

    def part_bytes(self, part: OutgoingPart) -> bytes | None:
        return self.blobs.get(part.blob)

    def envelope(self, message_id: MessageId) -> Envelope | None:
        return self.heads.get(message_id)

    def draft(self, draft_id: DraftId) -> Draft | None:
        return self.kept.get(draft_id)

    def draft_standing(self, draft_id: DraftId) -> Standing | None:
        return self.standings.get(draft_id)

    def templates(self, kind: TemplateKind | None = None) -> list[Template]:
        return [each for each in self.templates_kept if kind in (None, each.kind)]

    def groups(self) -> list[Group]:
        return list(self.groups_kept)

    @property
    def reader(self) -> Reader:
        return cast("Reader", self)


def account(number: int, name: str, address: str, protocol: Protocol = Protocol.IMAP) -> Account:
    return Account(
        AccountId(number),
        name,
        address,
        "Tom Lindqvist",
        Server(protocol, "in.example.org", 993, Security.TLS, address),
        Server(Protocol.SMTP, "out.example.org", 465, Security.TLS, address),
    )
