"""How letters begin: answers, mail passed on, the same letter once more.

What stands in them is made by `mime.reply` and its neighbours; here it is settled whose account
writes, and the files that go along are taken into the store.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from martlet.engine.identities import answering, mine, written_to
from martlet.engine.known_lists import believed
from martlet.engine.letters import taken_over
from martlet.engine.own_mail import WRITTEN_HERE, OwnMail
from martlet.mail.account import Account, AccountId
from martlet.mail.errors import Refused
from martlet.mail.message import Address, Attachment, MessageId
from martlet.mail.outgoing import Draft, OutgoingPart
from martlet.mail.writing import AnswerTo, ForwardAs, Place
from martlet.mime.headers import Headers
from martlet.mime.parse import parse
from martlet.mime.part import Message
from martlet.mime.writing import forward, reply
from martlet.mime.writing.answered import list_addresses
from martlet.store import folders, mailbox, pop3
from martlet.store.blobs import Blobs
from martlet.store.database import Database

NO_LIST = "No mailing list that takes answers has brought this message."


class Beginnings:
    """Drafts made from what a profile holds; none of them is saved.

    account: finds an account by id. accounts: all of them. readable: the bytes of a message,
    maybe without large files; with_parts: with these of its parts. attached: takes a message
    into the store as a file, byte for byte.
    """

    def __init__(
        self,
        database: Database,
        blobs: Blobs,
        *,
        account: Callable[[AccountId], Account],
        accounts: Callable[[], list[Account]],
        readable: Callable[[MessageId], bytes],
        with_parts: Callable[[MessageId, list[str]], bytes],
        attached: Callable[[MessageId], OutgoingPart],
        own_mail: OwnMail,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._account = account
        self._accounts = accounts
        self._readable = readable
        self._with_parts = with_parts
        self._attached = attached
        self._own_mail = own_mail
        self._now = now

    def reply_draft(
        self,
        message_id: MessageId,
        to: AnswerTo = AnswerTo.SENDER,
        place: Place = Place.SMART,
        selection: str = "",
        language: str = "",
    ) -> Draft:
        message, account, own = self._message(message_id)
        if to is AnswerTo.LIST and not list_addresses(message.headers):
            raise Refused(NO_LIST)
        me = mine(self._accounts(), account, message.headers, own=own)
        draft, going = reply.reply(
            message,
            me,
            account.id,
            message_id,
            to=to,
            place=place,
            selection=selection,
            language=language,
        )
        sender = answering(account, message.headers, own=own)
        lists = believed(self._database, message.headers, draft.lists, self._now())
        return replace(draft, sender=sender, lists=lists, parts=self._fetched(message_id, going))

    def forward_draft(
        self,
        message_ids: list[MessageId],
        how: ForwardAs = ForwardAs.INLINE,
        language: str = "",
    ) -> Draft:
        if not message_ids:
            raise Refused("There is no message to forward.")
        message_id = message_ids[0]
        message, account, own = self._message(message_id)
        sender = answering(account, message.headers, own=own)
        several = len(message_ids) > 1
        if how is ForwardAs.ATTACHED or several or not forward.fits(message):
            draft = forward.attached(message, account.id, message_id, len(message_ids))
            parts = tuple(self._attached(each) for each in message_ids)
            return replace(draft, sender=sender, parts=parts)
        draft, going = forward.inline(message, account.id, message_id, language)
        return replace(draft, sender=sender, parts=self._fetched(message_id, going))

    def edit_draft(self, message_id: MessageId) -> Draft:
        message, account, own = self._message(message_id)
        trusted = own or self._own_mail.is_kept_copy(message.headers)
        draft, going = reply.edit(message, account.id, own=trusted)
        sender = answering(account, message.headers, own=own)
        parts = draft.parts + self._fetched(message_id, going)
        return replace(draft, sender=sender, parts=parts)

    def writer(self, message_id: MessageId, headers: Headers) -> tuple[Account, Address]:
        """Whose account sends what is made of a message with this head, and as whom."""
        account, own = self._answerer(message_id, headers)
        return account, answering(account, headers, own=own)

    def _message(self, message_id: MessageId) -> tuple[Message, Account, bool]:
        """A message, who answers it, and whether it lies among what is written here."""
        message = parse(self._readable(message_id))
        return message, *self._answerer(message_id, message.headers)

    def _answerer(self, message_id: MessageId, headers: Headers) -> tuple[Account, bool]:
        places = mailbox.locate(self._database, [message_id])
        folder = folders.by_id(self._database, places[0].folder_id) if places else None
        if folder is None:
            raise Refused("This message is not here any more.")
        # What several accounts bring to one inbox is answered by whom it came to.
        here = self._account(folder.account_id)
        brought = pop3.owners(self._database, [message_id])
        every = [one for one in self._accounts() if one.outgoing is not None]
        by = [one for one in every if one.id in brought]
        beside = [one for one in every if one.into == here.id]
        account = written_to([*by, here, *beside], headers)
        return account, folder.role in WRITTEN_HERE

    def _fetched(
        self, message_id: MessageId, going: tuple[Attachment, ...]
    ) -> tuple[OutgoingPart, ...]:
        """Files of a message that may lack them so far."""
        if not going:
            return ()
        raw = self._with_parts(message_id, [one.part for one in going])
        return taken_over(self._blobs, parse(raw), going)
