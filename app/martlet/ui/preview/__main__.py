"""The preview process: `python -m martlet.ui.preview`. Reads requests from its standard input.

Locks itself in before it looks at the first of them, answers one after the other, and ends when
the window closes the pipe. A file it cannot bear ends it, and the window starts another.
"""

from __future__ import annotations

import os
import sys
from typing import BinaryIO

from martlet.ui.preview import cell

_MEMORY = 900_000_000
_SECONDS = 8


def main() -> int:
    """Answers until the pipe is closed."""
    cell.enter_alone()
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    # What libraries print must not get between the answers.
    out = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    from pathlib import Path

    import PySide6
    from PySide6.QtCore import QLibraryInfo
    from PySide6.QtGui import QGuiApplication, QImageReader

    from martlet.ui.preview.answering import Desk

    application = QGuiApplication(["martlet-preview"])
    QImageReader.supportedImageFormats()  # loads the decoders
    folders = [
        Path(PySide6.__file__).parent,
        Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath)),
        Path(sys.prefix) / "lib",
        Path(sys.base_prefix) / "lib",
        *map(Path, ("/usr/lib", "/usr/share", "/lib", "/lib64", "/etc/fonts", "/var/cache")),
        *map(Path, ("/etc/ld.so.cache", "/dev/null", "/dev/urandom", "/proc/self")),
    ]
    cell.lock(folders, _MEMORY)
    desk = Desk()
    source: BinaryIO = sys.stdin.buffer
    while True:
        cell.allow_time(_SECONDS)
        if not desk.answer_one(source, out):
            break
    del application
    return 0


if __name__ == "__main__":
    sys.exit(main())
