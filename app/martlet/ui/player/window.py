"""The window of the player: the film or an emblem, where it is, play and pause."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt, QUrl
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtMultimedia import QAudioOutput, QMediaDevices, QMediaPlayer, QVideoFrame, QVideoSink
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from martlet.ui import theme

_STEP_MS = 5000


class Screen(QWidget):
    """What is seen of it: a film, or that there is only sound."""

    def __init__(self) -> None:
        super().__init__()
        self._image = QImage()
        self.words = ""

    def show_frame(self, frame: QVideoFrame) -> None:
        self._image = frame.toImage()
        self.update()

    def say(self, words: str) -> None:
        self.words = words
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        film = not self._image.isNull()
        painter.fillRect(self.rect(), QColor("#000000" if film else tokens.page))
        if film:
            size = QSize(self._image.size()).scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRectF(0, 0, size.width(), size.height())
            place.moveCenter(QRectF(self.rect()).center())
            painter.drawImage(place, self._image)
        elif self.words:
            painter.setPen(QColor(tokens.text2))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(24, 12, -24, -12), flags, self.words)
        else:
            place = QRectF(0, 0, 64, 64)
            place.moveCenter(QRectF(self.rect()).center())
            theme.draw(painter, "file-audio", place, tokens.text3)
        painter.end()


class PlayerWindow(QFrame):
    """Begins to play when it is told a file: somebody pressed Play for that."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName("messagePane")
        self.setWindowTitle(name)
        self.setWindowIcon(theme.application_icon())
        self.view = Screen()
        self.player = QMediaPlayer(self)
        self.sound = QAudioOutput(self)
        sink = QVideoSink(self)
        self.player.setAudioOutput(self.sound)
        self.player.setVideoSink(sink)
        sink.videoFrameChanged.connect(self.view.show_frame)
        self.button = QToolButton()
        self.button.clicked.connect(self._turn)
        self.place = QSlider(Qt.Orientation.Horizontal)
        self.place.setAccessibleName(self.tr("Place in the recording"))
        self.place.sliderMoved.connect(self.player.setPosition)
        self.time = QLabel()
        self.time.setProperty("tone", "second")
        row = QHBoxLayout()
        row.setContentsMargins(10, 6, 14, 8)
        row.setSpacing(8)
        row.addWidget(self.button)
        row.addWidget(self.place, 1)
        row.addWidget(self.time)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.view, 1)
        column.addLayout(row)
        self.player.positionChanged.connect(self._say)
        self.player.durationChanged.connect(lambda _length: self._say())
        self.player.playbackStateChanged.connect(lambda _state: self._say())
        self.player.hasVideoChanged.connect(self._grow)
        self.player.errorOccurred.connect(self._wrong)
        if QMediaDevices.defaultAudioOutput().isNull():
            self.view.say(self.tr("This computer has no sound; it plays in silence."))
        self.resize(440, 210)
        self._say()

    @property
    def possible(self) -> bool:
        """Whether anything can be played here."""
        return self.player.isAvailable()

    def play(self, file: Path) -> None:
        self.player.setSource(QUrl.fromLocalFile(str(file)))
        self.player.play()

    def _turn(self) -> None:
        if self.player.isPlaying():
            self.player.pause()
        else:
            self.player.play()

    def _say(self, _position: int = 0) -> None:
        playing = self.player.isPlaying()
        self.button.setIcon(theme.icon("pause" if playing else "play"))
        words = self.tr("Pause") if playing else self.tr("Play")
        self.button.setToolTip(words)
        self.button.setAccessibleName(words)
        now, whole = self.player.position(), self.player.duration()
        if not self.place.isSliderDown():
            self.place.setRange(0, whole)
            self.place.setValue(now)
        self.place.setEnabled(self.player.isSeekable())
        self.time.setText(f"{_clock(now)} / {_clock(whole)}")

    def _grow(self, film: bool) -> None:
        if film:
            self.resize(860, 560)

    def _wrong(self, _error: QMediaPlayer.Error, _words: str) -> None:
        self.view.say(self.tr("This recording is damaged, or of a kind that is not known here."))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -_STEP_MS, Qt.Key.Key_Right: _STEP_MS}
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        elif event.key() == Qt.Key.Key_Space:
            self._turn()
        elif event.key() in steps:
            self.player.setPosition(self.player.position() + steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)


def _clock(milliseconds: int) -> str:
    seconds = max(0, milliseconds) // 1000
    return f"{seconds // 60}:{seconds % 60:02d}"
