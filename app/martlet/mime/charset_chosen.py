"""What of the labels in a head stays when a person says what a message is in. Never raises.

Who labels the text of a body wrongly mostly labels the words of its subject, names and files so
too. But a label that says more than a program's default, and that the bytes fit, is right.
"""

from __future__ import annotations

import codecs

from martlet.mime.charset import codecs_for, decode, is_charset, read_as
from martlet.mime.charset_fit import fits

# What programs write who ask nobody: the letters of Europe's west and middle.
_DEFAULTS = frozenset(
    {
        "cp437", "cp850", "cp852", "cp858", "cp1250", "cp1252", "cp1254", "cp1257", "latin-1",
        "mac-roman", "mac-latin2", "iso8859-1", "iso8859-2", "iso8859-3", "iso8859-4", "iso8859-9",
        "iso8859-10", "iso8859-13", "iso8859-14", "iso8859-15", "iso8859-16",
    }
)  # fmt: skip
# Any bytes fit these; one is taken for another of its alphabet.
_ALPHABETS = (
    frozenset({"koi8-r", "koi8-u", "cp1251", "iso8859-5", "cp866", "cp855", "mac-cyrillic"}),
    frozenset({"iso8859-7", "cp1253", "cp737", "cp869", "mac-greek"}),
    frozenset({"iso8859-8", "cp1255", "cp862"}),
    frozenset({"iso8859-6", "cp1256", "cp720", "cp864"}),
    frozenset({"cp874", "iso8859-11"}),
)


def read_labelled(raw: bytes, label: str, chosen: str) -> str:
    """The text of raw, which the head says is in `label`; chosen: what a person says, or ""."""
    if not is_charset(chosen) or _stays(raw, label, chosen):
        return decode(raw, label)
    return read_as(raw, chosen)[0]


def _stays(raw: bytes, label: str, chosen: str) -> bool:
    if raw.isascii() and b"\x1b" not in raw and b"~{" not in raw:
        return True
    said, wanted = _names(label), _names(chosen)
    if not said or said[0] in _DEFAULTS:
        return False
    if any(said[0] in alphabet and wanted[0] in alphabet for alphabet in _ALPHABETS):
        return False
    for name in said:
        try:
            return fits(raw.decode(codecs.lookup(name).name), name.replace("-", "_"))
        except (UnicodeError, ValueError):
            continue
    return False


def _names(label: str) -> tuple[str, ...]:
    return tuple(name.replace("_", "-") for name in codecs_for(label) or ())
