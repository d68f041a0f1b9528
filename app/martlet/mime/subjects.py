"""Subject prefixes: what clients write before an answer or a forwarded message."""

from __future__ import annotations

import re

from martlet.mail.variables import broken_up

_REPLY = re.compile(
    r"\s*(?:(?:re|aw|sv|vs|antw|res|r|rif|ref|odp|ynt|atb|bls|vá|tl|απ|השב|回复|回覆|答复|答覆|返信)"
    r"(?:\s*[\[(]\d+[\])])?\s*[:：]\s*)+",
    re.IGNORECASE,
)
_FORWARD = re.compile(
    r"\s*(?:(?:fwd?|wg|tr|rv|enc|vl|vb|pd|i̇?lt|doorst|továbbítás|πρθ|转发|轉寄|轉發|転送)\s*[:：]\s*)+",
    re.IGNORECASE,
)


def reply_subject(subject: str) -> str:
    """`Re: ` once, whatever answers went before; no words to be filled in."""
    return f"Re: {broken_up(_rest(_REPLY, subject))}"


def forward_subject(subject: str) -> str:
    """`Fwd: ` once; no words to be filled in."""
    return f"Fwd: {broken_up(_rest(_FORWARD, subject))}"


def bare_subject(subject: str) -> str:
    """The subject without what clients write before it."""
    return _rest(_FORWARD, _rest(_REPLY, subject))


def _rest(prefix: re.Pattern[str], subject: str) -> str:
    match = prefix.match(subject)
    return subject[match.end() :].strip() if match else subject.strip()
