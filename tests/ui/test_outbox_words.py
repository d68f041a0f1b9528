"""What is said of letters in the outbox."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.mail.account import AccountId
from martlet.mail.changes import Progress, Unit
from martlet.mail.outgoing import OutboxEntry, OutboxId, OutboxState, RecipientResult, SendOptions
from martlet.ui.outbox import words as outbox_words

ENTRY = OutboxEntry(
    OutboxId(1), AccountId(1), "<1@x>", "周末", "tom@example.org", ("anna@example.org",),
    OutboxState.QUEUED, 100, 990.0,
)  # fmt: skip


def result(code: int, said: str) -> RecipientResult:
    return RecipientResult("bob@example.org", code, said)


@pytest.mark.parametrize(
    ("given_result", "words", "good", "quoted"),
    [
        (result(250, "2.1.5 Ok"), "accepted", True, ""),
        (result(0, ""), "not asked yet", None, ""),
        (
            result(550, "5.1.1 <bob@example.org>: no such user"),
            "refused: there is no such address",
            False,
            "550 5.1.1 <bob@example.org>: no such user",
        ),
        (result(452, "4.2.2 Full"), "not now: the mailbox is full", None, "452 4.2.2 Full"),
        (result(554, "Go away"), "refused", False, "554 Go away"),
        (result(550, "550 5.2.2 Full"), "refused: the mailbox is full", False, "550 5.2.2 Full"),
    ],
)
def test_a_recipients_answer(
    given_result: RecipientResult, words: str, good: bool | None, quoted: str
) -> None:
    told = outbox_words.answer(given_result)
    assert (told.words, told.good, told.quoted) == (words, good, quoted)


def test_what_to_do_depends_on_why_it_failed() -> None:
    failed = replace(ENTRY, state=OutboxState.FAILED, problem="Refused.")
    big = replace(failed, results=(result(552, "5.3.4 Too big"),))
    assert "smaller" in outbox_words.advice(big)
    wrong = replace(failed, results=(result(550, "5.1.1 Unknown"),))
    assert "address is right" in outbox_words.advice(wrong)
    some = replace(failed, results=(*wrong.results, result(250, "Ok")))
    assert outbox_words.advice(some) == "1 of 2 recipients have it. Edit it for the others."
    assert "not tried any more" in outbox_words.advice(failed)


def test_tries_are_counted() -> None:
    assert outbox_words.advice(ENTRY) == ""
    once = replace(ENTRY, attempts=1, results=(result(450, "later"),))
    assert outbox_words.advice(once).startswith("Tried once so far.")
    # A day is what a server has that answers; not to be there at all is no answer.
    answered = replace(ENTRY, attempts=4, results=(result(450, "later"),))
    assert outbox_words.advice(answered).endswith("It is tried for 24 hours by itself.")


def test_what_is_asked_of_servers_is_told() -> None:
    assert outbox_words.options(SendOptions()) == []
    assert len(outbox_words.options(SendOptions(dsn=True, require_tls=True))) == 2


def test_a_span_of_time() -> None:
    assert [outbox_words.span(s) for s in (0, 8, 300, 7200)] == ["1 s", "8 s", "5 min", "2 h"]


def test_people_and_uploads() -> None:
    assert outbox_words.people(["a", "b", "c", "d", "e"]) == "a, b, c and 2 more"
    going = Progress(AccountId(1), "周末", 3_000_000, 12_000_000, Unit.BYTES, 20.0)
    told = outbox_words.uploaded(going)
    assert "of 12" in told
    assert told.endswith("about 20 seconds left")


@given(st.sampled_from(OutboxState), st.integers(0, 9), st.floats(-1e6, 1e6), st.text(max_size=20))
def test_every_state_has_words(
    state: OutboxState, attempts: int, left_s: float, problem: str
) -> None:
    entry = replace(ENTRY, state=state, attempts=attempts, not_before=1e9 + left_s, problem=problem)
    assert outbox_words.state(entry, 1e9)


@given(st.integers(0, 999), st.text(max_size=60))
def test_every_answer_has_words(code: int, said: str) -> None:
    assert outbox_words.answer(result(code, said)).words
