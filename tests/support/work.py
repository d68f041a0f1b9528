"""How much work something is, in steps of the interpreter: the same on any machine, however busy.

Calls of functions are counted, ours and built-in ones. What one call does inside is not: that a
pattern goes back and forth over its text shows as a test that does not end.
"""

from __future__ import annotations

import sys
import tracemalloc
from collections.abc import Callable
from types import FrameType
from typing import Any


def calls(action: Callable[[], object]) -> int:
    """How many functions are called while it runs."""
    count = 0

    def counted(frame: FrameType, event: str, arg: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        action()
    finally:
        sys.setprofile(before)
    return count


def peak_bytes(action: Callable[[], object]) -> int:
    """The most memory that is held at once by what it makes."""
    tracemalloc.start()
    try:
        action()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
