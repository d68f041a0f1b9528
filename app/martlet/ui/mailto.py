"""A letter as a link to write one describes it (mailto:, RFC 6068).

Whoever made the page made the link: what it says stands in the letter to be read and changed, and
nothing else follows from it. Attachments that it names are not taken, nor words to be filled in.
"""

from __future__ import annotations

from urllib.parse import parse_qs, unquote

from PySide6.QtCore import QUrl

from martlet.mail.account import AccountId
from martlet.mail.message import Address
from martlet.mail.outgoing import Draft, DraftId
from martlet.mail.variables import broken_up
from martlet.mail.visible import visible


def from_mailto(url: QUrl, account_id: AccountId) -> Draft:
    """An unsaved draft: recipients, subject and body. What is no address at all is left out."""
    encoded = url.toString(QUrl.ComponentFormattingOption.FullyEncoded)
    path, _, query = encoded.partition(":")[2].partition("?")
    fields = {name.lower(): values for name, values in parse_qs(query.replace("+", "%2B")).items()}

    def people(texts: list[str]) -> tuple[Address, ...]:
        each = (part.strip() for text in texts for part in text.split(","))
        return tuple(Address("", part) for part in each if "@" in part and part.isprintable())

    body = "\n".join(fields.get("body", [])).replace("\r\n", "\n").replace("\r", "\n")
    lines = ("".join(c for c in line if c == "\t" or c >= " ") for line in body.split("\n"))
    return Draft(
        DraftId(0),
        account_id,
        to=people([unquote(path), *fields.get("to", [])]),
        cc=people(fields.get("cc", [])),
        bcc=people(fields.get("bcc", [])),
        subject=broken_up(visible(" ".join(fields.get("subject", [])))),
        text=broken_up("\n".join(lines)),
    )
