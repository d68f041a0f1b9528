"""Messages made ready before they are wanted: those beside the one that is read, and just read.

One at a time and only when nothing else is asked for; a few, of bounded size, in memory alone. What
has changed since is forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from martlet.link.messages import Render
from martlet.mail.errors import MailError
from martlet.mail.message import MessageId
from martlet.mail.reading import View
from martlet.mail.rendered import Rendered
from martlet.ui.link import EngineLink

MOST = 8
MOST_CHARS = 4_000_000
_Key = tuple[MessageId, View]


class Ahead(QObject):
    """html_near: one that was made ready is HTML, and may be opened next."""

    html_near = Signal()

    def __init__(self, link: EngineLink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._link = link
        self._known: dict[_Key, Rendered] = {}
        self._wanted: list[_Key] = []
        # A request of its own each time: the same message may be expected again meanwhile.
        self._asked: Render | None = None

    def take(self, message: MessageId, view: View) -> Rendered | None:
        """That message, if it is ready; it becomes the one used last."""
        found = self._known.pop((message, view), None)
        if found is not None:
            self._known[message, view] = found
        return found

    def keep(self, rendered: Rendered) -> None:
        """One that was shown, for when it is gone back to."""
        if not rendered.complete or _chars(rendered) > MOST_CHARS // 2:
            return
        key = rendered.message_id, rendered.view
        self._known.pop(key, None)
        self._known[key] = rendered
        while len(self._known) > MOST or sum(map(_chars, self._known.values())) > MOST_CHARS:
            del self._known[next(iter(self._known))]

    def expect(self, messages: Iterable[_Key]) -> None:
        """These may be wanted next, the likeliest first; instead of what was expected before."""
        self._wanted = [key for key in messages if key not in self._known]
        self._ask()

    def forget(self, messages: Iterable[MessageId] | None = None) -> None:
        """These have changed; None: all may have."""
        gone = None if messages is None else set(messages)
        self._known = {
            key: each
            for key, each in self._known.items()
            if gone is not None and key[0] not in gone
        }
        if self._asked is not None and (gone is None or self._asked.message_id in gone):
            self._asked = None  # its answer may be of before

    def _ask(self) -> None:
        if self._asked is not None or not self._wanted:
            return
        message, view = self._wanted.pop(0)
        asked = self._asked = Render(message, view=view)

        def done(rendered: Rendered) -> None:
            if self._asked is asked:
                self._asked = None
                self.keep(rendered)
                if rendered.html is not None:
                    self.html_near.emit()
            self._ask()

        def failed(_error: MailError) -> None:
            # It is told when it is opened.
            if self._asked is asked:
                self._asked = None
            self._ask()

        self._link.ask(asked, done, failed, self)


def _chars(rendered: Rendered) -> int:
    return len(rendered.text) + len(rendered.html or "") + 2000
