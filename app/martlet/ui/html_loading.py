"""One page after the other into Chromium, so that what is in sight is always what was wanted last.

A load that is interrupted comes late, blank, or never, and its end is told as that of the next. So
none is: the newest that is wanted waits for the one under way, whose end the owner hastens.

    idle --want--> loading --committed, laid out--> in sight --all of it loaded--> idle
                   loading --another one came, or none--> loading, twice --> failed
                   loading --want--> loading, another one waits --its end--> loading
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, QUrl, Signal
from PySide6.QtWebEngineCore import QWebEngineLoadingInfo, QWebEnginePage

_PATIENCE_MS = 3000
_TRIES = 3
# Chromium's process keeps 0.4 MB of every message with a picture. It gets another one after so many
# when nobody is looking, and after so many in any case, which takes 0.1 s longer.
_MANY = 60
_TOO_MANY = 240
_BEGAN = QWebEngineLoadingInfo.LoadStatus.LoadStartedStatus
_WELL = QWebEngineLoadingInfo.LoadStatus.LoadSucceededStatus
_ENDED = QWebEnginePage.RenderProcessTerminationStatus.NormalTerminationStatus


class Loading(QObject):
    """began: a page is asked for. in_sight: what is wanted has a shape, pictures may be to come.
    loaded: all of it is there. failed: it does not come. broke: Chromium's process ended.
    """

    began = Signal()
    in_sight = Signal()
    loaded = Signal()
    failed = Signal()
    broke = Signal()

    def __init__(self, page: QWebEnginePage, parent: QObject) -> None:
        super().__init__(parent)
        self._page = page
        self._begin: Callable[[], QUrl] | None = None
        self._url = QUrl()
        self._busy = self._waits = self._right = self._seen = self._done = False
        self._tries = self._loads = 0
        # Should Chromium never tell the end of a load nobody wants any more.
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_PATIENCE_MS)
        self._patience.timeout.connect(self._start)
        page.loadingChanged.connect(self._on_loading)
        page.urlChanged.connect(self._on_url)
        page.contentsSizeChanged.connect(self._on_size)
        page.renderProcessTerminated.connect(self._on_terminated)

    @property
    def busy(self) -> bool:
        """Whether a load is under way."""
        return self._busy

    @property
    def seen(self) -> bool:
        """Whether what is in sight is what was wanted last."""
        return self._seen

    @property
    def done(self) -> bool:
        """Whether all of what was wanted last is loaded."""
        return self._done

    def want(self, begin: Callable[[], QUrl]) -> None:
        """This and nothing else; `begin` answers its address once its turn has come."""
        self._begin = begin
        self._tries = 0
        self._seen = self._done = False
        if self._busy:
            self._waits = True
            self._patience.start()
        else:
            self._start()

    def want_nothing(self) -> None:
        """Whatever comes is not to be seen."""
        self._begin = None
        self._waits = self._seen = self._done = False
        self._patience.stop()
        if self._loads >= _MANY and not self._busy:
            self.want(lambda: QUrl("about:blank"))

    def _start(self) -> None:
        if self._begin is None:
            return
        self._patience.stop()
        self._waits = self._right = False
        self._busy = True
        self._tries += 1
        self._url = self._begin()
        self.began.emit()
        blank = self._url.scheme() == "about"
        if self._loads >= (_MANY if blank else _TOO_MANY):
            self._renew()
        else:
            self._page.load(self._url)
        self._loads += 1

    def _renew(self) -> None:
        """Loads it into another process; only a page that is not to be seen can leave its own."""
        seen = self._page.isVisible()
        self._page.setVisible(False)
        self._page.setLifecycleState(QWebEnginePage.LifecycleState.Discarded)
        self._loads = 0
        self._page.load(self._url)
        self._page.setVisible(seen)

    def _on_url(self, url: QUrl) -> None:
        self._right = url == self._url and not self._waits

    def _on_size(self) -> None:
        if self._right:
            self._see()

    def _see(self) -> None:
        if not self._seen and self._begin is not None and not self._waits:
            self._seen = True
            self.in_sight.emit()

    def _on_loading(self, info: QWebEngineLoadingInfo) -> None:
        # The end of one before may be told after the next has begun.
        if info.status() is _BEGAN or not self._busy or info.url() != self._url:
            return
        self._busy = False
        if self._begin is None:
            return
        if self._waits:
            self._start()
        elif info.status() is _WELL and self._page.url() == self._url:
            self._see()
            self._done = True
            self.loaded.emit()
        else:
            self._once_more()

    def _on_terminated(self, status: QWebEnginePage.RenderProcessTerminationStatus) -> None:
        if status is _ENDED:
            return
        wanted = self._begin is not None
        self._busy = self._seen = self._done = False
        if wanted:
            self.broke.emit()
            # Not in the midst of what tells it.
            QTimer.singleShot(0, self, self._start if self._waits else self._once_more)

    def _once_more(self) -> None:
        if self._busy:
            return
        if self._tries < _TRIES:
            self._start()
        else:
            self._begin = None
            self.failed.emit()
