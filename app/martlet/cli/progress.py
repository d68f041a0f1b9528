"""A progress bar on a terminal, for commands that wait for a server."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from martlet.cli import output
from martlet.link.client import Asker
from martlet.mail.changes import Change, Progress, Unit

_BAR = 24


@contextmanager
def shown(client: Asker) -> Iterator[None]:
    """Draws what the engine tells of long work, while the block runs and stderr is a terminal."""
    bar = ProgressBar() if sys.stderr.isatty() else None
    client.on_change = bar
    try:
        yield
    finally:
        client.on_change = None
        if bar is not None:
            bar.clear()


class ProgressBar:
    """Draws the newest progress on one line of stderr."""

    def __init__(self) -> None:
        self._shown = False

    def __call__(self, change: Change) -> None:
        if not isinstance(change, Progress):
            return
        line = line_of(change)
        columns = shutil.get_terminal_size().columns - 1
        sys.stderr.write("\r\x1b[K" + output.cut(line, columns))
        sys.stderr.flush()
        self._shown = True

    def clear(self) -> None:
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def line_of(told: Progress) -> str:
    """`[######......] 12/48 3 s Inbox`; bytes as people write them."""
    done, total = str(told.done or ""), str(told.total)
    if told.unit is Unit.BYTES:
        done, total = output.size(told.done), output.size(told.total)
    line = f"{done} "
    if told.total > 0:
        full = min(told.done, told.total) * _BAR // told.total
        line = f"[{'#' * full}{'.' * (_BAR - full)}] {done or 0}/{total} "
    if told.left_s >= 1 and told.done < told.total:
        line += f"{_span(told.left_s)} left "
    return line + output.one_line(told.what)


def _span(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"
