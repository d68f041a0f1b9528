"""What the commands do with the one message that is chosen: how it is looked at, and its inside."""

from __future__ import annotations

from dataclasses import replace

from martlet.mail.message import Address, MessageRow
from martlet.mail.reading import View
from martlet.mail.rendered import Rendered
from martlet.ui.address_menu import pop_up
from martlet.ui.charset_menu import charset_menu
from martlet.ui.tending import Tending


class Seeing(Tending):
    """The part of the verbs of one main window that is about reading."""

    def message_window(self) -> None:
        if row := self._one():
            self._w.windows.message(row.id, View(part=self._part()))

    def save_message(self) -> None:
        if row := self._one():
            self._w.inside.save(row.id, self._subject(row), self._part())

    def source(self) -> None:
        if row := self._one():
            self._w.inside.source(row.id, self._subject(row), self._part())

    def headers(self) -> None:
        if row := self._one():
            self._w.inside.headers(row.id, self._subject(row), self._rendered(row))

    def structure(self) -> None:
        if row := self._one():
            self._w.inside.structure(row.id, self._subject(row), self._part())

    def check_sender(self) -> None:
        """Has the signature checked; what is known of the sender unfolds."""
        if self._one() is not None:
            self._w.panes.open()
            self._w.pane.top.check_sender()

    def charset(self) -> None:
        """Offers other encodings for the text of the message."""
        shown = self._w.pane.rendered
        if shown is not None:
            pane = self._w.pane
            menu = charset_menu(
                self._w,
                pane.way.view.charset,
                shown.charset,
                lambda name: pane.set_view(replace(pane.way.view, charset=name)),
            )
            pop_up(menu, pane)

    def write_to(self, person: Address) -> None:
        """An empty letter to somebody."""
        self._w.windows.write_to(person, self._w.current_account())

    def search_from(self, person: Address) -> None:
        """All mail from somebody."""
        address = person.address.replace('"', "")
        self._w.activateWindow()
        self._w.search.setText(f'from:"{address}"')
        self._w.looking.enter(self._w.search.text())

    def _one(self) -> MessageRow | None:
        rows = self._w.list.selected_rows()
        return rows[0] if len(rows) == 1 else None

    def _rendered(self, row: MessageRow) -> Rendered | None:
        """What is on screen, if it is this message."""
        shown = self._w.pane.rendered
        return shown if shown is not None and shown.message_id == row.id else None

    def _subject(self, row: MessageRow) -> str:
        shown = self._rendered(row)
        return shown.envelope.subject if shown is not None else row.subject

    def _part(self) -> str:
        """The section of the attached message that is looked at in the pane, "" for none."""
        return self._w.pane.way.view.part
