"""`martlet` and `python -m martlet`: hands over to the command line, which opens the window
when there is no command."""

from __future__ import annotations

import os
import sys
from typing import NoReturn


def main() -> int:
    from martlet import bootstrap
    from martlet.cli.main import main as run

    status = run(sys.argv[1:], bootstrap.services())
    if "PySide6" in sys.modules:
        _leave(status)
    return status


def _leave(status: int) -> NoReturn:
    """Ends a process that had a window, once everything in it was closed.

    The interpreter is not taken apart: while it is, PySide6 6.12 on Python 3.11 gives True and
    False back more often than it took them, and the process aborts after all was well.
    """
    import logging

    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:  # a program without a console has none
            stream.flush()
    os._exit(status)


if __name__ == "__main__":
    sys.exit(main())
