"""The body of a message: as text or as HTML, or a sentence instead; found in, enlarged, scrolled.

It shows what it is given, in the way it is told; what to show is its owner's choice. What the page
would have from the internet stands over it.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, QUrl, Signal
from PySide6.QtWidgets import QMenu, QStackedWidget, QVBoxLayout, QWidget

from martlet.mail.cards import NO_CARDS
from martlet.mail.rendered import Rendered
from martlet.ui.facts import Centred
from martlet.ui.find_bar import FindBar
from martlet.ui.link import EngineLink
from martlet.ui.picture_bar import PictureBar
from martlet.ui.text_view import TextView, selected
from martlet.ui.ways import USUAL, Way

if TYPE_CHECKING:
    from martlet.ui.html_view import HtmlView

_PATIENCE_MS = 400


class BodyView(QWidget):
    """`painted`: something of this Rendered is to be seen. `shown`: it is complete on screen, its
    pictures too. `menu_wanted`: a context menu that more may be added to. `zoomed`: the factor.
    """

    link_clicked = Signal(QUrl)
    link_hovered = Signal(str)
    painted = Signal(object)
    shown = Signal(object)
    menu_wanted = Signal(QMenu)
    zoomed = Signal(float)

    def __init__(self, link: EngineLink, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._link = link
        self._rendered: Rendered | None = None
        self._html: HtmlView | None = None
        self._zoom = 1.0
        self.pictures = PictureBar()
        self.finding = FindBar()
        self.finding.wanted.connect(self._find)
        self._text = TextView()
        self._text.link_clicked.connect(self.link_clicked)
        self._text.link_hovered.connect(self.link_hovered)
        self._text.zoom_wanted.connect(self.zoom)
        self._text.menu_wanted.connect(self.menu_wanted)
        self._sentence = Centred("")
        self._pages = QStackedWidget()
        self._pages.addWidget(self._text)
        self._pages.addWidget(self._sentence)
        self._slow = QTimer(self)
        self._slow.setSingleShot(True)
        self._slow.setInterval(_PATIENCE_MS)
        self._why_slow = ""
        self._slow.timeout.connect(lambda: self._instead(self._why_slow))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.pictures)
        column.addWidget(self.finding)
        column.addWidget(self._pages, 1)

    def wait(self, why: str = "") -> None:
        """Another message will be shown; should it take long, that is said, or this."""
        self._why_slow = why or self.tr("Fetching this message…")
        self.finding.leave()
        self._slow.start()

    def stop_waiting(self) -> None:
        self._slow.stop()

    def say(self, words: str) -> None:
        """A sentence in place of a body."""
        self._slow.stop()
        self._rendered = None
        self.pictures.hide()
        self._instead(words)

    def show_rendered(self, rendered: Rendered, way: Way = USUAL) -> None:
        """A complete message."""
        self._slow.stop()
        self._rendered = rendered
        as_html = rendered.html is not None and not way.plain
        self.pictures.show_rendered(rendered, as_html=as_html)
        if self.finding.isVisible():
            self.finding.leave()
        if as_html:
            self._html_view().show_message(rendered, original=way.original)
            self._pages.setCurrentWidget(self._html_view())
        else:
            self._forget_html()
            self._text.show_text(rendered.text)
            if rendered.text.strip() or rendered.cards != NO_CARDS:
                self._pages.setCurrentWidget(self._text)
            else:
                self._instead(self.tr("There is no text in this message."))
            self.painted.emit(rendered)
            self.shown.emit(rendered)

    def selected_text(self) -> str:
        """The words that are chosen in it, as lines."""
        if self._html is not None and self.is_html:
            return self._html.selected_text()
        if self._pages.currentWidget() is not self._text:
            return ""
        return selected(self._text.textCursor())

    def focus_widget(self) -> QWidget:
        """The widget that shows the body now, for the focus."""
        if self._pages.currentWidget() is self._sentence:
            return self._sentence
        return self._html if self._html is not None and self.is_html else self._text

    @property
    def is_html(self) -> bool:
        """Whether HTML is shown."""
        return self._html is not None and self._pages.currentWidget() is self._html

    def begin_finding(self) -> None:
        """Lets a person look for words in what is shown."""
        if self._rendered is not None:
            self.finding.begin()

    def stop_finding(self) -> bool:
        """Ends that; False when nobody was looking."""
        if not self.finding.isVisible():
            return False
        self.finding.leave()
        self.focus_widget().setFocus()
        return True

    def zoom(self, steps: int) -> None:
        """Larger (1), smaller (-1) or as it was (0)."""
        self.set_zoom(1.0 if not steps else self._zoom + 0.1 * steps)
        self.zoomed.emit(self._zoom)

    def set_zoom(self, factor: float) -> None:
        """1.0 is as the theme has it; between half and three times that."""
        self._zoom = round(min(3.0, max(0.5, factor)), 2)
        self._text.zoom(self._zoom)
        if self._html is not None:
            self._html.zoom(self._zoom)

    def warm(self) -> None:
        """HTML is to be expected: has Chromium start before it is needed.

        In two turns of the loop, for each takes as long as one may.
        """
        if self._html is None:
            importlib.import_module("martlet.ui.html_view")
            QTimer.singleShot(0, self, self._begin_html)

    def toggle_quotes(self) -> bool:
        """Folds or unfolds quotes; False when there are none to fold."""
        if self._html is not None and self.is_html:
            return self._html.toggle_quotes()
        return self._text.toggle_quotes()

    def page_down(self) -> bool:
        """Scrolls a page; False when it is at its end."""
        if self._html is not None and self.is_html:
            if self._html.at_end():
                return False
            self._html.page_down()
            return True
        bar = self._text.verticalScrollBar()
        if self._pages.currentWidget() is not self._text or bar.value() >= bar.maximum():
            return False
        bar.setValue(bar.value() + bar.pageStep() - 30)
        return True

    def _forget_html(self) -> None:
        """What Chromium holds is of a message that is not shown."""
        if self._html is not None:
            self._html.forget()

    def _instead(self, words: str) -> None:
        self._forget_html()
        self._sentence.say(words)
        self._pages.setCurrentWidget(self._sentence)

    def _find(self, words: str, forwards: bool) -> None:
        if self._html is not None and self.is_html:
            self._html.find_words(words, forwards)
        else:
            self.finding.show_count(*self._text.find_words(words, forwards))

    def _html_view(self) -> HtmlView:
        if self._html is None:
            from martlet.ui.html_view import HtmlView  # costs 0.1 s and 200 MiB: see there

            self._html = HtmlView(self._link)
            self._html.link_clicked.connect(self.link_clicked)
            self._html.link_hovered.connect(self.link_hovered)
            self._html.zoom_wanted.connect(self.zoom)
            self._html.menu_wanted.connect(self.menu_wanted)
            self._html.laid_out.connect(self._on_laid_out)
            self._html.finished.connect(self._on_html_finished)
            self._html.found.connect(self.finding.show_count)
            self._html.fell_short.connect(self.pictures.tell_missing)
            self._html.zoom(self._zoom)
            self._pages.addWidget(self._html)
        return self._html

    def _begin_html(self) -> None:
        if self._html is None:
            self._html_view().warm()

    def _on_html_finished(self) -> None:
        if self._rendered is not None and self._rendered.html is not None:
            self.shown.emit(self._rendered)

    def _on_laid_out(self) -> None:
        if self._rendered is not None and self._rendered.html is not None:
            self.painted.emit(self._rendered)
