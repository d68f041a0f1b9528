"""Folder names on the IMAP wire: modified UTF-7 (RFC 3501, 5.1.3) and safe quoting.

Decoding is tolerant: a name that is no modified UTF-7 is taken as UTF-8 and, where that fails,
as Latin-1, so that every folder has a name. `encode` of what `decode` made may then differ
from what the server said; `Names` remembers the server's own spelling for that case.
With UTF8=ACCEPT (RFC 6855) or IMAP4rev2 (RFC 9051, 5.1) enabled names are UTF-8 as they stand.
"""

from __future__ import annotations

import binascii
from collections.abc import Callable, Mapping

from martlet.mail import utf7
from martlet.mail.errors import Refused


class Names:
    """The folders of one session, from our spelling to the server's and back.

    utf8: whether names are UTF-8 by now; asked before a name is written that depends on it.
    """

    def __init__(self, utf8: Callable[[], bool]) -> None:
        self._utf8 = utf8
        self._spelled: dict[str, bytes] = {}

    def raw(self, name: str) -> bytes:
        """The server's spelling of a name. Refused when no folder can be named so."""
        if known := self._spelled.get(name):
            return known
        if (name.isascii() and "&" not in name) or not self._utf8():
            return encode(name)
        return _checked(name).encode("utf-8")

    def quoted(self, name: str) -> bytes:
        """The same as a string in a command."""
        return quoted(self.raw(name))

    def read(self, raw: bytes) -> str:
        """The name a server means; never fails."""
        if b"&" in raw and self._utf8():
            return raw.decode("utf-8", "replace")
        return decode(raw)

    def learn(self, spelled: Mapping[str, bytes]) -> None:
        """Takes the server's own spellings in place of those known."""
        self._spelled = dict(spelled)

    def forget(self, name: str) -> None:
        """The folder is gone or has another name."""
        self._spelled.pop(name, None)


def encode(name: str) -> bytes:
    """The name in modified UTF-7. Refused when it holds what no folder name may."""
    _checked(name)
    return utf7.encoded(name).encode("ascii")


def decode(raw: bytes) -> str:
    """The name a server means; never fails."""
    try:
        text = raw.decode("ascii")
    except UnicodeDecodeError:
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            return raw.decode("latin-1")
    if "&" not in text:
        return text
    try:
        return utf7.decoded(text)
    except (binascii.Error, UnicodeDecodeError):
        return text


def quoted(raw: bytes) -> bytes:
    """A quoted string (RFC 9051, 4.3). Refused when it cannot be one."""
    if any(c in raw for c in b"\r\n\0"):
        raise Refused("This text cannot be sent to the server: it holds a line break.")
    return b'"' + raw.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'


def _checked(name: str) -> str:
    if not name or any(ord(c) < 32 or 127 <= ord(c) < 160 for c in name):
        raise Refused("This folder name holds characters that a folder name cannot have.")
    if any(0xD800 <= ord(c) < 0xE000 for c in name):
        raise Refused("This folder name is not valid text.")
    return name
