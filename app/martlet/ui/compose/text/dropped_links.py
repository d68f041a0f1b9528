"""Links that are dragged or copied from a browser: an address, perhaps with its page's title."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QMimeData

from martlet.ui.compose.markup.lines import is_link
from martlet.ui.file_data import given
from martlet.ui.list_model import MIME_TYPE

_LONGEST = 8000


def is_luggage(data: QMimeData) -> bool:
    """Whether it is for the letter's files, and not for its words."""
    picture = data.hasImage() and data.hasUrls()
    return data.hasFormat(MIME_TYPE) or bool(given(data)) or picture


def web_address(data: QMimeData) -> str:
    """The one address that was dragged, "" for anything else that was."""
    urls = data.urls()
    address = bytes(urls[0].toEncoded().data()).decode("ascii") if len(urls) == 1 else ""
    if len(address) > _LONGEST or not is_link(address):
        return ""
    words = data.text().strip()
    return address if not words or words in (address, urls[0].toString()) else ""


def link_to(address: str) -> str:
    """Markup of a link that shows where it leads."""
    return f'<a href="{escape(address)}">{escape(address)}</a>'
