"""What may stand in for a font that a recipient does not have.

A letter keeps a font by its name alone; what stands behind it is put there as it is written, so
that each computer finds something of the same kind, with the letters of the same script.
"""

from __future__ import annotations

import re
from itertools import chain

SANS, SERIF, MONO = "sans-serif", "serif", "monospace"
CODE = ("Consolas", "Menlo", "Liberation Mono", MONO)
"""For code: without a name in front, browsers make it smaller."""

_KINDS = frozenset(
    {"inherit", "initial", "unset", "revert", SANS, SERIF, "system-ui", "-apple-system"}
)
_GENERIC = frozenset({SANS, SERIF, MONO, "cursive", "fantasy", "system-ui"})
_KNOWN = (
    ("Arial", "Helvetica", "Liberation Sans", SANS),
    ("Calibri", "Carlito", "Arial", SANS),
    ("Cambria", "Caladea", "Georgia", SERIF),
    ("Courier New", "Liberation Mono", "Courier", MONO),
    ("Georgia", "DejaVu Serif", "Times New Roman", SERIF),
    ("Helvetica", "Arial", "Liberation Sans", SANS),
    ("Helvetica Neue", "Helvetica", "Arial", SANS),
    ("Segoe UI", "Helvetica Neue", "Arial", SANS),
    ("Tahoma", "Verdana", "DejaVu Sans Condensed", SANS),
    ("Times New Roman", "Times", "Liberation Serif", SERIF),
    ("Trebuchet MS", "Fira Sans", "Arial", SANS),
    ("Verdana", "DejaVu Sans", "Geneva", SANS),
)
_HANS_SANS = ("Microsoft YaHei", "PingFang SC", "Noto Sans CJK SC", SANS)
_HANS_SERIF = ("SimSun", "Songti SC", "Noto Serif CJK SC", SERIF)
_HANT_SANS = ("Microsoft JhengHei", "PingFang TC", "Noto Sans CJK TC", SANS)
_HANT_SERIF = ("PMingLiU", "Songti TC", "Noto Serif CJK TC", SERIF)
_KANA_SANS = ("Yu Gothic", "Hiragino Sans", "Noto Sans CJK JP", SANS)
_KANA_SERIF = ("Yu Mincho", "Hiragino Mincho ProN", "Noto Serif CJK JP", SERIF)
_HANGUL_SANS = ("Malgun Gothic", "Apple SD Gothic Neo", "Noto Sans CJK KR", SANS)
_HANGUL_SERIF = ("Batang", "AppleMyungjo", "Noto Serif CJK KR", SERIF)
# By what stands in a font's name, the first that fits
_LIKE = tuple(
    (re.compile(words, re.IGNORECASE), stack)
    for words, stack in (
        (r"jheng ?hei|pingfang (?:tc|hk)|正黑|(?:noto|source) sans.* (?:tc|hk)\b", _HANT_SANS),
        (r"mingliu|細明|明體|標楷|dfkai|songti tc|serif.* (?:tc|hk)\b", _HANT_SERIF),
        (r"mincho|明朝|serif.* jp\b", _KANA_SERIF),
        (r"meiryo|メイリオ|ms (?:p|ui )?gothic|yu gothic|hiragino|ゴシック|sans.* jp\b",
         _KANA_SANS),
        (r"batang|바탕|gungsuh|궁서|myungjo|명조|serif.* kr\b", _HANGUL_SERIF),
        (r"malgun|맑은|gulim|굴림|dotum|돋움|apple sd|nanum ?gothic|나눔고딕|sans.* kr\b",
         _HANGUL_SANS),
        (r"simsun|宋|fangsong|仿|kaiti|楷|stsong|songti|serif.* (?:sc|cn)\b", _HANS_SERIF),
        (r"yahei|雅黑|simhei|黑体|dengxian|等线|pingfang|苹方|heiti|sans.* (?:sc|cn)\b",
         _HANS_SANS),
        (r"mono|courier|consol|menlo|typewriter|\bcode\b", CODE),
        (r"(?<!sans )(?<!sans-)(?<!sans)\bserif|times|georgia|garamond|roman|palatino|book ?antiqua"
         r"|bodoni|baskerville|century|cambria|didot|minion|constantia",
         ("Georgia", "Times New Roman", SERIF)),
        ("comic|script|hand|brush|cursive", ("cursive",)),
    )
)  # fmt: skip
_BARE_NAME = re.compile(r"[A-Za-z][\w-]*", re.ASCII)


def says_nothing(family: str) -> bool:
    """Whether this is no font's name, but the usual one by other words."""
    return family.lower() in _KINDS or family.startswith(("+", "var("))


def stack(family: str) -> list[str]:
    """The families to try, the named one first; [] for the usual one."""
    if not family or family.lower() in _GENERIC:
        return [family] if family else []
    wanted = family.casefold()
    known = (rest for name, *rest in _KNOWN if name.casefold() == wanted)
    alike = (list(rest) for like, rest in _LIKE if like.search(family))
    behind = next(chain(known, alike), [SANS])
    return [family, *(each for each in behind if each.casefold() != wanted)]


def css(family: str) -> str:
    """The value of font-family that names it, and what may stand in for it."""
    return ",".join(map(_quoted, stack(family)))


def _quoted(family: str) -> str:
    return family if _BARE_NAME.fullmatch(family) else f"'{family}'"


CODE_CSS = ",".join(map(_quoted, CODE))
