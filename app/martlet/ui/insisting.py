"""What is asked of every engine until one has answered: that a letter is not to go.

An engine that ends takes what was asked of it along, and the next one sends what nobody takes
back. The asking belongs to the link: it outlives the window that wanted it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject
from shiboken6 import isValid

from martlet.mail.errors import MailError, Offline

if TYPE_CHECKING:
    from martlet.link.messages import Request
    from martlet.ui.link import EngineLink

R = TypeVar("R")


class Insisting(QObject):
    """One request that does no harm when it is heard twice. It is deleted once it is answered."""

    def __init__(self, link: EngineLink, ask: Callable[[], None]) -> None:
        super().__init__(link)
        self._ask = ask
        self._unheard = False
        link.restored.connect(self._again)

    def unheard(self) -> None:
        """The engine ended before it answered."""
        self._unheard = True

    def _again(self) -> None:
        if self._unheard:
            self._unheard = False
            self._ask()


def insist(
    link: EngineLink,
    request: Request[R],
    done: Callable[[R], None] | None = None,
    failed: Callable[[MailError], None] | None = None,
    owner: QObject | None = None,
) -> None:
    """As `link.ask`, but failed is not called for an engine that ended: the next one is asked.

    owner: once that is deleted nothing is called any more; it is asked all the same.
    """

    def ask() -> None:
        link.ask(request, answered, refused)

    def answered(result: R) -> None:
        asking.deleteLater()
        if done is not None and (owner is None or isValid(owner)):
            done(result)

    def refused(error: MailError) -> None:
        if isinstance(error, Offline):
            asking.unheard()
            return
        asking.deleteLater()
        if failed is not None and (owner is None or isValid(owner)):
            failed(error)

    asking = Insisting(link, ask)
    ask()
