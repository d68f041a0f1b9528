"""Pictures on the internet that were pasted and not fetched: of these only the words are sent."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.mail.account import AccountId
from martlet.mail.message import Address
from martlet.mail.outgoing import Draft, DraftId
from martlet.mime.body import body
from martlet.mime.parse import parse
from martlet.mime.writing.compose import build
from martlet.mime.writing.draft_form import draft_pieces
from martlet.mime.writing.unfetched import without_unfetched
from martlet.ui.compose.markup.lines import Line, Run
from martlet.ui.compose.markup.write_html import write_html

ME = Address("", "me@example.org")
URL = "https://pics.example/?me=42&x=<y>"
WRITTEN = write_html([Line((Run("see "), Run('a "map" <1>', remote=URL, width=80), Run(" it")))])
LETTER = replace(Draft(DraftId(0), AccountId(1)), to=(ME,), html=WRITTEN)


def test_nothing_of_their_address_goes_out() -> None:
    raw = build(LETTER, ME, "<1@example.org>", 1e9, lambda _part: b"", False)
    assert b"pics.example" not in raw
    assert b"data-src" not in raw
    read = body(parse(raw))
    assert read.text.strip() == 'see a "map" <1> it'
    assert "<img" not in (read.html or "")


def test_a_draft_remembers_them() -> None:
    raw = b"".join(draft_pieces(LETTER, ME, "<1@example.org>", lambda _part: io.BytesIO()))
    assert b"pics.example" in raw


@pytest.mark.parametrize(
    ("markup", "kept"),
    [
        ("<img alt='the cat' data-src=//x.example/a.png>", "the cat"),
        ("<IMG DATA-SRC='http://x.example/a'>", ""),
        ('<img src="cid:a@b" data-src="http://x.example/a" alt="x">',
         '<img src="cid:a@b" alt="x">'),
        ('<img src="cid:a@b" alt="data-src">', '<img src="cid:a@b" alt="data-src">'),
        ("<p>data-src=1</p>", "<p>data-src=1</p>"),
    ],
)  # fmt: skip
def test_however_it_is_written(markup: str, kept: str) -> None:
    assert without_unfetched(markup) == kept


@given(st.text(alphabet="<>img dat-src=\"'/x", max_size=200))
def test_any_markup_is_taken(markup: str) -> None:
    without_unfetched(markup)
