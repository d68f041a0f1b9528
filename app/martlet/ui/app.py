"""Starts the window: one application, one line to the engine, one reader, one window."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QCoreApplication, QEvent, QLibraryInfo, QLocale, Qt, QTranslator
from PySide6.QtWidgets import QApplication, QWidget

from martlet import assets
from martlet.paths import Profile
from martlet.store.reader import Reader
from martlet.ui import interrupt, theme
from martlet.ui.link import Client, EngineLink
from martlet.ui.settings import Settings

_log = logging.getLogger("martlet.ui")
_INTERRUPTED = 130  # as a shell counts a program that Ctrl+C has ended


def run(
    profile: Profile,
    connect: Callable[[], Client],
    *,
    screenshot: Path | None = None,
    title: str = "",
    eml: Path | None = None,
    made: Callable[[QWidget], None] | None = None,
) -> int:
    """Shows the window until it is closed; answers the exit code.

    connect: gives a line to an engine, starting one if need be; called on a thread, more than once.
    screenshot: save a picture there once everything is loaded, and quit; needs no display.
    eml: show the one message the engine gives for MessageId 0, instead of a mailbox.
    made: is given the window before it is shown, to watch it.
    """
    if screenshot is not None:
        _without_display()
    settings = Settings(profile.settings)
    app = _application(settings.text("colours"))
    sys.excepthook = _report
    link = EngineLink(connect)
    window: QWidget
    if eml is not None:
        from martlet.ui.file_window import FileWindow

        window = FileWindow(link, eml, settings)
        pane = window.pane
    else:
        from martlet.ui.window import MainWindow

        reader = Reader(profile.root)
        main = MainWindow(link, reader, settings, title)
        window, pane = main, main.pane
    if screenshot is not None:
        from martlet.ui.screenshot import Photographer

        window.resize(1280, 860)
        Photographer(window, pane, screenshot)
    if made is not None:
        made(window)
    window.show()
    if eml is None and screenshot is None:
        main.letters.restore(profile.root / "letters.lock")
    # One that asks about an unsaved letter stays open; whoever insists ends it all the same.
    watching = interrupt.watch(window.close, lambda: QCoreApplication.exit(_INTERRUPTED), app)
    try:
        return app.exec()
    finally:
        if watching is not None:
            watching.leave()
        link.close()
        # Before Python lets go of things in an order of its own: a page must go before its profile.
        window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        sys.excepthook = sys.__excepthook__


def _application(colours: str = "") -> QApplication:
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    # Else Qt thickens the stems of CFF fonts (Noto CJK), and Chinese on dark looks bold.
    os.environ.setdefault("FREETYPE_PROPERTIES", "cff:no-stem-darkening=1")
    _without_graphics_card()
    # Chromium comes later, with the first HTML message; this alone must be said before.
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    QCoreApplication.setApplicationName("martlet")
    QApplication.setApplicationDisplayName("Martlet")
    QApplication.setDesktopFileName("org.martlet.Martlet")
    app = QApplication(sys.argv[:1])
    _translate(app)
    if colours:
        theme.choose(colours)
    theme.apply(app)
    app.setWindowIcon(theme.application_icon())
    return app


def _without_graphics_card() -> None:
    """Only Chromium would use one, to paint mail. Without it, it is 60 MiB smaller and as quick,
    and what a mail says never reaches a driver (decision 20). What a person has set stays."""
    os.environ.setdefault("QT_QUICK_BACKEND", "software")
    os.environ.setdefault("QT_XCB_GL_INTEGRATION", "none")


def _translate(app: QApplication) -> None:
    locale = QLocale()
    where = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    own = QTranslator(app)
    try:
        folder = str(assets.path("resources/translations"))
    except FileNotFoundError:
        folder = ""
    for translator, name, place in ((QTranslator(app), "qtbase", where), (own, "martlet", folder)):
        if place and translator.load(locale, name, "_", place):
            app.installTranslator(translator)


def _without_display() -> None:
    """A picture can be taken without a display; software painting makes it alike everywhere."""
    if sys.platform.startswith("linux"):
        shown = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
        if not shown and "QT_QPA_PLATFORM" not in os.environ:
            os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ.setdefault("QT_QUICK_BACKEND", "software")


def _report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """A bug: its stack goes to the log; the window lives on."""
    if issubclass(kind, KeyboardInterrupt):
        QCoreApplication.exit(_INTERRUPTED)
        return
    _log.critical("a bug in the window", exc_info=(kind, error, trace))
