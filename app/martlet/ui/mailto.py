"""A letter as a link to write one describes it (mailto:, RFC 6068).

Whoever made the page made the link: what it says stands in the letter to be read and changed, and
nothing else follows from it. Attachments that it names are not taken, nor words to be filled in,
nor more than a person writes by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import parse_qsl, unquote

from PySide6.QtCore import QCoreApplication, QUrl

from martlet.mail.account import AccountId
from martlet.mail.message import Address
from martlet.mail.outgoing import Draft, DraftId
from martlet.mail.typed import read_typed
from martlet.mail.variables import broken_up
from martlet.mail.visible import visible, visible_lines

_LINK = 640_000  # characters that are read of it
_BODY = 64_000
_LINES = 2000
_SUBJECT = 998  # RFC 5322, 2.1.1
_PEOPLE = 500  # of a field
_PEOPLE_READ = 64_000
_FIELDS = {"to": _PEOPLE_READ, "cc": _PEOPLE_READ, "bcc": _PEOPLE_READ,
           "subject": _SUBJECT, "body": _BODY}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Linked:
    """draft: unsaved. cut: whether the link says more than was taken."""

    draft: Draft
    cut: bool

    def remark(self) -> str:
        """What its writer has to know of it, "" for nothing."""
        said = []
        if self.cut:
            said.append(
                QCoreApplication.translate(
                    "Linked", "The link was too long: what it says was cut short."
                )
            )
        if self.draft.bcc:
            said.append(
                QCoreApplication.translate(
                    "Linked", "The link filled in Bcc: look who gets a hidden copy."
                )
            )
        return " ".join(said)


def from_mailto(url: QUrl, account_id: AccountId) -> Linked:
    """Recipients, subject and body. What is no address at all is left out, and so are names, for
    an address can be hidden behind them."""
    encoded = url.toString(QUrl.ComponentFormattingOption.FullyEncoded)
    fields = _fields(encoded[:_LINK])
    cut = {name for name, text in fields.items() if len(text) > _FIELDS[name]}
    if len(encoded) > _LINK:
        cut |= fields.keys()
    fields = {name: text[: _FIELDS[name]] for name, text in fields.items()}
    people: dict[str, tuple[Address, ...]] = {}
    for name in ("to", "cc", "bcc"):
        found = list(islice(_people(fields[name]), _PEOPLE + 1))
        # The last one of what was cut can be half of another address.
        people[name] = tuple(found[:-1] if name in cut else found)[:_PEOPLE]
        if len(found) > _PEOPLE:
            cut.add(name)
    subject = visible(fields["subject"])
    lines = visible_lines(fields["body"], _LINES + 1)
    draft = Draft(
        DraftId(0),
        account_id,
        to=people["to"],
        cc=people["cc"],
        bcc=people["bcc"],
        subject=broken_up(subject),
        text=broken_up("\n".join(lines[:_LINES])),
    )
    return Linked(draft, bool(cut) or len(lines) > _LINES)


def _fields(encoded: str) -> dict[str, str]:
    """What the fields say that are known."""
    path, _, query = encoded.partition(":")[2].partition("?")
    said: dict[str, list[str]] = {name: [] for name in _FIELDS}
    said["to"].append(unquote(path))
    for name, value in parse_qsl(query.replace("+", "%2B")):
        said.get(name.lower(), []).append(value)
    between = {"subject": " ", "body": "\n"}
    return {name: between.get(name, ",").join(values) for name, values in said.items()}


def _people(text: str) -> Iterator[Address]:
    seen = ",".join(part for part in text.split(",") if part.strip().isprintable())
    for entry in read_typed(seen):
        if "@" in entry.address.address:
            yield Address("", entry.address.address)
