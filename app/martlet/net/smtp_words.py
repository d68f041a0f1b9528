"""SMTP replies in plain words: enhanced status codes (RFC 3463), and what a refusal means."""

from __future__ import annotations

import re
from dataclasses import dataclass

from martlet.net.words import server_words

_ENHANCED = re.compile(r"^([245]\.\d{1,3}\.\d{1,3})(?:\s+|$)")

# By subject and detail, without the class; the usual ones, each to be read after a colon.
_MEANINGS = {
    "1.1": "there is no such address",
    "1.2": "there is no such mail domain",
    "1.3": "the address is not written as it should be",
    "1.6": "the address has moved",
    "1.7": "the sender's address is not written as it should be",
    "1.8": "the sender's domain cannot be found",
    "1.10": "the domain takes no mail",
    "2.0": "there is something wrong with the mailbox",
    "2.1": "the mailbox is switched off",
    "2.2": "the mailbox is full",
    "2.3": "the message is too big for the mailbox",
    "3.1": "the server's disk is full",
    "3.2": "the server takes no messages now",
    "3.4": "the message is too big",
    "4.1": "the recipient's server does not answer",
    "4.4": "the recipient's domain has no mail server",
    "4.7": "the message could not be handed on in time",
    "5.3": "there are too many recipients",
    "6.7": "the address needs a server that knows international addresses",
    "7.8": "the user name or password is wrong",
    "7.9": "this way of signing in is too weak for the server",
    "7.23": "the sender's domain does not allow this server to send (SPF)",
    "7.26": "the sender could not be proved genuine (SPF, DKIM)",
}


@dataclass(frozen=True, slots=True)
class Reply:
    """A server's whole answer. text: without enhanced codes, one printable line."""

    code: int
    text: str
    enhanced: str = ""

    @property
    def ok(self) -> bool:
        return 200 <= self.code < 300

    @property
    def temporary(self) -> bool:
        """Whether the same may be accepted later (4yz)."""
        return 400 <= self.code < 500

    @property
    def words(self) -> str:
        """What the server said, with its codes: for the details."""
        return " ".join(part for part in (str(self.code), self.enhanced, self.text) if part)

    @property
    def meaning(self) -> str:
        """What its enhanced code means in plain words, or else what the server said."""
        known = _MEANINGS.get(self.enhanced.partition(".")[2], "")
        return known or server_words(self.text, 160).rstrip(".") or f"code {self.code}"


def reply_of(code: int, said: bytes) -> Reply:
    """Reads the text lines of an answer; each may begin with the enhanced code."""
    enhanced = ""
    texts = []
    for line in said.split(b"\n"):
        text = server_words(line)
        if found := _ENHANCED.match(text):
            enhanced = enhanced or found[1]
            text = text[found.end() :]
        texts.append(text)
    return Reply(code, server_words(" ".join(texts)), enhanced)


def megabytes(size: int, *, up: bool) -> str:
    """A size in MB (of 1024 x 1024 bytes, as servers count), rounded up or down, from 10 KB on."""
    tenths = size * 10 / (1 << 20)
    rounded = -int(-tenths // 1) if up else int(tenths)
    if size < 1 << 20:
        return f"{max(1, -(-size // 1024) if up else size // 1024)} KB"
    return f"{rounded / 10:.1f} MB".replace(".0 MB", " MB")
