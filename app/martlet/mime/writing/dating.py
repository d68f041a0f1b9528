"""The Date of a letter that waited for the time its writer chose."""

from __future__ import annotations

import re
from email.utils import formatdate

_HEAD_END = re.compile(rb"\n\r?\n|\A\r?\n")
_DATE = re.compile(rb"(?im)^date[ \t]*:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*(?:\r?\n|\Z)")


def dated(raw: bytes, date: float) -> bytes:
    """The message with this Date (Unix seconds, written in the local zone) in place of its own;
    every other byte is as it was. One without a Date gets it on top."""
    match = _HEAD_END.search(raw)
    end = match.start() + 1 if match else len(raw)
    field = f"Date: {formatdate(date, localtime=True)}\r\n".encode("ascii")
    head, found = _DATE.subn(lambda _old: field, raw[:end], count=1)
    return head + raw[end:] if found else field + raw
