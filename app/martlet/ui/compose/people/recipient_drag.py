"""Recipients between two lines, and between letters: what is dragged and copied."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QMimeData, QPoint, Qt
from PySide6.QtGui import QDrag

from martlet.mail.message import Address
from martlet.mail.typed import Typed
from martlet.mail.visible import visible
from martlet.ui.compose.people.chip import RecipientChip

if TYPE_CHECKING:
    from martlet.ui.compose.people.recipients import RecipientField

KIND = "application/x-martlet-recipients"
_LONGEST = 32_000_000
# As other programs' address books give them away
_CARDS = ("text/vcard", "text/x-vcard", "text/directory")


def data(entries: Sequence[Typed]) -> QMimeData:
    """As they are for our own lines, as text for others."""
    made = QMimeData()
    made.setText(", ".join(entry.written for entry in entries))
    packed = [[e.address.name, e.address.address, e.written] for e in entries]
    made.setData(KIND, QByteArray(json.dumps(packed).encode("ascii")))
    return made


def fits(given: QMimeData) -> bool:
    """Whether recipients can be made of it; files are the letter's."""
    if given.hasUrls() and not _links(given):
        return False
    return given.hasFormat(KIND) or "@" in words(given)


def words(given: QMimeData) -> str:
    """What it says of people: links to write to them, vCards, or a text."""
    if links := _links(given):
        return "\n".join(links)
    for kind in _CARDS:
        if given.hasFormat(kind):
            return bytes(given.data(kind).data())[:_LONGEST].decode("utf-8", "replace")
    return given.text()[:_LONGEST] if given.hasText() else ""


def _links(given: QMimeData) -> list[str]:
    """Its mailto: links, if it has nothing else."""
    urls = given.urls() if given.hasUrls() else []
    links = [bytes(url.toEncoded().data()).decode("ascii", "replace") for url in urls]
    return links if all(url.scheme() == "mailto" for url in urls) else []


def entries(given: QMimeData) -> list[Typed]:
    """Those of another line; anybody can say that these are some, so nothing is believed."""
    try:
        found = json.loads(bytes(given.data(KIND).data()) or b"[]")
    except ValueError:
        return []
    good = [
        each
        for each in (found if isinstance(found, list) else [])
        if isinstance(each, list) and len(each) == 3 and all(isinstance(one, str) for one in each)
    ]
    return [Typed(Address(visible(n), visible(a)), visible(w)) for n, a, w in good]


def drag(field: RecipientField, chip: RecipientChip) -> None:
    """Lets the chip be carried away; taken by another line it is gone from its own."""
    key, entry = field.key_of(chip), chip.entry
    carried = QDrag(chip)
    carried.setMimeData(data([entry]))
    carried.setPixmap(chip.grab())
    carried.setHotSpot(QPoint(chip.width() // 2, chip.height() // 2))
    both = Qt.DropAction.MoveAction | Qt.DropAction.CopyAction
    done = carried.exec(both, Qt.DropAction.MoveAction)
    # An editor takes text as moved, too; from its line it goes only into another one.
    there = isinstance(carried.target(), type(field))
    if done is Qt.DropAction.MoveAction and there and key in field.rows:
        field.remove([key])
