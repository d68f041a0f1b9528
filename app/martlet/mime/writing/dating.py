"""The Date of a letter: when it is written, and when it waited for the time its writer chose."""

from __future__ import annotations

import re
from email.utils import formatdate

_HEAD_END = re.compile(rb"\n\r?\n|\A\r?\n")
_DATE = re.compile(rb"(?im)^date[ \t]*:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*(?:\r?\n|\Z)")


def written(date: float, *, utc: bool) -> str:
    """Unix seconds as a Date field has them (RFC 5322, 3.3), in the local zone or, with utc, as
    "-0000", which says nothing of where the writer is."""
    return formatdate(date, localtime=not utc)


def dated(raw: bytes, date: float) -> bytes:
    """The message with this Date (Unix seconds) in place of its own, which says whether the local
    zone is told; every other byte is as it was. One without a Date gets it on top."""
    match = _HEAD_END.search(raw)
    end = match.start() + 1 if match else len(raw)
    old = _DATE.search(raw, 0, end)
    utc = old is not None and old[0].rstrip().endswith(b"-0000")
    field = f"Date: {written(date, utc=utc)}\r\n".encode("ascii")
    head, found = _DATE.subn(lambda _old: field, raw[:end], count=1)
    return head + raw[end:] if found else field + raw
