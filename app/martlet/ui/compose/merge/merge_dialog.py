"""Mail merge: this letter to everybody in a table. Chosen, looked at row by row, sent once asked.

The table is read in `merge_work`, sent by `merge_run`; the letter itself stays open behind.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QMessageBox,
)

from martlet.link.messages import Send
from martlet.mail.errors import MailError
from martlet.mail.letter_size import as_sent
from martlet.mail.outgoing import Draft
from martlet.mail.writing import TakenBack
from martlet.ui import dates
from martlet.ui.compose.images.pictures import inline_pictures
from martlet.ui.compose.merge.merge_rows import MergeRows
from martlet.ui.compose.merge.merge_run import Gone, MergeRun
from martlet.ui.compose.merge.merge_sheet import MergeSheet, Stage
from martlet.ui.compose.merge.merge_work import Asked, Found, MergeWork
from martlet.ui.compose.questions import Choice, ask
from martlet.ui.compose.templates.kept import moment

if TYPE_CHECKING:
    from martlet.store.reader import Reader
    from martlet.ui.compose.window import ComposeWindow
    from martlet.ui.link import EngineLink

_HEAVY = 100 * 1000 * 1000
"""Bytes of all letters from which what they take is said."""
_NARROW, _WITH_TABLE = 580, (720, 600)


class MergeDialog(MergeSheet):
    """Of one letter's window; the letter is as it was when this was opened."""

    def __init__(self, window: ComposeWindow, link: EngineLink, reader: Reader) -> None:
        draft = window.draft()
        super().__init__(window, inline_pictures(reader, draft.parts))
        # What is shown here is what goes: nobody changes the letter behind meanwhile.
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self._window = window
        self._link = link
        self._draft = draft
        self._me = window.kept.me()
        self._common = moment()
        self._rows: MergeRows | None = None
        self._path: Path | None = None
        self._at = 0
        self._sent = False
        # Whom it reached before the rest was taken back, in this dialog or the one before.
        before = window.kept.merging
        self._had: Counter[str] = before._had if before is not None else Counter()
        self.question: QMessageBox | None = None
        self.files: QFileDialog | None = None
        self.work = MergeWork(self)
        self.run = MergeRun(link, reader, self)
        self._connect()
        self._enable()
        self.choose.setFocus()
        self.resize(_NARROW, self.sizeHint().height())

    # Choosing

    def ask_file(self) -> None:
        dialog = QFileDialog(self, self.tr("Choose a table"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([self.tr("Tables (*.csv *.tsv *.txt)"), self.tr("All files (*)")])
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(lambda paths: self.take_file(Path(paths[0])))
        self.files = dialog
        dialog.open()

    def take_file(self, path: Path) -> None:
        """Reads a table; how it is written is guessed."""
        self._path = path
        self._look(Asked(path, self._draft, self._me, self._common))

    def _told(self) -> None:
        """How the table is written was told."""
        if self._path is not None:
            self._look(
                Asked(
                    self._path,
                    self._draft,
                    self._me,
                    self._common,
                    encoding=str(self.encoding.currentData()),
                    delimiter=str(self.delimiter.currentData()),
                    headed=self.headed.isChecked(),
                    to=self.to.currentText(),
                )
            )

    def _look(self, asked: Asked) -> None:
        self.notice.clear()
        self.name.setText(self.tr("Reading {name}…").format(name=asked.path.name))
        self.work.ask(asked)

    def _take(self, found: Found) -> None:
        if self._rows is None and self.height() < _WITH_TABLE[1]:
            self.resize(max(self.width(), _WITH_TABLE[0]), _WITH_TABLE[1])
        self._rows = MergeRows(found, self._had)
        assert self._path is not None
        self.show_table(self._path.name, found.table, found.to)
        self.show_problems(found.problems)
        self._window.kept.columns = found.table.columns
        self.show_row(0)
        self._enable()

    def _refused(self, sentence: str) -> None:
        self._rows = None
        self.name.setText("")
        self.notice.say(sentence)
        self._enable()

    # Looking

    def show_row(self, at: int) -> None:
        """The letter of this row (from 0), exactly as it will be sent."""
        if self._rows is None or not self._rows.rows:
            return
        rows = self._rows.rows
        self._at = max(0, min(at, len(rows) - 1))
        self.preview.show_letter(self._letter(self._at))
        self.place.setText(self.tr("Row {row} of {rows}").format(row=self._at + 1, rows=len(rows)))
        self.back.setEnabled(self._at > 0)
        self.on.setEnabled(self._at < len(rows) - 1)
        self.to_me.setText(self.tr("Send me row {row}").format(row=self._at + 1))

    def sendable(self) -> list[dict[str, str]]:
        """The rows that letters go to."""
        if self._rows is None:
            return []
        return self._rows.sendable(careful=self.leave_out.isChecked(), skip=self.skip.isChecked())

    def _letter(self, at: int) -> Draft:
        assert self._rows is not None
        return self._rows.letter(at, self._draft, self._me, self._common)

    # Sending

    def send_me(self) -> None:
        """The letter of the row that is shown, to oneself."""
        if self._rows is None:
            return
        letter = replace(self._letter(self._at), to=(self._me,), send_at=0.0)

        def sent(_number: object) -> None:
            self.notice.tell(self.tr("Sent to {address}.").format(address=self._me.address))

        self._link.ask(Send(letter, 0.0), sent, self._failed_error, self)

    def ask_send(self) -> None:
        """Asks once, with the number."""
        count = len(self.sendable())
        delay, pace = self._window.habits.undo_s, self.pace.value()
        last = self._time_taken(delay + pace * max(0, count - 1))
        draft = self._draft
        heavy = count * as_sent(draft.parts, len(draft.text) + len(draft.html or ""))
        copies = bool(self._draft.cc or self._draft.bcc or self._draft.to)
        more = self.tr("The last goes out in {time}. Until then all that wait can be taken back.")
        words = more.format(time=last)
        if heavy >= _HEAVY:
            each = self.tr("Each carries its own copy of the files: {size} to be kept and sent.")
            words += " " + each.format(size=dates.size(heavy))
        if copies:
            words += " " + self.tr("To, Cc and Bcc of the letter itself are not used.")
        self.question = ask(
            self,
            self.tr("Mail merge"),
            self._count(
                count, self.tr("Send 1 letter?"), self.tr("Send {n} letters, each to one person?")
            ),
            words,
            [
                Choice(self.tr("Send"), QMessageBox.ButtonRole.AcceptRole, self.start),
                Choice(self.tr("Cancel"), QMessageBox.ButtonRole.RejectRole, None, True),
            ],
        )

    def start(self) -> None:
        """Queues them all."""
        assert self._rows is not None
        draft = self._window.keeper.current()
        self._draft = replace(self._draft, id=draft.id, key=draft.key)
        rows = self.sendable()
        self.bar.setRange(0, len(rows))
        self.bar.setValue(0)
        self.bar.show()
        self.run.start(
            self._draft,
            rows,
            self._rows.to,
            self._common,
            delay_s=float(self._window.habits.undo_s),
            pace_s=self.pace.value(),
        )
        self._enable()

    def _queued(self, count: int) -> None:
        self.bar.setRange(0, count)
        self.bar.setValue(0)
        self.bar.hide()  # until one is sent
        self.state.setText(
            self._count(
                count,
                self.tr("1 letter is in the outbox."),
                self.tr("{n} letters are in the outbox."),
            )
        )
        self._sent = True
        self._enable()

    def _going(self, gone: Gone) -> None:
        self.bar.setValue(gone.sent + gone.wrong)
        self.bar.setVisible(gone.sent + gone.wrong > 0)
        words = self.tr("{gone} of {count} are sent.").format(gone=gone.sent, count=gone.all)
        if gone.wrong:
            words += " " + self._count(
                gone.wrong,
                self.tr("1 could not be: it is in the outbox."),
                self.tr("{n} could not be: they are in the outbox."),
            )
        self.state.setText(words)
        self.take_back.setEnabled(gone.waiting > 0)

    def _taken(self, taken: TakenBack) -> None:
        self._sent = False
        assert self._rows is not None
        self._rows.reached(self.run.gone)
        self.bar.hide()
        words = self._count(
            taken.taken, self.tr("1 letter is taken back."), self.tr("{n} letters are taken back.")
        )
        if taken.left:
            words += " " + self._count(
                taken.left, self.tr("1 had gone already."), self.tr("{n} had gone already.")
            )
        self.state.setText(words)
        self._enable()

    def _failed(self, sentence: str, detail: str) -> None:
        self.bar.setVisible(self._sent and self.bar.value() > 0)
        self.notice.say(sentence, detail)
        self._enable()

    def _failed_error(self, error: MailError) -> None:
        self.notice.say(error.summary, error.detail)

    # Putting together

    def _connect(self) -> None:
        self.choose.clicked.connect(self.ask_file)
        self.work.found.connect(self._take)
        self.work.refused.connect(self._refused)
        for box in (self.encoding, self.delimiter, self.to):
            box.activated.connect(lambda _at: self._told())
        self.headed.clicked.connect(lambda _on: self._told())
        self.back.clicked.connect(lambda: self.show_row(self._at - 1))
        self.on.clicked.connect(lambda: self.show_row(self._at + 1))
        self.problems.itemClicked.connect(
            lambda item: self.show_row(int(item.data(Qt.ItemDataRole.UserRole)))
        )
        for which in (self.leave_out, self.skip):
            which.toggled.connect(lambda _on: self._enable())
        self.to_me.clicked.connect(self.send_me)
        self.go.clicked.connect(self.ask_send)
        self.keep.clicked.connect(self._window.kept.ask_name)
        self.take_back.clicked.connect(self.run.take_back)
        self.run.built.connect(lambda done, _all: self.bar.setValue(done))
        self.run.queued.connect(self._queued)
        self.run.going.connect(self._going)
        self.run.taken_back.connect(self._taken)
        self.run.failed.connect(self._failed)

    def _enable(self) -> None:
        """What can be done now."""
        stage = Stage.CHOOSING
        if self._rows is not None:
            stage = Stage.LOOKING
        if self.run.building:
            stage = Stage.BUILDING
        elif self._sent:
            stage = Stage.QUEUED
        having = len(self._rows.having()) if self._rows is not None else 0
        self.show_stage(stage, len(self.sendable()), having, to_me=bool(self._me.address))

    def reject(self) -> None:
        """While letters are built, this stops it; later it closes, and the letter with it once it
        is sent."""
        if self.run.building:
            self.run.stop()
            return
        self.work.close()
        super().reject()
        if self._sent:
            self._window.finish()

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        self.reject()
