"""Which alphabet a word is in, and which one the dictionary of a language is for. Pure.

A Greek word is not wrong English; only what a dictionary could know is asked of it.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

LATIN = "LATIN"

# By the first words of Unicode's names of letters; all other languages are written in Latin.
_ALPHABETS = {
    "CYRILLIC": "ab av ba be bg ce cv kk kv ky mhr mk mn os ru sah tg tt udm uk",
    "GREEK": "el grc",
    "HEBREW": "he iw yi",
    "ARABIC": "ar ckb fa ks ps sd ug ur",
    "ARMENIAN": "hy hye",
    "GEORGIAN": "ka",
    "DEVANAGARI": "bho gom hi hne kok mai mr ne sa",
    "BENGALI": "as bn mni",
    "GURMUKHI": "pa",
    "GUJARATI": "gu",
    "ORIYA": "or",
    "TAMIL": "ta",
    "TELUGU": "te",
    "KANNADA": "kn",
    "MALAYALAM": "ml",
    "SINHALA": "si",
    "ETHIOPIC": "am byn gez ti tig wal",
    # Nothing that is looked up is written in these
    "": "bo dz ja km ko lo my th wuu yue zh",
}
_OF_LANGUAGE = {code: name for name, codes in _ALPHABETS.items() for code in codes.split()}
# Written in two alphabets, or more
_EITHER = frozenset({"az", "bs", "ku", "sh", "sr", "tk", "uz"})


def written_in(language: str, alphabet: str) -> bool:
    """Whether a dictionary's language ("en_GB") has words in this alphabet."""
    code = language.replace("-", "_").split("_")[0].casefold()
    if code in _EITHER:
        return alphabet in (LATIN, "CYRILLIC", "ARABIC")
    return _OF_LANGUAGE.get(code, LATIN) == alphabet


@lru_cache(4096)
def alphabet(letter: str) -> str:
    """The alphabet of a letter: "LATIN", "CYRILLIC" ..."""
    return unicodedata.name(letter, "?").split()[0]
