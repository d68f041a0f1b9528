"""Reads a table for a mail merge and looks for what is wrong with it, beside the window's loop."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QThreadPool, Signal

from martlet.mail import merge
from martlet.mail.errors import MailError, Refused
from martlet.mail.merge import Problem
from martlet.mail.message import Address
from martlet.mail.outgoing import Draft
from martlet.mail.spreadsheet import MOST_BYTES, Table, read_table


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be read, and for which letter. headed None, "" : to be guessed."""

    path: Path
    draft: Draft
    me: Address
    common: dict[str, str]
    encoding: str = ""
    delimiter: str = ""
    headed: bool | None = None
    to: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """The table, its column of addresses ("" when there is none), and what is wrong with rows."""

    table: Table
    to: str
    problems: tuple[Problem, ...]
    seconds: float


class MergeWork(QObject):
    """found: a Found; refused: why there is none. Only of what was asked last."""

    found = Signal(object)
    refused = Signal(str)
    _done = Signal(int, object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._number = 0
        self._done.connect(self._take)

    def ask(self, asked: Asked) -> None:
        """Begins; what was asked before is of no interest any more."""
        self._number += 1
        number = self._number

        def work() -> None:
            try:
                result: Found | MailError = look(asked)
            except MailError as error:
                result = error
            self._done.emit(number, result)

        self._pool.start(work)

    def close(self) -> None:
        """Waits for what is under way; nobody is told."""
        self._number += 1
        self._pool.waitForDone()

    def _take(self, number: int, result: object) -> None:
        if number != self._number:
            return
        if isinstance(result, MailError):
            self.refused.emit(result.summary)
        else:
            self.found.emit(result)


def look(asked: Asked) -> Found:
    """Reads the file, guesses what was not told, checks each row. Refused when it is no table."""
    begun = time.perf_counter()
    try:
        with asked.path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise Refused(
            f"The file {asked.path.name} could not be read.", error.strerror or ""
        ) from error
    table = read_table(
        data, encoding=asked.encoding, delimiter=asked.delimiter, headed=asked.headed
    )
    to = asked.to if asked.to in table.columns else merge.address_column(table.columns, table.rows)
    problems = merge.problems(asked.draft, table.rows, to, asked.me, asked.common)
    return Found(table, to, problems, time.perf_counter() - begun)
