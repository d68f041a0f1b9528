"""One HTML message on its way to paper: a page of its own, as shut in as the one that is read."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QObject, QTimer, QUrl
from PySide6.QtGui import QColor
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWebEngineWidgets import QWebEngineView

from martlet.mail.rendered import Rendered
from martlet.ui import html_page, html_profile, print_page, theme
from martlet.ui.html_parts import PAGE
from martlet.ui.html_view import Page
from martlet.ui.link import EngineLink
from martlet.ui.printing import MARGIN_MM, page_layout
from martlet.ui.tokens import LIGHT

_FONT = 14
_PATIENCE_MS = 20_000


class HtmlPrint(QObject):
    """loading --all of it, or long enough--> printing --> over.

    It belongs to the application: it goes on when the window it began in is closed.
    """

    def __init__(self, link: EngineLink, rendered: Rendered) -> None:
        super().__init__(QCoreApplication.instance())
        html_profile.prepare()
        # The page must go before its profile: children go in the order they came.
        self._view = QWebEngineView()
        self._profile, self._parts = html_profile.profile(link, self)
        self._page = Page(self._profile, self._view)
        html_profile.harden(self._page.settings())
        self._page.setBackgroundColor(QColor(LIGHT.page))
        self._view.setPage(self._page)
        self._view.resize(794, 1123)
        self._loaded = self._begun = False
        self._then: Callable[[], None] | None = None
        self._page.loadFinished.connect(self._on_loaded)
        self._parts.settled.connect(self._look)
        # Pictures that do not come are printed as missing.
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_PATIENCE_MS)
        self._patience.timeout.connect(self._begin)
        self._rendered = rendered

    def to_file(self, then: Callable[[bytes], None]) -> None:
        """then: with the PDF, b"" when there is none."""

        def done(data: object) -> None:
            then(bytes(data) if isinstance(data, (bytes, bytearray)) else _bytes(data))
            self._end()

        self._load(lambda: self._page.printToPdf(done, page_layout(MARGIN_MM)))

    def to_printer(self, printer: QPrinter) -> None:
        self._view.printFinished.connect(lambda _well: self._end())
        self._load(lambda: self._view.print(printer))

    def _load(self, then: Callable[[], None]) -> None:
        self._then = then
        families = theme.font(13).families()

        def page(number: int) -> bytes:
            return html_page.document(
                self._rendered,
                LIGHT,
                families,
                _FONT,
                number=number,
                unfolded=True,
                above=print_page.above(self._rendered),
                below=print_page.below(self._rendered),
            )

        def field(what: str) -> bytes:
            return html_page.field(self._rendered, what, LIGHT, families)

        number = self._parts.show(self._rendered, page, field)
        self._patience.start()
        self._view.load(QUrl(f"{html_page.SCHEME}:/{number}/{PAGE}"))

    def _on_loaded(self, _well: bool) -> None:
        self._loaded = True
        self._look()

    def _look(self) -> None:
        if self._loaded and not self._parts.waiting:
            self._begin()

    def _begin(self) -> None:
        if not self._begun and self._then is not None:
            self._begun = True
            self._patience.stop()
            self._then()

    def _end(self) -> None:
        self._view.deleteLater()
        self.deleteLater()


def _bytes(data: object) -> bytes:
    return data.data() if hasattr(data, "data") else b""
