"""What people type and paste: address lists and hosts. Reads tolerantly, judges strictly.

Headers of received mail are another matter and read by `mime.headers`.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

from martlet.mail.message import Address

_SEPARATORS = frozenset(",;\n\r\t，；、")
_LABEL = re.compile(r"[^\W_](?:[\w-]{0,61}[^\W_])?\Z")
_LOCAL = re.compile(r"[^\s@<>()\[\]\\,;:\"\x00-\x1f\x7f]+\Z")
_QUOTED_LOCAL = re.compile(r'"(?:[^"\\\x00-\x1f\x7f]|\\.)+"\Z')
_BARE = re.compile(r"[^\s<>,;]+@[^\s<>,;]+")


@dataclass(frozen=True, slots=True)
class Typed:
    """One entry of a typed list. written: as it stood; valid: whether mail can be sent to it."""

    address: Address
    written: str

    @property
    def valid(self) -> bool:
        return is_address(self.address.address)


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
    local, at, domain = text.rpartition("@")
    if not at or len(local) > 64 or not (_LOCAL.match(local) or _QUOTED_LOCAL.match(local)):
        return False
    if local.startswith(".") or local.endswith(".") or ".." in local:
        return False
    if domain.startswith("[") and domain.endswith("]"):
        return is_host(domain[1:-1].removeprefix("IPv6:"))
    return is_host(domain) and ("." in domain.strip(".") or domain.casefold() == "localhost")


def parse_typed(text: str) -> tuple[Typed, ...]:
    """Reads a list as typed or pasted: any usual separator, "Name <a@b>", "a@b (Name)", mailto:.

    Nothing is dropped: what cannot be an address comes back with valid False.
    """
    found: list[Typed] = []
    pieces = [piece for piece in (p.strip() for p in _split(text)) if piece]
    waiting = ""
    for piece in pieces:
        if "@" not in piece and "<" not in piece:
            # "Berg, Anna <anna@example.org>": a comma inside a name that was not quoted
            waiting = f"{waiting}, {piece}" if waiting else piece
            continue
        if waiting and re.search(r"\S+\s*<[^<>]*>\s*\Z", piece):
            piece, waiting = f"{waiting}, {piece}", ""
        if waiting:
            found.append(Typed(Address("", waiting), waiting))
            waiting = ""
        found.extend(_entries(piece))
    if waiting:
        found.extend(Typed(Address("", w.strip()), w.strip()) for w in waiting.split(", "))
    return tuple(found)


def _split(text: str) -> list[str]:
    pieces: list[str] = []
    current: list[str] = []
    quoted = bracket = False
    # An odd quote is a slip: then quotes do not hold anything together.
    quotes = text.count('"') % 2 == 0
    for char in text:
        if char == '"' and quotes:
            quoted = not quoted
        elif char == "<" and not quoted:
            bracket = True
        elif char == ">" and not quoted:
            bracket = False
        if not quoted and (char in "\n\r" or (char in _SEPARATORS and not bracket)):
            pieces.append("".join(current))
            current = []
            bracket = False
        else:
            current.append(char)
    pieces.append("".join(current))
    return pieces


def _entries(piece: str) -> list[Typed]:
    match = re.fullmatch(r"(.*?)<([^<>]*)>?\s*", piece, re.DOTALL)
    if match:
        return [Typed(Address(_name(match[1]), _plain(match[2])), piece)]
    match = re.fullmatch(r"(\S+@\S+)\s*\(([^()]*)\)", piece)
    if match:
        return [Typed(Address(_name(match[2]), _plain(match[1])), piece)]
    bare = _BARE.findall(piece)
    if len(bare) > 1:
        return [Typed(Address("", _plain(word)), word) for word in piece.split()]
    match = re.fullmatch(r"(.*\S)\s+(\S+@\S+)", piece, re.DOTALL)
    if match and is_address(_plain(match[2])):
        return [Typed(Address(_name(match[1]), _plain(match[2])), piece)]
    return [Typed(Address("", _plain(piece)), piece)]


def _plain(text: str) -> str:
    text = text.strip()
    return text[7:].split("?")[0] if text[:7].casefold() == "mailto:" else text


def _name(text: str) -> str:
    text = " ".join(text.split())
    if len(text) >= 2 and text[0] == text[-1] and text[0] in "\"'":
        text = re.sub(r"\\(.)", r"\1", text[1:-1])
    return text
