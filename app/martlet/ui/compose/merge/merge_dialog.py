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
    QListWidgetItem,
    QMessageBox,
)

from martlet.link.messages import Send
from martlet.mail import merge
from martlet.mail.address_key import address_key
from martlet.mail.errors import MailError
from martlet.mail.letter_size import as_sent
from martlet.mail.outgoing import Draft
from martlet.mail.writing import TakenBack
from martlet.ui import dates
from martlet.ui.compose.images.pictures import inline_pictures
from martlet.ui.compose.merge.merge_run import MergeRun
from martlet.ui.compose.merge.merge_sheet import MergeSheet
from martlet.ui.compose.merge.merge_work import Asked, Found, MergeWork
from martlet.ui.compose.questions import Choice, ask
from martlet.ui.compose.templates.kept import moment

if TYPE_CHECKING:
    from martlet.store.reader import Reader
    from martlet.ui.compose.window import ComposeWindow
    from martlet.ui.link import EngineLink

_SHOWN = 500
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
        self._found: Found | None = None
        self._path: Path | None = None
        self._at = 0
        self._sent = False
        # Whom it reached before the rest was taken back, in this dialog or the one before.
        before = window.kept.merging
        self._had: Counter[str] = before._had if before is not None else Counter()
        self._keys: tuple[str, ...] | None = None
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
        if self._found is None and self.height() < _WITH_TABLE[1]:
            self.resize(max(self.width(), _WITH_TABLE[0]), _WITH_TABLE[1])
        self._found, self._keys = found, None
        table = found.table
        assert self._path is not None
        rows = self._count(len(table.rows), self.tr("1 row"), self.tr("{n} rows"))
        self.name.setText(f"{self._path.name} · {rows}")
        self.encoding.setCurrentIndex(self.encoding.findData(table.encoding))
        if self.delimiter.findData(table.delimiter) < 0:
            self.delimiter.addItem(table.delimiter, table.delimiter)
        self.delimiter.setCurrentIndex(self.delimiter.findData(table.delimiter))
        self.headed.setChecked(table.headed)
        self.to.clear()
        self.to.addItems(list(table.columns))
        self.to.setCurrentIndex(self.to.findText(found.to))
        self._window.kept.columns = table.columns
        names = "  ".join(f"{{{{{name}}}}}" for name in table.columns[:12])
        self.columns.setText(self.tr("For the letter: {names}").format(names=names))
        if table.longer:
            self.notice.say(
                self._count(
                    table.longer,
                    self.tr("1 row has more cells than there are column names."),
                    self.tr("{n} rows have more cells than there are column names."),
                )
            )
        self._fill_problems()
        self.show_row(0)
        self._enable()

    def _refused(self, sentence: str) -> None:
        self._found = None
        self.name.setText("")
        self.notice.say(sentence)
        self._enable()

    # Looking

    def show_row(self, at: int) -> None:
        """The letter of this row (from 0), exactly as it will be sent."""
        if self._found is None or not self._found.table.rows:
            return
        rows = self._found.table.rows
        self._at = max(0, min(at, len(rows) - 1))
        self.preview.show_letter(self._letter(self._at))
        self.place.setText(self.tr("Row {row} of {rows}").format(row=self._at + 1, rows=len(rows)))
        self.back.setEnabled(self._at > 0)
        self.on.setEnabled(self._at < len(rows) - 1)
        self.to_me.setText(self.tr("Send me row {row}").format(row=self._at + 1))

    def sendable(self) -> list[dict[str, str]]:
        """The rows that letters go to."""
        if self._found is None:
            return []
        careful = self.leave_out.isChecked()
        bad = {one.row for one in self._found.problems if one.fatal or careful}
        if self.skip.isChecked():
            bad |= self._having()
        return [row for at, row in enumerate(self._found.table.rows) if at not in bad]

    def _having(self) -> set[int]:
        """The rows whose people have the letter; of two for one of them, as many as went."""
        if self._found is None or not self._had:
            return set()
        if self._keys is None:
            to = self._found.to
            self._keys = tuple(_key(row, to) for row in self._found.table.rows)
        left = Counter(self._had)
        found: set[int] = set()
        for at, key in enumerate(self._keys):
            if left[key] > 0:
                left[key] -= 1
                found.add(at)
        return found

    def _letter(self, at: int) -> Draft:
        assert self._found is not None
        row = self._found.table.rows[at]
        return merge.letter(self._draft, row, self._found.to, self._me, self._common)

    def _fill_problems(self) -> None:
        assert self._found is not None
        self.problems.clear()
        for one in self._found.problems[:_SHOWN]:
            item = QListWidgetItem(self._words(one))
            item.setData(Qt.ItemDataRole.UserRole, one.row)
            self.problems.addItem(item)
        count = len({one.row for one in self._found.problems})
        self.wrong.setText(
            self._count(count, self.tr("1 row with a problem"), self.tr("{n} rows with a problem"))
            if count
            else self.tr("Nothing is wrong with it.")
        )
        self.problems.setVisible(bool(count))
        self.leave_out.setVisible(bool(count))

    # Sending

    def send_me(self) -> None:
        """The letter of the row that is shown, to oneself."""
        if self._found is None:
            return
        letter = replace(self._letter(self._at), to=(self._me,), send_at=0.0)

        def sent(_number: object) -> None:
            self.notice.say(self.tr("Sent to {address}.").format(address=self._me.address))

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
        assert self._found is not None
        draft = self._window.keeper.current()
        self._draft = replace(self._draft, id=draft.id, key=draft.key)
        rows = self.sendable()
        self.bar.setRange(0, len(rows))
        self.bar.setValue(0)
        self.bar.show()
        self.run.start(
            self._draft,
            rows,
            self._found.to,
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

    def _going(self, gone: int, count: int) -> None:
        self.bar.setValue(gone)
        self.bar.setVisible(gone > 0)
        words = self.tr("{gone} of {count} are sent.").format(gone=gone, count=count)
        self.state.setText(words)
        self.take_back.setEnabled(gone < count)

    def _taken(self, taken: TakenBack) -> None:
        self._sent = False
        assert self._found is not None
        self._had.update(_key(row, self._found.to) for row in self.run.gone)
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
        """What can be done now: before a table, with one, while they are built, once queued."""
        there = self._found is not None
        busy = self.run.building
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
        free = there and not busy and not self._sent
        self.told.setEnabled(free)
        self.choose.setEnabled(not busy and not self._sent)
        self.to_me.setEnabled(free and bool(self._me.address))
        having = len(self._having())
        self.skip.setVisible(there and not self._sent and having > 0)
        self.skip.setText(
            self._count(
                having,
                self.tr("Leave out 1 who has this letter already"),
                self.tr("Leave out {n} who have this letter already"),
            )
        )
        count = len(self.sendable())
        self.go.setText(self._count(count, self.tr("Send 1 letter…"), self.tr("Send {n} letters…")))
        # What is to be done next looks so, and nothing else.
        self.go.setVisible(there and not self._sent)
        self.choose.setProperty("kind", "" if there else "primary")
        self.choose.style().unpolish(self.choose)
        self.choose.style().polish(self.choose)
        self.go.setEnabled(free and count > 0)
        self.keep.setVisible(self._sent)
        self.take_back.setVisible(self._sent)
        self.state.setVisible(bool(self.state.text()))
        self.cancel.setText(
            self.tr("Stop") if busy else self.tr("Close") if self._sent else self.tr("Cancel")
        )

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


def _key(row: merge.Row, to: str) -> str:
    person = merge.recipient(row, to)
    return address_key(person.address) if person is not None else ""
