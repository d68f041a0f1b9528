"""Whose site a host belongs to: the part of its name that somebody registered.

Which names are sold with two or more labels (co.uk) is knowledge, and stands in `known.suffixes`;
the public list has 10,000 lines, ours those that mail really comes from. A suffix that is missing
makes two strangers below it look like one site, so rules by pattern stand in for the long tail of
countries; one too many would only make one owner look like two.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from functools import lru_cache

from martlet.mail import host_name
from martlet.mail.known.suffixes import COUNTRY_EXTRA, EACH_ITS_OWN, FLAT, HOSTED, USUAL

_LONGEST = 253
_READ = 300  # what is longer is no name, and is not to be remembered
_LABEL = 63
_HIDDEN = {"Cf", "Cc", "Zs", "Cn", "Co", "Cs"}
_DOTS = re.compile("[\u3002\uff0e\uff61]")  # RFC 3490, 3.1
_NUMBER = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)\Z")


def registrable(host: str) -> str:
    """ "www.shop.co.uk" as "shop.co.uk", in small ASCII letters (IDNA where it can be had).

    IP addresses and names of one label are their own; so is a public suffix itself. "" for "".
    """
    return _registrable(host[:_READ])


@lru_cache(maxsize=2048)
def _registrable(host: str) -> str:
    name = _plain(host)
    if not name or is_number(name):
        return name
    labels = _labels(name)
    return ".".join(labels[-_suffix_labels(labels) - 1 :])


def bought(host: str) -> str:
    """The part of a name that somebody paid for: below a host who gives names away for nothing
    (github.io, duckdns.org) the host's, so that one who takes ten of them looks like one."""
    name = _plain(host)
    if not name or is_number(name):
        return name
    labels = _labels(name)
    return ".".join(labels[-_sold_labels(labels) - 1 :])


def suffix_of(host: str) -> str:
    """What stands behind the registered label: "co.uk", "com", "" for IP addresses."""
    name = _plain(host)
    if not name or is_number(name):
        return ""
    labels = _labels(name)
    return ".".join(labels[-min(_suffix_labels(labels), len(labels)) :])


def same_site(one: str, other: str) -> bool:
    """Whether both hosts are of one registrable domain."""
    site = registrable(one)
    return bool(site) and site == registrable(other)


def below(host: str, domain: str) -> bool:
    """Whether the host is that domain or lies below it."""
    name, above = _plain(host), _plain(domain)
    return bool(above) and (name == above or name.endswith(f".{above}"))


def shown_host(host: str) -> str:
    """The name in the letters that people read (xn-- decoded), small; as it was where that fails.

    Controls and characters that cannot be seen are never in it.
    """
    return _shown_host(host[:_READ])


@lru_cache(maxsize=2048)
def _shown_host(host: str) -> str:
    return ".".join(map(_shown, _plain(host).split(".")))


def is_number(host: str) -> bool:
    """Whether this is an IP address, in any of the ways that browsers read as one (WHATWG URL)."""
    name = host.strip("[]")
    if ":" in name:
        try:
            ipaddress.ip_address(name.partition("%")[0])
        except ValueError:
            return False
        return True
    labels = name.lower().removesuffix(".").split(".")
    return bool(_NUMBER.match(labels[-1])) and len(labels) <= 4 and labels[-1] != ""


def _suffix_labels(labels: list[str]) -> int:
    """How many labels at the end are not for sale as such, at least one."""
    if len(labels) < 2:
        return 1
    for count in (3, 2):
        end = ".".join(labels[-count:])
        if end in EACH_ITS_OWN:
            return max(count, len(labels) - 1)
        if end in HOSTED:
            return count
    return _sold_labels(labels)


def _sold_labels(labels: list[str]) -> int:
    """The same by the registries' own rules alone."""
    if len(labels) < 2:
        return 1
    above, last = labels[-2:]
    if len(last) != 2:
        return 1
    sold = above in COUNTRY_EXTRA.get(last, ()) or (above in USUAL and last not in FLAT)
    return 2 if sold else 1


def _labels(name: str) -> list[str]:
    """Of a broken name those that hold something."""
    return [label for label in map(str.strip, name.split(".")) if label] or [""]


def _plain(host: str) -> str:
    name = host.casefold() if host.isascii() else _ascii(host)
    return ".".join(_labels(name[:_LONGEST]))


def _ascii(host: str) -> str:
    name = ".".join(_labels(_DOTS.sub(".", host)))[:_LONGEST]
    try:
        return host_name.ascii_name(name).casefold()
    except UnicodeError:
        return name.casefold()


def _shown(label: str) -> str:
    if label.startswith("xn--") and len(label) <= _LABEL:
        try:
            text = label[4:].encode("ascii").decode("punycode")
            # What a registry would not have taken is no name, only a disguise.
            if host_name.ascii_name(text).casefold() == label and not _HIDDEN & _kinds(text):
                return text
        except (UnicodeError, OverflowError, ValueError):
            pass
    return label if label.isprintable() else "".join(char for char in label if char.isprintable())


def _kinds(text: str) -> set[str]:
    return {"Zs" if char in "./" else unicodedata.category(char) for char in text}
