"""HTML messages in Chromium, shut in: no script, no network, no navigation, nothing kept.

Imported only when HTML is to be shown, for the import alone costs 0.1 s and the engine its memory.
Three belts: the markup comes sanitised; a request interceptor lets through only what this message
itself holds; the page's own policy says the same again. The parts a message holds come from the
engine, asynchronously (`html_parts.py`).
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QColor, QGuiApplication, QKeyEvent, QResizeEvent, QShowEvent, QWheelEvent
from PySide6.QtWebEngineCore import QWebEnginePage
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from martlet.mail.rendered import Rendered
from martlet.ui import html_page, html_profile, theme
from martlet.ui.facts import Centred
from martlet.ui.fitting import Fitting
from martlet.ui.html_loading import Loading
from martlet.ui.html_parts import PAGE
from martlet.ui.link import EngineLink

_COVERED_MS = 100
_PATIENCE_MS = 400


class Page(QWebEnginePage):
    """Goes nowhere: what is clicked is told, what is tried otherwise is refused."""

    followed = Signal(QUrl)

    def acceptNavigationRequest(
        self, url: QUrl | str, kind: QWebEnginePage.NavigationType, is_main: bool
    ) -> bool:
        url = QUrl(url)
        if kind is QWebEnginePage.NavigationType.NavigationTypeLinkClicked:
            self.followed.emit(url)
            return False
        ours = url.scheme() == html_page.SCHEME and url.path().endswith(f"/{PAGE}")
        return is_main and ours and kind is QWebEnginePage.NavigationType.NavigationTypeTyped

    def createWindow(self, kind: QWebEnginePage.WebWindowType) -> QWebEnginePage:
        return _Away(self)

    def javaScriptConsoleMessage(
        self,
        level: QWebEnginePage.JavaScriptConsoleMessageLevel,
        message: str,
        line: int,
        source: str,
    ) -> None:
        """What a mail's markup makes Chromium say is nobody's business."""


class _Away(QWebEnginePage):
    """Stands for a window a link asked for, long enough to learn where it leads."""

    def __init__(self, page: Page) -> None:
        super().__init__(page.profile(), page)
        self._page = page

    def acceptNavigationRequest(
        self, url: QUrl | str, kind: QWebEnginePage.NavigationType, is_main: bool
    ) -> bool:
        self._page.followed.emit(QUrl(url))
        self.deleteLater()
        return False


class HtmlView(QWidget):
    """Shows one rendered message; says which link was clicked or is pointed at, and when done.

    laid_out: its markup is loaded, pictures may be to come. finished: all of it is loaded, its
    pictures too. found: the place of the one found, how many. zoom_wanted: one step larger (1) or
    smaller (-1), by the wheel. menu_wanted: a context menu that more may be added to. fell_short:
    so many pictures of the internet could not be had, and why the first could not.
    """

    fell_short = Signal(int, str)
    link_clicked = Signal(QUrl)
    link_hovered = Signal(str)
    laid_out = Signal()
    finished = Signal()
    found = Signal(int, int)
    zoom_wanted = Signal(int)
    menu_wanted = Signal(QMenu)

    def __init__(self, link: EngineLink, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        html_profile.prepare()
        self._rendered: Rendered | None = None
        self._original = self._unfolded = self._stale = False
        self._sought = ""
        # The page must go before its profile: children go in the order they came, so that the
        # view, which owns the page, comes first.
        self._view = QWebEngineView(self)
        self._profile, self._parts = html_profile.profile(link, self)
        self._view.setAccessibleName(self.tr("Message"))
        self._page = Page(self._profile, self._view)
        html_profile.harden(self._page.settings())
        self._view.setPage(self._page)
        self._fitting = Fitting(self._page, self._view)
        self._loading = Loading(self._page, self)
        self._loading.began.connect(self._fitting.begin)
        self._loading.in_sight.connect(self._on_in_sight)
        self._loading.loaded.connect(self._on_loaded)
        self._loading.broke.connect(self._on_broken)
        self._loading.failed.connect(self._on_failed)
        self._page.followed.connect(self._on_followed)
        self._page.linkHovered.connect(self.link_hovered)
        self._page.findTextFinished.connect(
            lambda result: self.found.emit(result.activeMatch(), result.numberOfMatches())
        )
        app = QCoreApplication.instance()
        if app is not None:
            app.aboutToQuit.connect(self._page.deleteLater)
        self._parts.settled.connect(self._tell_if_done)
        self._parts.fell_short.connect(self.fell_short)
        self._view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._view.customContextMenuRequested.connect(self._menu)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._view)
        # Over what is not, or not yet, the message that is meant: at first without a word.
        self._cover = Centred("")
        self._cover.setParent(self)
        self._cover.setAutoFillBackground(True)
        self._slow, self._very_slow = QTimer(self), QTimer(self)
        for timer, after_ms in ((self._slow, _COVERED_MS), (self._very_slow, _PATIENCE_MS)):
            timer.setSingleShot(True)
            timer.setInterval(after_ms)
        self._slow.timeout.connect(lambda: self._say(""))
        self._very_slow.timeout.connect(lambda: self._say(self.tr("Fetching this message…")))
        self._say("")
        self.setFocusProxy(self._view)
        theme.notifier().changed.connect(self._again)

    def warm(self) -> None:
        """Has Chromium start, so that the first message need not wait for it."""
        if self._rendered is None:
            self._page.setBackgroundColor(QColor(theme.current().page))
            self._loading.want(lambda: QUrl("about:blank"))

    def show_message(self, rendered: Rendered, *, original: bool = False) -> None:
        """Loads the message's markup (rendered.html must not be None). original: in the colours
        it was sent in, on white, whatever the theme.
        """
        before = self._rendered
        if before is not rendered:
            self._unfolded = False
            self._sought = ""
        self._rendered, self._original = rendered, original
        self._stale = False
        if before is None or before.message_id != rendered.message_id:
            # A page of another message stays for a moment at most, one that is older not at all.
            self._very_slow.start()
            if before is None or self._cover.isVisible():
                self._say("")
            else:
                self._slow.start()
        if self._loading.busy:
            self._parts.hurry()
        self._loading.want(self._begin)

    def forget(self) -> None:
        """Something else is shown: nothing of the message is kept."""
        self._rendered = None
        self._slow.stop()
        self._very_slow.stop()
        self._say("")
        self._parts.hurry()
        self._loading.want_nothing()

    def find_words(self, words: str, forwards: bool) -> None:
        """Goes to the next place of these words and marks all; `found` says which of how many."""
        # What is not all there yet is searched again when it is.
        self._sought = "" if self._loading.done else words
        back = QWebEnginePage.FindFlag.FindBackward
        self._page.findText(words, QWebEnginePage.FindFlag(0) if forwards else back)

    def zoom(self, factor: float) -> None:
        self._fitting.choose(factor)

    def toggle_quotes(self) -> bool:
        """Opens all quotes that are folded, or folds them again; False when there are none."""
        shown = self._rendered
        if shown is None or not html_page.has_folds(shown.html or ""):
            return False
        self._unfolded = not self._unfolded
        self._again()
        return True

    def selected_text(self) -> str:
        return self._page.selectedText()

    def at_end(self) -> bool:
        """Whether there is nothing further down."""
        place = self._page.scrollPosition().y() + self._view.height()
        return place >= self._page.contentsSize().height() - 2

    def page_down(self) -> None:
        """A page further down, as its key does it: without scripts there is no other way."""
        inner = self._view.focusProxy()
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            key = QKeyEvent(kind, Qt.Key.Key_PageDown, Qt.KeyboardModifier.NoModifier)
            QCoreApplication.postEvent(inner or self._view, key)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The wheel with Ctrl is ours: what it says holds for text too, and stays."""
        if isinstance(event, QWheelEvent):
            turned = event.angleDelta().y()
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                if turned:
                    self.zoom_wanted.emit(1 if turned > 0 else -1)
                return True
        return False

    def _watch_inside(self) -> None:
        inner = self._view.focusProxy()
        if inner is not None:
            inner.removeEventFilter(self)
            inner.installEventFilter(self)
            if not inner.accessibleName():
                inner.setAccessibleName(self._view.accessibleName())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._again()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._cover.setGeometry(self.rect())

    def _again(self) -> None:
        if self._rendered is None:
            return
        if self.isVisible():
            self.show_message(self._rendered, original=self._original)
        else:
            self._stale = True

    def _begin(self) -> QUrl:
        """Serves what is wanted; answers its address."""
        rendered, original, unfolded = self._rendered, self._original, self._unfolded
        if rendered is None:
            return QUrl("about:blank")
        tokens, font = theme.current(), theme.font(15)

        def page(number: int) -> bytes:
            families, size = font.families(), font.pixelSize()
            return html_page.document(
                rendered,
                tokens,
                families,
                size,
                number=number,
                original=original,
                unfolded=unfolded,
            )

        def field(what: str) -> bytes:
            return html_page.field(rendered, what, tokens, font.families(), original=original)

        self._page.setBackgroundColor(QColor(tokens.page))
        number = self._parts.show(rendered, page, field)
        return QUrl(f"{html_page.SCHEME}:/{number}/{PAGE}")

    def _on_in_sight(self) -> None:
        if self._rendered is not None:
            self._slow.stop()
            self._very_slow.stop()
            self._cover.hide()
            self.laid_out.emit()

    def _on_loaded(self) -> None:
        self._page.history().clear()  # nobody goes back in it, and it would grow with every mail
        self._watch_inside()
        self._fitting.loaded()
        if self._sought:
            self.find_words(self._sought, True)
        self._tell_if_done()

    def _on_broken(self) -> None:
        """A page Chromium cannot stand: it is tried again, and this said meanwhile."""
        if self._rendered is not None:
            self._say(self.tr("This message could not be shown. Trying again…"))

    def _on_failed(self) -> None:
        if self._rendered is not None:
            self._slow.stop()
            self._very_slow.stop()
            self._say(self.tr("This message cannot be shown as it was sent, only as plain text."))

    def _on_followed(self, url: QUrl) -> None:
        if self._loading.seen:
            self.link_clicked.emit(url)

    def _say(self, words: str) -> None:
        """In place of the page."""
        colours = self._cover.palette()
        colours.setColor(self._cover.backgroundRole(), QColor(theme.current().page))
        self._cover.setPalette(colours)
        self._cover.say(words)
        self._cover.setGeometry(self.rect())
        self._cover.show()
        self._cover.raise_()

    def _tell_if_done(self) -> None:
        if self._loading.done and self._rendered is not None and not self._parts.waiting:
            self.finished.emit()

    def _menu(self, point: QPoint) -> None:
        menu = QMenu(self)
        asked = self._view.lastContextMenuRequest()
        if self._page.hasSelection():
            menu.addAction(self._page.action(QWebEnginePage.WebAction.Copy))
        target = asked.linkUrl()
        if not target.isEmpty():
            clipboard = QGuiApplication.clipboard()
            menu.addAction(self.tr("Open link"), lambda: self.link_clicked.emit(target))
            menu.addAction(
                self.tr("Copy link address"), lambda: clipboard.setText(target.toString())
            )
        menu.addAction(self._page.action(QWebEnginePage.WebAction.SelectAll))
        self.menu_wanted.emit(menu)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self._view.mapToGlobal(point))
