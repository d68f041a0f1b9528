"""A page a little wider than its view is made smaller until all of it is in sight.

One that is much wider would be too small to read: it is scrolled. Where a person has chosen a size
that holds, and nothing is done here.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSizeF
from PySide6.QtWebEngineCore import QWebEnginePage
from PySide6.QtWidgets import QWidget

LEAST = 0.66
_BAR = 10  # as wide as message.css has its scroll bars


class Fitting(QObject):
    """Owns the zoom of the page. Its width is taken from what Chromium tells at full size only:
    with any other it would be told of a size that is over by then.
    """

    def __init__(self, page: QWebEnginePage, view: QWidget) -> None:
        super().__init__(view)
        self._page = page
        self._view = view
        self._zoom = self._fit = 1.0
        self._loaded = False
        self._told: QSizeF | None = None
        self._wide = 0.0
        self._tall = False
        page.urlChanged.connect(self._on_other_page)
        page.contentsSizeChanged.connect(self._on_size)
        view.installEventFilter(self)

    @property
    def fit(self) -> float:
        """How much smaller the page is made; 1.0 if it fits, or cannot."""
        return self._fit

    def choose(self, factor: float) -> None:
        """What a person wants; 1.0 leaves it to what fits."""
        if factor != self._zoom:
            self._zoom = factor
            self._put(1.0)
            if self._wide:
                self._fit_in()

    def begin(self) -> None:
        """Another page is about to be loaded. Until it comes the one before stays as it is."""
        self._loaded = False

    def loaded(self) -> None:
        """All of it is there. Chromium keeps the zoom by address, and this is another one."""
        self._loaded = True
        self._put(1.0)
        if self._told is not None:
            self._measure(self._told)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize and self._wide:
            self._fit_in()
        return False

    def _on_other_page(self) -> None:
        self._loaded, self._told, self._wide = False, None, 0.0
        self._put(1.0)

    def _on_size(self, size: QSizeF) -> None:
        self._told = size
        if self._loaded and self._fit == 1.0:
            self._measure(size)

    def _measure(self, size: QSizeF) -> None:
        if self._zoom == 1.0 and size.width() > self._view.width() + 1:
            self._wide = size.width()
            self._tall = size.height() > self._view.height()
            self._fit_in()

    def _fit_in(self) -> None:
        room = self._view.width() - (_BAR if self._tall else 0)
        fit = room / self._wide
        self._put(fit if LEAST <= fit < 1.0 and self._zoom == 1.0 else 1.0)

    def _put(self, fit: float) -> None:
        self._fit = fit
        self._page.setZoomFactor(self._zoom * fit)
