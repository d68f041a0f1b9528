"""SMTP replies in plain words: enhanced status codes (RFC 3463), and what a refusal means."""

from __future__ import annotations

import re
from dataclasses import dataclass

from martlet.mail.status_words import meaning
from martlet.net.words import quoted, server_words

SAID_LIMIT = 160  # characters of a server's text within a sentence
_ENHANCED = re.compile(r"^([245]\.\d{1,3}\.\d{1,3})(?:\s+|$)")


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
    def refused(self) -> bool:
        """Whether the same will never be accepted (5yz)."""
        return 500 <= self.code < 600

    @property
    def wants_tls(self) -> bool:
        """Whether nothing goes on before the line is encrypted (RFC 3207, 4; RFC 4954, 6)."""
        return self.code == 538 or (self.code == 530 and "STARTTLS" in self.text.upper())

    @property
    def words(self) -> str:
        """What the server said, with its codes: for the details."""
        return " ".join(part for part in (str(self.code), self.enhanced, self.text) if part)

    @property
    def meaning(self) -> str:
        """What its enhanced code means in plain words, or else the server's own, in quotes."""
        said = server_words(self.text, SAID_LIMIT).rstrip(".")
        return meaning(self.enhanced) or (quoted(said) if said else f"code {self.code}")


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
    # One line has been made fit to be shown already.
    whole = texts[0] if len(texts) == 1 else server_words(" ".join(texts))
    return Reply(code, whole, enhanced)


def megabytes(size: int, *, up: bool) -> str:
    """A size in MB (of 1024 x 1024 bytes, as servers count), rounded up or down, from 10 KB on."""
    tenths = size * 10 / (1 << 20)
    rounded = -int(-tenths // 1) if up else int(tenths)
    if size < 1 << 20:
        return f"{max(1, -(-size // 1024) if up else size // 1024)} KB"
    return f"{rounded / 10:.1f} MB".replace(".0 MB", " MB")
