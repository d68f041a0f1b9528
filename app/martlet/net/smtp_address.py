"""The envelope of a message as SMTP may carry it: addresses checked, domains in ASCII.

Addresses are used as they are written; nothing is guessed. One that could end its command early
is refused, so that no address can smuggle a second one in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from martlet.mail.errors import MailError
from martlet.mail.host_name import ascii_name
from martlet.net.words import server_words

# Dot-atom or quoted local part, "@", anything like a domain or address literal (RFC 5321, 4.1.2).
_ADDRESS = re.compile(
    r"""(?P<local> [^\s"<>(),:;@\[\]\\\x00-\x1f\x7f\ud800-\udfff]+
        | "(?:[^"\\\x00-\x1f\x7f\ud800-\udfff]|\\[ -~])*" )
        @ (?P<domain> [^\s"<>(),;@\\\x00-\x1f\x7f\ud800-\udfff]+ )""",
    re.VERBOSE,
)
_HOST = re.compile(r"[A-Za-z0-9._-]+")
_LENGTH = 320


@dataclass(frozen=True, slots=True)
class Envelope:
    """recipients: each as given, and as the command carries it; no two alike.

    international: the first address that needs SMTPUTF8 (RFC 6531), or "".
    """

    sender: str
    recipients: tuple[tuple[str, str], ...]
    international: str


def envelope(
    sender: str, recipients: Sequence[str], refusal: Callable[[str], MailError]
) -> Envelope:
    """Checks all addresses; raises `refusal(sentence)` for the first that is none, or without any.

    sender may be "", which is the null reverse-path (RFC 5321, 4.5.5).
    """
    carried: dict[str, str] = {}
    for address in recipients:
        carried.setdefault(_carried(address, refusal), address)
    if not carried:
        raise refusal("The message has no recipients.")
    own = _carried(sender, refusal) if sender else ""
    needy = next((address for address in (own, *carried) if not address.isascii()), "")
    return Envelope(own, tuple((shown, wire) for wire, shown in carried.items()), needy)


def _carried(address: str, refusal: Callable[[str], MailError]) -> str:
    found = _ADDRESS.fullmatch(address.strip())
    if found is None or len(address) > _LENGTH:
        raise refusal(f"“{server_words(address, 80)}” is not a mail address.")
    local, domain = found["local"], found["domain"]
    # A domain can be written in ASCII for a server that knows no SMTPUTF8; a local part cannot.
    if local.isascii() and not domain.isascii():
        try:
            domain = ascii_name(domain)
        except UnicodeError:
            raise refusal(f"“{server_words(address, 80)}” is not a mail address.") from None
        # Some characters ("´") become others on the way, a space among them.
        if not _HOST.fullmatch(domain):
            raise refusal(f"“{server_words(address, 80)}” is not a mail address.")
    return f"{local}@{domain}"
