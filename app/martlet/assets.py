"""Where pictures and data files of the program are.

The only module that knows whether Martlet runs from a checkout (`resources/` and `icons/`
beside `app/`) or from a wheel (both below `martlet/_assets/`).
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_PLACES = (_PACKAGE / "_assets", _PACKAGE.parent.parent)


def path(name: str) -> Path:
    """The file or folder of that name, e.g. "resources/frame.html" or "icons/martlet.svg".

    Raises FileNotFoundError: not part of this installation.
    """
    for place in _PLACES:
        found = place / name
        if found.exists():
            return found
    raise FileNotFoundError(f"Martlet is incomplete: {name} is missing")
