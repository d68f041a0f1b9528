"""The messages of a digest (RFC 2046, 5.1.5) as a list to read, where it has no text of its own."""

from __future__ import annotations

from martlet.mime.headers import envelope
from martlet.mime.label import label
from martlet.mime.part import Message

MAX_LISTED = 500


def listing(message: Message) -> str:
    """A paragraph for each message: its subject and who it is from; "" for what is no digest."""
    lines: list[str] = []
    for part in message.walk():
        if part.content_type != "multipart/digest":
            continue
        for child in part.children[: MAX_LISTED - len(lines)]:
            if child.embedded is None:
                continue
            head = envelope(child.embedded.headers)
            subject = label(head.subject) or "No subject"
            sender = label(head.sender.name) or label(head.sender.address)
            lines.append(f"{len(lines) + 1}. {subject}" + (f"\n    {sender}" if sender else ""))
    return "\n\n".join(lines)
