"""What is asked of every engine until one has answered: that a letter is not to go.

An engine that ends takes what was asked of it along, and the next one sends what nobody takes
back. The asking belongs to the link: it outlives the window that wanted it. Written down in the
settings, it outlives the program, too, and is asked first of all at the next start.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject
from shiboken6 import isValid

from martlet.link.messages import CallBack, OutboxCancel
from martlet.mail.errors import MailError, Offline
from martlet.mail.outgoing import DraftId

if TYPE_CHECKING:
    from martlet.ui.link import EngineLink
    from martlet.ui.settings import Settings

Order = OutboxCancel | CallBack

_KEPT = "outbox.unheard"
_orders = msgspec.json.Decoder(list[Order])


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
    settings: Settings,
    order: Order,
    done: Callable[[DraftId], None] | None = None,
    failed: Callable[[MailError], None] | None = None,
    owner: QObject | None = None,
) -> None:
    """As `link.ask`, but failed is not called for an engine that ended: the next one is asked.

    settings: where it is written down. owner: once that is deleted it is asked all the same, and
    what is refused goes to `notice`, as it does when nobody claims it.
    """

    def ask() -> None:
        link.ask(order, answered, refused)

    def answered(draft_id: DraftId) -> None:
        over()
        if done is not None and (owner is None or isValid(owner)):
            done(draft_id)

    def refused(error: MailError) -> None:
        if isinstance(error, Offline):
            asking.unheard()
            return
        over()
        if failed is not None and (owner is None or isValid(owner)):
            failed(error)
        else:  # it goes all the same, which somebody must know
            link.notice.emit(error)

    def over() -> None:
        asking.deleteLater()
        _keep(settings, [one for one in unheard(settings) if one != order])

    kept = unheard(settings)
    if order not in kept:
        _keep(settings, [*kept, order])
    asking = Insisting(link, ask)
    ask()


def unheard(settings: Settings) -> list[Order]:
    """What nobody has answered yet: at start, what was left from before."""
    try:
        return _orders.decode(settings.text(_KEPT) or "[]")
    except msgspec.DecodeError:
        return []  # damaged, as other settings may be


def _keep(settings: Settings, orders: list[Order]) -> None:
    settings.put(**{_KEPT: msgspec.json.encode(orders).decode()})
