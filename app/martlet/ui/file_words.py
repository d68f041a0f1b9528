"""What is said of a file: its kind, its risks, why there is no preview. English stands in `mail`
and `wire`; here it goes through translation."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from martlet.mail.file_risk import SENTENCES, FileFacts, Risk, about
from martlet.mail.file_types import Kind
from martlet.mail.message import Attachment
from martlet.ui import dates
from martlet.ui.preview.wire import Trouble

_SYMBOLS = {
    Kind.PICTURE: "image",
    Kind.PDF: "file-pdf",
    Kind.TEXT: "file-text",
    Kind.AUDIO: "file-audio",
    Kind.VIDEO: "file-video",
    Kind.ARCHIVE: "file-archive",
    Kind.DOCUMENT: "file-document",
    Kind.SHEET: "file-sheet",
    Kind.SLIDES: "file-slides",
    Kind.CALENDAR: "file-calendar",
    Kind.CONTACT: "file-contact",
    Kind.MESSAGE: "mail",
    Kind.PROGRAM: "file-program",
    Kind.OTHER: "file",
}


def facts_of(attachment: Attachment, start: bytes = b"") -> FileFacts:
    """What is known of it without its bytes, or with the first of them."""
    return about(
        attachment.filename, attachment.content_type, start, disguised=attachment.disguised
    )


def symbol(kind: Kind) -> str:
    """The icon for a kind."""
    return _SYMBOLS[kind]


def kind(found: Kind) -> str:
    """A kind by its name."""
    return QCoreApplication.translate("file", found.value)


def risk(found: Risk) -> str:
    """A risk as a sentence."""
    return QCoreApplication.translate("file", SENTENCES[found])


def trouble(found: Trouble) -> str:
    """Why there is no preview."""
    return QCoreApplication.translate("file", found.value)


def measure(attachment: Attachment) -> str:
    """Its size, and what it was unpacked from."""
    size = dates.size(attachment.size)
    if not attachment.inside:
        return size
    words = QCoreApplication.translate("file", "{size}, from {name}")
    return words.format(size=size, name=attachment.inside)
