"""Header fields for mail we send: encoded words, folding, addresses.

ASCII, but for addresses that only SMTPUTF8 can carry.

Whatever text comes in, no field can end early: line ends and control characters never get out.
"""

from __future__ import annotations

import base64
import re
import unicodedata
from collections.abc import Iterable

from martlet.mail import host_name
from martlet.mail.message import Address
from martlet.mail.visible import visible

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+\Z")
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+\Z")
_WIDE_LOCAL = re.compile(r"[^\s\"<>(),:;@\[\]\\\x00-\x1f\x7f]+\Z")
# All that may stand in a Message-ID (RFC 5322, 3.6.4) of what a name of a host has
_DOMAIN = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*")
_LINE = 76
_WORD = 75
_FOLD = "\r\n"


def one_line(text: str) -> str:
    """Without line ends and control characters, and without what UTF-8 cannot say."""
    return _CONTROL.sub(" ", text).encode("utf-8", "replace").decode("utf-8").strip()


def text_field(name: str, text: str) -> str:
    """An unstructured field (Subject), folded, with its CRLF."""
    text = one_line(text)
    longest = max((len(word) for word in text.split(" ")), default=0)
    if text.isascii() and "=?" not in text and longest < 900:
        return _folded(name, text.split(" "), " ")
    return _folded(name, encoded_words(text, len(name) + 2), " ")


def address_field(name: str, addresses: Iterable[Address]) -> str:
    """An address list field, folded between addresses where possible, with its CRLF."""
    pieces = [encode_address(address) for address in addresses]
    return _folded(name, [f"{piece}," for piece in pieces[:-1]] + pieces[-1:], " ")


def ids_field(name: str, ids: Iterable[str]) -> str:
    """A field of Message-IDs; what cannot be one is left out. "" if none is left."""
    good = [mid for mid in ids if re.fullmatch(r"<[!-;=?-~]{1,900}>", mid)]
    return _folded(name, good, " ") if good else ""


def encode_address(address: Address) -> str:
    """`Name <local@domain>` for a header (RFC 5322, 3.4), the name encoded where it must be."""
    name, spec = visible(one_line(address.name)), addr_spec(address.address)
    if not name:
        return f"<{spec}>" if spec.startswith('"') or not spec else spec
    if not name.isascii() or "=?" in name or len(name) > 400:
        words = encoded_words(name, 10)
        return f"{_FOLD} ".join(words) + _route(words[-1], spec)
    if _ATOMS.match(name) and "  " not in name:
        return name + _route(name, spec)
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"' + _route(f'"{escaped}"', spec)


def _route(before: str, spec: str) -> str:
    """The address behind a name, on a line of its own where both have no room in one."""
    glue = _FOLD if len(before) + len(spec) > _LINE - len("Reply-To:  <>,") else ""
    return f"{glue} <{spec}>"


def addr_spec(address: str) -> str:
    """The address for a header (RFC 5321, 4.1.2): domain by IDNA, local part quoted if it must be.

    ASCII, but for a local part beyond it, which no encoding could say: that stands as it is
    (RFC 6532), and the message goes only by SMTPUTF8.
    """
    local, at, domain = one_line(address).rpartition("@")
    if not at:
        local, domain = domain, ""
    domain = re.sub(r"[\s<>,;\"()\\]", "", ascii_domain(domain))
    if len(local) > 1 and local[0] == local[-1] == '"':
        local = re.sub(r"\\(.)", r"\1", local[1:-1])
    if not local.isascii():
        local = unicodedata.normalize("NFC", visible(local))
    if not (_LOCAL if local.isascii() else _WIDE_LOCAL).match(local):
        local = '"' + local.replace("\\", "\\\\").replace('"', '\\"') + '"' if local else ""
    return f"{local}@{domain}" if domain else local


def ascii_domain(domain: str) -> str:
    """The domain as DNS knows it; unchanged letters are dropped where IDNA has no answer."""
    if domain.isascii():
        return domain
    try:
        return host_name.ascii_name(domain)
    except UnicodeError:
        return domain.encode("ascii", "ignore").decode("ascii")


def id_domain(address: str) -> str:
    """What stands behind the "@" of a Message-ID of this address: its domain, where it may."""
    _local, at, host = one_line(address).rpartition("@")
    domain = ascii_domain(host).strip("[]. ").lower()
    good = at and len(domain) <= 250 and _DOMAIN.fullmatch(domain)
    return domain if good else "martlet.invalid"


def encoded_words(text: str, used: int) -> list[str]:
    """RFC 2047 words of at most 75 characters, none of which cuts a character.

    used: characters before the first one on its line.
    """
    plain = sum(c.isascii() and c.isalnum() for c in text)
    quoted = plain * 2 > len(text)
    words: list[str] = []
    current, size = b"", 0
    room = max(20, _WORD - used) - len("=?utf-8?b??=")
    for char in text:
        raw = char.encode("utf-8", "replace")
        cost = len(_q(raw)) if quoted else len(raw)
        full = size + cost > room if quoted else -(-(size + cost) // 3) * 4 > room
        if full and current:
            words.append(_word(current, quoted))
            current, size = b"", 0
            room = _WORD - len("=?utf-8?b??=")
        current += raw
        size += cost
    if current:
        words.append(_word(current, quoted))
    return words


def _word(raw: bytes, quoted: bool) -> str:
    if quoted:
        return f"=?utf-8?q?{_q(raw)}?="
    return f"=?utf-8?b?{base64.b64encode(raw).decode('ascii')}?="


def _q(raw: bytes) -> str:
    # Letters and digits only: right in a phrase too (RFC 2047, 5)
    return "".join(
        "_" if b == 32 else chr(b) if chr(b).isalnum() and b < 128 else f"={b:02X}" for b in raw
    )


def _folded(name: str, pieces: Iterable[str], glue: str) -> str:
    lines = [f"{name}:"]
    for piece in pieces:
        first = piece.split("\r\n", 1)[0]
        tail = lines[-1].rsplit("\r\n", 1)[-1]
        # A line of its own must hold something besides white space (RFC 5322, 3.2.2)
        if (
            len(tail) + len(glue) + len(first) > _LINE
            and tail.strip()
            and piece
            and len(lines[0]) > len(name) + 1
        ):
            lines.append(glue + piece)
        else:
            lines[-1] += glue + piece
    return "\r\n".join(lines) + "\r\n"
