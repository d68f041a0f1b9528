"""Bytes to text whatever the label says: aliases as browsers read them, then UTF-8, then a guess.

Never raises. UTF-7 is refused (it hides markup from filters); its bytes are shown as they are.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from functools import lru_cache

import cchardet

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
_NOT_LETTERS = re.compile(r"[^a-z0-9]+")
_LONE = re.compile("[\ud800-\udfff]")
# cchardet wants evidence, not volume.
_SAMPLE = 65536


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
        # Python's own switch: codecs like zlib or rot13 are not text encodings
        b"".decode(name)
        info = codecs.lookup(name)
    except (LookupError, ValueError, UnicodeError, TypeError):
        match = re.fullmatch(r"(?:x-?)?(?:windows|cp|ibm|ms|win)-?(\d{3,4})", name)
        return codecs_for(f"cp{match[1]}") if match and not name.startswith("cp1") else ()
    if info.name == "utf-7":
        return None
    if info.name in (
        "idna",
        "punycode",
        "unicode_escape",
        "raw_unicode_escape",
        "undefined",
        "mbcs",
    ):
        return ()
    return (info.name,)


def decode(raw: bytes, label: str = "") -> str:
    """The text of raw; label: a charset as the message names it, or ""."""
    if raw.isascii() and b"\x1b" not in raw and b"~{" not in raw:
        names = codecs_for(label) if label else ()
        # UTF-16, UTF-32 and EBCDIC are all that read ASCII bytes otherwise
        if not names or names[0] in ("utf-8", "gb18030", "cp1252", "cp950", "big5hkscs", "cp949"):
            return raw.decode("ascii")
    names = codecs_for(label) if label else ()
    if names is None:
        return raw.decode("ascii", "replace")
    for name in names:
        try:
            return _whole(raw.decode(name))
        except (UnicodeError, ValueError):
            continue
    guessed = _unlabelled(raw)
    if not names:
        return guessed if guessed is not None else raw.decode("cp1252", "replace")
    try:
        return _whole(raw.decode("utf-8"))
    except UnicodeError:
        # A cut or damaged character or two: the label is still the best there is.
        return _whole(raw.decode(names[0], "replace"))


def _whole(text: str) -> str:
    text = text.removeprefix("\ufeff")
    # Only gb18030 and utf-16 variants could smuggle these; nothing downstream can encode them.
    return _LONE.sub("\ufffd", text) if not text.isascii() else text


def _unlabelled(raw: bytes) -> str | None:
    if b"\x1b$" in raw or b"\x1b(" in raw:
        for name in ("iso2022_jp", "iso2022_jp_ext", "iso2022_kr"):
            try:
                return raw.decode(name)
            except (UnicodeError, ValueError):
                continue
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return _whole(raw.decode("utf-16"))
        except (UnicodeError, ValueError):
            pass
    try:
        return _whole(raw.decode("utf-8"))
    except UnicodeError:
        pass
    names = codecs_for(guess(raw)) or ()
    for name in names:
        try:
            return _whole(raw.decode(name))
        except (UnicodeError, ValueError):
            continue
    # UTF-8 with a damaged character is far more frequent than anything else left
    lenient = raw.decode("utf-8", "replace")
    if lenient.count("\ufffd") * 10 < sum(c > "\x7f" for c in lenient):
        return _whole(lenient)
    return raw.decode(names[0], "replace") if names else None


def guess(raw: bytes) -> str:
    """The likely charset of text that is not UTF-8; "" if nothing can be said."""
    sample = raw[:_SAMPLE]
    found = cchardet.detect(sample).get("encoding") or ""
    if _western(sample, found.lower()):
        return "cp1252"
    name = found.lower()
    pairs = _pairs(sample)
    # Kana have rows of their own, which Chinese senders have no use for
    if pairs and sum(lead in (0xA4, 0xA5) for lead, _ in pairs) * 3 > len(pairs):
        return "euc-jp"
    if name.startswith(("gb", "big5", "euc", "shift", "uhc", "cp949", "iso-2022", "hz")):
        if name == "uhc":
            return "cp949"
        return found
    # It knows no frequencies for a few characters: names, subjects, file names.
    if pairs and _share(pairs, _gb2312_frequent) >= 0.85:
        return "gb18030"
    if len(pairs) > 1 and _share(pairs, _big5_frequent) >= 0.9 and _dense(sample, pairs):
        return "big5"
    return found


def _pairs(raw: bytes) -> list[tuple[int, int]]:
    """Two-byte characters as Chinese encodings cut them; empty if it cannot be one."""
    pairs: list[tuple[int, int]] = []
    i, n = 0, min(len(raw), 2000)
    while i < n:
        if raw[i] < 0x80:
            i += 1
            continue
        if i + 1 >= len(raw) or raw[i] in (0x80, 0xFF) or raw[i + 1] < 0x40:
            return []
        pairs.append((raw[i], raw[i + 1]))
        i += 2
    return pairs


def _gb2312_frequent(lead: int, trail: int) -> bool:
    # Level 1 (3,755 characters by pinyin) and punctuation
    return trail >= 0xA1 and (0xB0 <= lead <= 0xD7 or 0xA1 <= lead <= 0xA3)


def _big5_frequent(lead: int, trail: int) -> bool:
    return 0xA1 <= lead <= 0xC6 and (trail <= 0x7E or trail >= 0xA1)


def _share(pairs: list[tuple[int, int]], frequent: Callable[[int, int], bool]) -> float:
    return sum(frequent(*p) for p in pairs) / len(pairs)


def _dense(raw: bytes, pairs: list[tuple[int, int]]) -> bool:
    return len(pairs) * 2 * 2 >= min(len(raw), 2000)


_RUN = re.compile(rb"[\x80-\xff]+")
_CENTRAL = ("windows-1250", "iso-8859-2", "windows-1254", "iso-8859-9", "windows-1257")


def _western(raw: bytes, found: str) -> bool:
    """Single accented letters among plain ones: no Cyrillic or Greek looks like that."""
    runs = _RUN.findall(raw)
    single = sum(len(run) == 1 for run in runs)
    plain = sum(65 <= (byte | 32) - 32 <= 90 for byte in raw)
    if not runs or single < len(runs) * 0.7 or plain < len(runs) * 2:
        return False
    return found not in _CENTRAL or len(runs) < 6
