"""What happens when a link in a message is followed: only the web and mail, never by itself."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address

from PySide6.QtCore import QCoreApplication, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMessageBox, QWidget

_tr = QCoreApplication.translate


def doubt(url: QUrl) -> str:
    """Why a person should look twice at where this leads, or ""."""
    if url.scheme() not in ("http", "https"):
        return ""
    host = url.host(QUrl.ComponentFormattingOption.FullyEncoded)
    if url.userInfo():
        return _tr("links", "The address hides its real host behind an “@”.")
    if any(label.startswith("xn--") for label in host.split(".")):
        return _tr("links", "The host's name is written in look-alike letters: {host}").format(
            host=host
        )
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return ""
    return _tr("links", "The host has a number and no name.")


def follow(parent: QWidget, url: QUrl, mailto: Callable[[QUrl], None]) -> None:
    """Opens http and https in the browser (asking first when in doubt), mailto in the composer."""
    if url.scheme() == "mailto":
        mailto(url)
        return
    if url.scheme() not in ("http", "https"):
        return
    reason = doubt(url)
    if reason:
        box = QMessageBox(parent)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle(_tr("links", "Open this link?"))
        box.setText(reason)
        box.setInformativeText(url.toString(QUrl.ComponentFormattingOption.FullyEncoded)[:400])
        go = box.addButton(_tr("links", "Open it"), QMessageBox.ButtonRole.AcceptRole)
        stay = box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(stay)
        box.exec()
        if box.clickedButton() is not go:
            return
    QDesktopServices.openUrl(url)
