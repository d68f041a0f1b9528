"""What can be found out about an address's servers, and who has to be asked for it.

The table of known providers is in mail.providers; the asking itself in net and engine.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from martlet.mail.providers import SignIn
from martlet.mail.server import Server
from martlet.mail.sign_in import OAuthSettings


class FoundBy(Enum):
    """Where settings come from, most dependable first."""

    TABLE = "table"
    AUTOCONFIG = "autoconfig"
    WELL_KNOWN = "well_known"
    ISPDB = "ispdb"
    SRV = "srv"
    MX = "mx"
    GUESS = "guess"


@dataclass(frozen=True, slots=True)
class Offer:
    """Settings found for an address.

    incoming: IMAP and POP3 servers, best first; outgoing: SMTP, best first; user names filled in.
    who: the provider's name, "" where unknown. sign_in, help_url: what it wants as password.
    oauth: how its browser sign-in works, None without. confirm: one sentence why a person must
    look at the hosts before anything is sent to them (found by SRV or MX, another domain), or "".
    """

    found_by: FoundBy
    incoming: tuple[Server, ...]
    outgoing: tuple[Server, ...]
    who: str = ""
    sign_in: SignIn = SignIn.PASSWORD
    help_url: str = ""
    oauth: OAuthSettings | None = None
    confirm: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question put to the network: whom, what for, and how it went, in words."""

    host: str
    how: FoundBy
    ok: bool
    said: str = ""


@dataclass(frozen=True, slots=True)
class Discovery:
    """offers: best first, the last one is a guess. asked: in the order it was done."""

    offers: tuple[Offer, ...]
    asked: tuple[Asked, ...] = ()
