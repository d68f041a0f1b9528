"""How answers and forwarded mail begin from what is read: whom they can go to, what is quoted.

Only what is chosen in the text is quoted. A view tells the words alone, for Chromium runs no script
for us; the engine finds them in its own copy of the message, with their looks.
"""

from __future__ import annotations

from collections.abc import Iterable

from martlet.mail.account import Account
from martlet.mail.message import Address, Envelope, MessageId
from martlet.mail.rendered import Rendered
from martlet.ui.message_pane import MessagePane

_MOST_CHOSEN = 500_000


def selection(pane: MessagePane, message: MessageId) -> str:
    """What is chosen of this message's text, "" for nothing, or for an attached message."""
    shown = pane.rendered
    if shown is None or shown.message_id != message or shown.view.part:
        return ""
    words = pane.text.selected_text()
    return words if len(words) <= _MOST_CHOSEN and words.strip() else ""


def takes_list_mail(shown: Rendered | None) -> bool:
    """Whether a list that brought it can be written to; what is not shown yet may be anything."""
    if shown is None or not shown.headers:
        return True
    fields = {name.casefold(): value.strip().casefold() for name, value in shown.headers}
    posted = fields.get("list-post", "")
    return ("mailto:" in posted) if posted else "x-mailing-list" in fields


def has_others(envelope: Envelope | None, accounts: Iterable[Account]) -> bool:
    """Whether an answer to all goes to more people than one to the writer."""
    if envelope is None:
        return True
    mine = {
        identity.address.casefold() for account in accounts for identity in account.every_identity()
    }
    people = (envelope.sender, *envelope.reply_to, *envelope.to, *envelope.cc)
    return len(_addresses(people) - mine) > 1


def _addresses(people: Iterable[Address]) -> set[str]:
    return {one.address.casefold() for one in people if one.address}
