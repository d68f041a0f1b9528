"""Whether a host and an address can be what they are said to be."""

from __future__ import annotations

import ipaddress
import re

from martlet.mail.host_name import ascii_name
from martlet.mail.visible import visible

_LABEL = re.compile(r"[^\W_](?:[\w-]{0,61}[^\W_])?\Z")
_PLAIN_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?\Z")
_LOCAL = re.compile(r"[^\s@<>()\[\]\\,;:\"\x00-\x1f\x7f]+\Z")
_QUOTED_LOCAL = re.compile(r'"(?:[^"\\\x00-\x1f\x7f]|\\[ -~])+"\Z')
# What nearly all are, told at once
_USUAL = re.compile(
    r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@"
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,24}\Z"
)
_LONGEST = 254  # RFC 5321, 4.5.3.1.3


def is_host(text: str) -> bool:
    """Whether this can be a server's name (RFC 1123, internationalised too) or IP address."""
    try:
        ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        pass
    else:
        return True
    name = text.removesuffix(".")
    labels = name.split(".")
    if not name or len(name) > 253 or labels[-1].isdigit():
        return False
    return all(_LABEL.match(label) for label in labels)


def is_address(text: str) -> bool:
    """Whether mail can be sent to this (RFC 5321, 4.1.2; UTF-8 allowed; no comments).

    A domain of one label is taken for a slip of the finger, but for localhost.
    """
    if len(text) <= 64 and _USUAL.match(text):
        return True
    local, at, domain = text.rpartition("@")
    if not at or len(local) > 64 or len(text) > _LONGEST:
        return False
    if not (_LOCAL.match(local) or _QUOTED_LOCAL.match(local)):
        return False
    if not local.startswith('"') and (
        local.startswith(".") or local.endswith(".") or ".." in local
    ):
        return False
    if visible(text) != text:
        return False
    if domain.startswith("[") and domain.endswith("]"):
        return is_host(domain[1:-1].removeprefix("IPv6:"))
    if not is_host(domain) or not _known_to_dns(domain):
        return False
    return "." in domain.strip(".") or domain.casefold() == "localhost"


def _known_to_dns(domain: str) -> bool:
    """Whether there is a name in ASCII for it."""
    if domain.isascii():
        return True
    try:
        name = ascii_name(domain)
    except UnicodeError:
        return False
    # Some characters become others on the way, a blank among them.
    return all(_PLAIN_LABEL.match(label) for label in name.split("."))
