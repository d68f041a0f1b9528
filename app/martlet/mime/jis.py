"""ISO-2022-JP as Japanese senders write it (RFC 1468, and what Windows adds). Never raises.

Python's codecs refuse the circled digits and the personal names that CP50221 puts into the same
two bytes; here one such character does not spoil the others.
"""

from __future__ import annotations

import re

_MAX_PIECES = 50_000
_ESCAPE = re.compile(rb"\x1b(\$[@B]|\$\([@BDO]|\([BJI])")
_PAIR = re.compile(rb"[\x21-\x7e]{2}")
_HIGH = bytes(byte | 0x80 if 0x21 <= byte <= 0x7E else byte for byte in range(256))
_MODES = {
    b"$@": "kanji", b"$B": "kanji", b"$(@": "kanji", b"$(B": "kanji", b"$(O": "kanji",
    b"$(D": "more", b"(I": "kana",
}  # fmt: skip


def decode_jis(raw: bytes) -> str:
    """The text of raw; what is in no table of characters becomes U+FFFD."""
    out: list[str] = []
    mode, position = "", 0
    for number, match in enumerate(_ESCAPE.finditer(raw)):
        if number >= _MAX_PIECES:
            # What changes its alphabet so often is no text; it is read, but not with care
            out.append(raw[match.start() :].decode("iso2022_jp", "replace"))
            return "".join(out)
        out.append(_piece(raw[position : match.start()], mode))
        mode = _MODES.get(match[1], "")
        position = match.end()
    out.append(_piece(raw[position:], mode))
    return "".join(out)


def _piece(raw: bytes, mode: str) -> str:
    if not raw:
        return ""
    if mode == "kanji":
        try:
            return raw.translate(_HIGH).decode("euc_jp")
        except UnicodeError:
            return _PAIR.sub(_windows, raw).decode("cp932", "replace")
    if mode == "more":  # JIS X 0212
        return _PAIR.sub(_supplement, raw).decode("euc_jp", "replace")
    if mode == "kana":
        return raw.translate(_HIGH).decode("cp932", "replace")
    return raw.decode("cp932", "replace") if not raw.isascii() else raw.decode("ascii")


def _windows(match: re.Match[bytes]) -> bytes:
    """The two bytes as Shift JIS has them, whose Windows form knows the additions."""
    row, cell = match[0]
    lead = ((row - 0x21) >> 1) + 0x81
    trail = cell + 0x7E
    if row % 2:
        trail = cell + 0x1F + (cell >= 0x60)
    return bytes((lead if lead < 0xA0 else lead + 0x40, trail))


def _supplement(match: re.Match[bytes]) -> bytes:
    return b"\x8f" + match[0].translate(_HIGH)
