"""The shape of a small dialog: a heading, what it is about, and its buttons on one line."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from martlet.ui import theme
from martlet.ui.notice import NoticeLine

_EDGE = 40  # what of a screen is left around a sheet, title bar included


class Sheet(QDialog):
    """Put widgets into `body`. `notice` says what went wrong; `go` is the button that does it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.notice = NoticeLine(self)
        self.heading = QLabel(self)
        self.heading.setFont(theme.font(17, bold=True))
        self.heading.setTextFormat(Qt.TextFormat.PlainText)
        self.heading.setWordWrap(True)
        self.body = QVBoxLayout()
        self.body.setSpacing(10)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(8)
        self.buttons.addStretch()
        self.cancel = QPushButton(self.tr("Close"), self)
        self.cancel.clicked.connect(self.reject)
        self.go = QPushButton(self)
        self.go.hide()
        self.buttons.addWidget(self.cancel)
        self.buttons.addWidget(self.go)
        inner = QVBoxLayout()
        inner.setContentsMargins(24, 20, 24, 18)
        inner.setSpacing(12)
        inner.addWidget(self.heading)
        inner.addLayout(self.body, 1)
        inner.addSpacing(6)
        inner.addLayout(self.buttons)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.notice)
        whole.addLayout(inner, 1)
        self.setMinimumWidth(440)

    def head(self, heading: str, go: str = "", *, danger: bool = False) -> None:
        """Heading and window title; go: what the button says that does it, "" when there is none.

        danger: Enter does not do it, and it looks so. Not given to __init__, since nobody can
        translate before that has run.
        """
        self.setWindowTitle(heading)
        self.heading.setText(heading)
        self.go.setText(go)
        # Before it is shown: a style sheet looks at properties only once.
        self.go.setProperty("kind", "danger" if danger else "primary")
        self.go.setAutoDefault(not danger)
        self.go.setDefault(bool(go) and not danger)
        self.go.setVisible(bool(go))
        self.cancel.setText(self.tr("Cancel") if go else self.tr("Close"))
        # Nothing is done by closing: no button that looks as if.
        self.cancel.setProperty("kind", "" if go else "plain")
        self.cancel.setAutoDefault(not go or danger)
        self.cancel.setDefault(danger)

    def fit(self) -> None:
        """As high as its sentences need at this width, as far as the screen allows it.

        Qt opens a dialog at two thirds of a screen at most, and what a layout says is its least
        height knows nothing of sentences that break.
        """
        layout = self.layout()
        if layout is None:
            return
        room = self.screen().availableGeometry().height() - _EDGE
        least = layout.minimumHeightForWidth(self.width())
        self.setMinimumHeight(max(self.minimumHeight(), min(least, room)))
        wanted = min(layout.totalHeightForWidth(self.width()), room)
        if self.height() < wanted:
            self.resize(self.width(), wanted)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.fit()

    def text(self, words: str, tone: str = "second") -> QLabel:
        """A paragraph for the body."""
        label = QLabel(words, self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        if tone:
            label.setProperty("tone", tone)
        return label
