"""The search language."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.store.query import (
    All,
    Any,
    Everything,
    In,
    Is,
    Node,
    Not,
    Since,
    State,
    Tag,
    Text,
    Where,
    parse,
)

A, B, C = Text("a"), Text("b"), Text("c")


@pytest.mark.parametrize(
    ("query", "node"),
    [
        ("", Everything()),
        ("  !!  ", Everything()),
        ("a", A),
        ("a*", Text("a", prefix=True)),
        ("a b", All((A, B))),
        ("a AND b", All((A, B))),
        ("a b OR c", Any((All((A, B)), C))),
        ("a (b OR c)", All((A, Any((B, C))))),
        ("-a", Not(A)),
        ("NOT a b", All((Not(A), B))),
        ("--a", Not(Text("-a"))),
        ("NOT -a", A),
        ("-(a b)", Not(All((A, B)))),
        ('"a b"', Text("a b")),
        ('-"a b"', Not(Text("a b"))),
        ('from:"Anna Berg"', Text("Anna Berg", Where.SENDER)),
        ("to:bob", Text("bob", Where.RECIPIENTS)),
        ("Subject:x", Text("x", Where.SUBJECT)),
        ("is:unread -is:starred", All((Is(State.UNREAD), Not(Is(State.STARRED))))),
        ("has:attachment", Is(State.ATTACHMENT)),
        ("is:nonsense", Text("is:nonsense")),
        ("tag:paid in:Archive", All((Tag("paid"), In("Archive")))),
        ("http://x", Text("http://x")),
        ("a)", A),
        ("((a", A),
        ("a OR", A),
        ("OR", Everything()),
        ("()", Everything()),
        ("before:x", Text("before:x")),
        ("after:2024-13", Text("after:2024-13")),
    ],
)  # fmt: skip
def test_what_is_understood(query: str, node: Node) -> None:
    assert parse(query) == node


def test_dates_are_whole_days_months_and_years() -> None:
    def at(*when: int) -> float:
        return datetime(when[0], when[1], when[2]).timestamp()

    assert parse("before:2024") == Not(Since(at(2024, 1, 1)))
    assert parse("since:2024-02") == Since(at(2024, 2, 1))
    assert parse("after:2024-12") == Since(at(2025, 1, 1))
    assert parse("on:2024-02-29") == All((Since(at(2024, 2, 29)), Not(Since(at(2024, 3, 1)))))


@given(st.text())
def test_nothing_is_an_error(query: str) -> None:
    parse(query)


@given(st.lists(st.sampled_from(["(", ")", "OR", "NOT", "-", '"', "a", "b*", "is:read", ":"])))
def test_no_order_of_words_is_an_error(words: list[str]) -> None:
    parse(" ".join(words))


def test_depth_is_bounded() -> None:
    parse("(" * 5000 + "a")
    parse("NOT " * 5000 + "a")
