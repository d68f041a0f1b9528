"""Shows pages one after the other in an HtmlView, in a process of its own.

Run: python tests/ui/support/pages_shown.py FILE [PORT], with a JSON list of markup in FILE, and the
port of an HTTP proxy on loopback. Chromium writes down what its network did where
QTWEBENGINE_CHROMIUM_FLAGS has --log-net-log. The first and the last of the list are addresses that
are opened freely, so that it is seen what that looks like and that a record goes from beginning to
end.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, Qt, QUrl
from PySide6.QtNetwork import QNetworkProxy
from PySide6.QtWebEngineCore import QWebEnginePage, QWebEngineProfile
from PySide6.QtWidgets import QApplication

from martlet.mail.errors import Offline
from martlet.mail.message import Envelope, MessageId
from martlet.mail.rendered import Rendered
from martlet.ui.html_view import HtmlView
from martlet.ui.link import Client, EngineLink


def _nobody() -> Client:
    raise Offline("Nobody answers.")


def main() -> None:
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    app = QApplication(sys.argv[:1])
    if len(sys.argv) > 2:
        proxy = QNetworkProxy(QNetworkProxy.ProxyType.HttpProxy, "127.0.0.1", int(sys.argv[2]))
        QNetworkProxy.setApplicationProxy(proxy)
    first, *pages, last = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    link = EngineLink(_nobody)
    view = HtmlView(link)
    view.resize(600, 500)
    view.show()
    loop = QEventLoop()
    view.finished.connect(loop.quit)
    _open(first)
    for html in pages:
        view.show_message(Rendered(MessageId(7), Envelope(), html))
        loop.exec()
    _open(last)
    link.close()
    view.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    del app


def _open(address: str) -> None:
    """Freely: without any of our walls."""
    profile = QWebEngineProfile()
    page = QWebEnginePage(profile)
    loop = QEventLoop()
    page.loadFinished.connect(loop.quit)
    page.load(QUrl(address))
    loop.exec()
    page.deleteLater()
    QCoreApplication.sendPostedEvents(page, QEvent.Type.DeferredDelete.value)
    profile.deleteLater()
    QCoreApplication.sendPostedEvents(profile, QEvent.Type.DeferredDelete.value)


if __name__ == "__main__":
    main()
