"""The sheet of a mail merge: what stands in it and where, how numbers and rows are said there."""

from __future__ import annotations

import enum
from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QCheckBox,
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QWidget,
)

from martlet.mail.merge import Problem, Wrong
from martlet.mail.spreadsheet import DELIMITERS, ENCODINGS, Table
from martlet.ui.accounts.parts import plain_button
from martlet.ui.choice_box import ChoiceBox
from martlet.ui.compose.merge.merge_preview import MergePreview
from martlet.ui.sheet import Sheet

_BAR_PX = 6
_PACE_S = 1.0
_COLUMNS = 12
_SHOWN = 500


class Stage(enum.Enum):
    """Before there is a table; with one; while letters are built; once they are queued."""

    CHOOSING = enum.auto()
    LOOKING = enum.auto()
    BUILDING = enum.auto()
    QUEUED = enum.auto()


class MergeSheet(Sheet):
    """What is done with it is `merge_dialog`'s."""

    def __init__(self, over: QWidget, pictures: dict[str, QImage]) -> None:
        super().__init__(over)
        self.head(self.tr("Mail merge"), self.tr("Send…"))
        self.intro = self.text(
            self.tr(
                "One letter for each row of a table. {{name}} in your letter becomes what the "
                "column “name” says. Choose a CSV file; every spreadsheet can save one."
            )
        )
        self._make()
        self._lay_out(pictures)

    def _make(self) -> None:
        self.choose = plain_button(self, self.tr("Choose a table…"))
        self.name = QLabel(self)
        self.name.setTextFormat(Qt.TextFormat.PlainText)
        self.encoding = self._box(self.tr("Encoding"))
        for name in ENCODINGS:
            self.encoding.addItem(name.upper(), name)
        self.delimiter = self._box(self.tr("Separator"))
        for char in DELIMITERS:
            self.delimiter.addItem(self.tr("Tab") if char == "\t" else char, char)
        self.headed = QCheckBox(self.tr("First row has the column names"), self)
        self.to = self._box(self.tr("Addresses are in"))
        self.pace = QDoubleSpinBox(self)
        self.pace.setRange(0.0, 600.0)
        self.pace.setDecimals(1)
        self.pace.lineEdit().setTextMargins(6, 0, 6, 0)
        self.pace.setValue(_PACE_S)
        self.pace.setSuffix(self.tr(" s"))
        self.pace.setAccessibleName(self.tr("One letter every"))
        self.columns = self.text("")
        self.back = plain_button(self, self.tr("Previous"))
        self.on = plain_button(self, self.tr("Next"))
        self.place = QLabel(self)
        self.wrong = QLabel(self)
        self.wrong.setProperty("tone", "second")
        self.problems = QListWidget(self)
        self.problems.setObjectName("accountList")
        self.problems.setAccessibleName(self.tr("Problems"))
        self.problems.setMaximumHeight(96)
        self.leave_out = QCheckBox(self.tr("Leave out rows with a problem"), self)
        self.leave_out.setChecked(True)
        self.skip = QCheckBox(self)
        self.skip.setChecked(True)
        self.to_me = plain_button(self, self.tr("Send me this row"))
        self.state: QLabel = self.text("")
        self.bar: QProgressBar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(_BAR_PX)
        self.bar.hide()
        self.keep = plain_button(self, self.tr("Save as template…"))
        self.take_back = plain_button(self, self.tr("Take all back"))

    def _lay_out(self, pictures: dict[str, QImage]) -> None:
        chosen = QHBoxLayout()
        chosen.addWidget(self.choose)
        chosen.addWidget(self.name, 1)
        self.told = QWidget(self)
        grid = QGridLayout(self.told)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(6)
        for at, (words, field) in enumerate(
            (
                (self.tr("Addresses are in"), self.to),
                (self.tr("One letter every"), self.pace),
                (self.tr("Encoding"), self.encoding),
                (self.tr("Separator"), self.delimiter),
            )
        ):
            row, column = at % 2, at // 2 * 2
            grid.addWidget(QLabel(words, self.told), row, column)
            grid.addWidget(field, row, column + 1)
        grid.addWidget(self.headed, 2, 0, 1, 2)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        self.preview = MergePreview(pictures, self)
        steps = QHBoxLayout()
        for widget in (self.back, self.on, self.place):
            steps.addWidget(widget)
        steps.addStretch()
        steps.addWidget(self.to_me)
        wrong = QHBoxLayout()
        wrong.addWidget(self.wrong)
        wrong.addStretch()
        wrong.addWidget(self.leave_out)
        going = QHBoxLayout()
        going.addWidget(self.state, 1)
        going.addWidget(self.keep)
        going.addWidget(self.take_back)
        self.body.addWidget(self.intro)
        self.body.addLayout(chosen)
        self.body.addWidget(self.told)
        self.body.addWidget(self.columns)
        self.body.addWidget(self.preview, 1)
        self.body.addLayout(steps)
        self.body.addLayout(wrong)
        self.body.addWidget(self.problems)
        self.body.addWidget(self.skip)
        self.body.addWidget(self.bar)
        self.body.addLayout(going)
        self.body.addStretch()

    def show_table(self, name: str, table: Table, to: str) -> None:
        """How it was read. name: of its file; to: the column of addresses."""
        rows = self._count(len(table.rows), self.tr("1 row"), self.tr("{n} rows"))
        self.name.setText(f"{name} · {rows}")
        self.encoding.setCurrentIndex(self.encoding.findData(table.encoding))
        if self.delimiter.findData(table.delimiter) < 0:
            self.delimiter.addItem(table.delimiter, table.delimiter)
        self.delimiter.setCurrentIndex(self.delimiter.findData(table.delimiter))
        self.headed.setChecked(table.headed)
        self.to.clear()
        self.to.addItems(list(table.columns))
        self.to.setCurrentIndex(self.to.findText(to))
        names = "  ".join(f"{{{{{column}}}}}" for column in table.columns[:_COLUMNS])
        self.columns.setText(self.tr("For the letter: {names}").format(names=names))
        if table.longer:
            self.notice.say(
                self._count(
                    table.longer,
                    self.tr("1 row has more cells than there are column names."),
                    self.tr("{n} rows have more cells than there are column names."),
                )
            )

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """What is wrong with rows; each leads to its row."""
        self.problems.clear()
        for one in problems[:_SHOWN]:
            item = QListWidgetItem(self._words(one))
            item.setData(Qt.ItemDataRole.UserRole, one.row)
            self.problems.addItem(item)
        count = len({one.row for one in problems})
        self.wrong.setText(
            self._count(count, self.tr("1 row with a problem"), self.tr("{n} rows with a problem"))
            if count
            else self.tr("Nothing is wrong with it.")
        )
        self.problems.setVisible(bool(count))
        self.leave_out.setVisible(bool(count))

    def show_stage(self, stage: Stage, count: int, having: int, *, to_me: bool) -> None:
        """What can be done now. count: of letters that would go; having: of people who have it."""
        there, free = stage is not Stage.CHOOSING, stage is Stage.LOOKING
        sent = stage is Stage.QUEUED
        self.intro.setVisible(not there)
        for widget in (
            self.told,
            self.columns,
            self.preview,
            self.back,
            self.on,
            self.place,
            self.to_me,
            self.wrong,
        ):
            widget.setVisible(there)
        if not there:
            self.problems.hide()
            self.leave_out.hide()
        self.told.setEnabled(free)
        self.choose.setEnabled(free or not there)
        self.to_me.setEnabled(free and to_me)
        self.skip.setVisible(there and not sent and having > 0)
        self.skip.setText(
            self._count(
                having,
                self.tr("Leave out 1 who has this letter already"),
                self.tr("Leave out {n} who have this letter already"),
            )
        )
        self.go.setText(self._count(count, self.tr("Send 1 letter…"), self.tr("Send {n} letters…")))
        # What is to be done next looks so, and nothing else.
        self.go.setVisible(there and not sent)
        self.go.setEnabled(free and count > 0)
        self.choose.setProperty("kind", "" if there else "primary")
        self.choose.style().unpolish(self.choose)
        self.choose.style().polish(self.choose)
        self.keep.setVisible(sent)
        self.take_back.setVisible(sent)
        self.state.setVisible(bool(self.state.text()))
        leave = {Stage.BUILDING: self.tr("Stop"), Stage.QUEUED: self.tr("Close")}
        self.cancel.setText(leave.get(stage, self.tr("Cancel")))

    def _box(self, name: str) -> ChoiceBox:
        box = ChoiceBox(self)
        box.setAccessibleName(name)
        return box

    def _count(self, number: int, one: str, many: str) -> str:
        return one if number == 1 else many.format(n=self.locale().toString(number))

    def _time_taken(self, seconds: float) -> str:
        if seconds < 90:
            return self._count(round(seconds), self.tr("1 second"), self.tr("{n} seconds"))
        if seconds < 5400:
            return self._count(round(seconds / 60), self.tr("1 minute"), self.tr("{n} minutes"))
        return self._count(round(seconds / 3600), self.tr("1 hour"), self.tr("{n} hours"))

    def _words(self, one: Problem) -> str:
        row = self.tr("Row {row}").format(row=one.row + 1)
        words = {
            Wrong.NO_ADDRESS: self.tr("has no address"),
            Wrong.BAD_ADDRESS: self.tr("“{said}” is not one address"),
            Wrong.EMPTY_FIELD: self.tr("says nothing for {said}"),
            Wrong.DUPLICATE: self.tr("{said} stands further up already"),
        }[one.wrong]
        return f"{row}: {words.format(said=one.said)}"
