"""What is done to drafts: kept, closed, opened again, given up.

A draft is its text in `store.drafts`; what a folder shows of it is `draft_mirror`'s, what others
make of that `draft_elsewhere`'s.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from martlet.engine.beginnings import Beginnings
from martlet.engine.draft_mirror import DraftMirror
from martlet.engine.identities import answering, chosen
from martlet.engine.lent import Lent
from martlet.mail.account import Account, AccountId
from martlet.mail.errors import Refused
from martlet.mail.folder import Role
from martlet.mail.message import MessageId
from martlet.mail.outgoing import Draft, DraftId
from martlet.mime.addresses import parse_addresses
from martlet.mime.headers import envelope, parse_headers
from martlet.mime.writing.draft_form import with_fields
from martlet.store import delivery_reports, draft_sent, drafts, folders, mailbox, outbox
from martlet.store.database import Database
from martlet.store.drafts import Held

NO_DRAFT = "This message does not lie in a folder of drafts."

_WORDS = ("subject", "to", "cc", "bcc", "text", "html", "original", "parts")


class Drafting:
    """The drafts of a profile. raw: the bytes of a message, maybe without large files.

    wake: has the accounts' workers carry out what waits.
    """

    def __init__(
        self,
        database: Database,
        mirror: DraftMirror,
        beginnings: Beginnings,
        *,
        clock: Callable[[], float],
        account: Callable[[AccountId], Account],
        raw: Callable[[MessageId], bytes],
        wake: Callable[[list[AccountId]], None],
        lent: Lent,
    ) -> None:
        self._database = database
        self._mirror = mirror
        self._beginnings = beginnings
        self._clock = clock
        self._account = account
        self._raw = raw
        self._wake = wake
        self._lent = lent

    def save(self, draft: Draft, closed: bool, place: str) -> DraftId:
        """See SaveDraft. A save that comes after the letter was sent changes nothing, if it says
        what was sent; more than that, or once nobody can tell, is a draft of its own.
        """
        held = Held.OPEN
        if closed:
            held = Held.LATER if place else Held.CLOSED
        with self._database.write() as tx:
            if drafts.standing(tx, draft.id) is None and (
                outbox.holds(tx, draft.id) or outbox.holds_key(tx, draft.key)
            ):
                queued = draft_sent.as_queued(tx, draft)
                if queued is not None and _same_words(queued, draft):
                    return draft.id
                draft = replace(draft, id=DraftId(0), key="")
            before = drafts.get(tx, draft.id)
            # What is taken out may be put back.
            self._lent.within(tx, (*(before.parts if before is not None else ()), *draft.parts))
            draft_id = drafts.save(tx, replace(draft, updated=self._clock()), held, place)
        self._mirror.stir()
        return draft_id

    def stir(self) -> None:
        """A letter came back from the outbox: it is to be seen among the drafts."""
        self._mirror.stir()

    def close(self, draft_id: DraftId) -> None:
        """Nobody writes on it now, and nothing was changed since the last save."""
        with self._database.write() as tx:
            one = drafts.standing(tx, draft_id)
            if one is None:
                return
            shown_before = one.lost or one.elsewhere or one.uploaded
            if not one.message and not one.wanted and shown_before:
                # Taken away elsewhere, and nothing newer is here.
                drafts.discard(tx, draft_id)
            else:
                drafts.hold(tx, draft_id, Held.CLOSED)
        self._mirror.stir()

    def discard(self, draft_id: DraftId) -> None:
        with self._database.write() as tx:
            one = drafts.standing(tx, draft_id)
            drafts.discard(tx, draft_id)
        if one is not None:
            self._wake([one.account_id])

    def settle(self, draft_id: DraftId) -> None:
        """A person knows of the other version now, and goes on with this one."""
        with self._database.write() as tx:
            drafts.settle(tx, draft_id)

    def open(self, message_id: MessageId) -> Draft:
        """The draft a message in a folder of drafts shows; read from it if it came from elsewhere.

        Refused if it is not here any more.
        """
        with self._database.write() as tx:
            one = drafts.shown_in(tx, message_id)
            draft = drafts.get(tx, one.id) if one is not None else None
            if one is not None:
                drafts.hold(tx, one.id, Held.OPEN)
        if draft is not None:
            return draft
        draft, copy = self._read(message_id)
        with self._database.write() as tx:
            places = mailbox.locate(tx, [message_id])
            folder = folders.by_id(tx, places[0].folder_id) if places else None
            if folder is None:
                raise Refused("This draft is not here any more.")
            if folder.role is not Role.DRAFTS:
                raise Refused(NO_DRAFT)
            # What has that name is another letter, written here or on its way.
            if drafts.of_key(tx, draft.key) is not None or outbox.holds_key(tx, draft.key):
                draft = replace(draft, key="")
            draft_id = drafts.save(tx, draft, Held.OPEN, "", message_id)
            drafts.known_as(tx, draft_id, copy, mailbox.blob_of(tx, message_id))
            saved = drafts.get(tx, draft_id)
        if saved is None:
            raise Refused("This draft is not here any more.")
        return saved

    def _read(self, message_id: MessageId) -> tuple[Draft, str]:
        """A draft as its message tells it, and its Message-ID."""
        found = self._beginnings.edit_draft(message_id)
        headers = parse_headers(self._raw(message_id))
        head = envelope(headers)
        draft, source = with_fields(
            replace(found, updated=head.date or 0.0), headers, self._clock()
        )
        places = mailbox.locate(self._database, [message_id])
        folder = folders.by_id(self._database, places[0].folder_id) if places else None
        if folder is not None and self._account(folder.account_id).outgoing is not None:
            # It is written here, whoever it goes to.
            here = self._account(folder.account_id)
            sender = answering(here, headers, own=True)
            draft = replace(draft, account_id=here.id, sender=sender)
        _, _, usual = chosen(self._account(draft.account_id), draft.sender)
        if draft.reply_to == tuple(parse_addresses(usual.encode("utf-8", "replace"))):
            draft = replace(draft, reply_to=())
        about = source or draft.in_reply_to
        originals = delivery_reports.with_message_id(self._database, about) if about else []
        if originals:
            draft = replace(draft, source=originals[0])
        return draft, head.message_id


def _same_words(one: Draft, other: Draft) -> bool:
    """Whether a person would see the same letter."""
    return all(getattr(one, name) == getattr(other, name) for name in _WORDS)
