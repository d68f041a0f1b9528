"""Bytes to text whatever the label says: aliases as browsers read them, then UTF-8, then a guess.

Never raises. UTF-7 is refused (it hides markup from filters); its bytes are shown as they are.
What nothing labels is guessed in `charset_guess`; whether a label can be right is `charset_fit`'s.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

from martlet.mime.charset_fit import fits, otherwise
from martlet.mime.charset_guess import guess
from martlet.mime.jis import decode_jis

# What senders mean by a label (WHATWG Encoding, 4.2), as Python names it; the first that decodes.
_ALIASES: dict[str, tuple[str, ...]] = {
    "ascii": (),
    "usascii": (),
    "ansix341968": (),
    "unknown8bit": (),
    "xunknown": (),
    "unknown": (),
    "default": (),
    "8bit": (),
    "binary": (),
    "utf8": ("utf-8",),
    "unicode11utf8": ("utf-8",),
    "iso88591": ("cp1252", "latin-1"),
    "latin1": ("cp1252", "latin-1"),
    "l1": ("cp1252", "latin-1"),
    "windows1252": ("cp1252", "latin-1"),
    "cp1252": ("cp1252", "latin-1"),
    "ansi": ("cp1252", "latin-1"),
    "iso88599": ("cp1254", "iso8859-9"),
    "iso885911": ("cp874", "iso8859-11"),
    "tis620": ("cp874", "iso8859-11"),
    "iso88598i": ("iso8859-8",),
    "iso88598e": ("iso8859-8",),
    "gb2312": ("gb18030",),
    "gb231280": ("gb18030",),
    "gb180302000": ("gb18030",),
    "gbk": ("gb18030",),
    "xgbk": ("gb18030",),
    "cp936": ("gb18030",),
    "windows936": ("gb18030",),
    "ms936": ("gb18030",),
    "euccn": ("gb18030",),
    "cngb": ("gb18030",),
    "chinese": ("gb18030",),
    "hzgb2312": ("hz",),
    "big5": ("cp950", "big5hkscs"),
    "big5hkscs": ("big5hkscs", "cp950"),
    "cnbig5": ("cp950", "big5hkscs"),
    "xxbig5": ("cp950", "big5hkscs"),
    "big5eten": ("cp950", "big5hkscs"),
    "shiftjis": ("cp932", "shift_jisx0213"),
    "sjis": ("cp932", "shift_jisx0213"),
    "xsjis": ("cp932", "shift_jisx0213"),
    "mskanji": ("cp932", "shift_jisx0213"),
    "windows31j": ("cp932", "shift_jisx0213"),
    "iso2022jp": ("iso2022_jp", "iso2022_jp_ext", "iso2022_jp_2", "iso2022_jp_3"),
    "eucjp": ("euc_jp", "euc_jisx0213"),
    "ksc56011987": ("cp949",),
    "ksc5601": ("cp949",),
    "euckr": ("cp949",),
    "korean": ("cp949",),
    "windows949": ("cp949",),
    "xmacroman": ("mac_roman",),
    "macintosh": ("mac_roman",),
    "xmaccyrillic": ("mac_cyrillic",),
}
_UTF7 = {"utf7", "unicode11utf7", "utf7imap", "csunicode11utf7", "unicode20utf7", "u7"}
_NO_CHARSETS = frozenset(
    {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"}
)
_NOT_LETTERS = re.compile(r"[^a-z0-9]+")
_LONE = re.compile("[\ud800-\udfff]")
# Those that read ASCII bytes as something else.
_WIDE = ("utf-16", "utf-32")
_EBCDIC = ("cp037", "cp273", "cp424", "cp500", "cp875", "cp1026", "cp1140")
_TWO_BYTES = frozenset(
    {"gb18030", "cp950", "big5hkscs", "cp932", "cp949", "euc_jp", "shift_jisx0213", "euc_jisx0213"}
)
# Codecs whose names nobody writes into mail.
_NAMES = {
    "latin-1": "iso-8859-1", "iso8859-1": "iso-8859-1", "cp950": "big5", "big5hkscs": "big5-hkscs",
    "cp949": "euc-kr", "cp932": "shift_jis", "shift_jisx0213": "shift_jis", "cp874": "windows-874",
    "iso2022_jp_ext": "iso-2022-jp", "iso2022_jp_2": "iso-2022-jp", "euc_jisx0213": "euc-jp",
    "mac_roman": "macintosh", "hz": "hz-gb-2312",
}  # fmt: skip


@lru_cache(maxsize=512)
def codecs_for(label: str) -> tuple[str, ...] | None:
    """Python codecs to try for a charset label; () where it says nothing; None for UTF-7."""
    key = _NOT_LETTERS.sub("", label.lower().partition("*")[0])
    if key in _UTF7:
        return None
    if key in _ALIASES:
        return _ALIASES[key]
    if key.startswith("cs") and key[2:] in _ALIASES:
        return _ALIASES[key[2:]]
    name = label.strip().strip("\"'").lower()
    try:
        # Python's own switch: codecs like zlib or rot13 are not text encodings, and decode nothing
        b"aaaa".decode(name, "ignore")
        info = codecs.lookup(name)
    except (LookupError, ValueError, UnicodeError, TypeError):
        match = re.fullmatch(r"(?:x-?)?(?:windows|cp|ibm|ms|win)-?(\d{3,4})", name)
        return codecs_for(f"cp{match[1]}") if match and name != f"cp{match[1]}" else ()
    found = info.name.replace("-", "_")
    if found == "utf_7":
        return None
    return () if found in _NO_CHARSETS else (info.name,)


def is_charset(label: str) -> bool:
    """Whether text can be read as this; False for UTF-7 and what nobody knows."""
    return bool(codecs_for(label))


def decode(raw: bytes, label: str = "") -> str:
    """The text of raw; label: a charset as the message names it, or ""."""
    return read(raw, label)[0]


def read_as(raw: bytes, label: str) -> tuple[str, str]:
    """The text of raw in this charset and no other, because a person says so, and its name.

    A label that says nothing leaves it to `read`.
    """
    names = codecs_for(label)
    if not names:
        return read(raw)
    return _whole(_lenient(raw, names)), _name(names[0])


def read(raw: bytes, label: str = "") -> tuple[str, str]:
    """The text of raw, and the name of what it was read as; "" for ASCII, which needs no name.

    label: a charset as the message names it, or "". It holds unless the bytes contradict it: they
    cannot be read so, or give what nobody writes, and are something else for certain.
    """
    names = codecs_for(label) if label else ()
    if raw.isascii() and b"\x1b" not in raw and b"~{" not in raw and not _is_other(raw, names):
        return raw.decode("ascii"), ""
    if raw.startswith(codecs.BOM_UTF8):
        text = _strict(raw, "utf-8")
        if text is not None:
            return _whole(text), "utf-8"
    for name in names or ():
        text = _strict(raw, name)
        if text is not None:
            utf8 = _after_all_utf8(raw, name)
            found = (text, name) if utf8 is None else (utf8, "utf-8")
            if utf8 is None and not fits(text, name):
                found = otherwise(raw, name) or found
            return _whole(found[0]), _name(found[1])
    guessed = _unlabelled(raw) or (raw.decode("cp1252", "replace"), "cp1252")
    if not names:
        return _whole(guessed[0]), _name(guessed[1])
    text, name = _lenient(raw, names), names[0]
    if not fits(text, name):
        other = otherwise(raw, name)
        if other is not None:
            return _whole(other[0]), _name(other[1])
    # A cut or damaged character or two: the label is still the best there is.
    if "\ufffd" not in guessed[0] and (
        guessed[1] == "utf-8" or text.count("\ufffd") * 2 > _foreign(text)
    ):
        text, name = guessed
    return _whole(text), _name(name)


def _is_other(raw: bytes, names: tuple[str, ...] | None) -> bool:
    """Whether these ASCII bytes mean something else; without a NUL they are no UTF-16."""
    if not names or names[0] in ("utf-8", "cp1252", "gb18030"):
        return False
    return names[0].startswith(_EBCDIC) or (names[0].startswith(_WIDE) and b"\x00" in raw)


def _whole(text: str) -> str:
    text = text.removeprefix("\ufeff")
    # Only gb18030 and utf-16 variants could smuggle these; nothing downstream can encode them.
    return _LONE.sub("\ufffd", text) if not text.isascii() else text


def _strict(raw: bytes, name: str) -> str | None:
    if name == "utf-16" and raw[:2] not in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        # RFC 2781, 4.3 says big-endian; many who leave the mark out do not know it
        head = raw[:2000]
        name = "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"
    try:
        return raw.decode(name)
    except (UnicodeError, ValueError):
        if name == "iso2022_jp" and b"\x1b" in raw:
            text = decode_jis(raw)
            return None if "\ufffd" in text else text
        return None


def _lenient(raw: bytes, names: tuple[str, ...]) -> str:
    """What of raw can be read; of several codecs by the one that knows most of it."""
    if names[0] == "iso2022_jp":
        return decode_jis(raw)
    if names[0] == "utf-16":
        return _strict(raw, "utf-16") or raw.decode("utf-16-le", "replace")
    texts = [raw.decode(name, "replace") for name in names]
    return min(texts, key=lambda text: text.count("\ufffd"))


def _foreign(text: str) -> int:
    """How many characters are not ASCII."""
    return len(text) - len(text.encode("ascii", "ignore"))


def _after_all_utf8(raw: bytes, name: str) -> str | None:
    """The text of what is labelled otherwise, but can hardly be anything than UTF-8."""
    if name.startswith(("utf", "iso2022", "hz")):
        return None
    text = _strict(raw, "utf-8")
    if text is None:
        return None
    if name in _TWO_BYTES:
        # Short Chinese words do look like UTF-8 of two bytes; hardly ever like that of three
        long = sum(char >= "\u0800" for char in text[:2000])
        return text if long >= 4 and long * 2 > _foreign(text[:2000]) else None
    return text if _foreign(text[:2000]) >= 2 else None


def _name(codec: str) -> str:
    """A codec as mail calls it."""
    known = _NAMES.get(codec)
    if known is not None:
        return known
    if codec.startswith("cp125"):
        return f"windows-{codec[2:]}"
    return codec.replace("_", "-").replace("iso8859", "iso-8859").replace("iso2022", "iso-2022")


def _unlabelled(raw: bytes) -> tuple[str, str] | None:
    if b"\x1b$" in raw or b"\x1b(" in raw:
        korean = b"\x1b$)C" in raw[:1000]
        for name in ("iso2022_kr",) if korean else ("iso2022_jp", "iso2022_jp_ext"):
            text = _strict(raw, name)
            if text is not None:
                return text, name
    if raw[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        text = _strict(raw, "utf-16")
        if text is not None:
            return text, "utf-16"
    text = _strict(raw, "utf-8")
    if text is not None:
        return text, "utf-8"
    names = codecs_for(guess(raw)) or ()
    for name in names:
        text = _strict(raw, name)
        if text is not None:
            return text, name
    # UTF-8 with a damaged character is far more frequent than anything else left
    lenient = raw.decode("utf-8", "replace")
    if lenient.count("\ufffd") * 10 < _foreign(lenient):
        return lenient, "utf-8"
    return (_lenient(raw, names), names[0]) if names else None
