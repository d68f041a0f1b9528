"""A line to an engine that answers only when a test wants it to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from martlet.link.messages import Render, Request
from martlet.mail.changes import Change
from martlet.mail.errors import MailError
from martlet.mail.message import Envelope
from martlet.mail.rendered import Rendered

R = TypeVar("R")


class Slow:
    """What is asked waits in order."""

    def __init__(self) -> None:
        self.on_change: Callable[[Change], None] | None = None
        self.on_lost: Callable[[], None] | None = None
        self.asked: list[tuple[Request[Any], Callable[[Any], None]]] = []

    def submit(self, request: Request[R], done: Callable[[R | MailError], None]) -> None:
        self.asked.append((request, done))

    def close(self) -> None:
        pass

    def answer(self, html: str | None = None, **more: Any) -> None:
        """To the first, which is a Render."""
        request, done = self.asked.pop(0)
        assert isinstance(request, Render)
        rendered = Rendered(request.message_id, Envelope(), html, "text", view=request.view)
        done(replace(rendered, **more))

    def say(self, answer: object) -> None:
        """This to the last."""
        self.asked.pop()[1](answer)
