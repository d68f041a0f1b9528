"""One entry of a typed list: a name and an address in whatever form, or several side by side."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import dropwhile
from urllib.parse import unquote

from martlet.mail.message import Address
from martlet.mail.right_address import is_address
from martlet.mail.visible import visible

_FEW = 200  # words that are looked at before it is said what they are
_NAME_MOST = 50  # words of a name
_LONGEST = 2000  # characters of an entry that patterns are tried on; longer ones are none
_LINK = re.compile(r"mailto:([^\s<>\"'\];?]*)(?:\?([^\s<>\"'\]]*))?", re.IGNORECASE)
_BRACKETED = re.compile(
    r"([^@<>]*?)\s*[\[({【（《「『｛〔［](?:mailto:)?([^\s@<>]{1,64}@[^\s@<>]{1,255}?)"
    r"[\])}】）》」』｝〕］]\s*",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"([^\s@]+@[^\s@]+)\s*\(([^()]*)\)")
_REMARK = re.compile(r"\([^()]*\)")
_BULLET = re.compile(r"(?:[•·▪◦‣∙●○■□*+–—-] )+")
_NUMBER = re.compile(r"\d{1,4}[.)]?")
_BEHIND = re.compile(r" [-–—:：|]")
_ESCAPED = re.compile(r"\\(.)")
_EDGES = "<>()[]{}\"',;:!?…，。、；：！？（）【】《》「」『』“”‘’„«»"
_QUOTES = frozenset(('""', "''", "“”", "„“", "„”", "‘’", "«»", "»«", "「」", "『』", "()", "（）"))
# What stands between one and the next
_AND = frozenset({
    *("and", "or", "&", "/", "|", "+", "und", "oder", "et", "ou", "y", "e", "i", "o", "en", "och"),
    *("og", "ja", "és", "и", "і", "та", "和", "与", "與", "及", "以及", "と"),
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Typed:
    """One entry of a typed list. written: as it stood; valid: whether mail can be sent to it."""

    address: Address
    written: str

    @property
    def valid(self) -> bool:
        return is_address(self.address.address)


def person(name: str, address: str, written: str) -> Typed:
    """Somebody by these words; a name that only repeats the address is none."""
    bare, called = _bare(address), _name(name)
    return Typed(Address("" if called.casefold() == bare.casefold() else called, bare), written)


def unlinked(text: str) -> str:
    """mailto: links (RFC 6068) as their recipients; of their fields `to` alone, for in a line of
    recipients nobody looks for what else a link may bring."""
    return _LINK.sub(_people_of_link, text) if "mailto:" in text.casefold() else text


def bracketed(piece: str) -> str:
    """An address in brackets of another kind as "Name <address>"; all else as it is."""
    if "@" not in piece or "<" in piece or len(piece) > _LONGEST:
        return piece
    match = _BRACKETED.fullmatch(piece)
    return f"{match[1]} <{match[2]}>" if match and is_address(_bare(match[2])) else piece


def is_name_and_address(piece: str) -> bool:
    """Whether it is the end of a name, and its address in angle brackets behind it."""
    name, bracket, rest = piece.rstrip().partition("<")
    return bool(bracket and name.strip()) and rest.find(">") in (-1, len(rest) - 1)


def entries(piece: str) -> Iterator[Typed]:
    """Those of one piece between separators."""
    place = 0
    while (start := piece.find("<", place)) >= 0:
        end = piece.find(">", start)
        end = len(piece) if end < 0 else end
        start = max(start, piece.rfind("<", start, end))
        written = piece[place : end + 1].strip()
        yield person(piece[place:start], piece[start + 1 : end], written)
        place = end + 1
    rest = piece[place:].strip()
    if rest and not (place and _is_remark(rest)):
        yield from _bare_entries(rest)


def _is_remark(text: str) -> bool:
    return len(text) < _LONGEST and bool(_REMARK.fullmatch(text))


def _bare_entries(piece: str) -> Iterator[Typed]:
    if is_address(_bare(piece)):
        yield person("", piece, piece)
        return
    match = _COMMENT.fullmatch(piece) if len(piece) < _LONGEST else None
    if match:
        yield person(match[2], match[1], piece)
        return
    words = piece.split()
    first, last = "@" in words[0], "@" in words[-1]
    # Many words are not judged before the first of them is there to be seen.
    few = len(words) <= _FEW and not any(map(_is_right, words))
    if few or not (first or last):
        yield _nobody(piece)
    elif first and last:
        yield from _side_by_side(words)
    elif last:
        yield from _names_before(words)
    else:
        yield from _names_behind(words)


def _side_by_side(words: list[str]) -> Iterator[Typed]:
    for word in words:
        if "@" in word:
            yield person("", word, word)
        elif word.casefold() not in _AND:
            yield _nobody(word)


def _names_before(words: list[str]) -> Iterator[Typed]:
    """Addresses with words before each of them: its name. What is left is nobody."""
    name: list[str] = []
    for word in words:
        # From the end where "and" stands between one and the next
        if _is_right(word):
            name = _without_and(name)
            yield person(" ".join(name), word, " ".join([*name, word]))
            name = []
        elif len(name) < _NAME_MOST:
            name.append(word)
        else:
            yield _nobody(" ".join(name))
            name = [word]
    if name := _without_and(name):
        yield _nobody(" ".join(name))


def _names_behind(words: list[str]) -> Iterator[Typed]:
    """Addresses with words behind each of them."""
    address = ""
    name: list[str] = []
    for word in words:
        right = _is_right(word)
        if not right and len(name) < _NAME_MOST:
            name.append(word)
            continue
        yield from _named(address, name)
        address, name = (word, []) if right else ("", [word])
    yield from _named(address, name)


def _named(address: str, name: list[str]) -> Iterator[Typed]:
    name = _without_and(name[::-1])[::-1]
    if address:
        yield person(" ".join(name), address, " ".join([address, *name]))
    elif name:
        yield _nobody(" ".join(name))


def _without_and(words: list[str]) -> list[str]:
    return list(dropwhile(lambda each: each.casefold() in _AND, words))


def _is_right(word: str) -> bool:
    return ("@" in word or "＠" in word) and is_address(_bare(word))


def _nobody(written: str) -> Typed:
    return Typed(Address("", visible(written)), written)


def _people_of_link(match: re.Match[str]) -> str:
    fields = (match[2] or "").split("&")
    named = [value for key, _, value in (f.partition("=") for f in fields) if key.lower() == "to"]
    people = [each for part in (match[1], *named) for each in part.split(",")]
    comma = "," if match[0].endswith(",") else ""
    return ", ".join(_unquoted(each) for each in people if each) + comma


def _unquoted(text: str) -> str:
    """Percent signs read, unless what comes out would be more than one address."""
    if "%" not in text:
        return text
    read = visible(unquote(text))
    return read if is_address(read) else text


def _bare(text: str) -> str:
    """The address without what stands around it in a sentence."""
    text = visible(text)
    text = text[7:] if text[:7].casefold() == "mailto:" else text
    if is_address(text):
        return text[:-1] if text.endswith(".") else text
    plain = text.replace("。", ".").replace("｡", ".").rstrip(_EDGES + ".").lstrip(_EDGES)
    return plain if is_address(plain) else text


def _name(text: str) -> str:
    text = _unquoted_name(visible(text))
    if text[:1].isalpha() and text[-1:].isalnum():
        return text
    bullet = _BULLET.match(text)
    text = text[bullet.end() :] if bullet else text
    while _BEHIND.fullmatch(text[-2:]):
        text = text[:-2]
    text = _unquoted_name(text)
    if _NUMBER.fullmatch(text) or all(unicodedata.category(char)[0] == "P" for char in text):
        return ""
    return text


def _unquoted_name(text: str) -> str:
    if len(text) < 2 or text[0] + text[-1] not in _QUOTES:
        return text
    inside = text[1:-1]
    if "\\" in inside and text[0] in "\"'":
        inside = _ESCAPED.sub(r"\1", inside)
    return inside.strip()
