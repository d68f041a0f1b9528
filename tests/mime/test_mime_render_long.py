"""Rich mail that is too long to be shown whole: its beginning, and a sentence that says so."""

from __future__ import annotations

from martlet.mail.message import MessageId
from martlet.mime.render import render

_HEAD = b"Content-Type: text/html; charset=utf-8\r\n\r\n"
_CUT = "The formatted text is too long; only its beginning is shown."


def test_only_the_beginning_of_very_long_markup_is_shown_and_that_is_said() -> None:
    shown = render(MessageId(1), _HEAD + b"<p>first</p>" + b"<b>x</b>" * 150_000 + b"<p>last</p>")
    assert shown.html is not None
    assert "first" in shown.html
    assert "last" not in shown.html
    assert _CUT in shown.problems


def test_what_is_shown_whole_has_no_problem() -> None:
    shown = render(MessageId(1), _HEAD + b"<p>first</p>" + b"<b>x</b>" * 1000 + b"<p>last</p>")
    assert "last" in (shown.html or "")
    assert shown.problems == ()
