"""The header fields that name a file we send: one name, said in the two ways that readers know.

`Content-Disposition: filename*` by RFC 2231 for all who keep to it; `Content-Type: name` as an
encoded word, which is against RFC 2047, 5, and what Outlook, QQ, 163 and others read (decision 26).
No plain `filename` beside `filename*`: many readers would take that one. That a name leads into no
folder is seen to where files are taken in and renamed (`filenames`).
"""

from __future__ import annotations

import re

from martlet.mime.writing.fields import encoded_words, one_line

_TOKEN = re.compile(r"[A-Za-z0-9!#$&^_.+-]{1,100}/[A-Za-z0-9!#$&^_.+-]{1,100}\Z")
_PLAIN = re.compile(r"[A-Za-z0-9 !#$%&'()+,.;@\[\]^_`{}~-]{1,60}\Z")
_LONGEST = 240
_SECTION = 50
UNKNOWN = "application/octet-stream"


def media_type(content_type: str) -> str:
    """The type if it may stand in a field and is no container of its own, else octet-stream."""
    kind = content_type.strip().lower()
    if not _TOKEN.match(kind) or kind.startswith("multipart/"):
        return UNKNOWN
    return kind


def file_fields(kind: str, disposition: str, name: str, parameters: str = "") -> str:
    """Content-Type and Content-Disposition of a file, in ASCII, each line with its CRLF.

    kind: as `media_type` answers. parameters: more of Content-Type, as "; charset=utf-8".
    """
    name = _fit(name)
    if _PLAIN.match(name):
        return (
            f'Content-Type: {kind}{parameters};\r\n name="{name}"\r\n'
            f'Content-Disposition: {disposition};\r\n filename="{name}"\r\n'
        )
    words = "\r\n ".join(encoded_words(name, len(' name="')))
    # Quoted: "=" and "?" may not stand in a parameter otherwise.
    head = f'Content-Type: {kind}{parameters};\r\n name="{words}"\r\n'
    lines = [f"Content-Disposition: {disposition}", *_extended(name)]
    return head + ";\r\n".join(lines) + "\r\n"


def _fit(name: str) -> str:
    """One line, not too long, its end kept."""
    name = one_line(name)
    if len(name) > _LONGEST:
        stem, dot, suffix = name.rpartition(".")
        if not dot or len(suffix) > 20:
            stem, dot, suffix = name, "", ""
        name = stem[: _LONGEST - len(suffix) - 1] + dot + suffix
    return name or "attachment"


def _percent(char: str) -> str:
    return "".join(f"%{byte:02X}" for byte in char.encode("utf-8"))


def _extended(name: str) -> list[str]:
    """RFC 2231, 3 and 4; no section cuts a character."""
    encoded = [
        char if char.isascii() and (char.isalnum() or char in "-._~") else _percent(char)
        for char in name
    ]
    whole = "".join(encoded)
    if len(whole) <= _SECTION + 5:
        return [f" filename*=utf-8''{whole}"]
    sections: list[str] = [""]
    for piece in encoded:
        if len(sections[-1]) + len(piece) > _SECTION:
            sections.append("")
        sections[-1] += piece
    return [
        f" filename*{number}*={'utf-8' + chr(39) * 2 if not number else ''}{section}"
        for number, section in enumerate(sections)
    ]
