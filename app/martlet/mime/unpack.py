"""Files that lie inside a text (uuencode, yEnc) or in a container (TNEF), each as a file of its
own.

Which parts are looked into is decided by a cheap test first; nothing is unpacked for others. Never
raises; how much comes out is bounded.
"""

from __future__ import annotations

from dataclasses import dataclass

from martlet.mail.quotes import in_quotes
from martlet.mime.charset import decode
from martlet.mime.inner_file import NOTHING, File, Unpacked, type_of
from martlet.mime.label import label
from martlet.mime.uuencode import uuencoded
from martlet.mime.words import clean
from martlet.mime.yenc import yencoded

CONTAINERS = frozenset(
    {"application/ms-tnef", "application/vnd.ms-tnef", "application/octet-stream"}
)
# "beg", "egi" and "gin": three letters of "begin" are four of base64, wherever the word stands
_BEGIN_IN_BASE64 = (b"YmVn", b"ZWdp", b"Z2lu")
_TNEF_NAMES = frozenset({"winmail.dat", "win.dat"})


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    file: File
    problem: str


def may_hold(content_type: str, name: str) -> bool:
    """Whether a part of this kind can hold files."""
    if content_type == "application/octet-stream":
        return name.lower() in _TNEF_NAMES
    return content_type == "text/plain" or content_type in CONTAINERS


def is_marked(raw: bytes, start: int, end: int, encoding: str) -> bool:
    """Whether a text looks as if it held files: a test that decodes nothing.

    start, end: of its body as transferred.
    """
    if encoding == "base64":
        return any(raw.find(mark, start, end) >= 0 for mark in _BEGIN_IN_BASE64)
    if raw.find(b"begin ", start, end) < 0:
        return False
    if encoding == "quoted-printable" or raw.startswith(b"begin ", start):
        return True
    return any(raw.find(mark, start, end) >= 0 for mark in (b"\nbegin ", b"ybegin "))


def unpack(content_type: str, data: bytes) -> Unpacked:
    """The files inside a part's decoded body."""
    if content_type in CONTAINERS:
        from martlet.mime.tnef import unpacked  # here, because few ever need it

        return unpacked(data)
    found = _in_text(data) if content_type == "text/plain" else []
    if not found:
        return NOTHING
    problems = dict.fromkeys(one.problem for one in found if one.problem)
    return Unpacked(tuple(one.file for one in found), tuple(problems))


def without_files(text: bytes) -> bytes:
    """The text around the files in it."""
    kept: list[bytes] = []
    position = 0
    for found in _in_text(text):
        kept.append(text[position : found.start])
        position = found.end
    return b"".join([*kept, text[position:]])


def _in_text(text: bytes) -> list[_Found]:
    found: list[_Found] = []
    for uu in uuencoded(text) if b"begin " in text else ():
        name = clean(decode(uu.name))
        problem = "" if uu.whole else f"The file {_quoted(name)} in the text is cut off."
        found.append(_Found(uu.start, uu.end, File(name, type_of(name), uu.data), problem))
    for y in yencoded(text) if b"=ybegin " in text else ():
        name = clean(decode(y.name))
        problem = "" if y.whole else f"The file {_quoted(name)} in the text is damaged."
        if y.part and not (y.part == 1 and y.parts == 1):
            of = f" of {y.parts}" if y.parts else ""
            problem = problem or f"Only part {y.part}{of} of the file {_quoted(name)} is here."
            name = f"{name}.{y.part:03}"
        found.append(_Found(y.start, y.end, File(name, type_of(name), y.data), problem))
    found.sort(key=lambda one: one.start)
    apart: list[_Found] = []
    for one in found:
        if not apart or one.start >= apart[-1].end:
            apart.append(one)
    return apart


def _quoted(name: str) -> str:
    return in_quotes(label(name, 80))
