"""Reading text in a charset a server or sender names, of those that mail is written in.

Python's other codecs are no charsets (rot13, unicode_escape), or take far longer than what they
are given is long (punycode, idna).
"""

from __future__ import annotations

from encodings.aliases import aliases

_PAGES = "437 850 852 855 858 860 861 862 863 865 866 869 874 932 936 949 950 1250 1251 1252 1253"
_REAL = frozenset(
    (
        *("ascii", "utf_7", "utf_8", "utf_8_sig", "utf_16", "utf_16_be", "utf_16_le", "utf_32"),
        *("utf_32_be", "utf_32_le", "latin_1", "koi8_r", "koi8_u", "koi8_t", "kz1048", "tis_620"),
        *("mac_roman", "mac_cyrillic", "mac_greek", "mac_latin2", "mac_turkish", "ptcp154"),
        *("gb2312", "gbk", "gb18030", "hz", "big5", "big5hkscs", "johab", "euc_kr", "iso2022_kr"),
        *("shift_jis", "shift_jis_2004", "shift_jisx0213", "euc_jp", "euc_jis_2004"),
        *("euc_jisx0213", "iso2022_jp", "iso2022_jp_1", "iso2022_jp_2", "iso2022_jp_2004"),
        *("iso2022_jp_3", "iso2022_jp_ext"),
        *(f"iso8859_{number}" for number in range(1, 17) if number != 12),
        *(f"cp{page}" for page in (*_PAGES.split(), *range(1254, 1259))),
    )
)


def read(raw: bytes, charset: str) -> str:
    """The text, in this charset where it is a known one and fits; else UTF-8 or Latin-1."""
    for name in (_codec(charset), "utf_8"):
        try:
            if name:
                return raw.decode(name)
        except UnicodeError:
            continue
    return raw.decode("latin-1")


def _codec(charset: str) -> str:
    """Python's name of it, "" when it is none of those above."""
    name = charset.strip().lower().replace("-", "_").replace(" ", "_").replace(":", "_")
    name = aliases.get(name, name)
    return name if name in _REAL else ""
