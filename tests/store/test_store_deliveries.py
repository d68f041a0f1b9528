"""The ledger of sent messages: what is noted, what reports and answers add, what a list shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from martlet.mail.account import AccountId
from martlet.mail.changes import DeliveryChanged
from martlet.mail.folder import FolderId, Role
from martlet.mail.message import Address, Content, Envelope, MessageId
from martlet.mail.outgoing import (
    Delivery,
    DeliveryKind,
    DraftKind,
    OutboxId,
    OutboxState,
    SendOptions,
)
from martlet.mail.report import Action, Fate, Report
from martlet.store import accounts, deliveries, folders, mailbox, outbox
from martlet.store.deliveries import worst
from martlet.store.reader import Reader
from martlet.store.told import MOST_TOLD
from support.stores import Store

SENT_ID = "<letter@example.org>"
BRUNO = "bruno@far.example"
DATE = 1_760_000_000.0

ACCEPTED, DEFERRED, DELAYED = DeliveryKind.ACCEPTED, DeliveryKind.DEFERRED, DeliveryKind.DELAYED
FAILED, FILED, REFUSED = DeliveryKind.FAILED, DeliveryKind.FILED, DeliveryKind.REFUSED
UNKNOWN, ANSWERED = DeliveryKind.UNKNOWN, DeliveryKind.ANSWERED
DELIVERED = DeliveryKind.DELIVERED


def note(store: Store, *lines: Delivery, envelope_id: str = "env1") -> None:
    with store.db.write() as tx:
        deliveries.note(tx, store.home, SENT_ID, envelope_id, lines)


def report(
    action: Action = Action.FAILED,
    *,
    message_id: str = SENT_ID,
    envelope_id: str = "",
    recipient: str = BRUNO,
) -> Report:
    fate = Fate(recipient, action, "5.2.2", "552 5.2.2 over quota")
    return Report(message_id, envelope_id, (fate,), "mx.far.example")


def arrive(
    store: Store,
    told: Report | None = None,
    *,
    folder: FolderId | None = None,
    sender: str = BRUNO,
    answers: str = "",
    subject: str = "Re: Hello",
    date: float = DATE,
) -> MessageId:
    head = Envelope(subject, Address("", sender), date=date, in_reply_to=answers)
    content = Content(report=told) if told else None
    with store.db.write() as tx:
        return mailbox.add(
            tx, folder or store.inbox, 0, head, flags=frozenset(), size=9, received=date,
            content=content,
        )  # fmt: skip


def kinds(store: Store) -> list[tuple[str, DeliveryKind]]:
    return [(one.recipient, one.kind) for one in deliveries.of_message(store.db, SENT_ID)]


def test_lines_are_kept_and_told(store: Store) -> None:
    store.changes.clear()
    lines = [
        Delivery(1.0, BRUNO, ACCEPTED, "2.0.0"),
        Delivery(2.0, "", FILED, said="A copy was put into Sent."),
    ]
    note(store, *lines)
    assert store.changes == [DeliveryChanged(SENT_ID)]
    reader = Reader(store.root)
    assert reader.deliveries(SENT_ID) == lines
    assert reader.deliveries("<other@x>") == []
    reader.close()


def test_a_deferral_is_not_said_a_hundred_times(store: Store) -> None:
    for time in range(5):
        note(store, Delivery(float(time), BRUNO, DEFERRED, "4.2.1", "Greylisted."))
    note(store, Delivery(6.0, BRUNO, DEFERRED, "4.2.2", "Full."))
    note(store, Delivery(7.0, BRUNO, DEFERRED, "4.2.1", "Greylisted."))
    assert [one.time for one in deliveries.of_message(store.db, SENT_ID)] == [0.0, 6.0, 7.0]
    assert deliveries.first_deferred(store.db, "env1") == 0.0
    assert deliveries.first_deferred(store.db, "env2") is None
    assert deliveries.first_deferred(store.db, "") is None


def test_a_report_by_message_id(store: Store) -> None:
    note(store, Delivery(1.0, BRUNO, ACCEPTED))
    source = arrive(store, report(), sender="MAILER-DAEMON@far.example")
    line = deliveries.of_message(store.db, SENT_ID)[1]
    assert (line.kind, line.recipient, line.status, line.source, line.time) == (
        FAILED, BRUNO, "5.2.2", source, DATE,
    )  # fmt: skip
    assert line.said == (
        "A report from mx.far.example says: The mailbox is full."
        " The server said: “552 5.2.2 over quota”."
    )


def test_a_report_by_envelope_id_needs_no_message_id(store: Store) -> None:
    note(store, Delivery(1.0, BRUNO, ACCEPTED))
    arrive(store, report(message_id="", envelope_id="env1"))
    assert kinds(store) == [(BRUNO, ACCEPTED), (BRUNO, FAILED)]


def test_a_report_of_what_is_not_ours_marks_nothing(store: Store) -> None:
    note(store, Delivery(1.0, BRUNO, ACCEPTED))
    arrive(store, report(message_id="<theirs@x>", envelope_id="other"))
    arrive(store, report(message_id="", envelope_id=""))
    # In a folder that is not Sent, anybody may have put it.
    received = Envelope("x", message_id="<received@x>")
    with store.db.write() as tx:
        mailbox.add(
            tx, store.inbox, 0, received, flags=frozenset(), size=1, received=1.0, content=None
        )
    arrive(store, report(message_id="<received@x>"))
    assert store.db.query("SELECT COUNT(*) FROM delivery") == [(1,)]


def test_what_another_program_sent_is_known_by_sent(store: Store) -> None:
    with store.db.write() as tx:
        sent = folders.create(tx, store.home, "Sent", "/", Role.SENT)
        head = Envelope("x", message_id=SENT_ID)
        mailbox.add(tx, sent, 0, head, flags=frozenset(), size=1, received=1.0, content=None)
    arrive(store, report(), folder=store.local)
    assert kinds(store) == [(BRUNO, FAILED)]
    assert store.db.query("SELECT account_id FROM delivery") == [(store.home,)]


def test_the_report_may_be_faster_than_the_ledger(store: Store) -> None:
    with store.db.write() as tx:
        outbox.queue(
            tx, store.work, message_id=SENT_ID, subject="", sender="a@x", recipients=[BRUNO],
            blob="d" * 64, sent_blob="", size=1, not_before=0.0, draft=None, source=None,
            kind=DraftKind.NEW, envelope_id="env9",
        )  # fmt: skip
    arrive(store, report(message_id="", envelope_id="env9"))
    assert kinds(store) == [(BRUNO, FAILED)]
    assert store.db.query("SELECT account_id, envelope_id FROM delivery") == [(store.work, "env9")]


def test_addresses_that_are_only_mentioned_must_have_been_written_to(store: Store) -> None:
    note(store, Delivery(1.0, BRUNO, ACCEPTED))
    fates = (Fate("help@far.example", Action.FAILED), Fate("Bruno@far.example", Action.FAILED))
    arrive(store, Report(SENT_ID, "", fates, certain=False))
    assert kinds(store) == [(BRUNO, ACCEPTED), (BRUNO, FAILED)]


def test_the_same_report_again_is_not_news(store: Store) -> None:
    note(store, Delivery(1.0, BRUNO, ACCEPTED))
    arrive(store, report())
    moved = arrive(store, report(), folder=store.archive)
    assert kinds(store) == [(BRUNO, ACCEPTED), (BRUNO, FAILED)]
    assert deliveries.of_message(store.db, SENT_ID)[1].source == moved


def test_a_report_whose_body_comes_later(store: Store) -> None:
    note(store, Delivery(1.0, BRUNO, ACCEPTED))
    source = arrive(store, sender="MAILER-DAEMON@far.example")
    assert kinds(store) == [(BRUNO, ACCEPTED)]
    for _ in range(2):
        with store.db.write() as tx:
            mailbox.set_body(tx, source, Envelope(date=DATE), Content(report=report()), "f" * 64)
    assert kinds(store) == [(BRUNO, ACCEPTED), (BRUNO, FAILED)]


def test_it_was_opened(store: Store) -> None:
    note(store, Delivery(1.0, BRUNO, ACCEPTED))
    read = Report(SENT_ID, "", (Fate(BRUNO, Action.DELIVERED, read=True),), "Other Mail")
    arrive(store, read)
    line = deliveries.of_message(store.db, SENT_ID)[1]
    assert (line.kind, line.said) == (
        DELIVERED,
        "A report from Other Mail says that it was opened.",
    )


def test_an_answer_is_noted(store: Store) -> None:
    note(store, Delivery(1.0, BRUNO, ACCEPTED))
    store.changes.clear()
    source = arrive(store, answers=SENT_ID)
    again = arrive(store, answers=SENT_ID, folder=store.archive)
    line = deliveries.of_message(store.db, SENT_ID)[1]
    assert line == Delivery(DATE, BRUNO, ANSWERED, source=again)
    assert source != again
    assert len(kinds(store)) == 2
    arrive(store, answers=SENT_ID, date=DATE + 60)
    assert len(kinds(store)) == 3
    assert DeliveryChanged(SENT_ID) in store.changes


@pytest.mark.parametrize(
    ("sender", "subject"),
    [
        ("home@example.org", "Re: Hello"),
        ("Home+shop@Example.org", "Re: Hello"),
        ("work@example.org", "Re: Hello"),
        ("MAILER-DAEMON@far.example", "Undelivered"),
        (BRUNO, "Automatic reply: Hello"),
        ("", "Re: Hello"),
    ],
)
def test_what_is_no_answer(store: Store, sender: str, subject: str) -> None:
    note(store, Delivery(1.0, BRUNO, ACCEPTED))
    arrive(store, answers=SENT_ID, sender=sender, subject=subject)
    arrive(store, answers="<other@x>")
    assert kinds(store) == [(BRUNO, ACCEPTED)]


def test_my_own_letter_from_a_caught_name_is_no_answer(store: Store) -> None:
    note(store, Delivery(1.0, BRUNO, ACCEPTED))
    head = Envelope("Re: Hello", Address("", "shop@example.org"), message_id="<more@example.org>")
    with store.db.write() as tx:
        line = Delivery(2.0, BRUNO, ACCEPTED)
        deliveries.note(tx, store.home, head.message_id, "env2", [line])
        mailbox.add(
            tx, store.inbox, 0, replace(head, in_reply_to=SENT_ID), flags=frozenset(), size=9,
            received=DATE, content=None,
        )  # fmt: skip
    assert kinds(store) == [(BRUNO, ACCEPTED)]


def test_forged_reports_do_not_fill_the_disk(store: Store) -> None:
    note(store, Delivery(1.0, BRUNO, ACCEPTED))
    for number in range(7):
        many = (Fate(f"{number}.{at}@x.example", Action.FAILED) for at in range(1000))
        arrive(store, Report(SENT_ID, "", tuple(many), "mx"), date=DATE + number)
    assert len(kinds(store)) == 1 + MOST_TOLD


def lines(*said: tuple[str, DeliveryKind]) -> Sequence[Delivery]:
    return [Delivery(float(at), who, kind) for at, (who, kind) in enumerate(said)]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([(BRUNO, ACCEPTED)], ACCEPTED),
        ([(BRUNO, ACCEPTED), ("", FILED)], FILED),
        ([(BRUNO, DEFERRED), (BRUNO, ACCEPTED), ("", FILED)], FILED),
        ([(BRUNO, ACCEPTED), ("", FILED), (BRUNO, DELAYED)], DELAYED),
        ([(BRUNO, ACCEPTED), (BRUNO, DELAYED), (BRUNO, DELIVERED)], DELIVERED),
        ([(BRUNO, ACCEPTED), (BRUNO, FAILED), (BRUNO, DELIVERED)], FAILED),
        ([(BRUNO, ACCEPTED), ("c@x", FAILED), (BRUNO, ANSWERED)], FAILED),
        ([("", UNKNOWN)], UNKNOWN),
        ([("", UNKNOWN), ("", FILED)], FILED),
        ([("", UNKNOWN), (BRUNO, ACCEPTED)], ACCEPTED),
        ([(BRUNO, REFUSED), (BRUNO, ACCEPTED)], ACCEPTED),
        ([(BRUNO, REFUSED), ("c@x", ACCEPTED), ("", FILED)], REFUSED),
        ([(BRUNO, ACCEPTED), (BRUNO, ANSWERED), ("", FILED)], ANSWERED),
    ],
)
def test_the_worst_that_is_true_now(
    said: list[tuple[str, DeliveryKind]], expected: DeliveryKind
) -> None:
    assert worst(lines(*said)) is expected


def test_the_summary_of_a_list(store: Store) -> None:
    note(store, Delivery(1.0, BRUNO, ACCEPTED), Delivery(2.0, BRUNO, FAILED))
    with store.db.write() as tx:
        head = Envelope("x", message_id=SENT_ID)
        sent = mailbox.add(
            tx, store.archive, 0, head, flags=frozenset(), size=1, received=1.0, content=None
        )
    other = store.put(store.inbox)
    reader = Reader(store.root)
    assert reader.delivery_summary([sent, other]) == {sent: FAILED}
    assert reader.delivery_summary([]) == {}
    reader.close()


def test_the_ledger_outlives_the_outbox_but_not_the_account(store: Store) -> None:
    note(store, Delivery(1.0, BRUNO, ACCEPTED))
    made = outbox_entry(store)
    with store.db.write() as tx:
        outbox.remove(tx, made)
    assert len(kinds(store)) == 1
    with store.db.write() as tx:
        accounts.remove(tx, store.home)
    assert kinds(store) == []


def outbox_entry(store: Store) -> OutboxId:
    with store.db.write() as tx:
        return outbox.queue(
            tx, store.home, message_id=SENT_ID, subject="", sender="a@x", recipients=[BRUNO],
            blob="d" * 64, sent_blob="", size=1, not_before=0.0, draft=None, source=None,
            kind=DraftKind.NEW, identity=3, envelope_id="env1",
            options=SendOptions(dsn=True), answered="<q@x>",
        )  # fmt: skip


def test_an_entry_keeps_its_identity_and_options(store: Store) -> None:
    made = outbox_entry(store)
    entry = outbox.entry(store.db, made)
    assert entry is not None
    assert (entry.identity, entry.envelope_id) == (3, "env1")
    assert entry.options == SendOptions(dsn=True)


def test_what_was_cut_off_is_in_the_ledger(store: Store) -> None:
    made = outbox_entry(store)
    with store.db.write() as tx:
        outbox.set_state(tx, made, OutboxState.SENDING)
    with store.db.write() as tx:
        assert outbox.interrupted(tx) == 1
    assert kinds(store) == [("", UNKNOWN)]
    entry = outbox.entry(store.db, made)
    assert entry is not None
    assert entry.problem == outbox.CUT_OFF


def test_waiting_letters_can_be_hurried(store: Store) -> None:
    made = outbox_entry(store)
    with store.db.write() as tx:
        outbox.set_state(tx, made, OutboxState.QUEUED, not_before=500.0)
    assert outbox.due(store.db, store.home, 10.0, waiting=True) == []
    with store.db.write() as tx:
        outbox.hasten(tx, [made])
    assert outbox.next_due(store.db, store.home) == 500.0
    with store.db.write() as tx:
        outbox.set_state(tx, made, OutboxState.QUEUED, not_before=500.0, attempts=1)
    assert [one.id for one in outbox.due(store.db, store.home, 10.0, waiting=True)] == [made]
    with store.db.write() as tx:
        outbox.hasten(tx, [made])
    assert outbox.next_due(store.db, store.home) == 0.0
    assert outbox.due(store.db, AccountId(99), 10.0, waiting=True) == []


def test_who_received_it_in_another_account_is_told_nothing(store: Store) -> None:
    note(store, Delivery(DATE, BRUNO, ACCEPTED))
    head = Envelope("Hello", Address("", "ada@example.org"), date=DATE, message_id=SENT_ID)
    with store.db.write() as tx:
        inbox = folders.by_role(tx, store.work, Role.INBOX)
        assert inbox is not None
        copies = [
            mailbox.add(tx, place, 0, head, flags=frozenset(), size=9, received=DATE, content=None)
            for place in (store.archive, inbox.id)
        ]
    assert deliveries.summary(store.db, copies) == {copies[0]: ACCEPTED}
    assert len(deliveries.of_message(store.db, SENT_ID, store.home)) == 1
    assert deliveries.of_message(store.db, SENT_ID, store.work) == []
