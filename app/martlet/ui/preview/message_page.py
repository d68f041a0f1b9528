"""An attached message in the preview: who wrote it, when, about what, and its body."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from martlet.mail.message import Address
from martlet.mail.rendered import Rendered
from martlet.ui import dates, theme
from martlet.ui.body_view import BodyView
from martlet.ui.link import EngineLink


class MessagePage(QWidget):
    """Shows one Rendered; its own files are opened from its own window."""

    link_clicked = Signal(QUrl)

    def __init__(self, link: EngineLink) -> None:
        super().__init__()
        head = QFrame()
        head.setObjectName("messageHead")
        self._subject = _label()
        self._subject.setFont(theme.font(17, bold=True))
        self._people = _label("second")
        self._files = _label("second")
        lines = QVBoxLayout(head)
        lines.setContentsMargins(24, 12, 24, 8)
        lines.setSpacing(3)
        for each in (self._subject, self._people, self._files):
            lines.addWidget(each)
        self.body = BodyView(link)
        self.body.link_clicked.connect(self.link_clicked)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(self.body, 1)

    def show_rendered(self, rendered: Rendered) -> None:
        """A complete message, or the sentence that says what it lacks."""
        envelope = rendered.envelope
        self._subject.setText(envelope.subject or self.tr("(no subject)"))
        words = self.tr("From {who}").format(who=_person(envelope.sender))
        if envelope.to:
            to = ", ".join(_person(each) for each in envelope.to[:5])
            words += "\n" + self.tr("To {who}").format(who=to)
        if envelope.date is not None:
            words += "\n" + dates.full(envelope.date)
        self._people.setText(words)
        files = [each.filename for each in rendered.attachments if not each.inline]
        said = self.tr("With {files}; open this message to get at them.")
        self._files.setText(said.format(files=", ".join(files[:5])))
        self._files.setVisible(bool(files))
        if rendered.complete:
            self.body.show_rendered(rendered)
        else:
            self.body.say(self.tr("This message is not here yet."))


def _person(address: Address) -> str:
    if not address.name:
        return address.address
    return f"{address.name} <{address.address}>"


def _label(tone: str = "") -> QLabel:
    made = QLabel()
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(True)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if tone:
        made.setProperty("tone", tone)
    return made
