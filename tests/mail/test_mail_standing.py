"""How a sent message stands: what is known, against what anybody can say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.mail.message import MessageId
from martlet.mail.outgoing import Delivery, DeliveryKind
from martlet.mail.standing import standing

K = DeliveryKind
ANNA = "anna@example.org"


def line(kind: DeliveryKind, source: int = 0, recipient: str = ANNA) -> Delivery:
    return Delivery(1.0, recipient, kind, source=MessageId(source))


@pytest.mark.parametrize("kind", [K.DELIVERED, K.RELAYED, K.ANSWERED, K.DELAYED])
def test_what_our_server_refused_no_report_makes_good(kind: DeliveryKind) -> None:
    now = standing([line(K.REFUSED), line(kind, 7, ANNA.upper())])
    assert now[ANNA].kind is K.REFUSED


def test_our_server_may_take_it_after_all() -> None:
    now = standing([line(K.REFUSED), line(K.ACCEPTED), line(K.DELIVERED, 7)])
    assert now[ANNA].kind is K.DELIVERED


def test_what_is_put_off_is_settled_by_a_report() -> None:
    assert standing([line(K.DELAYED, 6), line(K.DELIVERED, 7)])[ANNA].kind is K.DELIVERED
    assert standing([line(K.REFUSED), line(K.FAILED, 7)])[ANNA].kind is K.FAILED


@given(
    st.lists(st.builds(line, st.sampled_from(K), st.integers(0, 2), st.sampled_from(["", ANNA])))
)
def test_each_is_told_of_and_by_a_line_of_the_ledger(ledger: list[Delivery]) -> None:
    now = standing(ledger)
    assert bool(now) == bool(ledger)
    assert all(one in ledger for one in now.values())
