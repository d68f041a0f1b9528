"""Identities: the names and addresses one account's mail is written and answered from."""

from __future__ import annotations

from dataclasses import dataclass

from martlet.mail.server import Server


@dataclass(frozen=True, slots=True)
class Identity:
    """id: 0 for the account's main one, else a number that stays its own within the account.

    reply_to: an address answers are to go to, or "". signature: plain text without its "-- ".
    outgoing: a server of its own, None for the account's. sent: full name of the folder its
    copies go to, "" for the account's Sent.
    """

    id: int
    address: str
    full_name: str = ""
    reply_to: str = ""
    signature: str = ""
    outgoing: Server | None = None
    sent: str = ""
