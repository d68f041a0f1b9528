"""Which header fields a writer may set by hand, and in one sentence why not the others. Pure.

What says who writes to whom and how the message is built is made by Martlet alone; what servers
write is not for us to claim. How a field is written is `mime.fields`' business.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

MOST = 50
LONGEST = 2000

# RFC 5322, 3.6.8: printable ASCII without the colon.
_NAME = re.compile(r"[!-9;-~]{1,76}\Z")
_MADE = frozenset({
    "from", "sender", "to", "cc", "bcc", "reply-to", "subject", "date", "message-id",
    "in-reply-to", "references", "mime-version", "user-agent", "x-mailer",
})  # fmt: skip
_SERVERS = frozenset({
    "received", "return-path", "delivered-to", "dkim-signature", "domainkey-signature",
    "authentication-results", "received-spf", "errors-to",
})  # fmt: skip
_OPTIONS = frozenset({
    "x-priority", "priority", "importance", "x-msmail-priority", "disposition-notification-to",
    "return-receipt-to", "x-confirm-reading-to", "tls-required",
})  # fmt: skip
_MADE_SO = ("content-", "x-martlet-")
_SERVERS_SO = ("resent-", "arc-")


def refusal(name: str, value: str) -> str:
    """Why this field cannot be set, in one sentence; "" when it can."""
    shown = name.strip()[:40]
    small = name.strip().lower()
    if not small:
        return "A header field needs a name."
    if not _NAME.match(name.strip()):
        return (
            f"“{_plain(shown)}” cannot be the name of a header field: letters without accents, "
            "digits and hyphens make one."
        )
    if small in _MADE or small.startswith(_MADE_SO):
        return f"{shown} is written by Martlet and cannot be set by hand."
    if small in _SERVERS or small.startswith(_SERVERS_SO):
        return f"{shown} is written by mail servers and cannot be set by hand."
    if small in _OPTIONS:
        return f"{shown} is set by an option of the letter, not by hand."
    if not _plain(value):
        return f"{shown} needs a value."
    if len(value) > LONGEST:
        return f"The value of {shown} is too long: {LONGEST:,} characters are the most."
    return ""


def first_refusal(headers: Iterable[tuple[str, str]]) -> str:
    """Why these cannot all be set, or ""."""
    fields = list(headers)
    if len(fields) > MOST:
        return f"A letter can have {MOST} header fields of its own at most."
    return next((why for name, value in fields if (why := refusal(name, value))), "")


def _plain(text: str) -> str:
    """One line of what can be seen."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
