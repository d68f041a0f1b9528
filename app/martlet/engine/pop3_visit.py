"""One session with a POP3 mailbox, from its list to QUIT.

    list ─► plan (pop3_plan) ─► what has changed there is written down
         ─► headers, new messages, what was asked for (pop3_store): blobs, then rows
         ─► DELE, for what is on disk here ─► QUIT, whose +OK alone makes that real (RFC 1939, 6)

A session that ends anywhere before is as if nothing had been deleted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from martlet.engine.events import Announcer
from martlet.engine.pop3_into import inbox_of
from martlet.engine.pop3_plan import Plan, Rules, deletions, mark, plan, rules
from martlet.engine.pop3_store import Pop3Store
from martlet.engine.pop3_stream import Broken, batches, each_read, headers_read, read
from martlet.engine.pop3_telling import Telling
from martlet.engine.tally import Tally
from martlet.mail.account import Account
from martlet.mail.changes import Progress, Unit
from martlet.mail.errors import BadServer, Refused
from martlet.mail.folder import Folder, FolderId
from martlet.mail.message import MessageId
from martlet.mime.headers import envelope, parse_headers
from martlet.net.pop3 import NO_NAMES, Listed, Pop3Session
from martlet.store import account_log, pop3
from martlet.store.database import Database

# A message is not asked for any more, until the next start, at which the line has broken so often.
ENOUGH_BREAKS = 6
STOPPED = "This was stopped."
NOT_THERE = "This message is not on the server any more."
_BY_HEADERS = (
    f"{NO_NAMES} They are told apart by their headers, and nothing is deleted on the server."
)


@dataclass(slots=True)
class Memory:
    """What is known of a server from one session to the next.

    tops: it shows headers (TOP). broken: how often the line broke at a message, by key: once for
    a lost line, twice for one that made no sense.
    """

    tops: bool = True
    broken: dict[str, int] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)


class Visit:
    """What is done in one session. Used by one thread.

    halted: whether to stop fetching; stored: called after every piece of work.
    ended: the session is closed. looked: what is new has been fetched.
    """

    def __init__(
        self,
        session: Pop3Session,
        account: Account,
        database: Database,
        store: Pop3Store,
        announcer: Announcer,
        memory: Memory,
        tally: Tally,
        *,
        clock: Callable[[], float],
        halted: Callable[[], bool],
        stored: Callable[[], None],
    ) -> None:
        self.ended = False
        self.looked = False
        self._session = session
        self._account = account
        self._database = database
        self._store = store
        self._announcer = announcer
        self._memory = memory
        self._tally = tally
        self._telling = Telling(account, database, announcer, memory.told)
        self._clock = clock
        self._halted = halted
        self._stored = stored
        self._listed: dict[int, Listed] = {}
        self._sizes: dict[int, int] = {}
        self._marks: dict[int, str] = {}
        self._plan = Plan()
        self._rules = Rules()

    def begin(self) -> None:
        """Lists the mailbox and writes down what has changed there."""
        self._telling.expiry(self._session.expires_days)
        self._listed = self._session.listing()
        self._sizes = {number: one.size for number, one in self._listed.items()}
        if self._listed and not any(one.uidl for one in self._listed.values()):
            if not self._tops:
                raise BadServer(NO_NAMES)
            self._telling.once(_BY_HEADERS)
        self._plan = self._planned(headers=False)
        made, account_id = self._plan, self._account.id
        if made.unnamed:
            what = account_log.count(made.unnamed, "message")
            self._telling.once(f"The server gives {what} no lasting name; left there, untouched.")
        if made.renamed or made.resized or made.gone or made.back:
            with self._database.write() as tx:
                pop3.rename(tx, account_id, made.renamed)
                pop3.resize(tx, account_id, made.resized)
                pop3.returned(tx, account_id, made.back)
                pop3.left(tx, account_id, made.gone, self._clock())

    def fetch_new(self, *, headers: bool) -> None:
        """Fetches what is new, and what the account wants more of by now. headers: only those."""
        self.looked = True
        if headers:
            self._plan = self._planned(headers=True)
        made = self._plan
        self._fetch_headers(made.headers)
        if made.headers and not self._tops and not self.ended:
            # The server had said that it knows TOP, or nothing.
            made = self._plan = self._planned(headers=headers)
        if made.stubs and not self.ended:
            self._store.stubs(self._inbox.id, self._about(made.stubs))
            self._tally.new += len(made.stubs)
        if not self.ended:
            self._tally.new += self._fetch_whole(made.whole, {})
        if made.rest and not self.ended:
            seen = pop3.all_seen(self._database, self._account.id)
            self._fetch_whole(made.rest, {n: seen[made.keys[n]].message for n in made.rest})

    def download(self, message_ids: Sequence[MessageId]) -> None:
        """Fetches these whole. Refused: one is not there, or the server does not give it."""
        numbers = {key: number for number, key in self._plan.keys.items()}
        wanted: dict[int, MessageId] = {}
        gone = False
        for message_id in message_ids:
            if self._store.is_whole(message_id):
                continue
            place = pop3.place(self._database, message_id)
            number = numbers.get(place[1]) if place else None
            if number is None:
                gone = True
            else:
                wanted[number] = message_id
        if len(wanted) == 1:
            ((number, message_id),) = wanted.items()
            self._fetch_one(number, message_id)
        elif wanted:
            self._fetch_whole(sorted(wanted), wanted)
            if self.ended and self._halted():
                raise Refused(STOPPED)
            if missed := [n for n in wanted if n in self._session.refused]:
                raise Refused(
                    "The server does not give this message.", self._session.refused[missed[0]]
                )
        if gone:
            raise Refused(NOT_THERE)

    def end(self) -> None:
        """Deletes there what may be, and says goodbye."""
        if self.ended:
            return
        self.ended = True
        now = self._clock()
        due = self._due(now)
        marked: list[int] = []
        if due:
            with self._database.write() as tx:
                # All that was stored in this session must survive a power cut from here on.
                tx.must_last()
            marked = self._session.delete(due)
            self._refused(due, "delete")
        self._session.quit()
        if marked:
            with self._database.write() as tx:
                keys = [self._plan.keys[number] for number in marked]
                pop3.left(tx, self._account.id, keys, now)

    # --- inner

    def _due(self, now: float) -> list[int]:
        """What may be deleted there by now."""
        account_id = self._account.id
        if self._rules.keeps_all and not pop3.wanted_gone(self._database, account_id):
            return []
        seen = pop3.all_seen(self._database, account_id)
        return deletions(self._listed, seen, self._rules, self._plan, now)

    @property
    def _tops(self) -> bool:
        return self._session.may_top and self._memory.tops

    @property
    def _inbox(self) -> Folder:
        return inbox_of(self._database, self._account)

    def _planned(self, *, headers: bool) -> Plan:
        seen = pop3.all_seen(self._database, self._account.id)
        wants = self._rules = rules(self._account, tops=self._tops, headers=headers)
        made = plan(self._listed, seen, wants, self._marks or None)
        if made.ask:
            self._look_at(made.ask)
            wants = self._rules = rules(self._account, tops=self._tops, headers=headers)
            made = plan(self._listed, seen, wants, self._marks)
        return made

    def _look_at(self, numbers: Sequence[int]) -> None:
        for number, raw in self._session.tops(numbers):
            self._marks[number] = mark(envelope(parse_headers(raw)))
        if not self._marks:
            self._memory.tops = False

    def _fetch_headers(self, numbers: Sequence[int]) -> None:
        if not numbers:
            return
        came = 0
        inbox, about = self._inbox, self._about(numbers)
        stream = headers_read(self._session.tops(numbers))
        try:
            for batch in batches(stream, numbers, self._session.refused):
                self._store.headers(inbox.id, batch, about)
                came += len(batch)
                self._tally.new += len(batch)
                self._progress(inbox.name, came, len(numbers), Unit.HEADERS)
                if self._is_over():
                    return
        except Broken as broken:
            raise broken.error from None
        if not came:
            self._memory.tops = False
        else:
            self._refused(numbers, "show")

    def _fetch_whole(self, numbers: Sequence[int], known: dict[int, MessageId]) -> int:
        """known: rows that are here already, by number. Answers how many came."""
        broken = self._memory.broken
        hard = [n for n in numbers if self._plan.keys[n] in broken]
        easy = [n for n in numbers if self._plan.keys[n] not in broken]
        came = self._fetch_row(easy, known, len(numbers))
        for number in hard:
            # Alone, so that it can harm no others, and last.
            if not self.ended and broken[self._plan.keys[number]] < ENOUGH_BREAKS:
                came += self._fetch_row([number], known, 1)
                broken.pop(self._plan.keys[number], None)
            elif not self.ended:
                size = self._listed[number].size
                self._telling.once(
                    f"A message of {size} bytes could not be fetched though it was tried often;"
                    f" it is left on the server (number {number})."
                )
        return came

    def _fetch_row(self, numbers: Sequence[int], known: dict[int, MessageId], total: int) -> int:
        if not numbers:
            return 0
        came = 0
        inbox, about = self._inbox, self._about(numbers)
        stream = each_read(self._session.retrieve(numbers, self._sizes))
        try:
            for batch in batches(stream, numbers, self._session.refused):
                self._store.whole(inbox.id, batch, about, known)
                came += len(batch)
                self._progress(inbox.name, came, total, Unit.BODIES)
                if self._is_over():
                    return came
        except Broken as broken:
            key = self._plan.keys[broken.number]
            much = 2 if isinstance(broken.error, BadServer) else 1
            self._memory.broken[key] = self._memory.broken.get(key, 0) + much
            raise broken.error from None
        self._refused(numbers, "give")
        return came

    def _fetch_one(self, number: int, message_id: MessageId) -> None:
        """One that somebody waits for, and may take long."""
        told = self._store.progress(self._account.id, message_id, self._sizes[number])

        def heard(done: int) -> None:
            if self._halted():
                raise Refused(STOPPED)
            told(done, False)

        try:
            raw = self._session.retrieve_one(number, self._sizes[number], heard)
        except Refused:
            self.ended = self._halted()
            raise
        known = {number: message_id}
        self._store.whole(FolderId(0), [read(number, raw)], self._about([number]), known)
        told(len(raw), True)
        self._stored()

    def _about(self, numbers: Sequence[int]) -> dict[int, tuple[str, Listed]]:
        return {number: (self._plan.keys[number], self._listed[number]) for number in numbers}

    def _is_over(self) -> bool:
        """Whether to stop here: then the rest of what is on its way is not waited for."""
        self._stored()
        if self._halted():
            self._session.close()
            self.ended = True
        return self.ended

    def _progress(self, name: str, done: int, total: int, unit: Unit) -> None:
        self._announcer.tell(Progress(self._account.id, name, done, max(done, total), unit))

    def _refused(self, numbers: Sequence[int], verb: str) -> None:
        """What the server did not do of what it was asked."""
        said = self._session.refused
        refused = {self._plan.keys[n]: said[n] for n in numbers if n in said}
        if refused:
            self._tally.problems.append(self._telling.refused(verb, refused))
