"""What is shown of an attachment that cannot be looked at: its kind, name, size, and what to do."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from martlet.mail.file_risk import FileFacts
from martlet.mail.file_types import Kind
from martlet.mail.message import Attachment
from martlet.ui import file_words, theme

_SIDE = 72
_ACTED = (Kind.AUDIO, Kind.VIDEO)


class Emblem(QWidget):
    """A kind, large."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(_SIDE, _SIDE)
        self._symbol = "file"
        self._warned = False

    def show_kind(self, symbol: str, *, warned: bool) -> None:
        self._symbol, self._warned = symbol, warned
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.warn_ground if self._warned else tokens.soft_quiet))
        painter.drawRoundedRect(QRectF(self.rect()), 14, 14)
        colour = tokens.warn_text if self._warned else tokens.text2
        theme.draw(painter, self._symbol, QRectF(16, 16, _SIDE - 32, _SIDE - 32), colour)
        painter.end()


class AboutPage(QWidget):
    """Buttons: download (what did not come), open, save, play (sound and film)."""

    open_wanted = Signal()
    save_wanted = Signal()
    play_wanted = Signal()
    download_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("previewAbout")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.emblem = Emblem()
        self._name = _label(theme.font(16, bold=True))
        self._about = _label(theme.font(13), "second")
        self._words = _label(theme.font(13), "second")
        self.play = QPushButton(self.tr("Play"))
        self.play.setIcon(theme.icon("play", "on_accent"))
        self.play.setProperty("kind", "primary")
        self.download = QPushButton(self.tr("Download"))
        self.download.setProperty("kind", "primary")
        self.download.clicked.connect(self.download_wanted)
        self.open = QPushButton(self.tr("Open"))
        self.save = QPushButton(self.tr("Save…"))
        self.play.clicked.connect(self.play_wanted)
        self.open.clicked.connect(self.open_wanted)
        self.save.clicked.connect(self.save_wanted)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        for button in (self.play, self.download, self.open, self.save):
            row.addWidget(button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(6)
        column.addStretch(2)
        column.addWidget(self.emblem, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(8)
        for each in (self._name, self._about, self._words):
            column.addWidget(each)
        column.addSpacing(10)
        column.addLayout(row)
        column.addStretch(3)

    def sizeHint(self) -> QSize:
        return QSize(300, 260)

    @property
    def words(self) -> str:
        """The sentence shown."""
        return self._words.text()

    def show_file(
        self, attachment: Attachment, facts: FileFacts, words: str, *, missed: bool = False
    ) -> None:
        """words: why nothing else is shown, or what is waited for. missed: it did not come."""
        self.emblem.show_kind(file_words.symbol(facts.kind), warned=facts.warned)
        self._name.setText(attachment.filename)
        kind = file_words.kind(facts.kind)
        about = self.tr("{kind}, {size}").format(kind=kind, size=file_words.measure(attachment))
        self._about.setText(about[:1].upper() + about[1:])
        self._words.setText(words)
        self._words.setVisible(bool(words))
        self.play.setVisible(facts.kind in _ACTED)
        if self.download.hasFocus() and not missed:
            self.setFocus()  # what is hidden with the focus would give it away anywhere
        self.download.setVisible(missed)
        self.open.setVisible(not facts.never_opened)


def _label(font: QFont, tone: str = "") -> QLabel:
    made = QLabel()
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    made.setWordWrap(True)
    made.setFont(font)
    if tone:
        made.setProperty("tone", tone)
    return made
