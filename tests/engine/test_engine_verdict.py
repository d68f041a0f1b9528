"""What follows from one try to send: states, who is still to be served, what the ledger says."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.engine import verdict
from martlet.engine.verdict import TRIED_FOR_S, Try, Verdict
from martlet.mail.account import AccountId
from martlet.mail.errors import AuthFailed, Offline
from martlet.mail.outgoing import (
    Delivery,
    DeliveryKind,
    OutboxEntry,
    OutboxId,
    OutboxState,
    RecipientResult,
)
from martlet.net.smtp import Deferred, DeliveryUnknown, SendRefused

NOW, LATER = 1000.0, 1060.0
QUEUED, SENT, FAILED = OutboxState.QUEUED, OutboxState.SENT, OutboxState.FAILED
WHO = ("ann@x.example", "bob@x.example", "cat@x.example")


def letter(*recipients: str, results: tuple[RecipientResult, ...] = ()) -> OutboxEntry:
    return OutboxEntry(
        OutboxId(1), AccountId(1), "<m@x>", "Hi", "ada@x.example", recipients or WHO,
        OutboxState.SENDING, 100, 900.0, attempts=1, results=results,
    )  # fmt: skip


def trying(*recipients: str, since: float | None = None) -> Try:
    return Try(letter(*recipients), NOW, LATER, since)


def results(*codes: int) -> tuple[RecipientResult, ...]:
    words = {250: "2.1.5 Ok", 450: "450 4.2.0 Greylisted", 550: "550 5.1.1 No such user"}
    return tuple(
        RecipientResult(who, code, words[code]) for who, code in zip(WHO, codes, strict=False)
    )


def kinds(found: Verdict) -> list[tuple[str, DeliveryKind, str]]:
    return [(line.recipient, line.kind, line.status) for line in found.lines]


def test_taken_for_all() -> None:
    found = verdict.taken(trying(), results(250, 250, 250), "250 queued as 1")
    assert (found.state, found.problem, found.refused) == (SENT, "", ())
    assert kinds(found) == [(who, DeliveryKind.ACCEPTED, "2.1.5") for who in WHO]


def test_refused_for_one_is_sent_and_told() -> None:
    found = verdict.taken(trying(), results(250, 550, 250), "250 queued")
    assert found.state is SENT
    assert found.problem == "The server did not accept it for: bob@x.example."
    assert [one.address for one in found.refused] == ["bob@x.example"]
    assert found.lines[1] == Delivery(
        NOW, "bob@x.example", DeliveryKind.REFUSED, "5.1.1",
        "There is no such address. The server said: “550 5.1.1 No such user”.",
    )  # fmt: skip


def test_put_off_for_one_waits_for_that_one() -> None:
    found = verdict.taken(trying(), results(250, 450, 250), "250 queued")
    assert (found.state, found.recipients, found.not_before) == (QUEUED, ("bob@x.example",), LATER)
    assert "bob@x.example" in found.problem
    # The next try serves him: all have it.
    again = Try(
        replace(trying().letter, recipients=found.recipients, results=found.results), NOW, LATER
    )
    done = verdict.taken(again, (RecipientResult("bob@x.example", 250, "ok"),), "250 queued")
    assert (done.state, done.problem) == (SENT, "")
    assert [one.address for one in done.results] == list(WHO)


def test_refused_in_the_end_it_is_still_sent_to_the_others() -> None:
    first = verdict.taken(trying(), results(250, 450, 250), "250 queued")
    again = Try(
        replace(trying().letter, recipients=first.recipients, results=first.results), NOW, LATER
    )
    error = SendRefused("The server refused bob@x.example: no.", "550 5.1.1 no", ())
    found = verdict.refused(again, error, error.results)
    assert found.state is SENT
    assert found.problem == "The server did not accept it for: bob@x.example."


def test_good_recipients_of_a_refused_message_have_not_got_it() -> None:
    error = SendRefused("The server did not take the message: spam.", "554 5.7.1 spam")
    found = verdict.refused(trying(), error, results(250, 550, 250))
    assert found.state is FAILED
    assert found.recipients == WHO
    assert [one.code for one in found.results] == [554, 550, 554]
    assert {line.kind for line in found.lines} == {DeliveryKind.REFUSED}
    assert [line.status for line in found.lines] == ["5.7.1", "5.1.1", "5.7.1"]


def test_a_refusal_of_our_own_has_no_code() -> None:
    error = SendRefused("The server takes 25 MB, this is 31 MB.")
    found = verdict.refused(trying(WHO[0]), error, ())
    assert (found.state, found.problem) == (FAILED, error.summary)
    assert found.lines == (Delivery(NOW, WHO[0], DeliveryKind.REFUSED, "", error.summary),)


def test_put_off_for_all() -> None:
    error = Deferred("The server does not take it now.", "451 4.3.2 later")
    found = verdict.put_off(trying(), error, results(250, 550, 250))
    assert (found.state, found.not_before) == (QUEUED, LATER)
    assert found.recipients == (WHO[0], WHO[2])
    assert [line.kind for line in found.lines] == [
        DeliveryKind.DEFERRED, DeliveryKind.REFUSED, DeliveryKind.DEFERRED,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("since", "state"), [(NOW - TRIED_FOR_S + 1, QUEUED), (NOW - TRIED_FOR_S, FAILED)]
)
def test_put_off_for_a_day_has_failed(since: float, state: OutboxState) -> None:
    error = Deferred("The server is busy.", "450 4.2.0 Greylisted")
    found = verdict.put_off(trying(since=since), error, ())
    assert found.state is state
    if state is FAILED:
        assert found.problem == "It could not be sent within 24 hours. The server is busy."
        assert {line.kind for line in found.lines} == {DeliveryKind.REFUSED}


def test_put_off_for_a_day_for_one_is_sent_to_the_others() -> None:
    old = trying(since=NOW - TRIED_FOR_S)
    found = verdict.taken(old, results(250, 450, 250), "250 ok")
    assert found.state is SENT
    assert [one.address for one in found.refused] == ["bob@x.example"]
    assert found.lines[1].said.startswith("It could not be sent within 24 hours.")


def test_a_server_that_is_not_there_is_waited_for() -> None:
    old = trying(since=NOW - 10 * TRIED_FOR_S)
    found = verdict.not_reached(old, Offline("The server does not answer.", "timeout"))
    assert (found.state, found.not_before, found.lines) == (QUEUED, LATER, ())
    assert found.recipients == WHO


def test_no_answer_after_the_dot() -> None:
    found = verdict.unknown(trying(), DeliveryUnknown("Nobody knows.", "reset"))
    assert (found.state, found.not_before, found.recipients) == (OutboxState.UNKNOWN, 0.0, WHO)
    assert kinds(found) == [("", DeliveryKind.UNKNOWN, "")]


@pytest.mark.parametrize("fails", [True, False])
def test_a_password_that_is_refused(fails: bool) -> None:
    found = verdict.unfit(trying(), AuthFailed("No.", "535"), fails=fails)
    assert (found.state, found.not_before) == (FAILED if fails else QUEUED, 0.0)


CODES = st.sampled_from([250, 251, 450, 452, 550, 554])
SINCE = st.sampled_from([None, NOW - 60, NOW - TRIED_FOR_S - 1])


@given(data=st.data())
def test_nobody_gets_it_twice_and_nobody_is_forgotten(data: st.DataObject) -> None:
    """Many tries against a server of any mood: each recipient ends in one place."""
    has_it: set[str] = set()
    entry = letter()
    for _ in range(8):
        codes = data.draw(st.tuples(*[CODES for _ in entry.recipients]))
        said = tuple(
            RecipientResult(who, code, f"{code} word")
            for who, code in zip(entry.recipients, codes, strict=True)
        )
        one = Try(entry, NOW, LATER, data.draw(SINCE))
        good = [r for r in said if r.code < 300]
        end = data.draw(st.sampled_from(["taken", "put off", "refused", "offline", "unknown"]))
        assert not has_it & set(entry.recipients)
        if end == "taken" and good:
            has_it |= {r.address for r in good}
            found = verdict.taken(one, said, "250 ok")
        elif end == "put off":
            found = verdict.put_off(one, Deferred("Later.", "451 later"), said)
        elif end == "refused":
            found = verdict.refused(one, SendRefused("Never.", "554 never"), said)
        elif end == "unknown":
            found = verdict.unknown(one, DeliveryUnknown("?"))
        else:
            found = verdict.not_reached(one, Offline("Not there."))
        known = {r.address: r.code for r in found.results}
        assert has_it == {who for who, code in known.items() if 200 <= code < 300}
        if found.state is QUEUED:
            assert found.recipients
            assert found.not_before == LATER
            assert not has_it & set(found.recipients)
            left_out = set(WHO) - has_it - set(found.recipients)
            assert all(known[who] >= 400 for who in left_out)
            entry = replace(entry, recipients=found.recipients, results=found.results)
            continue
        if found.state is SENT:
            assert has_it
            assert all(who in found.problem for who in set(WHO) - has_it)
        if found.state is FAILED:
            assert not has_it
            assert found.problem
        break
