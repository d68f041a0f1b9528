"""The engine: everything Martlet can do, as verbs.

Each verb is named like its request in link.messages and takes its fields. A verb that returns has
been made durable here; what must reach a server follows when it can. Verbs may be called from any
thread. Here the parts are joined; the verbs stand, by subject, in `account_verbs`, `mail_verbs`,
`reading_verbs` and `writing`.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable

from martlet import paths
from martlet.engine.account_verbs import AccountVerbs
from martlet.engine.accounts import Accounts
from martlet.engine.actions import Actions
from martlet.engine.attaching import Attaching
from martlet.engine.beginnings import Beginnings
from martlet.engine.dkim import Signatures
from martlet.engine.draft_mirror import DraftMirror
from martlet.engine.drafting import Drafting
from martlet.engine.events import Announcer
from martlet.engine.fetching import Fetching
from martlet.engine.going_out import GoingOut
from martlet.engine.housekeeping import Housekeeping
from martlet.engine.imap_worker import TIMEOUT_S
from martlet.engine.lent import Lent
from martlet.engine.letters import Letters
from martlet.engine.mail_verbs import MailVerbs
from martlet.engine.merging import Merges
from martlet.engine.network import INTERNET, Network
from martlet.engine.oauth import SignIns
from martlet.engine.own_mail import OwnMail
from martlet.engine.passes import Passes
from martlet.engine.people import People
from martlet.engine.reading import Reading
from martlet.engine.reading_verbs import ReadingVerbs
from martlet.engine.redirecting import Redirecting
from martlet.engine.roster import Roster
from martlet.engine.saving import Saving
from martlet.engine.secrets import Secrets
from martlet.engine.sender_check import SenderCheck
from martlet.engine.size_limits import SizeLimits
from martlet.engine.stored_mail import StoredMail
from martlet.engine.templates import Templates
from martlet.engine.writing import Writing
from martlet.mail.account import AccountId, SyncReport
from martlet.mail.changes import Change
from martlet.mail.outgoing import OutgoingPart
from martlet.net.dns import NameServer
from martlet.paths import Profile
from martlet.store import mailbox, outbox
from martlet.store.blobs import Blobs
from martlet.store.database import Database


class Engine(AccountVerbs, MailVerbs, ReadingVerbs, Writing):
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
        self._announcer = Announcer()
        self._database = Database(profile.root)
        self._blobs = Blobs(profile.root)
        secrets = secrets or Secrets(profile.root, clock=clock)
        secrets.listen(self._announcer.tell)
        self._database.listen(self._announcer.tell)
        self._roster = Roster(
            self._database,
            self._blobs,
            secrets,
            self._announcer,
            clock=clock,
            spool=profile.spool,
            account=lambda account_id: self._accounts.get(account_id),
            timeout_s=timeout_s,
        )
        accounts = Accounts(self._database, secrets, self._roster, self._announcer)
        limits = SizeLimits(self._database, secrets, clock=clock, account=accounts.get)
        sign_ins = SignIns(secrets.grants)
        AccountVerbs.__init__(
            self, accounts, secrets, sign_ins, self._announcer, network, limits.learn
        )
        fetching = Fetching(
            self._database,
            self._roster,
            self._announcer,
            lambda ids: [account.id for account in accounts.chosen(ids)],
        )
        self._passes = Passes(self._database, self._roster, accounts.chosen)
        self._senders = SenderCheck(self._database, accounts.all)
        self._mail = StoredMail(self._database, self._blobs, fetching.fetch, profile.spool)
        MailVerbs.__init__(
            self,
            accounts,
            Actions(self._database, self._roster.wake),
            fetching,
            self._roster,
            self._mail.whole,
        )
        reading = Reading(
            self._mail,
            network.picture,
            lambda account_id: secrets.route(accounts.get(account_id)),
            self._senders,
        )
        names = NameServer(network.nameserver)
        signatures = Signatures(
            self._mail.raw,
            names,
            received=lambda message_id: mailbox.received(self._database, message_id),
            clock=clock,
        )
        saving = Saving(self._mail.part, profile.open_folder)
        ReadingVerbs.__init__(self, self._mail, reading, signatures, saving)
        lent = Lent(self._database, clock)
        letters = Letters(self._database, self._blobs, clock=clock, account=accounts.get)
        own_mail = OwnMail(self._database, accounts.all)
        attaching = Attaching(
            self._blobs,
            self._mail.blob,
            self._announcer.tell,
            profile.open_folder,
            own=own_mail.may_tell,
            mounts=paths.mounts(),
        )
        beginnings = Beginnings(
            self._database,
            self._blobs,
            account=accounts.get,
            accounts=accounts.all,
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
            account=accounts.get,
            clock=clock,
            tell=self._announcer.tell,
            room=lambda: shutil.disk_usage(profile.root).free,
        )
        templates = Templates(self._database, clock)
        self._draft_mirror = DraftMirror(
            self._database,
            self._blobs,
            clock=clock,
            account=accounts.get,
            wake=self._roster.wake,
        )
        drafting = Drafting(
            self._database,
            self._draft_mirror,
            beginnings,
            clock=clock,
            account=accounts.get,
            raw=self._mail.to_answer,
            wake=self._roster.wake,
            lent=lent,
        )
        Writing.__init__(
            self,
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
            limits,
            lent,
        )
        self._housekeeping = Housekeeping(
            self._database,
            self._blobs,
            (self._mail.tidy, self._senders.catch_up, people.catch_up, self._draft_mirror.stir),
            # Whoever just added an account writes the first letter to somebody in it.
            (people.catch_up,),
            lent=lent.keys,
        )
        saving.clear_opened()
        self._blobs.drop_unfinished()
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

    # --- synchronising

    def check_mail(self, account_ids: list[AccountId]) -> None:
        self._passes.check(account_ids)

    def sync(self, account_ids: list[AccountId], headers_only: bool) -> list[SyncReport]:
        return self._passes.sync(account_ids, headers_only)

    # --- reading for writing

    def fetch_picture(self, account_id: AccountId, url: str) -> OutgoingPart:
        return self._lent.part(self._attaching.picture(self._reading.picture(account_id, url)))
