"""HTML messages in Chromium, shut in: no script, no network, no navigation, nothing kept.

Imported only when the first HTML message is opened, for the import alone costs 0.1 s and the
engine 200 MiB. Three belts: the markup comes sanitised; a request interceptor lets through only
what this message itself holds; the page's own policy says the same again. The parts a message
holds come from the engine, asynchronously.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QBuffer, QByteArray, QCoreApplication, QObject, QPoint, Qt, QUrl, Signal
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtWebEngineCore import (
    QWebEnginePage,
    QWebEngineProfile,
    QWebEngineSettings,
    QWebEngineUrlRequestInfo,
    QWebEngineUrlRequestInterceptor,
    QWebEngineUrlRequestJob,
    QWebEngineUrlScheme,
    QWebEngineUrlSchemeHandler,
)
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from martlet.link.messages import PartBytes
from martlet.mail.errors import MailError
from martlet.mail.message import MessageId
from martlet.mail.rendered import Rendered
from martlet.ui import html_page, theme
from martlet.ui.link import EngineLink

_PAGE = "page"


def _register() -> None:
    """Makes the scheme known; must happen before the first profile, and only once."""
    name = html_page.SCHEME.encode()
    if not QWebEngineUrlScheme.schemeByName(name).name().isEmpty():
        return
    scheme = QWebEngineUrlScheme(name)
    scheme.setSyntax(QWebEngineUrlScheme.Syntax.Path)
    scheme.setFlags(QWebEngineUrlScheme.Flag.SecureScheme)
    QWebEngineUrlScheme.registerScheme(scheme)


class _Gate(QWebEngineUrlRequestInterceptor):
    """Lets nothing out: only our own scheme passes, and data inside the page."""

    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:
        if info.requestUrl().scheme() not in (html_page.SCHEME, "data"):
            info.block(True)


class _Parts(QWebEngineUrlSchemeHandler):
    """Answers `martlet-mail:/ID/page` and `martlet-mail:/ID/PART` of the one message shown."""

    def __init__(self, link: EngineLink, parent: QObject) -> None:
        super().__init__(parent)
        self._link = link
        self._message: MessageId | None = None
        self._page = b""
        self._types: dict[str, str] = {}
        self.pending = 0
        self.on_settled: Callable[[], None] | None = None

    def show(self, rendered: Rendered, page: bytes) -> None:
        self._message = rendered.message_id
        self._page = page
        self._types = {part.part: part.content_type for part in rendered.attachments}
        self.pending = 0

    def requestStarted(self, job: QWebEngineUrlRequestJob) -> None:
        steps = job.requestUrl().path().strip("/").split("/", 1)
        if len(steps) != 2 or steps[0] != str(self._message) or self._message is None:
            job.fail(QWebEngineUrlRequestJob.Error.RequestDenied)
            return
        part = steps[1]
        if part == _PAGE:
            _reply(job, b"text/html", self._page)
            return
        if not self._types.get(part, "").startswith("image/"):
            job.fail(QWebEngineUrlRequestJob.Error.UrlNotFound)
            return
        alive = [True]
        job.destroyed.connect(lambda: alive.clear())
        kind = self._types[part].encode("ascii", "replace")
        shown = self._message
        self.pending += 1

        def done(data: bytes) -> None:
            if alive:
                _reply(job, kind, data)
            self._settle(shown)

        def failed(error: MailError) -> None:
            if alive:
                job.fail(QWebEngineUrlRequestJob.Error.RequestFailed)
            self._settle(shown)

        self._link.ask(PartBytes(self._message, part), done, failed)

    def _settle(self, message: MessageId) -> None:
        if message == self._message:
            self.pending -= 1
            if not self.pending and self.on_settled is not None:
                self.on_settled()


def _reply(job: QWebEngineUrlRequestJob, kind: bytes, data: bytes) -> None:
    buffer = QBuffer(job)
    buffer.setData(QByteArray(data))
    job.reply(QByteArray(kind), buffer)


class _Page(QWebEnginePage):
    """Goes nowhere: what is clicked is told, what is tried otherwise is refused."""

    followed = Signal(QUrl)

    def acceptNavigationRequest(
        self, url: QUrl | str, kind: QWebEnginePage.NavigationType, is_main: bool
    ) -> bool:
        url = QUrl(url)
        if kind is QWebEnginePage.NavigationType.NavigationTypeLinkClicked:
            self.followed.emit(url)
            return False
        ours = url.scheme() == html_page.SCHEME and url.path().endswith(f"/{_PAGE}")
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

    def __init__(self, page: _Page) -> None:
        super().__init__(page.profile(), page)
        self._page = page

    def acceptNavigationRequest(
        self, url: QUrl | str, kind: QWebEnginePage.NavigationType, is_main: bool
    ) -> bool:
        self._page.followed.emit(QUrl(url))
        self.deleteLater()
        return False


class HtmlView(QWidget):
    """Shows one rendered message; says which link was clicked or is pointed at, and when done."""

    link_clicked = Signal(QUrl)
    link_hovered = Signal(str)
    finished = Signal()
    found = Signal(int, int)

    def __init__(self, link: EngineLink, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        _register()
        self._rendered: Rendered | None = None
        # The page must go before its profile: children go in the order they came, so that the
        # view, which owns the page, comes first.
        self._view = QWebEngineView(self)
        self._profile = QWebEngineProfile(self)
        self._gate = _Gate(self)
        self._profile.setUrlRequestInterceptor(self._gate)
        self._parts = _Parts(link, self)
        self._profile.installUrlSchemeHandler(html_page.SCHEME.encode(), self._parts)
        self._profile.setSpellCheckEnabled(False)
        self._view.setAccessibleName(self.tr("Message"))
        self._page = _Page(self._profile, self._view)
        _harden(self._page.settings())
        self._view.setPage(self._page)
        self._page.followed.connect(self.link_clicked)
        self._page.linkHovered.connect(self.link_hovered)
        self._page.loadFinished.connect(self._on_loaded)
        self._page.findTextFinished.connect(
            lambda result: self.found.emit(result.activeMatch(), result.numberOfMatches())
        )
        app = QCoreApplication.instance()
        if app is not None:
            app.aboutToQuit.connect(self._page.deleteLater)
        self._parts.on_settled = self._tell_if_done
        self._loaded = False
        self._view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._view.customContextMenuRequested.connect(self._menu)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._view)
        self.setFocusProxy(self._view)
        theme.notifier().changed.connect(self._again)

    def show_message(self, rendered: Rendered) -> None:
        """Loads the message's markup (rendered.html must not be None)."""
        tokens = theme.current()
        font = theme.font(15)
        self._rendered = rendered
        self._loaded = False
        page = html_page.document(
            rendered.message_id, rendered.html or "", tokens, font.families(), font.pixelSize()
        )
        self._page.setBackgroundColor(QColor(tokens.page))
        self._parts.show(rendered, page)
        self._view.load(QUrl(f"{html_page.SCHEME}:/{rendered.message_id}/{_PAGE}"))

    def find_words(self, words: str, forwards: bool) -> None:
        """Goes to the next place of these words and marks all; `found` says which of how many."""
        back = QWebEnginePage.FindFlag.FindBackward
        self._page.findText(words, QWebEnginePage.FindFlag(0) if forwards else back)

    def zoom(self, factor: float) -> None:
        self._page.setZoomFactor(factor)

    def _again(self) -> None:
        if self._rendered is not None:
            self.show_message(self._rendered)

    def _on_loaded(self, ok: bool) -> None:
        self._loaded = True
        self._tell_if_done()

    def _tell_if_done(self) -> None:
        if self._loaded and not self._parts.pending:
            self.finished.emit()

    def _menu(self, point: QPoint) -> None:
        menu = QMenu(self)
        asked = self._view.lastContextMenuRequest()
        copy = self._page.action(QWebEnginePage.WebAction.Copy)
        if self._page.hasSelection():
            menu.addAction(copy)
        target = asked.linkUrl()
        if not target.isEmpty():
            clipboard = QGuiApplication.clipboard()
            menu.addAction(
                self.tr("Copy link address"), lambda: clipboard.setText(target.toString())
            )
        menu.addAction(self._page.action(QWebEnginePage.WebAction.SelectAll))
        menu.exec(self._view.mapToGlobal(point))


def _harden(settings: QWebEngineSettings) -> None:
    attribute = QWebEngineSettings.WebAttribute
    for off in (
        attribute.JavascriptEnabled,
        attribute.JavascriptCanOpenWindows,
        attribute.JavascriptCanAccessClipboard,
        attribute.LocalStorageEnabled,
        attribute.LocalContentCanAccessRemoteUrls,
        attribute.LocalContentCanAccessFileUrls,
        attribute.PluginsEnabled,
        attribute.PdfViewerEnabled,
        attribute.HyperlinkAuditingEnabled,
        attribute.DnsPrefetchEnabled,
        attribute.AutoLoadIconsForPage,
        attribute.WebGLEnabled,
        attribute.FullScreenSupportEnabled,
        attribute.ScreenCaptureEnabled,
        attribute.NavigateOnDropEnabled,
        attribute.FocusOnNavigationEnabled,
        attribute.ErrorPageEnabled,
    ):
        settings.setAttribute(off, False)
    settings.setAttribute(attribute.AutoLoadImages, True)
