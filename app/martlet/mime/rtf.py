"""RTF as Outlook sends it in place of a text: as plain text, or as the HTML it was made from
(MS-OXRTFEX). Pictures, tables and looks of real RTF are left out. Never raises.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from martlet.mime.charset import decode
from martlet.mime.lzfu import MAX_RTF

_TOKEN = re.compile(
    rb"\\'([0-9A-Fa-f]{2})"
    rb"|\\([A-Za-z]{1,32})(-?[0-9]{1,10})?[ ]?"
    rb"|\\(.)"
    rb"|([{}])"
    rb"|[\r\n\x00]+"
    rb"|([^\\{}\r\n\x00]+|\\\Z)",
    re.DOTALL,
)
_MAX_TOKENS = 500_000
_MAX_OPEN = 1_000
# Groups whose words are not the message's
_ASIDE = frozenset(
    {
        b"colortbl", b"stylesheet", b"info", b"pict", b"object", b"header", b"footer", b"headerl",
        b"headerr", b"headerf", b"footerl", b"footerr", b"footerf", b"listtable",
        b"listoverridetable", b"rsidtbl", b"generator", b"themedata", b"datastore", b"pntext",
        b"xmlnstbl", b"fldinst", b"bkmkstart", b"bkmkend", b"filetbl", b"revtbl", b"mhtmltag",
    }
)  # fmt: skip
_SIGNS = {
    b"par": "\n", b"line": "\n", b"sect": "\n", b"page": "\n", b"row": "\n", b"tab": "\t",
    b"cell": "\t", b"emdash": "—", b"endash": "–", b"bullet": "•", b"lquote": "‘",
    b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”", b"emspace": "\u2003",
    b"enspace": "\u2002", b"qmspace": "\u2005", b"zwj": "\u200d", b"zwnj": "\u200c",
    b"ltrmark": "", b"rtlmark": "",
}  # fmt: skip
# Windows code pages by \fcharset (of the font a run is in)
_CHARSETS = {
    77: 10000, 128: 932, 129: 949, 134: 936, 136: 950, 161: 1253, 162: 1254, 163: 1258,
    177: 1255, 178: 1256, 186: 1257, 204: 1251, 222: 874, 238: 1250, 0: 1252,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Read:
    """The text of an RTF; is_html: it is the HTML that the RTF was made from."""

    text: str
    is_html: bool


@dataclass(frozen=True, slots=True)
class _State:
    """What holds up to the end of a group. page: code page; skip: characters after \\u."""

    aside: bool = False
    tag: bool = False
    fonts: bool = False
    rtf_only: bool = False
    page: int = 0
    skip: int = 1


def read(rtf: bytes) -> Read:
    """The text; "" for bytes that are no RTF."""
    if not rtf.lstrip()[:5].startswith(b"{\\rtf"):
        return Read("", False)
    reading = _Reading(b"\\fromhtml1" in rtf[:2000])
    position, count = 0, 0
    rtf = rtf[:MAX_RTF]
    while position < len(rtf) and count < _MAX_TOKENS:
        match = _TOKEN.match(rtf, position)
        if match is None:
            break
        position = match.end() + reading.take(match)
        count += 1
    reading.flush()
    text = "".join(reading.out)
    # Half a character may have been named alone
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return Read(text if reading.html else text.strip("\n"), reading.html)


@dataclass(slots=True)
class _Reading:
    html: bool
    state: _State = _State()
    groups: list[_State] = field(default_factory=list)
    fonts: dict[int, int] = field(default_factory=dict)
    font: int = -1
    page: int = 1252
    star: bool = False
    to_skip: int = 0
    raw: bytearray = field(default_factory=bytearray)
    out: list[str] = field(default_factory=list)

    def take(self, token: re.Match[bytes]) -> int:
        """Reads one token; so many bytes after it are passed over."""
        coded, word, number, sign, brace, text = token.groups()
        if word is not None:
            return self._word(word, int(number) if number else None)
        if coded is not None:
            self._bytes(bytes((int(coded, 16),)))
        elif text is not None:
            self._bytes(text)
        elif brace is not None:
            self.flush()
            self.star, self.to_skip = False, 0
            if brace == b"{" and len(self.groups) < _MAX_OPEN:
                self.groups.append(self.state)
            elif brace == b"}" and self.groups:
                self.state = self.groups.pop()
        elif sign == b"*":
            self.star = True
        elif sign is not None:
            self._sign(sign)
        return 0

    def flush(self) -> None:
        """Bytes seen so far become text: a character may be cut by any token but these."""
        if self.raw:
            page = self.state.page or self.page
            self.out.append(decode(bytes(self.raw), f"cp{page}"))
            self.raw.clear()

    def _shown(self) -> bool:
        state = self.state
        return not (state.aside or state.fonts or (self.html and state.rtf_only))

    def _bytes(self, found: bytes) -> None:
        if self.to_skip:
            left = found[self.to_skip :]
            self.to_skip = max(0, self.to_skip - len(found))
            found = left
        if found and self._shown():
            self.raw += found

    def _add(self, text: str) -> None:
        self.flush()
        if self._shown():
            self.out.append(text)

    def _sign(self, sign: bytes) -> None:
        if sign in b"\\{}":
            self._bytes(sign)
        elif sign in b"\r\n":
            self._add("\n")
        elif sign == b"~":
            self._add("&nbsp;" if self.html else "\u00a0")
        elif sign == b"_":
            self._add("-")

    def _word(self, word: bytes, number: int | None) -> int:
        star, self.star = self.star, False
        if word == b"bin":
            return max(0, number or 0)
        if word == b"u" and number is not None:
            self._add(chr(number & 0xFFFF))
            self.to_skip = self.state.skip
            return 0
        if word == b"htmltag" and self.html:
            self.flush()
            # What stands outside of it was shown by RTF alone, or is the text between tags
            self.state = replace(self.state, tag=True, aside=False, rtf_only=False)
        elif word in _ASIDE or (star and word not in (b"htmltag", b"fonttbl")):
            self.flush()
            self.state = replace(self.state, aside=True)
        elif word in _SIGNS:
            if not (self.html and word in (b"cell", b"row")):
                self._add(_SIGNS[word])
        else:
            self._sets(word, number)
        return 0

    def _sets(self, word: bytes, number: int | None) -> None:
        if word == b"htmlrtf":
            self.flush()
            self.state = replace(self.state, rtf_only=number != 0)
        elif word == b"fonttbl":
            self.flush()
            self.state = replace(self.state, fonts=True)
        elif word == b"ansicpg" and number:
            self.page = number
        elif word == b"uc" and number is not None:
            self.state = replace(self.state, skip=min(max(number, 0), 100))
        elif word == b"f" and number is not None:
            self.font = number
            if not self.state.fonts:
                self._font()
        elif word == b"fcharset" and number is not None and self.state.fonts:
            page = _CHARSETS.get(number, 0)
            if len(self.fonts) < 1000:
                self.fonts[self.font] = page if number else 0
        elif word == b"plain":
            self.flush()
            self.state = replace(self.state, page=0)

    def _font(self) -> None:
        page = self.fonts.get(self.font, 0)
        if page != self.state.page:
            self.flush()
            self.state = replace(self.state, page=page)
