"""The demo's mail: letters described in `resources/demo/*.toml`, built with dates relative to now.

A letter's fields: subject, text; and where wanted from ("Name <address>", default: ourselves), to
and cc (several with ;), folder (INBOX), ago ("2d 3h 5m"), unread, flagged, answered, html (a
file), pictures (files shown by cid:NAME), attach (files), charset, flowed, headers, name and re
(name of the letter it answers), mime (a file with MIME headers and body as they are, for broken
mail). Files lie in `resources/demo/files/`.
"""

from __future__ import annotations

import mimetypes
import re
import tomllib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import policy
from email.header import Header
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from pathlib import Path
from textwrap import wrap
from typing import Any

from martlet import assets
from martlet.demo.login import Login
from martlet.demo.mailbox import INBOX, Mailbox

FOLDERS = {
    "Drafts": "\\Drafts",
    "Sent": "\\Sent",
    "Archive": "\\Archive",
    "Junk": "\\Junk",
    "Trash": "\\Trash",
    "Projects/Lighthouse": "",
    "旅行": "",
}
# Not left to the system's table, which differs from machine to machine.
_TYPES = {
    ".csv": "text/csv",
    ".ics": "text/calendar",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".txt": "text/plain",
    ".zip": "application/zip",
}


@dataclass(frozen=True, slots=True)
class Description:
    """One letter as the TOML files describe it; see the head of this file."""

    subject: str
    text: str = ""
    sender: str = ""
    to: str = ""
    cc: str = ""
    folder: str = INBOX
    ago: str = "0m"
    unread: bool = False
    flagged: bool = False
    answered: bool = False
    html: str = ""
    pictures: list[str] = field(default_factory=list)
    attach: list[str] = field(default_factory=list)
    charset: str = "utf-8"
    flowed: bool = False
    headers: dict[str, str] = field(default_factory=dict)
    name: str = ""
    re: str = ""
    mime: str = ""

    @classmethod
    def read(cls, fields: dict[str, Any]) -> Description:
        return cls(**{"sender" if key == "from" else key: value for key, value in fields.items()})


def descriptions() -> list[Description]:
    """All letters, in the order of the files. Raises TypeError for a field that is not known."""
    found: list[Description] = []
    for path in sorted(assets.path("resources/demo").glob("*.toml")):
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        found += [Description.read(fields) for fields in data["letter"]]
    return found


def fill(mailbox: Mailbox, login: Login, now: datetime) -> dict[str, str]:
    """Files every letter, oldest first, and returns names by address of all who wrote to us."""
    for name, use in FOLDERS.items():
        mailbox.create(name, use)
    letters = descriptions()
    threads = {letter.name: letter for letter in letters if letter.name}
    people: dict[str, str] = {}
    for letter in sorted(letters, key=lambda letter: age(letter.ago), reverse=True):
        flags = set()
        if not letter.unread:
            flags.add("\\Seen")
        if letter.flagged:
            flags.add("\\Flagged")
        if letter.answered:
            flags.add("\\Answered")
        if letter.folder == "Drafts":
            flags.add("\\Draft")
        raw = build(letter, threads, login, now)
        mailbox.add(mailbox.folders[letter.folder], raw, now - age(letter.ago), flags)
        name, address = parseaddr(letter.sender)
        if address and letter.folder != "Junk" and not address.startswith(("news", "no-reply")):
            people[address.casefold()] = name
    return people


def age(text: str) -> timedelta:
    """ "2d 3h 5m" as a time. Raises ValueError for anything else."""
    if not re.fullmatch(r"(\d+[dhm] ?)+", text):
        raise ValueError(f"not an age: {text}")
    units = {"d": 1440, "h": 60, "m": 1}
    return timedelta(minutes=sum(int(n) * units[u] for n, u in re.findall(r"(\d+)([dhm])", text)))


def build(
    letter: Description, threads: dict[str, Description], login: Login, now: datetime
) -> bytes:
    """The message as a server would hold it."""
    ourselves = f"{login.full_name} <{login.address}>"
    sender = letter.sender or ourselves
    headers = {
        "Date": format_datetime(now - age(letter.ago)),
        "From": _addresses(sender, letter.charset),
        "To": _addresses(letter.to or ourselves, letter.charset),
        "Subject": _words(letter.subject, letter.charset, "Subject"),
        "Message-ID": _message_id(letter, login),
    }
    if letter.cc:
        headers["Cc"] = _addresses(letter.cc, letter.charset)
    above: list[Description] = []
    parent = threads.get(letter.re)
    while parent is not None:
        above.insert(0, parent)
        parent = threads.get(parent.re)
    if above:
        headers["In-Reply-To"] = _message_id(above[-1], login)
        headers["References"] = "\r\n ".join(_message_id(one, login) for one in above)
    headers |= letter.headers
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    if letter.mime:
        return head.encode("ascii") + _file(letter.mime).read_bytes().replace(b"\n", b"\r\n")
    return head.encode("ascii") + _content(letter).as_bytes()


def _message_id(letter: Description, login: Login) -> str:
    """The same for every run: what a letter is known by must not depend on the clock."""
    address = parseaddr(letter.sender)[1] or login.address
    words = letter.name or f"{letter.subject} {letter.ago}"
    slug = "-".join(
        re.findall(r"[a-z0-9]+", words.encode("ascii", "backslashreplace").decode().lower())
    )
    return f"<{slug[:60]}@{address.rpartition('@')[2]}>"


def _words(text: str, charset: str, header: str) -> str:
    """Header text, as RFC 2047 words of the letter's charset where it must be."""
    if text.isascii():
        return text
    return Header(text, charset, header_name=header).encode(linesep="\r\n")


def _addresses(text: str, charset: str) -> str:
    shown = []
    for one in text.split(";"):
        name, address = parseaddr(one.strip())
        shown.append(f"{_words(name, charset, 'From')} <{address}>" if name else address)
    return ",\r\n ".join(shown)


def _content(letter: Description) -> EmailMessage:
    message = EmailMessage(policy=policy.SMTP.clone(max_line_length=200))
    plain = letter.charset == "utf-8" and letter.text.isascii()
    parameters = {"format": "flowed"} if letter.flowed else None
    message.set_content(
        _flow(letter.text) if letter.flowed else letter.text,
        charset="us-ascii" if plain else letter.charset,
        cte="7bit" if plain else "base64" if letter.charset != "utf-8" else "quoted-printable",
        params=parameters,
    )
    if letter.html:
        html = _file(letter.html).read_text(encoding="utf-8")
        message.add_alternative(html, subtype="html", cte="quoted-printable")
        body = message.get_payload(1)
        if letter.pictures and isinstance(body, EmailMessage):
            for name in letter.pictures:
                kind, subtype = _type(name)
                picture = _file(name).read_bytes()
                body.add_related(picture, kind, subtype, cid=f"<{name}>", filename=name)
    for name in letter.attach:
        kind, subtype = _type(name)
        message.add_attachment(_file(name).read_bytes(), kind, subtype, filename=name)
    return message


def _flow(text: str) -> str:
    """Paragraphs as format=flowed has them (RFC 3676): a space at the end means it goes on."""
    lines = [line if line == "-- " else " \n".join(wrap(line, 70)) for line in text.split("\n")]
    return "\n".join(lines)


def _file(name: str) -> Path:
    return assets.path(f"resources/demo/files/{name}")


def _type(name: str) -> tuple[str, str]:
    suffix = Path(name).suffix
    kind = _TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    main, _, subtype = kind.partition("/")
    return main, subtype
