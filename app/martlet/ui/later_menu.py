"""The menu of times at which a letter may go, and the dialog for one of a person's own."""

from __future__ import annotations

import time as clocks
from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QDate, QRect, QRectF, Qt, QTime, Signal
from PySide6.QtGui import QColor, QPainter, QTextCharFormat
from PySide6.QtWidgets import (
    QCalendarWidget,
    QHBoxLayout,
    QLabel,
    QMenu,
    QTimeEdit,
    QToolButton,
    QWidget,
)

from martlet.ui import later, theme
from martlet.ui.sheet import Sheet

_FURTHEST_DAYS = 366 * 5


class LaterMenu(QMenu):
    """chosen: Unix seconds. What it offers is worked out each time it opens.

    now: gives the time. given: the time chosen before, 0 for none, which the dialog begins with.
    """

    chosen = Signal(float)

    def __init__(
        self,
        parent: QWidget,
        now: Callable[[], float] = clocks.time,
        given: Callable[[], float] = lambda: 0.0,
    ) -> None:
        super().__init__(parent)
        self._now = now
        self._given = given
        self.sheet: LaterSheet | None = None
        self.aboutToShow.connect(self.fill)
        self.fill()

    def fill(self) -> None:
        """What is offered now."""
        self.clear()
        now = self._now()
        for moment in later.moments(now):
            action = self.addAction(f"{moment.words}\t{later.short(moment.when, now)}")
            action.triggered.connect(lambda _on=False, when=moment.when: self.chosen.emit(when))
        own = self.addAction(theme.icon("calendar"), self.tr("Date and time…"))
        own.triggered.connect(lambda _on=False: self.ask())
        self.addSeparator()
        note = self.addAction(self.tr("This computer must be on and Martlet running."))
        note.setEnabled(False)

    def ask(self) -> None:
        """Opens the dialog."""
        owner = self.parentWidget()
        self.sheet = LaterSheet(self._given(), self._now, owner.window() if owner else None)
        self.sheet.chosen.connect(self.chosen)
        self.sheet.open()


class LaterSheet(Sheet):
    """A day and a time; a time that is over is not taken. chosen: Unix seconds."""

    chosen = Signal(float)

    def __init__(
        self, given: float, now: Callable[[], float] = clocks.time, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._now = now
        begin = datetime.fromtimestamp(given or later.moments(now())[-1].when)
        self.calendar = _Days(self)
        self.calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        _dress(self.calendar)
        today = QDate.currentDate()
        self.calendar.setDateRange(today, today.addDays(_FURTHEST_DAYS))
        self.calendar.setSelectedDate(QDate(begin.year, begin.month, begin.day))
        self.calendar.setAccessibleName(self.tr("Day"))
        self.calendar.setMinimumHeight(240)
        self.clock = QTimeEdit(QTime(begin.hour, begin.minute), self)
        self.clock.setAccessibleName(self.tr("Time"))
        self.clock.setMinimumWidth(90)
        # Hours come first everywhere.
        self.clock.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        row = QHBoxLayout()
        row.setSpacing(10)
        label = QLabel(self.tr("Time"), self)
        label.setBuddy(self.clock)
        row.addWidget(label)
        row.addWidget(self.clock)
        row.addStretch()
        self.words = self.text("")
        self.body.addWidget(self.calendar)
        self.body.addLayout(row)
        self.body.addWidget(self.words)
        self.head(self.tr("Send later"), self.tr("Send then"))
        self.go.clicked.connect(self._take)
        self.calendar.selectionChanged.connect(self._tell)
        self.clock.timeChanged.connect(self._tell)
        self.clock.setFocus()
        self._tell()

    def when(self) -> float:
        """What is set, Unix seconds."""
        day, clock = self.calendar.selectedDate(), self.clock.time()
        return later.at(
            datetime(day.year(), day.month(), day.day()).date(),
            datetime(2000, 1, 1, clock.hour(), clock.minute()).time(),
        )

    def _tell(self) -> None:
        now = self._now()
        past = self.when() <= now
        self.go.setEnabled(not past)
        if past:
            self.words.setText(self.tr("That time is over."))
            return
        words = self.tr("It goes out {when}, if this computer is on and Martlet running; else as "
                        "soon as Martlet is started.")  # fmt: skip
        self.words.setText(words.format(when=later.said(self.when(), now)))

    def _take(self) -> None:
        if self.when() > self._now():
            self.chosen.emit(self.when())
            self.accept()
        else:
            self._tell()


class _Days(QCalendarWidget):
    """Shows which day is today, which are over, and which one is chosen as everything else is."""

    def paintCell(self, painter: QPainter, rect: QRect, date: QDate) -> None:
        tokens = theme.current()
        chosen, today = date == self.selectedDate(), date == QDate.currentDate()
        there = self.minimumDate() <= date <= self.maximumDate()
        month = date.month() == self.monthShown()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(rect, QColor(tokens.raised))
        ink = tokens.text if there and month else tokens.text2 if there else tokens.text3
        if chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.accent))
            painter.drawRoundedRect(QRectF(rect).adjusted(2, 1, -2, -1), 6, 6)
            ink = tokens.on_accent
        elif today:
            ink = tokens.accent
        painter.setFont(theme.font(13, bold=today))
        painter.setPen(QColor(ink))
        words = self.locale().toString(date.day())
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, words)
        painter.restore()


def _dress(calendar: QCalendarWidget) -> None:
    """Qt paints weekends red and its arrows black, on whatever ground."""
    plain = QTextCharFormat()
    for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
        calendar.setWeekdayTextFormat(day, plain)
    head = QTextCharFormat()
    head.setForeground(QColor(theme.current().text2))
    head.setBackground(QColor(theme.current().raised))
    calendar.setHeaderTextFormat(head)
    for name, symbol in (("prev", "chevron-left"), ("next", "chevron-right")):
        arrow = calendar.findChild(QToolButton, f"qt_calendar_{name}month")
        if isinstance(arrow, QToolButton):
            arrow.setIcon(theme.icon(symbol))
