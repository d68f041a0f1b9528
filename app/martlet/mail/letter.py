"""What a letter says by itself: the writer's own words, and whether they promise an attachment."""

from __future__ import annotations

import re

# English, German, Chinese (both scripts). Whole words where a script has spaces.
_PROMISE = re.compile(
    r"\b(?:attach(?:ed|ing|ment|ments)|enclosed|enclosure"
    r"|anbei|angehängt\w*|anhang|anhänge\w*|beigefügt\w*|beiliegend\w*|anlagen?)\b"
    r"|附件|附上|附檔|附档|附圖|附图|随信附|隨信附|见附|見附",
    re.IGNORECASE,
)
_ATTRIBUTION = re.compile(r".{0,300}[:：]\s*\Z")


def own_text(text: str) -> str:
    """The writer's own lines: without quoted ones, the line announcing them, and the signature."""
    lines: list[str] = []
    for line in text.splitlines():
        if line == "-- ":
            break
        if line.lstrip().startswith(">"):
            # "On Monday Anna wrote:" belongs to the quote below it
            while lines and not lines[-1].strip():
                lines.pop()
            if lines and _ATTRIBUTION.match(lines[-1]) and not lines[-1].startswith(">"):
                lines.pop()
            lines.append(">")
            continue
        lines.append(line)
    return "\n".join(line for line in lines if line != ">")


def promises_attachment(text: str) -> bool:
    """Whether the writer's own words (quotes and signature left out) speak of an attachment."""
    return _PROMISE.search(own_text(text)) is not None
