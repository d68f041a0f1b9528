"""The player: `python -m martlet.ui.player FILE NAME light|dark`. Plays this one file in a window.

Locked in like the preview process before it opens the file, but with a window and sound: it may
talk to the screen and the sound server, and to nothing else. Ends with 3 where sound and film
cannot be played, since a library is missing.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from martlet import assets
from martlet.ui.preview import cell

MISSING = 3
_MEMORY = 1_500_000_000


def main(arguments: list[str]) -> int:
    """Until the window is closed."""
    file, name, scheme = Path(arguments[0]), arguments[1], arguments[2]
    cell.enter_alone()
    # Decoders of graphics cards run with more rights than this process has.
    os.environ["QT_FFMPEG_DECODING_HW_DEVICE_TYPES"] = ","
    from PySide6.QtWidgets import QApplication

    try:
        from martlet.ui.player.window import PlayerWindow
    except ImportError:
        return MISSING
    from martlet.ui import theme

    application = QApplication(["martlet-player"])
    theme.choose(scheme)
    theme.apply(application)
    window = PlayerWindow(name)
    if not window.possible:
        return MISSING
    window.show()
    system = ("/usr", "/lib", "/lib64", "/etc", "/proc", "/sys", "/run")
    icons = assets.path("icons/play.svg").parent
    readable = [Path(sys.prefix), Path(sys.base_prefix), icons, file, *map(Path, system)]
    cell.lock(readable, _MEMORY, writable=[Path("/dev")], shown=True)
    window.play(file)
    return application.exec()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
