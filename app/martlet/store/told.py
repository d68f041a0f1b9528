"""What mail that has come tells of mail that was sent: reports of delivery, and answers.

They come from outside: they add a line only to the ledger of a message that this profile sent,
found by its envelope id or Message-ID, and what a report says stands there as the report's words.
"""

from __future__ import annotations

from collections.abc import Iterable

from martlet.mail.account import AccountId
from martlet.mail.folder import Role
from martlet.mail.message import Content, Envelope, MessageId
from martlet.mail.outgoing import Delivery, DeliveryKind
from martlet.mail.report import Action, Fate, Report
from martlet.mail.sender import named
from martlet.mail.status_words import sentence
from martlet.store import accounts, deliveries
from martlet.store.codec import clean, ids_json
from martlet.store.database import Source, Tx

# Reports may be forged, any number of them: so many lines a message's ledger takes from them.
MOST_TOLD = 5000

# A message that has come: its id, head, content if it is here, and date (Unix seconds).
Came = tuple[MessageId, Envelope, Content | None, float]

_KINDS = {
    Action.FAILED: DeliveryKind.FAILED,
    Action.DELAYED: DeliveryKind.DELAYED,
    Action.DELIVERED: DeliveryKind.DELIVERED,
    Action.RELAYED: DeliveryKind.RELAYED,
    Action.EXPANDED: DeliveryKind.EXPANDED,
}
# Written by programs, not by the person who was written to.
_AUTOMATIC = ("mailer-daemon@", "mail-daemon@", "postmaster@", "microsoftexchange")
_AUTO_SUBJECTS = ("auto:", "automatic reply", "autoreply", "out of office", "自动回复", "自動回覆")


def by_arrivals(tx: Tx, account_id: AccountId, came: Iterable[Came]) -> None:
    """Notes what these new messages of an account tell; costs nothing where they tell nothing."""
    answers: list[Came] = []
    for one in came:
        message, head, content, date = one
        if content is not None and content.report is not None:
            by_report(tx, account_id, content.report, message, date)
        elif head.in_reply_to:
            answers.append(one)
    if answers and tx.query("SELECT 1 FROM delivery LIMIT 1"):
        _by_answers(tx, answers)


def by_report(
    tx: Tx, account_id: AccountId, report: Report, source: MessageId, time: float
) -> None:
    """Notes what a report says, if it is of a message of ours.

    account_id: where it came in. source: the message that it is. time: of the report.
    """
    owner = told_of(tx, report, account_id)
    if owner is None:
        return
    sender, message_id, envelope_id = owner
    ledger = deliveries.of_message(tx, message_id)
    known = {line.recipient.casefold(): line.recipient for line in ledger}
    room = max(0, MOST_TOLD - sum(1 for line in ledger if line.source))
    for fate in report.fates[:room]:
        recipient = known.get(fate.recipient.casefold())
        if recipient is None and not report.certain:
            continue
        line = _line(fate, recipient or fate.recipient, report.reporter, source, time)
        if deliveries.is_new(tx, message_id, line):
            deliveries.note(tx, sender, message_id, envelope_id, [line])


def _by_answers(tx: Tx, answers: list[Came]) -> None:
    rows = tx.query(
        "SELECT message_id, account_id, envelope_id FROM delivery"
        " WHERE message_id IN (SELECT value FROM json_each(?)) GROUP BY message_id",
        (ids_json({clean(head.in_reply_to): None for _, head, _, _ in answers}),),
    )
    if not rows:
        return
    ours = {row[0]: (AccountId(row[1]), str(row[2])) for row in rows}
    own = accounts.all_accounts(tx)
    for message, head, _, date in answers:
        owner = ours.get(clean(head.in_reply_to))
        writer = head.sender.address
        if owner is None or not writer or _automatic(writer, head.subject):
            continue
        if any(named(account, writer) for account in own):
            continue
        if head.message_id and deliveries.of_message(tx, head.message_id):
            continue  # sent by us, under a name that is caught
        line = Delivery(date, writer, DeliveryKind.ANSWERED, source=message)
        if deliveries.is_new(tx, head.in_reply_to, line):
            deliveries.note(tx, owner[0], head.in_reply_to, owner[1], [line])


def told_of(
    source: Source, report: Report, account_id: AccountId
) -> tuple[AccountId, str, str] | None:
    """Account, Message-ID and envelope id of the sent message a report speaks of, by whichever of
    our accounts it went out; None where it is none of ours. account_id: where the report came in.
    """
    keys = (("envelope_id", report.envelope_id), ("message_id", clean(report.message_id)))
    for column, value in keys:
        # A report may be here before it is written down that the message went out.
        for table in ("delivery", "outbox") if value else ():
            rows = source.query(
                f"SELECT account_id, message_id, envelope_id FROM {table} WHERE {column} = ?"
                f" AND {column} <> '' ORDER BY id DESC LIMIT 1",
                (value,),
            )
            if rows:
                return AccountId(rows[0][0]), rows[0][1], rows[0][2]
    # Sent by another program of ours, or before there was a ledger.
    rows = source.query(
        "SELECT f.account_id FROM message m JOIN folder f ON f.id = m.folder_id"
        " WHERE m.message_id = ? AND m.message_id <> '' AND f.role = ?"
        " ORDER BY f.account_id <> ? LIMIT 1",
        (clean(report.message_id), Role.SENT.value, account_id),
    )
    return (AccountId(rows[0][0]), report.message_id, "") if rows else None


def _line(fate: Fate, recipient: str, reporter: str, source: MessageId, time: float) -> Delivery:
    who = f"A report from {reporter} says" if reporter else "A report says"
    if fate.read:
        said = f"{who} that it was opened."
    else:
        what = sentence(fate.status, fate.said)
        said = f"{who}: {what}" if what else f"{who} that it was {fate.action.value}."
    return Delivery(time, recipient, _KINDS[fate.action], fate.status, said, source)


def _automatic(writer: str, subject: str) -> bool:
    return writer.casefold().startswith(_AUTOMATIC) or subject.casefold().startswith(_AUTO_SUBJECTS)
