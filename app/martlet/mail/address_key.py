"""One spelling for all spellings of an address: what addresses are compared and looked up by.

The name before the @ in small letters (no more: "gross" is not "groß"), the domain as DNS knows it,
so that "ada@STRAẞE.de" and "ada@xn--strae-oqa.de" are one and "ada@strasse.de" is somebody else.
"""

from __future__ import annotations

import re
import unicodedata

from martlet.mail.host_name import ascii_name
from martlet.mail.registrable import shown_host

_LONGEST = 255  # what is no domain for its length takes the codec long
_NAME = re.compile(r"[\w.-]+\Z", re.ASCII)


def address_key(address: str) -> str:
    """Of an address, or of a domain with "@" before it; of text without "@" in small letters."""
    if address.isascii():
        return address.strip().lower()
    local, at, domain = address.strip().rpartition("@")
    small = _small(local if at else domain)
    return f"{small}@{_domain(domain)}" if at else small


def shown_address(key: str) -> str:
    """The same in the letters that people read."""
    local, at, domain = key.rpartition("@")
    return f"{local}@{shown_host(domain)}" if at else key


def _domain(name: str) -> str:
    if name.isascii() or len(name) > _LONGEST:
        return name.lower()
    try:
        known = ascii_name(name).lower()
    except UnicodeError:
        known = ""
    # A wide "@" or blank becomes a plain one: then it is no domain.
    return known if known and _NAME.match(known) else _small(name)


def _small(text: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).lower())
