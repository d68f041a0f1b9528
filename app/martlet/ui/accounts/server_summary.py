"""The servers of an account to be read: which one for what, how private, who signs in."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from martlet.mail.server import Server
from martlet.ui.accounts.parts import Card, note
from martlet.ui.accounts.words import server_words


class ServerSummary(Card):
    """Two rows of a server each."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(3)
        self._grid.setColumnStretch(1, 1)
        self.column.addLayout(self._grid)
        self._rows: list[tuple[QLabel, QLabel]] = []
        for at, words in enumerate((self.tr("Receiving"), self.tr("Sending"))):
            label = QLabel(words, self)
            label.setProperty("tone", "third")
            where, who = note(self, "", ""), note(self)
            where.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._grid.addWidget(label, 2 * at, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(where, 2 * at, 1)
            self._grid.addWidget(who, 2 * at + 1, 1)
            self._rows.append((where, who))

    @property
    def texts(self) -> list[str]:
        """What is said of each server."""
        return [where.text() for where, _who in self._rows]

    def show_servers(self, incoming: Server | None, outgoing: Server | None) -> None:
        missing = (self.tr("none: mail is only sent"), self.tr("none: mail is only received"))
        for (where, who), server, none in zip(
            self._rows, (incoming, outgoing), missing, strict=True
        ):
            if server is None:
                where.setText(none)
                who.hide()
                continue
            words = server_words(server.host, server.port, server.security)
            where.setText(f"{server.protocol.name} · {words}")
            who.setText(self.tr("as {user}").format(user=server.user))
            who.show()
