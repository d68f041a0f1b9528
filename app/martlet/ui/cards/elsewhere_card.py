"""A body that is not in the message: where it is, and a way there that only the person takes."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QUrl, Signal
from PySide6.QtGui import QGuiApplication

from martlet.mail.cards import Elsewhere
from martlet.ui import dates
from martlet.ui.cards.card import Card
from martlet.ui.shown_text import cut

_LONGEST = 300


class ElsewhereCard(Card):
    """link_clicked: it is to be opened, in the browser or as a letter to a mail server."""

    link_clicked = Signal(QUrl)
    said = Signal(str)

    def __init__(self, body: Elsewhere) -> None:
        super().__init__("link", _heading(body))
        size = dates.size(body.size) if body.size is not None else ""
        facts = ", ".join(part for part in (body.content_type, size) if part)
        if facts:
            self.say(facts, "third")
        self.say(self.tr("It lies here: {where}").format(where=cut(body.where, _LONGEST)))
        if body.expires:
            self.say(self.tr("Until {date}").format(date=cut(body.expires, 60)))
        self.say(self.tr("Martlet does not fetch it by itself."), "third", 12)
        url = QUrl(body.url, QUrl.ParsingMode.StrictMode) if body.url else QUrl()
        if url.isValid() and url.scheme() in ("http", "https", "mailto"):
            words = (
                self.tr("Ask for it by mail…")
                if url.scheme() == "mailto"
                else self.tr("Open in browser…")
            )
            self.offer(words, "open").clicked.connect(lambda: self.link_clicked.emit(url))
        if body.url:
            copy = self.offer(self.tr("Copy its address"))
            copy.clicked.connect(lambda: self._copy(body.url))

    def _copy(self, url: str) -> None:
        QGuiApplication.clipboard().setText(url)
        self.said.emit(self.tr("Copied {what}").format(what=cut(url, 60)))


def _heading(body: Elsewhere) -> str:
    words = QCoreApplication.translate("elsewhere", "Not in this message: {name}")
    return words.format(name=body.name or body.content_type or body.access)
