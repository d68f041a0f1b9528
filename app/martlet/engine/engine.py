"""The engine: everything Martlet can do, as verbs.

Each verb is named like its request in link.messages and takes its fields. A verb that returns has
been made durable here; what must reach a server follows when it can. Verbs may be called from any
thread. The work is done in the neighbours: accounts, actions, reading, writing and the workers.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from types import MappingProxyType
from typing import TypeVar

from martlet.engine.accounts import Accounts
from martlet.engine.actions import Actions
from martlet.engine.attaching import Attaching
from martlet.engine.bearer import settled
from martlet.engine.beginnings import Beginnings
from martlet.engine.dkim import Signatures
from martlet.engine.draft_mirror import DraftMirror
from martlet.engine.drafting import Drafting
from martlet.engine.events import Announcer
from martlet.engine.fetching import Fetching
from martlet.engine.going_out import GoingOut
from martlet.engine.housekeeping import Housekeeping
from martlet.engine.imap_worker import TIMEOUT_S
from martlet.engine.letters import Letters
from martlet.engine.merging import Merges
from martlet.engine.network import INTERNET, Network
from martlet.engine.oauth import SignIns
from martlet.engine.own_mail import OwnMail
from martlet.engine.people import People
from martlet.engine.reading import Reading
from martlet.engine.redirecting import Redirecting
from martlet.engine.roster import Roster
from martlet.engine.saving import Saving
from martlet.engine.secrets import Secrets
from martlet.engine.sender_check import SenderCheck
from martlet.engine.stored_mail import StoredMail
from martlet.engine.templates import Templates
from martlet.engine.testing import Testing
from martlet.engine.trial import Given
from martlet.engine.writing import Writing
from martlet.mail.account import Account, AccountId, AccountState, Keep, SyncReport, TestStep
from martlet.mail.changes import Change
from martlet.mail.discovery import Discovery
from martlet.mail.errors import MailError
from martlet.mail.folder import FolderId, Role
from martlet.mail.message import MessageId
from martlet.mail.outgoing import OutgoingPart
from martlet.mail.reading import AS_SENT, PartNode, Picture, View
from martlet.mail.rendered import Rendered
from martlet.mail.route import Proxy, Route
from martlet.mail.sender_facts import SenderFact
from martlet.mail.sign_in import DesktopAccount, OAuthPending, OAuthSettings
from martlet.mail.sync import FolderInfo
from martlet.net.dns import NameServer
from martlet.paths import Profile
from martlet.store import journal, mailbox, outbox
from martlet.store.blobs import Blobs
from martlet.store.database import Database

log = logging.getLogger("martlet.engine")

T = TypeVar("T")
NOTHING: Mapping[str, str] = MappingProxyType({})


class Engine(Writing):
    """One profile's engine. Without `start` it works only when a verb needs a server.

    timeout_s: how long an IMAP server may keep silent. network: whom discovery asks, and how.
    """

    def __init__(
        self,
        profile: Profile,
        *,
        clock: Callable[[], float] = time.time,
        secrets: Secrets | None = None,
        timeout_s: float = TIMEOUT_S,
        network: Network = INTERNET,
    ) -> None:
        profile.create()
        self._network = network
        self._announcer = Announcer()
        self._database = Database(profile.root)
        self._blobs = Blobs(profile.root)
        self._secrets = secrets or Secrets(profile.root, clock=clock)
        self._secrets.listen(self._announcer.tell)
        self._sign_ins = SignIns(self._secrets.grants)
        self._database.listen(self._announcer.tell)
        self._roster = Roster(
            self._database,
            self._blobs,
            self._secrets,
            self._announcer,
            clock=clock,
            spool=profile.spool,
            account=lambda account_id: self._accounts.get(account_id),
            timeout_s=timeout_s,
        )
        self._accounts = Accounts(self._database, self._secrets, self._roster, self._announcer)
        self._testing = Testing(self._secrets, self._announcer)
        self._actions = Actions(self._database, self._roster.wake)
        self._fetching = Fetching(
            self._database,
            self._roster,
            self._announcer,
            lambda ids: [account.id for account in self._chosen(ids)],
        )
        self._senders = SenderCheck(self._database, self._accounts.all)
        self._mail = StoredMail(self._database, self._blobs, self._fetching.fetch, profile.spool)
        self._reading = Reading(
            self._mail,
            network.picture,
            lambda account_id: self._secrets.route(self._accounts.get(account_id)),
            self._senders,
        )
        names = NameServer(network.nameserver)
        self._signatures = Signatures(
            self._mail.raw,
            names,
            received=lambda message_id: mailbox.received(self._database, message_id),
            clock=clock,
        )
        self._saving = Saving(self._mail.part, profile.open_folder)
        letters = Letters(self._database, self._blobs, clock=clock, account=self._accounts.get)
        own_mail = OwnMail(self._database, self._accounts.all)
        attaching = Attaching(
            self._blobs,
            self._mail.blob,
            self._announcer.tell,
            profile.open_folder,
            own=own_mail.may_tell,
        )
        beginnings = Beginnings(
            self._database,
            self._blobs,
            account=self._accounts.get,
            accounts=self._accounts.all,
            readable=self._mail.to_answer,
            with_parts=self._mail.with_parts,
            attached=attaching.message,
            own_mail=own_mail,
        )
        going_out = GoingOut(self._database, self._blobs, clock)
        people = People(self._database, clock)
        redirecting = Redirecting(
            self._database,
            self._blobs,
            beginnings,
            raw=self._mail.raw,
            blob=self._mail.blob,
            clock=clock,
        )
        merges = Merges(
            self._database,
            self._blobs,
            letters,
            account=self._accounts.get,
            clock=clock,
            tell=self._announcer.tell,
        )
        templates = Templates(self._database, clock)
        self._draft_mirror = DraftMirror(
            self._database,
            self._blobs,
            clock=clock,
            account=self._accounts.get,
            wake=self._roster.wake,
        )
        drafting = Drafting(
            self._database,
            self._draft_mirror,
            beginnings,
            clock=clock,
            account=self._accounts.get,
            raw=self._mail.to_answer,
            wake=self._roster.wake,
        )
        super().__init__(
            letters,
            attaching,
            beginnings,
            going_out,
            self._roster,
            people,
            redirecting,
            merges,
            templates,
            drafting,
        )
        self._housekeeping = Housekeeping(
            self._database,
            self._blobs,
            (self._mail.tidy, self._senders.catch_up, people.catch_up, self._draft_mirror.stir),
            # Whoever just added an account writes the first letter to somebody in it.
            (people.catch_up,),
        )
        self._saving.clear_opened()
        with self._database.write() as tx:
            outbox.interrupted(tx)

    def listen(self, callback: Callable[[Change], None]) -> None:
        """Calls back with every change, from whatever thread made it."""
        self._announcer.listen(callback)

    def start(self) -> None:
        """Keeps every account connected from now on."""
        self._accounts.started = lambda account_id: self._roster.reform(account_id)
        self._roster.start(self._accounts.all())
        self._senders.start()
        self._draft_mirror.start()
        self._housekeeping.start()

    def tidy(self) -> None:
        """Does now what is done while idle: unneeded blobs go, unindexed bodies are indexed."""
        self._housekeeping.collect()
        self._housekeeping.index()

    def close(self) -> None:
        self._housekeeping.close()
        self._draft_mirror.close()
        self._sign_ins.close()
        self._roster.close()
        self._senders.close()
        self._database.close()
        self._blobs.close()

    # --- accounts

    def account_add(
        self,
        account: Account,
        password: str,
        secrets: Mapping[str, str] = NOTHING,
        grant: str = "",
    ) -> AccountId:
        return self._accounts.add(account, Given(password, secrets, grant))

    def account_edit(
        self,
        account: Account,
        password: str,
        secrets: Mapping[str, str] = NOTHING,
        grant: str = "",
    ) -> None:
        self._accounts.edit(account, Given(password, secrets, grant))

    def account_remove(self, account_id: AccountId) -> None:
        self._accounts.remove(account_id)

    def account_test(
        self,
        account: Account,
        password: str,
        secrets: Mapping[str, str] = NOTHING,
        grant: str = "",
        ticket: str = "",
    ) -> list[TestStep]:
        account = settled(account, self._secrets.desktop)
        return self._testing.test(account, Given(password, secrets, grant), ticket)

    def sign_in_begin(
        self,
        oauth: OAuthSettings,
        user: str = "",
        client_secret: str = "",
        ca_file: str = "",
        proxy: Proxy | None = None,
        proxy_secret: str = "",
    ) -> OAuthPending:
        route = Route(ca_file, proxy=proxy, proxy_secret=proxy_secret)
        secret = client_secret or self._accounts.client_secret(oauth)
        return self._sign_ins.begin(oauth, user, secret, route)

    def sign_in_wait(self, ticket: str) -> None:
        self._sign_ins.wait(ticket)

    def sign_in_cancel(self, ticket: str) -> None:
        self._sign_ins.cancel(ticket)

    def desktop_accounts(self) -> list[DesktopAccount]:
        return self._secrets.desktop.accounts()

    def discover(self, address: str, ispdb: bool = True) -> Discovery:
        from martlet.engine.discovery import discover  # it brings HTTP, seldom wanted

        return discover(address, ispdb, self._network)

    def has_keyring(self) -> bool:
        return self._secrets.lasting

    def set_password(self, account_id: AccountId, password: str, part: str = "") -> None:
        self._accounts.set_password(account_id, password, part)

    def trust_certificate(self, account_id: AccountId, host: str, sha256: str) -> None:
        self._accounts.trust(account_id, host, sha256)

    def account_states(self) -> list[AccountState]:
        return self._announcer.states()

    # --- synchronising

    def check_mail(self, account_ids: list[AccountId]) -> None:
        for account in self._chosen(account_ids):
            self._roster.receive(account.id, headers_only=False)
            self._roster.flush(account.id)

    def sync(self, account_ids: list[AccountId], headers_only: bool) -> list[SyncReport]:
        reports = self._one_pass(account_ids, headers_only)
        # What one account had to wait for another to do (a move between them) goes out now.
        late = [
            account.id
            for account in self._chosen(account_ids)
            if not any(r.error for r in reports if r.account == account.name)
            and journal.pending(self._database, account.id)
        ]
        more = {r.account: r for r in self._one_pass(late, True)} if late else {}
        return [_together(r, more[r.account]) if r.account in more else r for r in reports]

    def _one_pass(self, account_ids: list[AccountId], headers_only: bool) -> list[SyncReport]:
        waiting = []
        for account in self._chosen(account_ids):
            sending = self._roster.flush(account.id)
            waiting.append((account, sending))
        reports = []
        # What is sent first can be filed in the same pass.
        receiving = []
        for account, sending in waiting:
            sent, send_error = _outcome(sending, 0)
            received = self._roster.receive(account.id, headers_only=headers_only)
            receiving.append((account, sent, send_error, received))
        for account, sent, send_error, received in receiving:
            empty = SyncReport(account.name)
            answered, error = _outcome(received, empty)
            report = answered if isinstance(answered, SyncReport) else empty
            reports.append(
                SyncReport(
                    account.name,
                    report.new,
                    sent,
                    report.changed,
                    report.removed,
                    error or send_error or report.error,
                    report.problems,
                )
            )
        return reports

    # --- folders

    def folder_create(self, account_id: AccountId, name: str) -> FolderId:
        self._accounts.get(account_id)
        return self._actions.create(account_id, name)

    def folder_rename(self, folder_id: FolderId, name: str) -> None:
        self._actions.rename(folder_id, name)

    def folder_delete(self, folder_id: FolderId, permanently: bool) -> None:
        self._actions.delete_folder(folder_id, permanently)

    def folder_role(self, folder_id: FolderId, role: Role | None) -> None:
        self._actions.set_role(folder_id, role)
        if role is None:
            self._fetching.list_again(self._actions.folder(folder_id).account_id)
        if role is Role.SENT:
            # Copies of what was sent may have waited for a place.
            self._roster.sent(self._actions.folder(folder_id).account_id)

    def folder_keep(self, folder_id: FolderId, keep: Keep | None, days: int) -> None:
        self._actions.set_keep(folder_id, keep, days)
        self._fetching.look_again(folder_id)

    def folder_properties(self, folder_id: FolderId) -> FolderInfo:
        return self._fetching.properties(folder_id)

    def mark_all_read(self, folder_id: FolderId) -> int:
        return self._actions.mark_all_read(folder_id)

    def folder_subscribe(self, folder_id: FolderId, subscribed: bool) -> None:
        self._actions.subscribe(folder_id, subscribed)

    def folder_opened(self, folder_id: FolderId) -> None:
        folder = self._actions.folder(folder_id)
        crew = self._roster.crew(folder.account_id)
        if crew.imap is not None and not folder.local and folder.selectable:
            crew.imap.opened(folder_id)
            self._roster.wake([folder.account_id])

    # --- messages

    def set_flags(
        self,
        message_ids: list[MessageId],
        add: list[str],
        remove: list[str],
        by_hand: bool = True,
    ) -> int:
        return self._actions.set_flags(message_ids, add, remove, by_hand)

    def move(self, message_ids: list[MessageId], folder_id: FolderId) -> int:
        return self._actions.move(message_ids, folder_id)

    def copy(self, message_ids: list[MessageId], folder_id: FolderId) -> int:
        return self._actions.copy(message_ids, folder_id)

    def archive(self, message_ids: list[MessageId]) -> int:
        return self._actions.archive(message_ids)

    def delete(self, message_ids: list[MessageId], permanently: bool) -> int:
        return self._actions.delete(message_ids, permanently)

    def undelete(self, message_ids: list[MessageId]) -> int:
        return self._actions.undelete(message_ids)

    def download(self, message_ids: list[MessageId], wait: bool = False) -> int:
        missing = self._fetching.download(message_ids)
        return self._mail.whole(message_ids) if wait and missing else missing

    def download_folder(self, folder_id: FolderId) -> int:
        return self._fetching.download_folder(folder_id)

    def pause_sync(self, account_ids: list[AccountId]) -> None:
        self._fetching.pause(account_ids, paused=True)

    def resume_sync(self, account_ids: list[AccountId]) -> None:
        self._fetching.pause(account_ids, paused=False)

    def stop_downloads(self, account_ids: list[AccountId]) -> None:
        self._fetching.stop(account_ids)

    def undo(self) -> str:
        return self._actions.undo()

    # --- reading

    def render(self, message_id: MessageId, wait: bool = False, view: View = AS_SENT) -> Rendered:
        return self._reading.render(message_id, wait, view)

    def structure(self, message_id: MessageId) -> PartNode:
        return self._reading.structure(message_id)

    def allow_pictures(self, who: str, allowed: bool = True) -> None:
        self._reading.allow_pictures(who, allowed)

    def remote_picture(self, message_id: MessageId, url: str) -> Picture:
        return self._reading.remote_picture(message_id, url)

    def fetch_picture(self, account_id: AccountId, url: str) -> OutgoingPart:
        return self._attaching.picture(self._reading.picture(account_id, url))

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

    # --- inner

    def _chosen(self, account_ids: list[AccountId]) -> list[Account]:
        if account_ids:
            return [self._accounts.get(account_id) for account_id in account_ids]
        return self._accounts.all()


def _outcome(future: Future[T] | None, nothing: T) -> tuple[T, str]:
    """What came of a job: its result, or `nothing` and the error's sentence."""
    if future is None:
        return nothing, ""
    try:
        return future.result(), ""
    except MailError as error:
        return nothing, error.summary


def _together(one: SyncReport, more: SyncReport) -> SyncReport:
    """Two passes over an account as one report."""
    return SyncReport(
        one.account,
        one.new + more.new,
        one.sent + more.sent,
        one.changed + more.changed,
        one.removed + more.removed,
        one.error or more.error,
        (*one.problems, *more.problems),
    )
