"""The text parts of a letter as they are sent: wrapped, encoded, with their fields.

Plain text is flowed (RFC 3676). ASCII in short lines goes as it is; the rest as quoted-printable or
base64 (RFC 2045, 6.7 and 6.8), whichever is shorter, so that no line is too long for any server
and no character is lost.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Container, Mapping

from martlet.mime.flowed import NOTHING, fixed, flow, has_patch

_LINE = 76
# Seven bits that no server or gateway touches: no controls, no "From " that one would mark.
_PLAIN = re.compile(rf"(?:(?!From )[\t -~]{{0,{_LINE}}}(?<![ \t])\n)*\Z")
_FLOWED = re.compile(rf"(?:(?!From )[\t -~]{{0,{_LINE}}}(?<!\t)\n)*\Z")
_LONE = re.compile("[\ud800-\udfff]")


def plain_part(
    text: str, unbroken: Container[int] = NOTHING, depths: Mapping[int, int] | None = None
) -> list[bytes]:
    """A text/plain. unbroken: numbers of lines that are not wrapped. depths: see `flow`."""
    text = _cleaned(text)
    if has_patch(text):
        return _part("plain", fixed(text), "", _PLAIN)
    return _part("plain", flow(text, unbroken=unbroken, depths=depths), "; format=flowed", _FLOWED)


def html_part(markup: str) -> list[bytes]:
    """A text/html; markup of a body is put into a page."""
    markup = _cleaned(markup)
    if not re.search(r"<html[\s>]", markup[:2000], re.IGNORECASE):
        markup = (
            '<!DOCTYPE html>\n<html><head><meta charset="utf-8"></head><body>\n'
            f"{markup}\n</body></html>"
        )
    return _part("html", markup, "", _PLAIN)


def _cleaned(text: str) -> str:
    """With line ends of one kind; without NUL and halves of characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _LONE.sub("\ufffd", text.replace("\x00", ""))


def _part(kind: str, text: str, parameters: str, bare: re.Pattern[str]) -> list[bytes]:
    if text and not text.endswith("\n"):
        text += "\n"
    raw = text.replace("\n", "\r\n").encode("utf-8")
    if bare.match(text):
        charset, encoding, data = "us-ascii", "7bit", raw
    else:
        charset = "utf-8"
        quoted = _quoted_printable(text)
        packed = base64.b64encode(raw)
        # With its line ends base64 is 39 in 38 longer
        if len(quoted) <= len(packed) * 39 // 38:
            encoding, data = "quoted-printable", quoted
        else:
            lines = (packed[at : at + _LINE] for at in range(0, len(packed), _LINE))
            encoding, data = "base64", b"".join(line + b"\r\n" for line in lines)
    head = (
        f"Content-Type: text/{kind}; charset={charset}{parameters}\r\n"
        f"Content-Transfer-Encoding: {encoding}\r\n\r\n"
    )
    return [head.encode("ascii"), data]


def _quoted_printable(text: str) -> bytes:
    encoded = binascii.b2a_qp(text.encode("utf-8"), quotetabs=False, istext=True)
    encoded = encoded.replace(b"\r\n", b"\n")
    # Mailboxes mark such lines, and nobody takes the mark away
    encoded = re.sub(rb"(?m)^From (?=.)", b"=46rom =\n", encoded)
    return encoded.replace(b"\n", b"\r\n")
