"""Mail that is too long to be shown whole: its beginning, and one sentence that says so."""

from __future__ import annotations

from martlet.mail.message import MessageId
from martlet.mime.render import render

_HEAD = b"Content-Type: text/html; charset=utf-8\r\n\r\n"
_CUT = "The text is too long; only its beginning is shown."


def test_only_the_beginning_of_very_long_markup_is_shown_and_that_is_said() -> None:
    shown = render(MessageId(1), _HEAD + b"<p>first</p>" + b"<b>x</b>" * 150_000 + b"<p>last</p>")
    assert shown.html is not None
    assert "first" in shown.html
    assert "last" not in shown.html
    assert (shown.notes, shown.problems) == ((_CUT,), ())


def test_what_is_shown_whole_has_no_problem() -> None:
    shown = render(MessageId(1), _HEAD + b"<p>first</p>" + b"<b>x</b>" * 1000 + b"<p>last</p>")
    assert "last" in (shown.html or "")
    assert shown.notes == shown.problems == ()


def test_length_is_no_fault_and_is_said_once() -> None:
    words = b"some words in a line\r\n" * 450_000
    plain = render(MessageId(1), b"Subject: s\r\n\r\n" + words)
    assert (plain.notes, plain.problems) == ((_CUT,), ())
    rich = render(MessageId(1), _HEAD + b"<p>" + words + words)
    assert (rich.notes, rich.problems) == ((_CUT,), ())
    assert "some words" in rich.text
