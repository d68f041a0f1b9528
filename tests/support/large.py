"""A letter with 20 MB attached to it, and smaller ones of the same make."""

from __future__ import annotations

import random
from email.message import EmailMessage

MIB = 1 << 20
DATA = random.Random(7).randbytes(20 * MIB)
FILE_NAME = "film é.mp4"


def film(data: bytes = DATA, kind: str = "mixed") -> bytes:
    """Text about a Gartenfest in both forms, part 2 the data, part 3 a note of a few bytes."""
    message = EmailMessage()
    message["From"] = "Bruno Rossi <bruno@example.org>"
    message["To"] = "Ada <ada@example.org>"
    message["Subject"] = "The film"
    message["Message-ID"] = f"<film-{len(data)}@example.org>"
    message.set_content("Here is the film of the Gartenfest.\n")
    message.add_alternative("<p>Here is the <b>film</b> of the Gartenfest.</p>", subtype="html")
    message.add_attachment(data, maintype="video", subtype="mp4", filename=FILE_NAME)
    message.add_attachment("a note\n", filename="note.txt")
    raw = message.as_bytes().replace(b"multipart/mixed", b"multipart/" + kind.encode())
    return raw.replace(b"\n", b"\r\n")
