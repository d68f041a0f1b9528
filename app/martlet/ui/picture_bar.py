"""Says which pictures from the internet a message would have, and lets a person have them.

One quiet line over the message. What it is told to do goes up; nothing is fetched here.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QWidget

from martlet.mail.message import Address
from martlet.mail.reading import NOTHING_REMOTE, Remote
from martlet.mail.rendered import Rendered
from martlet.ui.quiet_line import QuietLine

_NARROW = 560


class PictureBar(QuietLine):
    """hidden -- not shown: Show, Always -- shown this once: Hide, Always -- allowed: Stop.

    once_wanted: for this message, now (True), or no more (False). always_wanted: for an address or
    an "@domain", from now on (True) or no more.
    """

    once_wanted = Signal(bool)
    always_wanted = Signal(str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("image-blocked", gap=4, parent=parent)
        self.show_once = self._add(self.tr("Show"), lambda: self.once_wanted.emit(True))
        self.show_once.setToolTip(self.tr("Show the pictures of this message, this once"))
        self.hide_again = self._add(self.tr("Hide"), lambda: self.once_wanted.emit(False))
        self.always = self._add(self.tr("Always…"), self._choose)
        self.stop = self._add(self.tr("Stop"), self._stop)
        self.stop.setToolTip(self.tr("Do not show them by itself any more"))
        self._sender = Address("", "")
        self._remote = NOTHING_REMOTE
        self.hide()

    def show_rendered(self, rendered: Rendered, *, as_html: bool) -> None:
        """Of this message, shown as HTML or as text, which has no pictures."""
        remote = self._remote = rendered.remote
        self._sender = rendered.envelope.sender
        words = self._about(remote) if as_html else ""
        self._words.setText(words)
        kept = bool(remote.pictures) and not remote.shown
        once = bool(remote.pictures) and remote.shown and not remote.allowed_by
        buttons = (self.show_once, self.hide_again, self.always, self.stop)
        focused = any(each.hasFocus() for each in buttons)
        self.show_once.setVisible(kept)
        self.hide_again.setVisible(once)
        self.always.setVisible((kept or once) and "@" in self._sender.address)
        self.stop.setVisible(bool(remote.allowed_by))
        self.setVisible(bool(words))
        if focused and words:
            first = next((each for each in buttons if not each.isHidden()), None)
            if first is not None:
                first.setFocus()  # what is hidden with the focus would give it away anywhere

    def tell_missing(self, count: int, reason: str) -> None:
        """So many of those that were asked for could not be had, the first for this reason."""
        if self.isHidden() or not self._remote.shown:
            return
        one = self.tr("1 picture could not be fetched: {reason}")
        many = self.tr("{count} pictures could not be fetched: {reason}")
        words = (one if count == 1 else many).format(
            count=self.locale().toString(count), reason=reason
        )
        trackers = self._kept_out(self._remote.trackers)
        self._words.setText(" ".join(part for part in (words, trackers) if part))

    def menu(self) -> QMenu:
        """For whom pictures may always be shown."""
        made = QMenu(self)
        address = self._sender.address
        domain = address.rpartition("@")[2]
        for who, words in (
            (address, self.tr("Always for {who}").format(who=address)),
            (f"@{domain}", self.tr("Always for everybody at {domain}").format(domain=domain)),
        ):
            action = made.addAction(_short(words).replace("&", "&&"))
            action.triggered.connect(lambda _on=False, who=who: self.always_wanted.emit(who, True))
        made.aboutToHide.connect(made.deleteLater)
        return made

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._stand_below(self.width() < _NARROW)

    def _about(self, remote: Remote) -> str:
        """Of fonts and style sheets nothing is said: they are missed by nobody."""
        pictures, trackers = len(remote.pictures), remote.trackers
        said = ""
        if remote.allowed_by and pictures:
            who = remote.allowed_by.removeprefix("@")
            said = self.tr("Pictures are shown because you allowed {who}.").format(who=who)
        elif pictures and remote.shown:
            said = self.tr("Pictures from the internet are shown this once.")
        elif pictures == 1:
            said = self.tr("1 picture from the internet is not shown.")
        elif pictures:
            said = self.tr("{count} pictures from the internet are not shown.").format(
                count=self.locale().toString(pictures)
            )
        return " ".join(part for part in (said, self._kept_out(trackers)) if part)

    def _kept_out(self, trackers: int) -> str:
        if trackers == 1:
            return self.tr("1 tracker was kept out.")
        if trackers:
            words = self.tr("{count} trackers were kept out.")
            return words.format(count=self.locale().toString(trackers))
        return ""

    def _choose(self) -> None:
        corner = self.always.rect().bottomLeft()
        self.menu().popup(self.always.mapToGlobal(corner))

    def _stop(self) -> None:
        self.always_wanted.emit(self._remote.allowed_by, False)


def _short(words: str) -> str:
    return words if len(words) <= 70 else f"{words[:45]}…{words[-22:]}"
