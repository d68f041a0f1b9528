"""Whether two texts look alike, and whether a word pretends to be of another alphabet.

After UTS 39 (skeletons, mixed scripts), made for senders: a warning on an ordinary Russian, Greek,
Chinese, Japanese, Korean or Arabic name would teach people to overlook warnings.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from martlet.mail.registrable import shown_host
from martlet.mime.confusable_letters import DIGITS, GROUPS, LIKE_LATIN, LIKE_SIGNS, LOOKS

_WORD = re.compile(r"[^\W_]+")
_LETTER = frozenset({"Ll", "Lu", "Lo", "Lt"})
_MAX = 1000


def skeleton(text: str) -> str:
    """What an eye makes of it: equal skeletons look alike (UTS 39, 4). Of 1,000 characters."""
    return _skeleton(text[:_MAX])


@lru_cache(maxsize=4096)
def _skeleton(text: str) -> str:
    if not text.isascii():
        flat = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text))
        text = "".join(LOOKS.get(char, char) for char in flat if not unicodedata.combining(char))
    # A capital I is an l in most fonts, a small i is not.
    text = text.replace("I", "l").casefold().translate(DIGITS)
    for group, look in GROUPS:
        text = text.replace(group, look)
    return text


@lru_cache(maxsize=4096)
def script(char: str) -> str:
    """ "LATIN", "CYRILLIC", "CJK" ... of a letter; "" of what is none."""
    if char.isascii():
        return "LATIN" if char.isalpha() else ""
    if unicodedata.category(char) not in _LETTER:
        return ""
    words = unicodedata.name(char, "").replace("FULLWIDTH ", "").split(" ")
    return "" if words[0] in ("MATHEMATICAL", "MICRO", "FEMININE", "MASCULINE") else words[0]


def mixed(label: str) -> bool:
    """Whether one label of a name holds letters of several scripts that look like each other."""
    if label.isascii():
        return False
    chars = set(label[:_MAX])
    found = {script(char) for char in chars - LIKE_SIGNS} - {""}
    if len(found & LIKE_LATIN) > 1:
        return True
    return found == {"LATIN"} and bool(LIKE_SIGNS & chars)


def disguised_words(text: str) -> tuple[str, ...]:
    """Words of a person's name that mix scripts so that they read as of one.

    "Ωmega" and "iPhone-чехол" do not; "Раypal" and "Сбeрбaнк" do.
    """
    if text.isascii():
        return ()
    return tuple(word for word in _WORD.findall(text[:_MAX]) if _disguised(word))


def _disguised(word: str) -> bool:
    letters = [(script(char), char) for char in word]
    scripts = {name for name, _ in letters} - {""}
    if len(scripts) < 2 or not scripts <= LIKE_LATIN:
        return False
    latin = [char for name, char in letters if name == "LATIN"]
    foreign = [char for name, char in letters if name not in ("", "LATIN")]
    if all(char in LOOKS for char in foreign):
        return True
    # Or it reads as a word of the other script, some letters of which are Latin.
    return len(latin) < len(foreign) and set(latin) <= _disguises(scripts - {"LATIN"})


def _disguises(scripts: set[str]) -> set[str]:
    """The Latin letters that look like letters of these scripts."""
    return {look for char, look in LOOKS.items() if script(char) in scripts}


def looks_latin(label: str) -> bool:
    """Whether all its letters are of another script and every one looks like a Latin one: аррӏе."""
    if label.isascii():
        return False
    letters = [char for char in label[:_MAX] if script(char)]
    scripts = {script(char) for char in letters}
    return (
        len(letters) > 1
        and scripts <= LIKE_LATIN
        and "LATIN" not in scripts
        and all(char in LOOKS for char in letters)
    )


def deceptive_host(host: str) -> bool:
    """Whether a label of it, in the letters people read, pretends to be in other letters."""
    return bool(mixed_label(host) or latin_label(host))


def mixed_label(host: str) -> str:
    """The first label that is `mixed`, in the letters people read; "" if none is."""
    return next((label for label in _labels(host) if mixed(label)), "")


def latin_label(host: str) -> str:
    """The first label that only `looks_latin`, "" if none does. Below an ending in that script
    (.рф) nothing else is to be expected than words that happen to look so."""
    labels = _labels(host)
    if not labels or not labels[-1].isascii():
        return ""
    return next((label for label in labels if looks_latin(label)), "")


def _labels(host: str) -> list[str]:
    if host.isascii() and "xn--" not in host.casefold():
        return []
    return shown_host(host).split(".")
