"""Chromium as mail may use it: one small process, nothing kept, nothing asked of any network.

Imported only when HTML is to be shown, for the import alone costs 0.1 s and the engine its memory.
"""

from __future__ import annotations

import os

from PySide6.QtCore import QObject
from PySide6.QtWebEngineCore import QWebEngineProfile, QWebEngineSettings

from martlet.ui import html_parts, theme
from martlet.ui.html_page import SCHEME
from martlet.ui.link import EngineLink

_FLAGS = "QTWEBENGINE_CHROMIUM_FLAGS"
# No page of ours is ever another site's neighbour, so that one process will do for all (and the
# next message need not wait for another one); none is worth a graphics card's driver; none has
# scripts; no name is ever to be looked up. Decision 20 has the figures.
_SAID = (
    "--process-per-site",
    "--renderer-process-limit=1",
    "--disable-site-isolation-trials",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--dns-prefetch-disable",
    "--no-pings",
    "--log-level=3",
    "--disable-speech-api",
    "--js-flags=--jitless",
    # What no interceptor sees: links that ask to connect or look a name up ahead (preconnect).
    '"--host-resolver-rules=MAP * ~NOTFOUND"',
)
_OFF = ("SpareRendererForSitePerProcess", "BackForwardCache", "AudioServiceOutOfProcess")


def prepare() -> None:
    """Says to Chromium what it must know before it starts; what a person has set stays."""
    said = os.environ.get(_FLAGS, "")
    if SCHEME not in said:
        features = f"--disable-features={','.join(_OFF)}"
        os.environ[_FLAGS] = " ".join((*_SAID, features, f"--{SCHEME}", said)).strip()
    html_parts.register()


def profile(link: EngineLink, parent: QObject) -> tuple[QWebEngineProfile, html_parts.Parts]:
    """An off-the-record profile whose pages reach nothing but the parts of one message."""
    made = QWebEngineProfile(parent)
    made.setUrlRequestInterceptor(html_parts.Gate(made))
    parts = html_parts.Parts(link, parent)
    made.installUrlSchemeHandler(SCHEME.encode(), parts)
    made.setSpellCheckEnabled(False)
    made.setHttpCacheType(QWebEngineProfile.HttpCacheType.NoCache)
    return made, parts


def harden(settings: QWebEngineSettings) -> None:
    """A page that is only looked at. What it is set in where the fonts it names are not here is
    what the rest of the window is set in."""
    family = QWebEngineSettings.FontFamily
    for which in (family.StandardFont, family.SansSerifFont):
        settings.setFontFamily(which, theme.font(15).families()[0])
    attribute = QWebEngineSettings.WebAttribute
    for off in (
        attribute.JavascriptEnabled,
        attribute.JavascriptCanOpenWindows,
        attribute.JavascriptCanAccessClipboard,
        attribute.JavascriptCanPaste,
        attribute.LocalStorageEnabled,
        attribute.LocalContentCanAccessRemoteUrls,
        attribute.LocalContentCanAccessFileUrls,
        attribute.AllowRunningInsecureContent,
        attribute.AllowWindowActivationFromJavaScript,
        attribute.PluginsEnabled,
        attribute.PdfViewerEnabled,
        attribute.HyperlinkAuditingEnabled,
        attribute.DnsPrefetchEnabled,
        attribute.AutoLoadIconsForPage,
        attribute.TouchIconsEnabled,
        attribute.WebGLEnabled,
        attribute.Accelerated2dCanvasEnabled,
        attribute.FullScreenSupportEnabled,
        attribute.ScreenCaptureEnabled,
        attribute.NavigateOnDropEnabled,
        attribute.FocusOnNavigationEnabled,
        attribute.ErrorPageEnabled,
        attribute.BackForwardCacheEnabled,
    ):
        settings.setAttribute(off, False)
    settings.setAttribute(attribute.AutoLoadImages, True)
    settings.setAttribute(attribute.PlaybackRequiresUserGesture, True)
    settings.setAttribute(attribute.PrintElementBackgrounds, True)
