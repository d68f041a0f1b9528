"""The verbs of the engine that are about letters: writing them, sending them, what is at hand for
both. The work is done by `letters`, `going_out` and their neighbours.
"""

from __future__ import annotations

from martlet.engine.attaching import Attaching
from martlet.engine.beginnings import Beginnings
from martlet.engine.drafting import Drafting
from martlet.engine.going_out import GoingOut
from martlet.engine.lent import Lent
from martlet.engine.letters import Letters
from martlet.engine.merging import Merges
from martlet.engine.people import People
from martlet.engine.redirecting import Redirecting
from martlet.engine.roster import Roster
from martlet.engine.size_limits import SizeLimits
from martlet.engine.templates import Templates
from martlet.mail.account import AccountId
from martlet.mail.message import Address, MessageId
from martlet.mail.outgoing import Draft, DraftId, OutboxId, OutgoingPart
from martlet.mail.writing import AnswerTo, ForwardAs, Group, Place, TakenBack, Template, TemplateId


class Writing:
    """The part of `Engine` that letters go through."""

    def __init__(
        self,
        letters: Letters,
        attaching: Attaching,
        beginnings: Beginnings,
        going_out: GoingOut,
        roster: Roster,
        people: People,
        redirecting: Redirecting,
        merges: Merges,
        templates: Templates,
        drafting: Drafting,
        size_limits: SizeLimits,
        lent: Lent,
    ) -> None:
        self._letters = letters
        self._attaching = attaching
        self._beginnings = beginnings
        self._going_out = going_out
        self._postal = roster
        self._people = people
        self._redirecting = redirecting
        self._merges = merges
        self._templates = templates
        self._drafting = drafting
        self._size_limits = size_limits
        self._lent = lent

    def attach_file(self, path: str, ticket: str = "") -> OutgoingPart:
        return self._lent.part(self._attaching.file(path, ticket))

    def attach_folder(self, path: str, ticket: str = "") -> OutgoingPart:
        return self._lent.part(self._attaching.folder(path, ticket))

    def attach_bytes(self, name: str, content_type: str, data: bytes) -> OutgoingPart:
        return self._lent.part(self._attaching.bytes(name, content_type, data))

    def attach_message(self, message_id: MessageId) -> OutgoingPart:
        return self._lent.part(self._attaching.message(message_id))

    def stop_attaching(self, ticket: str) -> None:
        self._attaching.stop(ticket)

    def open_attached(self, part: OutgoingPart) -> str:
        return self._attaching.opened(part)

    def ask_size_limit(self, account_id: AccountId, identity: int = 0) -> None:
        self._size_limits.ask(account_id, identity)

    def reply_draft(
        self,
        message_id: MessageId,
        to: AnswerTo = AnswerTo.SENDER,
        place: Place = Place.SMART,
        selection: str = "",
        language: str = "",
    ) -> Draft:
        return self._lent.draft(
            self._beginnings.reply_draft(message_id, to, place, selection, language)
        )

    def forward_draft(
        self,
        message_ids: list[MessageId],
        how: ForwardAs = ForwardAs.INLINE,
        language: str = "",
    ) -> Draft:
        return self._lent.draft(self._beginnings.forward_draft(message_ids, how, language))

    def edit_draft(self, message_id: MessageId) -> Draft:
        return self._lent.draft(self._beginnings.edit_draft(message_id))

    def open_draft(self, message_id: MessageId) -> Draft:
        return self._lent.draft(self._drafting.open(message_id))

    def save_draft(self, draft: Draft, closed: bool = False, place: str = "") -> DraftId:
        return self._drafting.save(draft, closed, place)

    def close_draft(self, draft_id: DraftId) -> None:
        self._drafting.close(draft_id)

    def settle_draft(self, draft_id: DraftId) -> None:
        self._drafting.settle(draft_id)

    def discard_draft(self, draft_id: DraftId) -> None:
        self._drafting.discard(draft_id)

    def send(self, draft: Draft, delay_s: float, ticket: str = "") -> OutboxId:
        outbox_id = self._letters.send(draft, delay_s, ticket)
        # Who receives, too: what showed it as a draft is taken away.
        self._postal.wake([draft.account_id])
        return outbox_id

    def call_back(self, ticket: str, key: str) -> DraftId:
        queued = self._letters.call_back(ticket, key)
        return DraftId(0) if queued is None else self.outbox_cancel(queued)

    def send_raw(
        self, account_id: AccountId, raw: bytes, recipients: list[str], delay_s: float = 0.0
    ) -> OutboxId:
        outbox_id = self._letters.send_raw(account_id, raw, recipients, delay_s)
        self._postal.wake_sender(account_id)
        return outbox_id

    def redirect(
        self, message_id: MessageId, to: list[Address], delay_s: float = 0.0, utc: bool = False
    ) -> OutboxId:
        account_id, outbox_id = self._redirecting.redirect(message_id, to, delay_s, utc)
        self._postal.wake_sender(account_id)
        return outbox_id

    def resend_draft(self, message_id: MessageId) -> Draft:
        return self._lent.draft(self._redirecting.resend_draft(message_id))

    def outbox_retry(self, outbox_id: OutboxId) -> None:
        account_id = self._going_out.retry(outbox_id)
        self._postal.flush(account_id)

    def outbox_delay(self, outbox_id: OutboxId, not_before: float) -> None:
        self._postal.wake_sender(self._going_out.delay(outbox_id, not_before))

    def outbox_cancel(self, outbox_id: OutboxId) -> DraftId:
        draft_id = self._going_out.cancel(outbox_id)
        self._drafting.stir()
        return draft_id

    def outbox_retry_all(self, outbox_ids: list[OutboxId]) -> int:
        done = self._going_out.retry_all(outbox_ids)
        for account_id in done.accounts:
            self._postal.flush(account_id)
        return done.gone

    def outbox_delay_all(self, outbox_ids: list[OutboxId], not_before: float) -> int:
        done = self._going_out.delay_all(outbox_ids, not_before)
        for account_id in done.accounts:
            self._postal.wake_sender(account_id)
        return done.gone

    def outbox_discard_all(self, outbox_ids: list[OutboxId]) -> int:
        return self._going_out.discard_all(outbox_ids).gone

    def outbox_resolve(self, outbox_id: OutboxId, was_sent: bool) -> None:
        account_id = self._going_out.resolve(outbox_id, was_sent)
        if was_sent:
            self._postal.sent(account_id)
        else:
            self._postal.wake_sender(account_id)

    def save_group(self, group: Group) -> None:
        self._people.save_group(group)

    def remove_group(self, name: str) -> None:
        self._people.remove_group(name)

    def forget_address(self, address: str) -> None:
        self._people.forget(address)

    def remember_address(self, address: Address) -> None:
        self._people.remember(address)

    def save_template(self, template: Template) -> TemplateId:
        return self._templates.save(template)

    def remove_template(self, template_id: TemplateId) -> None:
        self._templates.remove(template_id)

    def merge(
        self,
        draft: Draft,
        rows: list[dict[str, str]],
        to: str,
        delay_s: float,
        pace_s: float,
        common: dict[str, str],
        ticket: str,
    ) -> list[OutboxId]:
        found = self._merges.merge(draft, rows, to, delay_s, pace_s, common, ticket)
        self._postal.wake([draft.account_id])
        return found

    def stop_merge(self, ticket: str) -> None:
        self._merges.stop(ticket)

    def take_back_merge(self, outbox_ids: list[OutboxId], draft: Draft) -> TakenBack:
        taken = self._merges.take_back(outbox_ids, draft)
        self._drafting.stir()
        return taken
