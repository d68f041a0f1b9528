"""The first start: no account yet, and the three ways on."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from martlet.ui import theme

_WIDTH = 500


class _Way(QPushButton):
    """A large button: a symbol, what it does, and a sentence about it."""

    def __init__(self, symbol: str, words: str, sentence: str, run: Callable[[], None]) -> None:
        super().__init__()
        self._symbol = symbol
        self.setObjectName("way")
        self.setAccessibleName(words)
        self.setAccessibleDescription(sentence)
        self.setAutoDefault(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(58, 13, 18, 13)
        column.setSpacing(2)
        for text, tone, bold in ((words, "", True), (sentence, "second", False)):
            label = QLabel(text)
            label.setFont(theme.font(14 if bold else 13, bold=bold))
            label.setWordWrap(True)
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            label.setProperty("tone", tone)
            column.addWidget(label)
        self.clicked.connect(run)

    def fit(self, width: int) -> None:
        """As high as its wrapped words need at this width; a button alone does not ask them."""
        layout = self.layout()
        assert layout is not None
        self.setFixedSize(width, layout.totalHeightForWidth(width))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return does what Space does; of itself a button outside dialogs knows only that."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        tokens = theme.current()
        place = QRectF(20, (self.height() - 22) / 2, 22, 22)
        theme.draw(painter, self._symbol, place, tokens.accent)
        painter.end()


class Welcome(QWidget):
    """add, open_files and demo are what the three ways do."""

    def __init__(
        self,
        add: Callable[[], None],
        open_files: Callable[[], None],
        demo: Callable[[], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 24)
        column.setSpacing(8)
        column.addStretch(2)
        centre = Qt.AlignmentFlag.AlignHCenter
        bird = QLabel()
        bird.setPixmap(theme.application_icon().pixmap(QSize(72, 72), self.devicePixelRatioF()))
        bird.setAccessibleName("Martlet")
        title = QLabel(self.tr("Welcome to Martlet"))
        title.setFont(theme.font(22, bold=True))
        words = QLabel(self.tr("Your mail, on your computer. What would you like to do?"))
        words.setProperty("tone", "second")
        self.add_button = _Way(
            "account-add",
            self.tr("Add a mail account"),
            self.tr("Your address and password are enough for most providers."),
            add,
        )
        self.files_button = _Way(
            "open",
            self.tr("Open mail files"),
            self.tr("Look at messages you have as .eml files. No account is needed."),
            open_files,
        )
        self.demo_button = _Way(
            "inbox",
            self.tr("Look around with a sample mailbox"),
            self.tr("Real mail that stays on this computer and goes when you close it."),
            demo,
        )
        column.addWidget(bird, 0, centre)
        column.addWidget(title, 0, centre)
        column.addWidget(words, 0, centre)
        column.addSpacing(14)
        for way in (self.add_button, self.files_button, self.demo_button):
            way.fit(_WIDTH)
            column.addWidget(way, 0, centre)
        column.addStretch(3)
        self.setFocusProxy(self.add_button)
