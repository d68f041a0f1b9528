"""What happens when a link in a message is followed: only the web and mail, never by itself.

What is known to tell only who followed it is taken out of the address first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMessageBox, QWidget

from martlet.mail.link_sites import other_site
from martlet.mail.reading import Link, LinkRisk
from martlet.mail.registrable import is_number
from martlet.mail.tracking import without_tracking
from martlet.mail.visible import visible
from martlet.ui import theme

_tr = QCoreApplication.translate
_WEB = ("http", "https")
_ENCODED = QUrl.ComponentFormattingOption.FullyEncoded
_MOST_SHOWN = 400
_MOST_READ = 300
# Of no use in the name of a host that somebody means to be read
_JOINERS = dict.fromkeys(map(ord, "\u200c\u200d"))


def doubt(url: QUrl, risky: Sequence[Link] = ()) -> str:
    """Why a person should look twice at where this leads, or "". risky: of the message."""
    if url.scheme() not in _WEB:
        return ""
    found = next((link for link in risky if _same(url, link.href)), None)
    if found is not None:
        return _reason(found)
    host = url.host(_ENCODED)
    if url.userInfo():
        return _tr("links", "The address hides its real host behind an “@”.")
    if any(label.startswith("xn--") for label in host.split(".")):
        return _tr("links", "The host's name is written in look-alike letters: {host}").format(
            host=host
        )
    if is_number(host):
        return _tr("links", "The host has a number and no name.")
    return ""


def may_open(url: QUrl) -> bool:
    """Whether `follow` does anything with it."""
    return url.scheme() in (*_WEB, "mailto")


def misleading(href: str, words: str) -> tuple[Link, ...]:
    """The link of these words, if they name another site than it opens. For `follow`'s risky."""
    shown = visible(words[: 8 * _MOST_READ]).translate(_JOINERS)[:_MOST_READ]
    host = other_site(href, shown)
    return (Link(href, shown, host, LinkRisk.OTHER_SITE),) if host else ()


def clean(url: QUrl) -> QUrl:
    """Without what only tells the sender who followed it."""
    if url.scheme() not in _WEB:
        return url
    encoded = url.toString(_ENCODED)
    kept = without_tracking(encoded)
    return url if kept == encoded else QUrl(kept)


def follow(
    parent: QWidget,
    url: QUrl,
    mailto: Callable[[QUrl], None],
    risky: Sequence[Link] = (),
    open_url: Callable[[QUrl], object] = QDesktopServices.openUrl,
) -> None:
    """Opens http and https in the browser (asking first when in doubt), mailto in the composer.

    risky: the links of this message that are not what they look like.
    """
    if url.scheme() == "mailto":
        mailto(url)
        return
    if url.scheme() not in _WEB:
        return
    reason = doubt(url, risky)
    url = clean(url)
    if not reason:
        open_url(url)
        return
    box = QMessageBox(parent)
    box.setObjectName("riskyLink")
    box.setIconPixmap(theme.mark("warning", "star", box))
    box.setWindowTitle(_tr("links", "Open this link?"))
    box.setTextFormat(box.textFormat().PlainText)
    box.setText(reason)
    box.setInformativeText(url.toString(_ENCODED)[:_MOST_SHOWN])
    go = box.addButton(_tr("links", "Open it"), QMessageBox.ButtonRole.AcceptRole)
    stay = box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(stay)
    go.clicked.connect(lambda: open_url(url))
    box.finished.connect(box.deleteLater)
    box.open()


def _same(url: QUrl, href: str) -> bool:
    return QUrl(href.strip()).toString(_ENCODED) == url.toString(_ENCODED)


def _reason(link: Link) -> str:
    match link.risk:
        case LinkRisk.OTHER_SITE:
            words = _tr("links", "It reads “{shown}”, but it opens {host}.")
        case LinkRisk.LOOK_ALIKE:
            words = _tr("links", "The host's name is written in look-alike letters: {host}")
        case LinkRisk.IP_ADDRESS:
            words = _tr("links", "The host has a number and no name: {host}")
        case LinkRisk.USER_PART:
            words = _tr("links", "The address hides its real host behind an “@”: {host}")
    return words.format(shown=link.shown[:80], host=link.host)
