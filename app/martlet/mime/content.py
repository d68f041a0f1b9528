"""What the store keeps of a message besides its envelope: preview, words to index, attachments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from martlet.mail.message import Attachment, Content, Envelope
from martlet.mime.body import first_text
from martlet.mime.disguise import disguised
from martlet.mime.filenames import safe_filename
from martlet.mime.headers import envelope
from martlet.mime.html_text import words
from martlet.mime.layout import Layout, layout
from martlet.mime.parse import parse
from martlet.mime.part import Message, Part
from martlet.mime.partial import piece_of
from martlet.mime.preview import preview
from martlet.mime.report import report_of
from martlet.mime.words import decode_text

__all__ = ["Apart", "attachments", "content", "safe_filename", "summarise"]

MAX_INDEX = 1 << 20
# What a part without a name is called, where its kind says what it is for.
NAMES = {
    "message/delivery-status": "Delivery report.txt",
    "message/global-delivery-status": "Delivery report.txt",
    "message/disposition-notification": "Read receipt.txt",
    "message/global-disposition-notification": "Read receipt.txt",
    "text/rfc822-headers": "Original message headers.txt",
    "message/global-headers": "Original message headers.txt",
    "message/partial": "Piece of a message.txt",
    "text/calendar": "Invitation.ics",
    "application/ics": "Invitation.ics",
    "text/vcard": "Contact.vcf",
    "text/x-vcard": "Contact.vcf",
    "text/directory": "Contact.vcf",
    "application/vcard": "Contact.vcf",
    "application/ms-tnef": "winmail.dat",
    "application/vnd.ms-tnef": "winmail.dat",
}


@dataclass(frozen=True, slots=True)
class Apart:
    """A part whose body is not in the message's own bytes (see `skeleton`).

    size: bytes of the file, decoded. here: it is stored elsewhere, not only on the server.
    """

    size: int
    here: bool


def summarise(raw: bytes) -> tuple[Envelope, Content]:
    """Envelope and content of a raw message in one go."""
    message = parse(raw)
    return envelope(message.headers), content(message)


def content(message: Message) -> Content:
    """Preview (one line, at most 200 characters), text to index, attachments, report, piece."""
    found = layout(message)
    shown = {part.path for part in found.inline().values()} if found.files else set()
    texts: list[str] = []
    room = MAX_INDEX
    for block in found.blocks:
        if room <= 0:
            break
        text = first_text(block, room)
        if not text and block.html is not None:
            text = words(block.html.text(room * 2))
        text = text[:room]
        room -= len(text)
        texts.append(text)
    line = preview(texts[0], decode_text(message.headers.get("subject"))) if texts else ""
    listed = [part for part in found.files if part.path not in shown]
    named = [part.filename for part in found.files if part.filename]
    words_of = "\n".join([*texts, *named])[:MAX_INDEX]
    return Content(line, words_of, len(listed), report_of(message), piece_of(message))


def attachments(
    message: Message, apart: Mapping[str, Apart] | None = None
) -> tuple[Attachment, ...]:
    """Every file of the message in order; those the rich body shows have inline=True.

    apart: the parts that the message's bytes do not hold, by section.
    """
    return attachments_of(layout(message), apart)


def attachments_of(
    found: Layout, apart: Mapping[str, Apart] | None = None
) -> tuple[Attachment, ...]:
    """The same for a layout already made."""
    away = apart or {}
    shown = {part.path for part in found.inline().values()}
    called = {part.path: safe_filename(_name(part), part.content_type) for part in found.files}
    return tuple(
        Attachment(
            part.path,
            called[part.path],
            part.content_type,
            away[part.path].size if part.path in away else part.size,
            part.content_id,
            part.disposition or "attachment",
            inline=part.path in shown,
            here=part.path not in away or away[part.path].here,
            charset=part.charset if part.content_type.startswith("text/") else "",
            disguised=disguised(part.headers),
            inside=called.get(part.path.rpartition(".u")[0], ""),
        )
        for part in found.files
    )


def _name(part: Part) -> str:
    if part.filename:
        return part.filename
    if part.embedded is not None:
        headers = part.embedded.headers
        subject = decode_text(headers.get("subject"), headers.charset)
        return f"{subject.replace('/', '_').replace(chr(92), '_')}.eml" if subject else ""
    return NAMES.get(part.content_type, "")
