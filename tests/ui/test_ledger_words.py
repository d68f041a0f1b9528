"""The ledger of a sent message in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet import assets
from martlet.mail.outgoing import Delivery, DeliveryKind
from martlet.ui import ledger_words

K = DeliveryKind
ANNA, BOB, CLEO = "anna@example.org", "bob@example.org", "cleo@example.org"


def line(kind: DeliveryKind, recipient: str = "", status: str = "", time: float = 1.0) -> Delivery:
    return Delivery(time, recipient, kind, status)


@pytest.mark.parametrize(
    ("ledger", "words", "bad"),
    [
        ([], "", False),
        ([line(K.ACCEPTED, ANNA), line(K.FILED)], "Sent", False),
        ([line(K.ACCEPTED, ANNA), line(K.ACCEPTED, BOB)], "Sent to 2", False),
        (
            [
                *(line(K.ACCEPTED, who) for who in (ANNA, BOB, CLEO)),
                line(K.DELIVERED, ANNA),
                line(K.DELIVERED, BOB),
                line(K.FAILED, CLEO, "5.2.2"),
            ],
            "Delivered to 2, failed for 1: the mailbox is full",
            True,
        ),
        ([line(K.ACCEPTED, ANNA), line(K.FAILED, ANNA.upper(), "5.1.1")],
         "Failed: there is no such address", True),
        ([line(K.DEFERRED, ANNA, "4.2.2"), line(K.ACCEPTED, ANNA)], "Sent", False),
        ([line(K.ACCEPTED, ANNA), line(K.DELAYED, ANNA, "4.4.1")],
         "Delayed: the recipient's server does not answer", False),
        ([line(K.DELAYED, ANNA), line(K.DELIVERED, ANNA)], "Delivered", False),
        ([line(K.REFUSED, ANNA, "5.1.1"), line(K.ACCEPTED, ANNA)], "Sent", False),
        ([line(K.ACCEPTED, ANNA), line(K.ANSWERED, ANNA)], "Answered", False),
        ([line(K.UNKNOWN)], "Nobody knows whether it was sent", True),
        ([line(K.FAILED, ANNA, "5.9.9"), line(K.FAILED, BOB)], "Failed for 2", True),
        ([line(K.FILED)], "", False),
        # Lost, then found in Sent, or said to be sent.
        ([line(K.UNKNOWN), line(K.FILED)], "Sent", False),
        ([line(K.UNKNOWN), line(K.ACCEPTED), line(K.FILED)], "Sent", False),
        # Some had it, for the others it was lost.
        ([line(K.ACCEPTED, ANNA), line(K.DEFERRED, BOB), line(K.UNKNOWN)],
         "Sent to 1, not taken yet for 1, not known for 1", True),
        ([line(K.UNKNOWN), line(K.ACCEPTED, ANNA), line(K.FILED)], "Sent", False),
    ],
)  # fmt: skip
def test_one_line_for_all(ledger: list[Delivery], words: str, bad: bool) -> None:
    told = ledger_words.summary(ledger)
    assert (told.words, told.bad) == (words, bad)
    assert assets.path(f"icons/{told.symbol}.svg").exists() if words else not told.symbol


def test_stories_are_by_recipient_and_what_holds_for_all_is_last() -> None:
    told = ledger_words.stories([line(K.FILED), line(K.ACCEPTED, ANNA), line(K.FAILED, ANNA)])
    assert [story.recipient for story in told] == [ANNA, ""]
    assert [event.kind for event in told[0].events] == [K.ACCEPTED, K.FAILED]
    assert told[0].now is not None
    assert told[0].now.kind is K.FAILED


lines = st.builds(
    line, st.sampled_from(K), st.sampled_from([ANNA, BOB, ""]), st.sampled_from(["", "5.2.2"])
)


@given(st.lists(lines))
def test_any_ledger_has_words(ledger: list[Delivery]) -> None:
    told = ledger_words.summary(ledger)
    assert bool(told.words) == any(each.kind is not K.FILED for each in ledger)
    assert sum(len(story.events) for story in ledger_words.stories(ledger)) == len(ledger)
    assert all(ledger_words.event(each) for each in ledger)
