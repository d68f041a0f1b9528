"""Shows drafts in their account's folder of drafts: each by one row, made when nobody writes on it.

    saved ──closed──────────────────► shown, then on the server by replay
      └──open, two quiet minutes────► shown, once until it is changed again

What a draft says is in `store.drafts` from the first save on; here it becomes a message, so that
the folder, other programs and other devices have it. How it replaces the copy before is in
`store.draft_copies`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from threading import Event, Thread
from typing import BinaryIO

from martlet.engine import stored_letter
from martlet.engine.attaching import attached
from martlet.engine.identities import chosen
from martlet.mail.account import Account, AccountId
from martlet.mail.changes import Change, DraftsChanged
from martlet.mail.errors import MailError
from martlet.mail.folder import Role
from martlet.mail.outgoing import Draft, DraftId, DraftKind, OutgoingPart
from martlet.mime.abridged import abridged
from martlet.mime.content import summarise
from martlet.mime.writing.draft_form import draft_message_id, draft_pieces
from martlet.store import draft_rows, drafts, folders, mailbox
from martlet.store.blobs import Blobs
from martlet.store.database import Database
from martlet.store.drafts import MOST_TRIES, Held, Standing

log = logging.getLogger("martlet.drafts")

QUIET_S = 120.0
# One that could not be built is left alone for so long, unless it is changed.
AGAIN_S = 600.0
_SETTLED_S = 2.0


class DraftMirror:
    """wake: has an account's worker carry out what waits. account: finds one by id."""

    def __init__(
        self,
        database: Database,
        blobs: Blobs,
        *,
        clock: Callable[[], float],
        account: Callable[[AccountId], Account],
        wake: Callable[[Iterable[AccountId]], None],
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._clock = clock
        self._account = account
        self._wake = wake
        # By draft: when it was last changed, and when it was found that it cannot be built.
        self._broken: dict[DraftId, tuple[float, float]] = {}
        self._ended = Event()
        self._stirred = Event()
        self._thread: Thread | None = None

    def start(self) -> None:
        with self._database.write() as tx:
            drafts.try_again(tx)
        self._database.listen(self._heard)
        self._stirred.set()
        self._thread = Thread(target=self._run, name="drafts", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._ended.set()
        self._stirred.set()
        if self._thread is not None:
            self._thread.join()

    def stir(self) -> None:
        """A draft was saved or closed. Without `start` it is seen to at once."""
        if self._thread is None:
            self._try()
        else:
            self._stirred.set()

    def _heard(self, change: Change) -> None:
        """Also what others made of drafts may be a reason to show them."""
        if isinstance(change, DraftsChanged):
            self._stirred.set()

    def catch_up(self) -> None:
        """Shows all drafts that are due."""
        for one in drafts.all_standings(self._database):
            if self._ended.is_set():
                return
            if self._is_due(one):
                self._show(one)

    def _is_due(self, one: Standing) -> bool:
        if one.tries >= MOST_TRIES:
            return False
        updated, found = self._broken.get(one.id, (0.0, 0.0))
        if one.updated == updated and 0 <= self._clock() - found < AGAIN_S:
            return False
        if one.held is Held.OPEN:
            return one.wanted and self._clock() - one.updated >= QUIET_S
        return one.wanted or not one.message

    def _show(self, one: Standing) -> None:
        draft = drafts.get(self._database, one.id)
        folder = folders.by_role(self._database, one.account_id, Role.DRAFTS)
        if draft is None or folder is None or not folder.selectable:
            return
        try:
            key, size = self._blobs.put_pieces(self._pieces(draft), durable=True)
            head, content = summarise(abridged(stored_letter.pieces(self._blobs, key)))
        except MailError as error:
            log.warning("draft %s is not shown: %s %s", one.id, error.summary, error.detail)
            self._broken[one.id] = (one.updated, self._clock())
            if error.summary != one.problem:
                with self._database.write() as tx:
                    drafts.set_problem(tx, one.id, error.summary)
            return
        with self._database.write() as tx:
            before = draft_rows.account_of(tx, one.message)
            draft_rows.put(tx, draft, folder, head, content, size=size, blob=key)
        self._wake({folder.account_id, *before})

    def _pieces(self, draft: Draft) -> Iterator[bytes]:
        sender, _, reply_to = chosen(self._account(draft.account_id), draft.sender)
        if draft.reply_to:
            reply_to = ", ".join(str(one) for one in draft.reply_to)
        source = ""
        if draft.kind is DraftKind.FORWARD and draft.source:
            head = mailbox.envelope(self._database, draft.source)
            source = head.message_id if head is not None else ""
        message_id = draft_message_id(draft.key, sender.address)
        return draft_pieces(draft, sender, message_id, self._opened, reply_to, source)

    def _opened(self, part: OutgoingPart) -> BinaryIO:
        return attached(self._blobs, part)

    def _run(self) -> None:
        while not self._ended.is_set():
            self._stirred.wait(self._pause_s())
            self._stirred.clear()
            self._try()

    def _try(self) -> None:
        """What was saved is safe, whether it can be shown now or not."""
        try:
            self.catch_up()
        except MailError as error:
            log.warning("%s %s", error.summary, error.detail)

    def _pause_s(self) -> float | None:
        """Until an open letter has been quiet for long enough; None: nothing is to come."""
        try:
            waiting = [
                one.updated
                for one in drafts.all_standings(self._database)
                if one.held is Held.OPEN
                and one.wanted
                # What was to be shown, and could not be, waits to be stirred again.
                and self._clock() - one.updated < QUIET_S + _SETTLED_S
            ]
        except MailError as error:
            log.warning("%s %s", error.summary, error.detail)
            return QUIET_S
        return max(1.0, min(waiting) + QUIET_S - self._clock()) if waiting else None
