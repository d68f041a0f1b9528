"""Works around a fault of PySide 6.12 on Python 3.10 and 3.11: it takes one reference from None
with every C++ call that returns nothing, and the interpreter ends when the last is gone (after
some minutes in a window). From 3.12 on None is not counted. Measured: PySide 6.11.3 is sound.
"""

from __future__ import annotations

import ctypes
import sys

import PySide6

_PLENTY = 1 << 40


def keep_none_alive() -> None:
    """Gives None references enough for a thousand years of such calls, where that is needed."""
    cpython = sys.implementation.name == "cpython"
    if cpython and sys.version_info < (3, 12) and PySide6.__version_info__[:2] == (6, 12):
        # The count is the first field of every object (CPython 3.11, Include/object.h).
        count = ctypes.c_ssize_t.from_address(id(None))
        if count.value < _PLENTY:
            count.value += _PLENTY
