"""Whether the name beside an address speaks of another address or another site."""

from __future__ import annotations

import re
import unicodedata

from martlet.mail.message import Address
from martlet.mail.providers import domain_of
from martlet.mail.registrable import registrable, same_site, suffix_of
from martlet.mail.sender_facts import FactKind, SenderFact, Weight
from martlet.mime.sender_values import value

_READ = 1000
_ADDRESS = re.compile(r"[^\s<>()\"',;:@\[\]]{1,64}@([^\W_][\w-]*(?:\.[\w-]+)*\.[^\W\d_][\w-]+)")
_SITE = re.compile(
    r"(?<![\w@.-])(?:https?://)?((?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,4}([^\W\d_]{2,12}))(?![\w@]|\.\w)"
)
# No space stands between Chinese words and a site's name.
_EASTERN = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]+")
# Endings a reader takes for a site's. Not those that names end in (Wang.Li, Node.js, Dr.No).
_ENDING_WORDS = (
    "com net org info biz edu gov mil int io co app dev shop store online site xyz top club cloud"
    " bank email news tech global pro eu uk de fr es it nl be at ch pl cz pt se dk fi gr hu ro bg"
    " ru ua by kz cn hk tw jp kr in au nz br mx ar cl ca us za ae sa il tr vn id th sg"
)
_ENDINGS = frozenset(_ENDING_WORDS.split(" "))
# Products that are called like sites.
_PRODUCTS = frozenset({"asp.net", "vb.net", "ado.net", "ml.net", "paint.net", "socket.io", "at.it"})
_TITLES = frozenset(
    {"mr", "ms", "mrs", "dr", "prof", "st", "no", "vs", "mme", "hr", "sr", "jr", "inc"}
)


def named(sender: Address, *, passed_on: bool) -> list[SenderFact]:
    """NAME_IS_ADDRESS or NAME_IS_SITE. passed_on: a list sent it, which writes such names itself
    ("'ada@example.org' via Sheds")."""
    name = sender.name
    if "." not in name and "@" not in name and name.isascii():
        return []
    name = unicodedata.normalize("NFKC", name[:_READ]).replace("\u3002", ".")
    own = domain_of(sender.address)
    for match in _ADDRESS.finditer(name):
        if not same_site(match[1], own):
            mild = passed_on or " via " in name
            weight = Weight.CAUTION if mild else Weight.WARNING
            told = (value(match[0].strip(".")), value(sender.address))
            return [SenderFact(FactKind.NAME_IS_ADDRESS, weight, told)]
    if "@" in name:
        return []
    for match in _SITE.finditer(_EASTERN.sub(" ", name)):
        site = registrable(match[1])
        if match[2].casefold() in _ENDINGS and _is_site(site) and not same_site(site, own):
            weight = Weight.NOTE if _label(site) == _label(registrable(own)) else Weight.CAUTION
            told = (value(match[1]), value(sender.address))
            return [SenderFact(FactKind.NAME_IS_SITE, weight, told)]
    return []


def _is_site(site: str) -> bool:
    label = _label(site)
    return len(label) > 1 and label not in _TITLES and site not in _PRODUCTS


def _label(site: str) -> str:
    return site.removesuffix(suffix_of(site)).rstrip(".")
