"""Makes a message file fit to be submitted: CRLF line ends, and the headers it must have."""

from __future__ import annotations

import re
from email.utils import formatdate

from martlet.mail.message import Address
from martlet.mime.headers import parse_headers
from martlet.mime.writing.compose import new_message_id
from martlet.mime.writing.fields import encode_address

_LINE_END = re.compile(rb"\r\n|\r|\n")


def complete(raw: bytes, sender: Address, date: float) -> bytes:
    """The message with CRLF line ends and, where missing, From, Date and Message-ID (RFC 6409, 8).

    Nothing that is there is changed. date: Unix seconds. A sender that only SMTPUTF8 can carry
    stands in From as it is (RFC 6532).
    """
    crlf = _LINE_END.sub(b"\r\n", raw)
    headers = parse_headers(crlf)
    missing: list[bytes] = []
    if not headers.get_all("From"):
        missing.append(b"From: " + encode_address(sender).encode("utf-8"))
    if not headers.get_all("Date"):
        missing.append(b"Date: " + formatdate(date).encode("ascii"))
    if not headers.get_all("Message-ID"):
        missing.append(b"Message-ID: " + new_message_id(sender.address).encode("ascii"))
    return b"".join(line + b"\r\n" for line in missing) + crlf
