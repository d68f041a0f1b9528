"""The friendly letter that people of the demo's address book answer with at once."""

from __future__ import annotations

from datetime import datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from martlet.demo.login import Login

_TEXT = """\
Dear {name},

thank you for your letter "{subject}". I am only a figure in Martlet's demo, and so is the mail
host on your own machine that carried it; but it was really sent by SMTP, really delivered, and
this answer really came by IMAP while the inbox was being watched.

Nothing of it left your computer, and all of it is gone when you close the window.

Kind regards
--\x20
{sender}
"""


def answer(login: Login, sender: Address, raw: bytes, now: datetime) -> bytes:
    """An answer by `sender` to the letter `raw`, in its thread."""
    letter = message_from_bytes(raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n")
    message_id = "".join(str(letter.get("Message-ID", "")).split())
    subject = _subject(letter.get("Subject"))
    reply = EmailMessage(policy=policy.SMTP)
    reply["From"] = sender
    reply["To"] = login.address
    reply["Subject"] = subject if subject.lower().startswith("re:") else f"Re: {subject}"
    reply["Date"] = format_datetime(now)
    reply["Message-ID"] = make_msgid(domain=sender.domain)
    reply["Auto-Submitted"] = "auto-replied"
    if message_id:
        reply["In-Reply-To"] = message_id
        reply["References"] = message_id
    name = login.full_name.split()[0]
    reply.set_content(_TEXT.format(name=name, subject=subject, sender=sender.display_name))
    return reply.as_bytes()


def _subject(value: object) -> str:
    """The subject on one line, decoded where that works."""
    text = " ".join(str(value or "").split())
    try:
        return " ".join(str(make_header(decode_header(text))).split())
    except (ValueError, LookupError):
        return text.encode("ascii", "replace").decode("ascii")
