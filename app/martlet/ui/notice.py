"""One sentence above a letter or form: what is wrong, which stays until it is put away; or what is
well, which goes by itself."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from martlet.ui import theme
from martlet.ui.paint import mix
from martlet.ui.shown_text import tip

_CALM_MS = 8000


class NoticeLine(QWidget):
    """Hidden while there is nothing to say. calm: what is said is nothing wrong."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = QLabel(self)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setWordWrap(True)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._mark = QLabel(self)
        self.calm = False
        self._goes = QTimer(self)
        self._goes.setSingleShot(True)
        self._goes.setInterval(_CALM_MS)
        self._goes.timeout.connect(self.clear)
        cross = QToolButton(self)
        cross.setIcon(theme.icon("close"))
        cross.setIconSize(QSize(12, 12))
        cross.setProperty("kind", "bare")
        cross.setToolTip(self.tr("Put away"))
        cross.setAccessibleName(self.tr("Put this notice away"))
        cross.clicked.connect(self.clear)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 8, 13, 8)
        row.setSpacing(10)
        row.addWidget(self._mark)
        row.addWidget(self._label, 1)
        row.addWidget(cross)
        theme.notifier().changed.connect(self._paint_mark)
        self.hide()

    @property
    def text(self) -> str:
        """The sentence shown, "" while hidden."""
        return "" if self.isHidden() else self._label.text()

    def say(self, sentence: str, detail: str = "") -> None:
        """Shows what is wrong; what the server or system said goes to the tool tip."""
        self._show(sentence, detail, calm=False)
        self._goes.stop()

    def tell(self, sentence: str) -> None:
        """Shows for a while what is done, or is well."""
        self._show(sentence, "", calm=True)
        self._goes.start()

    def clear(self) -> None:
        self._goes.stop()
        self._label.clear()
        self.hide()

    def _show(self, sentence: str, detail: str, *, calm: bool) -> None:
        self.calm = calm
        self._label.setText(sentence)
        self._label.setToolTip(tip(detail))
        self.setAccessibleName(sentence)
        self._paint_mark()
        self.show()
        self.update()

    def _paint_mark(self) -> None:
        name, token = ("info", "text2") if self.calm else ("warning", "danger")
        self._mark.setPixmap(theme.icon(name, token).pixmap(QSize(18, 18)))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        tokens = theme.current()
        if self.calm:
            painter.fillRect(self.rect(), QColor(tokens.soft_quiet))
        else:
            painter.fillRect(self.rect(), mix(tokens.page, tokens.danger, 0.13))
            edge = self.width() - 3 if self.isRightToLeft() else 0
            painter.fillRect(edge, 0, 3, self.height(), QColor(tokens.danger))
        painter.end()
